//! What the editor asks about a place in the text: how a word can be completed, and what it means.

use crate::view::layer::StepKey;
use crate::view::size::Amount;
use crate::view::stack::Counts;
use serde::{Deserialize, Serialize};

/// A question about a place in the Dockerfile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The editor's number of it; the reply carries it.
    pub id: u32,
    /// What is asked.
    pub kind: QuestionKind,
    /// The place, in bytes.
    pub at: usize,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum QuestionKind {
    /// How can the word before this place be completed?
    Complete,
    /// What does the word at this place mean?
    Explain,
}

/// The answer to a [`Question`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply {
    /// Nothing is known.
    Nothing,
    /// Ways to complete the word that begins at this byte.
    Completions(usize, Vec<Completion>),
    /// What the word from this byte to that one means.
    Explanation(usize, usize, Explanation),
}

/// A way to complete a word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    /// The whole word.
    pub text: String,
    /// What it is.
    pub what: CompletionWhat,
}

/// What a completion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum CompletionWhat {
    /// An instruction, and whether it makes a layer.
    Instruction(bool),
    /// A word of an instruction's grammar.
    Keyword,
    /// A flag.
    Flag,
    /// An earlier stage.
    Stage,
    /// An image of the catalogue.
    Image,
    /// A file that can be copied.
    File,
    /// A directory that can be copied.
    Dir,
    /// A variable.
    Variable,
    /// A command of RUN that is simulated.
    Command,
}

/// The most completions of one reply.
pub const MAX_COMPLETIONS: usize = 100;

/// What a word means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Explanation {
    /// An instruction.
    Instruction {
        /// Its name, in upper case.
        name: String,
        /// Does it make layers?
        layer: bool,
        /// The step that it made here, its layer's size and counts.
        made: Option<(StepKey, Amount, Counts)>,
    },
    /// A flag of an instruction, without its dashes.
    Flag {
        /// The instruction, in upper case.
        instruction: String,
        /// The flag.
        name: String,
    },
    /// A base image, its layers and its size.
    Image {
        /// Its name in the catalogue.
        name: String,
        /// How many layers.
        layers: u32,
        /// Their size.
        size: Amount,
    },
    /// A stage of this text.
    Stage {
        /// Its name.
        name: String,
        /// Its size, where it was built.
        size: Option<Amount>,
    },
}
