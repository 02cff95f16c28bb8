//! A base image that was built for another platform than the build asks for.

use super::super::state::{BaseConfig, StageView};
use super::super::{Rule, Run, Sink};
use crate::diagnostic::{Diagnostic, Finding};
use crate::dockerfile::InstructionKind;
use crate::dockerfile::platform::Platform;

pub(in super::super) const RULE: Rule = Rule {
    name: "InvalidBaseImagePlatform",
    experimental: false,
    doc: "Base image platform does not match expected target platform",
    run: Run::Base(check),
};

fn check(view: &StageView<'_>, base: &BaseConfig, sink: &mut Sink) {
    let instruction = view.from();
    let InstructionKind::From(from) = &instruction.kind else { return };
    // Without `--platform` the base decides.
    let Some(expected) = &view.stage.platform else { return };
    let name = |platform: &Platform| platform.to_string();
    if expected.os != base.platform.os || expected.architecture != base.platform.architecture {
        let (image, actual, expected) = (from.base.text.clone(), name(&base.platform), name(expected));
        let kind = Finding::InvalidBaseImagePlatform { image, actual, expected };
        sink.report(Diagnostic::warning(kind, from.base.span, instruction.first_line));
    }
}
