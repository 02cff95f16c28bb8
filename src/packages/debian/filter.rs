//! Which files dpkg leaves out: `path-exclude` and `path-include` of /etc/dpkg/dpkg.cfg.d, as the slim images have them for
//! documentation, manuals and translations (dpkg(1), `--path-exclude`). The last pattern that matches counts.

use super::disk;
use crate::vfs::{Cred, Overlay};

/// The patterns in order; true for one that excludes.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Filter {
    patterns: Vec<(bool, String)>,
}

impl Filter {
    /// The patterns that an image's files have.
    pub fn load(fs: &Overlay) -> Self {
        let names = fs.read_dir(&Cred::root(), "/etc/dpkg/dpkg.cfg.d").unwrap_or_default();
        let files = names.iter().filter_map(|entry| disk::text(fs, &format!("/etc/dpkg/dpkg.cfg.d/{}", entry.name)));
        Self { patterns: files.flat_map(|text| parse(&text)).collect() }
    }

    /// Is a path left out? A directory is kept while something below it could be included.
    pub fn excludes(&self, path: &str, is_dir: bool) -> bool {
        let matched = self.patterns.iter().rev().find(|(_, pattern)| matches(pattern, path));
        let excluded = matched.is_some_and(|(excludes, _)| *excludes);
        let below = |(excludes, pattern): &(bool, String)| {
            let fixed = pattern.split(['*', '?', '[']).next().unwrap_or_default();
            !excludes && (fixed.starts_with(path) || path.starts_with(fixed.trim_end_matches('/')))
        };
        excluded && !(is_dir && self.patterns.iter().any(below))
    }
}

fn parse(text: &str) -> Vec<(bool, String)> {
    let line = |line: &str| {
        let (name, value) = line.trim().split_once(['=', ' '])?;
        match name {
            "path-exclude" => Some((true, value.trim().to_owned())),
            "path-include" => Some((false, value.trim().to_owned())),
            _ => None,
        }
    };
    text.lines().filter_map(line).collect()
}

/// fnmatch(3) without flags, with `*` and `?` only: they match slashes, too. The work is bounded by the product of the lengths.
pub fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t, mut star) = (0, 0, None);
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == b'?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    p = at + 1;
                    t = from + 1;
                    star = Some((at, t));
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slim_images_leave_out_documentation_but_for_copyrights() {
        let text = "# comment\npath-exclude /usr/share/doc/*\npath-include /usr/share/doc/*/copyright\npath-exclude=/usr/share/man/*\n";
        let filter = Filter { patterns: parse(text) };
        assert!(filter.excludes("/usr/share/doc/curl/changelog.gz", false));
        assert!(!filter.excludes("/usr/share/doc/curl/copyright", false));
        assert!(!filter.excludes("/usr/share/doc/curl", true));
        assert!(filter.excludes("/usr/share/man/man1", true));
        assert!(!filter.excludes("/usr/bin/curl", false));
    }
}
