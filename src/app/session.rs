//! The worker's memory and what it does with a request, without any JavaScript: so it is tested natively.
//!
//! Lacks a clock: whoever drives it says when a slice of work is over.

use super::protocol::{Answer, Change, Request};
use crate::view::panel::Selection;
use crate::view::picture::{Outcome, Overview};
use crate::view::project::Project;
use std::rc::Rc;

/// One page's project and its build.
#[derive(Debug, Default)]
pub struct Session {
    revision: u64,
    project: Project,
    asked: u64,
    selection: Selection,
    pending: bool,
}

impl Session {
    /// Takes a request in. What is being built of an older revision is dropped.
    pub fn receive(&mut self, request: Request) {
        self.revision = request.revision;
        self.asked = request.asked;
        self.selection = request.selection;
        match request.change {
            Change::Nothing => return,
            Change::Load { earlier: _, beside: _, project } => self.project = project,
            Change::Dockerfile(text) => self.project.dockerfile = text,
            Change::Context { dockerignore, context } => {
                self.project.dockerignore = dockerignore;
                self.project.context = context;
            }
        }
        self.pending = true;
    }

    /// Works until there is something to tell or `over` says that the slice is over; `None` when nothing is left to do.
    pub fn work(&mut self, _over: &dyn Fn() -> bool) -> Option<Vec<Answer>> {
        if !self.pending {
            return None;
        }
        self.pending = false;
        let overview = Overview {
            revision: self.revision,
            outcome: Outcome::Nothing,
            gutter: Vec::new(),
            diagnostics: Vec::new(),
            ignored: Vec::new(),
        };
        Some(vec![Answer::Built(Rc::new(overview))])
    }
}
