//! Path patterns as Docker has them: Go's `filepath.Match` (COPY's wildcards), and the patterns of `.dockerignore` and
//! `--exclude`, where `**` crosses directories. Paths are relative, with `/` between names.
//!
//! Not a shell's globbing: no braces, no `[!…]`, a leading dot is an ordinary character.

/// A pattern that cannot be read: an open bracket, an escape at the end, an empty range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadPattern;

/// One unit of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Unit {
    /// This character.
    Literal(char),
    /// `?`: any but the separator.
    One,
    /// `*`: any number of them.
    Some,
    /// `**` with more behind it: nothing, or anything that ends with a separator.
    Directories,
    /// Inside [`Unit::Directories`], which always comes before it.
    InDirectories,
    /// `**` at the end: anything.
    Rest,
    /// `[a-z]`, `[^a-z]`.
    Class { negated: bool, ranges: Vec<(char, char)> },
}

/// Does the whole name match? As Go's `filepath.Match`: `*` and `?` do not match `/`, `**` is `*`.
pub fn matches(pattern: &str, name: &str) -> Result<bool, BadPattern> {
    let mut units = Vec::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        units.push(match c {
            '*' => Unit::Some,
            '?' => Unit::One,
            '[' => class(&mut chars)?,
            '\\' => Unit::Literal(chars.next().ok_or(BadPattern)?),
            c => Unit::Literal(c),
        });
    }
    // Go's class does not match the separator either.
    Ok(run(&units, name, true))
}

/// Is there a wildcard that no backslash protects?
pub fn has_wildcards(path: &str) -> bool {
    let mut chars = path.chars();
    while let Some(c) = chars.next() {
        match c {
            '*' | '?' | '[' => return true,
            '\\' => {
                chars.next();
            }
            _ => {}
        }
    }
    false
}

fn class(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<Unit, BadPattern> {
    let negated = chars.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    let unit = |chars: &mut std::iter::Peekable<std::str::Chars<'_>>| match chars.next() {
        Some('\\') => chars.next().ok_or(BadPattern),
        None | Some('-' | ']') => Err(BadPattern),
        Some(c) => Ok(c),
    };
    loop {
        if chars.peek() == Some(&']') && !ranges.is_empty() {
            chars.next();
            return Ok(Unit::Class { negated, ranges });
        }
        let low = unit(chars)?;
        let high = if chars.next_if_eq(&'-').is_some() { unit(chars)? } else { low };
        ranges.push((low, high));
    }
}

/// Runs the units over a name, all possible positions at once: no pattern takes more than their product.
fn run(units: &[Unit], name: &str, class_stops_at_separator: bool) -> bool {
    let mut now = vec![false; units.len() + 1];
    let mut next = now.clone();
    enter(units, &mut now, 0);
    for c in name.chars() {
        next.fill(false);
        for (at, unit) in units.iter().enumerate().filter(|(at, _)| now[*at]) {
            match unit {
                Unit::Literal(literal) if *literal == c => enter(units, &mut next, at + 1),
                Unit::One if c != '/' => enter(units, &mut next, at + 1),
                Unit::Some if c != '/' => enter(units, &mut next, at),
                Unit::Rest => enter(units, &mut next, at),
                Unit::InDirectories => {
                    next[at] = true;
                    if c == '/' {
                        enter(units, &mut next, at + 1);
                    }
                }
                Unit::Class { negated, ranges } => {
                    let inside = ranges.iter().any(|(low, high)| (*low..=*high).contains(&c));
                    if inside != *negated && !(class_stops_at_separator && c == '/') {
                        enter(units, &mut next, at + 1);
                    }
                }
                _ => {}
            }
        }
        std::mem::swap(&mut now, &mut next);
    }
    now[units.len()]
}

/// Marks a position, and those that are reached from it without a character.
fn enter(units: &[Unit], positions: &mut [bool], at: usize) {
    if positions[at] {
        return;
    }
    positions[at] = true;
    match units.get(at) {
        Some(Unit::Some | Unit::Rest) => enter(units, positions, at + 1),
        Some(Unit::Directories) => {
            positions[at + 1] = true;
            enter(units, positions, at + 2);
        }
        _ => {}
    }
}

