//! `timeout`, `nohup`, `nice`, `ionice`, `setsid`, `stdbuf`, `time`, `flock`: run a program under conditions that make no difference here: nothing takes
//! time, there is no terminal and no one else to share with.

use super::{Command, Context, Exit, Options, Run, Running};
use crate::vfs::OpenOptions;

const fn row(name: &'static str, options: &'static Options) -> Command {
    Command { name, run: Run::Launcher(run), options }
}

const fn in_order(short: &'static str, long: &'static [(&'static str, char)]) -> Options {
    Options { short, long, hidden: "", in_order: true }
}

pub(super) const TIMEOUT: Command = row(
    "timeout",
    &in_order("s:k:v", &[("signal", 's'), ("kill-after", 'k'), ("preserve-status", 'v'), ("foreground", 'v')]),
);
pub(super) const NOHUP: Command = row("nohup", &in_order("", &[]));
pub(super) const NICE: Command = row("nice", &in_order("n:", &[("adjustment", 'n')]));
pub(super) const IONICE: Command = row("ionice", &in_order("c:n:t", &[]));
pub(super) const SETSID: Command = row("setsid", &in_order("cw", &[("wait", 'w'), ("ctty", 'c')]));
pub(super) const STDBUF: Command =
    row("stdbuf", &in_order("i:o:e:", &[("output", 'o'), ("input", 'i'), ("error", 'e')]));
pub(super) const TIME: Command = row("time", &in_order("pv", &[("portability", 'p'), ("verbose", 'v')]));

pub(super) const FLOCK: Command = Command {
    name: "flock",
    run: Run::Launcher(flock),
    options: &in_order(
        "nsuxec:w:oE:",
        &[
            ("nonblock", 'n'),
            ("nb", 'n'),
            ("shared", 's'),
            ("unlock", 'u'),
            ("exclusive", 'x'),
            ("wait", 'w'),
            ("close", 'o'),
        ],
    ),
};

/// Nobody else holds a lock: the file is made, and the program runs.
fn flock<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move {
        let parsed = match cx.options(FLOCK.options) {
            Ok(parsed) => parsed,
            Err(exit) => return exit,
        };
        let Some((file, argv)) = parsed.operands.split_first() else {
            return cx.missing_operand("not enough arguments");
        };
        if argv.is_empty() && file.parse::<u32>().is_ok() {
            return 0;
        }
        let options = OpenOptions { read: true, create: true, ..OpenOptions::default() };
        if !cx.is_dir(file)
            && let Err(errno) = cx.open(file, options, 0o666)
        {
            let what =
                if cx.busybox() { format!("can't open '{file}'") } else { format!("cannot open lock file {file}") };
            cx.complain_of(what, errno);
            return if cx.busybox() { 1 } else { 66 };
        }
        let argv = match (parsed.value('c'), argv) {
            (Some(command), _) => vec!["/bin/sh".to_owned(), "-c".to_owned(), command.to_owned()],
            (None, [option, command]) if option == "-c" => vec!["/bin/sh".to_owned(), "-c".to_owned(), command.clone()],
            (None, argv) => argv.to_vec(),
        };
        let process = cx.process.clone();
        cx.launch_or_complain(process, argv).await
    })
}

fn run<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(started(cx))
}

async fn started(cx: &mut Context<'_>) -> Exit {
    let name = cx.name().to_owned();
    let rows = [&TIMEOUT, &NOHUP, &NICE, &IONICE, &SETSID, &STDBUF, &TIME];
    let Some(row) = rows.into_iter().find(|row| row.name == name) else { return cx.not_simulated("this name") };
    let parsed = match cx.options(row.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let mut argv = parsed.operands.clone();
    if name == "timeout" && !argv.is_empty() {
        let duration = argv.remove(0);
        let number = duration.trim_end_matches(['s', 'm', 'h', 'd']);
        if number.parse::<f64>().is_err() {
            cx.complain(match cx.busybox() {
                true => format!("invalid number '{duration}'"),
                false => format!("invalid time interval '{duration}'\nTry 'timeout --help' for more information."),
            });
            return if cx.busybox() { 1 } else { 125 };
        }
    }
    if argv.is_empty() {
        if name == "nice" {
            cx.out("0\n");
            return 0;
        }
        return cx.not_simulated("use without a program");
    }
    let process = cx.process.clone();
    let exit = cx.launch_or_complain(process, argv).await;
    if name == "time" {
        cx.err(match (cx.busybox(), parsed.has('p')) {
            (true, false) => "real\t0m 0.00s\nuser\t0m 0.00s\nsys\t0m 0.00s\n",
            _ => "real 0.00\nuser 0.00\nsys 0.00\n",
        });
    }
    exit
}
