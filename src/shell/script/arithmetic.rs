//! Arithmetic expressions: read once, evaluated by the interpreter. 64-bit integers, as all three shells have them.

use super::Dialect;
use std::rc::Rc;

/// How deep expressions nest.
const MAX_DEPTH: u32 = 64;

/// An expression.
#[derive(Debug)]
pub enum Expr {
    /// A number.
    Number(i64),
    /// A variable.
    Variable(Target),
    /// `=`, or with an operator `+=` and its like.
    Assign(Target, Option<Operator>, Box<Expr>),
    /// `++` and `--`: how much is added, and whether the value before it counts.
    Step(Target, i64, bool),
    /// `- + ! ~`
    Unary(u8, Box<Expr>),
    /// Two operands.
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// `? :`
    Choice(Box<Expr>, Box<Expr>, Box<Expr>),
}

/// What can be assigned to.
#[derive(Debug)]
pub struct Target {
    /// The variable.
    pub name: Rc<str>,
    /// bash’s index.
    pub index: Option<Box<Expr>>,
}

/// Operators of two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `,`
    Comma,
    /// `||`
    Or,
    /// `&&`
    And,
    /// `|`
    BitOr,
    /// `^`
    BitXor,
    /// `&`
    BitAnd,
    /// `==`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `<<`
    ShiftLeft,
    /// `>>`
    ShiftRight,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Modulo,
    /// `**`
    Power,
}

/// Where an expression cannot be read: what is left of it there, and whether an operand was due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoExpression {
    /// What is left.
    pub rest: String,
    /// An operand was due; else what is left is too much.
    pub operand: bool,
    /// It nests too deep to be read.
    pub deep: bool,
}

/// Reads an expression.
///
/// # Errors
/// If it is none in this dialect.
pub fn parse(text: &str, dialect: Dialect) -> Result<Expr, NoExpression> {
    let mut parser = Parser { text, at: 0, dialect, depth: 0 };
    parser.blanks();
    if parser.at == text.len() && dialect != Dialect::Dash {
        return Ok(Expr::Number(0));
    }
    let expr = parser.binary(0)?;
    parser.blanks();
    if parser.at < text.len() { Err(parser.trouble(false)) } else { Ok(expr) }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    dialect: Dialect,
    depth: u32,
}

/// Operators by how tightly they bind; of those that start alike the longer first. 1: comma, 2: assignment and choice.
const OPERATORS: &[(&str, Operator, u8)] = &[
    ("**", Operator::Power, 13),
    ("<<", Operator::ShiftLeft, 10),
    (">>", Operator::ShiftRight, 10),
    ("<=", Operator::LessEqual, 9),
    (">=", Operator::GreaterEqual, 9),
    ("==", Operator::Equal, 8),
    ("!=", Operator::Unequal, 8),
    ("&&", Operator::And, 4),
    ("||", Operator::Or, 3),
    ("<", Operator::Less, 9),
    (">", Operator::Greater, 9),
    ("&", Operator::BitAnd, 7),
    ("^", Operator::BitXor, 6),
    ("|", Operator::BitOr, 5),
    ("+", Operator::Add, 11),
    ("-", Operator::Subtract, 11),
    ("*", Operator::Multiply, 12),
    ("/", Operator::Divide, 12),
    ("%", Operator::Modulo, 12),
    (",", Operator::Comma, 1),
];

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn trouble(&self, operand: bool) -> NoExpression {
        NoExpression { rest: self.rest().to_owned(), operand, deep: self.depth > MAX_DEPTH }
    }

    fn eat(&mut self, what: &str) -> bool {
        let found = self.rest().starts_with(what);
        if found {
            self.at += what.len();
        }
        found
    }

    fn operator(&self) -> Option<(&'static str, Operator, u8)> {
        let rest = self.rest();
        let found = OPERATORS.iter().find(|(text, ..)| rest.starts_with(text))?;
        let dash = self.dialect == Dialect::Dash;
        if dash && matches!(found.1, Operator::Power | Operator::Comma) {
            return None;
        }
        // `a += b` is an assignment.
        let assigns = rest[found.0.len()..].starts_with('=') && !matches!(found.1, Operator::Equal | Operator::Unequal);
        if assigns && found.2 >= 5 && found.2 != 9 && found.2 != 13 { None } else { Some(*found) }
    }

    /// An expression of operators that bind at least this tightly.
    fn binary(&mut self, least: u8) -> Result<Expr, NoExpression> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.trouble(false));
        }
        let mut left = self.operand()?;
        loop {
            self.blanks();
            if least <= 2 && self.eat("?") {
                let yes = self.binary(1)?;
                self.blanks();
                if !self.eat(":") {
                    return Err(self.trouble(false));
                }
                let no = self.binary(2)?;
                left = Expr::Choice(Box::new(left), Box::new(yes), Box::new(no));
                continue;
            }
            let Some((text, operator, strength)) = self.operator() else { break };
            if strength < least || (strength == 13 && least > 13) {
                break;
            }
            self.at += text.len();
            // Powers group from the right.
            let right = self.binary(if operator == Operator::Power { strength } else { strength + 1 })?;
            left = Expr::Binary(operator, Box::new(left), Box::new(right));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn operand(&mut self) -> Result<Expr, NoExpression> {
        self.blanks();
        let steps = self.dialect != Dialect::Dash;
        for (text, step) in [("++", 1), ("--", -1)] {
            let after = self.rest().strip_prefix(text).map(str::trim_start);
            if steps && after.is_some_and(|after| super::word::name_length(after) > 0) {
                self.at += 2;
                self.blanks();
                let target = self.target()?;
                return Ok(Expr::Step(target, step, false));
            }
        }
        match self.rest().bytes().next() {
            Some(sign @ (b'-' | b'+' | b'!' | b'~')) => {
                self.at += 1;
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return Err(self.trouble(false));
                }
                let operand = self.operand()?;
                self.depth -= 1;
                Ok(Expr::Unary(sign, Box::new(operand)))
            }
            Some(b'(') => {
                self.at += 1;
                let inner = self.binary(0)?;
                self.blanks();
                if self.eat(")") { Ok(inner) } else { Err(self.trouble(false)) }
            }
            Some(byte) if byte.is_ascii_digit() => self.number(),
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' => self.variable(steps),
            _ => Err(self.trouble(true)),
        }
    }

    fn target(&mut self) -> Result<Target, NoExpression> {
        let length = super::word::name_length(self.rest());
        let name = self.rest()[..length].into();
        self.at += length;
        let index = if self.dialect == Dialect::Bash && self.eat("[") {
            let index = self.binary(0)?;
            self.blanks();
            if !self.eat("]") {
                return Err(self.trouble(false));
            }
            Some(Box::new(index))
        } else {
            None
        };
        Ok(Target { name, index })
    }

    fn variable(&mut self, steps: bool) -> Result<Expr, NoExpression> {
        let target = self.target()?;
        let at = self.at;
        self.blanks();
        if steps && self.eat("++") {
            return Ok(Expr::Step(target, 1, true));
        }
        if steps && self.eat("--") {
            return Ok(Expr::Step(target, -1, true));
        }
        if self.rest().starts_with('=') && !self.rest().starts_with("==") {
            self.at += 1;
            return Ok(Expr::Assign(target, None, Box::new(self.binary(2)?)));
        }
        for (text, operator, strength) in OPERATORS {
            let assigns = *strength >= 5 && *strength != 8 && *strength != 9 && *strength != 13;
            if assigns && self.rest().strip_prefix(text).is_some_and(|rest| rest.starts_with('=')) {
                self.at += text.len() + 1;
                return Ok(Expr::Assign(target, Some(*operator), Box::new(self.binary(2)?)));
            }
        }
        self.at = at;
        Ok(Expr::Variable(target))
    }

    fn number(&mut self) -> Result<Expr, NoExpression> {
        let rest = self.rest();
        let length = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || b"#_@".contains(b)).count();
        let text = &rest[..length];
        let value = number(text, self.dialect).ok_or_else(|| self.trouble(true))?;
        self.at += length;
        Ok(Expr::Number(value))
    }
}

