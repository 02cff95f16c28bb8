//! `unzip`: busybox's and Info-ZIP's. It reads the central directory; entries are stored or deflated. It lacks passwords,
//! ZIP64, Info-ZIP's `-f`, `-u`, `-v`, `-Z` but for `-Z1`, and the times of files, which become now.

use super::{Command, Context, Exit, Options, Run};
use crate::shell::pattern::Pattern;
use crate::vfs::{Content, Errno, FileKind, OpenOptions};
use std::io::Read;

pub(super) const COMMAND: Command =
    Command { name: "unzip", run: Run::Plain(run), options: &Options::short("ljnopqtd:xKZ1") };

/// The longest that an entry may be unpacked to, in bytes.
const MAX_UNPACKED: u64 = 1 << 30;

/// The most entries of an archive.
const MAX_ENTRIES: usize = 65_535;

/// An entry of the central directory.
struct Entry {
    name: String,
    method: u16,
    packed: usize,
    size: u32,
    mode: Option<u32>,
    /// Days and two-second steps, as DOS has them.
    stamp: (u16, u16),
    header: usize,
}

#[derive(Default)]
struct Job {
    list: bool,
    names: bool,
    test: bool,
    print: bool,
    flat: bool,
    quiet: usize,
    never: bool,
    always: bool,
    directory: Option<String>,
    archive: Option<String>,
    members: Vec<String>,
    excludes: Vec<String>,
}

fn run(cx: &mut Context<'_>) -> Exit {
    let job = match job(cx) {
        Ok(job) => job,
        Err(exit) => return exit,
    };
    let Some(wanted) = job.archive.clone() else { return cx.misused("") };
    let tried = [wanted.clone(), format!("{wanted}.zip"), format!("{wanted}.ZIP")];
    let known = if cx.busybox() { 3 } else { 2 };
    let found = tried.iter().take(known).find(|name| cx.stat(name).is_ok_and(|stat| !stat.is_dir()));
    let Some(archive) = found.cloned() else {
        if wanted == "-" && cx.busybox() {
            return cx.not_simulated("an archive from standard input");
        }
        if cx.busybox() {
            cx.complain(format_args!("can't open {wanted}[.zip]"));
            return 1;
        }
        cx.err(format!("unzip:  cannot find or open {}, {} or {}.\n", tried[0], tried[1], tried[2]));
        return 9;
    };
    let content = match cx.input(&archive) {
        Ok(content) => content,
        Err(errno) => {
            cx.complain_of(format_args!("can't open {archive}"), errno);
            return 1;
        }
    };
    let Some(bytes) = cx.bytes(&content, &archive) else { return 0 };
    if let Some(directory) = &job.directory
        && !job.list
        && !job.test
        && let Err(exit) = enter(cx, directory)
    {
        return exit;
    }
    let silent = job.print || job.names || (job.test && cx.busybox());
    if !silent && job.quiet < if cx.busybox() { 1 } else { 1 + usize::from(job.list) } {
        cx.out(format!("Archive:  {archive}\n"));
    }
    let Some(entries) = entries(&bytes) else {
        if cx.busybox() {
            cx.complain("short read");
            return 1;
        }
        cx.err(format!(
            "  End-of-central-directory signature not found.  Either this file is not\n  a zipfile, or it constitutes one \
             disk of a multi-part archive.  In the\n  latter case the central directory and zipfile comment will be found \
             on\n  the last disk(s) of this archive.\nunzip:  cannot find zipfile directory in one of {archive} or\n        \
             {archive}.zip, and cannot find {archive}.ZIP, period.\n"
        ));
        return 9;
    };
    let mut run = Unpacking { cx, job: &job, met: vec![false; job.members.len()], links: Vec::new(), exit: 0 };
    if job.list {
        return run.listing(&entries);
    }
    for entry in &entries {
        if !run.wants(entry) {
            continue;
        }
        if job.names {
            run.cx.out(format!("{}\n", entry.name));
        } else if let Err(exit) = run.entry(entry, &bytes) {
            return exit;
        }
        if run.cx.stopped() {
            return 1;
        }
    }
    run.finish(&archive)
}

