//! `test` and `[`: conditions. The shells' builtins are this too, with their own messages.

use super::{Command, Context, Exit, Options, Run};
use crate::shell::{Process, System};
use crate::vfs::{Access, FileKind, Libc, Stat};

pub(super) const COMMAND: Command = Command { name: "test", run: Run::Plain(run), options: &Options::short("") };

pub(super) const BRACKET: Command = Command { name: "[", run: Run::Plain(run), options: &Options::short("") };

pub use super::echo::Dialect;

/// Why a condition has no answer; the status is 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// `[` without `]`.
    NoBracket,
    /// Not a number.
    Number(String),
    /// Words that are no condition: the first that does not fit, and whether it stands where a binary operator belongs.
    Operator(String, Place),
    /// An operator without an operand.
    Argument(String),
}

/// Where a word does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Where a unary operator belongs.
    Unary,
    /// Where a binary operator belongs.
    Binary,
    /// After a whole condition.
    After,
}

/// Evaluates a condition for `test` (its name left out), or for `[` with its `]`, and words what goes wrong; the name of the
/// program or shell is not in front. Returns the status and the complaint.
pub fn test(
    system: &System,
    process: &Process,
    name: &str,
    args: &[String],
    dialect: Dialect,
) -> (Exit, Option<String>) {
    let verdict = match (name, args.split_last()) {
        ("[", Some((last, rest))) if last == "]" => evaluate(system, process, rest, dialect),
        ("[", _) => Err(Trouble::NoBracket),
        _ => evaluate(system, process, args, dialect),
    };
    match verdict {
        Ok(holds) => (u8::from(!holds), None),
        Err(trouble) => (2, Some(word(&trouble, name, dialect, system.libc))),
    }
}

fn word(trouble: &Trouble, name: &str, dialect: Dialect, libc: Libc) -> String {
    let text = match (trouble, dialect) {
        (Trouble::NoBracket, Dialect::Busybox | Dialect::Dash) => "missing ]".to_owned(),
        (Trouble::NoBracket, Dialect::Bash) => "missing `]'".to_owned(),
        (Trouble::NoBracket, Dialect::Gnu) => "missing ']'".to_owned(),
        (Trouble::Number(number), Dialect::Busybox) => {
            let text = if libc == Libc::Musl { "out of range" } else { "bad number" };
            if number.is_empty() { text.to_owned() } else { format!("{number}: {text}") }
        }
        (Trouble::Number(number), Dialect::Dash) => format!("Illegal number: {number}"),
        (Trouble::Number(number), Dialect::Bash) => format!("{number}: integer expression expected"),
        (Trouble::Number(number), Dialect::Gnu) => format!("invalid integer '{number}'"),
        (Trouble::Operator(word, _), Dialect::Busybox) => format!("{word}: unknown operand"),
        (Trouble::Operator(word, _), Dialect::Dash) => format!("{word}: unexpected operator"),
        (Trouble::Operator(word, Place::Unary), Dialect::Bash) => format!("{word}: unary operator expected"),
        (Trouble::Operator(word, Place::Binary), Dialect::Bash) => format!("{word}: binary operator expected"),
        (Trouble::Operator(..), Dialect::Bash) => "too many arguments".to_owned(),
        (Trouble::Operator(word, Place::Unary), Dialect::Gnu) => format!("'{word}': unary operator expected"),
        (Trouble::Operator(word, Place::Binary), Dialect::Gnu) => format!("'{word}': binary operator expected"),
        (Trouble::Operator(word, _), Dialect::Gnu) => format!("extra argument '{word}'"),
        (Trouble::Argument(_), Dialect::Bash) => "argument expected".to_owned(),
        (Trouble::Argument(word), Dialect::Gnu) => format!("missing argument after '{word}'"),
        (Trouble::Argument(word), _) if word.is_empty() => "argument expected".to_owned(),
        (Trouble::Argument(word), _) => format!("{word}: argument expected"),
    };
    match dialect {
        Dialect::Dash | Dialect::Bash => format!("{name}: {text}"),
        _ => text,
    }
}

