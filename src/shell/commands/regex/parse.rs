//! From a pattern's text to a tree.

use super::{Invalid, Syntax};

/// A pattern as a tree. Characters are numbers: code points, or bytes where the pattern is one of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ast {
    Empty,
    Char(u32),
    Any,
    Set { negated: bool, ranges: Vec<(u32, u32)> },
    Start,
    End,
    BufferStart,
    BufferEnd,
    Border,
    NoBorder,
    WordStart,
    WordEnd,
    Reference(usize),
    Group(Box<Ast>, usize),
    Sequence(Vec<Ast>),
    Either(Vec<Ast>),
    Repeat(Box<Ast>, u32, Option<u32>),
}

/// How deep groups may nest.
const MAX_DEPTH: usize = 100;

/// The most repetitions that `{n}` may ask for (`RE_DUP_MAX` of musl; glibc allows more).
const MAX_COUNT: u32 = 255;

/// The tree, the number of groups, and whether there are back-references.
pub(super) fn parse(text: &[u8], syntax: Syntax) -> Result<(Ast, usize, bool), Invalid> {
    let chars = if syntax.utf8 {
        String::from_utf8_lossy(text).chars().map(u32::from).collect()
    } else {
        text.iter().map(|byte| u32::from(*byte)).collect()
    };
    let mut parser = Parser { chars, at: 0, syntax, groups: 0, closed: Vec::new(), depth: 0, references: false };
    let ast = parser.either()?;
    if parser.at < parser.chars.len() {
        return Err(Invalid::CloseParenthesis);
    }
    Ok((ast, parser.groups, parser.references))
}

struct Parser {
    chars: Vec<u32>,
    at: usize,
    syntax: Syntax,
    groups: usize,
    closed: Vec<usize>,
    depth: usize,
    references: bool,
}

