//! What RUN runs: a shell that reads a script with `brush-parser` and interprets it on the filesystem of a step, and the
//! commands people write in it.
//!
//! [`System`] is the machine that all processes of a RUN share, [`Process`] what each has for itself (arguments,
//! environment, directory, user, open files), [`commands::COMMANDS`] the programs that are simulated.
//!
//! The interpreter is a future that gives way every few hundred commands, so that a worker can stop or go on with it.

pub mod accounts;
mod builtins;
pub mod commands;
mod exec;
mod files;
mod interpreter;
mod pattern;
mod process;
mod script;
mod system;

pub use accounts::Accounts;
pub(in crate::shell) use exec::look_up;
pub use files::{Description, Fd, Fds};
pub(crate) use interpreter::Boxed;
pub use interpreter::block_on;
pub use process::Process;
pub use system::{Budget, Flavour, HOSTNAME, Note, NoteKind, Stop, Stream, System, identify};

/// How the program of a RUN ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Launch {
    /// With this status.
    Exited(u8),
    /// It could not start, and what runc says.
    NotFound(String),
}

/// Runs a program as the first process of a container does: looked up in PATH, links followed, `#!` lines honoured. When a
/// budget is outrun, [`System::stop`] is set and the status means nothing.
pub async fn exec(system: &mut System, process: Process, argv: Vec<String>) -> Launch {
    let Some(name) = argv.first().cloned() else { return Launch::Exited(0) };
    let path = process.env.get("PATH").cloned();
    let result = match exec::look_up(system, &process, &name, path.as_deref()) {
        Ok(path) => exec::start(system, process, &path, argv, false).await,
        Err(missing) => Err(missing),
    };
    match result {
        Ok(status) => Launch::Exited(status),
        Err(missing) => Launch::NotFound(exec::runc_message(&name, &missing)),
    }
}
