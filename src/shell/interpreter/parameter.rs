//! Parameter expansion: special parameters, and what `${…}` does with values.

use super::expand::Mode;
use super::fields::Fields;
use super::state::{Held, is_name};
use super::{Boxed, Fatal, Shell};
use crate::shell::pattern::Pattern;
use crate::shell::script::{Dialect, Op, Param, Word};

/// The value of a parameter.
enum Value {
    Unset,
    One(String),
    /// `$@` (true) and `$*`, and all elements of an array.
    Many(Vec<String>, bool),
}

impl Value {
    fn is_empty(&self) -> bool {
        match self {
            Value::Unset => true,
            Value::One(text) => text.is_empty(),
            Value::Many(values, _) => values.iter().all(String::is_empty),
        }
    }
}

impl Shell<'_> {
    /// The value of a parameter that is no `$@`; none if it is not set.
    pub(crate) fn value(&mut self, name: &str) -> Option<String> {
        if let Some(text) = self.state.get(name) {
            return Some(text.to_owned());
        }
        let first = name.bytes().next()?;
        if first.is_ascii_digit() {
            let number: usize = name.parse().ok()?;
            return if number == 0 { Some(self.name.clone()) } else { self.state.args.get(number - 1).cloned() };
        }
        match name {
            "?" => Some(self.state.status.to_string()),
            "#" => Some(self.state.args.len().to_string()),
            "$" => Some(self.pid.to_string()),
            "!" => self.state.background.map(|pid| pid.to_string()),
            "-" => {
                let order = match self.dialect {
                    Dialect::Ash => "uaCvxcnfe",
                    Dialect::Dash => "efnxvCau",
                    Dialect::Bash => "aefhnuvxBCc",
                };
                Some(self.state.options.letters(order, self.inline))
            }
            "@" | "*" => Some(self.state.args.join(" ")),
            "LINENO" if self.dialect != Dialect::Dash => {
                let off = u32::from(self.inline && self.dialect == Dialect::Ash);
                Some(self.line.saturating_sub(off).to_string())
            }
            "PPID" => Some("0".to_owned()),
            "RANDOM" if self.dialect != Dialect::Dash => {
                // The engine has no randomness: always the same numbers.
                self.state.random =
                    self.state.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_041);
                Some((self.state.random >> 33 & 0x7fff).to_string())
            }
            "SECONDS" | "BASH_SUBSHELL" if self.dialect == Dialect::Bash => Some("0".to_owned()),
            "EPOCHSECONDS" if self.dialect != Dialect::Dash => Some(crate::vfs::EPOCH.to_string()),
            "UID" | "EUID" if self.dialect == Dialect::Bash => Some(self.state.process.cred.uid.to_string()),
            "BASH" if self.dialect == Dialect::Bash => Some("/bin/bash".to_owned()),
            "BASH_VERSION" if self.dialect == Dialect::Bash => Some("5.2.15(1)-release".to_owned()),
            "OSTYPE" if self.dialect == Dialect::Bash => Some("linux-gnu".to_owned()),
            "MACHTYPE" if self.dialect == Dialect::Bash => Some("x86_64-pc-linux-gnu".to_owned()),
            "HOSTTYPE" if self.dialect == Dialect::Bash => Some("x86_64".to_owned()),
            _ => None,
        }
    }

    /// Adds `$name`.
    pub(super) fn parameter(&mut self, name: &str, quoted: bool, out: &mut Fields, mode: Mode) -> Result<(), Fatal> {
        if name == "@" || name == "*" {
            let args = self.state.args.clone();
            self.add_many(out, &args, name == "@", quoted, mode);
            return Ok(());
        }
        if let Some(text) = self.state.variables.get(name).and_then(|variable| variable.value.text()) {
            self.add(out, text, quoted, mode);
            return Ok(());
        }
        match self.value(name) {
            Some(text) => self.add(out, &text, quoted, mode),
            None => {
                self.check_set(name)?;
                self.add(out, "", quoted, mode);
            }
        }
        Ok(())
    }

    /// `set -u`: an error for a parameter that is not set.
    fn check_set(&mut self, name: &str) -> Result<(), Fatal> {
        if !self.state.options.nounset {
            return Ok(());
        }
        let fatal = match self.dialect {
            Dialect::Bash => self.fatal(None, &format!("{name}: unbound variable")),
            _ => self.fatal(None, &format!("{name}: parameter not set")),
        };
        self.unset_status();
        Err(fatal)
    }

    /// bash ends with 127 for a parameter that is not set, a subshell of it with 1.
    fn unset_status(&mut self) {
        if self.dialect == Dialect::Bash && self.state.process.pid == self.pid {
            self.state.status = 127;
        }
    }

    /// Adds several values: each a field of its own for `$@`, joined for `"$*"`.
    fn add_many(&mut self, out: &mut Fields, values: &[String], each: bool, quoted: bool, mode: Mode) {
        if mode == Mode::Whole || (quoted && !each) {
            let joint = if each || !quoted && mode == Mode::Whole { " ".to_owned() } else { self.state.joint() };
            let joint = if mode == Mode::Whole && !each { self.state.joint() } else { joint };
            out.text(&values.join(&joint), quoted);
            return;
        }
        for (i, value) in values.iter().enumerate() {
            if quoted {
                if i > 0 {
                    out.cut_always();
                }
                out.text(value, true);
            } else {
                if i > 0 {
                    out.cut();
                }
                let ifs = self.state.ifs().to_owned();
                out.split(value, &ifs);
            }
        }
    }

    async fn fetch(&mut self, param: &Param) -> Result<Value, Fatal> {
        if &*param.name == "@" || &*param.name == "*" {
            return Ok(Value::Many(self.state.args.to_vec(), &*param.name == "@"));
        }
        let Some(index) = &param.index else {
            return Ok(self.value(&param.name).map_or(Value::Unset, Value::One));
        };
        if let Some(all @ ("@" | "*")) = index.literal() {
            let held = self.state.variables.get(&param.name).map(|variable| &variable.value);
            return Ok(held.map_or(Value::Many(Vec::new(), all == "@"), |held| Value::Many(held.values(), all == "@")));
        }
        let name = param.name.clone();
        Ok(self.element(&name, index).await?.map_or(Value::Unset, Value::One))
    }

    /// An element of an array.
    async fn element(&mut self, name: &str, index: &Word) -> Result<Option<String>, Fatal> {
        let text = self.boxed_text(index).await?;
        if let Some(Held::Map(elements)) = self.state.variables.get(name).map(|variable| &variable.value) {
            return Ok(elements.get(&text).cloned());
        }
        let at = self.evaluate_text(&text)?;
        let held = self.state.variables.get(name).map(|variable| &variable.value);
        Ok(match held {
            Some(Held::Array(elements)) => {
                let at = if at < 0 { elements.keys().next_back().map_or(at, |last| last + 1 + at) } else { at };
                elements.get(&at).cloned()
            }
            Some(Held::Text(text)) if at == 0 => Some(text.clone()),
            _ => None,
        })
    }

    /// [`Shell::text`] on the heap: words hold words.
    pub(super) fn boxed_text<'a>(&'a mut self, word: &'a Word) -> Boxed<'a, Result<String, Fatal>> {
        Box::pin(self.text(word))
    }

    fn boxed_pattern<'a>(&'a mut self, word: &'a Word) -> Boxed<'a, Result<String, Fatal>> {
        Box::pin(self.pattern(word))
    }

    fn boxed_expand<'a>(&'a mut self, word: &'a Word, out: &'a mut Fields, mode: Mode) -> Boxed<'a, Result<(), Fatal>> {
        Box::pin(self.expand(word, out, mode))
    }

    /// Adds `${…}`.
    pub(super) async fn operation(
        &mut self,
        param: &Param,
        quoted: bool,
        out: &mut Fields,
        mode: Mode,
    ) -> Result<(), Fatal> {
        if let Op::Indirect | Op::Names = param.op {
            return self.indirect(param, quoted, out, mode);
        }
        let value = self.fetch(param).await?;
        if let Op::Unset(op, colon, word) = &param.op {
            return self.unset_operation(param, value, (*op, *colon), word, quoted, out, mode).await;
        }
        if let Op::Length = param.op {
            if matches!(value, Value::Unset) {
                self.check_set(&param.name)?;
            }
            let length = match &value {
                Value::Unset => 0,
                Value::One(text) => text.chars().count(),
                Value::Many(values, _) => values.len(),
            };
            self.add(out, &length.to_string(), quoted, mode);
            return Ok(());
        }
        let value = match value {
            Value::Unset => {
                self.check_set(&param.name)?;
                Value::One(String::new())
            }
            value => value,
        };
        if let Op::Slice(offset, length) = &param.op {
            let offset = self.slice_bound(offset).await?;
            let length = match length {
                Some(length) => Some(self.slice_bound(length).await?),
                None => None,
            };
            return self.slice(param, value, offset, length, quoted, out, mode);
        }
        let change = self.change(&param.op).await?;
        match value {
            Value::Many(values, each) => {
                let values: Vec<String> = values.iter().map(|value| change.apply(value)).collect();
                self.add_many(out, &values, each, quoted, mode);
            }
            Value::One(text) => self.add(out, &change.apply(&text), quoted, mode),
            Value::Unset => {}
        }
        Ok(())
    }

    fn slice_bound<'a>(&'a mut self, bound: &'a crate::shell::script::Arithmetic) -> Boxed<'a, Result<i64, Fatal>> {
        Box::pin(self.arithmetic(bound))
    }

    #[expect(clippy::too_many_arguments, reason = "what an expansion is told, and where it goes")]
    async fn unset_operation(
        &mut self,
        param: &Param,
        value: Value,
        (op, colon): (u8, bool),
        word: &Word,
        quoted: bool,
        out: &mut Fields,
        mode: Mode,
    ) -> Result<(), Fatal> {
        let unset = match &value {
            Value::Unset => true,
            Value::Many(values, _) => values.is_empty() || (colon && value.is_empty()),
            Value::One(text) => colon && text.is_empty(),
        };
        let inner = if quoted || mode == Mode::Whole { mode } else { Mode::SplitText };
        match (op, unset) {
            (b'+', true) => {
                if quoted {
                    out.text("", true);
                }
            }
            (b'+', false) | (b'-', true) => {
                if quoted && word.parts.is_empty() {
                    out.text("", true);
                }
                self.boxed_expand(word, out, inner).await?;
            }
            (b'=', true) => {
                let text = self.boxed_text(word).await?;
                if !is_name(&param.name) {
                    let message = match self.dialect {
                        Dialect::Ash => format!("{}: bad variable name", param.name),
                        Dialect::Dash => format!("{}: bad variable name", param.name),
                        Dialect::Bash => format!("${}: cannot assign in this way", param.name),
                    };
                    return Err(self.fatal(None, &message));
                }
                self.set(&param.name, &text)?;
                self.add(out, &text, quoted, mode);
            }
            (b'?', true) => {
                let text = self.boxed_text(word).await?;
                let text = match (text.is_empty(), self.dialect, colon) {
                    (false, ..) => text,
                    (true, Dialect::Bash, true) => "parameter null or not set".to_owned(),
                    (true, _, true) => "parameter not set or null".to_owned(),
                    (true, _, false) => "parameter not set".to_owned(),
                };
                let fatal = self.fatal(None, &format!("{}: {text}", param.name));
                self.unset_status();
                return Err(fatal);
            }
            _ => match value {
                Value::Many(values, each) => self.add_many(out, &values, each, quoted, mode),
                Value::One(text) => self.add(out, &text, quoted, mode),
                Value::Unset => {}
            },
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "what an expansion is told, and where it goes")]
    fn slice(
        &mut self,
        param: &Param,
        value: Value,
        offset: i64,
        length: Option<i64>,
        quoted: bool,
        out: &mut Fields,
        mode: Mode,
    ) -> Result<(), Fatal> {
        let bounds = |count: usize| -> Option<(usize, usize)> {
            let count = i64::try_from(count).ok()?;
            let start = if offset < 0 { count + offset } else { offset };
            if start < 0 || start > count {
                return Some((0, 0));
            }
            let end = match length {
                None => count,
                Some(length) if length < 0 => count + length,
                Some(length) => start.saturating_add(length).min(count),
            };
            if end < start {
                return None;
            }
            Some((usize::try_from(start).ok()?, usize::try_from(end).ok()?))
        };
        match value {
            Value::Many(values, each) => {
                let mut values = values;
                if &*param.name == "@" || &*param.name == "*" {
                    // `${@:0}` begins with `$0`.
                    values.insert(0, self.name.clone());
                } else if let Some(Held::Array(elements)) = self.state.variables.get(&param.name).map(|v| &v.value)
                    && offset >= 0
                {
                    // The offset is an index, the length a number of elements.
                    let from = elements.range(offset..).map(|(_, value)| value.clone());
                    let count = length.and_then(|length| usize::try_from(length).ok()).unwrap_or(usize::MAX);
                    let values: Vec<String> = from.take(count).collect();
                    self.add_many(out, &values, each, quoted, mode);
                    return Ok(());
                }
                let (start, end) = bounds(values.len()).unwrap_or((0, 0));
                self.add_many(out, &values[start..end], each, quoted, mode);
            }
            Value::One(text) => {
                let chars: Vec<char> = text.chars().collect();
                let Some((start, end)) = bounds(chars.len()) else {
                    if self.dialect == Dialect::Bash {
                        let length = length.unwrap_or_default();
                        return Err(self.fatal(None, &format!("{length}: substring expression < 0")));
                    }
                    self.add(out, "", quoted, mode);
                    return Ok(());
                };
                let text: String = chars[start..end].iter().collect();
                self.add(out, &text, quoted, mode);
            }
            Value::Unset => {}
        }
        Ok(())
    }

    async fn change(&mut self, op: &Op) -> Result<Change, Fatal> {
        Ok(match op {
            Op::Remove(suffix, longest, pattern) => Change::Remove {
                suffix: *suffix,
                longest: *longest,
                pattern: Pattern::new(&self.boxed_pattern(pattern).await?),
            },
            Op::Replace(how, pattern, with) => {
                let pattern = Pattern::new(&self.boxed_pattern(pattern).await?);
                Change::Replace { how: *how, pattern, with: self.boxed_text(with).await? }
            }
            Op::Case(upper, all) => Change::Case { upper: *upper, all: *all },
            Op::Transform(letter) => Change::Transform(*letter),
            _ => Change::None,
        })
    }

    fn indirect(&mut self, param: &Param, quoted: bool, out: &mut Fields, mode: Mode) -> Result<(), Fatal> {
        if let Op::Names = param.op {
            let values = match &param.index {
                Some(_) => self.state.variables.get(&param.name).map(|v| v.value.keys()).unwrap_or_default(),
                None => {
                    let names = self.state.variables.keys().filter(|name| name.starts_with(&*param.name));
                    names.map(|name| name.to_string()).collect()
                }
            };
            self.add_many(out, &values, true, quoted, mode);
            return Ok(());
        }
        let name = self.value(&param.name).unwrap_or_default();
        self.parameter(&name, quoted, out, mode)
    }
}

