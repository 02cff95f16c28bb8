//! `tar x` and `tar t`.

use super::{Job, cannot_open, change_directory, fits, gnu};
use crate::archive::{ArchiveError, ArchiveErrorKind, Limits, Member, MemberKind, TarReader, sniff};
use crate::shell::Accounts;
use crate::shell::commands::calendar::civil;
use crate::shell::commands::{Context, Exit};
use crate::vfs::{Content, Errno, Meta, Node, OpenOptions};
use std::collections::BTreeSet;

struct Unpacker<'a, 'b> {
    cx: &'a mut Context<'b>,
    job: &'a Job,
    list: bool,
    accounts: Accounts,
    /// Which of the names asked for were met.
    met: BTreeSet<usize>,
    /// Directories whose mode and time are set at the end.
    directories: Vec<(String, Meta)>,
    failed: bool,
    warned: bool,
}

pub(super) fn extract(cx: &mut Context<'_>, job: &Job, list: bool, directories: &[String]) -> Exit {
    let content = match cx.input(&job.archive) {
        Ok(content) => content,
        Err(Errno::EISDIR) if !job.busybox => {
            cx.complain(format_args!("{}: Cannot read: Is a directory", job.archive));
            cx.complain("At beginning of tape, quitting now");
            cx.complain("Error is not recoverable: exiting now");
            return 2;
        }
        Err(Errno::EISDIR) => Content::empty(),
        Err(errno) => return cannot_open(cx, &job.archive, errno),
    };
    // GNU goes there only when there is something to unpack.
    if job.busybox
        && let Err(exit) = change_directory(cx, directories)
    {
        return exit;
    }
    let Some(bytes) = cx.bytes(&content, &job.archive) else { return 0 };
    if bytes.is_empty() && !job.busybox {
        return damaged(cx, job, true, &ArchiveError { kind: ArchiveErrorKind::NotTar, entry: None, offset: None });
    }
    if let Err(exit) = unpackable(cx, job, sniff(&bytes).map(|compression| compression.name)) {
        return exit;
    }
    let mut reader = TarReader::new(&bytes, Limits::default());
    let accounts = Accounts::load(cx.system.fs.merged());
    let mut unpacker = Unpacker {
        cx,
        job,
        list,
        accounts,
        met: BTreeSet::new(),
        directories: Vec::new(),
        failed: false,
        warned: false,
    };
    let mut first = true;
    loop {
        let member = match reader.next_member() {
            Ok(Some(member)) => member,
            Ok(None) if first && unpacker.job.busybox && bytes.len() < 512 => {
                unpacker.cx.complain("short read");
                return 1;
            }
            Ok(None) => break,
            Err(error) => {
                unpacker.finish_directories();
                return damaged(unpacker.cx, job, first, &error);
            }
        };
        if first
            && !job.busybox
            && let Err(exit) = change_directory(unpacker.cx, directories)
        {
            return exit;
        }
        first = false;
        if !unpacker.wants(&member) {
            continue;
        }
        let data = match reader.read_content() {
            Ok(data) => data,
            Err(error) => {
                unpacker.finish_directories();
                return damaged(unpacker.cx, job, false, &error);
            }
        };
        unpacker.member(&member, &data);
        if unpacker.cx.system.stop.is_some() {
            return 1;
        }
    }
    unpacker.finish_directories();
    unpacker.missing()
}

/// Can it be unpacked? busybox does it by itself; GNU tar runs a program that the image may lack.
fn unpackable(cx: &mut Context<'_>, job: &Job, sniffed: Option<&'static str>) -> Result<(), Exit> {
    if job.busybox {
        let known = matches!(sniffed, None | Some("gzip" | "bzip2" | "xz"));
        if known && (job.packer.is_none() || job.packer == sniffed) {
            return Ok(());
        }
        match job.packer {
            None => cx.complain("invalid tar magic"),
            Some("xz") => cx.complain("short read"),
            Some(_) => {
                cx.complain("invalid magic");
                cx.complain("short read");
            }
        }
        return Err(1);
    }
    let Some(program) = job.packer.or(sniffed) else { return Ok(()) };
    let path = cx.process.env.get("PATH").cloned();
    if crate::shell::look_up(cx.system, cx.process, program, path.as_deref()).is_err() {
        let first = if program == "bzip2" { "lbzip2" } else { program };
        cx.err(format!(
            "tar (child): {first}: Cannot exec: No such file or directory\n\
             tar (child): Error is not recoverable: exiting now\n"
        ));
        return Err(child(cx, 2));
    }
    if sniffed == Some(program) {
        return Ok(());
    }
    match program {
        "gzip" => cx.err("\ngzip: stdin: not in gzip format\n"),
        "bzip2" => cx.err("bzip2: (stdin) is not a bzip2 file.\n"),
        "xz" => cx.err("xz: (stdin): File format not recognized\n"),
        _ => cx.err("zstd: /*stdin*\\: unsupported format \n"),
    }
    Err(child(cx, if program == "bzip2" { 2 } else { 1 }))
}

