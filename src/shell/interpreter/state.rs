//! What a shell knows: variables, functions, options. A subshell starts with a copy.

use crate::shell::script::{Command, Dialect};
use crate::shell::{HOSTNAME, Process};
use std::collections::BTreeMap;
use std::rc::Rc;

/// A variable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Variable {
    /// What it holds.
    pub value: Held,
    /// Handed on to programs.
    pub exported: bool,
    /// Cannot be changed.
    pub readonly: bool,
    /// bash's integers: what is assigned is evaluated.
    pub integer: bool,
}

/// What a variable holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Held {
    /// Nothing: declared only.
    #[default]
    Nothing,
    /// Text.
    Text(String),
    /// bash's array.
    Array(BTreeMap<i64, String>),
    /// bash's associative array.
    Map(BTreeMap<String, String>),
}

impl Held {
    /// The text; of an array its element 0.
    pub fn text(&self) -> Option<&str> {
        match self {
            Held::Nothing => None,
            Held::Text(text) => Some(text),
            Held::Array(elements) => elements.get(&0).map(String::as_str),
            Held::Map(elements) => elements.get("0").map(String::as_str),
        }
    }

    /// All values, in the order of their indices.
    pub fn values(&self) -> Vec<String> {
        match self {
            Held::Nothing => Vec::new(),
            Held::Text(text) => vec![text.clone()],
            Held::Array(elements) => elements.values().cloned().collect(),
            Held::Map(elements) => elements.values().cloned().collect(),
        }
    }

    /// All indices.
    pub fn keys(&self) -> Vec<String> {
        match self {
            Held::Nothing => Vec::new(),
            Held::Text(_) => vec!["0".to_owned()],
            Held::Array(elements) => elements.keys().map(i64::to_string).collect(),
            Held::Map(elements) => elements.keys().cloned().collect(),
        }
    }
}

/// `set`'s options that have an effect here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// `-e`
    pub errexit: bool,
    /// `-u`
    pub nounset: bool,
    /// `-x`
    pub xtrace: bool,
    /// `-f`
    pub noglob: bool,
    /// `-C`
    pub noclobber: bool,
    /// `-a`
    pub allexport: bool,
    /// `-n`
    pub noexec: bool,
    /// `-v`
    pub verbose: bool,
    /// `-o pipefail`
    pub pipefail: bool,
    /// bash's `-E`: functions and subshells keep the trap of ERR
    pub errtrace: bool,
    /// bash's `shopt -s nullglob`
    pub nullglob: bool,
    /// bash's `shopt -s dotglob`
    pub dotglob: bool,
}

/// Those that `set -o` names, with their letters (`\0` for none).
pub const OPTIONS: &[(&str, char)] = &[
    ("errexit", 'e'),
    ("noglob", 'f'),
    ("noexec", 'n'),
    ("xtrace", 'x'),
    ("verbose", 'v'),
    ("noclobber", 'C'),
    ("allexport", 'a'),
    ("nounset", 'u'),
    ("pipefail", '\0'),
];

impl Options {
    /// The option of this name.
    pub fn named(&mut self, name: &str) -> Option<&mut bool> {
        Some(match name {
            "allexport" => &mut self.allexport,
            "errexit" => &mut self.errexit,
            "errtrace" => &mut self.errtrace,
            "noclobber" => &mut self.noclobber,
            "noexec" => &mut self.noexec,
            "noglob" => &mut self.noglob,
            "nounset" => &mut self.nounset,
            "pipefail" => &mut self.pipefail,
            "verbose" => &mut self.verbose,
            "xtrace" => &mut self.xtrace,
            _ => return None,
        })
    }

    /// The option of this letter.
    pub fn lettered(&mut self, letter: char) -> Option<&mut bool> {
        if letter == 'E' {
            return Some(&mut self.errtrace);
        }
        let (name, _) = OPTIONS.iter().find(|(_, own)| *own == letter && letter != '\0')?;
        self.named(name)
    }

    /// What `$-` holds, the letters in the shell’s order.
    pub fn letters(mut self, order: &str, inline: bool) -> String {
        let on = |letter: &char| match letter {
            'c' => inline,
            'h' | 'B' => true,
            letter => self.lettered(*letter).is_some_and(|on| *on),
        };
        order.chars().filter(on).collect()
    }
}

/// A function's own variables: what they were before.
pub type Locals = Vec<(Rc<str>, Option<Variable>)>;

