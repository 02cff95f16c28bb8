//! What BuildKit takes for `--chmod`, and for STOPSIGNAL.

/// Checks a `--chmod` value: an octal number up to 7777, or symbols such as `u=rwX,go-w`. The error is BuildKit's
/// message.
pub(super) fn check_mode(text: &str) -> Result<(), String> {
    let numeric = text.starts_with(|c: char| c.is_ascii_digit());
    let octal = u32::from_str_radix(text, 8).ok().filter(|mode| *mode <= 0o7777 && !text.starts_with('+'));
    if octal.is_some() {
        return Ok(());
    }
    if numeric {
        return Err(format!("invalid chmod parameter: '{text}'. it should be octal string and between 0 and 07777"));
    }
    if text.split(',').all(is_clause) { Ok(()) } else { Err("invalid syntax".to_owned()) }
}

/// `[ugoa]*` and at least one operation: a sign, and permissions or one of `ugo` to copy from.
fn is_clause(clause: &str) -> bool {
    let mut rest = clause.trim_start_matches(['u', 'g', 'o', 'a']);
    let mut operations = 0;
    while let Some(after) = rest.strip_prefix(['+', '-', '=']) {
        operations += 1;
        rest = match after.strip_prefix(['u', 'g', 'o']) {
            Some(after) => after,
            None => after.trim_start_matches(['r', 'w', 'x', 'X', 's', 't']),
        };
    }
    operations > 0 && rest.is_empty()
}

const SIGNALS: &[&str] = &[
    "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL", "PIPE", "POLL",
    "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU", "URG", "USR1",
    "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ", "RTMIN", "RTMAX",
];

/// Is it a signal: a number but 0, or a name in any case with or without `SIG`?
pub(super) fn is_signal(text: &str) -> bool {
    if let Ok(number) = text.parse::<i64>() {
        return number != 0;
    }
    let name = text.to_uppercase();
    let name = name.strip_prefix("SIG").unwrap_or(&name);
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| !text.starts_with(['+', '0']));
    match (name.strip_prefix("RTMIN+"), name.strip_prefix("RTMAX-")) {
        (Some(offset), _) => number(offset).is_some_and(|offset| (1..=15).contains(&offset)),
        (_, Some(offset)) => number(offset).is_some_and(|offset| (1..=14).contains(&offset)),
        _ => SIGNALS.contains(&name),
    }
}
