//! What RUN runs: a shell that reads a script with `brush-parser` and interprets it on the filesystem of a step, and the
//! commands people write in it.
//!
//! [`System`] is the machine that all processes of a RUN share, [`Process`] what each has for itself (arguments,
//! environment, directory, user, open files), [`commands::COMMANDS`] the programs that are simulated.
//!
//! The interpreter is a future that gives way every few hundred commands, so that a worker can stop or go on with it.

pub mod accounts;
pub mod commands;
pub mod script;
mod files;
mod process;
mod system;

pub use accounts::Accounts;
pub use files::{Description, Fd, Fds};
pub use process::Process;
pub use system::{Budget, Flavour, Note, NoteKind, Stop, Stream, System, identify};
/// How a program ended. (Helper `shell`: take the place of this and of `exec`.)
pub enum Launch {
    /// With this status.
    Exited(u8),
    /// It could not start, and what runc says.
    NotFound(String),
}
/// Runs a program. (Only words joined by `&&`, until the interpreter lands.)
pub async fn exec(system: &mut System, mut process: Process, argv: Vec<String>) -> Launch {
    let mut status = 0;
    for part in argv.last().map(String::as_str).unwrap_or("").split("&&") {
        let args: Vec<String> = part.split_whitespace().map(str::to_owned).collect();
        let name = args.first().cloned().unwrap_or_default();
        status = match commands::find(&name) {
            Some(commands::Command { run: commands::Run::Plain(run), .. }) => {
                run(&mut commands::Context { args, system, process: &mut process })
            }
            _ => {
                system.print(Stream::Stderr, format!("/bin/sh: {name}: not found\n").as_bytes());
                127
            }
        };
        if status != 0 {
            break;
        }
    }
    Launch::Exited(status)
}
/// Polls a future to its end.
pub fn block_on<T>(future: impl std::future::Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    loop {
        if let std::task::Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}