/// Does the condition hold?
///
/// # Errors
/// If it is none.
pub fn evaluate(system: &System, process: &Process, args: &[String], dialect: Dialect) -> Result<bool, Trouble> {
    let mut test = Tester { system, process, args, at: 0, dialect };
    match args {
        [] => return Ok(false),
        [word] => return Ok(!word.is_empty()),
        [not, word] if not == "!" => return Ok(word.is_empty()),
        [operator, operand] if is_unary(operator) => return test.unary(operator, operand),
        // Two words are an operator and its operand to bash, whatever they look like.
        [word, second] if dialect == Dialect::Bash && word != "!" && is_binary(second) => {
            return Err(Trouble::Operator(word.clone(), Place::Unary));
        }
        [not, rest @ ..] if not == "!" && matches!(rest.len(), 2 | 3) => {
            return evaluate(system, process, rest, dialect).map(|holds| !holds);
        }
        [left, operator, right] if is_binary(operator) => return test.binary(left, operator, right),
        [open, word, close] if open == "(" && close == ")" => return Ok(!word.is_empty()),
        _ => {}
    }
    let holds = test.or()?;
    match args.get(test.at) {
        None => Ok(holds),
        Some(word) => Err(test.misfit(word)),
    }
}

fn is_binary(word: &str) -> bool {
    matches!(
        word,
        "=" | "==" | "!=" | "<" | ">" | "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge" | "-nt" | "-ot" | "-ef"
    )
}

fn is_unary(word: &str) -> bool {
    matches!(word.as_bytes(), [b'-', letter] if b"bcdefghkLnOGprsStuwxzN".contains(letter))
}

struct Tester<'a> {
    system: &'a System,
    process: &'a Process,
    args: &'a [String],
    at: usize,
    dialect: Dialect,
}

