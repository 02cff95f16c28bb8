//! How a path of an image is found through its layers, as text: which layers hold it, which one wins, what hides it.

use crate::image::Image;
use crate::insight::lookup::{End, Fall, Found, Met, lookup_in};
use crate::path::AbsPath;
use crate::units::human;
use crate::vfs::{Changeset, FileKind};
use std::fmt::Write;

/// How much of a command is shown.
const WIDTH: usize = 50;

/// The look for a path, from the top layer down, and its end.
pub fn why(image: &Image, path: &AbsPath) -> String {
    let layers: Vec<&Changeset> = image.layers.iter().map(|layer| &*layer.changeset).collect();
    let rows: Vec<&str> = image
        .history_with_layers()
        .filter(|(_, layer)| layer.is_some())
        .map(|(row, _)| row.created_by.as_str())
        .collect();
    let lookup = lookup_in(&layers, path);
    let mut out = format!("{path}\n");
    for Fall { layer, met } in &lookup.falls {
        let by: String = rows.get(*layer).copied().unwrap_or_default().chars().take(WIDTH).collect();
        let _ =
            writeln!(out, "  layer {:>3}  {:<34}  {}", layer + 1, says(met), by.replace(['\n', '\t'], " ").trim_end());
    }
    let number = |layer: usize| layer + 1;
    let _ = match lookup.end {
        End::Found(layer) => writeln!(out, "layer {} provides it", number(layer)),
        End::Directory(layer) => {
            writeln!(out, "a directory, whose mode and owner are those of layer {}", number(layer))
        }
        End::Hidden(layer) => writeln!(out, "layer {} hides it", number(layer)),
        End::Absent => writeln!(out, "no layer has it"),
    };
    let still = lookup.falls.iter().filter_map(|fall| match &fall.met {
        Met::Still(found) => Some(found.bytes),
        _ => None,
    });
    let still: u64 = still.sum();
    if still > 0 {
        let _ = writeln!(out, "{} of it can no longer be read and still ship with the image", human(still));
    }
    out
}

fn says(met: &Met) -> String {
    match met {
        Met::Miss => "nothing".to_owned(),
        Met::Hit(found) => format!("found: {}", thing(found)),
        Met::Merged(_) => "a directory, merged with those below".to_owned(),
        Met::Whiteout(path) => format!("whiteout of {path}"),
        Met::Opaque(path) => format!("{path} is opaque"),
        Met::NotADirectory(path) => format!("{path} is no directory"),
        Met::Past => "nothing".to_owned(),
        Met::Still(found) => format!("still stored: {}", thing(found)),
    }
}

fn thing(found: &Found) -> String {
    match (&found.link, found.kind) {
        (Some(target), _) => format!("hard link to {target}"),
        (None, FileKind::File) => format!("file of {}", human(found.bytes)),
        (None, FileKind::Dir) => "directory".to_owned(),
        (None, FileKind::Symlink) => "symbolic link".to_owned(),
        (None, FileKind::Fifo) => "pipe".to_owned(),
        (None, FileKind::CharDevice | FileKind::BlockDevice) => "device".to_owned(),
    }
}
