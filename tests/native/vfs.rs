//! The filesystem's cases, `tests/cases/vfs/*.txt`: operations, and the entries and `docker diff` lines they leave.
//!
//! `## TITLE` starts a case. An operation is a line (`mkdir /a`, `mv /a /b ! EXDEV`; see [`Case::operate`]); `= ENTRY` and
//! `~ LINE` after them are the whole changeset and the whole `docker diff` of the layer; the next operation, or `commit`,
//! starts another layer. The expectations come from recorded Docker builds and from the kernel's overlayfs, on which all
//! cases were run as well (Linux 6, `index=off,metacopy=off,redirect_dir=off`), never from our own output. Whatever a case says, each of its layers applied to what was before must give what is after.

use layerlab::path::AbsPath;
use layerlab::vfs::{
    Access, Changeset, Content, Cred, EntryKind, Errno, Node, OpenOptions, Overlay, Snapshot, Time, Tree, diff,
};
use std::path::Path;

#[test]
fn cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/vfs");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let mut failures = Vec::new();
    let mut count = 0;
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for case in text.split("\n## ").skip(1) {
            count += 1;
            let (title, body) = case.split_once('\n').unwrap_or((case, ""));
            if let Err(failure) = check(body) {
                failures.push(format!("{}: {title}: {failure}", file.file_name().unwrap().display()));
            }
        }
    }
    assert!(count > 0, "no cases found");
    assert!(failures.is_empty(), "{} of {count} cases fail:\n{}", failures.len(), failures.join("\n"));
}

/// Runs one case.
fn check(body: &str) -> Result<(), String> {
    let mut case = Case::new();
    for line in body.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "=" => case.entries.push(rest.to_owned()),
            "~" => case.diff.push(rest.to_owned()),
            _ => {
                if word == "commit" || !case.entries.is_empty() || !case.diff.is_empty() {
                    case.commit()?;
                }
                if word != "commit" {
                    let (operation, wanted) = rest.rsplit_once(" ! ").map_or((rest, None), |(o, e)| (o, Some(e)));
                    let got = case.operate(word, operation);
                    let got = got.map_err(|error| format!("{error:?}"));
                    match (got, wanted) {
                        (Ok(()), None) => {}
                        (Err(error), Some(wanted)) if error == wanted => {}
                        (got, _) => return Err(format!("`{line}` gave {got:?}")),
                    }
                }
            }
        }
    }
    case.commit()
}

struct Case {
    overlay: Overlay,
    cred: Cred,
    entries: Vec<String>,
    diff: Vec<String>,
}

impl Case {
    fn new() -> Self {
        Self { overlay: Overlay::new(Snapshot::empty()), cred: Cred::root(), entries: Vec::new(), diff: Vec::new() }
    }

    /// Ends the layer and compares it.
    fn commit(&mut self) -> Result<(), String> {
        let before = self.overlay.lower().clone();
        let overlay = std::mem::replace(&mut self.overlay, Overlay::new(Snapshot::empty()));
        let (after, changeset) = overlay.commit();
        if before.apply(&changeset) != after {
            return Err(format!("the layer applied gives\n{:?}\nnot\n{after:?}", before.apply(&changeset)));
        }
        compare("changeset", &self.entries, describe(&changeset))?;
        compare("diff", &self.diff, diff(&before, &after, &changeset).iter().map(ToString::to_string).collect())?;
        self.overlay = Overlay::new(after);
        self.cred = Cred::root();
        self.entries.clear();
        self.diff.clear();
        Ok(())
    }