/// What a shell knows.
#[derive(Clone)]
pub struct State {
    /// The process it is.
    pub process: Process,
    /// Variables.
    pub variables: Rc<BTreeMap<Rc<str>, Variable>>,
    /// Functions.
    pub functions: Rc<BTreeMap<Rc<str>, Rc<Command>>>,
    /// What functions that run now have made local, innermost last.
    pub locals: Vec<Locals>,
    /// `$1` and so on.
    pub args: Rc<Vec<String>>,
    /// Options.
    pub options: Options,
    /// `trap`: by signal name, `EXIT` first of all.
    pub traps: Rc<BTreeMap<String, String>>,
    /// `$?`
    pub status: u8,
    /// `$!`
    pub background: Option<u32>,
    /// How the last job that was started with `&` ended.
    pub background_status: u8,
    /// The number that `$RANDOM` gives next comes from here.
    pub random: u64,
    /// Where `getopts` stands within an argument.
    pub getopts: usize,
    /// bash's stack of directories, the last one pushed first; the working directory is above it.
    pub directories: Vec<String>,
    /// Aliases, which scripts do not use.
    pub aliases: Rc<BTreeMap<String, String>>,
}

impl State {
    /// A shell's state at its start: variables from the environment, exported.
    pub fn new(process: Process, args: Vec<String>) -> Self {
        let variables = process
            .env
            .iter()
            .filter(|(name, _)| is_name(name))
            .map(|(name, value)| {
                let value = Held::Text(value.clone());
                (name.as_str().into(), Variable { value, exported: true, ..Variable::default() })
            })
            .collect();
        Self {
            process,
            variables: Rc::new(variables),
            functions: Rc::default(),
            locals: Vec::new(),
            args: Rc::new(args),
            options: Options::default(),
            traps: Rc::default(),
            status: 0,
            background: None,
            background_status: 0,
            random: 0x2545_f491,
            getopts: 0,
            directories: Vec::new(),
            aliases: Rc::default(),
        }
    }

    /// The variables that a shell itself sets when it starts.
    pub fn start(&mut self, dialect: Dialect, called: &str) {
        let pwd = self.get("PWD").filter(|pwd| pwd.starts_with('/') && *pwd == self.process.cwd);
        let pwd = pwd.map_or_else(|| self.process.cwd.clone(), str::to_owned);
        self.put("PWD", &pwd);
        self.put("IFS", " \t\n");
        self.put("OPTIND", "1");
        self.put("PS4", "+ ");
        if dialect != Dialect::Dash {
            let level = self.get("SHLVL").and_then(|level| level.parse::<u32>().ok()).unwrap_or(0);
            self.put("SHLVL", &level.saturating_add(1).to_string());
            self.variable("SHLVL").exported = true;
        }
        let ps = [("PS1", if dialect == Dialect::Ash { "\\w \\$ " } else { "$ " }), ("PS2", "> ")];
        if dialect != Dialect::Dash && self.get("HOSTNAME").is_none() {
            self.put("HOSTNAME", HOSTNAME);
        }
        if dialect == Dialect::Ash {
            self.put("FUNCNAME", "");
        }
        if dialect != Dialect::Bash {
            self.put("PPID", "0");
            for (name, value) in ps {
                self.put(name, value);
            }
        } else {
            self.put("_", called);
            let version = ["5", "2", "15", "1", "release", "x86_64-pc-linux-gnu"];
            self.variable("BASH_VERSINFO").value = Held::Array((0..).zip(version.map(str::to_owned)).collect());
            self.variable("OLDPWD").exported = true;
        }
        for name in ["PWD", "_"] {
            if self.variables.contains_key(name) {
                self.variable(name).exported = true;
            }
        }
        for name in ["IFS", "OPTIND", "PS4"] {
            self.variable(name).exported = false;
        }
    }

    /// The text of a variable.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).and_then(|variable| variable.value.text())
    }

    /// A variable, to change it.
    pub fn variable(&mut self, name: &str) -> &mut Variable {
        Rc::make_mut(&mut self.variables).entry(name.into()).or_default()
    }

    /// Sets a variable whatever it is.
    pub fn put(&mut self, name: &str, value: &str) {
        let exported = self.options.allexport;
        let variable = self.variable(name);
        variable.exported |= exported;
        match &mut variable.value {
            Held::Array(elements) => {
                elements.insert(0, value.to_owned());
            }
            Held::Text(text) => {
                text.clear();
                text.push_str(value);
            }
            held => *held = Held::Text(value.to_owned()),
        }
    }

    /// The environment for programs.
    pub fn environment(&self) -> BTreeMap<String, String> {
        let exported = self.variables.iter().filter(|(_, variable)| variable.exported);
        let mut out: BTreeMap<String, String> =
            self.process.env.iter().filter(|(name, _)| !is_name(name)).map(|(n, v)| (n.clone(), v.clone())).collect();
        out.extend(exported.filter_map(|(name, v)| v.value.text().map(|text| (name.to_string(), text.to_owned()))));
        out
    }

    /// The characters that split fields.
    pub fn ifs(&self) -> &str {
        self.get("IFS").unwrap_or(" \t\n")
    }

    /// What joins `"$*"`.
    pub fn joint(&self) -> String {
        self.ifs().chars().next().map_or_else(String::new, String::from)
    }
}

/// Is it the name of a variable?
pub fn is_name(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && text.bytes().next().is_some_and(|b| !b.is_ascii_digit())
}
