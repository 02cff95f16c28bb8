//! `tar c`.

use super::{Job, change_directory, fits, gnu};
use crate::archive::{Limits, Member, MemberKind, TarBuilder, TarReader};
use crate::shell::commands::{Context, Exit, mode};
use crate::shell::{Accounts, Description};
use crate::vfs::{Content, Errno, FileKind, Ino, OpenOptions};
use std::collections::BTreeMap;

struct Packer<'a, 'b> {
    cx: &'a mut Context<'b>,
    job: &'a Job,
    tar: TarBuilder,
    /// The archive itself, which is left out.
    own: Option<Ino>,
    accounts: Accounts,
    links: BTreeMap<Ino, String>,
    failed: bool,
    warned: bool,
    unheld: bool,
}

pub(super) fn create(cx: &mut Context<'_>, job: &Job, append: bool, directories: &[String]) -> Exit {
    if job.members.is_empty() {
        if job.busybox {
            cx.complain("empty archive");
            return 1;
        }
        gnu::hint(cx, "Cowardly refusing to create an empty archive");
        return 2;
    }
    let mut tar = TarBuilder::default();
    if append && let Err(exit) = read_old(cx, job, &mut tar) {
        return exit;
    }
    let mut own = None;
    if job.archive != "-" {
        let (path, mode) = (cx.process.path(&job.archive), cx.process.masked(0o666));
        match cx.system.fs.open(&cx.process.cred, &path, OpenOptions::replacing(), mode) {
            Ok(ino) => own = Some(ino),
            Err(errno) => return super::cannot_open(cx, &job.archive, errno),
        }
    }
    if let Err(exit) = change_directory(cx, directories) {
        return exit;
    }
    let accounts = Accounts::load(cx.system.fs.merged());
    let mut packer =
        Packer { cx, job, tar, own, accounts, links: BTreeMap::new(), failed: false, warned: false, unheld: false };
    for member in &job.members {
        let operand = if member.len() > 1 { member.trim_end_matches('/') } else { member };
        let operand = if operand.is_empty() { "/" } else { operand };
        packer.add(operand, 0);
    }
    let Packer { tar, failed, unheld, .. } = packer;
    let content = tar.finish(if job.busybox { 512 } else { 10_240 });
    if let Err(exit) = write(cx, job, own, content, unheld) {
        return exit;
    }
    match (failed, job.busybox) {
        (false, _) => 0,
        (true, true) => {
            cx.complain("error exit delayed from previous errors");
            1
        }
        (true, false) => gnu::delayed(cx),
    }
}

/// The members that an archive has before more are added.
fn read_old(cx: &mut Context<'_>, job: &Job, tar: &mut TarBuilder) -> Result<(), Exit> {
    let content = match cx.input(&job.archive) {
        Ok(content) => content,
        Err(Errno::ENOENT) => return Ok(()),
        Err(errno) => return Err(super::cannot_open(cx, &job.archive, errno)),
    };
    let bytes = cx.bytes(&content, &job.archive).ok_or(0)?;
    let mut copy = || -> Option<()> {
        let mut reader = TarReader::new(&bytes, Limits::default());
        while let Some(member) = reader.next_member().ok()? {
            let data = reader.read_content().ok()?;
            tar.add(&member, &data);
        }
        Some(())
    };
    if copy().is_none() {
        return Err(cx.not_simulated(format_args!("adding to {}", job.archive)));
    }
    Ok(())
}

/// Writes the archive to its file or to standard output.
fn write(cx: &mut Context<'_>, job: &Job, own: Option<Ino>, content: Content, unheld: bool) -> Result<(), Exit> {
    let mut content = content;
    if let Some(packer) = job.packer {
        if unheld {
            // What it compresses to cannot be told: the size is that of what goes in.
            cx.modelled(format_args!("the size of {}", job.archive));
            content = Content::unknown(content.len());
        } else {
            let bytes = cx.bytes(&content, &job.archive).ok_or(0)?;
            let packed = super::super::gzip::compress(&bytes, 6, None);
            // Of the others there is only a size, near gzip's.
            content = if packer == "gzip" { packed.into() } else { Content::unknown(packed.len() as u64) };
        }
    }
    let to_file = match own {
        Some(_) => true,
        None => cx.process.fds.get(&1).is_some_and(|fd| matches!(*fd.borrow(), Description::File { .. })),
    };
    if let Some(packer) = job.packer.filter(|_| to_file) {
        cx.modelled(format_args!("the bytes of {}, which differ between versions of {packer}", job.archive));
    }
    match own {
        None => cx.out_content(&content),
        Some(ino) => {
            if let Err(errno) = cx.system.fs.write_handle(ino, 0, &content) {
                cx.complain_of(&job.archive, errno);
                return Err(1);
            }
        }
    }
    Ok(())
}

