//! A shard: some packages with all that dpkg puts on disk for them.
//!
//! ```text
//! layerlab-shard 1
//! P<TAB>NAME                                   a package; what follows is its own
//! S<TAB>TEXT                                   its paragraph of /var/lib/dpkg/status, once it is installed
//! I<TAB>ENDING<TAB>SIZE[<TAB>MODE]             a file below /var/lib/dpkg/info, but for `list`
//! C<TAB>PATH                                   a configuration file
//! A<TAB>NAME<TAB>LINK<TAB>PATH<TAB>PRIORITY[<TAB>SLAVE NAME<TAB>LINK<TAB>PATH]…     an alternative that it registers
//! U<TAB>LINE / G<TAB>LINE                      a user or group that it makes: a line of /etc/passwd, /etc/group
//! D<TAB>TEMPLATES<TAB>CONFIG                   bytes that it adds to debconf's two databases
//! T<TAB>NAME                                   a trigger that it activates
//! F                                            its files follow
//! X[<TAB>PACKAGE]                              files that its configuration makes follow, if PACKAGE is installed
//! /PATH[<TAB>MODE[<TAB>OWNER]]                 a directory
//! NAME<TAB>SIZE[<TAB>MODE[<TAB>OWNER]]         a file in it
//! NAME<TAB>>TARGET                             a symbolic link in it
//! NAME<TAB>=PATH                               a hard link in it
//! ```
//!
//! MODE is octal, 755 for directories and 644 for files where it is missing; OWNER is `user:group`. A directory that starts
//! with `//` instead of `/` only says where the following names are: it is no entry of the package. In texts, names and
//! targets a backslash, a tab and a line end are `\\`, `\t` and `\n`. Made by `scripts/catalogue/debian.py`.

use std::collections::BTreeMap;

const HEAD: &str = "layerlab-shard 1";

/// A shard, by the names of its packages.
pub struct Shard {
    packages: BTreeMap<String, Contents>,
}

/// What a package puts on disk.
#[derive(Debug, Default)]
pub struct Contents {
    /// Its paragraph of the status file.
    pub status: String,
    /// Files below /var/lib/dpkg/info: ending, size in bytes, mode.
    pub info: Vec<(String, u64, u16)>,
    /// Configuration files: they stay when it is removed and not purged.
    pub conffiles: Vec<String>,
    /// What it registers with update-alternatives.
    pub alternatives: Vec<Alternative>,
    /// Lines of /etc/passwd.
    pub users: Vec<String>,
    /// Lines of /etc/group.
    pub groups: Vec<String>,
    /// Bytes that it adds to debconf's templates.dat and config.dat.
    pub debconf: (u64, u64),
    /// Triggers that it activates.
    pub triggers: Vec<String>,
    /// Its files, directories first.
    pub files: Vec<File>,
    /// What its configuration makes besides; some only if another package is installed.
    pub extras: Vec<(Option<String>, File)>,
}

/// An alternative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    /// The name of the group: `editor`.
    pub name: String,
    /// The link: `/usr/bin/editor`.
    pub link: String,
    /// Where it leads: `/usr/bin/vim.basic`.
    pub path: String,
    /// The highest wins.
    pub priority: i64,
    /// Name, link and path of each slave.
    pub slaves: Vec<(String, String, String)>,
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its absolute path.
    pub path: String,
    /// What it is.
    pub kind: Kind,
    /// Its mode.
    pub mode: u16,
    /// `user:group`; root's where it is missing.
    pub owner: Option<String>,
}

/// What an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A directory.
    Dir,
    /// A file of this many bytes.
    File(u64),
    /// A symbolic link to this.
    Symlink(String),
    /// A hard link to this path.
    Hardlink(String),
}

impl Shard {
    /// Reads a shard.
    ///
    /// # Errors
    /// The line that is not as described, from 1.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut reader =
            Reader { packages: BTreeMap::new(), name: String::new(), section: Section::None, dir: String::new() };
        for (at, line) in text.lines().enumerate() {
            let read = if at == 0 { (line == HEAD).then_some(()) } else { reader.line(line) };
            read.ok_or_else(|| format!("line {}: {line:?}", at + 1))?;
        }
        Ok(Self { packages: reader.packages })
    }

    /// What a package puts on disk.
    pub fn get(&self, name: &str) -> Option<&Contents> {
        self.packages.get(name)
    }
}

impl Contents {
    /// The text of its `list` below /var/lib/dpkg/info.
    pub fn list(&self) -> String {
        let mut text = String::from("/.\n");
        for file in &self.files {
            text.push_str(&file.path);
            text.push('\n');
        }
        text
    }
}

/// Which entries follow.
#[derive(Default)]
enum Section {
    #[default]
    None,
    Files,
    Extras(Option<String>),
}

struct Reader {
    packages: BTreeMap<String, Contents>,
    name: String,
    /// Which entries follow.
    section: Section,
    dir: String,
}

