//! The page: its components, the worker that runs the engine, and what they say to each other.
//!
//! Two WebAssembly modules come out of this: `bin/app.rs` starts [`start`], `bin/worker.rs` starts [`worker::start`].
//! Nothing on the page's side may call the engine, nor the worker's side a component: the linker then leaves out of
//! each module what only the other needs.

pub mod codec;
pub mod editor;
pub mod engine;
pub mod page;
pub mod protocol;
pub mod session;
mod utf16;
pub mod worker;

/// Draws the page into the document's body.
pub fn start() {
    yew::Renderer::<page::Page>::new().render();
}