/// The end of a GNU tar whose program has failed.
fn child(cx: &mut Context<'_>, status: u8) -> Exit {
    cx.complain(format_args!("Child returned status {status}"));
    cx.complain("Error is not recoverable: exiting now");
    2
}

/// What the program says of a damaged archive.
fn damaged(cx: &mut Context<'_>, job: &Job, first: bool, error: &ArchiveError) -> Exit {
    match &error.kind {
        ArchiveErrorKind::UnsupportedType(_) | ArchiveErrorKind::TooManyBytes { .. } => {
            return cx.not_simulated(format_args!("{}: {error}", job.archive));
        }
        _ => {}
    }
    // What ends in its first header is no archive at all.
    let whole = matches!(error.kind, ArchiveErrorKind::CutOff { .. }) && !first;
    let cut = whole || matches!(error.kind, ArchiveErrorKind::CutOffCompressed { .. });
    if job.busybox {
        cx.complain(if cut { "short read" } else { "invalid tar magic" });
        return 1;
    }
    match error.kind {
        ArchiveErrorKind::CutOffCompressed { .. } => {
            cx.err("\ngzip: stdin: unexpected end of file\n");
            cx.complain("Child returned status 1");
            cx.complain("Error is not recoverable: exiting now");
            2
        }
        ArchiveErrorKind::CutOff { .. } if whole => {
            cx.complain("Unexpected EOF in archive");
            cx.complain("Error is not recoverable: exiting now");
            2
        }
        _ => {
            cx.complain("This does not look like a tar archive");
            gnu::delayed(cx)
        }
    }
}

impl Unpacker<'_, '_> {
    fn wants(&mut self, member: &Member) -> bool {
        if self.job.excludes.iter().any(|pattern| fits(pattern, &member.name, false)) {
            return false;
        }
        if self.job.members.is_empty() {
            return true;
        }
        let name = member.name.trim_end_matches('/');
        let mut wanted = false;
        for (i, pattern) in self.job.members.iter().enumerate() {
            let plain = pattern.trim_end_matches('/');
            let below = name.strip_prefix(plain).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            if below || (self.job.wildcards || self.job.busybox) && fits(pattern, name, true) {
                self.met.insert(i);
                wanted = true;
            }
        }
        wanted
    }

    fn missing(&mut self) -> Exit {
        for (i, name) in self.job.members.iter().enumerate() {
            if self.met.contains(&i) {
                continue;
            }
            if self.job.busybox {
                self.cx.complain(format_args!("{name}: not found in archive"));
                return 1;
            }
            self.cx.complain(format_args!("{name}: Not found in archive"));
            self.failed = true;
        }
        match (self.failed, self.job.busybox) {
            (false, _) => 0,
            (true, true) => 1,
            (true, false) => gnu::delayed(self.cx),
        }
    }

    fn member(&mut self, member: &Member, data: &Content) {
        if self.list {
            let line = if self.job.verbose { self.long(member) } else { member.name.clone() };
            self.cx.out(line + "\n");
            return;
        }
        let Some(name) = self.target_name(&member.name) else { return };
        if self.job.verbose {
            let line = format!("{}\n", member.name);
            if self.job.to_stdout { self.cx.err(line) } else { self.cx.out(line) }
        }
        if self.job.to_stdout {
            if member.kind == MemberKind::File {
                self.cx.out_content(data);
            }
            return;
        }
        if let Err(errno) = self.make(&name, member, data) {
            self.failed = true;
            match self.job.busybox {
                true => self.cx.complain_of(format_args!("can't open '{name}'"), errno),
                false => self.cx.complain_of(format_args!("{name}: Cannot open"), errno),
            }
        }
    }

