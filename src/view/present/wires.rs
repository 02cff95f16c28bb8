//! Where a COPY --from takes its files: the step of the other stage that wrote them, for the wires between the stacks.

use super::lens::Lens;
use crate::build::outcome::Step;
use crate::insight::provenance;
use crate::view::layer::StepKey;

/// The last step of another stage that wrote anything of what a step copied; the stage's FROM where the base has it all.
/// None for steps that copied no file from a stage.
pub(super) fn provider(lens: &Lens<'_>, step: &Step) -> Option<StepKey> {
    provenance::provider(lens.build, step).map(|(stage, layer)| lens.name(stage, layer).key)
}
