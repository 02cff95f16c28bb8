//! The inspector: which panel is asked for, its head, and its body.

use crate::path::AbsPath;
use crate::view::changes::ChangesView;
use crate::view::files::FilesView;
use crate::view::history::{HistoryView, InspectView};
use crate::view::layer::{ChipLook, InstructionText, Kind, StepKey};
use crate::view::list::Query;
use crate::view::log::LogView;
use crate::view::size::Amount;
use crate::view::stack::{CacheView, DigestView};
use crate::view::tar::TarView;
use crate::view::waste::WasteView;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::rc::Rc;

/// The inspector's tabs, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub enum Tab {
    /// What the step changed.
    #[default]
    Changes,
    /// The merged filesystem, and the lookup.
    Files,
    /// The layer's archive.
    Tar,
    /// `docker history`.
    History,
    /// The image's configuration.
    Inspect,
    /// The build's log.
    Log,
    /// What is stored and cannot be read.
    Waste,
}

impl Tab {
    /// All of them.
    pub const ALL: [Tab; 7] = [Tab::Changes, Tab::Files, Tab::Tar, Tab::History, Tab::Inspect, Tab::Log, Tab::Waste];

    /// Its name in ids.
    pub fn name(self) -> &'static str {
        match self {
            Self::Changes => "changes",
            Self::Files => "files",
            Self::Tar => "tar",
            Self::History => "history",
            Self::Inspect => "inspect",
            Self::Log => "log",
            Self::Waste => "waste",
        }
    }
}

/// What is selected; the worker answers with the view models of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Selection {
    /// The step; none leaves the choice to the view model.
    pub step: Option<StepKey>,
    /// The path; none leaves the choice to the view model: what the step is about.
    pub path: Option<AbsPath>,
    /// The open tab.
    pub tab: Tab,
    /// Open directories of the Files panel.
    pub open: BTreeSet<AbsPath>,
    /// Show the names that whiteouts hide?
    pub ghosts: bool,
    /// The slider steps through the build: the stack and the ledger are as they were after the step.
    pub stepping: bool,
    /// What the open tab's list shows.
    pub query: Query,
}

/// The inspector of one selection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelView {
    /// The step it is about.
    pub head: HeadView,
    /// The open tab's panel.
    pub body: Rc<PanelBody>,
}

/// What the inspector says of the selected step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadView {
    /// Which.
    pub key: StepKey,
    /// Its kind.
    pub kind: Kind,
    /// Its chip.
    pub look: ChipLook,
    /// Its text.
    pub text: InstructionText,
    /// Its first line, from 1.
    pub line: u32,
    /// Its layer's size; none without a layer.
    pub size: Option<Amount>,
    /// Cached or built; none for steps that did not end.
    pub cache: Option<CacheView>,
    /// Its layer's diff ID.
    pub digest: Option<DigestView>,
    /// The exit code of a failed RUN.
    pub exit_code: Option<i32>,
    /// Its stage's name (or number), where there are several.
    pub stage: Option<String>,
}

/// The open tab's panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PanelBody {
    /// Changes.
    Changes(Rc<ChangesView>),
    /// Files.
    Files(Rc<FilesView>),
    /// Tar.
    Tar(Rc<TarView>),
    /// History.
    History(HistoryView),
    /// Inspect.
    Inspect(InspectView),
    /// Log.
    Log(LogView),
    /// Waste.
    Waste(WasteView),
}

impl PanelBody {
    /// Which tab it fills.
    pub fn tab(&self) -> Tab {
        match self {
            Self::Changes(_) => Tab::Changes,
            Self::Files(_) => Tab::Files,
            Self::Tar(_) => Tab::Tar,
            Self::History(_) => Tab::History,
            Self::Inspect(_) => Tab::Inspect,
            Self::Log(_) => Tab::Log,
            Self::Waste(_) => Tab::Waste,
        }
    }
}
