//! One file per rule; see [`super::RULES`].

pub(super) mod consistent_instruction_casing;
pub(super) mod copy_ignored_file;
pub(super) mod duplicate_stage_name;
pub(super) mod expose_invalid_format;
pub(super) mod expose_proto_casing;
pub(super) mod from_as_casing;
pub(super) mod from_platform_flag_const_disallowed;
pub(super) mod invalid_base_image_platform;
pub(super) mod invalid_default_arg_in_from;
pub(super) mod invalid_definition_description;
pub(super) mod json_args_recommended;
pub(super) mod legacy_key_value_format;
pub(super) mod maintainer_deprecated;
pub(super) mod multiple_instructions_disallowed;
pub(super) mod no_empty_continuation;
pub(super) mod redundant_target_platform;
pub(super) mod reserved_stage_name;
pub(super) mod secrets_used_in_arg_or_env;
pub(super) mod stage_name_casing;
pub(super) mod undefined_arg_in_from;
pub(super) mod undefined_var;
pub(super) mod workdir_relative_path;

use super::state::Step;
use crate::dockerfile::InstructionKind;
use crate::dockerfile::instruction::exposed_ports;
use crate::span::Span;

/// The ports of an EXPOSE, up to the first that is none.
fn checked_ports<'a>(step: &'a Step<'_>) -> impl Iterator<Item = &'a String> {
    let bad = step.ports.iter().position(|port| exposed_ports(port).is_err());
    step.ports.iter().take(bad.map_or(usize::MAX, |at| at + 1))
}

/// Where a port is written, if it is written as it is.
fn port_word(step: &Step<'_>, port: &str) -> Option<Span> {
    let InstructionKind::Expose(expose) = &step.instruction.kind else { return None };
    expose.ports.iter().find(|word| word.text == port).map(|word| word.span)
}
