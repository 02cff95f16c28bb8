//! pip's command line: which options it has, and which of them matter here.

/// Options that take a value.
const WITH_VALUE: &[&str] = &[
    "--abi",
    "--cache-dir",
    "--cert",
    "--client-cert",
    "--config-settings",
    "--constraint",
    "--default-timeout",
    "--dest",
    "--editable",
    "--exists-action",
    "--extra-index-url",
    "--find-links",
    "--format",
    "--global-option",
    "--group",
    "--implementation",
    "--index-url",
    "--install-option",
    "--keyring-provider",
    "--log",
    "--no-binary",
    "--only-binary",
    "--path",
    "--platform",
    "--prefix",
    "--progress-bar",
    "--proxy",
    "--python",
    "--python-version",
    "--report",
    "--requirement",
    "--resume-retries",
    "--retries",
    "--root",
    "--root-user-action",
    "--src",
    "--target",
    "--timeout",
    "--trusted-host",
    "--upgrade-strategy",
    "--use-deprecated",
    "--use-feature",
    "--wheel-dir",
    "-C",
    "-c",
    "-d",
    "-e",
    "-f",
    "-i",
    "-r",
    "-t",
    "-w",
];

/// Options that take none and are understood, or change nothing here.
const FLAGS: &[&str] = &[
    "--break-system-packages",
    "--compile",
    "--disable-pip-version-check",
    "--force-reinstall",
    "--ignore-installed",
    "--ignore-requires-python",
    "--isolated",
    "--no-build-isolation",
    "--no-cache-dir",
    "--no-clean",
    "--no-color",
    "--no-compile",
    "--no-deps",
    "--no-dependencies",
    "--no-index",
    "--no-input",
    "--no-python-version-warning",
    "--no-use-pep517",
    "--no-warn-conflicts",
    "--no-warn-script-location",
    "--pre",
    "--prefer-binary",
    "--quiet",
    "--require-hashes",
    "--require-virtualenv",
    "--upgrade",
    "--use-pep517",
    "--user",
    "--verbose",
    "--yes",
    "--no-user",
    "--check-build-dependencies",
    "--no-verify",
    "--all",
];

/// What was given.
#[derive(Debug, Default)]
pub struct Given {
    /// The command: `install`.
    pub command: String,
    /// Long names (or short ones with a value), each with its value, in order.
    options: Vec<(String, String)>,
    /// What is left.
    pub operands: Vec<String>,
    /// Options that are not known.
    pub unknown: Vec<String>,
}

impl Given {
    /// Reads the arguments after pip's own name.
    pub fn read(args: &[String]) -> Self {
        let mut given = Self::default();
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            if !arg.starts_with('-') || arg == "-" {
                if given.command.is_empty() {
                    given.command = arg.clone();
                } else {
                    given.operands.push(arg.clone());
                }
            } else if let Some(name) = arg.strip_prefix("--") {
                let (name, value) = name.split_once('=').map_or((name, None), |(name, value)| (name, Some(value)));
                let name = format!("--{name}");
                if WITH_VALUE.contains(&name.as_str()) {
                    let value = value.map(str::to_owned).or_else(|| args.next().cloned()).unwrap_or_default();
                    given.options.push((name, value));
                } else if FLAGS.contains(&name.as_str()) || name == "--version" || name == "--help" {
                    given.options.push((name, String::new()));
                } else {
                    given.unknown.push(name);
                }
            } else {
                given.short(&arg[1..], &mut args);
            }
        }
        given
    }

    fn short<'a>(&mut self, letters: &str, args: &mut impl Iterator<Item = &'a String>) {
        for (i, letter) in letters.char_indices() {
            let name = format!("-{letter}");
            if WITH_VALUE.contains(&name.as_str()) {
                let rest = letters[i + letter.len_utf8()..].trim_start_matches('=');
                let value = if rest.is_empty() { args.next().cloned().unwrap_or_default() } else { rest.to_owned() };
                let long = match letter {
                    'r' => "--requirement",
                    'c' => "--constraint",
                    'e' => "--editable",
                    't' => "--target",
                    'w' => "--wheel-dir",
                    'd' => "--dest",
                    _ => "--other",
                };
                self.options.push((long.to_owned(), value));
                return;
            }
            let long = match letter {
                'U' => "--upgrade",
                'q' => "--quiet",
                'v' => "--verbose",
                'I' => "--ignore-installed",
                'y' => "--yes",
                'V' => "--version",
                'h' => "--help",
                _ => {
                    self.unknown.push(name);
                    continue;
                }
            };
            self.options.push((long.to_owned(), String::new()));
        }
    }

    /// Was it given?
    pub fn has(&self, name: &str) -> bool {
        self.options.iter().any(|(known, _)| known == name)
    }

    /// Its values, in order.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.options.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Is an option given, or its environment variable (`PIP_NO_CACHE_DIR`) set to something true?
    pub fn switched(&self, name: &str, env: &std::collections::BTreeMap<String, String>) -> bool {
        let variable = format!("PIP_{}", name.trim_start_matches('-').replace('-', "_").to_uppercase());
        let on = |value: &String| !matches!(value.to_lowercase().as_str(), "" | "0" | "false" | "no" | "off");
        // `PIP_NO_CACHE_DIR=off` turns the cache off, too: pip takes any value.
        let set = |value: &String| if name == "--no-cache-dir" { !value.is_empty() } else { on(value) };
        self.has(name) || env.get(&variable).is_some_and(set)
    }
}
