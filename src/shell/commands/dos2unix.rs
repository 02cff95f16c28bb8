//! `dos2unix` and `unix2dos` of busybox: line ends changed, in the files themselves or from input to output.

use super::{Command, Context, Exit, Options, Run};
use crate::vfs::{Content, OpenOptions};

const OPTIONS: &Options = &Options::short("du");

pub(super) const DOS2UNIX: Command = Command { name: "dos2unix", run: Run::Plain(run), options: OPTIONS };
pub(super) const UNIX2DOS: Command = Command { name: "unix2dos", run: Run::Plain(run), options: OPTIONS };

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(OPTIONS) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if !cx.busybox() {
        // Debian's is another program, with other options and messages.
        return cx.not_simulated("the program");
    }
    let to_unix = match parsed.last_of("du") {
        Some(letter) => letter == 'u',
        None => cx.name() == "dos2unix",
    };
    if parsed.operands.is_empty() {
        let content = cx.stdin();
        let Some(bytes) = cx.bytes(&content, "standard input") else { return 0 };
        cx.out(converted(&bytes, to_unix));
        return 0;
    }
    for name in &parsed.operands {
        let (content, stat) = match (cx.input(name), cx.stat(name)) {
            (Ok(content), Ok(stat)) => (content, stat),
            (Err(errno), _) | (_, Err(errno)) => {
                cx.complain_of(format_args!("can't open '{name}'"), errno);
                return 1;
            }
        };
        let Some(bytes) = cx.bytes(&content, name) else { return 0 };
        // A new file beside the old one takes its mode, owner and name; links are followed.
        let target = cx.system.fs.realpath(&cx.process.cred, &cx.process.path(name));
        let target = target.map_or_else(|_| name.clone(), |path| path.to_string());
        let new = format!("{target}XXXXXX");
        let written = cx.open(&new, OpenOptions::replacing(), 0o600).and_then(|ino| {
            cx.chmod(&new, stat.meta.mode)?;
            cx.chown(&new, Some(stat.meta.uid), Some(stat.meta.gid), true)?;
            cx.system.fs.write_handle(ino, 0, &Content::from(converted(&bytes, to_unix)))?;
            cx.rename(&new, &target)
        });
        if let Err(errno) = written {
            cx.complain_of(format_args!("can't create '{new}'"), errno);
            return 1;
        }
    }
    0
}

fn converted(bytes: &[u8], to_unix: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    // Carriage returns are dropped wherever they are.
    for byte in bytes.iter().filter(|byte| **byte != b'\r') {
        if *byte == b'\n' && !to_unix {
            out.push(b'\r');
        }
        out.push(*byte);
    }
    out
}
