//! The shell cases: scripts in `tests/cases/shell/*.txt`, run in the places for which `*.json` has a record of the real thing.
//!
//! `SHELL_CASE=text` runs only the cases whose file or name has the text.

use layerlab::catalog::Catalog;
use layerlab::shell::commands::COMMANDS;
use layerlab::shell::{Budget, Description, Launch, Process, Stream, System, block_on, exec, identify};
use layerlab::vfs::{Content, Cred, FileKind, Node, Overlay, Snapshot};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;

const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The filesystem of a place.
pub(crate) fn base(place: &str) -> Snapshot {
    match place {
        "alpine" => Catalog::builtin().resolve("alpine:3.20").unwrap().image.snapshot.clone(),
        "busybox" => Catalog::builtin().resolve("busybox").unwrap().image.snapshot.clone(),
        _ => debian(),
    }
}

/// Debian's programs as far as they are simulated, with Debian's links.
pub(crate) fn debian() -> Snapshot {
    let root = Cred::root();
    let mut fs = Overlay::new(Snapshot::empty());
    for directory in ["/usr", "/usr/bin", "/usr/sbin", "/usr/local", "/usr/local/bin", "/etc", "/root", "/tmp"] {
        fs.mkdir(&root, directory, 0o755).unwrap();
    }
    fs.symlink(&root, "usr/bin", "/bin").unwrap();
    fs.symlink(&root, "usr/sbin", "/sbin").unwrap();
    for name in COMMANDS.iter().map(|command| command.name).filter(|name| !["sh", "ash"].contains(name)) {
        fs.write(&root, &format!("/usr/bin/{name}"), &Content::unknown(1), 0o755).unwrap();
    }
    fs.symlink(&root, "dash", "/usr/bin/sh").unwrap();
    fs.write(&root, "/etc/passwd", &Content::from("root:x:0:0:root:/root:/bin/bash\n"), 0o644).unwrap();
    fs.write(&root, "/etc/group", &Content::from("root:x:0:\n"), 0o644).unwrap();
    fs.write(&root, "/etc/debian_version", &Content::from("12.0\n"), 0o644).unwrap();
    fs.commit().0
}

/// What a script left.
pub(crate) struct Left {
    pub stdout: String,
    pub stderr: String,
    pub status: u8,
    pub files: Vec<String>,
    pub notes: Vec<String>,
}

pub(crate) fn run(base: &Snapshot, place: &str, script: &str, budget: Budget) -> Left {
    let root = Cred::root();
    let mut fs = Overlay::new(base.clone());
    let (flavour, libc) = identify(fs.merged());
    fs.mkdir(&root, "/w", 0o755).unwrap();
    let _ = fs.mkdir(&root, "/dev", 0o755);
    for (name, minor) in [("null", 3), ("zero", 5)] {
        let _ = fs.mknod(&root, &format!("/dev/{name}"), Node::CharDevice { major: 1, minor }, 0o666);
    }
    let mut system = System::new(fs, flavour, libc, budget);
    let shell = if place == "bash" { "/bin/bash" } else { "/bin/sh" };
    let env = [("PATH", PATH), ("HOME", "/root"), ("LC_ALL", "C")];
    let process = Process {
        env: env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        cwd: "/w".to_owned(),
        cred: root.clone(),
        umask: 0o022,
        fds: [
            (0, Description::Null.fd()),
            (1, Description::Log(Stream::Stdout).fd()),
            (2, Description::Log(Stream::Stderr).fd()),
        ]
        .into(),
        pid: 1,
    };
    let argv = vec![shell.to_owned(), "-c".to_owned(), script.to_owned()];
    let status = match block_on(exec(&mut system, process, argv)) {
        Launch::Exited(status) => status,
        Launch::NotFound(message) => panic!("{place}: {message}"),
    };
    let text = |wanted: Stream| -> String {
        let parts = system.log.iter().filter(|(stream, _)| *stream == wanted);
        parts.map(|(_, bytes)| String::from_utf8_lossy(bytes)).collect()
    };
    let mut notes: Vec<String> = system.notes.iter().map(|note| note.message.clone()).collect();
    notes.extend(system.stop.map(|stop| format!("{stop:?}")));
    let mut files = Vec::new();
    visit(&system.fs, "/w", "", &mut files, &mut BTreeMap::new());
    Left { stdout: text(Stream::Stdout), stderr: text(Stream::Stderr), status, files, notes }
}

