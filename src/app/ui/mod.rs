//! The page's components: they draw view models and dispatch actions, and know nothing else.
//!
//! Markup and class names are those of the style sheets in static/styles. No `style` attributes: the
//! Content-Security-Policy refuses them, so thickness is `data-thick` and bars are SVG.

use crate::view::state::{Action, State};
use std::rc::Rc;
use yew::prelude::*;

pub mod changes;
pub mod context;
pub mod dialogs;
pub mod editor_pane;
pub mod files;
pub mod filter_bar;
pub mod header;
pub mod history;
pub mod images;
pub mod inspector;
pub mod keys;
pub mod lacking;
pub mod ledger;
pub mod menu;
pub mod parts;
pub mod picture;
pub mod root;
pub mod row;
pub mod stack;
pub mod stages;
pub mod stepper;
pub mod tabs;
pub mod tar;
pub mod virtual_list;
pub mod waste;
pub mod wires;

/// The page's state as Yew's reducer holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Store(pub Rc<State>);

impl Reducible for Store {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(Self(Rc::new((*self.0).clone().reduce(action))))
    }
}

/// What components dispatch actions with.
pub type Dispatch = UseReducerDispatcher<Store>;
