//! `cp`: copy files and trees. The copying itself is in `copy` (busybox) and `copy_gnu`.

use super::copy::{self, Link};
use super::copy_gnu::{self, Follow};
use super::mkdir::{Making, make};
use super::syscalls::{concat, last_component, quoteaf};
use super::{Command, Context, Exit, Options, Parsed, Run};
use crate::vfs::Errno;

pub(super) const COMMAND: Command = Command {
    name: "cp",
    run: Run::Plain(run),
    options: &Options {
        short: "adfHlLnpPRrst:TuvxK:N:D0A1",
        long: &[
            ("archive", 'a'),
            ("attributes-only", 'A'),
            ("dereference", 'L'),
            ("force", 'f'),
            ("link", 'l'),
            ("no-clobber", 'n'),
            ("no-dereference", 'P'),
            ("no-preserve", 'N'),
            ("no-target-directory", 'T'),
            ("one-file-system", 'x'),
            ("parents", '0'),
            ("preserve", 'K'),
            ("recursive", 'R'),
            ("remove-destination", 'D'),
            ("strip-trailing-slashes", '1'),
            ("symbolic-link", 's'),
            ("target-directory", 't'),
            ("update", 'u'),
            ("verbose", 'v'),
        ],
        hidden: "KND0A1",
        in_order: false,
    },
};

fn run(cx: &mut Context<'_>) -> Exit {
    // `--preserve` may stand without a value, `--reflink` and `--sparse` change nothing that a layer shows.
    cx.args = std::mem::take(&mut cx.args)
        .into_iter()
        .filter(|arg| !arg.starts_with("--reflink") && !arg.starts_with("--sparse="))
        .map(|arg| if arg == "--preserve" { "--preserve=mode,ownership,timestamps".to_owned() } else { arg })
        .collect();
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let mut sources = parsed.operands.clone();
    let Some(places) = destinations(cx, &parsed, &mut sources) else { return 1 };
    if cx.busybox() { busybox(cx, &parsed, places) } else { gnu(cx, &parsed, places) }
}

/// Where each operand goes; none after telling what is wrong with the operands. `mv` asks too.
pub(super) fn destinations(
    cx: &mut Context<'_>,
    parsed: &Parsed,
    operands: &mut Vec<String>,
) -> Option<Vec<(String, String)>> {
    let dir = parsed.value('t').map(str::to_owned);
    match (operands.as_slice(), &dir) {
        ([], _) => {
            cx.missing_operand("missing file operand");
            return None;
        }
        ([only], None) => {
            let message = format!("missing destination file operand after {}", quoteaf(only));
            cx.missing_operand(&message);
            return None;
        }
        _ => {}
    }
    let parents = parsed.has('0');
    let into = |dir: &str, source: &str| {
        let name = if parents { source.trim_end_matches('/') } else { last_component(source) };
        concat(dir, name)
    };
    if let Some(dir) = dir {
        return Some(operands.iter().map(|source| (source.clone(), into(&dir, source))).collect());
    }
    let last = operands.pop().unwrap_or_default();
    if operands.len() == 1 {
        let source = operands[0].clone();
        if parsed.has('T') {
            if cx.busybox() && cx.is_dir(&last) && !cx.is_dir(&source) {
                cx.complain(format_args!("'{last}' is a directory"));
                return None;
            }
            return Some(vec![(source, last)]);
        }
        // busybox's cp takes the last operand for a directory whenever a directory is copied over something.
        let odd = cx.busybox() && cx.name() == "cp" && cx.is_dir(&source) && cx.lstat(&last).is_ok();
        let dest = if cx.is_dir(&last) || odd { into(&last, &source) } else { last };
        return Some(vec![(source, dest)]);
    }
    if !cx.busybox() {
        if parsed.has('T') {
            let extra = quoteaf(&last);
            cx.try_help(format_args!("extra operand {extra}"));
            return None;
        }
        let wrong = match cx.stat(&last) {
            Ok(stat) if stat.is_dir() => None,
            Ok(_) => Some(Errno::ENOTDIR),
            Err(errno) => Some(errno),
        };
        if let Some(errno) = wrong {
            cx.complain_of(format_args!("target {}", quoteaf(&last)), errno);
            return None;
        }
    }
    Some(operands.iter().map(|source| (source.clone(), into(&last, source))).collect())
}