fn visit(fs: &Overlay, directory: &str, prefix: &str, lines: &mut Vec<String>, seen: &mut BTreeMap<u64, String>) {
    let root = Cred::root();
    let Ok(entries) = fs.read_dir(&root, directory) else { return };
    for entry in entries {
        let path = format!("{directory}/{}", entry.name);
        let shown = format!("{prefix}{}", entry.name);
        let stat = fs.lstat(&root, &path).unwrap();
        let meta = format!("{:04o} {}:{} {shown}", stat.meta.mode, stat.meta.uid, stat.meta.gid);
        match stat.kind {
            FileKind::Symlink => lines.push(format!("l {shown} -> {}", fs.readlink(&root, &path).unwrap())),
            FileKind::Dir => {
                lines.push(format!("d {meta}"));
                visit(fs, &path, &format!("{shown}/"), lines, seen);
            }
            _ if seen.contains_key(&stat.ino.number()) => {
                lines.push(format!("h {shown} = {}", seen[&stat.ino.number()]));
            }
            FileKind::File => {
                if stat.nlink > 1 {
                    seen.insert(stat.ino.number(), shown.clone());
                }
                let content = fs.read(&root, &path).unwrap();
                let text = content.to_bytes().ok().filter(|bytes| bytes.len() <= 400);
                let text = text.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
                lines.push(match text {
                    Some(text) => format!("f {meta} {}", Value::from(text)),
                    None if stat.size > 1 << 24 => format!("f {meta} {} large", stat.size),
                    None => {
                        let digest = content.digest().map_or_else(|| "unknown".to_owned(), |digest| digest.to_string());
                        format!("f {meta} {} {}", stat.size, digest.trim_start_matches("sha256:"))
                    }
                });
            }
            _ => lines.push(format!("p {meta}")),
        }
    }
}

