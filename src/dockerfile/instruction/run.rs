//! RUN: a command, and what it changes becomes a layer.

use super::super::ast::{Heredoc, InstructionKind, Word};
use super::super::frontend::Frontend;
use super::super::heredoc::heredoc_word;
use super::{ArgumentStyle, CommandLine, FlagKind, FlagSpec, InstructionSpec, Parsed, Problem, Request, flag, mount};
use crate::diagnostic::InstructionError;

/// `RUN [flags] command` or `RUN [flags] ["program", "argument"]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunInstruction {
    /// The command as written, without the content of here-documents; see [`RunInstruction::program`].
    pub command: CommandLine,
    /// `--mount`, in order; [`mount::Mount::parse`] reads them once they can be expanded.
    pub mounts: Vec<Word>,
    /// `--network`: `default`, `none` or `host`.
    pub network: Option<Word>,
    /// `--security`: `sandbox` or `insecure`.
    pub security: Option<Word>,
    /// `--device`, in order.
    pub devices: Vec<Word>,
}

/// What a RUN runs, here-documents included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Program {
    /// A text for the shell.
    Script(String),
    /// A here-document that starts with `#!`: it is run as the file `/dev/pipes/NAME`.
    File {
        /// The here-document's name.
        name: String,
        /// The file's content.
        content: String,
    },
    /// Program and arguments.
    Exec(Vec<String>),
}

impl Program {
    /// Program and arguments, the shell's words before the text.
    pub fn arguments(&self, shell: &[String]) -> Vec<String> {
        let text = match self {
            Self::Exec(arguments) => return arguments.clone(),
            Self::Script(text) => text.clone(),
            Self::File { name, .. } => format!("/dev/pipes/{name}"),
        };
        shell.iter().cloned().chain([text]).collect()
    }
}

impl RunInstruction {
    /// What is run. A command that is nothing but a here-document is replaced by its content; in any other the
    /// here-documents follow the command, for the shell to read (`tests/cases/docker/parse-heredoc-run`). BuildKit
    /// expands nothing in them.
    pub fn program(&self, heredocs: &[Heredoc]) -> Program {
        let text = match &self.command {
            CommandLine::Exec(words) => return Program::Exec(words.iter().map(|word| word.text.clone()).collect()),
            CommandLine::Shell(word) => &word.text,
        };
        let Some(first) = heredocs.first() else { return Program::Script(text.clone()) };
        if matches!(heredoc_word(text), Ok(Some(_))) {
            let content = first.text();
            // Before tabs are dropped.
            return if first.content.starts_with("#!") {
                Program::File { name: first.name.clone(), content }
            } else {
                Program::Script(content)
            };
        }
        let mut script = text.clone();
        for heredoc in heredocs {
            script.push_str(&format!("\n{}{}", heredoc.content, heredoc.name));
        }
        Program::Script(script)
    }

    /// The first line of a here-document that is the whole command, as BuildKit shows it behind the step's text.
    pub fn heredoc_summary(&self, heredocs: &[Heredoc]) -> Option<String> {
        let CommandLine::Shell(word) = &self.command else { return None };
        let first = heredocs.first()?;
        heredoc_word(&word.text).ok().flatten()?;
        let content = first.content.trim();
        let line = content.lines().next().unwrap_or("");
        Some(if content.contains('\n') { format!("{line}...") } else { line.to_owned() })
    }

    /// The row of the history, with all ARGs so far and their values before the command; `arguments` as
    /// [`Program::arguments`] gives them.
    pub fn created_by(build_args: &[(String, String)], arguments: &[String]) -> String {
        let mut words = Vec::new();
        if !build_args.is_empty() {
            words.push(format!("|{}", build_args.len()));
            words.extend(build_args.iter().map(|(name, value)| format!("{name}={value}")));
        }
        words.extend(arguments.iter().cloned());
        format!("RUN {} # buildkit", words.join(" "))
    }
}

pub(super) const SPEC: InstructionSpec = InstructionSpec {
    name: "RUN",
    arguments: ArgumentStyle::JsonOrText,
    flags: &[
        flag("mount", FlagKind::Values, "something to see during the command"),
        flag("network", FlagKind::Value, "default, none or host"),
        FlagSpec { since: Frontend::Newer, ..flag("security", FlagKind::Value, "sandbox or insecure") },
        flag("device", FlagKind::Values, "a device (labs frontends)"),
    ],
    heredocs: true,
    layer: true,
    doc: "Run a command and keep what it changes",
    parse,
};

fn parse(request: &Request<'_>) -> Parsed {
    let flags = request.flags()?;
    let (mounts, network, security) = (flags.values("mount"), flags.value("network"), flags.value("security"));
    for word in &mounts {
        mount::precheck(&word.text).map_err(|error| Problem::at(error, word.span))?;
    }
    if let Some(mode) = network.as_ref().filter(|word| !["default", "none", "host"].contains(&word.text.as_str())) {
        return Err(Problem::at(InstructionError::InvalidNetwork { mode: mode.text.clone() }, mode.span));
    }
    if let Some(mode) = security.as_ref().filter(|word| !["sandbox", "insecure"].contains(&word.text.as_str())) {
        return Err(Problem::at(InstructionError::InvalidSecurity { mode: mode.text.clone() }, mode.span));
    }
    let command = request.command_line();
    Ok(InstructionKind::Run(RunInstruction { command, mounts, network, security, devices: flags.values("device") }))
}
