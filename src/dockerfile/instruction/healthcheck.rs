//! HEALTHCHECK: how Docker finds out whether a container still works.

use super::super::ast::{InstructionKind, Word};
use super::super::duration::{self, go_duration};
use super::{
    ArgumentStyle, Arguments, CommandLine, FlagKind, InstructionSpec, Parsed, Problem, Request, flag, go_quoted_list,
};
use crate::diagnostic::InstructionError;

/// `HEALTHCHECK [flags] CMD command` or `HEALTHCHECK NONE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthcheckInstruction {
    /// What is asked.
    pub check: Healthcheck,
}

/// The two kinds of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Healthcheck {
    /// Drop the base image's check.
    None,
    /// Run a command.
    Command(HealthcheckCommand),
}

/// A command that is run again and again. Durations are nanoseconds; 0 means Docker's default. Nothing is expanded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthcheckCommand {
    /// The command.
    pub command: CommandLine,
    /// `--interval`.
    pub interval: i64,
    /// `--timeout`.
    pub timeout: i64,
    /// `--start-period`.
    pub start_period: i64,
    /// `--start-interval`.
    pub start_interval: i64,
    /// `--retries`.
    pub retries: u32,
}

impl HealthcheckInstruction {
    /// `Test` of the image's config: `NONE`, or `CMD` or `CMD-SHELL` and the command.
    pub fn test(&self) -> Vec<String> {
        match &self.check {
            Healthcheck::None => vec!["NONE".to_owned()],
            Healthcheck::Command(check) => {
                let kind = if check.command.is_shell() { "CMD-SHELL" } else { "CMD" };
                let mut test = vec![kind.to_owned()];
                test.extend(check.command.arguments(&[]));
                test
            }
        }
    }

    /// The row of the history: Go's print of the config's structure, the number of retries as a character.
    pub fn created_by(&self) -> String {
        let (durations, retries) = match &self.check {
            Healthcheck::None => ([0; 4], 0),
            Healthcheck::Command(check) => {
                ([check.interval, check.timeout, check.start_period, check.start_interval], check.retries)
            }
        };
        let durations: Vec<String> = durations.into_iter().map(|nanos| format!("\"{}\"", go_duration(nanos))).collect();
        format!("HEALTHCHECK &{{{} {} {}}}", go_quoted_list(&self.test()), durations.join(" "), go_rune(retries))
    }
}

/// A number as Go's `%q` prints it: the character with that number, quoted.
fn go_rune(number: u32) -> String {
    match char::from_u32(number) {
        Some('\'') => "'\\''".to_owned(),
        Some('"') => "'\"'".to_owned(),
        Some(c) => {
            let quoted = crate::diagnostic::quote(&c.to_string());
            format!("'{}'", quoted.trim_matches('"'))
        }
        None => "'\u{fffd}'".to_owned(),
    }
}

pub(super) const SPEC: InstructionSpec = InstructionSpec {
    name: "HEALTHCHECK",
    arguments: ArgumentStyle::Health,
    flags: &[
        flag("interval", FlagKind::Value, "time between checks"),
        flag("timeout", FlagKind::Value, "how long a check may take"),
        flag("start-period", FlagKind::Value, "how long failures do not count at the start"),
        flag("start-interval", FlagKind::Value, "time between checks at the start"),
        flag("retries", FlagKind::Value, "failures until the container is unhealthy"),
    ],
    heredocs: false,
    layer: false,
    doc: "Tell Docker how to test a container",
    parse,
};

fn parse(request: &Request<'_>) -> Parsed {
    let Arguments::Health(kind, rest) = &request.arguments else {
        return Err(InstructionError::AtLeastOneArgument { instruction: request.name() }.into());
    };
    let name = kind.text.to_uppercase();
    let empty = match rest.as_ref() {
        Arguments::None => true,
        Arguments::Json(words) => words.is_empty(),
        _ => false,
    };
    // The flags of NONE are not looked at.
    if name == "NONE" {
        return if empty {
            Ok(InstructionKind::Healthcheck(HealthcheckInstruction { check: Healthcheck::None }))
        } else {
            Err(InstructionError::HealthcheckNoneArguments {}.into())
        };
    }
    let flags = request.flags()?;
    if name != "CMD" {
        return Err(Problem::at(InstructionError::HealthcheckType { name }, kind.span));
    }
    if empty {
        return Err(InstructionError::HealthcheckWithoutCommand {}.into());
    }
    let command = match rest.as_ref() {
        Arguments::Json(words) => CommandLine::Exec(words.clone()),
        Arguments::Text(word) => CommandLine::Shell(word.clone()),
        _ => CommandLine::Shell(Word::default()),
    };
    let nanos = |name: &str| -> Result<i64, Problem> {
        let Some(word) = flags.value(name) else { return Ok(0) };
        match duration::parse(&word.text) {
            Err(reason) => Err(Problem::at(InstructionError::InvalidDuration { reason }, word.span)),
            Ok(nanos) if nanos != 0 && nanos < 1_000_000 => {
                Err(Problem::at(InstructionError::IntervalTooShort { flag: name.to_owned() }, word.span))
            }
            Ok(nanos) => Ok(nanos),
        }
    };
    Ok(InstructionKind::Healthcheck(HealthcheckInstruction {
        check: Healthcheck::Command(HealthcheckCommand {
            command,
            interval: nanos("interval")?,
            timeout: nanos("timeout")?,
            start_period: nanos("start-period")?,
            start_interval: nanos("start-interval")?,
            retries: flags.value("retries").map_or(Ok(0), |word| retries(&word))?,
        }),
    }))
}

fn retries(word: &Word) -> Result<u32, Problem> {
    let digits = word.text.strip_prefix(['+', '-']).unwrap_or(&word.text);
    let reason = if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        "invalid syntax"
    } else {
        match word.text.parse::<i32>() {
            Ok(number) if number < 0 => {
                return Err(Problem::at(InstructionError::NegativeRetries { retries: number.into() }, word.span));
            }
            Ok(number) => return Ok(number.unsigned_abs()),
            Err(_) => "value out of range",
        }
    };
    let reason = format!("strconv.ParseInt: parsing {}: {reason}", crate::diagnostic::quote(&word.text));
    Err(Problem::at(InstructionError::InvalidNumber { reason }, word.span))
}
