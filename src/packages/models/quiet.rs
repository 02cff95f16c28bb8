//! Programs that run and leave no file, or one that their options name: servers, checks, tests, signatures, keys.

use super::{Model, base};
use crate::packages::files::join;
use crate::packages::given::Given;
use crate::shell::NoteKind;
use crate::shell::commands::{Context, Running};
use crate::vfs::Content;

/// A program that is taken to change no file.
pub(in crate::packages) fn quiet<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move { cx.changes_nothing() })
}

/// `gpg`: the key ring that `--dearmor` and `-o` leave; verification is taken to succeed.
pub(in crate::packages) fn gpg<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move {
        let args: Vec<String> = cx.args.iter().skip(1).cloned().collect();
        let given = Given::read(
            &args,
            &[
                "-o",
                "--output",
                "--keyring",
                "--keyserver",
                "--recv-keys",
                "--recv-key",
                "--homedir",
                "--import-options",
            ],
        );
        let input = if given.has(&["--dearmor"]) || given.has(&["--import"]) { cx.stdin() } else { Content::empty() };
        let out = given.value("-o").or(given.value("--output")).map(str::to_owned);
        if given.has(&["--dearmor"]) {
            let named = given.words().first().map(|word| (*word).to_owned());
            match (out, named) {
                // Base64 takes four bytes for three.
                (Some(out), _) => super::put(cx, &out, Content::unknown(input.len() * 3 / 4), 0o666),
                (None, Some(file)) => cx.leave(&format!("{file}.gpg"), "download key", 0o666),
                (None, None) => cx.out_content(&Content::unknown(input.len() * 3 / 4)),
            }
            cx.modelled_as("--dearmor: a key of a usual size");
            return 0;
        }
        if given.has(&["--import", "--recv-keys", "--recv-key", "--keyserver"]) {
            let home = cx.env_or("GNUPGHOME", &join(&super::home(cx), ".gnupg"));
            cx.leave(&join(&home, "pubring.kbx"), "download key", 0o600);
            cx.leave(&join(&home, "trustdb.gpg"), "certificate", 0o600);
            cx.modelled_as("a key ring of a usual size");
            return 0;
        }
        if let Some(out) = out {
            cx.leave(&out, "download key", 0o666);
        }
        cx.modelled_as("verification is taken to succeed");
        0
    })
}

/// `openssl`: keys and certificates that its options name, and random text.
pub(in crate::packages) fn openssl<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move {
        let args: Vec<String> = cx.args.iter().skip(1).cloned().collect();
        let given = Given::read(
            &args,
            &[
                "-out",
                "-keyout",
                "-in",
                "-subj",
                "-days",
                "-newkey",
                "-key",
                "-config",
                "-extensions",
                "-inkey",
                "-CA",
                "-CAkey",
                "-extfile",
                "-passout",
                "-passin",
                "-pkeyopt",
                "-algorithm",
            ],
        );
        if given.command == "rand" {
            let length: usize = given.operands.last().and_then(|word| word.parse().ok()).unwrap_or(16).min(4096);
            let digits = if given.has(&["-hex"]) { length * 2 } else { length.div_ceil(3) * 4 };
            cx.out(format!("{}\n", "0".repeat(digits)));
            cx.modelled_as("rand: zeros stand for random digits");
            return 0;
        }
        if let Some(key) = given.value("-keyout").map(str::to_owned) {
            cx.leave(&key, "private key", 0o600);
        }
        if let Some(out) = given.value("-out").map(str::to_owned) {
            let is_key = given.command.starts_with("gen");
            cx.leave(&out, if is_key { "private key" } else { "certificate" }, if is_key { 0o600 } else { 0o666 });
        }
        if given.value("-out").is_none() && given.value("-keyout").is_none() {
            return cx.changes_nothing();
        }
        cx.modelled_as("keys and certificates of usual sizes");
        0
    })
}

/// `unzip`: one file stands for what is in an archive whose bytes are not known.
pub(in crate::packages) fn unzip<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move {
        let args: Vec<String> = cx.args.iter().skip(1).cloned().collect();
        let given = Given::read(&args, &["-d", "-P", "-x"]);
        let Some(archive) = given.words().first().map(|word| (*word).to_owned()) else { return cx.changes_nothing() };
        let path = cx.process.path(&archive);
        let Ok(content) = cx.system.fs.read(&cx.process.cred, &path) else {
            cx.err(format!("unzip:  cannot find or open {archive}, {archive}.zip or {archive}.ZIP.\n"));
            return 9;
        };
        if content.is_held() {
            cx.system.note(NoteKind::NotSimulated, format!("unzip: {archive}"));
            return 0;
        }
        let dir = given.value("-d").unwrap_or(".").to_owned();
        // Programs compress to about a third.
        let file = format!("{}.contents", base(&archive));
        super::put(cx, &join(&dir, &file), Content::unknown(content.len() * 3), 0o666);
        cx.modelled_as(&format!("{file} stands for what is in {archive}, at three times its size"));
        0
    })
}
