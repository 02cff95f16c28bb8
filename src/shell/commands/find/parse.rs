//! The expression of `find`, from its arguments.

use super::super::calendar;
use super::super::mode::{self, Target};
use super::super::regex::{Pattern, Syntax};
use super::super::{Context, Exit};
use super::expression::{Amount, Expression, Permission, Settings};
use crate::shell::accounts::{Accounts, number};
use crate::vfs::{FileKind, Libc};

/// What busybox's version does not have.
const GNU_ONLY: &[&str] = &[
    "-true",
    "-false",
    "-nouser",
    "-nogroup",
    "-lname",
    "-ilname",
    "-xtype",
    "-uid",
    "-gid",
    "-regextype",
    "-iregex",
    "-newermt",
    "-newermm",
    "-anewer",
    "-cnewer",
    "-ls",
    "-printf",
    "-readable",
    "-writable",
    "-noleaf",
    "-daystart",
    "-execdir",
    "-okdir",
    "-warn",
    "-nowarn",
    "-fprint",
    "-fprint0",
    "-fprintf",
    "-fls",
    "-used",
    "-fstype",
];

/// What came with busybox 1.37 or later; Alpine's is 1.36.
const NEWER_BUSYBOX: &[&str] = &["-samefile", "-amin", "-cmin", "-ok"];

struct Parser<'p, 'c, 's> {
    cx: &'c mut Context<'s>,
    args: &'p [String],
    at: usize,
    settings: Settings,
    acts: bool,
    gathered: usize,
    extended: bool,
}

/// The paths, the expression, and how to walk.
///
/// # Errors
/// The status to end with, after telling why.
pub(super) fn parse(cx: &mut Context<'_>, args: &[String]) -> Result<(Vec<String>, Expression, Settings), Exit> {
    let mut settings = Settings {
        follow: false,
        follow_operands: false,
        depth_first: false,
        one_device: false,
        min_depth: 0,
        max_depth: usize::MAX,
    };
    let mut at = 0;
    while let Some(option) = args.get(at).filter(|arg| ["-H", "-L", "-P"].contains(&arg.as_str())) {
        settings.follow = option == "-L";
        settings.follow_operands = option == "-H";
        at += 1;
    }
    let start = at;
    while args.get(at).is_some_and(|arg| !starts_expression(arg)) {
        at += 1;
    }
    let mut paths = args[start..at].to_vec();
    if paths.is_empty() {
        paths.push(".".to_owned());
    }
    let mut parser = Parser { cx, args, at, settings, acts: false, gathered: 0, extended: false };
    let expression = if at == args.len() { Expression::Constant(true) } else { parser.comma()? };
    if let Some(extra) = args.get(parser.at) {
        return Err(if extra == ")" {
            parser.fail("unexpected ')'".to_owned(), "you have too many ')'".to_owned())
        } else {
            parser.fail(format!("unrecognized: {extra}"), format!("paths must precede expression: `{extra}'"))
        });
    }
    let expression =
        if parser.acts { expression } else { Expression::And(Box::new(expression), Box::new(Expression::Print)) };
    let settings = parser.settings;
    Ok((paths, expression, settings))
}

fn starts_expression(arg: &str) -> bool {
    (arg.starts_with('-') && arg.len() > 1) || ["(", ")", "!", ","].contains(&arg)
}

