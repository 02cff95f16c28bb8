//! `tar`: pack, unpack and list archives, plain or compressed. It lacks `--update`, `--delete`, `--diff`, `--transform`, sparse files.
//!
//! What gzip makes of the same bytes differs between implementations, so a compressed archive that stays in a file is
//! *modelled*.

mod create;
mod extract;
mod gnu;

use super::{Command, Context, Exit, Options, Parsed, Run};
use crate::vfs::Errno;

pub(super) const COMMAND: Command = Command {
    name: "tar",
    run: Run::Plain(run),
    options: &Options {
        short: "cxtrf:C:vzjJpmZokOhT:X:aPU0:1:2345:6:78:9:AwW",
        long: &[
            ("create", 'c'),
            ("extract", 'x'),
            ("get", 'x'),
            ("list", 't'),
            ("append", 'r'),
            ("file", 'f'),
            ("directory", 'C'),
            ("verbose", 'v'),
            ("gzip", 'z'),
            ("gunzip", 'z'),
            ("bzip2", 'j'),
            ("xz", 'J'),
            ("zstd", 'Z'),
            ("preserve-permissions", 'p'),
            ("same-permissions", 'p'),
            ("touch", 'm'),
            ("no-same-owner", 'o'),
            ("keep-old-files", 'k'),
            ("to-stdout", 'O'),
            ("dereference", 'h'),
            ("files-from", 'T'),
            ("exclude-from", 'X'),
            ("auto-compress", 'a'),
            ("absolute-names", 'P'),
            ("unlink-first", 'U'),
            ("overwrite", 'U'),
            ("strip-components", '0'),
            ("exclude", '1'),
            ("no-same-permissions", '2'),
            ("same-owner", '3'),
            ("no-recursion", '4'),
            ("owner", '5'),
            ("group", '6'),
            ("numeric-owner", '7'),
            ("mode", '8'),
            ("mtime", '9'),
            ("skip-old-files", 'A'),
            ("wildcards", 'w'),
            ("no-wildcards", 'W'),
        ],
        hidden: "0123456789AwWZ",
        in_order: false,
    },
};

/// Options that ask for a compression, the names of archives that `-a` takes for such, and the program.
const PACKERS: &[(char, &[&str], &str)] = &[
    ('z', &[".gz", ".tgz", ".taz"], "gzip"),
    ('j', &[".bz2", ".tbz", ".tbz2", ".tz2"], "bzip2"),
    ('J', &[".xz", ".txz"], "xz"),
    ('Z', &[".zst", ".tzst"], "zstd"),
];

/// What the options ask for.
struct Job {
    archive: String,
    verbose: bool,
    /// The program that compresses or unpacks it, if one is asked for.
    packer: Option<&'static str>,
    strip: usize,
    excludes: Vec<String>,
    members: Vec<String>,
    wildcards: bool,
    to_stdout: bool,
    keep: Option<bool>,
    touch: bool,
    own: bool,
    exact_modes: bool,
    absolute: bool,
    follow: bool,
    recurse: bool,
    owner: Option<u32>,
    group: Option<u32>,
    numeric: bool,
    mode: Option<String>,
    mtime: Option<crate::vfs::Time>,
    busybox: bool,
}

fn run(cx: &mut Context<'_>) -> Exit {
    modern(&mut cx.args);
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let busybox = cx.busybox();
    if busybox && parsed.last_of("rPU5689AwW").is_some_and(|letter| letter != 'U') {
        return cx.misused("");
    }
    let mode = match parsed.given.iter().filter(|(letter, _)| "cxtr".contains(*letter)).collect::<Vec<_>>()[..] {
        [(letter, _)] => *letter,
        [] if busybox => {
            return cx.misused("");
        }
        [] => {
            gnu::hint(cx, "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options");
            return 2;
        }
        [(first, _), .., (last, _)] if first == last => *first,
        _ => {
            gnu::hint(cx, "You may not specify more than one '-Acdtrux', '--delete' or  '--test-label' option");
            return 2;
        }
    };
    let job = match job(cx, &parsed) {
        Ok(job) => job,
        Err(exit) => return exit,
    };
    if !busybox && mode == 'c' && late_exclude(&cx.args, &parsed.operands) {
        return cx.not_simulated("option --exclude after operands");
    }
    let here = cx.process.cwd.clone();
    let exit = match mode {
        'c' | 'r' => create::create(cx, &job, mode == 'r', &directories(&parsed)),
        _ => extract::extract(cx, &job, mode == 't', &directories(&parsed)),
    };
    cx.process.cwd = here;
    exit
}

