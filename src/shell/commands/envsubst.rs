//! `envsubst` (GNU gettext): replace `$NAME` and `${NAME}` by the environment's values. It lacks `-v`.

use super::{Command, Context, Exit, Options, Run};

pub(super) const COMMAND: Command = Command { name: "envsubst", run: Run::Plain(run), options: &Options::short("") };

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if parsed.operands.len() > 1 {
        cx.complain("too many arguments");
        return 1;
    }
    // With an argument only the variables that it names are replaced.
    let only = parsed.operands.first().map(|text| {
        let mut names = Vec::new();
        substitute(text.as_bytes(), |name| {
            names.push(name.to_owned());
            None
        });
        names
    });
    let content = cx.stdin();
    let Some(bytes) = cx.bytes(&content, "standard input") else { return 0 };
    let env = &cx.process.env;
    let out = substitute(&bytes, |name| match &only {
        Some(names) if !names.iter().any(|wanted| wanted == name) => None,
        _ => Some(env.get(name).cloned().unwrap_or_default()),
    });
    cx.out(out);
    0
}

/// Replaces each variable for which `value` has one; others stay as they are.
fn substitute(text: &[u8], mut value: impl FnMut(&str) -> Option<String>) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        if text[at] == b'$'
            && let Some((name, length)) = variable(&text[at..])
            && let Some(value) = value(name)
        {
            out.extend_from_slice(value.as_bytes());
            at += length;
        } else {
            out.push(text[at]);
            at += 1;
        }
    }
    out
}

/// The variable at the start of a text, and how long its reference is.
fn variable(text: &[u8]) -> Option<(&str, usize)> {
    let braced = text.get(1) == Some(&b'{');
    let start = 1 + usize::from(braced);
    let rest = text.get(start..)?;
    if !rest.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_') {
        return None;
    }
    let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    if braced && rest.get(length) != Some(&b'}') {
        return None;
    }
    Some((std::str::from_utf8(&rest[..length]).ok()?, start + length + usize::from(braced)))
}
