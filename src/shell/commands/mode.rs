//! Modes as `chmod`, `mkdir -m`, `install -m` and `find -perm` read them: octal, or clauses such as `u+rwX,go=g-w`.
//!
//! Where busybox and GNU differ: an octal mode of fewer than five digits leaves a directory's setuid and setgid alone in
//! GNU, and sets all bits in busybox.

pub(super) use crate::vfs::letters;

/// What a mode is applied to.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// The mode it has.
    pub mode: u16,
    /// Is it a directory?
    pub is_dir: bool,
    /// The umask, for clauses without `u`, `g`, `o`, `a`.
    pub umask: u16,
    /// As GNU does it.
    pub gnu: bool,
}

/// The mode that `spec` makes of the target; none if it is no mode.
pub fn apply(spec: &str, target: Target) -> Option<u16> {
    if spec.starts_with(|c: char| c.is_ascii_digit()) {
        let mode = u16::from_str_radix(spec, 8).ok().filter(|mode| *mode <= 0o7777)?;
        let kept = if target.gnu && target.is_dir && spec.len() < 5 { target.mode & 0o6000 & !mode } else { 0 };
        return Some(mode | kept);
    }
    let mut mode = target.mode;
    for clause in spec.split(',') {
        mode = self::clause(clause, mode, target)?;
    }
    Some(mode)
}

fn clause(clause: &str, mut mode: u16, target: Target) -> Option<u16> {
    let actions = clause.trim_start_matches(['u', 'g', 'o', 'a']);
    let mut who = 0;
    for class in clause[..clause.len() - actions.len()].chars() {
        who |= match class {
            'u' => 0o4700,
            'g' => 0o2070,
            'o' => 0o1007,
            _ => 0o7777,
        };
    }
    if !target.gnu && who != 0 {
        who |= 0o1000;
    }
    let mask = if who == 0 { 0o7777 & !target.umask } else { who };
    let mut rest = actions;
    if rest.is_empty() {
        return None;
    }
    while let Some(operator) = rest.chars().next() {
        if !"+-=".contains(operator) {
            return None;
        }
        rest = &rest[1..];
        let end = rest.find(['+', '-', '=']).unwrap_or(rest.len());
        let (list, next) = rest.split_at(end);
        rest = next;
        if target.gnu && !list.is_empty() && list.bytes().all(|b| b.is_ascii_digit()) {
            let octal = u16::from_str_radix(list, 8).ok().filter(|mode| *mode <= 0o7777)?;
            mode = match operator {
                '+' => mode | octal,
                '-' => mode & !octal,
                _ => octal,
            };
            continue;
        }
        let bits = permissions(list, mode, target)?;
        let value = bits & mask;
        mode = match operator {
            '+' => mode | value,
            '-' => mode & !value,
            _ => {
                let cleared = if who == 0 { 0o7777 } else { who };
                let kept = if target.gnu && target.is_dir { 0o6000 & !bits } else { 0 };
                // GNU's `=` does not touch the sticky bit for `u` and `g`, busybox's does.
                (mode & !(cleared & !kept)) | value
            }
        };
    }
    Some(mode)
}

/// The bits of `rwxXst`, or of one of `ugo` copied to all classes.
fn permissions(list: &str, mode: u16, target: Target) -> Option<u16> {
    let class = match list {
        "u" => Some(mode >> 6 & 7),
        "g" => Some(mode >> 3 & 7),
        "o" => Some(mode & 7),
        _ => None,
    };
    if let Some(bits) = class {
        return Some(bits << 6 | bits << 3 | bits);
    }
    list.chars().try_fold(0, |bits, letter| {
        Some(
            bits | match letter {
                'r' => 0o444,
                'w' => 0o222,
                'x' => 0o111,
                'X' if target.is_dir || mode & 0o111 != 0 => 0o111,
                'X' => 0,
                's' => 0o6000,
                't' => 0o1000,
                _ => return None,
            },
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(gnu: bool, spec: &str, mode: u16, is_dir: bool, expected: Option<u16>) {
        assert_eq!(apply(spec, Target { mode, is_dir, umask: 0o022, gnu }), expected, "{spec} of {mode:o}");
    }

    /// Recorded with chmod of busybox 1.36 and of coreutils 9.1, umask 022.
    #[test]
    fn both_flavours() {
        for gnu in [false, true] {
            check(gnu, "755", 0o644, false, Some(0o755));
            check(gnu, "+x", 0o644, false, Some(0o755));
            check(gnu, "+w", 0o444, false, Some(0o644));
            check(gnu, "a+w", 0o444, false, Some(0o666));
            check(gnu, "u=rwx,go=rx", 0o600, false, Some(0o755));
            check(gnu, "g=u", 0o640, false, Some(0o660));
            check(gnu, "go-rwx", 0o777, false, Some(0o700));
            check(gnu, "a+rX", 0o600, false, Some(0o644));
            check(gnu, "a+rX", 0o700, false, Some(0o755));
            check(gnu, "u+s,g+s", 0o755, false, Some(0o6755));
            check(gnu, "+t", 0o777, true, Some(0o1777));
            check(gnu, "u+rw-x", 0o100, false, Some(0o600));
            check(gnu, "z", 0o644, false, None);
            check(gnu, "u", 0o644, false, None);
            check(gnu, "99", 0o644, false, None);
        }
        check(false, "755", 0o2755, true, Some(0o755));
        check(true, "755", 0o2755, true, Some(0o2755));
        check(true, "00755", 0o2755, true, Some(0o755));
        check(true, "g=rx", 0o2770, true, Some(0o2750));
        check(false, "g=rx", 0o2770, true, Some(0o750));
        assert_eq!(letters(0o4755), "rwsr-xr-x");
        assert_eq!(letters(0o1777), "rwxrwxrwt");
        assert_eq!(letters(0o2640), "rw-r-S---");
    }
}
