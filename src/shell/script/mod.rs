//! Shell scripts as trees: what the interpreter runs. It never sees the types of the parser that read the text.
//!
//! Words are taken apart while the text is read, once, so that a loop costs no reading.

mod arithmetic;
mod braces;
mod condition;
mod expected;
mod grammar;
mod lexer;
mod word;

pub use arithmetic::{Expr, NoExpression, Operator, Target, number as arithmetic_number, parse as parse_arithmetic};
pub use grammar::Reader;
pub use lexer::{Syntax, Trouble};

use std::rc::Rc;

/// Whose grammar, builtins and messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// busybox ash: `/bin/sh` of the images `busybox` and `alpine`.
    Ash,
    /// dash: `/bin/sh` of Debian and Ubuntu.
    Dash,
    /// bash.
    Bash,
}

/// Commands, one after the other.
pub type List = Vec<Item>;

/// A list joined by `&&` and `||`.
#[derive(Debug)]
pub struct Item {
    /// The first.
    pub first: Pipeline,
    /// The others, each with what joins it to those before: true for `&&`.
    pub rest: Vec<(bool, Pipeline)>,
    /// Ends with `&`.
    pub background: bool,
}

/// Commands joined by `|`.
#[derive(Debug)]
pub struct Pipeline {
    /// Begins with `!`.
    pub negated: bool,
    /// Begins with bash's `time`.
    pub timed: bool,
    /// The commands; at least one.
    pub commands: Vec<Command>,
}

/// A command with its redirections.
#[derive(Debug)]
pub struct Command {
    /// Where it starts in the RUN's script, in bytes.
    pub position: usize,
    /// Its line in its own script, from 1.
    pub line: u32,
    /// What it is.
    pub kind: Kind,
    /// Its redirections, in order.
    pub redirects: Vec<Redirect>,
}

/// What a command is.
#[derive(Debug)]
pub enum Kind {
    /// Assignments, a name, arguments.
    Simple(Vec<Assignment>, Vec<Word>),
    /// `{ …; }`
    Group(List),
    /// `( … )`
    Subshell(List),
    /// Conditions with their branches, and the `else`.
    If(Vec<(List, List)>, List),
    /// `for NAME in WORDS`; without words, over the arguments.
    For(Rc<str>, Option<Vec<Word>>, List),
    /// bash’s `for ((…; …; …))`.
    ForArithmetic([Option<Arithmetic>; 3], List),
    /// `while`, or with true `until`.
    While(bool, List, List),
    /// `case WORD in …`
    Case(Word, Vec<Arm>),
    /// A function and its body.
    Function(Rc<str>, Rc<Command>),
    /// bash’s `((…))`.
    Arithmetic(Arithmetic),
    /// bash’s `[[ … ]]`.
    Condition(Condition),
}

/// A branch of `case`.
#[derive(Debug)]
pub struct Arm {
    /// Any of these.
    pub patterns: Vec<Word>,
    /// What runs.
    pub body: List,
    /// How it goes on after it.
    pub after: After,
}

/// What follows a branch of `case`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// `;;`
    Leave,
    /// `;&`: the next branch runs.
    FallThrough,
    /// `;;&`: the next patterns are tried.
    GoOn,
}

/// `name=value`, `name+=value`, `name[index]=value`, `name=(…)`.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// The variable.
    pub name: Rc<str>,
    /// bash’s index of an array.
    pub index: Option<Word>,
    /// `+=`
    pub append: bool,
    /// The value.
    pub value: Value,
}

/// What is assigned.
#[derive(Debug, Clone)]
pub enum Value {
    /// One word.
    Scalar(Word),
    /// bash’s array: words, each with its index if it has one.
    Array(Vec<(Option<Word>, Word)>),
}

/// A redirection.
#[derive(Debug, Clone)]
pub struct Redirect {
    /// The descriptor to its left.
    pub fd: Option<u32>,
    /// What is done.
    pub kind: RedirectKind,
}

/// The kinds of redirections.
#[derive(Debug, Clone)]
pub enum RedirectKind {
    /// `<`
    Read(Word),
    /// `>`; with true `>|`.
    Write(Word, bool),
    /// `>>`
    Append(Word),
    /// `<>`
    ReadWrite(Word),
    /// `<&` and `>&`: a number, or `-`. The flag says whether the descriptor without a number is 0.
    Duplicate(Word, bool),
    /// `&>`, and with true `&>>`.
    Both(Word, bool),
    /// `<<`, `<<-`, `<<<`: the text; with true a line feed is added.
    Here(Word, bool),
}

