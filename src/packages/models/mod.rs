//! Build tools, downloads and programs whose work is only modelled: each leaves its usual outputs in their usual places, with
//! sizes of the table in [`sizes`], and says so. What has no usual output is taken to change no file.
//!
//! Where many files of unknown names come at once, one file named [`REMAINDER`] stands for them.

mod compilers;
mod download;
mod front_end;
mod go;
mod jvm;
mod make;
mod php;
mod quiet;
mod ruby;
mod rust;
mod sizes;

pub(super) use compilers::{cc, dotnet, javac};
pub(super) use download::{curl, git, wget};
pub(super) use front_end::{front_end, node};
pub(super) use go::go;
pub(super) use jvm::{gradle, java, maven};
pub(super) use make::{cmake, configure, make};
pub(super) use php::{apache, composer, extension, php};
pub(super) use quiet::{gpg, openssl, quiet, unzip};
pub(super) use ruby::{bundle, gem};
pub(super) use rust::{cargo, rustup};

use super::files::{Files, join};
use crate::shell::NoteKind;
use crate::shell::commands::{Context, Exit};
use crate::vfs::Content;

/// The file that stands for many whose names are not known.
pub(super) const REMAINDER: &str = "modelled-remainder";

/// What all models do.
trait Model {
    /// Notes what is modelled.
    fn modelled_as(&mut self, what: &str);
    /// Notes that the program is taken to change no file; status 0.
    fn changes_nothing(&mut self) -> Exit;
    /// Leaves a file of a size of the table, with the folders above it.
    fn leave(&mut self, path: &str, what: &str, mode: u16);
    /// Leaves a file that stands for those of a folder.
    fn leave_remainder(&mut self, folder: &str, what: &str);
    /// Leaves a text.
    fn leave_text(&mut self, path: &str, text: &str);
    /// The words that are no options, the program's own name left out.
    fn plain_words(&self) -> Vec<String>;
    /// The value of an environment variable, or this.
    fn env_or(&self, name: &str, default: &str) -> String;
}

impl Model for Context<'_> {
    fn modelled_as(&mut self, what: &str) {
        let name = self.name().to_owned();
        self.system.note(NoteKind::Modelled, format!("{name}: {what}"));
    }

    fn changes_nothing(&mut self) -> Exit {
        let words: String = self.args.iter().skip(1).take(2).map(|word| format!(" {word}")).collect();
        let words: String = words.chars().take(40).collect();
        let name = self.name().to_owned();
        self.system.note(NoteKind::Modelled, format!("{name}:{words} is taken to change no file"));
        0
    }

    fn leave(&mut self, path: &str, what: &str, mode: u16) {
        put(self, path, Content::unknown(sizes::size(what)), mode);
    }

    fn leave_remainder(&mut self, folder: &str, what: &str) {
        self.leave(&join(folder, REMAINDER), what, 0o666);
    }

    fn leave_text(&mut self, path: &str, text: &str) {
        put(self, path, Content::from(text), 0o666);
    }

    fn plain_words(&self) -> Vec<String> {
        self.args.iter().skip(1).filter(|arg| !arg.starts_with('-')).cloned().collect()
    }

    fn env_or(&self, name: &str, default: &str) -> String {
        self.process.env.get(name).filter(|value| !value.is_empty()).map_or_else(|| default.to_owned(), Clone::clone)
    }
}

fn put(cx: &mut Context<'_>, path: &str, content: Content, mode: u16) {
    let path = cx.process.path(path);
    let dir = path.rsplit_once('/').map_or("/", |(dir, _)| if dir.is_empty() { "/" } else { dir }).to_owned();
    if let Err(errno) = cx.make_dirs(&dir).and_then(|()| cx.put(&path, content, mode)) {
        cx.complain_of(&path, errno);
    }
}

/// The home directory.
fn home(cx: &Context<'_>) -> String {
    cx.env_or("HOME", "/root")
}

/// The last component of a path or URL.
fn base(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or(path)
}
