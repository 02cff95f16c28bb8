//! Dockerfiles: from text to instructions, never failing.
//!
//! [`parse`] gives the syntax tree and what is wrong with the text; [`expand`] substitutes variables in words;
//! [`stages`] says which instructions belong to which stage; [`ignore`] reads `.dockerignore`. Nothing here executes,
//! reads files or knows images. The rules are those of BuildKit's Dockerfile frontend in Docker 28.
//!
//! Invariants: spans lie inside the text on character boundaries, instructions' spans are ordered and do not overlap;
//! every instruction that is not understood has a diagnostic.

pub mod ast;
mod duration;
pub mod expand;
mod frontend;
mod heredoc;
pub mod ignore;
pub mod instruction;
mod lines;
mod logical;
mod parser;
pub mod platform;
pub mod reference;
pub mod remote;
pub mod stages;
mod step;
#[cfg(test)]
mod tests;
pub mod tree;
mod words;

pub use ast::{Dockerfile, Heredoc, Instruction, InstructionKind, Word};
pub use frontend::Frontend;
pub use ignore::Ignore;
pub use parser::{SIZE_LIMIT, parse, parse_trigger};
pub use stages::{BuildOptions, Source, Stage, StageGraph};
