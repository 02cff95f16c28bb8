//! `apt-get update` in a RUN of its own: the cache keeps it, and a changed install after it reads old lists.

use super::{View, layer_size, note, says};
use crate::diagnostic::{Diagnostic, Lesson};
use crate::units::human;

/// Updates, and the installs that should be in the same RUN.
const PAIRS: &[(&str, &[&str])] = &[
    ("apt-get update", &["apt-get install", "apt install"]),
    ("apt update", &["apt install", "apt-get install"]),
    ("apk update", &["apk add"]),
];

pub(super) fn find(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for step in view.runs() {
        for (update, installs) in PAIRS {
            let installs_in = |step: &crate::build::outcome::Step| installs.iter().any(|install| says(step, install));
            if says(step, update)
                && !installs_in(step)
                && view.runs().any(|later| later.id > step.id && installs_in(later))
            {
                let size = human(layer_size(step));
                found.push(note(Lesson::UpdateAlone { command: (*update).to_owned(), size }, step));
            }
        }
    }
}