/// A word: parts that are expanded one after the other and joined.
#[derive(Debug, Clone, Default)]
pub struct Word {
    /// The parts.
    pub parts: Rc<[Part]>,
}

/// A part of a word.
#[derive(Debug, Clone)]
pub enum Part {
    /// Text as it stands; unquoted, it may hold pattern characters. Empty and quoted, it makes an empty word.
    Text(Rc<str>, bool),
    /// `$name`, `${…}`; quoted or not.
    Param(Rc<Param>, bool),
    /// `$(…)`; quoted or not.
    Command(Rc<Substitution>, bool),
    /// `$((…))`; quoted or not.
    Arithmetic(Arithmetic, bool),
    /// `~`, `~user`, at a place where it counts.
    Tilde(Rc<str>),
    /// bash’s `<(…)` (true) and `>(…)`.
    Process(Rc<Substitution>, bool),
    /// `${…}` that no shell of this dialect can read; the text.
    Bad(Rc<str>),
    /// `x=(…)` as an argument of a bash builtin that declares.
    Declared(Rc<Assignment>),
    /// A new word begins: what bash’s braces expand to.
    Break,
}

/// The commands of a substitution.
#[derive(Debug)]
pub struct Substitution {
    /// The commands.
    pub list: List,
}

/// An arithmetic expression: read already, or text to be expanded first.
#[derive(Debug, Clone)]
pub enum Arithmetic {
    /// Without expansions.
    Read(Rc<Expr>),
    /// With expansions, or with an error that shows when it is evaluated.
    Text(Word),
}

/// A parameter expansion.
#[derive(Debug)]
pub struct Param {
    /// A name, a number, or one of `@*#?-$!`.
    pub name: Rc<str>,
    /// bash’s index: `@`, `*` or an expression.
    pub index: Option<Word>,
    /// What is done with the value.
    pub op: Op,
}

/// What is done with a parameter's value.
#[derive(Debug)]
pub enum Op {
    /// Nothing.
    Value,
    /// `${#x}`
    Length,
    /// `- = ? +`, with a colon or not, and the word.
    Unset(u8, bool, Word),
    /// `#`, `##`, `%`, `%%`: suffix, longest, pattern.
    Remove(bool, bool, Word),
    /// `:offset:length`
    Slice(Arithmetic, Option<Arithmetic>),
    /// `/pattern/with`: `/`, `#`, `%` or 0 for the first match.
    Replace(u8, Word, Word),
    /// `^ ^^ , ,,` of bash: upper case, all.
    Case(bool, bool),
    /// `${!x}` of bash.
    Indirect,
    /// `${!x@}`, `${!x*}`: names; `${!x[@]}`: the indices.
    Names,
    /// `${x@Q}` and its like.
    Transform(u8),
}

/// A condition of `[[`.
#[derive(Debug)]
pub enum Condition {
    /// `!`
    Not(Box<Condition>),
    /// `&&`
    And(Box<Condition>, Box<Condition>),
    /// `||`
    Or(Box<Condition>, Box<Condition>),
    /// An operator with one operand.
    Unary(Rc<str>, Word),
    /// An operator between two.
    Binary(Word, Rc<str>, Word),
    /// A word alone.
    Word(Word),
}

impl Word {
    /// A word of this text, quoted.
    pub fn quoted(text: &str) -> Self {
        Self { parts: [Part::Text(text.into(), true)].into() }
    }

    /// Words about as they were written: as bash’s trace shows the head of a loop.
    pub fn displayed(words: &[Word]) -> String {
        let part = |part: &Part| match part {
            Part::Text(text, false) => text.to_string(),
            Part::Text(text, true) => format!("'{text}'"),
            Part::Param(param, false) => format!("${}", param.name),
            Part::Param(param, true) => format!("\"${}\"", param.name),
            Part::Tilde(user) => format!("~{user}"),
            _ => "$(…)".to_owned(),
        };
        let word = |word: &Word| word.parts.iter().map(part).collect::<String>();
        words.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    /// The text of a word without expansions; none if it has some.
    pub fn literal(&self) -> Option<&str> {
        match &*self.parts {
            [] => Some(""),
            [Part::Text(text, _)] => Some(text),
            _ => None,
        }
    }
}

impl From<Vec<Part>> for Word {
    fn from(parts: Vec<Part>) -> Self {
        Self { parts: parts.into() }
    }
}
