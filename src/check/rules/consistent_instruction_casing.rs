//! Keywords in the case of the majority; upper case if there is none. ARGs before the first FROM do not count.

use super::super::state::FileView;
use super::super::{Rule, Run, Sink};
use crate::diagnostic::{Diagnostic, Edit, Finding};

pub(in super::super) const RULE: Rule = Rule {
    name: "ConsistentInstructionCasing",
    experimental: false,
    doc: "All commands within the Dockerfile should use the same casing (either upper or lower)",
    run: Run::File(check),
};

fn check(view: &FileView<'_>, sink: &mut Sink) {
    let in_stages = || view.file.instructions.iter().skip_while(|instruction| instruction.name != "FROM");
    let written = || in_stages().map(|instruction| instruction.keyword.text.as_str());
    let lower = written().filter(|text| *text == text.to_lowercase()).count();
    let upper = written().filter(|text| *text == text.to_uppercase()).count();
    for instruction in in_stages() {
        let text = &instruction.keyword.text;
        let (wanted, casing) =
            if lower > upper { (text.to_lowercase(), "lowercase") } else { (text.to_uppercase(), "uppercase") };
        if *text != wanted {
            let span = instruction.keyword.span;
            let kind = Finding::ConsistentInstructionCasing { command: text.clone(), casing: casing.to_owned() };
            let edit = Edit { span, replacement: wanted };
            sink.report(Diagnostic::warning(kind, span, instruction.first_line).with_edit(edit));
        }
    }
}
