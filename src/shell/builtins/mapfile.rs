//! bash's `mapfile` (`readarray`): the lines of its input into an array. It lacks `-C`, which calls back.

use super::Ended;
use crate::shell::files;
use crate::shell::interpreter::{Held, Shell, is_name};

pub(super) fn mapfile(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let builtin = args[0].clone();
    let (mut chop, mut delimiter, mut number) = (false, b'\n', 0);
    let (mut most, mut skip, mut origin) = (0_usize, 0_usize, None);
    let mut rest = args[1..].iter();
    let mut name = "MAPFILE".to_owned();
    while let Some(arg) = rest.next() {
        let Some(letters) = arg.strip_prefix('-').filter(|letters| !letters.is_empty()) else {
            name.clone_from(arg);
            continue;
        };
        for (i, letter) in letters.char_indices() {
            if letter == 't' {
                chop = true;
                continue;
            }
            if !"dnOsu".contains(letter) {
                return shell.unmodelled(&builtin, &format!("option -{letter}"));
            }
            let tail = &letters[i + letter.len_utf8()..];
            let value = if tail.is_empty() { rest.next().cloned().unwrap_or_default() } else { tail.to_owned() };
            let count = value.parse().unwrap_or(0);
            match letter {
                'd' => delimiter = value.bytes().next().unwrap_or(0),
                'n' => most = count,
                's' => skip = count,
                'O' => origin = Some(count as i64),
                _ => number = count as u32,
            }
            break;
        }
    }
    if !is_name(&name) {
        return shell.refuse(&builtin, &format!("`{name}': not a valid identifier"), 1);
    }
    let Some(fd) = shell.state.process.fds.get(&number).cloned() else {
        return shell.refuse(&builtin, &format!("{number}: invalid file descriptor: Bad file descriptor"), 1);
    };
    let content = files::read(&fd, shell.system, u64::MAX).unwrap_or_default();
    let Ok(bytes) = content.to_bytes() else {
        return shell.unmodelled(&builtin, "input whose bytes are not held");
    };
    let wanted = if most == 0 { usize::MAX } else { most };
    let lines = bytes.split_inclusive(|byte| *byte == delimiter).skip(skip).take(wanted).map(|line| {
        let line = if chop || delimiter == 0 { line.strip_suffix(&[delimiter]).unwrap_or(line) } else { line };
        String::from_utf8_lossy(line).into_owned()
    });
    let lines: Vec<String> = lines.collect();
    let variable = shell.state.variable(&name);
    let mut array = match (&variable.value, origin) {
        (Held::Array(array), Some(_)) => array.clone(),
        _ => Default::default(),
    };
    array.extend((origin.unwrap_or(0)..).zip(lines));
    variable.value = Held::Array(array);
    shell.end(0)
}
