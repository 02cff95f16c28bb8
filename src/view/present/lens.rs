//! A build through the page's eyes: what every view model needs of it, computed once.

use super::Shown;
use crate::archive::DiffId;
use crate::build::Build;
use crate::build::outcome::{BaseKind, Stage, StageLayer, Step, StepId};
use crate::image::{Certainty, Layer};
use crate::insight::ledger::Ledger;
use crate::insight::why;
use crate::view::changes::Cause;
use crate::view::layer::{InstructionText, Kind, LayerName, StepKey};
use crate::view::size::Amount;
use crate::view::stack::DigestView;
use std::sync::Arc;

/// A finished build, and the stage that becomes its image.
#[derive(Clone, Copy)]
pub(super) struct Lens<'a> {
    pub shown: &'a Shown,
    pub build: &'a Build,
    /// The stage that the page is about: the image's, however far it came.
    pub stage: &'a Stage,
    pub ledger: &'a Ledger,
}

impl<'a> Lens<'a> {
    pub fn new(shown: &'a Shown) -> Option<Self> {
        let stage = shown.build.target_stage()?;
        let ledger = shown.ledger.get_or_init(|| Ledger::new(&shown.build, stage));
        Some(Self { shown, build: &shown.build, stage, ledger })
    }

    /// Several stages, so that layers are named with their stage.
    pub fn many(&self) -> bool {
        self.build.stages.len() > 1
    }

    /// Is a step's layer in the image?
    pub fn in_image(&self, id: StepId) -> bool {
        id.stage == self.stage.index || self.stage.layers.iter().any(|layer| layer.step == Some(id))
    }

    /// The image's stage as it was after one of its steps, with its ledger; none after the last layer, and for the steps of
    /// other stages. It has no steps and no history: what explains a step is asked of the whole.
    pub fn cut(&self, at: StepKey) -> Option<(Stage, Ledger)> {
        let stage = self.stage;
        let above =
            |layer: &StageLayer| layer.step.is_some_and(|id| id.stage == stage.index && id.ordinal > at.step as usize);
        let count = stage.layers.iter().take_while(|layer| !above(layer)).count();
        if at.stage as usize != stage.index || count == stage.layers.len() {
            return None;
        }
        let snapshot = self.step(at).map_or(&stage.base.snapshot, |step| &step.after);
        let cut = Stage {
            index: stage.index,
            name: stage.name.clone(),
            base: stage.base.clone(),
            state: stage.state,
            from: stage.from.clone(),
            steps: Vec::new(),
            layers: stage.layers.iter().take(count).cloned().collect(),
            history: Vec::new(),
            config: stage.config.clone(),
            snapshot: snapshot.clone(),
        };
        let ledger = Ledger::new(self.build, &cut);
        Some((cut, ledger))
    }

    /// How the page names a layer of a stage.
    pub fn name(&self, stage: &Stage, index: usize) -> LayerName {
        let id = stage.layers.get(index).and_then(|layer| layer.step);
        let Some(id) = id else {
            return LayerName { key: base_key(stage), kind: Kind::From, stage: None, in_image: true };
        };
        let kind = self.build.step(id).map_or(Kind::Meta, |step| Kind::of_keyword(&step.source.name));
        let other = id.stage != self.stage.index;
        let named = (self.many() && other).then(|| self.stage_name(id.stage));
        LayerName { key: key(id), kind, stage: named.map(Into::into), in_image: self.in_image(id) }
    }

    /// A stage's name, or its number.
    pub fn stage_name(&self, index: usize) -> String {
        let named = self.build.stages.get(index).and_then(|stage| stage.name.clone());
        named.unwrap_or_else(|| index.to_string())
    }

    /// The step of a key; none for a base.
    pub fn step(&self, key: StepKey) -> Option<&'a Step> {
        self.build.step(StepId { stage: key.stage as usize, ordinal: key.step as usize })
    }

    /// The stage of a key; the image's where there is no such.
    pub fn stage_of(&self, key: StepKey) -> &'a Stage {
        self.build.stages.get(key.stage as usize).unwrap_or(self.stage)
    }

    /// Why a layer stores a copy, with the command that did it.
    pub fn cause(&self, stage: &Stage, layer: usize, cause: &why::Cause) -> Cause {
        let step = stage.layers.get(layer).and_then(|layer| layer.step).and_then(|id| self.build.step(id));
        let command = |known: &[&str]| step.map_or_else(String::new, |step| command_of(step, known));
        match cause {
            why::Cause::Base => Cause::Base,
            why::Cause::Copied => {
                Cause::Copied(step.map_or_else(|| "COPY".to_owned(), |step| step.source.name.clone()))
            }
            why::Cause::Written => Cause::Written(command(&[])),
            why::Cause::CopiedUp(_) => Cause::CopiedUp(command(CHANGERS)),
        }
    }

    /// First line of the instruction that made a layer; none for the base's.
    pub fn line(&self, stage: &Stage, layer: usize) -> Option<u32> {
        let id = stage.layers.get(layer)?.step?;
        self.build.step(id).map(|step| step.source.first_line as u32)
    }

    /// The image built before beside this one, from 1, that has the layers up to this one.
    pub fn also_in(&self, stage: &Stage, index: usize) -> Option<u32> {
        if !self.shown.beside || stage.index != self.stage.index {
            return None;
        }
        let ours = stage.layers.get(..=index)?;
        let shares = |other: &Build| {
            let theirs = other.target_stage().and_then(|stage| stage.layers.get(..=index));
            theirs.is_some_and(|theirs| ours.iter().zip(theirs).all(|(ours, theirs)| same(&ours.layer, &theirs.layer)))
        };
        self.shown.before.iter().position(shares).map(|at| at as u32 + 1)
    }
}

