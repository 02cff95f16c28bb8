//! A relative WORKDIR before any other in the file: where it leads depends on the base image.

use super::super::state::Step;
use super::super::{Rule, Run, Sink};
use crate::diagnostic::{Edit, Finding};
use crate::dockerfile::InstructionKind;
use crate::glob::clean;

pub(in super::super) const RULE: Rule = Rule {
    name: "WorkdirRelativePath",
    experimental: false,
    doc: "Relative workdir without an absolute workdir declared within the build can have unexpected results if the base image changes",
    run: Run::Step(check),
};

fn check(step: &Step<'_>, sink: &mut Sink) {
    let InstructionKind::Workdir(workdir) = &step.instruction.kind else { return };
    let Some(path) = step.expanded(&workdir.path).map(|expansion| expansion.text.clone()) else { return };
    if step.state.workdir_set || path.starts_with('/') {
        return;
    }
    // What it comes to with this base.
    let absolute = clean(&format!("/{}/{}", step.state.working_dir, workdir.path.text));
    let edit = (!path.is_empty()).then_some(Edit { span: workdir.path.span, replacement: absolute });
    sink.report(step.finding_with_edit(Finding::WorkdirRelativePath { path }, workdir.path.span, edit));
}
