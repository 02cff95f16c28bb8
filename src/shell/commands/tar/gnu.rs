//! Messages of GNU tar that several parts print.

use crate::shell::commands::{Context, Exit};

/// A fault in how it was called.
pub(super) fn hint(cx: &mut Context<'_>, message: &str) {
    cx.complain(message);
    cx.err("Try 'tar --help' or 'tar --usage' for more information.\n");
}

/// A bad value of an option.
pub(super) fn invalid(cx: &mut Context<'_>, what: &str, value: &str) -> Exit {
    cx.complain(format_args!("'{value}': Invalid {what}"));
    cx.complain("Error is not recoverable: exiting now");
    2
}

/// What is said at the end when something went wrong on the way.
pub(super) fn delayed(cx: &mut Context<'_>) -> Exit {
    cx.complain("Exiting with failure status due to previous errors");
    2
}
