//! Image references: `alpine`, `alpine:3.20`, `ghcr.io/owner/name@sha256:…`.
//!
//! The grammar and the normal form are those of the distribution project, as the `docker` command has them: a name
//! without a registry is Docker Hub's, one without an owner is `library`'s. Nothing is looked up.

use std::fmt;

/// A reference in normal form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// The registry: `docker.io`.
    pub domain: String,
    /// The repository: `library/alpine`.
    pub path: String,
    /// `3.20`.
    pub tag: Option<String>,
    /// `sha256:…`.
    pub digest: Option<String>,
}

impl Reference {
    /// Reads a reference. The error is Docker's reason.
    pub fn parse(text: &str) -> Result<Self, String> {
        let invalid = || "invalid reference format".to_owned();
        if text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(format!("invalid repository name ({text}), cannot specify 64-byte hexadecimal strings"));
        }
        let (domain, rest) = split_domain(text);
        let name = rest.split(':').next().unwrap_or("");
        if name.to_lowercase() != name {
            return Err(format!("invalid reference format: repository name ({name}) must be lowercase"));
        }
        let (rest, digest) = match rest.split_once('@') {
            Some((rest, digest)) => (rest.to_owned(), Some(digest.to_owned())),
            None => (rest, None),
        };
        let (path, tag) = match rest.split_once(':') {
            Some((path, tag)) => (path.to_owned(), Some(tag.to_owned())),
            None => (rest, None),
        };
        let good = is_domain(&domain)
            && path.split('/').all(is_path_component)
            && tag.as_deref().is_none_or(is_tag)
            && digest.as_deref().is_none_or(is_digest);
        if !good {
            return Err(invalid());
        }
        if domain.len() + 1 + path.len() > 255 {
            return Err("repository name must not be more than 255 characters".to_owned());
        }
        if let Some((algorithm, hex)) = digest.as_deref().and_then(|digest| digest.split_once(':')) {
            let length = match algorithm {
                "sha256" => 64,
                "sha384" => 96,
                "sha512" => 128,
                _ => return Err("unsupported digest algorithm".to_owned()),
            };
            if hex.len() != length {
                return Err("invalid checksum digest length".to_owned());
            }
        }
        Ok(Self { domain, path, tag, digest })
    }

    /// The same with the tag `latest`, if it has neither tag nor digest.
    pub fn with_default_tag(mut self) -> Self {
        if self.tag.is_none() && self.digest.is_none() {
            self.tag = Some("latest".to_owned());
        }
        self
    }

    /// The short form that people write: without `docker.io/` and `library/`.
    pub fn familiar(&self) -> String {
        let mut text = match (self.domain.as_str(), self.path.strip_prefix("library/")) {
            ("docker.io", Some(name)) if !name.contains('/') => name.to_owned(),
            ("docker.io", _) => self.path.clone(),
            (domain, _) => format!("{domain}/{}", self.path),
        };
        self.push_version(&mut text);
        text
    }

    fn push_version(&self, text: &mut String) {
        for (mark, version) in [(':', &self.tag), ('@', &self.digest)] {
            if let Some(version) = version {
                text.push(mark);
                text.push_str(version);
            }
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = format!("{}/{}", self.domain, self.path);
        self.push_version(&mut text);
        f.write_str(&text)
    }
}

/// Registry and repository (with what follows it): the first part is a registry if it looks like a host.
fn split_domain(text: &str) -> (String, String) {
    let is_host = |first: &str| first.contains(['.', ':']) || first == "localhost" || first.to_lowercase() != first;
    let (domain, rest) = match text.split_once('/') {
        Some((first, rest)) if is_host(first) => (first, rest),
        _ => ("docker.io", text),
    };
    let domain = if domain == "index.docker.io" { "docker.io" } else { domain };
    let rest = if domain == "docker.io" && !rest.contains('/') { format!("library/{rest}") } else { rest.to_owned() };
    (domain.to_owned(), rest)
}

fn is_domain(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, rest)) => {
            if address.is_empty() || !address.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':') {
                return false;
            }
            ("ipv6", if rest.is_empty() { None } else { Some(rest.strip_prefix(':').unwrap_or("")) })
        }
        None => match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        },
    };
    let component = |part: &str| {
        part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && part.ends_with(|c: char| c.is_ascii_alphanumeric())
    };
    let good_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    host.split('.').all(component) && port.is_none_or(good_port)
}

/// Lower-case letters and digits, joined by one `.` or `_`, two `_`, or any number of `-`.
fn is_path_component(text: &str) -> bool {
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let separators = text.split(letter).filter(|run| !run.is_empty());
    text.starts_with(letter)
        && text.ends_with(letter)
        && separators.into_iter().all(|run| matches!(run, "." | "_" | "__") || run.bytes().all(|byte| byte == b'-'))
}

fn is_tag(text: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.len() <= 128 && text.starts_with(word) && text.chars().all(|c| word(c) || matches!(c, '.' | '-'))
}

fn is_digest(text: &str) -> bool {
    let Some((algorithm, hex)) = text.split_once(':') else { return false };
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    algorithm.split(['-', '_', '+', '.']).all(part)
        && hex.len() >= 32
        && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
}
