//! The builtins of the shells: what changes the shell itself, and what shells have in themselves for speed.

mod control;
mod declare;
mod directory;
mod getopts;
mod info;
mod kill;
mod mapfile;
mod output;
mod read;
mod set;

pub(super) use info::RESERVED;

use super::interpreter::{Boxed, Fatal, Flow, Shell};
use super::script::Dialect;

/// What a builtin hands back: how it ends, its status being set.
pub type Ended = Result<Flow, Fatal>;

/// A builtin.
pub struct Builtin {
    /// Its name.
    pub name: &'static str,
    /// A special builtin of POSIX: its assignments stay, and its errors end the shell.
    pub special: bool,
    /// The shells that have it.
    pub shells: &'static [Dialect],
    /// What runs.
    pub run: for<'a, 's> fn(&'a mut Shell<'s>, Vec<String>) -> Boxed<'a, Ended>,
}

const ALL: &[Dialect] = &[Dialect::Ash, Dialect::Dash, Dialect::Bash];
const NOT_DASH: &[Dialect] = &[Dialect::Ash, Dialect::Bash];
const ASH: &[Dialect] = &[Dialect::Ash];
const BASH: &[Dialect] = &[Dialect::Bash];

/// Makes a row of a function that does not wait for anything.
macro_rules! at_once {
    ($name:literal, $special:expr, $shells:expr, $run:path) => {
        Builtin {
            name: $name,
            special: $special,
            shells: $shells,
            run: |shell, args| Box::pin(std::future::ready($run(shell, &args))),
        }
    };
}

/// Makes a row of a function that runs commands.
macro_rules! runs {
    ($name:literal, $special:expr, $shells:expr, $run:path) => {
        Builtin { name: $name, special: $special, shells: $shells, run: |shell, args| Box::pin($run(shell, args)) }
    };
}

/// The builtins, sorted by name.
pub const BUILTINS: &[Builtin] = &[
    runs!(".", true, ALL, control::dot),
    at_once!(":", true, ALL, control::colon),
    at_once!("[", false, ALL, output::test),
    at_once!("[[", false, ASH, output::brackets),
    at_once!("alias", false, ALL, info::alias),
    at_once!("bg", false, ALL, info::no_jobs),
    at_once!("break", true, ALL, control::leave_loop),
    runs!("builtin", false, BASH, control::builtin),
    at_once!("cd", false, ALL, directory::cd),
    runs!("command", false, ALL, control::command),
    at_once!("continue", true, ALL, control::leave_loop),
    at_once!("declare", false, BASH, declare::declare),
    at_once!("dirs", false, BASH, directory::dirs),
    at_once!("echo", false, ALL, output::echo),
    runs!("eval", true, ALL, control::eval),
    runs!("exec", true, ALL, control::exec),
    at_once!("exit", true, ALL, control::exit),
    at_once!("export", true, ALL, declare::export),
    at_once!("false", false, ALL, control::not_true),
    at_once!("fg", false, ALL, info::no_jobs),
    at_once!("getopts", false, ALL, getopts::getopts),
    at_once!("hash", false, ALL, info::hash),
    at_once!("jobs", false, ALL, control::colon),
    runs!("kill", false, ALL, kill::kill),
    at_once!("let", false, NOT_DASH, output::evaluate),
    at_once!("local", false, ALL, declare::local),
    at_once!("mapfile", false, BASH, mapfile::mapfile),
    at_once!("popd", false, BASH, directory::popd),
    at_once!("printf", false, ALL, output::printf),
    at_once!("pushd", false, BASH, directory::pushd),
    at_once!("pwd", false, ALL, directory::pwd),
    at_once!("read", false, ALL, read::read),
    at_once!("readarray", false, BASH, mapfile::mapfile),
    at_once!("readonly", true, ALL, declare::readonly),
    at_once!("return", true, ALL, control::leave_function),
    at_once!("set", true, ALL, set::set),
    at_once!("shift", true, ALL, set::shift),
    at_once!("shopt", false, BASH, set::shopt),
    runs!("source", false, NOT_DASH, control::dot),
    at_once!("test", false, ALL, output::test),
    at_once!("times", true, ALL, info::times),
    at_once!("trap", true, ALL, set::trap),
    at_once!("true", false, ALL, control::colon),
    at_once!("type", false, ALL, info::kind),
    at_once!("typeset", false, BASH, declare::declare),
    at_once!("ulimit", false, ALL, info::ulimit),
    at_once!("umask", false, ALL, directory::umask),
    at_once!("unalias", false, ALL, info::unalias),
    at_once!("unset", true, ALL, declare::unset),
    at_once!("wait", false, ALL, info::wait),
];

/// The builtin of a name, if this shell has it.
pub fn find(name: &str, dialect: Dialect) -> Option<&'static Builtin> {
    let index = BUILTINS.binary_search_by(|builtin| builtin.name.cmp(name)).ok()?;
    let builtin = &BUILTINS[index];
    builtin.shells.contains(&dialect).then_some(builtin)
}

impl Shell<'_> {
    /// Ends a builtin with a status.
    fn end(&mut self, status: u8) -> Ended {
        self.state.status = status;
        Ok(Flow::Next)
    }

    /// Ends a builtin with an error message. A special builtin's error ends the shell, but for bash.
    fn refuse(&mut self, name: &str, text: &str, status: u8) -> Ended {
        self.complain(Some(name), text);
        self.state.status = status;
        let special = find(name, self.dialect).is_some_and(|builtin| builtin.special);
        if special && self.dialect != Dialect::Bash { Err(Fatal) } else { Ok(Flow::Next) }
    }

    /// Ends a builtin that has an option or a use that is not simulated.
    fn unmodelled(&mut self, name: &str, what: &str) -> Ended {
        self.system.note(super::NoteKind::NotSimulated, format!("{name}: {what}"));
        self.end(0)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_sorted() {
        assert!(super::BUILTINS.windows(2).all(|pair| pair[0].name < pair[1].name));
    }
}
