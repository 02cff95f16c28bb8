//! Addresses and host ports in EXPOSE: it names the container's ports alone.

use super::super::state::Step;
use super::super::{Rule, Run, Sink};
use crate::diagnostic::{Edit, Finding};

pub(in super::super) const RULE: Rule = Rule {
    name: "ExposeInvalidFormat",
    experimental: false,
    doc: "IP address and host-port mapping should not be used in EXPOSE instruction. This will become an error in a future release",
    run: Run::Step(check),
};

fn check(step: &Step<'_>, sink: &mut Sink) {
    for port in super::checked_ports(step) {
        let Some((_, container)) = port.rsplit_once(':') else { continue };
        let word = super::port_word(step, port);
        let span = word.unwrap_or(step.instruction.keyword.span);
        let edit = word.map(|span| Edit { span, replacement: container.to_owned() });
        sink.report(step.finding_with_edit(Finding::ExposeInvalidFormat { port: port.clone() }, span, edit));
    }
}
