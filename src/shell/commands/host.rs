//! `hostname`, `uname`, `arch`, `nproc`: what they say of the machine. The name is the one BuildKit gives its containers;
//! kernel and processors are the host's, and so a model.

use super::{Command, Context, Exit, Options, Run};

pub(super) const HOSTNAME: Command = Command {
    name: "hostname",
    run: Run::Plain(hostname),
    options: &Options {
        short: "sfid",
        long: &[("short", 's'), ("fqdn", 'f'), ("long", 'f'), ("domain", 'd'), ("ip-address", 'i')],
        hidden: "",
        in_order: false,
    },
};

pub(super) const UNAME: Command = Command {
    name: "uname",
    run: Run::Plain(uname),
    options: &Options {
        short: "asnrvmpio",
        long: &[
            ("all", 'a'),
            ("kernel-name", 's'),
            ("nodename", 'n'),
            ("kernel-release", 'r'),
            ("kernel-version", 'v'),
            ("machine", 'm'),
            ("processor", 'p'),
            ("hardware-platform", 'i'),
            ("operating-system", 'o'),
        ],
        hidden: "",
        in_order: false,
    },
};

pub(super) const ARCH: Command = Command { name: "arch", run: Run::Plain(arch), options: &Options::short("") };

pub(super) const NPROC: Command = Command {
    name: "nproc",
    run: Run::Plain(nproc),
    options: &Options { short: "ai:", long: &[("all", 'a'), ("ignore", 'i')], hidden: "ai", in_order: false },
};

/// How many processors there are.
const PROCESSORS: u64 = 4;

fn hostname(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(HOSTNAME.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if !parsed.operands.is_empty() {
        let message = if cx.busybox() {
            "hostname: sethostname: Operation not permitted\n"
        } else {
            "hostname: you must be root to change the host name\n"
        };
        cx.err(message);
        return 1;
    }
    match parsed.last_of("id") {
        Some('i') => cx.out("127.0.0.1\n"),
        Some(_) => cx.out("\n"),
        None => cx.out(format!("{}\n", crate::shell::HOSTNAME)),
    }
    0
}

fn uname(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(UNAME.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if let Some(extra) = parsed.operands.first() {
        if cx.busybox() {
            cx.busybox_usage();
        } else {
            let message = format!("extra operand {}", cx.quote(extra));
            cx.try_help(message);
        }
        return 1;
    }
    let all = parsed.has('a');
    let mut parts = Vec::new();
    let system = if cx.busybox() && cx.system.libc == crate::vfs::Libc::Musl { "Linux" } else { "GNU/Linux" };
    let fields = [
        ('s', "Linux"),
        ('n', crate::shell::HOSTNAME),
        ('r', "6.8.0"),
        ('v', "#1 SMP PREEMPT_DYNAMIC"),
        ('m', "x86_64"),
        ('p', "unknown"),
        ('i', "unknown"),
        ('o', system),
    ];
    for (letter, value) in fields {
        // Unknown ones are left out of -a.
        if parsed.has(letter) || (all && value != "unknown") || (parsed.given.is_empty() && letter == 's') {
            parts.push(value);
        }
    }
    if all || parsed.has('r') || parsed.has('v') {
        cx.modelled("the kernel is the host's");
    }
    cx.out(format!("{}\n", parts.join(" ")));
    0
}

fn arch(cx: &mut Context<'_>) -> Exit {
    match cx.options(ARCH.options) {
        Ok(_) => {
            cx.out("x86_64\n");
            0
        }
        Err(exit) => exit,
    }
}

fn nproc(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(NPROC.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let Ok(ignored) = parsed.value('i').unwrap_or("0").parse::<u64>() else {
        cx.complain(format_args!("invalid number '{}'", parsed.value('i').unwrap_or_default()));
        return 1;
    };
    cx.modelled(format_args!("the number of processors is the host's, taken as {PROCESSORS}"));
    cx.out(format!("{}\n", PROCESSORS.saturating_sub(ignored).max(1)));
    0
}