fn job(cx: &mut Context<'_>) -> Result<Job, Exit> {
    let mut job = Job::default();
    let args: Vec<String> = cx.args.iter().skip(1).cloned().collect();
    let mut args = args.into_iter();
    let mut excluding = false;
    while let Some(arg) = args.next() {
        if !arg.starts_with('-') || arg.len() == 1 {
            match (&job.archive, excluding) {
                (None, _) => job.archive = Some(arg),
                (_, true) => job.excludes.push(arg),
                (_, false) => job.members.push(arg),
            }
            continue;
        }
        excluding = false;
        for (i, letter) in arg.char_indices().skip(1) {
            if let Some(exit) = cx.refuse_letter(letter) {
                return Err(exit);
            }
            match letter {
                'l' => job.list = true,
                't' => job.test = true,
                'p' => job.print = true,
                'j' => job.flat = true,
                'q' => job.quiet += 1,
                'n' => job.never = true,
                'o' => job.always = true,
                'x' => excluding = true,
                'Z' => job.names = true,
                '1' if job.names => {}
                // Keeps setuid bits, which are kept from nobody here.
                'K' => {}
                'd' => {
                    let rest = &arg[i + 1..];
                    job.directory = if rest.is_empty() { args.next() } else { Some(rest.to_owned()) };
                    break;
                }
                _ => return Err(cx.not_simulated(format_args!("option -{letter}"))),
            }
        }
    }
    Ok(job)
}

/// Goes to the directory of `-d`, which is made if it is missing.
fn enter(cx: &mut Context<'_>, directory: &str) -> Result<(), Exit> {
    if !cx.is_dir(directory)
        && let Err(errno) = cx.mkdir(directory, 0o777)
    {
        let text = cx.system.message(errno);
        if cx.busybox() {
            cx.complain(format_args!("can't change directory to '{directory}': {text}"));
            return Err(1);
        }
        cx.err(format!("checkdir:  cannot create extraction directory: {directory}\n           {text}\n"));
        return Err(2);
    }
    if cx.busybox() {
        cx.process.cwd = cx
            .system
            .fs
            .realpath(&cx.process.cred, &cx.process.path(directory))
            .map_or_else(|_| cx.process.cwd.clone(), |path| path.to_string());
    }
    Ok(())
}

struct Unpacking<'a, 'b> {
    cx: &'a mut Context<'b>,
    job: &'a Job,
    met: Vec<bool>,
    /// Info-ZIP makes links last.
    links: Vec<(String, String)>,
    exit: Exit,
}

impl Unpacking<'_, '_> {
    fn wants(&mut self, entry: &Entry) -> bool {
        let matches = |pattern: &String| Pattern::new(pattern).matches(&entry.name);
        if self.job.excludes.iter().any(matches) {
            return false;
        }
        let mut wanted = self.job.members.is_empty();
        for (member, met) in self.job.members.iter().zip(&mut self.met) {
            if matches(member) {
                *met = true;
                wanted = true;
            }
        }
        wanted
    }

    fn listing(&mut self, entries: &[Entry]) -> Exit {
        let busybox = self.cx.busybox();
        self.cx.out("  Length      Date    Time    Name\n---------  ---------- -----   ----\n");
        let (mut count, mut total) = (0, 0);
        for entry in entries {
            if !self.wants(entry) {
                continue;
            }
            let (days, steps) = entry.stamp;
            let (year, month, day) = (1980 + (days >> 9), days >> 5 & 15, days & 31);
            let date = match busybox {
                true => format!("{month:02}-{day:02}-{year}"),
                false => format!("{year}-{month:02}-{day:02}"),
            };
            let line =
                format!("{:>9}  {date} {:02}:{:02}   {}\n", entry.size, steps >> 11, steps >> 5 & 63, entry.name);
            self.cx.out(line);
            count += 1;
            total += u64::from(entry.size);
        }
        let rule =
            if busybox { " --------                     -------" } else { "---------                     -------" };
        let plural = if count == 1 { "" } else { "s" };
        self.cx.out(format!("{rule}\n{total:>9}                     {count} file{plural}\n"));
        0
    }

