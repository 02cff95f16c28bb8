//! `mount`, `umount`: a RUN may not (no CAP_SYS_ADMIN); and `mountpoint`.

use super::{Command, Context, Exit, Options, Run};

pub(super) const MOUNT: Command =
    Command { name: "mount", run: Run::Plain(mount), options: &Options::short("ao:rt:w") };

pub(super) const UMOUNT: Command =
    Command { name: "umount", run: Run::Plain(umount), options: &Options::short("aflrd") };

pub(super) const MOUNTPOINT: Command =
    Command { name: "mountpoint", run: Run::Plain(mountpoint), options: &Options::short("q") };

/// What BuildKit mounts in every RUN.
const POINTS: [&str; 6] = ["/", "/dev", "/etc/hosts", "/etc/resolv.conf", "/proc", "/sys"];

fn mountpoint(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(MOUNTPOINT.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let [path] = &parsed.operands[..] else { return cx.missing_operand("bad usage") };
    if let Err(errno) = cx.stat(path) {
        if !parsed.has('q') {
            cx.complain_of(path, errno);
        }
        return 1;
    }
    let real = cx.system.fs.realpath(&cx.process.cred, &cx.process.path(path));
    let mounted = real.is_ok_and(|real| POINTS.contains(&real.to_string().as_str()));
    if !parsed.has('q') {
        cx.out(format!("{path} is {}a mountpoint\n", if mounted { "" } else { "not " }));
    }
    match (mounted, cx.busybox()) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 32,
    }
}

fn mount(cx: &mut Context<'_>) -> Exit {
    let operands: Vec<String> = cx.args.iter().skip(1).filter(|arg| !arg.starts_with('-')).cloned().collect();
    let Some(point) = operands.last() else {
        cx.modelled("the mounts are those of a RUN");
        cx.out("overlay on / type overlay (rw,relatime)\nproc on /proc type proc (rw,nosuid,nodev,noexec,relatime)\n");
        return 0;
    };
    if cx.busybox() {
        cx.complain("permission denied (are you root?)");
        return 1;
    }
    if cx.process.cred.uid != 0 {
        cx.complain("only root can do that");
    } else {
        let said = format!("mount: {point}: permission denied.\n");
        cx.err(said);
        cx.err("       dmesg(1) may have more information after failed mount system call.\n");
    }
    32
}

fn umount(cx: &mut Context<'_>) -> Exit {
    let operands: Vec<String> = cx.args.iter().skip(1).filter(|arg| !arg.starts_with('-')).cloned().collect();
    let Some(point) = operands.last() else { return cx.missing_operand("bad usage") };
    if cx.busybox() {
        cx.complain(format_args!("can't unmount {point}: Operation not permitted"));
        return 1;
    }
    let said = format!("umount: {point}: must be superuser to unmount.\n");
    cx.err(said);
    32
}
