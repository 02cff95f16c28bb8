//! Protocols in EXPOSE are lower case.

use super::super::state::Step;
use super::super::{Rule, Run, Sink};
use crate::diagnostic::{Edit, Finding};
use crate::dockerfile::instruction::exposed_ports;

pub(in super::super) const RULE: Rule = Rule {
    name: "ExposeProtoCasing",
    experimental: false,
    doc: "Protocol in EXPOSE instruction should be lowercase",
    run: Run::Step(check),
};

fn check(step: &Step<'_>, sink: &mut Sink) {
    for port in super::checked_ports(step) {
        let Some((range, protocol)) = port.split_once('/') else { continue };
        if protocol == protocol.to_lowercase() || exposed_ports(port).is_err_and(|error| error.contains("proto")) {
            continue;
        }
        let word = super::port_word(step, port);
        let span = word.unwrap_or(step.instruction.keyword.span);
        let edit = word.map(|span| Edit { span, replacement: format!("{range}/{}", protocol.to_lowercase()) });
        sink.report(step.finding_with_edit(Finding::ExposeProtoCasing { port: port.clone() }, span, edit));
    }
}