    fn say(&mut self, text: String) {
        if self.job.quiet == 0 && !self.job.print {
            self.cx.out(text);
        }
    }

    fn entry(&mut self, entry: &Entry, bytes: &[u8]) -> Result<(), Exit> {
        let safe = entry.name.trim_start_matches('/').replace("../", "");
        let directory = entry.name.ends_with('/');
        let name = if self.job.flat { safe.rsplit('/').next().unwrap_or_default().to_owned() } else { safe };
        let target = match &self.job.directory {
            // busybox's is in that directory by now.
            Some(directory) if !self.cx.busybox() => format!("{}/{name}", directory.trim_end_matches('/')),
            _ => name.clone(),
        };
        if directory {
            if !self.job.flat && !self.job.print && !self.job.test {
                self.directory(target.trim_end_matches('/'), entry);
            } else if self.job.test {
                self.tested(&entry.name);
            }
            return Ok(());
        }
        let data = match unpacked(entry, bytes) {
            Ok(data) => data,
            Err(what) => {
                self.cx.not_simulated(format_args!("{}: {what}", entry.name));
                return Err(0);
            }
        };
        if self.job.print {
            self.cx.out(&data);
            return Ok(());
        }
        if self.job.test {
            self.tested(&entry.name);
            return Ok(());
        }
        self.parents(&target);
        let link = entry.mode.is_some_and(|mode| mode & 0o170_000 == 0o120_000);
        if let Ok(stat) = self.cx.lstat(&target) {
            if self.job.never {
                if stat.kind == FileKind::Symlink && !self.cx.busybox() {
                    self.cx.out(format!("{target} exists and is a symbolic link.\n"));
                }
                return Ok(());
            }
            if !stat.is_file() && self.cx.busybox() {
                self.cx.complain(format_args!("'{target}' exists but is not a regular file"));
                return Err(1);
            }
            if !self.job.always {
                return Err(self.asks(&target));
            }
            let _ = self.cx.unlink(&target);
        }
        if link {
            self.link(target, String::from_utf8_lossy(&data).into_owned());
            return Ok(());
        }
        let verb = if self.cx.busybox() || entry.method != 0 { "inflating" } else { "extracting" };
        self.say(match self.cx.busybox() {
            true => format!("  inflating: {target}\n"),
            false => format!("{verb:>11}: {target:<22}  \n"),
        });
        let mode = entry.mode.map_or(0o666, |mode| (mode & 0o7777) as u16);
        match self.cx.open(&target, OpenOptions::replacing(), mode) {
            Ok(ino) => {
                if let Err(errno) = self.cx.system.fs.write_handle(ino, 0, &Content::from(data)) {
                    self.cx.complain_of(&target, errno);
                    return Err(1);
                }
            }
            Err(errno) => {
                self.cx.complain_of(format_args!("can't open '{target}'"), errno);
                return Err(1);
            }
        }
        if !self.cx.busybox() {
            let _ = self.cx.chmod(&target, self.cx.process.masked(mode));
        }
        Ok(())
    }

    /// Without a terminal the question whether to replace a file finds no answer.
    fn asks(&mut self, target: &str) -> Exit {
        let question = format!("replace {target}? [y]es, [n]o, [A]ll, [N]one, [r]ename: ");
        if self.cx.busybox() {
            self.cx.out(question);
            self.cx.complain("can't read standard input");
        } else {
            self.cx.err(format!("{question} NULL\n(EOF or read error, treating as \"[N]one\" ...)\n"));
        }
        1
    }

    fn link(&mut self, target: String, to: String) {
        if self.cx.busybox() {
            self.say(format!("  inflating: {target}\n"));
            let _ = self.cx.symlink(&to, &target);
        } else {
            self.say(format!("    linking: {target:<22}  -> {to} \n"));
            self.links.push((target, to));
        }
    }

    fn directory(&mut self, target: &str, entry: &Entry) {
        self.parents(target);
        if self.cx.is_dir(target) {
            return;
        }
        self.say(format!("   creating: {target}/\n"));
        let mode = entry.mode.map_or(0o777, |mode| (mode & 0o7777) as u16);
        let _ = self.cx.mkdir(target, mode);
    }