/// A number as it stands in an expression: decimal, `0x`, octal with a `0` in front, and but for dash `base#digits`.
pub fn number(text: &str, dialect: Dialect) -> Option<i64> {
    let (digits, radix) = if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        (hex, 16)
    } else if let Some((base, digits)) = text.split_once('#') {
        if dialect == Dialect::Dash {
            return None;
        }
        (digits, base.parse().ok().filter(|base| (2..=64).contains(base))?)
    } else if text.len() > 1 && text.starts_with('0') {
        (&text[1..], 8)
    } else {
        (text, 10)
    };
    if digits.is_empty() {
        return None;
    }
    let mut value = 0i64;
    for byte in digits.bytes() {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'z' => byte - b'a' + 10,
            b'A'..=b'Z' if radix <= 36 => byte - b'A' + 10,
            b'A'..=b'Z' => byte - b'A' + 36,
            b'@' => 62,
            b'_' => 63,
            _ => return None,
        };
        if u32::from(digit) >= radix {
            return None;
        }
        value = value.wrapping_mul(i64::from(radix)).wrapping_add(i64::from(digit));
    }
    Some(value)
}

impl Operator {
    /// The result for two numbers; `&&` and `||` are the evaluator's. None for a division by zero.
    pub fn apply(self, left: i64, right: i64) -> Option<i64> {
        Some(match self {
            Operator::Comma => right,
            Operator::Or => i64::from(left != 0 || right != 0),
            Operator::And => i64::from(left != 0 && right != 0),
            Operator::BitOr => left | right,
            Operator::BitXor => left ^ right,
            Operator::BitAnd => left & right,
            Operator::Equal => i64::from(left == right),
            Operator::Unequal => i64::from(left != right),
            Operator::Less => i64::from(left < right),
            Operator::LessEqual => i64::from(left <= right),
            Operator::Greater => i64::from(left > right),
            Operator::GreaterEqual => i64::from(left >= right),
            Operator::ShiftLeft => left.wrapping_shl(right as u32),
            Operator::ShiftRight => left.wrapping_shr(right as u32),
            Operator::Add => left.wrapping_add(right),
            Operator::Subtract => left.wrapping_sub(right),
            Operator::Multiply => left.wrapping_mul(right),
            Operator::Divide if right != 0 => left.wrapping_div(right),
            Operator::Modulo if right != 0 => left.wrapping_rem(right),
            Operator::Divide | Operator::Modulo => return None,
            Operator::Power => power(left, right),
        })
    }
}

fn power(base: i64, exponent: i64) -> i64 {
    let (mut base, mut exponent, mut out) = (base, exponent.max(0) as u64, 1i64);
    while exponent > 0 {
        if exponent & 1 == 1 {
            out = out.wrapping_mul(base);
        }
        base = base.wrapping_mul(base);
        exponent >>= 1;
    }
    out
}
