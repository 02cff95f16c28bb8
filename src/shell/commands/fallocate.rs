//! `fallocate -l LENGTH [-o OFFSET] FILE`: makes room for a file, which reads as zeros. It lacks GNU's `-d`, `-c`, `-p`, `-z`.

use super::{Command, Context, Exit, Options, Run, human};
use crate::vfs::OpenOptions;

pub(super) const COMMAND: Command = Command {
    name: "fallocate",
    run: Run::Plain(run),
    options: &Options {
        short: "l:o:n",
        long: &[("length", 'l'), ("offset", 'o'), ("keep-size", 'n')],
        hidden: "",
        in_order: false,
    },
};

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let (Some(length), [file]) = (parsed.value('l').map(str::to_owned), &parsed.operands[..]) else {
        return cx.missing_operand(if parsed.has('l') {
            "no filename specified"
        } else {
            "no length argument specified"
        });
    };
    let offset = parsed.value('o').unwrap_or("0").to_owned();
    let size = |text: &str| human::size(text, human::SUFFIXES);
    let (Some(count), Some(start)) = (size(&length).filter(|count| *count > 0), size(&offset)) else {
        let wrong = if size(&length).is_some() { &offset } else { &length };
        match cx.busybox() {
            true => cx.complain(format_args!("invalid number '{wrong}'")),
            false => cx.complain("invalid length value specified"),
        }
        return 1;
    };
    let options = OpenOptions { write: true, create: true, ..OpenOptions::default() };
    let ino = match cx.open(file, options, 0o666) {
        Ok(ino) => ino,
        Err(errno) => {
            let what = if cx.busybox() { format!("can't open '{file}'") } else { format!("cannot open {file}") };
            cx.complain_of(what, errno);
            return 1;
        }
    };
    let end = start.saturating_add(count);
    if parsed.has('n') || end <= cx.system.fs.len_handle(ino) {
        return 0;
    }
    if let Err(errno) = cx.system.fs.truncate_handle(ino, end) {
        cx.complain_of(format_args!("fallocate '{file}'"), errno);
        return 1;
    }
    0
}