/// The difference between what was recorded and what we do; none if there is none.
fn difference(record: &Value, base: &Snapshot, place: &str, script: &str) -> Option<String> {
    let left = run(base, place, script, Budget::default());
    let text = |value: &Value| match value {
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n"),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut out = String::new();
    let ours = [
        ("stdout", left.stdout),
        ("stderr", left.stderr),
        ("status", left.status.to_string()),
        ("files", left.files.join("\n")),
    ];
    for (what, ours) in ours {
        let theirs = text(&record[what]);
        if theirs != ours {
            let _ = write!(out, "  {what} recorded:\n{theirs}\n  {what} ours:\n{ours}\n");
        }
    }
    if !out.is_empty() && !left.notes.is_empty() {
        let _ = writeln!(out, "  notes: {:?}", left.notes);
    }
    (!out.is_empty()).then_some(out)
}

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/shell");

/// The files of cases.
fn case_files() -> Vec<std::path::PathBuf> {
    let paths = std::fs::read_dir(FOLDER).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = paths.filter(|path| path.extension().is_some_and(|extension| extension == "txt")).collect();
    paths.sort();
    paths
}

/// The cases of a file: name, script.
fn parts(text: &str) -> impl Iterator<Item = (&str, &str)> {
    // What stands above the first case says what the file is about.
    let parts = text.split("\n## ").enumerate();
    let parts = parts.filter_map(|(i, part)| if i == 0 { part.strip_prefix("## ") } else { Some(part) });
    parts.filter_map(|part| part.split_once('\n')).map(|(title, script)| (title.trim(), script.trim_end()))
}

/// All scripts of the cases.
pub(crate) fn scripts() -> Vec<String> {
    let texts = case_files().into_iter().map(|path| std::fs::read_to_string(path).unwrap());
    texts.flat_map(|text| parts(&text).map(|(_, script)| script.to_owned()).collect::<Vec<_>>()).collect()
}

#[test]
fn cases() {
    let filter = std::env::var("SHELL_CASE").unwrap_or_default();
    let bases: BTreeMap<&str, Snapshot> =
        ["alpine", "busybox", "dash", "bash"].into_iter().map(|place| (place, base(place))).collect();
    let mut failures = String::new();
    let (mut good, mut bad, mut known) = (0, 0, 0);
    for path in &case_files() {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let recorded = std::fs::read_to_string(path.with_extension("json")).unwrap();
        let records: Value = serde_json::from_str(&recorded).unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        for (title, script) in parts(&text) {
            if !filter.is_empty() && !name.contains(&filter) && !title.contains(&filter) {
                continue;
            }
            let results = records[title].as_array().unwrap_or_else(|| panic!("{name}: {title}: record it"));
            let places = results
                .iter()
                .flat_map(|record| record["on"].as_array().unwrap().iter().map(move |place| (record, place)));
            for (record, place) in places {
                let place = place.as_str().unwrap();
                match (difference(record, &bases[place], place, script), title.contains("(known:")) {
                    (None, false) => good += 1,
                    (Some(_), true) => known += 1,
                    (None, true) => {
                        bad += 1;
                        let _ = writeln!(failures, "{name}: {title} [{place}]: agrees now: take `known` away");
                    }
                    (Some(difference), false) => {
                        bad += 1;
                        let _ = write!(failures, "{name}: {title} [{place}]\n{difference}");
                    }
                }
            }
        }
    }
    eprintln!("shell cases: {good} agree, {known} are known to differ, {bad} differ");
    assert!(failures.is_empty(), "\n{failures}");
}

/// What a script is stopped by, and how many commands it took.
fn stopped(place: &str, script: &str) -> (Option<String>, String) {
    let left = run(&base(place), place, script, Budget::default());
    (left.notes.last().cloned(), left.stderr)
}

/// Without optimization the frames of the parser and of futures are several times as large: a thread with room for them.
#[test]
fn budgets() {
    std::thread::Builder::new().stack_size(16 << 20).spawn(all_budgets).unwrap().join().unwrap();
}

fn all_budgets() {
    let deep = |open: &str, close: &str, n: usize| format!("{}echo x{}", open.repeat(n), close.repeat(n));
    for place in ["alpine", "dash", "bash"] {
        for (script, stop) in [
            ("while :; do :; done".to_owned(), "Commands"),
            ("f() { f; }; f".to_owned(), "Nesting"),
            (":() { :|:& }; :".replace(':', "b"), "Nesting"),
            ("f() { if true; then ( { f; } ); fi; }; f".to_owned(), "Nesting"),
            ("f() { echo $(f); }; f".to_owned(), "Nesting"),
            ("f() { eval f; }; f".to_owned(), "Nesting"),
            ("echo 'sh ./s' >s; sh ./s".to_owned(), "Nesting"),
            ("trap 'sh -c \"$x\"' EXIT; export x='trap \"sh -c \\\"\\$x\\\"\" EXIT'".to_owned(), "Nesting"),
            ("while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; done".to_owned(), "Output"),
            (deep("( ", " )", 1000), "Nesting"),
            (deep("{ ", "; }", 1000), "Nesting"),
            (deep("if :; then ", "; fi", 1000), "Nesting"),
            (deep("$(", ")", 1000), "Nesting"),
            (deep("${x:-", "}", 1000), "Nesting"),
            (deep("case x in x) ", " esac", 1000), "Nesting"),
        ] {
            assert_eq!(
                stopped(place, &script).0.as_deref(),
                Some(stop),
                "{place}: {}",
                &script[..script.len().min(60)]
            );
        }
        for script in [deep("( ", " )", 50), deep("{ ", "; }", 50), deep("if :; then ", "; fi", 50)] {
            assert_eq!(stopped(place, &script), (None, String::new()));
        }
        // Parentheses of arithmetic; bash takes these for some, too.
        for script in [deep("(", ")", 1000), format!("echo $(({}1{}))", "(".repeat(1000), ")".repeat(1000))] {
            assert_eq!(stopped(place, &script).0.as_deref(), Some("Nesting"), "{place}");
        }
    }
}

#[test]
fn a_hundred_thousand_turns() {
    let script = "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; echo $i";
    let left = run(&base("alpine"), "alpine", script, Budget::default());
    assert_eq!((left.stdout.as_str(), left.notes), ("100000\n", vec![]));
}

#[test]
fn the_support_matrix_is_as_the_tables_have_it() {
    let root = env!("CARGO_MANIFEST_DIR");
    let gnu = std::fs::read_to_string(format!("{root}/tests/cases/shell/gnu-options.tsv")).unwrap();
    let written = std::fs::read_to_string(format!("{root}/docs/commands.md")).unwrap();
    let (tools, languages) = (layerlab::packages::TOOLS, layerlab::packages::LANGUAGE_TOOLS);
    let matrix = layerlab::report::commands::matrix(COMMANDS, tools, languages, &gnu);
    assert!(written == matrix, "docs/commands.md is stale: run 'make docs'");
}
