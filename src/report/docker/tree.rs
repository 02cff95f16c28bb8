//! The tree that `docker images --tree` drew until 2015, of today's layers: every layer below the one it lies on, so that one
//! sees what images share. Then each instruction was a layer of its own, with an ID; today a layer has a chain ID.

use super::table::ellipsis;
use crate::digest::Digest;
use crate::image::{Image, chain_ids};
use crate::units::human;
use std::collections::BTreeMap;
use std::fmt::Write;

/// How much of a command is shown.
const WIDTH: usize = 60;

#[derive(Default)]
struct Node {
    size: u64,
    created_by: String,
    tags: Vec<String>,
    /// In the order of their images.
    above: Vec<Digest>,
}

/// The drawing.
pub fn tree(images: &[&Image]) -> String {
    let mut nodes: BTreeMap<Option<Digest>, Node> = BTreeMap::new();
    for image in images {
        let rows: Vec<String> = image
            .history_with_layers()
            .filter(|(_, layer)| layer.is_some())
            .map(|(row, _)| row.created_by.clone())
            .collect();
        let mut below = None;
        for (i, (chain, layer)) in chain_ids(&image.config.rootfs.diff_ids).into_iter().zip(&image.layers).enumerate() {
            let parent = nodes.entry(below).or_default();
            if !parent.above.contains(&chain) {
                parent.above.push(chain);
            }
            let node = nodes.entry(Some(chain)).or_default();
            node.size = layer.size;
            if node.created_by.is_empty() {
                node.created_by = rows.get(i).cloned().unwrap_or_default();
            }
            below = Some(chain);
        }
        let top = nodes.entry(below).or_default();
        let name = image.id.map(|id| id.short());
        let tags = if image.names.is_empty() { name.into_iter().collect() } else { image.names.clone() };
        top.tags.extend(tags);
    }
    let mut out = String::new();
    draw(&nodes, None, "", 0, &mut out);
    out
}

fn draw(nodes: &BTreeMap<Option<Digest>, Node>, at: Option<Digest>, indent: &str, below: u64, out: &mut String) {
    let Some(node) = nodes.get(&at) else { return };
    for (i, above) in node.above.iter().enumerate() {
        let last = i + 1 == node.above.len();
        let Some(child) = nodes.get(&Some(*above)) else { continue };
        let (branch, rail) = if last { ("└─", "  ") } else { ("├─", "│ ") };
        let all = below + child.size;
        let _ =
            write!(out, "{indent}{branch}{} Size: {} Virtual Size: {}", above.short(), human(child.size), human(all));
        if !child.tags.is_empty() {
            let _ = write!(out, " Tags: {}", child.tags.join(", "));
        }
        let _ = writeln!(out, "  {}", ellipsis(&child.created_by.replace(['\t', '\n'], " "), WIDTH).trim_end());
        draw(nodes, Some(*above), &format!("{indent}{rail}"), all, out);
    }
}
