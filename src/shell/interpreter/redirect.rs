//! Redirections.

use super::{Boxed, Fatal, Shell};
use crate::shell::files::Description;
use crate::shell::script::{Dialect, Redirect, RedirectKind, Substitution};
use crate::shell::{Fds, NoteKind};
use crate::vfs::{Content, Errno, FileKind, OpenOptions};

/// Why a redirection failed: an expansion ends the shell, anything else only the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failed {
    /// The command is not run; the message is out.
    Command,
    /// The shell ends.
    Shell,
}

/// The descriptors of process substitutions go down from here, as bash's do.
pub(super) const HIGHEST_SUBSTITUTION: u32 = 63;
const LOWEST_SUBSTITUTION: u32 = 20;

impl From<Fatal> for Failed {
    fn from(_: Fatal) -> Self {
        Failed::Shell
    }
}

impl Shell<'_> {
    /// Performs redirections on the shell's own descriptors; hands back what they were.
    pub(super) async fn redirect(&mut self, redirects: &[Redirect]) -> Result<Fds, Failed> {
        let saved = self.state.process.fds.clone();
        for redirect in redirects {
            if let Err(failed) = self.redirect_one(redirect).await {
                self.state.process.fds = saved;
                return Err(failed);
            }
        }
        Ok(saved)
    }

    async fn redirect_one(&mut self, redirect: &Redirect) -> Result<(), Failed> {
        match &redirect.kind {
            RedirectKind::Read(word) => {
                let path = self.text(word).await?;
                self.open(redirect.fd.unwrap_or(0), &path, OpenOptions::reading(), false)
            }
            RedirectKind::ReadWrite(word) => {
                let path = self.text(word).await?;
                let options = OpenOptions { read: true, write: true, create: true, ..OpenOptions::default() };
                self.open(redirect.fd.unwrap_or(0), &path, options, false)
            }
            RedirectKind::Write(word, clobber) => {
                let path = self.text(word).await?;
                if self.state.options.noclobber && !clobber && self.is_file(&path) {
                    let text = match self.dialect {
                        Dialect::Ash => format!("can't create {path}: File exists"),
                        Dialect::Dash => format!("cannot create {path}: File exists"),
                        Dialect::Bash => format!("{path}: cannot overwrite existing file"),
                    };
                    self.complain(None, &text);
                    return Err(self.failed());
                }
                self.open(redirect.fd.unwrap_or(1), &path, OpenOptions::replacing(), false)
            }
            RedirectKind::Append(word) => {
                let path = self.text(word).await?;
                self.open(redirect.fd.unwrap_or(1), &path, OpenOptions::appending(), true)
            }
            RedirectKind::Both(word, append) => {
                let path = self.text(word).await?;
                let options = if *append { OpenOptions::appending() } else { OpenOptions::replacing() };
                self.both(&path, options, *append)
            }
            RedirectKind::Duplicate(word, input) => {
                let target = self.text(word).await?;
                self.duplicate(redirect.fd, &target, *input)
            }
            RedirectKind::Here(word, line_feed) => {
                let mut text = self.text(word).await?;
                if *line_feed {
                    text.push('\n');
                }
                let fd = Description::holding(Content::from(text)).fd();
                self.state.process.fds.insert(redirect.fd.unwrap_or(0), fd);
                Ok(())
            }
        }
    }

    fn both(&mut self, path: &str, options: OpenOptions, append: bool) -> Result<(), Failed> {
        self.open(1, path, options, append)?;
        if let Some(fd) = self.state.process.fds.get(&1).cloned() {
            self.state.process.fds.insert(2, fd);
        }
        Ok(())
    }

    fn failed(&mut self) -> Failed {
        self.state.status = if self.dialect == Dialect::Dash { 2 } else { 1 };
        Failed::Command
    }

    fn is_file(&self, path: &str) -> bool {
        let process = &self.state.process;
        self.system.fs.stat(&process.cred, &process.path(path)).is_ok_and(|stat| stat.kind == FileKind::File)
    }

    fn duplicate(&mut self, fd: Option<u32>, target: &str, input: bool) -> Result<(), Failed> {
        let number = fd.unwrap_or(u32::from(!input));
        if target == "-" {
            self.state.process.fds.remove(&number);
            return Ok(());
        }
        let digits = target.strip_suffix('-').filter(|_| self.dialect == Dialect::Bash).unwrap_or(target);
        let Ok(source) = digits.parse::<u32>() else {
            // `>& file` of bash, and of busybox.
            if !input && fd.is_none() && self.dialect == Dialect::Bash {
                return self.both(target, OpenOptions::replacing(), false);
            }
            let text = match self.dialect {
                Dialect::Ash => "syntax error: bad fd number".to_owned(),
                Dialect::Dash => "Syntax error: Bad fd number".to_owned(),
                Dialect::Bash => format!("{target}: ambiguous redirect"),
            };
            self.complain(None, &text);
            return Err(self.failed());
        };
        let Some(found) = self.state.process.fds.get(&source).cloned() else {
            let text = match self.dialect {
                Dialect::Ash => format!("dup2({source},{number}): Bad file descriptor"),
                _ => format!("{source}: Bad file descriptor"),
            };
            self.complain(None, &text);
            return Err(self.failed());
        };
        if digits.len() < target.len() {
            self.state.process.fds.remove(&source);
        }
        self.state.process.fds.insert(number, found);
        Ok(())
    }

    /// Opens the files that later commands of a pipeline write to, as far as their names are literal: all its commands
    /// start at once, and a shell has opened them long before the program on the left does anything
    /// (`tests/cases/docker/parse-crlf`). They are opened again when the command runs, and complained of then.
    pub(super) fn open_ahead(&mut self, redirects: &[Redirect]) {
        for redirect in redirects {
            let (word, options) = match &redirect.kind {
                RedirectKind::Write(word, clobber) if *clobber || !self.state.options.noclobber => {
                    (word, OpenOptions::replacing())
                }
                RedirectKind::Append(word) => (word, OpenOptions::appending()),
                RedirectKind::Duplicate(..) => continue,
                _ => return,
            };
            let Some(path) = word.literal().map(str::to_owned) else { return };
            if self.open_path(&path, options, false).is_err() {
                return;
            }
        }
    }

    /// `<(…)`: the commands run to their end at once; what they printed is read from a descriptor of its own, which
    /// [`Shell::drop_substitutions`] closes after the command.
    pub(super) fn process_substitution<'a>(&'a mut self, substitution: &'a Substitution) -> Boxed<'a, String> {
        Box::pin(async move {
            let output = Description::holding(Content::empty()).fd();
            if let Some(forked) = self.fork() {
                self.state.process.fds.insert(1, output.clone());
                self.list(&substitution.list).await;
                let status = forked.status();
                self.join(forked).await;
                self.state.status = status;
            }
            let number = self.next_substitution;
            self.next_substitution = number.saturating_sub(1).max(LOWEST_SUBSTITUTION);
            self.state.process.fds.insert(number, output);
            format!("/dev/fd/{number}")
        })
    }

    /// Closes the descriptors of process substitutions down from this number.
    pub(super) fn drop_substitutions(&mut self, from: u32) {
        for number in self.next_substitution + 1..=from {
            self.state.process.fds.remove(&number);
        }
        self.next_substitution = from;
    }

    fn open(&mut self, number: u32, path: &str, options: OpenOptions, append: bool) -> Result<(), Failed> {
        match self.open_path(path, options, append) {
            Ok(description) => {
                self.state.process.fds.insert(number, description);
                Ok(())
            }
            Err(errno) => {
                let text = self.cannot_open(path, errno, options.create && options.write && !options.read);
                self.complain(None, &text);
                Err(self.failed())
            }
        }
    }

    fn open_path(&mut self, path: &str, options: OpenOptions, append: bool) -> Result<crate::shell::Fd, Errno> {
        if path.is_empty() {
            return Err(Errno::ENOENT);
        }
        let process = &self.state.process;
        let absolute = process.path(path);
        // The descriptors that a path stands for; /dev/fd and /proc/self/fd are links that lead into the process.
        let own = match absolute.as_str() {
            "/dev/stdin" => Some(0),
            "/dev/stdout" => Some(1),
            "/dev/stderr" => Some(2),
            other => other
                .strip_prefix("/dev/fd/")
                .or_else(|| other.strip_prefix("/proc/self/fd/"))
                .and_then(|number| number.parse().ok()),
        };
        if let Some(own) = own {
            return process.fds.get(&own).cloned().ok_or(Errno::ENOENT);
        }
        if absolute == "/dev/tty" {
            // There is no terminal: ENXIO, which nothing else makes.
            return Err(Errno::ENOENT);
        }
        if absolute.starts_with("/dev/tcp/") || absolute.starts_with("/dev/udp/") {
            self.system.note(NoteKind::NotSimulated, format!("sh: {absolute}"));
        }
        let process = &self.state.process;
        let mode = process.masked(0o666);
        let ino = self.system.fs.open(&process.cred, &absolute, options, mode)?;
        let readable = options.read;
        let writable = options.write;
        Ok(Description::File { ino, offset: 0, append, readable, writable }.fd())
    }
}
