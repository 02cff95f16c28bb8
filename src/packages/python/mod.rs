//! Python: `pip` on the catalogue's picture of PyPI, and the interpreter's modules that install things (`-m pip`, `-m venv`).

mod data;
mod home;
mod install;
mod interpreter;
mod local;
mod options;
mod pip;
mod requirement;
mod resolve;
mod venv;
mod version;

pub(super) use interpreter::run as interpreter;
pub(super) use pip::run as pip;
