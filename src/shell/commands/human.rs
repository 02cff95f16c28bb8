//! Sizes for people (`ls -h`, `du -h`, `dd`), and sizes as people write them (`10M`, `1k`).

/// busybox's `make_human_readable_str`: `1.0M`, rounded to the nearest tenth.
pub(super) fn busybox(size: u64) -> String {
    let (mut value, mut tenths, mut unit) = (size, 0, 0);
    while value >= 1024 {
        unit += 1;
        tenths = (value % 1024 * 10 + 512) / 1024;
        value /= 1024;
    }
    if tenths >= 10 {
        value += 1;
        tenths = 0;
    }
    match unit {
        0 => value.to_string(),
        _ => format!("{value}.{tenths}{}", ["", "K", "M", "G", "T", "P", "E"][unit.min(6)]),
    }
}

/// busybox's way without a fraction: `44K`.
pub(super) fn busybox_whole(size: u64) -> String {
    let text = busybox(size);
    match text.split_once('.') {
        Some((whole, fraction)) => {
            let up = fraction.starts_with(|c| c >= '5');
            let whole = whole.parse::<u64>().unwrap_or(0) + u64::from(up);
            format!("{whole}{}", fraction.trim_start_matches(|c: char| c.is_ascii_digit()))
        }
        None => text,
    }
}

/// GNU's `-h`: `1.0M`, `10M`, always rounded up.
pub(super) fn gnu(size: u64) -> String {
    scaled(size, 1024, true).map_or_else(|| size.to_string(), |(number, unit)| format!("{number}{unit}"))
}

/// GNU's `-h --si` and the like: the number with a tenth below 10, and the unit's letter; none below one unit.
pub(super) fn scaled(size: u64, base: u64, up: bool) -> Option<(String, &'static str)> {
    if size < base {
        return None;
    }
    let letters = if base == 1000 { ["k", "M", "G", "T", "P", "E"] } else { ["K", "M", "G", "T", "P", "E"] };
    let (size, base) = (u128::from(size), u128::from(base));
    let mut unit = base;
    let mut index = 0;
    while size / unit >= base && index < 5 {
        unit *= base;
        index += 1;
    }
    let divide = |amount: u128, by: u128| if up { amount.div_ceil(by) } else { (amount + by / 2) / by };
    let tenths = divide(size * 10, unit);
    if tenths < 100 {
        return Some((format!("{}.{}", tenths / 10, tenths % 10), letters[index]));
    }
    let whole = divide(size, unit);
    if whole >= base && index < 5 {
        return Some(("1.0".to_owned(), letters[index + 1]));
    }
    Some((whole.to_string(), letters[index]))
}

/// Reads a size: digits and one of the suffixes, each a letter (case as given) with its factor.
pub(super) fn size(text: &str, suffixes: &[(&str, u64)]) -> Option<u64> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, suffix) = text.split_at(end);
    let number: u64 = digits.parse().ok()?;
    if suffix.is_empty() {
        return Some(number);
    }
    let (_, factor) = suffixes.iter().find(|(name, _)| *name == suffix)?;
    number.checked_mul(*factor)
}

/// Suffixes of GNU programs (and enough for busybox's): `K`, `KiB` are 1024, `KB` is 1000.
pub(super) const SUFFIXES: &[(&str, u64)] = &[
    ("b", 512),
    ("c", 1),
    ("w", 2),
    ("kB", 1000),
    ("KB", 1000),
    ("k", 1 << 10),
    ("K", 1 << 10),
    ("KiB", 1 << 10),
    ("MB", 1_000_000),
    ("M", 1 << 20),
    ("m", 1 << 20),
    ("MiB", 1 << 20),
    ("GB", 1_000_000_000),
    ("G", 1 << 30),
    ("g", 1 << 30),
    ("GiB", 1 << 30),
    ("TB", 1_000_000_000_000),
    ("T", 1 << 40),
    ("TiB", 1 << 40),
    ("P", 1 << 50),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Recorded with `ls -lh` of busybox 1.36 and coreutils 9.1.
    #[test]
    fn sizes_for_people() {
        let sizes = [0, 999, 1023, 1024, 1536, 1_048_576, 10_485_760, 10_485_761, 1_072_693_248];
        assert_eq!(sizes.map(busybox), ["0", "999", "1023", "1.0K", "1.5K", "1.0M", "10.0M", "10.0M", "1023.0M"]);
        assert_eq!(sizes.map(gnu), ["0", "999", "1023", "1.0K", "1.5K", "1.0M", "10M", "11M", "1023M"]);
        assert_eq!(scaled(1_048_576, 1000, false), Some(("1.0".to_owned(), "M")));
        assert_eq!(
            (size("10M", SUFFIXES), size("5kB", SUFFIXES), size("x", SUFFIXES)),
            (Some(10 << 20), Some(5000), None)
        );
    }
}
