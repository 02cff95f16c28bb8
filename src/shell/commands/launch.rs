//! What programs that run other programs share: look-up in PATH, start, and the messages when that fails.

use super::{Context, Exit};
use crate::shell::exec::{self, Missing};
use crate::shell::{Boxed, Process};
use crate::vfs::Errno;

impl Context<'_> {
    /// Runs a program as a child of this one: a copy of the process, looked up in its PATH.
    pub fn launch<'a>(&'a mut self, mut process: Process, argv: Vec<String>) -> Boxed<'a, Result<Exit, Missing>> {
        Box::pin(async move {
            let Some(name) = argv.first().cloned() else { return Ok(0) };
            if self.system.budget.nesting == 0 {
                self.system.halt(crate::shell::Stop::Nesting);
                return Ok(0);
            }
            self.system.pids += 1;
            process.pid = self.system.pids;
            let path = process.env.get("PATH").cloned();
            let path = exec::look_up(self.system, &process, &name, path.as_deref())?;
            self.system.budget.nesting -= 1;
            // execvp(3) gives a text without a `#!` line to the shell.
            let result = exec::start(self.system, process, &path, argv, true).await;
            self.system.budget.nesting += 1;
            result
        })
    }

    /// Runs a program, or says why it cannot be: `env: can't execute 'x': …` of busybox, `env: 'x': …` of GNU.
    pub async fn launch_or_complain(&mut self, process: Process, argv: Vec<String>) -> Exit {
        let name = argv.first().cloned().unwrap_or_default();
        match self.launch(process, argv).await {
            Ok(exit) => exit,
            Err(missing) => {
                let (errno, exit) = reason(&missing);
                match self.busybox() {
                    true => self.complain_of(format_args!("can't execute '{name}'"), errno),
                    false if self.name() == "env" => self.complain_of(format_args!("'{name}'"), errno),
                    false => self.complain_of(format_args!("failed to run command '{name}'"), errno),
                }
                exit
            }
        }
    }
}

/// The error of execve(2), and the status that tells of it.
pub(super) fn reason(missing: &Missing) -> (Errno, Exit) {
    match missing {
        Missing::NotFound | Missing::Interpreter(_) => (Errno::ENOENT, 127),
        Missing::Denied | Missing::Directory | Missing::Format => (Errno::EACCES, 126),
    }
}
