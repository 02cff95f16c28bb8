//! `ldd` and `ldconfig`. Programs are not read as ELF: `ldd` of one that is there is not simulated, `ldconfig` writes its
//! cache again with a modelled content.

use super::{Command, Context, Exit, Options, Run};
use crate::vfs::{Content, Libc, OpenOptions};

pub(super) const LDD: Command = Command { name: "ldd", run: Run::Plain(ldd), options: &Options::short("vudr") };

pub(super) const LDCONFIG: Command =
    Command { name: "ldconfig", run: Run::Plain(ldconfig), options: &Options::short("vnNXpf:C:r:") };

fn ldd(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(LDD.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let mut exit = 0;
    for operand in &parsed.operands {
        let content = cx.input(operand);
        match content {
            Err(errno) => {
                let shown = if operand.contains('/') { operand.clone() } else { format!("./{operand}") };
                cx.complain_of(shown, errno);
                exit = 1;
            }
            Ok(content)
                if content.is_held() && !content.slice(0, 4).to_bytes().is_ok_and(|b| b.starts_with(b"\x7fELF")) =>
            {
                if cx.system.libc == Libc::Musl {
                    cx.err(format!("/lib/ld-musl-x86_64.so.1: {operand}: Not a valid dynamic program\n"));
                } else {
                    cx.out("\tnot a dynamic executable\n");
                }
                exit = 1;
            }
            Ok(_) => {
                cx.not_simulated(format_args!("the libraries of {operand}"));
            }
        }
    }
    exit
}

fn ldconfig(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(LDCONFIG.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if parsed.has('p') || parsed.has('r') || parsed.has('C') || cx.system.libc == Libc::Musl {
        return cx.not_simulated("this use of it");
    }
    if parsed.has('N') {
        return 0;
    }
    cx.modelled("the library cache keeps its size");
    for (path, mode, new) in [("/etc/ld.so.cache", 0o644, 16 << 10), ("/var/cache/ldconfig/aux-cache", 0o600, 8 << 10)]
    {
        let size = cx.stat(path).map_or(new, |stat| stat.size);
        if path.starts_with("/var")
            && cx.mkdir("/var/cache/ldconfig", 0o700).is_err()
            && !cx.is_dir("/var/cache/ldconfig")
        {
            continue;
        }
        // Both are written beside the old file and renamed.
        let beside = format!("{path}~");
        let written = cx
            .open(&beside, OpenOptions::replacing(), mode)
            .and_then(|ino| cx.system.fs.write_handle(ino, 0, &Content::unknown(size)))
            .and_then(|()| cx.chmod(&beside, mode))
            .and_then(|()| cx.rename(&beside, path));
        if let Err(errno) = written {
            cx.complain_of(format_args!("Can't create temporary cache file {beside}"), errno);
            return 1;
        }
    }
    0
}