/// GNU's `--exclude` acts only on the operands after it.
fn late_exclude(args: &[String], operands: &[String]) -> bool {
    let Some(first) = operands.first() else { return false };
    let operand = args.iter().skip(1).position(|arg| arg == first);
    let exclude = args.iter().skip(1).rposition(|arg| arg.starts_with("--exclude"));
    matches!((operand, exclude), (Some(operand), Some(exclude)) if exclude > operand)
}

fn directories(parsed: &Parsed) -> Vec<String> {
    parsed.given.iter().filter(|(letter, _)| *letter == 'C').map(|(_, value)| value.clone()).collect()
}

/// The first argument may be a bundle of letters without a dash, whose values follow in their order.
fn modern(args: &mut Vec<String>) {
    let Some(bundle) = args.get(1).filter(|arg| !arg.starts_with('-') && !arg.is_empty()).cloned() else { return };
    let mut rest = args.split_off(2).into_iter();
    args.pop();
    for letter in bundle.chars() {
        args.push(format!("-{letter}"));
        if "fCTXbHNVFLgK".contains(letter)
            && let Some(value) = rest.next()
        {
            args.push(value);
        }
    }
    args.extend(rest);
}

fn job(cx: &mut Context<'_>, parsed: &Parsed) -> Result<Job, Exit> {
    let mut excludes: Vec<String> = values(parsed, '1');
    for list in values(parsed, 'X') {
        excludes.extend(read_list(cx, &list)?);
    }
    let mut members = parsed.operands.clone();
    for list in values(parsed, 'T') {
        members.extend(read_list(cx, &list)?);
    }
    let strip = parsed.value('0').unwrap_or("0").to_owned();
    let Ok(strip) = strip.parse() else {
        cx.complain(match cx.busybox() {
            true => format!("invalid number '{strip}'"),
            false => format!("Invalid number of elements: '{strip}'"),
        });
        return Err(if cx.busybox() { 1 } else { 2 });
    };
    let accounts = crate::shell::Accounts::load(cx.system.fs.merged());
    // `name:number` is read by its number.
    let number = |text: &str| text.rsplit(':').next().and_then(|text| text.parse::<u32>().ok());
    let owner = match parsed.value('5') {
        None => None,
        Some(text) => Some(number(text).or_else(|| accounts.uid(text)).ok_or_else(|| gnu::invalid(cx, "owner", text))?),
    };
    let group = match parsed.value('6') {
        None => None,
        Some(text) => Some(number(text).or_else(|| accounts.gid(text)).ok_or_else(|| gnu::invalid(cx, "group", text))?),
    };
    let mtime = match parsed.value('9').map(super::calendar::parse_gnu) {
        None => None,
        Some(Some(time)) => Some(time),
        Some(None) => return Err(cx.not_simulated("this value of option --mtime")),
    };
    let archive = parsed.value('f').unwrap_or("-").to_owned();
    let by_name = PACKERS.iter().find(|(_, ends, _)| ends.iter().any(|end| archive.ends_with(end)));
    let asked = parsed.last_of("zjJZ").and_then(|letter| PACKERS.iter().find(|(own, ..)| *own == letter));
    let packer = asked.or(by_name.filter(|_| parsed.has('a'))).map(|(.., name)| *name);
    let root = cx.process.cred.uid == 0;
    Ok(Job {
        archive,
        verbose: parsed.has('v'),
        packer,
        strip,
        excludes,
        members,
        wildcards: parsed.last_of("wW") == Some('w'),
        to_stdout: parsed.has('O'),
        keep: if parsed.has('A') { Some(true) } else { parsed.has('k').then_some(false) },
        touch: parsed.has('m'),
        own: root && parsed.last_of("o3") != Some('o'),
        exact_modes: match parsed.last_of("p2") {
            Some('p') => true,
            Some(_) => false,
            None => root || cx.busybox(),
        },
        absolute: parsed.has('P'),
        follow: parsed.has('h'),
        recurse: !parsed.has('4'),
        owner,
        group,
        numeric: parsed.has('7'),
        mode: parsed.value('8').map(str::to_owned),
        mtime,
        busybox: cx.busybox(),
    })
}

