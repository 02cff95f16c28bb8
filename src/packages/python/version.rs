//! Versions and version specifiers of Python packages, as PEP 440 orders and matches them. It lacks local versions (`+cu121`)
//! but for their being left out, and arbitrary equality (`===`), which compares as `==`.

use std::cmp::Ordering;
use std::fmt;

/// A version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    epoch: u64,
    release: Vec<u64>,
    /// `a`, `b` or `rc` (0, 1, 2), and its number.
    pre: Option<(u8, u64)>,
    post: Option<u64>,
    dev: Option<u64>,
}

impl Version {
    /// Reads one; none if it is no version.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let text = text.trim_start_matches('v').split('+').next().unwrap_or_default();
        let (epoch, rest) = match text.split_once('!') {
            Some((epoch, rest)) => (epoch.parse().ok()?, rest),
            None => (0, text),
        };
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let release: Option<Vec<u64>> =
            rest[..end].trim_end_matches('.').split('.').map(|part| part.parse().ok()).collect();
        let mut version = Self { epoch, release: release?, pre: None, post: None, dev: None };
        let mut rest = &rest[end..];
        while !rest.is_empty() {
            rest = rest.trim_start_matches(['.', '-', '_']);
            let word_end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
            let (word, after) = rest.split_at(word_end);
            let after = after.trim_start_matches(['.', '-', '_']);
            let number_end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
            let number = if number_end == 0 { 0 } else { after[..number_end].parse().ok()? };
            match word {
                "a" | "alpha" => version.pre = Some((0, number)),
                "b" | "beta" => version.pre = Some((1, number)),
                "rc" | "c" | "pre" | "preview" => version.pre = Some((2, number)),
                "post" | "rev" | "r" => version.post = Some(number),
                "" if number_end > 0 => version.post = Some(number),
                "dev" => version.dev = Some(number),
                _ => return None,
            }
            rest = &after[number_end..];
        }
        Some(version)
    }

    /// Is it a pre-release or a development release?
    pub fn is_prerelease(&self) -> bool {
        self.pre.is_some() || self.dev.is_some()
    }

    /// How far it is from another: by the first number, the second, the third.
    pub fn distance(&self, other: &Self) -> (u64, u64, u64) {
        let at = |version: &Self, i: usize| version.release.get(i).copied().unwrap_or(0);
        let apart = |i: usize| at(self, i).abs_diff(at(other, i));
        (apart(0), apart(1), apart(2))
    }

    fn key(&self) -> (u64, Vec<u64>, (u8, u8, u64), u64, u64) {
        let mut release = self.release.clone();
        while release.len() > 1 && release.last() == Some(&0) {
            release.pop();
        }
        let pre = match (self.pre, self.post, self.dev) {
            (Some((kind, number)), _, _) => (1, kind, number),
            (None, None, Some(_)) => (0, 0, 0),
            _ => (2, 0, 0),
        };
        (self.epoch, release, pre, self.post.map_or(0, |post| post + 1), self.dev.unwrap_or(u64::MAX))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A set of conditions, such as `>=1.0,<2`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Specifier {
    conditions: Vec<(Operator, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    AtMost,
    AtLeast,
    Less,
    Greater,
    Compatible,
}

impl Specifier {
    /// Reads one; none if it is not well formed.
    pub fn parse(text: &str) -> Option<Self> {
        let mut conditions = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let operators = [
                ("===", Operator::Equal),
                ("==", Operator::Equal),
                ("!=", Operator::NotEqual),
                ("<=", Operator::AtMost),
                (">=", Operator::AtLeast),
                ("~=", Operator::Compatible),
                ("<", Operator::Less),
                (">", Operator::Greater),
            ];
            let (sign, operator) = operators.iter().find(|(sign, _)| part.starts_with(sign))?;
            let version = part[sign.len()..].trim();
            Version::parse(version.trim_end_matches(".*"))?;
            conditions.push((*operator, version.to_owned()));
        }
        Some(Self { conditions })
    }

    /// Does a version satisfy all of it? Pre-releases do only where a condition names one.
    pub fn contains(&self, version: &Version) -> bool {
        let names_one = |(_, text): &(Operator, String)| Version::parse(text).is_some_and(|v| v.is_prerelease());
        if version.is_prerelease() && !self.conditions.iter().any(names_one) {
            return false;
        }
        self.conditions.iter().all(|(operator, text)| holds(*operator, text, version))
    }

    /// The version of `==`, if it asks for one.
    pub fn pinned(&self) -> Option<&str> {
        let pin = self.conditions.iter().find(|(op, text)| *op == Operator::Equal && !text.ends_with(".*"));
        pin.map(|(_, text)| text.as_str())
    }

    /// A version that it names and that satisfies it, the highest: where nothing better is known.
    pub fn named(&self) -> Option<String> {
        let named = self.conditions.iter().map(|(_, text)| text.trim_end_matches(".*"));
        let mut fitting: Vec<(Version, &str)> = named
            .filter_map(|text| Some((Version::parse(text)?, text)))
            .filter(|(version, _)| self.contains(version))
            .collect();
        fitting.sort();
        fitting.pop().map(|(_, text)| text.to_owned())
    }

    /// Adds the conditions of another.
    pub fn and(&mut self, other: &Self) {
        for condition in &other.conditions {
            if !self.conditions.contains(condition) {
                self.conditions.push(condition.clone());
            }
        }
    }
}

impl fmt::Display for Specifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = self
            .conditions
            .iter()
            .map(|(operator, text)| {
                let sign = match operator {
                    Operator::Equal => "==",
                    Operator::NotEqual => "!=",
                    Operator::AtMost => "<=",
                    Operator::AtLeast => ">=",
                    Operator::Less => "<",
                    Operator::Greater => ">",
                    Operator::Compatible => "~=",
                };
                format!("{sign}{text}")
            })
            .collect();
        f.write_str(&parts.join(","))
    }
}

