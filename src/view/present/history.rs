//! The History and Inspect panels' view models.

use super::lens::{Lens, base_key, key, part};
use crate::build::outcome::Stage;
use crate::view::history::{HistoryRow, HistoryView, InspectLine, InspectView};
use crate::view::layer::{Kind, StepKey};
use crate::view::size::Amount;
use serde_json::{Map, Value};

/// `docker history`, newest first, of the stage that a step belongs to.
pub(super) fn history(lens: &Lens<'_>, at: StepKey) -> HistoryView {
    let stage = lens.stage_of(at);
    let rows = stage.history.iter().rev().map(|row| {
        let layer = row.layer.and_then(|index| stage.layers.get(index).map(|layer| (index, layer)));
        let kind =
            row.step.and_then(|id| lens.build.step(id)).map_or(Kind::From, |step| Kind::of_keyword(&step.source.name));
        HistoryRow {
            key: row.step.map_or_else(|| base_key(stage), key),
            kind,
            created_by: row.row.created_by.clone(),
            size: layer.map_or_else(Amount::default, |(_, layer)| part(layer.layer.size, layer.layer.certainty)),
            empty: row.layer.is_none(),
            layer: layer.map(|(index, _)| lens.name(stage, index)),
            image: None,
        }
    });
    let mut rows: Vec<HistoryRow> = rows.collect();
    if lens.build.image().is_some_and(|image| image.index == stage.index)
        && let Some(first) = rows.first_mut()
    {
        first.image = Some(stage.image().id.map_or_else(|| "…".to_owned(), |id| id.short()));
    }
    let empty = rows.iter().filter(|row| row.empty).count() as u32;
    HistoryView { layers: rows.len() as u32 - empty, empty, rows }
}

/// Fields of the configuration, and the instruction that sets each.
const SET_BY: [(&str, &[&str]); 11] = [
    ("Env", &["ENV"]),
    ("Cmd", &["CMD", "ENTRYPOINT"]),
    ("Entrypoint", &["ENTRYPOINT"]),
    ("WorkingDir", &["WORKDIR"]),
    ("User", &["USER"]),
    ("Labels", &["LABEL"]),
    ("ExposedPorts", &["EXPOSE"]),
    ("Volumes", &["VOLUME"]),
    ("StopSignal", &["STOPSIGNAL"]),
    ("Healthcheck", &["HEALTHCHECK"]),
    ("Shell", &["SHELL"]),
];

/// What `docker image inspect` shows of a stage's configuration and layers.
pub(super) fn inspect(lens: &Lens<'_>, at: StepKey) -> InspectView {
    let stage = lens.stage_of(at);
    let config = match serde_json::to_value(&stage.config) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let mut lines = vec![plain("{"), plain("    \"Config\": {")];
    let count = config.len();
    for (index, (name, value)) in config.iter().enumerate() {
        let key = setter(stage, name);
        let comma = if index + 1 < count { "," } else { "" };
        let text = serde_json::to_string_pretty(value).unwrap_or_default();
        let text = format!("\"{name}\": {text}{comma}");
        lines.extend(text.lines().map(|line| InspectLine { text: format!("        {}", widened(line)), key }));
    }
    lines.push(plain("    },"));
    lines.push(plain("    \"RootFS\": {"));
    lines.push(plain("        \"Type\": \"layers\","));
    lines.push(plain("        \"Layers\": ["));
    let count = stage.layers.len();
    for (index, layer) in stage.layers.iter().enumerate() {
        let digest = match layer.layer.diff_id() {
            Some(id) => id.digest().map_or_else(|| "sha256:?".to_owned(), |digest| digest.to_string()),
            None => "sha256:…".to_owned(),
        };
        let comma = if index + 1 < count { "," } else { "" };
        let key = Some(layer.step.map_or_else(|| base_key(stage), key));
        lines.push(InspectLine { text: format!("            \"{digest}\"{comma}"), key });
    }
    lines.extend([plain("        ]"), plain("    },"), plain(&format!("    \"Size\": {}", stage.size())), plain("}")]);
    InspectView { lines }
}

fn plain(text: &str) -> InspectLine {
    InspectLine { text: text.to_owned(), key: None }
}

/// The last step that set a field.
fn setter(stage: &Stage, field: &str) -> Option<StepKey> {
    let names = SET_BY.iter().find(|(name, _)| *name == field).map(|(_, names)| *names)?;
    let step = stage.steps.iter().rev().find(|step| names.contains(&step.source.name.as_str()))?;
    Some(key(step.id))
}

/// Two blanks of indentation as four, as Docker has it.
fn widened(line: &str) -> String {
    let blanks = line.len() - line.trim_start().len();
    format!("{}{line}", " ".repeat(blanks))
}