fn same(ours: &Arc<Layer>, theirs: &Arc<Layer>) -> bool {
    Arc::ptr_eq(ours, theirs) || Arc::ptr_eq(&ours.changeset, &theirs.changeset)
}

/// A step's key.
pub(super) fn key(id: StepId) -> StepKey {
    StepKey::new(id.stage as u32, id.ordinal as u32)
}

/// The key of a stage's FROM.
pub(super) fn base_key(stage: &Stage) -> StepKey {
    StepKey::new(stage.index as u32, 0)
}

/// The layers that a stage starts from: its base image's, and those of the stage it is built on.
pub(super) fn inherited(stage: &Stage) -> usize {
    let own = |layer: &StageLayer| layer.step.is_some_and(|id| id.stage == stage.index);
    stage.layers.iter().take_while(|layer| !own(layer)).count()
}

/// Has the stage a base to show?
pub(super) fn has_base(stage: &Stage) -> bool {
    stage.base.kind != BaseKind::Scratch && inherited(stage) > 0
}

/// Sum and certainty of layers.
pub(super) fn amount<'a>(layers: impl IntoIterator<Item = &'a StageLayer>) -> Amount {
    let mut sum = Amount::default();
    for layer in layers {
        sum.bytes += layer.layer.size;
        sum.certainty = sum.certainty.max(layer.layer.certainty);
    }
    sum
}

/// A layer's own size.
pub(super) fn size(layer: &Layer) -> Amount {
    Amount::new(layer.size, layer.certainty)
}

/// Part of a layer's bytes.
pub(super) fn part(bytes: u64, certainty: Certainty) -> Amount {
    Amount::new(bytes, certainty)
}

/// A layer's diff ID, of so many hex digits.
pub(super) fn digest(layer: &Layer, digits: usize) -> DigestView {
    match layer.diff_id() {
        None => DigestView::Pending,
        Some(DiffId::Computed(digest)) => DigestView::Known(digest.hex().chars().take(digits).collect()),
        Some(_) => DigestView::NotComputed,
    }
}

/// An instruction's text for its row: as the Dockerfile has it; of a trigger, as BuildKit prints it.
pub(super) fn text(build: &Build, step: &Step) -> InstructionText {
    let source = &step.source;
    let written = build.dockerfile.instructions.iter().find(|one| one.first_line == source.first_line);
    let written = written.filter(|_| source.trigger_of.is_none());
    let all = written.map_or(source.text.as_str(), |instruction| instruction.code.as_str());
    let keyword = all.split_whitespace().next().unwrap_or_default();
    InstructionText::new(&source.name, all.strip_prefix(keyword).unwrap_or_default())
}

/// Commands that change files they did not write.
pub(super) const CHANGERS: &[&str] =
    &["chmod", "chown", "chgrp", "touch", "sed", "mv", "cp", "ln", "truncate", "tee", "dd"];
/// Commands that take names away.
pub(super) const REMOVERS: &[&str] = &["rm", "rmdir", "unlink", "mv", "find"];

/// The command of a RUN that a sentence names: the first of the known ones, or the only one there is, else the keyword.
pub(super) fn command_of(step: &Step, known: &[&str]) -> String {
    let name = &step.source.name;
    if name != "RUN" {
        return name.clone();
    }
    let script = step.source.text.strip_prefix("RUN").unwrap_or(&step.source.text);
    let commands: Vec<&str> = script.split(['&', '|', ';', '\n', '(', ')', '{', '}']).filter_map(first_word).collect();
    if let Some(found) = commands.iter().find(|command| known.contains(command)) {
        return (*found).to_owned();
    }
    match commands.as_slice() {
        [one] => (*one).to_owned(),
        _ => name.clone(),
    }
}

/// The first word of a simple command that is neither an assignment, a reserved word nor a flag of RUN.
fn first_word(command: &str) -> Option<&str> {
    const RESERVED: [&str; 13] =
        ["if", "then", "else", "elif", "fi", "for", "do", "done", "while", "until", "case", "esac", "!"];
    command
        .split_whitespace()
        .find(|word| !RESERVED.contains(word) && !word.contains('=') && !word.starts_with("--"))
        .map(|word| word.trim_matches(['"', '\'', '[', ']', ',']))
        .map(|word| word.rsplit('/').next().unwrap_or(word))
        .filter(|word| !word.is_empty())
}
