//! Any text as a Dockerfile. Seeds: the recorded cases.

#![no_main]

#[path = "../properties/dockerfile.rs"]
mod property;

libfuzzer_sys::fuzz_target!(|text: &str| property::holds_for(text));