impl Parser {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).and_then(|c| char::from_u32(*c))
    }

    /// Is the next a special character: bare in extended syntax, after a backslash in basic? How many characters it takes.
    fn special(&self, c: char) -> Option<usize> {
        if self.syntax.extended {
            (self.peek(0) == Some(c)).then_some(1)
        } else {
            (self.peek(0) == Some('\\') && self.peek(1) == Some(c)).then_some(2)
        }
    }

    fn eat_special(&mut self, c: char) -> bool {
        let taken = self.special(c);
        self.at += taken.unwrap_or(0);
        taken.is_some()
    }

    fn either(&mut self) -> Result<Ast, Invalid> {
        let mut branches = vec![self.sequence()?];
        while self.eat_special('|') {
            branches.push(self.sequence()?);
        }
        if branches.len() == 1 {
            return Ok(branches.pop().unwrap_or(Ast::Empty));
        }
        // Longest first among plain texts: see the module's comment.
        if branches.iter().all(|branch| plain_length(branch).is_some()) {
            branches.sort_by_key(|branch| std::cmp::Reverse(plain_length(branch)));
        }
        Ok(Ast::Either(branches))
    }

    fn sequence(&mut self) -> Result<Ast, Invalid> {
        let mut parts: Vec<Ast> = Vec::new();
        let start = self.at;
        while self.at < self.chars.len() {
            if self.special('|').is_some() {
                break;
            }
            if self.special(')').is_some() {
                if self.depth > 0 {
                    break;
                }
                if !self.syntax.extended {
                    return Err(Invalid::CloseParenthesis);
                }
                // A lone `)` stands for itself in extended syntax.
                self.at += 1;
                parts.push(Ast::Char(')'.into()));
                continue;
            }
            let atom = self.atom(self.at == start || parts.last() == Some(&Ast::Start) && parts.len() == 1)?;
            let atom = self.repeated(atom)?;
            parts.push(atom);
        }
        Ok(match parts.len() {
            0 => Ast::Empty,
            1 => parts.pop().unwrap_or(Ast::Empty),
            _ => Ast::Sequence(parts),
        })
    }

    fn repeated(&mut self, mut atom: Ast) -> Result<Ast, Invalid> {
        loop {
            let anchor = matches!(atom, Ast::Start) && !self.syntax.extended;
            let (least, most) = if self.peek(0) == Some('*') && !anchor {
                self.at += 1;
                (0, None)
            } else if self.eat_special('+') {
                (1, None)
            } else if self.eat_special('?') {
                (0, Some(1))
            } else if let Some(taken) = self.special('{') {
                let from = self.at;
                self.at += taken;
                match self.count() {
                    Ok(count) => count,
                    Err(_) if self.syntax.extended && self.peek(0) != Some(',') => {
                        // Not a count: the brace stands for itself.
                        self.at = from + taken;
                        return Ok(Ast::Sequence(vec![atom, Ast::Char('{'.into())]));
                    }
                    Err(fault) => return Err(fault),
                }
            } else {
                return Ok(atom);
            };
            // Repeating a repetition of everything adds nothing, and nests without end.
            if !matches!((&atom, least, most), (Ast::Repeat(_, 0, None), 0, _)) {
                atom = Ast::Repeat(Box::new(atom), least, most);
            }
        }
    }

    fn count(&mut self) -> Result<(u32, Option<u32>), Invalid> {
        let least = self.number();
        let most = if self.peek(0) == Some(',') {
            self.at += 1;
            self.number()
        } else {
            Some(least.ok_or(Invalid::Count)?)
        };
        if !self.syntax.extended && self.peek(0) == Some('\\') {
            self.at += 1;
        }
        match self.peek(0) {
            Some('}') => self.at += 1,
            None => return Err(Invalid::Brace),
            Some(_) => return Err(Invalid::Count),
        }
        let least = least.unwrap_or(0);
        if most.is_some_and(|most| most < least) {
            return Err(Invalid::Count);
        }
        if least > MAX_COUNT || most.is_some_and(|most| most > MAX_COUNT) {
            return Err(Invalid::TooLarge);
        }
        Ok((least, most))
    }

    fn number(&mut self) -> Option<u32> {
        let mut value = None;
        while let Some(digit) = self.peek(0).and_then(|c| c.to_digit(10)) {
            value = Some((value.unwrap_or(0) * 10 + digit).min(100_000));
            self.at += 1;
        }
        value
    }

    fn atom(&mut self, first: bool) -> Result<Ast, Invalid> {
        let extended = self.syntax.extended;
        let Some(c) = self.peek(0) else { return Ok(Ast::Empty) };
        if !extended && first && self.special('{').is_some() {
            return Err(Invalid::Repetition);
        }
        if self.special('(').is_some() {
            return self.group();
        }
        self.at += 1;
        Ok(match c {
            '.' => Ast::Any,
            '[' => self.bracket()?,
            '^' if extended || first && self.is_branch_start() => Ast::Start,
            '$' if extended || self.is_branch_end() => Ast::End,
            '*' | '+' | '?' if extended && first => return Err(Invalid::Repetition),
            '\\' => self.escaped()?,
            _ => Ast::Char(self.chars[self.at - 1]),
        })
    }

    /// Does a branch of basic syntax start before the character just read?
    fn is_branch_start(&self) -> bool {
        let before = &self.chars[..self.at - 1];
        before.is_empty()
            || before.ends_with(&['\\'.into(), '('.into()])
            || before.ends_with(&['\\'.into(), '|'.into()])
            || before.ends_with(&['\n'.into()])
    }

    fn is_branch_end(&self) -> bool {
        matches!((self.peek(0), self.peek(1)), (None, _) | (Some('\\'), Some(')' | '|')) | (Some('\n'), _))
    }

    fn group(&mut self) -> Result<Ast, Invalid> {
        self.eat_special('(');
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Invalid::TooLarge);
        }
        self.groups += 1;
        let number = self.groups;
        let inner = self.either()?;
        if !self.eat_special(')') {
            return Err(Invalid::Parenthesis);
        }
        self.depth -= 1;
        self.closed.push(number);
        Ok(Ast::Group(Box::new(inner), number))
    }

    fn escaped(&mut self) -> Result<Ast, Invalid> {
        let Some(c) = self.peek(0) else { return Err(Invalid::Backslash) };
        self.at += 1;
        Ok(match c {
            '1'..='9' if !(self.syntax.tre && self.syntax.extended) => {
                let number = c as usize - '0' as usize;
                if !self.closed.contains(&number) {
                    return Err(Invalid::Reference);
                }
                self.references = true;
                Ast::Reference(number)
            }
            'w' => word_set(false),
            'W' => word_set(true),
            's' => Ast::Set { negated: false, ranges: class("space").unwrap_or_default() },
            'S' => Ast::Set { negated: true, ranges: class("space").unwrap_or_default() },
            'd' | 'D' if self.syntax.tre => Ast::Set { negated: c == 'D', ranges: class("digit").unwrap_or_default() },
            'b' => Ast::Border,
            'B' => Ast::NoBorder,
            '<' => Ast::WordStart,
            '>' => Ast::WordEnd,
            '`' => Ast::BufferStart,
            '\'' => Ast::BufferEnd,
            _ if self.syntax.escapes => match control(c) {
                Some(code) => Ast::Char(code),
                None => self.hexadecimal(c).unwrap_or(Ast::Char(c.into())),
            },
            _ => Ast::Char(self.chars[self.at - 1]),
        })
    }

    fn hexadecimal(&mut self, c: char) -> Option<Ast> {
        let digit = |c: Option<char>| c.and_then(|c| c.to_digit(16));
        let high = digit(self.peek(0)).filter(|_| c == 'x')?;
        self.at += 1;
        let Some(low) = digit(self.peek(0)) else { return Some(Ast::Char(high)) };
        self.at += 1;
        Some(Ast::Char(high * 16 + low))
    }

    fn bracket(&mut self) -> Result<Ast, Invalid> {
        let negated = self.peek(0) == Some('^');
        self.at += usize::from(negated);
        let mut ranges = Vec::new();
        let start = self.at;
        loop {
            let c = self.peek(0).ok_or(Invalid::Bracket)?;
            if c == ']' && self.at > start {
                self.at += 1;
                break;
            }
            if c == '['
                && let Some(kind @ (':' | '=' | '.')) = self.peek(1)
            {
                let name = self.bracket_name(kind)?;
                if kind == ':' {
                    ranges.extend(class(&name).ok_or(Invalid::Class)?);
                    continue;
                }
                let mut chars = name.chars();
                let (Some(c), None) = (chars.next(), chars.next()) else { return Err(Invalid::Class) };
                self.range(c.into(), &mut ranges)?;
                continue;
            }
            let from = self.bracket_char()?;
            self.range(from, &mut ranges)?;
        }
        Ok(Ast::Set { negated, ranges })
    }

    /// `from`, or the range that it starts.
    fn range(&mut self, from: u32, ranges: &mut Vec<(u32, u32)>) -> Result<(), Invalid> {
        if self.peek(0) != Some('-') || matches!(self.peek(1), Some(']') | None) {
            ranges.push((from, from));
            return Ok(());
        }
        self.at += 1;
        let to = match (self.peek(0), self.peek(1)) {
            (Some('['), Some(kind @ ('.' | '='))) => {
                self.bracket_name(kind)?.chars().next().map(u32::from).ok_or(Invalid::Class)?
            }
            _ => self.bracket_char()?,
        };
        if to < from {
            return Err(Invalid::Range);
        }
        ranges.push((from, to));
        Ok(())
    }

    fn bracket_char(&mut self) -> Result<u32, Invalid> {
        let code = *self.chars.get(self.at).ok_or(Invalid::Bracket)?;
        self.at += 1;
        if code == u32::from('\\')
            && let Some(next) = self.peek(0)
        {
            let escaped = control(next).filter(|_| self.syntax.escapes);
            if escaped.is_some() || self.syntax.bracket_backslash {
                self.at += 1;
                return Ok(escaped.unwrap_or(next.into()));
            }
        }
        Ok(code)
    }

    /// The name between `[:` and `:]` and their like.
    fn bracket_name(&mut self, kind: char) -> Result<String, Invalid> {
        self.at += 2;
        let mut name = String::new();
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some(c), Some(']')) if c == kind && !(name.is_empty() && kind != ':') => {
                    self.at += 2;
                    return Ok(name);
                }
                (Some(c), _) => name.push(c),
                (None, _) => return Err(Invalid::Bracket),
            }
            self.at += 1;
        }
    }
}

