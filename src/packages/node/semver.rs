//! Versions and ranges as npm reads them (node-semver): `^1.2`, `~1`, `1.x`, `>=1 <2`, `1 - 2`, `||`. It lacks build metadata,
//! which is left out.

use std::cmp::Ordering;

/// A version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    numbers: [u64; 3],
    /// The parts after `-`: numbers compare as numbers.
    pre: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number(u64),
    Text(String),
}

impl Version {
    /// Reads a full version; none if it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches(['v', '=']).split('+').next()?;
        let (core, pre) = text.split_once('-').unwrap_or((text, ""));
        let mut numbers = core.split('.').map(|part| part.parse::<u64>().ok());
        let version = [numbers.next()??, numbers.next()??, numbers.next()??];
        numbers.next().is_none().then(|| Self { numbers: version, pre: parts(pre) })
    }

    /// How far it is from another: by each number.
    pub fn distance(&self, other: &Self) -> (u64, u64, u64) {
        let apart = |i: usize| self.numbers[i].abs_diff(other.numbers[i]);
        (apart(0), apart(1), apart(2))
    }

    fn plain(numbers: [u64; 3]) -> Self {
        Self { numbers, pre: Vec::new() }
    }

    /// The lowest of all with these numbers.
    fn lowest(numbers: [u64; 3]) -> Self {
        Self { numbers, pre: vec![Part::Number(0)] }
    }
}

fn parts(text: &str) -> Vec<Part> {
    let part = |text: &str| text.parse().map_or_else(|_| Part::Text(text.to_owned()), Part::Number);
    text.split('.').filter(|text| !text.is_empty()).map(part).collect()
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| match (self.pre.is_empty(), other.pre.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => self.pre.cmp(&other.pre),
        })
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A range: alternatives, each a list of bounds that all hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Range {
    alternatives: Vec<Vec<(Sign, Version)>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Less,
    AtMost,
    Greater,
    AtLeast,
    Equal,
}

impl Range {
    /// Reads one; none if it is none (a tag, a URL).
    pub fn parse(text: &str) -> Option<Self> {
        let alternatives: Option<Vec<_>> = text.split("||").map(bounds).collect();
        Some(Self { alternatives: alternatives? })
    }

    /// Does a version satisfy it? A pre-release does only where a bound is a pre-release of the same numbers.
    pub fn contains(&self, version: &Version) -> bool {
        self.alternatives.iter().any(|bounds| {
            let within = bounds.iter().all(|(sign, bound)| match sign {
                Sign::Less => version < bound,
                Sign::AtMost => version <= bound,
                Sign::Greater => version > bound,
                Sign::AtLeast => version >= bound,
                Sign::Equal => version == bound,
            });
            let named = |(sign, bound): &(Sign, Version)| {
                !bound.pre.is_empty() && *sign != Sign::Less && bound.numbers == version.numbers
            };
            within && (version.pre.is_empty() || bounds.iter().any(named))
        })
    }

    /// The lowest version that it names.
    pub fn lowest(&self) -> Option<String> {
        let bounds = self.alternatives.last()?;
        let (_, version) = bounds.iter().find(|(sign, _)| matches!(sign, Sign::AtLeast | Sign::Equal))?;
        let [major, minor, patch] = version.numbers;
        Some(format!("{major}.{minor}.{patch}"))
    }
}

fn bounds(text: &str) -> Option<Vec<(Sign, Version)>> {
    let text = text.trim();
    if let Some((low, high)) = text.split_once(" - ") {
        let mut all = bounds(&format!(">={}", low.trim()))?;
        all.extend(bounds(&format!("<={}", high.trim()))?);
        return Some(all);
    }
    let mut all = Vec::new();
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        // `>= 1.0` is one bound.
        let joined = match word {
            ">=" | "<=" | ">" | "<" | "=" | "^" | "~" | "~>" => format!("{word}{}", words.next()?),
            word => word.to_owned(),
        };
        bound(&joined, &mut all)?;
    }
    Some(all)
}