fn holds(operator: Operator, text: &str, version: &Version) -> bool {
    let Some(bound) = Version::parse(text.trim_end_matches(".*")) else { return false };
    let prefixed =
        |parts: usize| (0..parts).all(|i| version.release.get(i).unwrap_or(&0) == bound.release.get(i).unwrap_or(&0));
    match operator {
        Operator::Equal if text.ends_with(".*") => prefixed(bound.release.len()),
        Operator::NotEqual if text.ends_with(".*") => !prefixed(bound.release.len()),
        Operator::Equal => *version == bound || version.cmp(&bound) == Ordering::Equal,
        Operator::NotEqual => version.cmp(&bound) != Ordering::Equal,
        Operator::AtMost => *version <= bound,
        Operator::AtLeast => *version >= bound,
        // `<2` does not let in `2.0rc1`, `>1` not `1.0.post1`.
        Operator::Less => {
            *version < bound && !(version.is_prerelease() && prefixed(bound.release.len()) && bound.pre.is_none())
        }
        Operator::Greater => {
            *version > bound && !(version.post.is_some() && bound.post.is_none() && prefixed(version.release.len()))
        }
        Operator::Compatible => *version >= bound && prefixed(bound.release.len().saturating_sub(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The order that PEP 440 gives ("Summary of permitted suffixes and relative ordering").
    #[test]
    fn versions_are_ordered() {
        let order = [
            "1.dev0",
            "1.0.dev456",
            "1.0a1",
            "1.0a2.dev456",
            "1.0a2",
            "1.0b1.dev456",
            "1.0b2",
            "1.0rc1",
            "1.0",
            "1.0.post456.dev34",
            "1.0.post456",
            "1.1.dev1",
            "1.10",
            "1!0.5",
        ];
        let versions: Vec<Version> = order.iter().filter_map(|text| Version::parse(text)).collect();
        assert_eq!(versions.len(), order.len());
        for pair in versions.windows(2).skip(1) {
            assert!(pair[0] < pair[1], "{pair:?}");
        }
        assert_eq!(Version::parse("1.0").map(|v| v.key()), Version::parse("1.0.0").map(|v| v.key()));
    }

    /// As `packaging.specifiers.SpecifierSet(text).contains(version)` answers.
    #[test]
    fn specifiers_match() {
        for (text, version, expected) in [
            (">=1.0,<2", "1.9", true),
            ("<2", "2.0rc1", false),
            ("==1.4.*", "1.4.2", true),
            ("!=1.4.*", "1.4.2", false),
            ("~=2.2", "2.9", true),
            ("~=2.2.1", "2.3", false),
            ("==3", "3.0.0", true),
            (">1.7", "1.7.post2", false),
            (">=1.0", "2.0b1", false),
            (">=2.0b1", "2.0b1", true),
            ("", "1.0", true),
        ] {
            let found = Specifier::parse(text).zip(Version::parse(version)).map(|(s, v)| s.contains(&v));
            assert_eq!(found, Some(expected), "{text} {version}");
        }
    }
}