/// The length of a branch that is plain text.
fn plain_length(ast: &Ast) -> Option<usize> {
    match ast {
        Ast::Empty => Some(0),
        Ast::Char(_) | Ast::Any | Ast::Set { .. } => Some(1),
        Ast::Sequence(parts) => parts.iter().map(plain_length).sum(),
        _ => None,
    }
}

fn control(c: char) -> Option<u32> {
    Some(match c {
        'a' => 7,
        'f' => 12,
        'n' => 10,
        'r' => 13,
        't' => 9,
        'v' => 11,
        _ => return None,
    })
}

fn word_set(negated: bool) -> Ast {
    let mut ranges = class("alnum").unwrap_or_default();
    ranges.push(('_'.into(), '_'.into()));
    Ast::Set { negated, ranges }
}

/// The characters of a class in the C locale.
pub(super) fn class(name: &str) -> Option<Vec<(u32, u32)>> {
    let ranges: &[(u8, u8)] = match name {
        "alpha" => &[(b'A', b'Z'), (b'a', b'z')],
        "digit" => &[(b'0', b'9')],
        "alnum" => &[(b'0', b'9'), (b'A', b'Z'), (b'a', b'z')],
        "upper" => &[(b'A', b'Z')],
        "lower" => &[(b'a', b'z')],
        "space" => &[(b'\t', b'\r'), (b' ', b' ')],
        "blank" => &[(b'\t', b'\t'), (b' ', b' ')],
        "punct" => &[(b'!', b'/'), (b':', b'@'), (b'[', b'`'), (b'{', b'~')],
        "print" => &[(b' ', b'~')],
        "graph" => &[(b'!', b'~')],
        "cntrl" => &[(0, 31), (127, 127)],
        "xdigit" => &[(b'0', b'9'), (b'A', b'F'), (b'a', b'f')],
        _ => return None,
    };
    Some(ranges.iter().map(|(from, to)| (u32::from(*from), u32::from(*to))).collect())
}
