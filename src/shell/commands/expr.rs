//! `expr`: evaluate an expression. Numbers are 64 bits; GNU's arbitrary precision is not simulated.

use super::regex::{Pattern, Syntax};
use super::{Command, Context, Exit, Options, Run};

pub(super) const COMMAND: Command = Command { name: "expr", run: Run::Plain(run), options: &Options::short("") };

/// Why there is no value.
enum Fault {
    Syntax(String),
    NonInteger,
    DivisionByZero,
    Regex(String),
    NotSimulated(String),
}

struct Parser<'a> {
    args: &'a [String],
    at: usize,
    syntax: Syntax,
    depth: usize,
    busybox: bool,
    libc: crate::vfs::Libc,
}

fn run(cx: &mut Context<'_>) -> Exit {
    let mut args = cx.args[1..].to_vec();
    if args.first().is_some_and(|arg| arg == "--") && !cx.busybox() {
        args.remove(0);
    }
    if args.is_empty() {
        if cx.busybox() {
            cx.complain("too few arguments");
        } else {
            cx.try_help("missing operand");
        }
        return 2;
    }
    let syntax = Syntax { tre: cx.system.libc == crate::vfs::Libc::Musl, ..Syntax::default() };
    let mut parser = Parser { args: &args, at: 0, syntax, depth: 0, busybox: cx.busybox(), libc: cx.system.libc };
    let result = parser.or().and_then(|value| match args.get(parser.at) {
        None => Ok(value),
        Some(extra) => Err(Fault::Syntax(format!("syntax error: unexpected argument '{extra}'"))),
    });
    match result {
        Ok(value) => {
            let zero = if cx.busybox() { value.is_empty() || value == "0" } else { is_null(&value) };
            cx.out(value + "\n");
            u8::from(zero)
        }
        Err(Fault::NotSimulated(what)) => cx.not_simulated(what),
        Err(fault) => {
            let (busybox, gnu, exit) = match fault {
                Fault::Syntax(message) => ("syntax error".to_owned(), message, 2),
                Fault::NonInteger => ("non-numeric argument".to_owned(), "non-integer argument".to_owned(), 2),
                Fault::DivisionByZero => ("division by zero".to_owned(), "division by zero".to_owned(), 2),
                Fault::Regex(message) => (message.clone(), message, 2),
                Fault::NotSimulated(what) => (what.clone(), what, 0),
            };
            cx.complain(if cx.busybox() { busybox } else { gnu });
            exit
        }
    }
}

type Value = Result<String, Fault>;

