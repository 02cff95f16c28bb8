//! `which`: where PATH finds a program. `printenv`: the environment.

use super::{Command, Context, Exit, Options, Run};
use crate::vfs::Access;

pub(super) const WHICH: Command = Command { name: "which", run: Run::Plain(which), options: &Options::short("as") };

pub(super) const PRINTENV: Command = Command {
    name: "printenv",
    run: Run::Plain(printenv),
    options: &Options { short: "0", long: &[("null", '0')], hidden: "", in_order: true },
};

fn which(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(WHICH.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if parsed.operands.is_empty() {
        if cx.busybox() {
            cx.busybox_usage();
        }
        return 1;
    }
    let default = "/sbin:/usr/sbin:/bin:/usr/bin".to_owned();
    let path = cx.process.env.get("PATH").cloned().unwrap_or(default);
    let mut exit = 0;
    for name in &parsed.operands {
        let runs = |cx: &Context<'_>, candidate: &str| {
            cx.stat(candidate).is_ok_and(|stat| stat.is_file())
                && cx.system.fs.access(&cx.process.cred, &cx.process.path(candidate), Access::Execute).is_ok()
        };
        let mut found = Vec::new();
        if name.contains('/') {
            found.extend(runs(cx, name).then(|| name.clone()));
        } else {
            let dirs = path.split(':').map(|dir| if dir.is_empty() { "." } else { dir });
            found.extend(dirs.map(|dir| super::syscalls::concat(dir, name)).filter(|candidate| runs(cx, candidate)));
        }
        if found.is_empty() {
            exit = 1;
        }
        let shown = if parsed.has('a') { found.len() } else { 1 };
        for candidate in found.iter().take(shown) {
            if !parsed.has('s') {
                cx.out(format!("{candidate}\n"));
            }
        }
    }
    exit
}

fn printenv(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(PRINTENV.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let end = if parsed.has('0') { '\0' } else { '\n' };
    if parsed.operands.is_empty() {
        let all: String = cx.process.env.iter().map(|(name, value)| format!("{name}={value}{end}")).collect();
        cx.out(all);
        return 0;
    }
    let mut exit = 0;
    for name in &parsed.operands {
        match cx.process.env.get(name).cloned() {
            Some(value) => cx.out(format!("{value}{end}")),
            None => exit = 1,
        }
    }
    exit
}
