//! The page: its components, the worker that runs the engine, and what they say to each other.
//!
//! Two WebAssembly modules come out of this: `bin/app.rs` starts [`start`], `bin/worker.rs` starts [`worker::start`].
//! Nothing on the page's side may call the engine, nor the worker's side a component: the linker then leaves out of
//! each module what only the other needs.

pub mod archives;
pub mod clipboard;
pub mod codec;
mod dropped;
pub mod editor;
pub mod editor_words;
pub mod engine;
pub mod files;
pub mod i18n;
pub mod permalink;
#[cfg(test)]
mod pictures;
pub mod protocol;
pub mod samples;
pub mod session;
pub mod settings;
pub mod ui;
mod utf16;
pub mod words;
pub mod worker;

/// Draws the page into index.html's `#app`; into the body, where a page without it loads this.
pub fn start() {
    match gloo::utils::document().get_element_by_id("app") {
        Some(root) => yew::Renderer::<ui::root::App>::with_root(root).render(),
        None => yew::Renderer::<ui::root::App>::new().render(),
    };
}
