//! `mktemp`: make a file or directory with a name that is not taken. The engine has no randomness: the letters are counted
//! up, so that every build gives the same name.

use super::syscalls::{concat, quoteaf};
use super::{Command, Context, Exit, Options, Run};
use crate::vfs::{Errno, OpenOptions};

pub(super) const COMMAND: Command = Command {
    name: "mktemp",
    run: Run::Plain(run),
    options: &Options {
        short: "dp:qtu1:",
        long: &[("directory", 'd'), ("tmpdir", 'p'), ("quiet", 'q'), ("dry-run", 'u'), ("suffix", '1')],
        hidden: "1",
        in_order: false,
    },
};

fn run(cx: &mut Context<'_>) -> Exit {
    let bare = cx.args.iter().position(|arg| arg == "--tmpdir");
    if let Some(at) = bare {
        cx.args[at] = "-t".to_owned();
    }
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if parsed.operands.len() > 1 {
        if cx.busybox() {
            cx.busybox_usage();
        } else {
            cx.try_help("too many templates");
        }
        return 1;
    }
    let tmpdir = cx.process.env.get("TMPDIR").filter(|dir| !dir.is_empty()).cloned();
    let dir =
        parsed.value('p').filter(|dir| !dir.is_empty()).map(str::to_owned).or(tmpdir).unwrap_or("/tmp".to_owned());
    let default = if cx.busybox() { "tmp.XXXXXX" } else { "tmp.XXXXXXXXXX" };
    let (template, in_dir) = match parsed.operands.first() {
        Some(template) => (template.as_str(), parsed.has('t') || parsed.value('p').is_some()),
        None => (default, true),
    };
    let suffix = parsed.value('1').unwrap_or_default();
    let (start, end) = match template.rfind('X') {
        Some(last) if !cx.busybox() || template.ends_with('X') => {
            let start = template[..=last].trim_end_matches('X').len();
            (start, last + 1)
        }
        _ => (template.len(), template.len()),
    };
    if end - start < if cx.busybox() { 6 } else { 3 } {
        if !parsed.has('q') {
            match (cx.busybox(), cx.system.libc) {
                (true, crate::vfs::Libc::Glibc) => cx.complain_of("", Errno::EINVAL),
                (true, crate::vfs::Libc::Musl) => cx.complain("Invalid argument"),
                (false, _) => {
                    let quoted = cx.quote(template);
                    cx.complain(format_args!("too few X's in template {quoted}"));
                }
            }
        }
        return 1;
    }
    let count = if cx.busybox() { 6 } else { end - start };
    let (before, after) = (&template[..end - count], &template[end..]);
    let name = |number: u64| format!("{before}{}{after}{suffix}", letters(number, count));
    for number in 0..1 << 20 {
        let name = name(number);
        let path = if in_dir { concat(&dir, &name) } else { name };
        let made = if parsed.has('u') {
            if cx.lstat(&path).is_ok() { Err(Errno::EEXIST) } else { Ok(()) }
        } else if parsed.has('d') {
            cx.mkdir(&path, 0o700)
        } else {
            let options = OpenOptions { exclusive: true, ..OpenOptions::appending() };
            cx.open(&path, options, 0o600).map(|_| ())
        };
        match made {
            Ok(()) => {
                cx.out(format!("{path}\n"));
                return 0;
            }
            Err(Errno::EEXIST) => {}
            Err(errno) => {
                let shown = if in_dir { concat(&dir, template) } else { template.to_owned() };
                let kind = if parsed.has('d') { "directory" } else { "file" };
                match (parsed.has('q'), cx.busybox()) {
                    (true, _) => {}
                    (_, true) if cx.system.libc == crate::vfs::Libc::Musl => {
                        let text = cx.system.message(errno);
                        cx.complain(text);
                    }
                    (_, true) => cx.complain_of("", errno),
                    (_, false) => {
                        let quoted = quoteaf(&shown);
                        cx.complain_of(format_args!("failed to create {kind} via template {quoted}"), errno);
                    }
                }
                return 1;
            }
        }
    }
    1
}

/// The `number`th name of this length.
fn letters(mut number: u64, count: usize) -> String {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz";
    let mut out = vec![b'a'; count];
    for place in out.iter_mut().rev() {
        *place = LETTERS[(number % 26) as usize];
        number /= 26;
    }
    String::from_utf8_lossy(&out).into_owned()
}
