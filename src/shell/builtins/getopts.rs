//! `getopts`.

use super::Ended;
use crate::shell::interpreter::Shell;
use crate::shell::script::Dialect;

pub(super) fn getopts(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let [_, letters, name, rest @ ..] = args else {
        let (text, status) = match shell.dialect {
            Dialect::Bash => ("usage: getopts optstring name [arg ...]", 2),
            _ => ("usage: getopts optstring var [arg]", 2),
        };
        return shell.refuse("getopts", text, status);
    };
    let given = if rest.is_empty() { shell.state.args.to_vec() } else { rest.to_vec() };
    let index: usize = shell.state.get("OPTIND").and_then(|text| text.parse().ok()).unwrap_or(1).max(1);
    let silent = letters.starts_with(':');
    let letters = letters.strip_prefix(':').unwrap_or(letters);
    let offset = shell.state.getopts;
    let Some(arg) = given.get(index - 1).cloned() else { return done(shell, name, index) };
    if offset == 0 {
        if !arg.starts_with('-') || arg == "-" {
            return done(shell, name, index);
        }
        if arg == "--" {
            return done(shell, name, index + 1);
        }
    }
    let at = offset.max(1);
    let Some(letter) = arg.get(at..).and_then(|rest| rest.chars().next()) else { return done(shell, name, index + 1) };
    let after = at + letter.len_utf8();
    let rest = arg[after..].to_owned();
    let (mut next, mut next_offset) = if rest.is_empty() { (index + 1, 0) } else { (index, after) };
    let known = letter != ':' && letters.contains(letter);
    let takes = letters.split_once(letter).is_some_and(|(_, rest)| rest.starts_with(':'));
    let (found, value, complaint) = if !known {
        let complaint = match shell.dialect {
            Dialect::Bash => format!("{}: illegal option -- {letter}\n", shell.name),
            _ => format!("Illegal option -{letter}\n"),
        };
        ("?".to_owned(), silent.then(|| letter.to_string()), Some(complaint))
    } else if !takes {
        (letter.to_string(), None, None)
    } else if !rest.is_empty() {
        (next, next_offset) = (index + 1, 0);
        (letter.to_string(), Some(rest), None)
    } else if let Some(value) = given.get(index) {
        (next, next_offset) = (index + 2, 0);
        (letter.to_string(), Some(value.clone()), None)
    } else {
        let complaint = match shell.dialect {
            Dialect::Bash => format!("{}: option requires an argument -- {letter}\n", shell.name),
            _ => format!("No arg for -{letter} option\n"),
        };
        let found = if silent { ":" } else { "?" };
        (found.to_owned(), silent.then(|| letter.to_string()), Some(complaint))
    };
    if let Some(complaint) = complaint.filter(|_| !silent && shell.state.get("OPTERR") != Some("0")) {
        shell.print_error(&complaint);
    }
    shell.set("OPTIND", &next.to_string())?;
    shell.state.getopts = next_offset;
    match value {
        Some(value) => shell.set("OPTARG", &value)?,
        // dash and ash leave an empty value after an option without one.
        None if known && !found.starts_with(['?', ':']) && shell.dialect != Dialect::Bash => shell.set("OPTARG", "")?,
        None => shell.unset("OPTARG"),
    }
    shell.set(name, &found)?;
    shell.end(0)
}

fn done(shell: &mut Shell<'_>, name: &str, index: usize) -> Ended {
    shell.set("OPTIND", &index.to_string())?;
    shell.state.getopts = 0;
    shell.set(name, "?")?;
    shell.unset("OPTARG");
    shell.end(1)
}
