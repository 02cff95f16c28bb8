//! A command line without a shell, for the unit tests of commands: words split at blanks, no expansion, no redirection.

use super::{Context, Run, find};
use crate::shell::{Budget, Description, Flavour, Process, System};
use crate::vfs::{Cred, Libc, Overlay, Snapshot};
use std::collections::BTreeMap;

/// A machine and a process in it.
pub(super) struct Machine {
    pub(super) system: System,
    pub(super) process: Process,
}

impl Machine {
    pub(super) fn new(flavour: Flavour) -> Self {
        Self::on(Snapshot::empty(), flavour)
    }

    pub(super) fn on(lower: Snapshot, flavour: Flavour) -> Self {
        let libc = Libc::Glibc;
        let process = Process {
            env: BTreeMap::new(),
            cwd: "/".to_owned(),
            cred: Cred::root(),
            umask: 0o022,
            fds: BTreeMap::new(),
            pid: 1,
        };
        Self { system: System::new(Overlay::new(lower), flavour, libc, Budget::default()), process }
    }

    /// Status and everything printed.
    pub(super) fn run(&mut self, line: &str) -> (u8, String) {
        let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let Some(command) = find(&args[0]) else { return (127, format!("{}: not found", args[0])) };
        for (number, stream) in [(1, crate::shell::Stream::Stdout), (2, crate::shell::Stream::Stderr)] {
            self.process.fds.insert(number, Description::Log(stream).fd());
        }
        self.system.log.clear();
        let Run::Plain(run) = command.run else { return (127, "a launcher".to_owned()) };
        let exit = run(&mut Context { args, system: &mut self.system, process: &mut self.process });
        let text: Vec<u8> = self.system.log.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
        (exit, String::from_utf8_lossy(&text).into_owned())
    }

    /// Runs lines, each expected to say nothing and to end with 0.
    pub(super) fn quiet(&mut self, lines: &[&str]) {
        for line in lines {
            assert_eq!(self.run(line), (0, String::new()), "{line}");
        }
        assert!(self.system.notes.is_empty(), "{:?}", self.system.notes);
    }

    /// Mode, owner and kind of a path.
    pub(super) fn mode(&self, path: &str) -> String {
        match self.system.fs.lstat(&Cred::root(), path) {
            Ok(stat) => format!("{:04o} {}:{} {:?}", stat.meta.mode, stat.meta.uid, stat.meta.gid, stat.kind),
            Err(errno) => errno.to_string(),
        }
    }
}

#[test]
fn trees_are_copied_moved_and_removed() {
    for flavour in [Flavour::Busybox, Flavour::Gnu] {
        let mut machine = Machine::new(flavour);
        machine.quiet(&["mkdir -p -m 750 /a/b/c", "ln -s b /a/link", "chown -R 5:6 /a/b", "chmod g+s /a/b"]);
        assert_eq!(machine.mode("/a/b"), "2755 5:6 Dir");
        machine.quiet(&["cp -r /a /copy", "cp -a /a /archive", "mv /a/b /a/moved", "rm -r /a/link"]);
        assert_eq!(machine.mode("/copy/b/c"), "0750 0:0 Dir");
        assert_eq!(machine.mode("/archive/b"), "2755 5:6 Dir");
        assert_eq!(machine.mode("/archive/link"), "0777 0:0 Symlink");
        assert_eq!(machine.mode("/a/moved"), "2755 5:6 Dir");
        machine.quiet(&["rm -rf /a /copy /archive /none"]);
        assert_eq!(machine.system.fs.merged().walk().count(), 0);
    }
}

#[test]
fn a_lower_directory_is_moved_by_copying() {
    let mut machine = Machine::new(Flavour::Busybox);
    machine.quiet(&["mkdir -p /a/b", "chown 7:8 /a/b"]);
    let (snapshot, _) = machine.system.fs.commit();
    for flavour in [Flavour::Busybox, Flavour::Gnu] {
        let mut machine = Machine::on(snapshot.clone(), flavour);
        machine.quiet(&["mv /a /z"]);
        assert_eq!(
            (machine.mode("/z/b").as_str(), machine.mode("/a").as_str()),
            ("0755 7:8 Dir", "No such file or directory")
        );
    }
}

#[test]
fn messages_of_both_flavours() {
    let cases = [
        (
            "rm /x",
            "rm: can't remove '/x': No such file or directory\n",
            "rm: cannot remove '/x': No such file or directory\n",
        ),
        (
            "mkdir /d",
            "mkdir: can't create directory '/d': File exists\n",
            "mkdir: cannot create directory '/d': File exists\n",
        ),
        ("rm /d", "rm: '/d' is a directory\n", "rm: cannot remove '/d': Is a directory\n"),
        (
            "cp /x /y",
            "cp: can't stat '/x': No such file or directory\n",
            "cp: cannot stat '/x': No such file or directory\n",
        ),
        ("cp /d /y", "cp: omitting directory '/d'\n", "cp: -r not specified; omitting directory '/d'\n"),
        (
            "mv /x /y",
            "mv: can't rename '/x': No such file or directory\n",
            "mv: cannot stat '/x': No such file or directory\n",
        ),
        ("chown root:foo /d", "chown: unknown user/group root:foo\n", "chown: invalid group: 'root:foo'\n"),
        (
            "chmod 755 /x",
            "chmod: /x: No such file or directory\n",
            "chmod: cannot access '/x': No such file or directory\n",
        ),
        ("ln /x /y", "ln: /x: No such file or directory\n", "ln: failed to access '/x': No such file or directory\n"),
        (
            "rmdir /x",
            "rmdir: '/x': No such file or directory\n",
            "rmdir: failed to remove '/x': No such file or directory\n",
        ),
    ];
    for (line, busybox, gnu) in cases {
        for (flavour, expected) in [(Flavour::Busybox, busybox), (Flavour::Gnu, gnu)] {
            let mut machine = Machine::new(flavour);
            machine.quiet(&["mkdir /d /etc"]);
            let passwd = crate::vfs::Content::from("root:x:0:0:root:/root:/bin/sh\n");
            machine.system.fs.write(&Cred::root(), "/etc/passwd", &passwd, 0o644).unwrap();
            assert_eq!(machine.run(line), (1, expected.to_owned()), "{line}");
        }
    }
}