/// A list of patterns where the last match counts and `!` brings back, as in `.dockerignore`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PatternList {
    patterns: Vec<ListPattern>,
}

/// One pattern of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPattern {
    /// The cleaned pattern, without `!`.
    pub text: String,
    /// `!`: what matches is not excluded.
    pub exception: bool,
    units: Vec<Unit>,
    /// `**name` without other wildcards matches any path that ends with it.
    suffix: Option<String>,
}

impl PatternList {
    /// Reads patterns; blank ones are skipped. The error is Docker's message.
    pub fn new<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut list = Vec::new();
        for pattern in patterns {
            let pattern = pattern.trim();
            if pattern.is_empty() {
                continue;
            }
            let cleaned = clean(pattern);
            let (exception, text) = match cleaned.strip_prefix('!') {
                Some("") => return Err("illegal exclusion pattern: \"!\"".to_owned()),
                Some(rest) => (true, rest),
                None => (false, cleaned.as_str()),
            };
            if matches(text, ".").is_err() {
                return Err("syntax error in pattern".to_owned());
            }
            list.push(ListPattern::new(text, exception));
        }
        Ok(Self { patterns: list })
    }

    /// The patterns in order.
    pub fn patterns(&self) -> &[ListPattern] {
        &self.patterns
    }

    /// Is there a pattern with `!`?
    pub fn has_exceptions(&self) -> bool {
        self.patterns.iter().any(|pattern| pattern.exception)
    }

    /// Is the path excluded, by a pattern that matches it or one of its parents, and not brought back by a later one?
    pub fn excludes(&self, path: &str) -> bool {
        let mut excluded = false;
        for pattern in &self.patterns {
            if pattern.exception == excluded && pattern.matches_path_or_parent(path) {
                excluded = !pattern.exception;
            }
        }
        excluded
    }
}

impl ListPattern {
    fn new(text: &str, exception: bool) -> Self {
        let mut units = Vec::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '*' if chars.next_if_eq(&'*').is_some() => {
                    chars.next_if_eq(&'/');
                    if chars.peek().is_none() {
                        units.push(Unit::Rest);
                    } else {
                        units.extend([Unit::Directories, Unit::InDirectories]);
                    }
                }
                '*' => units.push(Unit::Some),
                '?' => units.push(Unit::One),
                '[' => units.push(class(&mut chars).unwrap_or(Unit::Literal('['))),
                '\\' => units.push(Unit::Literal(chars.next().unwrap_or('\\'))),
                c => units.push(Unit::Literal(c)),
            }
        }
        let special = |c: char| matches!(c, '*' | '?' | '[' | ']' | '\\');
        let suffix = text.strip_prefix("**").filter(|rest| !rest.contains(special)).map(str::to_owned);
        Self { text: text.to_owned(), exception, units, suffix }
    }

    /// Does the pattern match this very path?
    pub fn matches(&self, path: &str) -> bool {
        match &self.suffix {
            Some(suffix) => path.ends_with(suffix.as_str()) || suffix.strip_prefix('/') == Some(path),
            None => run(&self.units, path, false),
        }
    }

    /// Does the pattern match the path, or one of the directories it is in? The path is taken as it is, its directories
    /// cleaned: `./a` is in no directory, `/a` is in the one without a name.
    pub fn matches_path_or_parent(&self, path: &str) -> bool {
        if self.matches(path) {
            return true;
        }
        let Some(slash) = path.rfind('/') else { return false };
        let parent = clean(&path[..=slash]);
        let ends = parent.char_indices().filter(|(_, c)| *c == '/').map(|(at, _)| at).chain([parent.len()]);
        parent != "." && ends.into_iter().any(|end| self.matches(&parent[..end]))
    }
}

