//! What must hold of RUN whatever is written in it: the tree that random commands leave is the one that the real programs
//! leave in a temporary directory, and random scripts end within their budget.

use crate::shell::{Left, debian, run, scripts};
use layerlab::shell::Budget;
use layerlab::vfs::Snapshot;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use std::collections::BTreeMap;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

/// Few names, so that commands meet.
const PATHS: &[&str] = &["a", "a/b", "a/b/c", "d", "d/e", "d/e/f", "g", "h", "l", "a/l", "d/"];

/// The directory of the real programs is one for all threads.
static DIRECTORY: Mutex<()> = Mutex::new(());

fn command() -> impl Strategy<Value = String> {
    let path = || select(PATHS);
    let mode = select(&["755", "644", "700", "600", "4755", "2775", "u+x", "go-r", "a=rX", "+x", "g+s"][..]);
    prop_oneof![
        3 => (select(&["mkdir", "mkdir -p", "mkdir -m 700"][..]), path()).prop_map(|(c, p)| format!("{c} {p}")),
        2 => path().prop_map(|p| format!("touch {p}")),
        3 => (path(), "[a-c]{0,3}").prop_map(|(p, text)| format!("echo {text} > {p}")),
        1 => (path(), "[a-c]{0,3}").prop_map(|(p, text)| format!("echo {text} >> {p}")),
        1 => path().prop_map(|p| format!(": > {p}")),
        1 => (path(), path()).prop_map(|(p, q)| format!("cat {p} > {q}")),
        4 => (select(&["cp", "cp -r", "cp -a", "cp -p", "cp -rT", "cp -l", "cp -rf", "cp -rL", "cp -P"][..]), path(), path())
            .prop_map(|(c, p, q)| format!("{c} {p} {q}")),
        4 => (select(&["mv", "mv -f", "mv -T", "mv -n"][..]), path(), path()).prop_map(|(c, p, q)| format!("{c} {p} {q}")),
        3 => (select(&["rm", "rm -r", "rm -f", "rm -rf", "rm -d", "rmdir", "rmdir -p"][..]), path())
            .prop_map(|(c, p)| format!("{c} {p}")),
        3 => (select(&["ln", "ln -s", "ln -sf", "ln -f", "ln -sfn", "ln -sT"][..]), path(), path())
            .prop_map(|(c, p, q)| format!("{c} {p} {q}")),
        2 => (select(&["chmod", "chmod -R"][..]), mode, path()).prop_map(|(c, m, p)| format!("{c} {m} {p}")),
        1 => (path(), 0..9_u8).prop_map(|(p, size)| format!("truncate -s {size} {p}")),
        1 => (path(), path()).prop_map(|(p, q)| format!("install -m 640 {p} {q}")),
        1 => path().prop_map(|p| format!("install -d -m 750 {p}")),
        1 => path().prop_map(|p| format!("sed -i s/a/b/ {p}")),
        1 => (path(), path()).prop_map(|(p, q)| format!("tar -cf - {p} | tar -xf - -C {q}")),
        1 => (path(), select(&["-type f", "-name b", "-type l", "-empty", "-mindepth 1"][..]))
            .prop_map(|(p, test)| format!("find {p} {test} -delete")),
        1 => path().prop_map(|p| format!("cd {p} && touch here; cd \"$OLDPWD\"")),
        1 => (path(), path()).prop_map(|(p, q)| format!("tee {p} < {q} > /dev/null")),
    ]
}

