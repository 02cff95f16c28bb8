//! `# check=skip=A,B;error=true;experimental=all`.

use super::Rule;
use crate::diagnostic::quote;

/// Which checks are made, and whether findings fail the build.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CheckOptions {
    /// `skip=all`.
    pub skip_all: bool,
    /// Names that are skipped.
    pub skip: Vec<String>,
    /// `experimental=all`.
    pub experimental_all: bool,
    /// Experimental checks that are made.
    pub experimental: Vec<String>,
    /// `error=true`.
    pub error: bool,
}

impl CheckOptions {
    /// Reads the value of a `check` directive. The error is BuildKit's message.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut options = Self::default();
        if text.trim().is_empty() {
            return Ok(options);
        }
        for part in text.trim().splitn(3, ';') {
            let Some((key, value)) = part.split_once('=') else {
                return Err(format!("invalid check option {}", quote(part)));
            };
            let value = value.trim();
            let names = || value.split(',').map(|name| name.trim().to_owned()).collect();
            match key.trim() {
                "skip" if value == "all" => options.skip_all = true,
                "skip" => options.skip = names(),
                "experimental" if value == "all" => options.experimental_all = true,
                "experimental" => options.experimental = names(),
                "error" => match value {
                    "1" | "t" | "T" | "TRUE" | "true" | "True" => options.error = true,
                    "0" | "f" | "F" | "FALSE" | "false" | "False" => options.error = false,
                    _ => {
                        return Err(format!(
                            "failed to parse check option {}: strconv.ParseBool: parsing {}: invalid syntax",
                            quote(part),
                            quote(value)
                        ));
                    }
                },
                key => return Err(format!("invalid check option {}", quote(key))),
            }
        }
        Ok(options)
    }

    /// Is a check made?
    pub fn enabled(&self, rule: &Rule) -> bool {
        let named = |list: &[String]| list.iter().any(|name| name == rule.name);
        if rule.experimental {
            self.experimental_all || named(&self.experimental)
        } else {
            !self.skip_all && !named(&self.skip)
        }
    }
}
