//! The Log panel's view model: the plain log of `report`, its lines marked.

use super::ledger::not_run;
use super::lens::Lens;
use crate::build::outcome::StepState;
use crate::report::plain;
use crate::view::changes::Because;
use crate::view::layer::StepKey;
use crate::view::log::{LogLine, LogView};

/// The log, with the selected step's lines marked.
pub(super) fn log(lens: &Lens<'_>, key: StepKey) -> LogView {
    let step = lens.step(key);
    let because = step.and_then(|step| match &step.state {
        StepState::Failed { exit_code, .. } => {
            Some(Because::Failed { exit_code: *exit_code, not_run: not_run(lens.stage_of(key)) })
        }
        StepState::NotRun => {
            let failed = lens.build.failure.as_ref().and_then(|failure| failure.step);
            Some(Because::NotRun { failed: failed.map(|id| id.ordinal as u32) })
        }
        StepState::Done => None,
    });
    let text = plain::log(lens.build, &lens.shown.text, "Dockerfile");
    let named = step.map(|step| format!("] {}", step.source.text));
    let mut number = String::new();
    let lines = text.lines().map(|line| {
        let head = line.split(' ').next().unwrap_or_default();
        if let Some(named) = &named
            && head.starts_with('#')
            && line.ends_with(named.as_str())
        {
            number = head.to_owned();
        }
        let bad = line.starts_with("ERROR:")
            || line.contains(" | >>> ")
            || (head.starts_with('#') && line.starts_with(&format!("{head} ERROR")));
        let selected = !number.is_empty() && head == number;
        LogLine { text: line.to_owned(), bad, selected }
    });
    LogView { because, lines: lines.collect() }
}