    /// The name to unpack to: without its first components, and without what leads out of the directory. None if nothing
    /// of it is left.
    fn target_name(&mut self, name: &str) -> Option<String> {
        let mut rest = name;
        for _ in 0..self.job.strip {
            let trimmed = rest.trim_start_matches('/');
            let (_, after) = trimmed.split_once('/')?;
            rest = after.trim_start_matches('/');
        }
        if self.job.strip > 0 && rest.is_empty() {
            return None;
        }
        if self.job.absolute {
            return Some(rest.to_owned());
        }
        let safe = rest.trim_start_matches('/');
        let leads_out = safe.split('/').any(|part| part == "..");
        if safe.len() < rest.len() && !self.warned {
            self.warned = true;
            let prefix = &rest[..rest.len() - safe.len()];
            self.cx.complain(match self.job.busybox {
                true => format!("removing leading '{prefix}' from member names"),
                false => format!("Removing leading `{prefix}' from member names"),
            });
        }
        if leads_out {
            match self.job.busybox {
                true => self.cx.complain(format_args!("name with '..' refused: '{safe}'")),
                false => self.cx.complain(format_args!("{safe}: Member name contains '..', skipped")),
            }
            self.failed = true;
            return None;
        }
        Some(if safe.is_empty() { ".".to_owned() } else { safe.to_owned() })
    }

    fn make(&mut self, name: &str, member: &Member, data: &Content) -> Result<(), Errno> {
        let path = name.trim_end_matches('/');
        self.make_parents(path)?;
        let cred = self.cx.process.cred.clone();
        let full = self.cx.process.path(path);
        let old = self.cx.system.fs.lstat(&cred, &full).ok();
        if member.kind == MemberKind::Dir {
            match &old {
                Some(stat) if stat.is_dir() => {}
                Some(_) => {
                    // A link to a directory stays where GNU is asked to; else it gives way.
                    let leads = self.cx.system.fs.stat(&cred, &full).is_ok_and(|stat| stat.is_dir());
                    if !leads {
                        self.cx.system.fs.unlink(&cred, &full)?;
                        self.cx.system.fs.mkdir(&cred, &full, 0o700)?;
                    }
                }
                None => self.cx.system.fs.mkdir(&cred, &full, self.cx.process.masked(member.meta.mode | 0o700))?,
            }
            self.directories.push((path.to_owned(), member.meta));
            return self.own(path, member);
        }
        if let Some(stat) = &old {
            match self.job.keep {
                Some(true) => return Ok(()),
                Some(false) => {
                    return Err(Errno::EEXIST);
                }
                None => {}
            }
            if stat.is_dir() {
                self.cx.system.fs.rmdir(&cred, &full)?;
            } else {
                self.cx.system.fs.unlink(&cred, &full)?;
            }
        }
        match &member.kind {
            MemberKind::File => {
                let mode = self.mode(member);
                let options = OpenOptions { exclusive: true, ..OpenOptions::replacing() };
                let ino = self.cx.system.fs.open(&cred, &full, options, self.cx.process.masked(mode & 0o777))?;
                if !data.is_empty() {
                    self.cx.system.fs.write_handle(ino, 0, data)?;
                }
            }
            MemberKind::Symlink(target) => self.cx.system.fs.symlink(&cred, target, &full)?,
            MemberKind::Hardlink(target) => {
                let target = self.target_name(target).ok_or(Errno::ENOENT)?;
                let target = self.cx.process.path(&target);
                return self.cx.system.fs.link(&cred, &target, &full);
            }
            MemberKind::Fifo => self.cx.system.fs.mknod(&cred, &full, Node::Fifo, self.mode(member))?,
            MemberKind::CharDevice { major, minor } => {
                let node = Node::CharDevice { major: *major, minor: *minor };
                self.cx.system.fs.mknod(&cred, &full, node, self.mode(member))?;
            }
            MemberKind::BlockDevice { major, minor } => {
                let node = Node::BlockDevice { major: *major, minor: *minor };
                self.cx.system.fs.mknod(&cred, &full, node, self.mode(member))?;
            }
            MemberKind::Dir => {}
        }
        self.own(path, member)?;
        if !matches!(member.kind, MemberKind::Symlink(_)) {
            self.cx.system.fs.chmod(&cred, &full, self.mode(member))?;
        }
        if !self.job.touch {
            self.cx.system.fs.set_mtime(&cred, &full, Some(member.meta.mtime), false)?;
        }
        Ok(())
    }

