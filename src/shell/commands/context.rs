//! What a command sees of the world.

use super::Exit;
use crate::shell::files;
use crate::shell::{Flavour, NoteKind, Process, System};
use crate::vfs::{Content, Errno, Unreadable};

/// A command's view: its arguments, the process it is, the machine it runs on.
pub struct Context<'a> {
    /// The arguments, the name under which it was called first.
    pub args: Vec<String>,
    /// The machine.
    pub system: &'a mut System,
    /// The process.
    pub process: &'a mut Process,
}

impl Context<'_> {
    /// The name under which it was called, without directories.
    pub fn name(&self) -> &str {
        self.args.first().map_or("", |name| name.rsplit('/').next().unwrap_or(name))
    }

    /// Is it busybox's version of the program?
    pub fn busybox(&self) -> bool {
        self.system.flavour == Flavour::Busybox
    }

    /// Prints text to standard output.
    pub fn out(&mut self, text: impl AsRef<[u8]>) {
        self.write(1, &Content::from(text.as_ref()));
    }

    /// Prints content (which may be generated, and huge) to standard output.
    pub fn out_content(&mut self, content: &Content) {
        self.write(1, content);
    }

    /// Prints text to standard error as it is; see [`Context::complain`] for messages.
    pub fn err(&mut self, text: impl AsRef<[u8]>) {
        self.write(2, &Content::from(text.as_ref()));
    }

    /// Prints `name: message` and a line feed to standard error.
    pub fn complain(&mut self, message: impl std::fmt::Display) {
        let line = format!("{}: {message}\n", self.name());
        self.err(line);
    }

    /// Prints `name: what: the error's text` to standard error.
    pub fn complain_of(&mut self, what: impl std::fmt::Display, errno: Errno) {
        let text = self.system.message(errno);
        self.complain(format_args!("{what}: {text}"));
    }

    /// Writes to a descriptor; a closed one swallows it, an error is told on standard error.
    pub fn write(&mut self, number: u32, content: &Content) {
        let Some(fd) = self.process.fds.get(&number).cloned() else { return };
        if let Err(errno) = files::write(&fd, self.system, content)
            && number != 2
        {
            self.complain_of("write error", errno);
        }
    }

    /// All that is left of standard input; nothing if it cannot be read.
    pub fn stdin(&mut self) -> Content {
        self.descriptor(0).unwrap_or_default()
    }

    /// All that is left to read of a descriptor; one that is closed is empty.
    ///
    /// # Errors
    /// EISDIR for a directory.
    pub fn descriptor(&mut self, number: u32) -> Result<Content, Errno> {
        match self.process.fds.get(&number).cloned() {
            Some(fd) => files::read(&fd, self.system, u64::MAX).map(|content| content.loaded()),
            None => Ok(Content::empty()),
        }
    }

    /// The content of an operand: a file, standard input for `-`, or an open descriptor for `/dev/fd/63`.
    ///
    /// # Errors
    /// Those of opening and reading it.
    pub fn input(&mut self, operand: &str) -> Result<Content, Errno> {
        if operand == "-" {
            return self.descriptor(0);
        }
        let number = operand.strip_prefix("/dev/fd/").or_else(|| operand.strip_prefix("/proc/self/fd/"));
        if let Some(number) = number.and_then(|number| number.parse().ok()).filter(|n| self.process.fds.contains_key(n))
        {
            return self.descriptor(number);
        }
        let path = self.process.path(operand);
        self.system.fs.read(&self.process.cred, &path).map(|content| content.loaded())
    }

    /// The bytes of content, or none after noting that the command cannot be simulated, for they are only listed or too many.
    pub fn bytes(&mut self, content: &Content, what: &str) -> Option<std::sync::Arc<Vec<u8>>> {
        match content.to_bytes() {
            Ok(bytes) => Some(bytes),
            Err(why) => {
                self.not_simulated(match why {
                    Unreadable::NotHeld => format!("the content of {what} is not in the listing of the base image"),
                    Unreadable::Lost => format!("the archive that holds {what} can no longer be read"),
                    Unreadable::TooLarge => format!("{what} has {} bytes, more than are held at once", content.len()),
                });
                None
            }
        }
    }

    /// Notes that this command, or this option of it, is not simulated; hands back the status 0 that it ends with.
    pub fn not_simulated(&mut self, what: impl std::fmt::Display) -> Exit {
        let message = format!("{}: {what}", self.name());
        self.system.note(NoteKind::NotSimulated, message);
        0
    }

    /// Notes that the effect is a model.
    pub fn modelled(&mut self, what: impl std::fmt::Display) {
        let message = format!("{}: {what}", self.name());
        self.system.note(NoteKind::Modelled, message);
    }
}
