//! `.dockerignore`: what of the build context a build sees.
//!
//! The last pattern that matches counts; `!` brings back; a pattern that matches a directory counts for all in it. The
//! ignored directory itself is gone too, unless something in it is brought back; a directory that only loses its content
//! stays (`tests/cases/docker/copy-dockerignore`).

use crate::glob::{PatternList, clean};
use std::collections::BTreeSet;

/// A read `.dockerignore`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ignore {
    list: PatternList,
}

impl Ignore {
    /// Reads the file. The error is Docker's message about a pattern.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut patterns = Vec::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let line = line.trim();
            let (exception, pattern) = match line.strip_prefix('!') {
                Some(rest) => ("!", rest.trim()),
                None => ("", line),
            };
            if line.is_empty() {
                continue;
            }
            let mut pattern = if pattern.is_empty() { String::new() } else { clean(pattern) };
            if pattern.len() > 1
                && let Some(relative) = pattern.strip_prefix('/')
            {
                pattern = relative.to_owned();
            }
            patterns.push(format!("{exception}{pattern}"));
        }
        Ok(Self { list: PatternList::new(patterns.iter().map(String::as_str))? })
    }

    /// Are there any patterns?
    pub fn is_empty(&self) -> bool {
        self.list.patterns().is_empty()
    }

    /// The patterns.
    pub fn patterns(&self) -> &PatternList {
        &self.list
    }

    /// Is the path (relative, no `./`) ignored, itself or with a directory it is in?
    pub fn excludes(&self, path: &str) -> bool {
        self.list.excludes(path)
    }

    /// The paths that stay: given all paths of a context with "is it a directory?", those that Docker sends. A
    /// directory is sent if it is not ignored, if something below it is, or if a plain pattern with `!` may bring
    /// something in it back.
    pub fn kept<'a>(&self, entries: impl IntoIterator<Item = (&'a str, bool)>) -> BTreeSet<&'a str> {
        let plain_exceptions = self
            .list
            .patterns()
            .iter()
            .filter(|pattern| pattern.exception)
            .all(|pattern| !plain_start(&pattern.text).contains(['*', '?', '[', '^', '\\']));
        let mut kept = BTreeSet::new();
        let mut directories = BTreeSet::new();
        for (path, is_directory) in entries {
            if is_directory {
                directories.insert(path);
            }
            let brought_back = || {
                let below = format!("{path}/");
                let exceptions = self.list.patterns().iter().filter(|pattern| pattern.exception);
                exceptions.into_iter().any(|pattern| format!("{}/", plain_start(&pattern.text)).starts_with(&below))
            };
            if !self.excludes(path) || (is_directory && plain_exceptions && brought_back()) {
                kept.insert(path);
            }
        }
        // Whatever stays needs the directories above it.
        for path in kept.clone() {
            for (end, _) in path.match_indices('/') {
                if directories.contains(&path[..end]) {
                    kept.insert(&path[..end]);
                }
            }
        }
        kept
    }
}

/// A pattern without `/**` or `/*` at its end.
fn plain_start(pattern: &str) -> &str {
    let trimmed = pattern.strip_suffix("**").or_else(|| pattern.strip_suffix('*')).unwrap_or(pattern);
    if trimmed.len() == pattern.len() { pattern } else { trimmed.strip_suffix('/').unwrap_or(trimmed) }
}