impl Packer<'_, '_> {
    fn add(&mut self, name: &str, depth: usize) {
        if depth > 200 || self.job.excludes.iter().any(|pattern| fits(pattern, name, false)) {
            return;
        }
        let path = self.cx.process.path(name);
        let fs = &self.cx.system.fs;
        let cred = &self.cx.process.cred;
        let found = if self.job.follow { fs.stat(cred, &path) } else { fs.lstat(cred, &path) };
        let stat = match found {
            Ok(stat) => stat,
            Err(errno) => return self.complain(name, "Cannot stat", errno),
        };
        if self.own == Some(stat.ino) {
            self.cx.complain(match self.job.busybox {
                true => format!("{name}: file is the archive; skipping"),
                false => format!("{name}: file is the archive; not dumped"),
            });
            return;
        }
        let stored = self.stored_name(name, stat.is_dir());
        let mut data = Content::empty();
        let kind = match stat.kind {
            FileKind::Dir => MemberKind::Dir,
            FileKind::Symlink => match self.cx.readlink(name) {
                Ok(target) => MemberKind::Symlink(target),
                Err(errno) => return self.complain(name, "Cannot readlink", errno),
            },
            FileKind::Fifo => MemberKind::Fifo,
            // Devices are not made in layers, and /dev is a mount.
            FileKind::CharDevice | FileKind::BlockDevice => return,
            FileKind::File => match self.links.get(&stat.ino) {
                Some(first) => MemberKind::Hardlink(first.clone()),
                None => {
                    data = match self.cx.system.fs.read(&self.cx.process.cred, &path) {
                        Ok(content) => content,
                        Err(errno) => return self.complain(name, "Cannot open", errno),
                    };
                    if stat.nlink > 1 {
                        self.links.insert(stat.ino, stored.clone());
                    }
                    MemberKind::File
                }
            },
        };
        self.unheld |= !data.is_held();
        let mut meta = stat.meta;
        meta.uid = self.job.owner.unwrap_or(meta.uid);
        meta.gid = self.job.group.unwrap_or(meta.gid);
        meta.mtime = self.job.mtime.unwrap_or(meta.mtime);
        if let Some(text) = &self.job.mode {
            let target = mode::Target { mode: meta.mode, is_dir: stat.is_dir(), umask: 0, gnu: true };
            match mode::apply(text, target) {
                Some(mode) => meta.mode = mode,
                None => {
                    self.cx.not_simulated(format_args!("option --mode={text}"));
                }
            }
        }
        let (user, group) = match self.job.numeric {
            true => (String::new(), String::new()),
            false => (
                self.accounts.user_of(meta.uid).map(|user| user.name.clone()).unwrap_or_default(),
                self.accounts.group_of(meta.gid).map(|group| group.name.clone()).unwrap_or_default(),
            ),
        };
        let is_dir = kind == MemberKind::Dir;
        let member = Member { offset: 0, data: 0, size: 0, name: stored.clone(), kind, meta, user, group };
        self.tar.add(&member, &data);
        if self.job.verbose {
            let line = format!("{stored}\n");
            // To standard error where the archive goes to standard output.
            if self.own.is_some() { self.cx.out(line) } else { self.cx.err(line) }
        }
        if !is_dir || !self.job.recurse {
            return;
        }
        match self.cx.system.fs.read_dir(&self.cx.process.cred, &path) {
            Ok(entries) => {
                for entry in entries {
                    let child = if name.ends_with('/') {
                        format!("{name}{}", entry.name)
                    } else {
                        format!("{name}/{}", entry.name)
                    };
                    self.add(&child, depth + 1);
                }
            }
            Err(errno) => self.complain(name, "Cannot open", errno),
        }
    }

    /// Names are stored without a leading slash, and without what leads above.
    fn stored_name(&mut self, name: &str, is_dir: bool) -> String {
        let mut stored = name.to_owned();
        if !self.job.absolute {
            let cut = match name.rfind("../") {
                Some(at) if at == 0 || name.as_bytes()[at - 1] == b'/' => at + 3,
                _ => 0,
            };
            let rest = name[cut..].trim_start_matches('/');
            let cut = name.len() - rest.len();
            if cut > 0 {
                if !self.warned {
                    self.warned = true;
                    let prefix = &name[..cut];
                    self.cx.complain(match self.job.busybox {
                        true => format!("removing leading '{prefix}' from member names"),
                        false => format!("Removing leading `{prefix}' from member names"),
                    });
                }
                stored = rest.to_owned();
            }
            if stored.is_empty() {
                stored = "./".to_owned();
            }
        }
        if is_dir && !stored.ends_with('/') {
            stored.push('/');
        }
        stored
    }

    fn complain(&mut self, name: &str, what: &str, errno: Errno) {
        match self.job.busybox {
            true => self.cx.complain_of(name, errno),
            false => self.cx.complain_of(format_args!("{name}: {what}"), errno),
        }
        self.failed = true;
    }
}