/// What is done with each value.
enum Change {
    None,
    Remove { suffix: bool, longest: bool, pattern: Pattern },
    Replace { how: u8, pattern: Pattern, with: String },
    Case { upper: bool, all: bool },
    Transform(u8),
}

impl Change {
    fn apply(&self, text: &str) -> String {
        match self {
            Change::None => text.to_owned(),
            Change::Remove { suffix, longest, pattern } => {
                let chars: Vec<char> = text.chars().collect();
                let kept = if *suffix {
                    &chars[..chars.len() - pattern.suffix(&chars, *longest).unwrap_or(0)]
                } else {
                    &chars[pattern.prefix(&chars, *longest).unwrap_or(0)..]
                };
                kept.iter().collect()
            }
            Change::Replace { how, pattern, with } => replace(text, *how, pattern, with),
            Change::Case { upper, all } => {
                let mut chars = text.chars();
                let turn = |c: char| if *upper { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
                match chars.next() {
                    None => String::new(),
                    Some(first) => {
                        std::iter::once(turn(first)).chain(chars.map(|c| if *all { turn(c) } else { c })).collect()
                    }
                }
            }
            Change::Transform(b'U') => text.to_ascii_uppercase(),
            Change::Transform(b'L') => text.to_ascii_lowercase(),
            Change::Transform(b'u') => Change::Case { upper: true, all: false }.apply(text),
            Change::Transform(b'Q') => format!("'{}'", text.replace('\'', "'\\''")),
            Change::Transform(_) => text.to_owned(),
        }
    }
}

fn replace(text: &str, how: u8, pattern: &Pattern, with: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    if how == b'%' {
        return match pattern.suffix(&chars, true) {
            Some(length) => chars[..chars.len() - length].iter().collect::<String>() + with,
            None => text.to_owned(),
        };
    }
    while at < chars.len() {
        match pattern.prefix(&chars[at..], true) {
            Some(length) if length > 0 => {
                out.push_str(with);
                at += length;
                if how != b'/' {
                    break;
                }
            }
            _ if how == b'#' => break,
            _ => {
                out.push(chars[at]);
                at += 1;
            }
        }
    }
    out.extend(&chars[at..]);
    out
}
