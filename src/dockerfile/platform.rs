//! Platforms: `linux/amd64`, `linux/arm/v7`, as containerd reads and writes them.

use crate::diagnostic::quote;
use std::fmt;

/// An operating system and a processor.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Platform {
    /// `linux`.
    pub os: String,
    /// `amd64`.
    pub architecture: String,
    /// `v7`, or nothing.
    pub variant: String,
}

impl Default for Platform {
    /// What this program builds for: `linux/amd64`.
    fn default() -> Self {
        Self { os: "linux".to_owned(), architecture: "amd64".to_owned(), variant: String::new() }
    }
}

const SYSTEMS: &[&str] = &[
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "hurd",
    "illumos",
    "ios",
    "js",
    "linux",
    "nacl",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "windows",
    "zos",
];

const PROCESSORS: &[&str] = &[
    "386",
    "amd64",
    "amd64p32",
    "arm",
    "armbe",
    "arm64",
    "arm64be",
    "ppc64",
    "ppc64le",
    "loong64",
    "mips",
    "mipsle",
    "mips64",
    "mips64le",
    "mips64p32",
    "mips64p32le",
    "ppc",
    "riscv",
    "riscv64",
    "s390",
    "s390x",
    "sparc",
    "sparc64",
    "wasm",
];

impl Platform {
    /// Reads a platform: system, processor, or both, and a variant. The error is containerd's reason.
    pub fn parse(text: &str) -> Result<Self, String> {
        let quoted = quote(text);
        let parts: Vec<&str> = text.split('/').collect();
        let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if parts.len() <= 3
            && let Some(part) = parts.iter().find(|part| part.is_empty() || !part.chars().all(good))
        {
            return Err(format!(
                "{} is an invalid component of {quoted}: platform specifier component must match \"^[A-Za-z0-9_.-]+$\": invalid argument",
                quote(part)
            ));
        }
        let lower: Vec<String> = parts.iter().map(|part| part.to_lowercase()).collect();
        let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
        match lower.as_slice() {
            [one] => {
                let system = if *one == "macos" { "darwin" } else { one };
                if SYSTEMS.contains(&system) {
                    return Ok(Self { os: system.to_owned(), ..Self::default() });
                }
                let (architecture, variant) = normal(one, "");
                if PROCESSORS.contains(&architecture.as_str()) {
                    return Ok(Self { os: "linux".to_owned(), architecture, variant });
                }
                Err(format!("{quoted}: unknown operating system or architecture: invalid argument"))
            }
            [os, architecture, rest @ ..] if rest.len() <= 1 => {
                let (architecture, variant) = normal(architecture, rest.first().copied().unwrap_or(""));
                let os = if *os == "macos" { "darwin" } else { os };
                Ok(Self { os: os.to_owned(), architecture, variant })
            }
            _ => Err(format!("{quoted}: cannot parse platform specifier: invalid argument")),
        }
    }
}

/// Other names of processors, and variants that go without saying.
fn normal(architecture: &str, variant: &str) -> (String, String) {
    let (architecture, variant) = match (architecture, variant) {
        ("i386", _) => ("386", ""),
        ("x86_64" | "x86-64" | "amd64", "v1") => ("amd64", ""),
        ("x86_64" | "x86-64", variant) => ("amd64", variant),
        ("aarch64" | "arm64", "8" | "v8") => ("arm64", ""),
        ("aarch64", variant) => ("arm64", variant),
        ("armhf", _) => ("arm", "v7"),
        ("armel", _) => ("arm", "v6"),
        ("arm", "" | "7") => ("arm", "v7"),
        ("arm", "5") => ("arm", "v5"),
        ("arm", "6") => ("arm", "v6"),
        ("arm", "8") => ("arm", "v8"),
        other => other,
    };
    (architecture.to_owned(), variant.to_owned())
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        if self.variant.is_empty() { Ok(()) } else { write!(f, "/{}", self.variant) }
    }
}
