//! `chgrp`: change groups; all but the reading of its first operand is `chown`'s.

use super::chown::{OPTIONS, Owner, change};
use super::{Command, Context, Exit, Run};
use crate::shell::accounts::Accounts;

pub(super) const COMMAND: Command = Command { name: "chgrp", run: Run::Plain(run), options: OPTIONS };

fn run(cx: &mut Context<'_>) -> Exit {
    change(cx, group)
}

fn group(cx: &mut Context<'_>, spec: &str) -> Option<Owner> {
    let gid = Accounts::load(cx.system.fs.merged()).gid(spec);
    if gid.is_none() {
        if cx.busybox() {
            cx.complain(format_args!("unknown group {spec}"));
        } else {
            let quoted = cx.quote(spec);
            cx.complain(format_args!("invalid group: {quoted}"));
        }
    }
    gid.map(|gid| (None, Some(gid)))
}