fn busybox(cx: &mut Context<'_>, parsed: &Parsed, places: Vec<(String, String)>) -> Exit {
    let recursive = parsed.has('a') || parsed.has('r') || parsed.has('R');
    let keeps_links = recursive || parsed.has('d') || parsed.has('P');
    let how = copy::Copying {
        recursive,
        preserve: parsed.has('p') || parsed.has('a'),
        follow: !keeps_links || parsed.has('L'),
        follow_operands: parsed.has('H'),
        no_clobber: parsed.has('n'),
        update: parsed.has('u'),
        link: link(parsed),
        verbose: parsed.has('v'),
    };
    let mut seen = copy::Seen::new();
    let mut exit = 0;
    for (source, dest) in places {
        if parsed.has('0')
            && let Some((dir, _)) = dest.rsplit_once('/')
            && !make(cx, dir, Making { parents: true, ..Making::default() })
        {
            exit = 1;
            continue;
        }
        if parsed.has('D') {
            let _gone = cx.unlink(&dest);
        }
        if !copy::copy(cx, &source, &dest, how, &mut seen) {
            exit = 1;
        }
    }
    exit
}

fn link(parsed: &Parsed) -> Option<Link> {
    match parsed.last_of("ls") {
        Some('l') => Some(Link::Hard),
        Some(_) => Some(Link::Symbolic),
        None => None,
    }
}

fn gnu(cx: &mut Context<'_>, parsed: &Parsed, places: Vec<(String, String)>) -> Exit {
    let archive = parsed.has('a');
    let recursive = archive || parsed.has('r') || parsed.has('R');
    let follow = match parsed.last_of("aHLPd") {
        Some('L') => Follow::Always,
        Some('H') => Follow::Operands,
        Some(_) => Follow::Never,
        None if recursive && !parsed.has('l') => Follow::Never,
        None => Follow::Always,
    };
    let mut how = copy_gnu::Copying {
        recursive,
        mode: archive || parsed.has('p'),
        owner: archive || parsed.has('p'),
        times: archive || parsed.has('p'),
        links: archive || parsed.has('d'),
        follow,
        force: parsed.has('f'),
        remove_first: parsed.has('D'),
        no_clobber: parsed.has('n'),
        update: parsed.has('u'),
        link: link(parsed),
        attributes_only: parsed.has('A'),
        verbose: parsed.has('v'),
        ..copy_gnu::Copying::default()
    };
    for (letter, list) in parsed.given.iter().filter(|(letter, _)| "KN".contains(*letter)) {
        let keep = *letter == 'K';
        for what in list.split(',') {
            const KINDS: [&str; 7] = ["mode", "timestamps", "ownership", "links", "context", "xattr", "all"];
            let mut starting = KINDS.iter().filter(|kind| !what.is_empty() && kind.starts_with(what));
            let what = match (starting.next(), starting.next()) {
                (Some(kind), None) => kind,
                _ => what,
            };
            match what {
                "mode" => (how.mode, how.no_mode) = (keep, !keep),
                "ownership" => how.owner = keep,
                "timestamps" => how.times = keep,
                "links" => how.links = keep,
                "all" => {
                    (how.mode, how.no_mode) = (keep, !keep);
                    (how.owner, how.times, how.links) = (keep, keep, keep);
                }
                "context" | "xattr" => {}
                other => {
                    let option = if keep { "--preserve" } else { "--no-preserve" };
                    let (other, option) = (cx.quote(other), cx.quote(option));
                    cx.complain(format_args!("invalid argument {other} for {option}"));
                    cx.err("Valid arguments are:\n");
                    for kind in KINDS {
                        let line = format!("  - {}\n", cx.quote(kind));
                        cx.err(line);
                    }
                    cx.err("Try 'cp --help' for more information.\n");
                    return 1;
                }
            }
        }
    }
    let mut seen = copy_gnu::Seen::default();
    let mut exit = 0;
    for (source, dest) in places {
        if parsed.has('0') && !parents(cx, &source, &dest) {
            exit = 1;
            continue;
        }
        if !copy_gnu::copy(cx, &source, &dest, how, &mut seen) {
            exit = 1;
        }
    }
    exit
}

/// Makes the missing directories above `dest` with the modes of those above `source`: `--parents`.
fn parents(cx: &mut Context<'_>, source: &str, dest: &str) -> bool {
    let source = source.trim_end_matches('/');
    let base = dest.len() - source.trim_start_matches('/').len();
    let tail = &dest[base..];
    for (end, _) in tail.match_indices('/') {
        let made = &dest[..base + end];
        if cx.is_dir(made) {
            continue;
        }
        let from = &source[..source.len() - tail.len() + end];
        let mode = cx.stat(from).map_or(0o777, |stat| stat.meta.mode & 0o777);
        if let Err(errno) = cx.mkdir(made, mode) {
            cx.complain_of(format_args!("cannot make directory {}", quoteaf(made)), errno);
            return false;
        }
    }
    true
}