/// The tree below a directory, without owners: who runs the test need not be root.
fn tree(top: &Path, prefix: &str, lines: &mut Vec<String>, seen: &mut BTreeMap<u64, String>) {
    let mut names: Vec<_> = std::fs::read_dir(top).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    for name in names {
        let (path, shown) = (top.join(&name), format!("{prefix}{}", name.to_str().unwrap()));
        let stat = std::fs::symlink_metadata(&path).unwrap();
        let mode = stat.permissions().mode() & 0o7777;
        if stat.is_symlink() {
            lines.push(format!("l {shown} -> {}", std::fs::read_link(&path).unwrap().display()));
        } else if stat.is_dir() {
            lines.push(format!("d {mode:04o} {shown}"));
            tree(&path, &format!("{shown}/"), lines, seen);
        } else if let Some(first) = seen.get(&stat.ino()) {
            lines.push(format!("h {shown} = {first}"));
        } else {
            if stat.nlink() > 1 {
                seen.insert(stat.ino(), shown.clone());
            }
            let text = String::from_utf8(std::fs::read(&path).unwrap()).unwrap();
            lines.push(format!("f {mode:04o} {shown} {}", serde_json::Value::from(text)));
        }
    }
}

/// What the real shell and programs print and leave.
fn real(script: &str) -> (String, Vec<String>) {
    let _one_at_a_time = DIRECTORY.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let directory = std::env::temp_dir().join(format!("layerlab-shell-properties-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir(&directory).unwrap();
    std::fs::set_permissions(&directory, std::fs::Permissions::from_mode(0o755)).unwrap();
    let output = Command::new("/bin/sh")
        .args(["-c", &format!("umask 022; {script}")])
        .env_clear()
        .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
        .env("LC_ALL", "C")
        .current_dir(&directory)
        .output()
        .unwrap();
    let mut lines = Vec::new();
    tree(&directory, "", &mut lines, &mut BTreeMap::new());
    std::fs::remove_dir_all(&directory).unwrap();
    (String::from_utf8(output.stdout).unwrap(), lines)
}

/// The same of ours; owners are taken out of the lines.
fn ours(base: &Snapshot, script: &str) -> (String, Vec<String>, Vec<String>) {
    let Left { stdout, files, notes, .. } = run(base, "dash", script, Budget::default());
    (stdout, files.into_iter().map(|line| line.replace(" 0:0 ", " ")).collect(), notes)
}

/// Are the programs GNU's, which the records are of?
fn gnu() -> bool {
    let version = Command::new("cp").arg("--version").output();
    version.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("GNU coreutils"))
}

// One seed: a run on other commands than yesterday's must not fail a change that has nothing to do with them. To look
// for more, change the number.
proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 400, failure_persistence: None, rng_seed: RngSeed::Fixed(20), ..ProptestConfig::default() })]

    #[test]
    fn random_commands_leave_the_tree_of_the_real_ones(commands in prop::collection::vec(command(), 1..16)) {
        if !gnu() {
            eprintln!("skipped: the machine has no GNU coreutils to compare with");
            return Ok(());
        }
        let script: String = commands.iter().map(|command| format!("{command}\necho $?\n")).collect();
        let base = debian();
        let (stdout, files) = real(&script);
        let (our_stdout, our_files, notes) = ours(&base, &script);
        prop_assert_eq!(&files, &our_files, "{}\n{:?}", script, notes);
        prop_assert_eq!(stdout, our_stdout, "{}\n{:?}", script, notes);
    }

    #[test]
    fn random_scripts_end_within_their_budget(
        parts in prop::collection::vec((any::<prop::sample::Index>(), 0.0..1.0_f64, 0.0..1.0_f64), 1..5),
        place in select(&["dash", "bash", "alpine"][..]),
    ) {
        let all = scripts();
        let mut script = String::new();
        for (index, from, to) in parts {
            let text = index.get(&all);
            let at = |share: f64| text.char_indices().nth((share * text.chars().count() as f64) as usize).map_or(text.len(), |(i, _)| i);
            let (from, to) = (at(from.min(to)), at(from.max(to)));
            script.push_str(&text[from..to]);
        }
        let budget = Budget { commands: 3000, output: 1 << 16, nesting: 48 };
        // Without optimization frames are large: a thread with room for them.
        let bytes = std::thread::Builder::new().stack_size(32 << 20).spawn(move || {
            let left = run(&crate::shell::base(place), place, &script, budget);
            left.stdout.len() + left.stderr.len()
        });
        prop_assert!(bytes.unwrap().join().unwrap() <= 1 << 16);
    }
}