impl Reader {
    fn line(&mut self, line: &str) -> Option<()> {
        let mut fields = line.split('\t');
        let first = fields.next()?;
        let rest: Vec<&str> = fields.collect();
        if first == "P" && rest.len() == 1 {
            rest[0].clone_into(&mut self.name);
            self.section = Section::None;
            self.packages.insert(self.name.clone(), Contents::default());
            return Some(());
        }
        let package = self.packages.get_mut(&self.name)?;
        match (first, &rest[..], &self.section) {
            ("F", [], _) => self.section = Section::Files,
            ("X", [], _) => self.section = Section::Extras(None),
            ("X", [needed], Section::Extras(_) | Section::Files)
                if needed.starts_with(|c: char| c.is_ascii_alphabetic()) =>
            {
                self.section = Section::Extras(Some((*needed).to_owned()));
            }
            (_, _, Section::Files) => package.files.extend(entry(first, &rest, &mut self.dir)?),
            (_, _, Section::Extras(needed)) => {
                package.extras.extend(entry(first, &rest, &mut self.dir)?.map(|file| (needed.clone(), file)));
            }
            ("S", [text], _) => package.status = unescape(text),
            ("I", [ending, size], _) => package.info.push(((*ending).to_owned(), size.parse().ok()?, 0o644)),
            ("I", [ending, size, mode], _) => {
                let mode = u16::from_str_radix(mode, 8).ok()?;
                package.info.push(((*ending).to_owned(), size.parse().ok()?, mode));
            }
            ("C", [path], _) => package.conffiles.push(unescape(path)),
            ("U", [line], _) => package.users.push((*line).to_owned()),
            ("G", [line], _) => package.groups.push((*line).to_owned()),
            ("T", [name], _) => package.triggers.push((*name).to_owned()),
            ("D", [templates, config], _) => package.debconf = (templates.parse().ok()?, config.parse().ok()?),
            ("A", [name, link, path, priority, slaves @ ..], _) if slaves.len() % 3 == 0 => {
                let slave = |slave: &[&str]| (slave[0].to_owned(), slave[1].to_owned(), slave[2].to_owned());
                package.alternatives.push(Alternative {
                    name: (*name).to_owned(),
                    link: (*link).to_owned(),
                    path: (*path).to_owned(),
                    priority: priority.parse().ok()?,
                    slaves: slaves.chunks(3).map(slave).collect(),
                });
            }
            _ => return None,
        }
        Some(())
    }
}

/// An entry of a list; none for a line that only says where the next ones are.
fn entry(first: &str, rest: &[&str], dir: &mut String) -> Option<Option<File>> {
    let owner = |at: usize| rest.get(at).filter(|owner| !owner.is_empty()).map(|owner| (*owner).to_owned());
    let mode = |at: usize, default: u16| match rest.get(at) {
        None | Some(&"") => Some(default),
        Some(mode) => u16::from_str_radix(mode, 8).ok(),
    };
    if let Some(path) = first.strip_prefix("//") {
        *dir = format!("/{}", unescape(path));
        return Some(None);
    }
    if first.starts_with('/') {
        *dir = unescape(first);
        return Some(Some(File { path: dir.clone(), kind: Kind::Dir, mode: mode(0, 0o755)?, owner: owner(1) }));
    }
    let path = format!("{}/{}", if dir == "/" { "" } else { dir }, unescape(first));
    let what = rest.first()?;
    let (kind, mode) = match what.as_bytes().first()? {
        b'>' => (Kind::Symlink(unescape(&what[1..])), 0o777),
        b'=' => (Kind::Hardlink(unescape(&what[1..])), 0o644),
        _ => (Kind::File(what.parse().ok()?), mode(1, 0o644)?),
    };
    Some(Some(File { path, kind, mode, owner: owner(2) }))
}

fn unescape(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        out.push(match (c, if c == '\\' { chars.next() } else { None }) {
            ('\\', Some('n')) => '\n',
            ('\\', Some('t')) => '\t',
            ('\\', Some(other)) => other,
            (c, _) => c,
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_reads_as_it_is_described() {
        let text = "layerlab-shard 1\nP\ta\nS\tPackage: a\\nVersion: 1\\n\nI\tpostinst\t12\t755\nC\t/etc/a.conf\n\
                    A\teditor\t/usr/bin/editor\t/usr/bin/a\t30\teditor.1.gz\t/usr/share/man/man1/editor.1.gz\t/m\n\
                    F\n/usr\n/usr/bin\na\t5\t4755\troot:mail\nb\t>a\nc\t=/usr/bin/a\n/etc\na.conf\t1\nX\n//var/lib\nx\t2\n";
        let shard = Shard::read(text).unwrap();
        let a = shard.get("a").unwrap();
        assert_eq!(a.status, "Package: a\nVersion: 1\n");
        assert_eq!(a.list(), "/.\n/usr\n/usr/bin\n/usr/bin/a\n/usr/bin/b\n/usr/bin/c\n/etc\n/etc/a.conf\n");
        let bin = &a.files[2];
        assert_eq!((bin.mode, bin.owner.as_deref(), &bin.kind), (0o4755, Some("root:mail"), &Kind::File(5)));
        assert_eq!(a.files[3].kind, Kind::Symlink("a".to_owned()));
        assert_eq!(
            a.extras,
            [(None, File { path: "/var/lib/x".to_owned(), kind: Kind::File(2), mode: 0o644, owner: None })]
        );
        assert_eq!(a.alternatives[0].slaves.len(), 1);
        assert!(Shard::read("layerlab-shard 1\nF\n").is_err_and(|error| error.starts_with("line 2")));
    }
}