impl Parser<'_, '_, '_> {
    fn peek(&self) -> Option<&str> {
        self.args.get(self.at).map(String::as_str)
    }

    fn fail(&mut self, busybox: String, gnu: String) -> Exit {
        let usage = self.cx.busybox() && busybox.starts_with("unrecognized");
        let message = if self.cx.busybox() { busybox } else { gnu };
        self.cx.complain(message);
        if usage {
            self.cx.busybox_usage();
        }
        1
    }

    fn argument(&mut self, test: &str) -> Result<String, Exit> {
        match self.args.get(self.at) {
            Some(value) => {
                self.at += 1;
                Ok(value.clone())
            }
            None => Err(self.fail(format!("{test} requires an argument"), format!("missing argument to `{test}'"))),
        }
    }

    fn comma(&mut self) -> Result<Expression, Exit> {
        let mut left = self.or()?;
        while self.peek() == Some(",") {
            self.at += 1;
            left = Expression::Comma(Box::new(left), Box::new(self.or()?));
        }
        Ok(left)
    }

    fn or(&mut self) -> Result<Expression, Exit> {
        let mut left = self.and()?;
        while matches!(self.peek(), Some("-o" | "-or")) {
            self.at += 1;
            left = Expression::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Expression, Exit> {
        let mut left = self.not()?;
        loop {
            match self.peek() {
                Some("-a" | "-and") => self.at += 1,
                None | Some("-o" | "-or" | ")" | ",") => return Ok(left),
                Some(_) => {}
            }
            left = Expression::And(Box::new(left), Box::new(self.not()?));
        }
    }

    fn not(&mut self) -> Result<Expression, Exit> {
        let mut negated = false;
        while matches!(self.peek(), Some("!" | "-not")) {
            self.at += 1;
            negated = !negated;
        }
        let inner = if self.peek() == Some("(") {
            self.at += 1;
            if self.cx.stopped() || self.at > 10_000 {
                return Err(1);
            }
            let depth = self.args[..self.at].iter().filter(|arg| *arg == "(").count();
            if depth > 128 {
                return Err(self.cx.not_simulated("parentheses nested deeper than 128"));
            }
            let inner = self.comma()?;
            if self.peek() != Some(")") {
                let gnu = "invalid expression; I was expecting to find a ')' somewhere but did not see one.";
                return Err(self.fail("unpaired '('".to_owned(), gnu.to_owned()));
            }
            self.at += 1;
            inner
        } else {
            self.primary()?
        };
        Ok(if negated { Expression::Not(Box::new(inner)) } else { inner })
    }

    fn primary(&mut self) -> Result<Expression, Exit> {
        let Some(test) = self.args.get(self.at).cloned() else {
            let last = self.args.last().cloned().unwrap_or_default();
            return Err(
                self.fail(format!("{last} requires an argument"), format!("expected an expression after '{last}'"))
            );
        };
        self.at += 1;
        let test = test.as_str();
        let lacks = |tests: &[&str]| tests.contains(&test);
        if self.cx.busybox() && (lacks(GNU_ONLY) || (self.cx.system.libc == Libc::Musl && lacks(NEWER_BUSYBOX))) {
            return Err(self.fail(format!("unrecognized: {test}"), String::new()));
        }
        Ok(match test {
            "-true" => Expression::Constant(true),
            "-false" => Expression::Constant(false),
            "-name" | "-iname" => Expression::Name { pattern: self.argument(test)?, fold: test == "-iname" },
            "-path" | "-wholename" | "-ipath" | "-iwholename" => {
                Expression::Path { pattern: self.argument(test)?, fold: test.starts_with("-i") }
            }
            "-lname" | "-ilname" => Expression::LinkName { pattern: self.argument(test)?, fold: test == "-ilname" },
            "-regextype" => {
                let kind = self.argument(test)?;
                self.extended = kind.contains("extended") || kind.contains("egrep") || kind.contains("awk");
                Expression::Constant(true)
            }
            "-regex" | "-iregex" => self.regex(test)?,
            "-type" | "-xtype" => self.kind(test)?,
            "-size" => self.size()?,
            "-empty" => Expression::Empty,
            "-newer" | "-anewer" | "-cnewer" | "-newermm" | "-samefile" => self.reference(test)?,
            "-newermt" => {
                let text = self.argument(test)?;
                match calendar::parse_gnu(&text) {
                    Some(time) => Expression::Newer(time),
                    None => {
                        let gnu = format!("I cannot figure out how to interpret '{text}' as a date or time");
                        return Err(self.fail(format!("unrecognized: {test}"), gnu));
                    }
                }
            }
            "-mtime" | "-atime" | "-ctime" => Expression::Age { amount: self.amount(test)?, unit: 86_400 },
            "-mmin" | "-amin" | "-cmin" => Expression::Age { amount: self.amount(test)?, unit: 60 },
            "-perm" => self.permission()?,
            "-user" | "-group" => self.owner(test)?,
            "-uid" => Expression::Uid(self.amount(test)?),
            "-gid" => Expression::Gid(self.amount(test)?),
            "-nouser" => Expression::NoUser,
            "-nogroup" => Expression::NoGroup,
            "-links" => Expression::Links(self.amount(test)?),
            "-inum" => Expression::Inode(self.amount(test)?),
            "-readable" => Expression::Access(crate::vfs::Access::Read),
            "-writable" => Expression::Access(crate::vfs::Access::Write),
            "-executable" => Expression::Access(crate::vfs::Access::Execute),
            "-prune" => Expression::Prune,
            "-depth" | "-d" => {
                self.settings.depth_first = true;
                Expression::Constant(true)
            }
            "-maxdepth" | "-mindepth" => self.depth(test)?,
            "-xdev" | "-mount" => {
                self.settings.one_device = true;
                Expression::Constant(true)
            }
            "-follow" => {
                self.settings.follow = true;
                Expression::Constant(true)
            }
            "-noleaf" | "-daystart" | "-ignore_readdir_race" | "-warn" | "-nowarn" => Expression::Constant(true),
            "-print" => self.action(Expression::Print),
            "-print0" => self.action(Expression::Print0),
            "-printf" => {
                let format = self.argument(test)?;
                self.action(Expression::Printf(format))
            }
            "-ls" => self.action(Expression::List),
            "-quit" => self.action(Expression::Quit),
            "-delete" => {
                self.settings.depth_first = true;
                self.action(Expression::Delete)
            }
            "-exec" | "-execdir" => self.execute(test)?,
            "-ok" | "-okdir" => {
                // Nobody answers: the program is not run.
                self.execute(test)?;
                Expression::Constant(false)
            }
            "-fprint" | "-fprint0" | "-fprintf" | "-fls" | "-files0-from" | "-context" | "-fstype" | "-used" => {
                return Err(self.cx.not_simulated(format_args!("test or action {test}")));
            }
            other => {
                let gnu = if other.starts_with('-') {
                    format!("unknown predicate `{other}'")
                } else {
                    format!("paths must precede expression: `{other}'")
                };
                return Err(self.fail(format!("unrecognized: {other}"), gnu));
            }
        })
    }

    fn action(&mut self, action: Expression) -> Expression {
        self.acts = true;
        action
    }

    fn regex(&mut self, test: &str) -> Result<Expression, Exit> {
        let text = self.argument(test)?;
        let extended = self.extended || !self.cx.busybox();
        // The whole path has to match; Emacs's syntax, GNU's default, has bare `+` and `?` and backslashed groups.
        let source = match (self.extended || self.cx.busybox(), extended) {
            (true, true) => format!("^({text})$"),
            (true, false) => format!("^\\({text}\\)$"),
            (false, _) => format!("^({})$", emacs(&text)),
        };
        let syntax = Syntax { extended, ignore_case: test == "-iregex", utf8: true, ..Syntax::default() };
        match Pattern::new(source.as_bytes(), syntax) {
            Ok(pattern) => Ok(Expression::Regex(pattern)),
            Err(invalid) => {
                let why = invalid.message(self.cx.system.libc);
                Err(self.fail(
                    format!("bad regex '{text}': {why}"),
                    format!("failed to compile regular expression '{text}': {why}"),
                ))
            }
        }
    }

    fn kind(&mut self, test: &str) -> Result<Expression, Exit> {
        let list = self.argument(test)?;
        let mut kinds = Vec::new();
        for letter in list.split(',') {
            kinds.push(match letter {
                "f" => FileKind::File,
                "d" => FileKind::Dir,
                "l" => FileKind::Symlink,
                "p" => FileKind::Fifo,
                "c" => FileKind::CharDevice,
                "b" => FileKind::BlockDevice,
                "s" => continue,
                other => {
                    return Err(self.fail(
                        format!("invalid argument '{other}' to '-type'"),
                        format!("Unknown argument to {test}: {other}"),
                    ));
                }
            });
        }
        Ok(Expression::Kind(kinds))
    }

    fn amount_of(&mut self, text: &str, test: &str) -> Result<Amount, Exit> {
        let digits = text.trim_start_matches(['+', '-']);
        match digits.parse() {
            Ok(number) if text.starts_with('+') => Ok(Amount::More(number)),
            Ok(number) if text.starts_with('-') => Ok(Amount::Less(number)),
            Ok(number) => Ok(Amount::Exactly(number)),
            Err(_) => {
                Err(self.fail(format!("invalid number '{digits}'"), format!("invalid argument `{text}' to `{test}'")))
            }
        }
    }

    fn amount(&mut self, test: &str) -> Result<Amount, Exit> {
        let text = self.argument(test)?;
        self.amount_of(&text, test)
    }

    fn size(&mut self) -> Result<Expression, Exit> {
        let text = self.argument("-size")?;
        let (digits, unit) = match text.char_indices().last() {
            Some((at, letter)) if letter.is_ascii_alphabetic() => (&text[..at], letter),
            _ => (text.as_str(), 'b'),
        };
        let unit = match unit {
            'c' => 1,
            'w' => 2,
            'b' => 512,
            'k' => 1 << 10,
            'M' if !self.cx.busybox() => 1 << 20,
            'G' if !self.cx.busybox() => 1 << 30,
            other => {
                return Err(self.fail(format!("invalid number '{text}'"), format!("invalid -size type `{other}'")));
            }
        };
        let digits = digits.to_owned();
        Ok(Expression::Size { amount: self.amount_of(&digits, "-size")?, unit })
    }

    fn reference(&mut self, test: &str) -> Result<Expression, Exit> {
        let path = self.argument(test)?;
        match self.cx.stat(&path) {
            Ok(stat) if test == "-samefile" => Ok(Expression::SameFile(stat.ino)),
            Ok(stat) => Ok(Expression::Newer(stat.meta.mtime)),
            Err(errno) if self.cx.busybox() => {
                self.cx.complain_of(format_args!("can't stat '{path}'"), errno);
                Err(1)
            }
            Err(errno) => {
                let quoted = self.cx.quote(&path);
                self.cx.complain_of(quoted, errno);
                Err(1)
            }
        }
    }

    fn permission(&mut self) -> Result<Expression, Exit> {
        let text = self.argument("-perm")?;
        let (make, spec): (fn(u16) -> Permission, &str) = match text.chars().next() {
            Some('-') => (Permission::All, &text[1..]),
            Some('/') => (Permission::Any, &text[1..]),
            Some('+') if text[1..].starts_with(|c: char| c.is_ascii_digit()) && self.cx.busybox() => {
                (Permission::Any, &text[1..])
            }
            _ => (Permission::Exactly, text.as_str()),
        };
        let target = Target { mode: 0, is_dir: false, umask: 0, gnu: !self.cx.busybox() };
        match mode::apply(spec, target) {
            Some(mode) => Ok(Expression::Permission(make(mode))),
            None => Err(self.fail(format!("invalid mode '{spec}'"), format!("invalid mode '{text}'"))),
        }
    }

    fn owner(&mut self, test: &str) -> Result<Expression, Exit> {
        let name = self.argument(test)?;
        let accounts = Accounts::load(self.cx.system.fs.merged());
        let by_number = number(&name);
        if test == "-user" {
            return match accounts.user(&name).map(|user| user.uid).or(by_number) {
                Some(uid) => Ok(Expression::User(uid)),
                None => {
                    Err(self.fail(format!("unknown user {name}"), format!("'{name}' is not the name of a known user")))
                }
            };
        }
        match accounts.group(&name).map(|group| group.gid).or(by_number) {
            Some(gid) => Ok(Expression::Group(gid)),
            None => {
                Err(self
                    .fail(format!("unknown group {name}"), format!("'{name}' is not the name of an existing group")))
            }
        }
    }

    fn depth(&mut self, test: &str) -> Result<Expression, Exit> {
        let text = self.argument(test)?;
        let Ok(depth) = text.parse() else {
            let gnu = format!("Expected a positive decimal integer argument to {test}, but got '{text}'");
            return Err(self.fail(format!("invalid number '{text}'"), gnu));
        };
        if test == "-maxdepth" {
            self.settings.max_depth = depth;
        } else {
            self.settings.min_depth = depth;
        }
        Ok(Expression::Constant(true))
    }

    fn execute(&mut self, test: &str) -> Result<Expression, Exit> {
        self.acts = true;
        let words = &self.args[self.at..];
        let end = words
            .iter()
            .enumerate()
            .position(|(i, word)| word == ";" || (word == "+" && i > 0 && words[i - 1] == "{}"));
        let Some(end) = end.filter(|end| *end > 0) else {
            return Err(self.fail(format!("{test} requires an argument"), format!("missing argument to `{test}'")));
        };
        self.at += end + 1;
        let in_dir = test.ends_with("dir");
        if words[end] == "+" && !in_dir {
            self.gathered += 1;
            return Ok(Expression::Gather { words: words[..end - 1].to_vec(), id: self.gathered });
        }
        let mut words = words[..end].to_vec();
        if self.args[self.at - 1] == "+" && words.last().map(String::as_str) != Some("{}") {
            words.push("{}".to_owned());
        }
        Ok(Expression::Execute { words, in_dir })
    }
}

/// Emacs's syntax in extended terms: `\(`, `\)`, `\|` are operators, the bare characters are themselves.
fn emacs(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(next @ ('(' | ')' | '|')) => out.push(next),
                Some(next) => out.extend(['\\', next]),
                None => out.push('\\'),
            },
            '(' | ')' | '|' | '{' | '}' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}
