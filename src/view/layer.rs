//! How the page names steps and layers: one key, one kind, one chip, the same in every panel.

use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// Which step of which stage. Rows are keyed by it, never by a digest, so that a new digest moves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct StepKey {
    /// The stage, from 0 in the text's order.
    pub stage: u32,
    /// The step within the stage, from 1; 0 is its FROM with all the base's layers.
    pub step: u32,
}

impl StepKey {
    /// A step of a stage.
    pub fn new(stage: u32, step: u32) -> Self {
        Self { stage, step }
    }

    /// Is this the stage's FROM?
    pub fn is_base(self) -> bool {
        self.step == 0
    }
}

/// The kind of an instruction, by which chips and slabs are coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// FROM.
    From,
    /// RUN.
    Run,
    /// COPY.
    Copy,
    /// ADD.
    Add,
    /// WORKDIR.
    Workdir,
    /// Every instruction that makes no layer.
    Meta,
}

impl Kind {
    /// The kind of an instruction by its keyword, in any case.
    pub fn of_keyword(keyword: &str) -> Self {
        match keyword.to_ascii_uppercase().as_str() {
            "FROM" => Self::From,
            "RUN" => Self::Run,
            "COPY" => Self::Copy,
            "ADD" => Self::Add,
            "WORKDIR" => Self::Workdir,
            _ => Self::Meta,
        }
    }

    /// The kind's name in style sheets and icons.
    pub fn name(self) -> &'static str {
        match self {
            Self::From => "from",
            Self::Run => "run",
            Self::Copy => "copy",
            Self::Add => "add",
            Self::Workdir => "workdir",
            Self::Meta => "meta",
        }
    }
}

/// A layer, as chips and sentences name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerName {
    /// The step that made it; a base's layer has its FROM's key.
    pub key: StepKey,
    /// Its instruction's kind; `From` for a base's layer.
    pub kind: Kind,
    /// The stage's name, said where the build has several stages.
    pub stage: Option<Rc<str>>,
    /// Is the layer in the final image? If not, its chip is drawn in outline.
    pub in_image: bool,
}

impl LayerName {
    /// Is it one of the base image's layers?
    pub fn is_base(&self) -> bool {
        self.key.is_base()
    }
}

/// How a chip looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChipLook {
    /// A layer of the image.
    Filled,
    /// Not in the image: an empty layer, or a stage that stays behind.
    Hollow,
    /// The step that failed, or the line that does not parse.
    Broken,
    /// A step that did not run.
    NotRun,
}

/// An instruction's text, cut so that its last word stays readable in a narrow row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstructionText {
    /// The keyword, in capitals.
    pub keyword: String,
    /// What follows, whitespace joined; it may be cut at its end.
    pub head: String,
    /// The last word, where it is a path worth keeping.
    pub tail: Option<String>,
}

impl InstructionText {
    /// From a keyword and its arguments, as written (continuations may still be in it).
    pub fn new(keyword: &str, arguments: &str) -> Self {
        let words: Vec<&str> = arguments.split_whitespace().filter(|word| *word != "\\").collect();
        let keyword = keyword.to_ascii_uppercase();
        let all = words.join(" ");
        match words.split_last() {
            Some((last, rest))
                if rest.len() >= 2
                    && last.contains('/')
                    && last.len() <= 28
                    && (all.len() > 24 || keyword != "RUN") =>
            {
                Self { keyword, head: rest.join(" "), tail: Some((*last).to_owned()) }
            }
            _ => Self { keyword, head: all, tail: None },
        }
    }

    /// The whole arguments again.
    pub fn arguments(&self) -> String {
        match &self.tail {
            Some(tail) => format!("{} {tail}", self.head),
            None => self.head.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_instructions_keep_their_last_path() {
        let cases = [
            ("run", "rm /data/one", "rm /data/one", None),
            ("RUN", "chmod -R 0777 /data", "chmod -R 0777 /data", None),
            (
                "RUN",
                "dd if=/dev/zero bs=1024 count=1024 of=/data/one",
                "dd if=/dev/zero bs=1024 count=1024",
                Some("of=/data/one"),
            ),
            ("COPY", "--chown=app conf/ /etc/app/", "--chown=app conf/", Some("/etc/app/")),
            ("RUN", "a && \\\n    b", "a && b", None),
        ];
        for (keyword, arguments, head, tail) in cases {
            let text = InstructionText::new(keyword, arguments);
            assert_eq!(text.head, head);
            assert_eq!(text.tail.as_deref(), tail);
        }
    }
}
