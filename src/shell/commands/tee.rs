//! `tee`: copy standard input to standard output and to files.

use super::{Command, Context, Exit, Options, Run};
use crate::vfs::OpenOptions;

pub(super) const COMMAND: Command = Command {
    name: "tee",
    run: Run::Plain(run),
    options: &Options {
        short: "aip",
        long: &[("append", 'a'), ("ignore-interrupts", 'i')],
        hidden: "",
        in_order: false,
    },
};

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let append = parsed.has('a');
    let options = if append { OpenOptions::appending() } else { OpenOptions::replacing() };
    let mut exit = 0;
    let mut files = Vec::new();
    for operand in &parsed.operands {
        let mode = cx.process.masked(0o666);
        match cx.system.fs.open(&cx.process.cred, &cx.process.path(operand), options, mode) {
            Ok(ino) => files.push((operand, ino)),
            Err(errno) => {
                cx.complain_of(operand, errno);
                exit = 1;
            }
        }
    }
    let content = match cx.descriptor(0) {
        Ok(content) => content,
        Err(errno) => {
            // busybox's says nothing.
            if !cx.busybox() {
                cx.complain_of("read error", errno);
            }
            exit = 1;
            crate::vfs::Content::empty()
        }
    };
    cx.out_content(&content);
    for (operand, ino) in files {
        let at = if append { cx.system.fs.len_handle(ino) } else { 0 };
        if !content.is_empty()
            && let Err(errno) = cx.system.fs.write_handle(ino, at, &content)
        {
            cx.complain_of(operand, errno);
            exit = 1;
        }
    }
    exit
}
