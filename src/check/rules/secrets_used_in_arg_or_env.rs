//! Names of ARG and ENV that look like a secret's: both stay readable in the image.

use super::super::state::Step;
use super::super::{Rule, Run, Sink};
use crate::diagnostic::Finding;
use crate::dockerfile::InstructionKind;
use crate::dockerfile::ast::Pair;
use crate::span::Span;

pub(in super::super) const RULE: Rule = Rule {
    name: "SecretsUsedInArgOrEnv",
    experimental: false,
    doc: "Sensitive data should not be used in the ARG or ENV commands",
    run: Run::Step(check),
};

fn check(step: &Step<'_>, sink: &mut Sink) {
    let (instruction, names): (&str, Vec<(String, Span)>) = match &step.instruction.kind {
        InstructionKind::Env(env) => {
            let name = |pair: &Pair| Some((step.expanded(&pair.name)?.text.clone(), pair.name.span));
            ("ENV", env.pairs.iter().filter_map(name).collect())
        }
        InstructionKind::Arg(arg) => {
            ("ARG", arg.declarations.iter().map(|arg| (arg.name.text.clone(), arg.name.span)).collect())
        }
        _ => return,
    };
    for (name, span) in names.into_iter().filter(|(name, _)| looks_secret(name)) {
        let kind = Finding::SecretsUsedInArgOrEnv { instruction: instruction.to_owned(), name };
        sink.report(step.finding(kind, span));
    }
}

const SECRET: &[&str] =
    &["apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret", "token"];

/// One of these words, as the whole name or between underscores; not with the word `public`.
fn looks_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    let mut parts = name.split('_');
    parts.any(|part| SECRET.contains(&part)) && name.split('_').all(|part| part != "public")
}
