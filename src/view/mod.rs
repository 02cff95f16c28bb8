//! Plain data for the page, and the state it shows: one view model per panel, the page's state, its actions and reducer.
//!
//! The worker computes the view models from a finished build and sends them; the components of `app` only draw them
//! and dispatch actions. So everything here is serializable, compares cheaply, and tests natively. It lacks words:
//! view models carry data (which layer, which command, how many bytes), and `app` words it in the reader's language.
//! Nothing here does I/O or knows Yew.

pub mod assist;
pub mod changes;
pub mod context_tree;
pub mod drawing;
pub mod editor;
pub mod files;
pub mod history;
pub mod images;
pub mod layer;
pub mod ledger;
pub mod link;
pub mod list;
pub mod log;
pub mod panel;
pub mod picture;
pub mod present;
pub mod project;
pub mod size;
pub mod stack;
pub mod state;
pub mod tar;
pub mod waste;
