//! The Log panel's view model: the plain log of `report`, its lines marked.

use super::ledger::not_run;
use super::lens::Lens;
use crate::build::outcome::StepState;
use crate::report::plain;
use crate::view::changes::Because;
use crate::view::layer::StepKey;
use crate::view::log::{LogLine, LogView};

/// The most lines that are shown.
const MAX_LINES: usize = 2000;

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
    LogView { because, lines: clip(lines.collect()) }
}

/// A log longer than [`MAX_LINES`] without its middle: a browser would take seconds to draw half a million lines.
fn clip(mut lines: Vec<LogLine>) -> Vec<LogLine> {
    if lines.len() > MAX_LINES {
        let end = lines.len() - MAX_LINES / 2;
        let text = format!("[{} lines clipped]", end - MAX_LINES / 2);
        lines.splice(MAX_LINES / 2..end, [LogLine { text, bad: false, selected: false }]);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_log_loses_its_middle() {
        let lines = (0..MAX_LINES + 10).map(|n| LogLine { text: n.to_string(), bad: false, selected: false });
        let clipped = clip(lines.collect());
        assert_eq!(clipped.len(), MAX_LINES + 1);
        assert_eq!(clipped[MAX_LINES / 2].text, "[10 lines clipped]");
        assert_eq!(clipped[MAX_LINES].text, (MAX_LINES + 9).to_string());
    }
}