/// A path without `.`, `..` where it can be resolved, doubled and trailing slashes; `.` for nothing. As Go's
/// `filepath.Clean`.
pub fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    match (rooted, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Go's own table for `filepath.Match`, the part without oddities.
    #[test]
    fn matches_as_go_does() {
        for (pattern, name, expected) in [
            ("abc", "abc", Ok(true)),
            ("*", "abc", Ok(true)),
            ("*c", "abc", Ok(true)),
            ("a*", "a", Ok(true)),
            ("a*", "ab/c", Ok(false)),
            ("a*/b", "abc/b", Ok(true)),
            ("a*/b", "a/c/b", Ok(false)),
            ("a*b*c*d*e*/f", "axbxcxdxe/f", Ok(true)),
            ("a*b*c*d*e*/f", "axbxcxdxexxx/fff", Ok(false)),
            ("a*b?c*x", "abxbbxdbxebxczzx", Ok(true)),
            ("ab[c]", "abc", Ok(true)),
            ("ab[b-d]", "abc", Ok(true)),
            ("ab[e-g]", "abc", Ok(false)),
            ("ab[^c]", "abc", Ok(false)),
            ("ab[^e-g]", "abc", Ok(true)),
            ("a\\*b", "a*b", Ok(true)),
            ("a\\*b", "ab", Ok(false)),
            ("a?b", "a\u{263a}b", Ok(true)),
            ("a[^a]b", "a\u{263a}b", Ok(true)),
            ("a???b", "a\u{263a}b", Ok(false)),
            ("[a-\u{3b6}]*", "\u{3b1}", Ok(true)),
            ("a?b", "a/b", Ok(false)),
            ("a*b", "a/b", Ok(false)),
            ("[\\]a]", "]", Ok(true)),
            ("[\\-x]", "x", Ok(true)),
            ("[]a]", "]", Err(BadPattern)),
            ("[-]", "-", Err(BadPattern)),
            ("[x-]", "x", Err(BadPattern)),
            ("[a-b-c]", "a", Err(BadPattern)),
            ("[", "a", Err(BadPattern)),
            ("[^", "a", Err(BadPattern)),
            ("a[", "ab", Err(BadPattern)),
            ("\\", "a", Err(BadPattern)),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }

    /// The table of Docker's own pattern matcher.
    #[test]
    fn lists_match_as_docker_does() {
        for (pattern, path, expected) in [
            ("**", "file", true),
            ("**", "dir/file", true),
            ("**/", "file", true),
            ("**/**", "dir/file", true),
            ("dir/**", "dir/file", true),
            ("dir/**", "dir/dir2/file", true),
            ("dir/**", "dir", false),
            ("**/dir", "dir/file", true),
            ("**/dir2/*", "dir/dir2/file", true),
            ("**/dir2/**", "dir/dir2/dir2/file", true),
            ("**file", "file", true),
            ("**file", "dir/file", true),
            ("**/file", "dir/file", true),
            ("**file", "dir/dir/file", true),
            ("**/file*", "dir/dir/file.txt", true),
            ("**/file*txt", "dir/dir/file.txt", true),
            ("**/file*.txt*", "dir/dir/file.txt", true),
            ("**/**/*.txt", "dir/dir/file.txt", true),
            ("**/**/*.txt2", "dir/dir/file.txt", false),
            ("**/*.txt", "file.txt", true),
            ("a**/*.txt", "a/file.txt", true),
            ("a**/*.txt", "a/dir/file.txt", true),
            ("a/*.txt", "a/dir/file.txt", false),
            ("a/*.txt", "a/file.txt", true),
            ("a[b-d]e", "ae", false),
            ("a[b-d]e", "ace", true),
            ("[a-d]*", "abc", true),
            ("abc.def", "abcdef", false),
            ("abc.def", "abc.def", true),
            ("abc?def", "abcZdef", true),
            ("a\\\\", "a\\", true),
            ("**/foo/bar", "foo/bar", true),
            ("**/foo/bar", "dir/foo/bar", true),
            ("abc/**", "abc/def/ghi", true),
            ("**/.foo", ".foo", true),
            ("**/.foo", "bar.foo", false),
            ("a(b)c/def", "a(b)c/def", true),
            ("*.go", "fileutils.go", true),
        ] {
            assert_eq!(PatternList::new([pattern]).unwrap().excludes(path), expected, "{pattern} {path}");
        }
        let list = PatternList::new(["docs", "!docs/README.md"]).unwrap();
        assert!(list.excludes("docs/a") && !list.excludes("docs/README.md"));
        assert!(PatternList::new(["["]).is_err() && PatternList::new(["!"]).is_err());
    }
}
