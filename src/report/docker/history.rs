//! `docker history`.

use super::table::{ellipsis, table};
use super::time;
use crate::image::{Image, go_escaped};
use crate::units::human;
use serde::Serialize;

/// How much of a command is shown.
const CREATED_BY_WIDTH: usize = 45;

/// The options of `docker history`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryOptions {
    /// Sizes and times for people; else bytes and dates.
    pub human: bool,
    /// IDs and commands as a whole.
    pub no_trunc: bool,
}

impl Default for HistoryOptions {
    fn default() -> Self {
        Self { human: true, no_trunc: false }
    }
}

/// A row, in the order in which Docker's JSON has the fields.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Row {
    comment: String,
    created_at: String,
    created_by: String,
    created_since: String,
    #[serde(rename = "ID")]
    id: String,
    size: String,
}

/// The table. `now` is in seconds since 1970.
pub fn history(image: &Image, options: HistoryOptions, now: i64) -> String {
    let head = ["IMAGE", if options.human { "CREATED" } else { "CREATED AT" }, "CREATED BY", "SIZE", "COMMENT"];
    let rows: Vec<Vec<String>> = rows(image, options, now)
        .map(|row| {
            let created = if options.human { row.created_since } else { row.created_at };
            vec![row.id, created, row.created_by, row.size, row.comment]
        })
        .collect();
    table(&head, &rows)
}

/// A line of JSON for each row: `--format json`.
pub fn history_json(image: &Image, options: HistoryOptions, now: i64) -> String {
    let line = |row: Row| format!("{}\n", go_escaped(&serde_json::to_string(&row).unwrap_or_default()));
    rows(image, options, now).map(line).collect()
}

/// The IDs alone: `--quiet`.
pub fn history_ids(image: &Image, options: HistoryOptions) -> String {
    rows(image, options, 0).map(|row| format!("{}\n", row.id)).collect()
}

fn rows(image: &Image, options: HistoryOptions, now: i64) -> impl Iterator<Item = Row> {
    let mut rows: Vec<Row> = image
        .history_with_layers()
        .map(|(row, layer)| {
            let size = layer.map_or(0, |layer| layer.size);
            let created = row.created.as_deref().and_then(time::seconds);
            let created_by = row.created_by.replace('\t', " ");
            Row {
                comment: row.comment.clone(),
                created_at: created.map(time::rfc3339).unwrap_or_default(),
                created_by: if options.no_trunc { created_by } else { ellipsis(&created_by, CREATED_BY_WIDTH) },
                created_since: created.map(|created| time::ago(created, now)).unwrap_or_default(),
                id: "<missing>".to_owned(),
                size: if options.human { human(size) } else { size.to_string() },
            }
        })
        .collect();
    if let (Some(last), Some(id)) = (rows.last_mut(), image.id) {
        last.id = if options.no_trunc { id.to_string() } else { id.short() };
    }
    rows.into_iter().rev()
}
