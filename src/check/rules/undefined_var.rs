//! Variables that neither ENV nor ARG nor the base image set. One with a default (`${X:-y}`) counts, too.

use super::super::state::Step;
use super::super::{Rule, Run, Sink};
use crate::diagnostic::{Finding, nearest};

pub(in super::super) const RULE: Rule = Rule {
    name: "UndefinedVar",
    experimental: false,
    doc: "Variables should be defined before their use",
    run: Run::Step(check),
};

fn check(step: &Step<'_>, sink: &mut Sink) {
    for (word, expansion) in step.words {
        for name in expansion.unmatched.iter().filter(|name| !step.state.declared.contains(name)) {
            let suggestion = nearest(name, step.state.env.names());
            let kind = Finding::UndefinedVar { name: name.clone(), suggestion };
            sink.report(step.finding(kind, word.span));
        }
    }
}