/// One word: the bounds that it stands for.
fn bound(word: &str, all: &mut Vec<(Sign, Version)>) -> Option<()> {
    let signs = ["<=", ">=", "~>", "<", ">", "=", "^", "~"];
    let sign = signs.into_iter().find(|sign| word.starts_with(sign)).unwrap_or("");
    let text = word[sign.len()..].trim().trim_start_matches(['v', '=']).split('+').next()?;
    let (core, pre) = text.split_once('-').unwrap_or((text, ""));
    let mut numbers: Vec<u64> = Vec::new();
    for part in core.split('.') {
        match part {
            "" | "x" | "X" | "*" => break,
            part => numbers.push(part.parse().ok()?),
        }
    }
    let at = |i: usize| numbers.get(i).copied().unwrap_or(0);
    let base = Version { numbers: [at(0), at(1), at(2)], pre: parts(pre) };
    // The lowest version above all that the given numbers stand for, raised at position `i`.
    let above = |i: usize| match i {
        0 => Version::lowest([at(0) + 1, 0, 0]),
        1 => Version::lowest([at(0), at(1) + 1, 0]),
        _ => Version::lowest([at(0), at(1), at(2) + 1]),
    };
    let given = numbers.len();
    match (sign, given) {
        ("<" | ">", 0) => all.push((Sign::Less, Version::lowest([0, 0, 0]))),
        (_, 0) => {}
        ("^", _) => {
            let raised = if at(0) > 0 || given == 1 {
                0
            } else if at(1) > 0 || given == 2 {
                1
            } else {
                2
            };
            all.extend([(Sign::AtLeast, base), (Sign::Less, above(raised))]);
        }
        ("~" | "~>", _) => all.extend([(Sign::AtLeast, base), (Sign::Less, above(if given == 1 { 0 } else { 1 }))]),
        ("" | "=", 3) => all.push((Sign::Equal, base)),
        ("" | "=", _) => all.extend([(Sign::AtLeast, base), (Sign::Less, above(given - 1))]),
        (">=", _) => all.push((Sign::AtLeast, base)),
        ("<", _) => all.push((Sign::Less, if given == 3 { base } else { Version::lowest([at(0), at(1), at(2)]) })),
        (">", 3) => all.push((Sign::Greater, base)),
        (">", _) => all.push((Sign::AtLeast, Version::plain(above(given - 1).numbers))),
        ("<=", 3) => all.push((Sign::AtMost, base)),
        _ => all.push((Sign::Less, above(given - 1))),
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `semver.satisfies(version, range)` of npm answers.
    #[test]
    fn ranges_match_as_npms() {
        for (range, version, expected) in [
            ("^1.2.3", "1.9.0", true),
            ("^1.2.3", "2.0.0", false),
            ("^0.2.3", "0.3.0", false),
            ("^0.0.3", "0.0.4", false),
            ("~1.2.3", "1.2.9", true),
            ("~1.2.3", "1.3.0", false),
            ("~1", "1.9.0", true),
            ("1.x", "1.4.0", true),
            ("*", "3.0.0", true),
            ("", "3.0.0", true),
            (">=1.0.0 <2", "1.9.9", true),
            (">= 1.0.0", "1.0.0", true),
            ("1.2 - 2.3.4", "2.3.5", false),
            ("^16 || ^18", "18.2.0", true),
            ("^2.0.0", "2.1.0-rc.1", false),
            ("^2.1.0-rc.0", "2.1.0-rc.1", true),
            ("<=2", "2.9.0", true),
            (">1", "1.5.0", false),
        ] {
            let found = Range::parse(range).zip(Version::parse(version)).map(|(r, v)| r.contains(&v));
            assert_eq!(found, Some(expected), "{range} {version}");
        }
        assert_eq!(Range::parse("latest"), None);
    }
}