    /// Does one operation, or asserts something of the merged view (`stat`, `cat`, `ls`, `missing`).
    fn operate(&mut self, word: &str, rest: &str) -> Result<(), Errno> {
        let (first, second) = rest.split_once(' ').unwrap_or((rest, ""));
        let (fs, cred) = (&mut self.overlay, &self.cred);
        match word {
            "as" => {
                let (user, groups) = rest.split_once(':').unwrap();
                let mut groups = groups.split(',').map(number);
                self.cred = Cred { uid: number(user), gid: groups.next().unwrap(), groups: groups.collect() };
                Ok(())
            }
            // `mkdir PATH [MODE]`
            "mkdir" => fs.mkdir(cred, first, mode(second, 0o755)),
            // `write PATH TEXT`: replaces the file
            "write" => fs.write(cred, first, &Content::from(second), 0o644),
            // `append PATH [TEXT]`: `>>`
            "append" => {
                let ino = fs.open(cred, first, OpenOptions::appending(), 0o644)?;
                let end = fs.len_handle(ino);
                fs.write_handle(ino, end, &Content::from(second))
            }
            // `patch PATH OFFSET TEXT`: `dd conv=notrunc`
            "patch" => {
                let (offset, text) = second.split_once(' ').unwrap();
                let ino = fs.open(cred, first, OpenOptions::appending(), 0o644)?;
                fs.write_handle(ino, u64::from(number(offset)), &Content::from(text))
            }
            // `create PATH MODE`: `open` with O_CREAT and O_EXCL
            "create" => {
                let options = OpenOptions { write: true, create: true, exclusive: true, ..OpenOptions::default() };
                fs.open(cred, first, options, mode(second, 0o644)).map(|_| ())
            }
            "read" => fs.read(cred, first).map(|_| ()),
            // `zeros PATH BYTES`
            "zeros" => fs.write(cred, first, &Content::zeros(second.parse().unwrap()), 0o644),
            "truncate" => fs.truncate(cred, first, second.parse().unwrap()),
            "touch" => fs.set_mtime(cred, first, None, true),
            // `touch-at PATH SECONDS`
            "touch-at" => fs.set_mtime(cred, first, Some(Time { seconds: second.parse().unwrap(), nanos: 0 }), true),
            // `chmod MODE PATH`
            "chmod" => fs.chmod(cred, second, mode(first, 0)),
            // `chown UID:GID PATH`, `-` keeps one
            "chown" | "lchown" => {
                let (uid, gid) = first.split_once(':').unwrap();
                let id = |text: &str| (text != "-").then(|| number(text));
                fs.chown(cred, second, id(uid), id(gid), word == "chown")
            }
            "ln" => fs.link(cred, first, second),
            // `symlink TARGET PATH`
            "symlink" => fs.symlink(cred, first, second),
            "mkfifo" => fs.mknod(cred, first, Node::Fifo, 0o644),
            // `mknod PATH MAJOR MINOR`: a character device
            "mknod" => {
                let (major, minor) = second.split_once(' ').unwrap();
                fs.mknod(cred, first, Node::CharDevice { major: number(major), minor: number(minor) }, 0o666)
            }
            "rm" => fs.unlink(cred, first),
            "rmdir" => fs.rmdir(cred, first),
            // `mv OLD NEW`: rename(2)
            "mv" => fs.rename(cred, first, second),
            // `mount PATH [ro]`: a tree that holds the file `given`
            "mount" => {
                let mut tree = Overlay::new(Snapshot::empty());
                tree.write(&Cred::root(), "/given", &Content::from("given"), 0o644)?;
                fs.mount(first, &Tree(tree.commit().0), second == "ro")
            }
            "mount-system" => {
                fs.mount_system(first, &Tree(Snapshot::empty()));
                Ok(())
            }
            "unmount" => fs.unmount(first).map(|_| ()).ok_or(Errno::EINVAL),
            // `access PATH r|w|x`
            "access" => {
                let access = match second {
                    "r" => Access::Read,
                    "w" => Access::Write,
                    _ => Access::Execute,
                };
                fs.access(cred, first, access)
            }
            // `stat PATH MODE UID:GID`
            "stat" => {
                let meta = fs.lstat(cred, first)?.meta;
                assert_eq!(format!("{:04o} {}:{}", meta.mode, meta.uid, meta.gid), second, "stat {first}");
                Ok(())
            }
            // `links PATH NUMBER`
            "links" => {
                assert_eq!(fs.lstat(cred, first)?.nlink, number(second), "links {first}");
                Ok(())
            }
            "cat" => {
                assert_eq!(fs.read(cred, first)?.to_text().unwrap(), second, "cat {first}");
                Ok(())
            }
            "ls" => {
                let names: Vec<_> = fs.read_dir(cred, first)?.iter().map(|entry| entry.name.to_string()).collect();
                assert_eq!(names.join(" "), second, "ls {first}");
                Ok(())
            }
            "missing" => {
                assert_eq!(fs.lstat(cred, first), Err(Errno::ENOENT), "missing {first}");
                Ok(())
            }
            other => panic!("unknown operation {other:?}"),
        }
    }
}

fn number(text: &str) -> u32 {
    text.parse().unwrap()
}

fn mode(text: &str, default: u16) -> u16 {
    if text.is_empty() { default } else { u16::from_str_radix(text, 8).unwrap() }
}

/// Expectation lines against what came out; no lines expect nothing in particular, `nothing` expects none.
fn compare(what: &str, wanted: &[String], mut got: Vec<String>) -> Result<(), String> {
    if got.is_empty() {
        got.push("nothing".to_owned());
    }
    if wanted.is_empty() || wanted == got {
        return Ok(());
    }
    Err(format!("{what}\n  wanted {}\n  got    {}", wanted.join("\n         "), got.join("\n         ")))
}

/// The entries, a line each: `file /a/f 0644 0:0 5`.
pub fn describe(changeset: &Changeset) -> Vec<String> {
    let line = |kind: &str, path: &AbsPath| format!("{kind} {path}");
    let lines = changeset.entries.iter().map(|entry| {
        let path = &entry.path;
        let meta = format!("{:04o} {}:{}", entry.meta.mode, entry.meta.uid, entry.meta.gid);
        match &entry.kind {
            EntryKind::Dir => format!("{} {meta}", line("dir", path)),
            EntryKind::File(content) => format!("{} {meta} {}", line("file", path), content.len()),
            EntryKind::Hardlink(target) => format!("{} {target}", line("hardlink", path)),
            EntryKind::Symlink(target) => {
                format!("{} {}:{} {target}", line("symlink", path), entry.meta.uid, entry.meta.gid)
            }
            EntryKind::Fifo => format!("{} {meta}", line("fifo", path)),
            EntryKind::CharDevice { major, minor } => format!("{} {meta} {major} {minor}", line("char", path)),
            EntryKind::BlockDevice { major, minor } => format!("{} {meta} {major} {minor}", line("block", path)),
            EntryKind::Whiteout => line("whiteout", path),
            EntryKind::Opaque => line("opaque", path),
        }
    });
    lines.collect()
}