fn values(parsed: &Parsed, letter: char) -> Vec<String> {
    parsed.given.iter().filter(|(given, _)| *given == letter).map(|(_, value)| value.clone()).collect()
}

/// The lines of a file of names.
fn read_list(cx: &mut Context<'_>, name: &str) -> Result<Vec<String>, Exit> {
    match cx.input(name) {
        Ok(content) => {
            let bytes = cx.bytes(&content, name).ok_or(0)?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            Ok(text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect())
        }
        Err(errno) => Err(cannot_open(cx, name, errno)),
    }
}

/// An archive or list that cannot be opened ends it all.
fn cannot_open(cx: &mut Context<'_>, name: &str, errno: Errno) -> Exit {
    if cx.busybox() {
        cx.complain_of(format_args!("can't open '{name}'"), errno);
        return 1;
    }
    cx.complain_of(format_args!("{name}: Cannot open"), errno);
    cx.complain("Error is not recoverable: exiting now");
    2
}

/// Goes to the directories of `-C`, one after the other.
fn change_directory(cx: &mut Context<'_>, directories: &[String]) -> Result<(), Exit> {
    for directory in directories {
        let path = cx.process.path(directory);
        let place = cx.system.fs.stat(&cx.process.cred, &path).and_then(|stat| match stat.is_dir() {
            true => cx.system.fs.realpath(&cx.process.cred, &path),
            false => Err(Errno::ENOTDIR),
        });
        match place {
            Ok(place) => cx.process.cwd = place.to_string(),
            Err(errno) if cx.busybox() => {
                cx.complain_of(format_args!("can't change directory to '{directory}'"), errno);
                return Err(1);
            }
            Err(errno) => {
                cx.complain_of(format_args!("{directory}: Cannot open"), errno);
                cx.complain("Error is not recoverable: exiting now");
                return Err(2);
            }
        }
    }
    Ok(())
}

/// Does a pattern of `--exclude` or of a member fit a name, or a directory above it? Without a slash in it, it may fit the
/// end of a path as well.
fn fits(pattern: &str, name: &str, anchored: bool) -> bool {
    let name = name.trim_end_matches('/');
    let pattern = pattern.trim_end_matches('/');
    let ends = name.match_indices('/').map(|(at, _)| at).chain([name.len()]);
    let starts: Vec<usize> = if anchored {
        vec![0]
    } else {
        std::iter::once(0).chain(name.match_indices('/').map(|(at, _)| at + 1)).collect()
    };
    ends.into_iter().any(|end| {
        starts.iter().any(|start| *start < end && wildcard(pattern.as_bytes(), &name.as_bytes()[*start..end]))
    })
}

/// `*` (slashes too), `?`, `[…]` and plain characters.
fn wildcard(pattern: &[u8], name: &[u8]) -> bool {
    match (pattern, name) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => (0..=name.len()).any(|from| wildcard(rest, &name[from..])),
        ([b'?', rest @ ..], [_, others @ ..]) => wildcard(rest, others),
        ([b'[', rest @ ..], [c, others @ ..]) => {
            let Some(close) = rest.iter().skip(1).position(|byte| *byte == b']').map(|at| at + 1) else {
                return *c == b'[' && wildcard(rest, others);
            };
            let (set, after) = (&rest[..close], &rest[close + 1..]);
            let (negated, set) = match set {
                [b'!' | b'^', set @ ..] => (true, set),
                set => (false, set),
            };
            let mut found = false;
            let mut i = 0;
            while i < set.len() {
                if set.get(i + 1) == Some(&b'-') && i + 2 < set.len() {
                    found |= (set[i]..=set[i + 2]).contains(c);
                    i += 3;
                } else {
                    found |= set[i] == *c;
                    i += 1;
                }
            }
            found != negated && wildcard(after, others)
        }
        ([b'\\', c, rest @ ..], [d, others @ ..]) => c == d && wildcard(rest, others),
        ([c, rest @ ..], [d, others @ ..]) if c == d => wildcard(rest, others),
        _ => false,
    }
}