impl Tester<'_> {
    fn peek(&self, ahead: usize) -> Option<&str> {
        self.args.get(self.at + ahead).map(String::as_str)
    }

    /// A word that no condition takes, as each program names it.
    fn misfit(&self, word: &str) -> Trouble {
        let first = self.args.first().map_or("", String::as_str);
        let (word, place) = match (self.dialect, self.args.len()) {
            (Dialect::Busybox, _) => (word, Place::After),
            (Dialect::Dash, _) => (first, Place::After),
            (_, 2) if self.dialect == Dialect::Gnu && !first.starts_with('-') => {
                return Trouble::Argument(word.to_owned());
            }
            (_, 2) => (first, Place::Unary),
            (_, 3) => (self.args[1].as_str(), Place::Binary),
            _ => (word, Place::After),
        };
        Trouble::Operator(word.to_owned(), place)
    }

    fn or(&mut self) -> Result<bool, Trouble> {
        let mut holds = self.and()?;
        while self.peek(0) == Some("-o") {
            self.at += 1;
            let right = self.and()?;
            holds |= right;
        }
        Ok(holds)
    }

    fn and(&mut self) -> Result<bool, Trouble> {
        let mut holds = self.not()?;
        while self.peek(0) == Some("-a") {
            self.at += 1;
            let right = self.not()?;
            holds &= right;
        }
        Ok(holds)
    }

    fn not(&mut self) -> Result<bool, Trouble> {
        let mut negated = false;
        while self.peek(0) == Some("!") && self.peek(1).is_some() && !self.peek(1).is_some_and(is_binary) {
            self.at += 1;
            negated = !negated;
        }
        Ok(self.primary()? != negated)
    }

    fn primary(&mut self) -> Result<bool, Trouble> {
        let Some(word) = self.peek(0).map(str::to_owned) else {
            // dash takes a condition that is not there for a false one.
            if self.dialect == Dialect::Dash && self.at > 0 {
                return Ok(false);
            }
            let last = self.args.last().cloned().unwrap_or_default();
            return Err(Trouble::Argument(if self.dialect == Dialect::Gnu { last } else { String::new() }));
        };
        self.at += 1;
        if let Some(operator) = self.peek(0).map(str::to_owned)
            && is_binary(&operator)
        {
            let Some(right) = self.peek(1).map(str::to_owned) else {
                return Err(Trouble::Argument(operator));
            };
            self.at += 2;
            return self.binary(&word, &operator, &right);
        }
        if word == "(" && self.peek(0).is_some() {
            let holds = self.or()?;
            if self.peek(0) != Some(")") {
                return Err(Trouble::Argument(String::new()));
            }
            self.at += 1;
            return Ok(holds);
        }
        if is_unary(&word)
            && let Some(operand) = self.peek(0).map(str::to_owned)
        {
            self.at += 1;
            return self.unary(&word, &operand);
        }
        Ok(!word.is_empty())
    }

    fn stat(&self, operand: &str, follow: bool) -> Option<Stat> {
        let (fs, cred, path) = (&self.system.fs, &self.process.cred, self.process.path(operand));
        if follow { fs.stat(cred, &path) } else { fs.lstat(cred, &path) }.ok()
    }

    fn unary(&self, operator: &str, operand: &str) -> Result<bool, Trouble> {
        let is = |kind: FileKind| self.stat(operand, true).is_some_and(|stat| stat.kind == kind);
        let may = |access| self.system.fs.access(&self.process.cred, &self.process.path(operand), access).is_ok();
        let mode = |bit: u16| self.stat(operand, true).is_some_and(|stat| stat.meta.mode & bit != 0);
        Ok(match operator {
            "-n" => !operand.is_empty(),
            "-z" => operand.is_empty(),
            "-e" => self.stat(operand, true).is_some(),
            "-f" => is(FileKind::File),
            "-d" => is(FileKind::Dir),
            "-p" => is(FileKind::Fifo),
            "-c" => is(FileKind::CharDevice),
            "-b" => is(FileKind::BlockDevice),
            // No socket can be made.
            "-S" => false,
            "-L" | "-h" => self.stat(operand, false).is_some_and(|stat| stat.is_symlink()),
            "-s" => self.stat(operand, true).is_some_and(|stat| stat.size > 0),
            "-r" => may(Access::Read),
            "-w" => may(Access::Write),
            "-x" => may(Access::Execute),
            "-u" => mode(0o4000),
            "-g" => mode(0o2000),
            "-k" => mode(0o1000),
            "-O" => self.stat(operand, true).is_some_and(|stat| stat.meta.uid == self.process.cred.uid),
            "-G" => self.stat(operand, true).is_some_and(|stat| stat.meta.gid == self.process.cred.gid),
            // Access times are not kept: a file counts as read.
            "-N" => false,
            // RUN has no terminal.
            "-t" => {
                self.number(operand)?;
                false
            }
            _ => return Err(Trouble::Operator(operator.to_owned(), Place::Unary)),
        })
    }

    fn binary(&self, left: &str, operator: &str, right: &str) -> Result<bool, Trouble> {
        let time = |operand: &str| self.stat(operand, true).map(|stat| stat.meta.mtime);
        Ok(match operator {
            "=" | "==" => left == right,
            "!=" => left != right,
            "<" => left < right,
            ">" => left > right,
            // bash and GNU count a missing file as older than any.
            "-nt" | "-ot" => {
                let (newer, older) =
                    if operator == "-nt" { (time(left), time(right)) } else { (time(right), time(left)) };
                let missing_is_old = matches!(self.dialect, Dialect::Bash | Dialect::Gnu);
                newer.is_some() && newer > older && (missing_is_old || older.is_some())
            }
            "-ef" => match (self.stat(left, true), self.stat(right, true)) {
                (Some(left), Some(right)) => left.ino == right.ino,
                _ => false,
            },
            _ => {
                let (left, right) = (self.number(left)?, self.number(right)?);
                match operator {
                    "-eq" => left == right,
                    "-ne" => left != right,
                    "-lt" => left < right,
                    "-le" => left <= right,
                    "-gt" => left > right,
                    _ => left >= right,
                }
            }
        })
    }

    fn number(&self, text: &str) -> Result<i64, Trouble> {
        let digits = text.trim();
        digits.strip_prefix('+').unwrap_or(digits).parse().map_err(|_| Trouble::Number(text.to_owned()))
    }
}

fn run(cx: &mut Context<'_>) -> Exit {
    let dialect = if cx.busybox() { Dialect::Busybox } else { Dialect::Gnu };
    let name = cx.name().to_owned();
    let (exit, complaint) = test(cx.system, cx.process, &name, &cx.args[1..], dialect);
    if let Some(complaint) = complaint {
        cx.complain(complaint);
    }
    exit
}