    fn mode(&self, member: &Member) -> u16 {
        if self.job.exact_modes { member.meta.mode } else { self.cx.process.masked(member.meta.mode & 0o777) }
    }

    /// Missing directories above a member.
    fn make_parents(&mut self, path: &str) -> Result<(), Errno> {
        let cred = self.cx.process.cred.clone();
        for (at, _) in path.match_indices('/') {
            if at == 0 {
                continue;
            }
            let parent = self.cx.process.path(&path[..at]);
            match self.cx.system.fs.mkdir(&cred, &parent, self.cx.process.masked(0o777)) {
                Ok(()) | Err(Errno::EEXIST) => {}
                Err(errno) => return Err(errno),
            }
        }
        Ok(())
    }

    /// Gives a member its owner: by name where the name is known, else by number.
    fn own(&mut self, path: &str, member: &Member) -> Result<(), Errno> {
        if !self.job.own {
            return Ok(());
        }
        let (mut uid, mut gid) = (member.meta.uid, member.meta.gid);
        if !self.job.numeric {
            uid = self.accounts.user(&member.user).map_or(uid, |user| user.uid);
            gid = self.accounts.group(&member.group).map_or(gid, |group| group.gid);
        }
        let (cred, full) = (self.cx.process.cred.clone(), self.cx.process.path(path));
        self.cx.system.fs.chown(&cred, &full, Some(uid), Some(gid), false)
    }

    fn finish_directories(&mut self) {
        let cred = self.cx.process.cred.clone();
        for (path, meta) in std::mem::take(&mut self.directories).into_iter().rev() {
            let full = self.cx.process.path(&path);
            let mode = if self.job.exact_modes { meta.mode } else { self.cx.process.masked(meta.mode & 0o777) };
            // A directory that was replaced meanwhile, or is not the user's, stays as it is.
            let _ = self.cx.system.fs.chmod(&cred, &full, mode);
            if !self.job.touch {
                let _ = self.cx.system.fs.set_mtime(&cred, &full, Some(meta.mtime), true);
            }
        }
    }

    /// A line of `tar tv`.
    fn long(&self, member: &Member) -> String {
        let (letter, suffix) = match &member.kind {
            MemberKind::File => ('-', String::new()),
            MemberKind::Dir => ('d', String::new()),
            MemberKind::Symlink(target) => ('l', format!(" -> {target}")),
            MemberKind::Hardlink(target) if self.job.busybox => ('-', format!(" -> {target}")),
            MemberKind::Hardlink(target) => ('h', format!(" link to {target}")),
            MemberKind::Fifo => ('p', String::new()),
            MemberKind::CharDevice { .. } => ('c', String::new()),
            MemberKind::BlockDevice { .. } => ('b', String::new()),
        };
        let name = |name: &String, number: u32| {
            if name.is_empty() || self.job.numeric { number.to_string() } else { name.clone() }
        };
        let owner = format!("{}/{}", name(&member.user, member.meta.uid), name(&member.group, member.meta.gid));
        let size = if member.kind == MemberKind::File { member.size } else { 0 }.to_string();
        let time = civil(member.meta.mtime.seconds);
        let date = format!("{:04}-{:02}-{:02} {:02}:{:02}", time.year, time.month, time.day, time.hour, time.minute);
        let mode = permissions(letter, member.meta.mode);
        if self.job.busybox {
            return format!("{mode} {owner} {size:>9} {date}:{:02} {}{suffix}", time.second, member.name);
        }
        let width = 18usize.saturating_sub(owner.len());
        format!("{mode} {owner} {size:>width$} {date} {}{suffix}", member.name)
    }
}

/// `drwxr-xr-x`.
fn permissions(kind: char, mode: u16) -> String {
    let mut out = String::from(kind);
    for (shift, special, set, unset) in [(6, 0o4000, 's', 'S'), (3, 0o2000, 's', 'S'), (0, 0o1000, 't', 'T')] {
        let bits = mode >> shift;
        out.push(if bits & 4 != 0 { 'r' } else { '-' });
        out.push(if bits & 2 != 0 { 'w' } else { '-' });
        out.push(match (mode & special != 0, bits & 1 != 0) {
            (true, true) => set,
            (true, false) => unset,
            (false, true) => 'x',
            (false, false) => '-',
        });
    }
    out
}
