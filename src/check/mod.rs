//! Docker's build checks, and the errors that BuildKit meets before anything runs.
//!
//! [`check`] goes through a file in BuildKit's order: the text, the instructions one by one, the stages, and then, for
//! the stages that the target needs, each instruction with the variables in effect. It stops where BuildKit stops, so
//! that the findings are complete or cut off as Docker's are. One file per rule under `rules/`, and a row in [`RULES`].
//! What only a base image or the context knows is handed in. Nothing is executed, no file is read.

mod convert;
mod modes;
mod options;
mod rules;
mod state;
#[cfg(test)]
mod tests;
mod walk;

pub use options::CheckOptions;
pub use state::{BaseConfig, Inputs};
pub use walk::{Outcome, check, diagnostics};

use crate::diagnostic::Diagnostic;
use crate::dockerfile::{Dockerfile, Instruction};
use state::{FileView, StageView, Step};

/// A build check.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Docker's name for it; also its findings' code.
    pub name: &'static str,
    /// Only reported when asked for with `# check=experimental=…`.
    pub experimental: bool,
    /// One line about it.
    pub doc: &'static str,
    run: Run,
}

/// When a rule looks, and at what.
#[derive(Clone, Copy)]
enum Run {
    /// At the text, once it is cut into instructions.
    Text(fn(&Dockerfile, &mut Sink)),
    /// At each instruction as it is parsed, in stages that are not reached, too.
    Instruction(fn(&Instruction, &mut Sink)),
    /// At the whole file, once it is parsed.
    File(fn(&FileView<'_>, &mut Sink)),
    /// At each stage as it is set up, reached or not.
    Stage(fn(&StageView<'_>, &mut Sink)),
    /// At the base of each stage that is reached.
    Base(fn(&StageView<'_>, &BaseConfig, &mut Sink)),
    /// At each instruction of the stages that are reached, with variables filled in.
    Step(fn(&Step<'_>, &mut Sink)),
}

/// All build checks of Docker 28.
pub static RULES: &[Rule] = &[
    rules::no_empty_continuation::RULE,
    rules::maintainer_deprecated::RULE,
    rules::stage_name_casing::RULE,
    rules::from_as_casing::RULE,
    rules::invalid_definition_description::RULE,
    rules::reserved_stage_name::RULE,
    rules::duplicate_stage_name::RULE,
    rules::consistent_instruction_casing::RULE,
    rules::invalid_default_arg_in_from::RULE,
    rules::undefined_arg_in_from::RULE,
    rules::redundant_target_platform::RULE,
    rules::from_platform_flag_const_disallowed::RULE,
    rules::invalid_base_image_platform::RULE,
    rules::undefined_var::RULE,
    rules::multiple_instructions_disallowed::RULE,
    rules::json_args_recommended::RULE,
    rules::workdir_relative_path::RULE,
    rules::legacy_key_value_format::RULE,
    rules::secrets_used_in_arg_or_env::RULE,
    rules::expose_invalid_format::RULE,
    rules::expose_proto_casing::RULE,
    rules::copy_ignored_file::RULE,
];

/// Where findings go.
struct Sink {
    options: CheckOptions,
    rule: &'static Rule,
    findings: Vec<Diagnostic>,
}

impl Sink {
    fn new(options: CheckOptions) -> Self {
        Self { options, rule: &RULES[0], findings: Vec::new() }
    }

    /// Keeps a finding, unless the same was reported for the same line.
    fn report(&mut self, finding: Diagnostic) {
        let same = |known: &Diagnostic| known.line == finding.line && known.kind == finding.kind;
        if self.options.enabled(self.rule) && !self.findings.iter().any(same) {
            self.findings.push(finding);
        }
    }

    /// Runs all rules of one kind.
    fn run(&mut self, mut run: impl FnMut(&Run, &mut Self)) {
        for rule in RULES {
            self.rule = rule;
            run(&rule.run, self);
        }
    }
}
