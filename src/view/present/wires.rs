//! Where a COPY --from takes its files: the step of the other stage that wrote them, for the wires between the stacks.

use super::lens::Lens;
use crate::build::outcome::{Stage, Step};
use crate::insight::lookup::{End, lookup};
use crate::path::AbsPath;
use crate::view::layer::StepKey;

/// The step of another stage that last wrote the first thing that a step copies; the stage's FROM where the base has it.
/// None for steps that copy nothing from a stage, and where a wildcard leaves no path to look for but the root.
pub(super) fn provider(lens: &Lens<'_>, step: &Step) -> Option<StepKey> {
    if step.source.name != "COPY" {
        return None;
    }
    let words: Vec<&str> = step.source.text.split_whitespace().skip(1).collect();
    let (flags, paths): (Vec<&str>, Vec<&str>) = words.iter().partition(|word| word.starts_with("--"));
    let from = flags.iter().find_map(|flag| flag.strip_prefix("--from="))?;
    let stage = named(lens, from, step.id.stage)?;
    let first = paths.first()?.trim_matches(['[', ']', '"', ',']);
    let path = AbsPath::root().join(first.split(['*', '?', '[']).next().unwrap_or_default());
    let look = lookup(stage, stage.layers.len(), &path);
    match look.end {
        End::Found(at) | End::Directory(at) => Some(lens.name(stage, at).key),
        End::Hidden(_) | End::Absent => None,
    }
}

/// The stage before this one that has a name, or a number.
fn named<'a>(lens: &Lens<'a>, name: &str, before: usize) -> Option<&'a Stage> {
    let earlier = lens.build.stages.get(..before)?;
    let by_name = earlier.iter().rev().find(|stage| stage.name.as_deref() == Some(&name.to_lowercase()));
    by_name.or_else(|| earlier.get(name.parse::<usize>().ok()?))
}
