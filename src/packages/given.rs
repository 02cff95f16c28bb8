//! Command lines of tools that have a command and take any option: which options were given, and the other words.

/// What was given.
#[derive(Debug, Default)]
pub struct Given {
    /// The first word that is no option.
    pub command: String,
    /// Options with their dashes, each with its value (empty without one), in order.
    pub options: Vec<(String, String)>,
    /// The other words.
    pub operands: Vec<String>,
}

impl Given {
    /// Reads the arguments after the program's own name; the options of `with_value` take the next word.
    pub fn read(args: &[String], with_value: &[&str]) -> Self {
        let mut given = Self::default();
        let mut args = args.iter().peekable();
        while let Some(arg) = args.next() {
            if arg == "--" {
                given.operands.extend(args.cloned());
                break;
            }
            if !arg.starts_with('-') || arg == "-" {
                if given.command.is_empty() {
                    given.command = arg.clone();
                } else {
                    given.operands.push(arg.clone());
                }
                continue;
            }
            let (name, value) =
                arg.split_once('=').map_or((arg.as_str(), None), |(name, value)| (name, Some(value.to_owned())));
            let value = match value {
                Some(value) => value,
                None if with_value.contains(&name) => args.next().cloned().unwrap_or_default(),
                // `--no-audit false`, `--unsafe-perm true`.
                None => args.next_if(|next| *next == "true" || *next == "false").cloned().unwrap_or_default(),
            };
            given.options.push((name.to_owned(), value));
        }
        given
    }

    /// Was one of these given, and not as `false`?
    pub fn has(&self, names: &[&str]) -> bool {
        self.options.iter().any(|(name, value)| names.contains(&name.as_str()) && value != "false")
    }

    /// The last value of an option.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.options.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All words: the command and the operands.
    pub fn words(&self) -> Vec<&str> {
        std::iter::once(&self.command)
            .chain(&self.operands)
            .map(String::as_str)
            .filter(|word| !word.is_empty())
            .collect()
    }
}
