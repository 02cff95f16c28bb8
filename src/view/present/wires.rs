//! Where a COPY --from takes its files: the step of the other stage that wrote them, for the wires between the stacks.

use super::lens::Lens;
use crate::build::outcome::Step;
use crate::insight::provenance;
use crate::view::layer::StepKey;

/// The step of another stage that last wrote the first thing that a step copied; the stage's FROM where the base has it.
/// None for steps that copied no file from a stage.
pub(super) fn provider(lens: &Lens<'_>, step: &Step) -> Option<StepKey> {
    provenance::provider(lens.build, step).map(|(stage, layer)| lens.name(stage, layer).key)
}
