//! `mount`, `umount`, `chroot`: a RUN may not (no CAP_SYS_ADMIN), but for `chroot`, which is not simulated.

use super::{Command, Context, Exit, Options, Run};

pub(super) const MOUNT: Command =
    Command { name: "mount", run: Run::Plain(mount), options: &Options::short("ao:rt:w") };

pub(super) const UMOUNT: Command =
    Command { name: "umount", run: Run::Plain(umount), options: &Options::short("aflrd") };

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