    fn parents(&mut self, target: &str) {
        for (i, _) in target.match_indices('/').filter(|(i, _)| *i > 0) {
            if let Err(errno) = self.cx.mkdir(&target[..i], 0o777)
                && errno != Errno::EEXIST
            {
                self.exit = 1;
            }
        }
    }

    fn tested(&mut self, name: &str) {
        if self.job.quiet == 0 && !self.cx.busybox() {
            self.cx.out(format!("    testing: {name:<22}   OK\n"));
        }
    }

    fn finish(mut self, archive: &str) -> Exit {
        if !self.links.is_empty() {
            self.say("finishing deferred symbolic links:\n".to_owned());
            for (target, to) in std::mem::take(&mut self.links) {
                self.say(format!("  {target:<22} -> {to}\n"));
                let _ = self.cx.symlink(&to, &target);
            }
        }
        if self.cx.busybox() {
            return self.exit;
        }
        if self.job.test && self.job.quiet < 2 {
            self.cx.out(format!("No errors detected in compressed data of {archive}.\n"));
        }
        for (member, met) in self.job.members.iter().zip(&self.met) {
            if !met {
                self.cx.err(format!("caution: filename not matched:  {member}\n"));
                self.exit = 11;
            }
        }
        self.exit
    }
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<u64> {
    let mut number = 0;
    for (i, byte) in bytes.get(at..at + N)?.iter().enumerate() {
        number |= u64::from(*byte) << (8 * i);
    }
    Some(number)
}

/// The central directory; none if this is no archive.
fn entries(bytes: &[u8]) -> Option<Vec<Entry>> {
    // The end record is followed by a comment of at most 64 KiB.
    let start = bytes.len().saturating_sub(22 + 0xffff);
    let tail = &bytes[start..];
    let end = start + tail.windows(4).rposition(|window| window == b"PK\x05\x06")?;
    let count = (number::<2>(bytes, end + 10)? as usize).min(MAX_ENTRIES);
    let mut at = number::<4>(bytes, end + 16)? as usize;
    let mut out = Vec::new();
    for _ in 0..count {
        if bytes.get(at..at + 4)? != b"PK\x01\x02" {
            return None;
        }
        let short = |offset: usize| number::<2>(bytes, at + offset);
        let long = |offset: usize| number::<4>(bytes, at + offset);
        let (name, extra, comment) = (short(28)? as usize, short(30)? as usize, short(32)? as usize);
        let unix = short(4)? >> 8 == 3;
        out.push(Entry {
            name: String::from_utf8_lossy(bytes.get(at + 46..at + 46 + name)?).into_owned(),
            method: short(10)? as u16,
            packed: long(20)? as usize,
            size: long(24)? as u32,
            mode: unix.then_some((long(38)? >> 16) as u32),
            stamp: (short(14)? as u16, short(12)? as u16),
            header: long(42)? as usize,
        });
        at += 46 + name + extra + comment;
    }
    Some(out)
}

/// The bytes of an entry, or why they cannot be told.
fn unpacked(entry: &Entry, bytes: &[u8]) -> Result<Vec<u8>, String> {
    let damaged = || "a damaged archive".to_owned();
    let header = entry.header;
    let name = number::<2>(bytes, header.saturating_add(26)).ok_or_else(damaged)? as usize;
    let extra = number::<2>(bytes, header + 28).ok_or_else(damaged)? as usize;
    let start = header + 30 + name + extra;
    let packed = bytes.get(start..start.saturating_add(entry.packed)).ok_or_else(damaged)?;
    match entry.method {
        0 => Ok(packed.to_vec()),
        8 => {
            let mut out = Vec::new();
            let limit = u64::from(entry.size).min(MAX_UNPACKED);
            let mut reader = flate2::bufread::DeflateDecoder::new(packed).take(limit);
            reader.read_to_end(&mut out).map_err(|_| damaged())?;
            Ok(out)
        }
        method => Err(format!("compression method {method}")),
    }
}