impl Parser<'_> {
    fn peek(&self) -> Option<&str> {
        self.args.get(self.at).map(String::as_str)
    }

    fn eat(&mut self, signs: &[&str]) -> Option<String> {
        let word = self.peek().filter(|word| signs.contains(word))?.to_owned();
        self.at += 1;
        Some(word)
    }

    fn or(&mut self) -> Value {
        let mut left = self.and()?;
        while self.eat(&["|"]).is_some() {
            let right = self.and()?;
            if is_null(&left) {
                left = if is_null(&right) && !self.busybox { "0".to_owned() } else { right };
            }
        }
        Ok(left)
    }

    fn and(&mut self) -> Value {
        let mut left = self.comparison()?;
        while self.eat(&["&"]).is_some() {
            let right = self.comparison()?;
            if is_null(&left) || is_null(&right) {
                left = "0".to_owned();
            }
        }
        Ok(left)
    }

    fn comparison(&mut self) -> Value {
        let mut left = self.sum()?;
        while let Some(sign) = self.eat(&["<", "<=", "=", "==", "!=", ">=", ">"]) {
            let right = self.sum()?;
            let order = match (left.parse::<i64>(), right.parse::<i64>()) {
                (Ok(a), Ok(b)) => a.cmp(&b),
                _ => left.cmp(&right),
            };
            let holds = match sign.as_str() {
                "<" => order.is_lt(),
                "<=" => order.is_le(),
                "=" | "==" => order.is_eq(),
                "!=" => order.is_ne(),
                ">=" => order.is_ge(),
                _ => order.is_gt(),
            };
            left = u8::from(holds).to_string();
        }
        Ok(left)
    }

    fn sum(&mut self) -> Value {
        let mut left = self.product()?;
        while let Some(sign) = self.eat(&["+", "-"]) {
            let right = self.product()?;
            let (a, b) = (integer(&left)?, integer(&right)?);
            let value = if sign == "+" { a.checked_add(b) } else { a.checked_sub(b) };
            left = self.bounded(value)?;
        }
        Ok(left)
    }

    fn product(&mut self) -> Value {
        let mut left = self.matching()?;
        while let Some(sign) = self.eat(&["*", "/", "%"]) {
            let right = self.matching()?;
            let (a, b) = (integer(&left)?, integer(&right)?);
            if sign != "*" && b == 0 {
                return Err(Fault::DivisionByZero);
            }
            let value = match sign.as_str() {
                "*" => a.checked_mul(b),
                "/" => a.checked_div(b),
                _ => a.checked_rem(b),
            };
            left = self.bounded(value)?;
        }
        Ok(left)
    }

    fn bounded(&self, value: Option<i64>) -> Value {
        value.map(|value| value.to_string()).ok_or_else(|| Fault::NotSimulated("numbers over 64 bits".to_owned()))
    }

    fn matching(&mut self) -> Value {
        let mut left = self.primary()?;
        while self.eat(&[":"]).is_some() {
            let right = self.primary()?;
            left = self.matches(&left, &right)?;
        }
        Ok(left)
    }

    /// The group, or else the length, of a match at the start.
    fn matches(&self, text: &str, pattern: &str) -> Value {
        let anchored = format!("^{}", pattern.strip_prefix('^').unwrap_or(pattern));
        let compiled = Pattern::new(anchored.as_bytes(), self.syntax)
            .map_err(|invalid| Fault::Regex(invalid.message(self.libc).to_owned()))?;
        let groups = compiled.groups(text.as_bytes(), 0);
        Ok(match (groups, compiled.groups) {
            (None, 0) => "0".to_owned(),
            (None, _) => String::new(),
            (Some(groups), 0) => {
                groups.first().copied().flatten().map_or(0, |(from, to)| text[from..to].chars().count()).to_string()
            }
            (Some(groups), _) => match groups.get(1).copied().flatten() {
                Some((from, to)) => String::from_utf8_lossy(&text.as_bytes()[from..to]).into_owned(),
                None => String::new(),
            },
        })
    }

    fn word(&mut self) -> Value {
        let Some(word) = self.peek() else {
            let last = self.args.last().cloned().unwrap_or_default();
            return Err(Fault::Syntax(format!("syntax error: missing argument after '{last}'")));
        };
        let word = word.to_owned();
        self.at += 1;
        Ok(word)
    }

    fn primary(&mut self) -> Value {
        self.depth += 1;
        if self.depth > 100 {
            return Err(Fault::NotSimulated("an expression nested more than 100 deep".to_owned()));
        }
        let value = self.primary_inner();
        self.depth -= 1;
        value
    }

    fn primary_inner(&mut self) -> Value {
        let word = self.word()?;
        let more = self.at < self.args.len();
        match word.as_str() {
            "(" => {
                let value = self.or()?;
                if self.eat(&[")"]).is_none() {
                    return Err(Fault::Syntax(match self.args.get(self.at) {
                        Some(found) => format!("syntax error: expecting ')' instead of '{found}'"),
                        None => {
                            let last = self.args.last().cloned().unwrap_or_default();
                            format!("syntax error: expecting ')' after '{last}'")
                        }
                    }));
                }
                Ok(value)
            }
            ")" => Err(Fault::Syntax("syntax error: unexpected ')'".to_owned())),
            "+" if more => self.word(),
            "length" if more => Ok(self.primary()?.chars().count().to_string()),
            "match" if more => {
                let (text, pattern) = (self.primary()?, self.primary()?);
                self.matches(&text, &pattern)
            }
            "index" if more => {
                let (text, set) = (self.primary()?, self.primary()?);
                Ok(text.chars().position(|c| set.contains(c)).map_or(0, |at| at + 1).to_string())
            }
            "substr" if more => {
                let (text, from, count) = (self.primary()?, self.primary()?, self.primary()?);
                let (Ok(from), Ok(count)) = (from.parse::<i64>(), count.parse::<i64>()) else {
                    return Ok(String::new());
                };
                if from < 1 || count < 1 {
                    return Ok(String::new());
                }
                Ok(text.chars().skip(from as usize - 1).take(count as usize).collect())
            }
            _ => Ok(word),
        }
    }
}

fn integer(text: &str) -> Result<i64, Fault> {
    text.parse().map_err(|_| Fault::NonInteger)
}

fn is_null(text: &str) -> bool {
    text.is_empty() || text.parse::<i64>() == Ok(0)
}
