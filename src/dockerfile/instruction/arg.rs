//! ARG: build arguments, with or without a default.

use super::super::ast::{InstructionKind, Word};
use super::{ArgumentStyle, Arguments, InstructionSpec, Parsed, Problem, Request};
use crate::diagnostic::InstructionError;

/// `ARG name[=default] …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArgInstruction {
    /// In order.
    pub declarations: Vec<ArgDeclaration>,
}

/// One name of an ARG.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArgDeclaration {
    /// The name; not expanded.
    pub name: Word,
    /// The default, if there is one, even an empty one; expanded when it is used.
    pub default: Option<Word>,
}

impl ArgInstruction {
    /// The row of the history; a value that is unset is left away with its `=`.
    pub fn created_by(values: &[(String, Option<String>)]) -> String {
        let texts: Vec<String> = values
            .iter()
            .map(|(name, value)| value.as_ref().map_or_else(|| name.clone(), |value| format!("{name}={value}")))
            .collect();
        format!("ARG {}", texts.join(" "))
    }
}

pub(super) const SPEC: InstructionSpec = InstructionSpec {
    name: "ARG",
    arguments: ArgumentStyle::Declarations,
    flags: &[],
    heredocs: false,
    layer: false,
    doc: "Declare a build argument",
    parse,
};

fn parse(request: &Request<'_>) -> Parsed {
    let Arguments::Words(words) = &request.arguments else {
        return Err(InstructionError::AtLeastOneArgument { instruction: request.name() }.into());
    };
    let mut declarations = Vec::new();
    for word in words {
        declarations.push(match word.text.split_once('=') {
            Some(("", _)) => {
                return Err(Problem::at(InstructionError::BlankName { instruction: request.name() }, word.span));
            }
            Some((name, value)) => ArgDeclaration {
                name: Word { text: name.to_owned(), span: word.span },
                default: Some(Word { text: value.to_owned(), span: word.span }),
            },
            None => ArgDeclaration { name: word.clone(), default: None },
        });
    }
    Ok(InstructionKind::Arg(ArgInstruction { declarations }))
}
