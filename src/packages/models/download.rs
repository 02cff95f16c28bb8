//! `curl`, `wget` and `git`: nothing is fetched. What would come has a usual size, by the kind of thing that the URL names; its
//! bytes are not known, and what reads them says so.

use super::sizes::size;
use super::{Model, base, home, put};
use crate::packages::files::{Files, join};
use crate::packages::given::Given;
use crate::shell::NoteKind;
use crate::shell::commands::{Context, Exit, Running};
use crate::vfs::Content;

/// Of which kind a download is, by how its URL ends or what it has in it.
const KINDS: &[(&[&str], &str)] = &[
    (&[".tar.gz", ".tgz", ".tar.xz", ".tar.bz2", ".tar.zst", ".txz", ".zip", ".tar", ".gz", ".xz"], "download archive"),
    (&[".deb", ".rpm", ".apk", ".jar", ".war", ".whl"], "download package"),
    (&[".gpg", ".asc", ".key", ".pub", ".pem", ".crt", ".sig", "gpgkey", "gpg-key"], "download key"),
    (&[".sh", ".py", ".php", ".js", "/install", "setup", "get-pip"], "download script"),
    (&["linux-amd64", "linux_amd64", "x86_64", "linux-x64", "amd64"], "download binary"),
];

fn kind(url: &str) -> &'static str {
    let path = url.split(['?', '#']).next().unwrap_or(url).to_lowercase();
    KINDS
        .iter()
        .find(|(marks, _)| {
            marks.iter().any(|mark| path.ends_with(mark) || (!mark.starts_with('.') && path.contains(mark)))
        })
        .map_or("download", |(_, kind)| kind)
}

fn content(url: &str) -> Content {
    Content::unknown(size(kind(url)))
}

fn note(cx: &mut Context<'_>, urls: &[String]) {
    let name = cx.name().to_owned();
    let shown: Vec<String> = urls
        .iter()
        .take(2)
        .map(|url| {
            format!("{} as {} of {} bytes", base(url).split('?').next().unwrap_or(url), kind(url), size(kind(url)))
        })
        .collect();
    cx.system.note(NoteKind::Modelled, format!("{name}: {}", shown.join(", ")));
}

/// Options of curl that take a value.
const CURL_VALUES: &str = "AbcCdDeEFhHKmoPQrtTuUwxXyYz";
const CURL_LONG: &[&str] = &[
    "--output",
    "--header",
    "--data",
    "--data-raw",
    "--data-binary",
    "--request",
    "--user",
    "--user-agent",
    "--retry",
    "--retry-delay",
    "--retry-max-time",
    "--max-time",
    "--connect-timeout",
    "--proto",
    "--proto-default",
    "--cacert",
    "--capath",
    "--cert",
    "--key",
    "--proxy",
    "--referer",
    "--range",
    "--write-out",
    "--output-dir",
    "--url",
    "--cookie",
    "--cookie-jar",
    "--form",
    "--resolve",
    "--limit-rate",
    "--max-redirs",
    "--tls-max",
    "--ciphers",
    "--netrc-file",
    "--oauth2-bearer",
    "--max-filesize",
];

pub(in crate::packages) fn curl<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move { run_curl(cx) })
}

fn run_curl(cx: &mut Context<'_>) -> Exit {
    let args: Vec<String> = cx.args.iter().skip(1).cloned().collect();
    let (mut urls, mut outputs, mut remote, mut dir, mut silent_body) =
        (Vec::new(), Vec::new(), false, String::new(), false);
    let mut words = args.iter();
    while let Some(word) = words.next() {
        if let Some(long) = word.strip_prefix("--") {
            let (name, value) =
                long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value.to_owned())));
            let full = format!("--{name}");
            if CURL_LONG.contains(&full.as_str()) {
                let value = value.or_else(|| words.next().cloned()).unwrap_or_default();
                match name {
                    "output" => outputs.push(value),
                    "output-dir" => dir = value,
                    "url" => urls.push(value),
                    _ => {}
                }
            } else {
                match name {
                    "remote-name" | "remote-name-all" => remote = true,
                    "head" | "version" | "help" => silent_body = true,
                    _ => {}
                }
            }
        } else if word.starts_with('-') && word.len() > 1 {
            for (i, letter) in word[1..].char_indices() {
                if CURL_VALUES.contains(letter) && letter != 'h' {
                    let rest = &word[1 + i + letter.len_utf8()..];
                    let value =
                        if rest.is_empty() { words.next().cloned().unwrap_or_default() } else { rest.to_owned() };
                    if letter == 'o' {
                        outputs.push(value);
                    }
                    break;
                }
                match letter {
                    'O' => remote = true,
                    'I' | 'V' | 'h' => silent_body = true,
                    _ => {}
                }
            }
        } else {
            urls.push(word.clone());
        }
    }
    if silent_body {
        return cx.changes_nothing();
    }
    if urls.is_empty() {
        cx.err("curl: no URL specified!\ncurl: try 'curl --help' or 'curl --manual' for more information\n");
        return 2;
    }
    let mut outputs = outputs.into_iter();
    for url in &urls {
        match outputs.next() {
            Some(path) if path == "/dev/null" => {}
            Some(path) if path == "-" => cx.out_content(&content(url)),
            Some(path) => {
                let path = join(&dir, &path);
                let path = path
                    .trim_start_matches(if dir.is_empty() && !path.starts_with("//") { "" } else { "//" })
                    .to_owned();
                write(cx, &path, url);
            }
            None if remote => {
                let name = base(url.split(['?', '#']).next().unwrap_or(url)).to_owned();
                let path = if dir.is_empty() { name } else { join(&dir, &name) };
                write(cx, &path, url);
            }
            None => cx.out_content(&content(url)),
        }
    }
    note(cx, &urls);
    0
}

fn write(cx: &mut Context<'_>, path: &str, url: &str) {
    let content = content(url);
    put(cx, path, content, 0o666);
}

/// Options of wget that take a value.
const WGET_VALUES: &[&str] = &["-O", "-P", "-o", "-a", "-t", "-T", "-U", "-e", "-w", "-Q", "-i"];
const WGET_LONG: &[&str] = &[
    "--output-document",
    "--directory-prefix",
    "--output-file",
    "--tries",
    "--timeout",
    "--user-agent",
    "--header",
    "--post-data",
    "--user",
    "--password",
    "--waitretry",
    "--read-timeout",
    "--progress",
    "--ca-certificate",
    "--input-file",
];

pub(in crate::packages) fn wget<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move { run_wget(cx) })
}

fn run_wget(cx: &mut Context<'_>) -> Exit {
    let args: Vec<String> = cx.args.iter().skip(1).cloned().collect();
    let (mut urls, mut output, mut dir) = (Vec::new(), None, None);
    let mut words = args.iter();
    while let Some(word) = words.next() {
        let (name, attached) = match word.split_once('=') {
            Some((name, value)) if word.starts_with("--") => (name.to_owned(), Some(value.to_owned())),
            _ => (word.clone(), None),
        };
        let takes = WGET_LONG.contains(&name.as_str());
        // `-qO-`, `-qO file`, `-P/tmp`: letters together, the last one with the value.
        let short = (!word.starts_with("--") && word.starts_with('-') && word.len() > 1).then(|| {
            WGET_VALUES.iter().find_map(|option| {
                let letter = &option[1..];
                let at = word[1..].find(letter)?;
                Some(((*option).to_owned(), word[1 + at + 1..].to_owned()))
            })
        });
        match short {
            Some(Some((option, rest))) => {
                let value = if rest.is_empty() { words.next().cloned().unwrap_or_default() } else { rest };
                match option.as_str() {
                    "-O" => output = Some(value),
                    "-P" => dir = Some(value),
                    _ => {}
                }
            }
            Some(None) => {}
            None if takes => {
                let value = attached.or_else(|| words.next().cloned()).unwrap_or_default();
                match name.as_str() {
                    "--output-document" => output = Some(value),
                    "--directory-prefix" => dir = Some(value),
                    _ => {}
                }
            }
            None if word.starts_with("--") => {}
            None => urls.push(word.clone()),
        }
    }
    if urls.is_empty() {
        cx.err("wget: missing URL\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n");
        return 1;
    }
    for url in &urls {
        match output.as_deref() {
            Some("-") => cx.out_content(&content(url)),
            Some("/dev/null") => {}
            Some(path) => {
                let path = path.to_owned();
                write(cx, &path, url);
            }
            None => {
                let name = base(url);
                let name = if name.is_empty() || url.matches('/').count() < 3 { "index.html" } else { name }.to_owned();
                let path = dir.as_deref().map_or(name.clone(), |dir| join(dir, &name));
                write(cx, &path, url);
            }
        }
    }
    note(cx, &urls);
    0
}

pub(in crate::packages) fn git<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move { run_git(cx) })
}

fn run_git(cx: &mut Context<'_>) -> Exit {
    let mut args: Vec<String> = cx.args.iter().skip(1).cloned().collect();
    let mut folder = ".".to_owned();
    // Options before the command.
    while args.first().is_some_and(|arg| arg == "-C" || arg == "-c") {
        let option = args.remove(0);
        let value = if args.is_empty() { String::new() } else { args.remove(0) };
        if option == "-C" {
            folder = value;
        }
    }
    let given = Given::read(
        &args,
        &[
            "-b",
            "--branch",
            "--depth",
            "-j",
            "--jobs",
            "-o",
            "--origin",
            "--reference",
            "--filter",
            "-m",
            "--separate-git-dir",
            "--config",
            "-c",
        ],
    );
    match given.command.as_str() {
        "clone" => {
            let Some(url) = given.operands.first().cloned() else {
                cx.err("fatal: You must specify a repository to clone.\n");
                return 128;
            };
            let own = base(&url).trim_end_matches(".git").to_owned();
            let to = given.operands.get(1).cloned().unwrap_or(own);
            if cx.is_dir(&to) && !cx.names(&to).is_empty() {
                cx.err(format!("fatal: destination path '{to}' already exists and is not an empty directory.\n"));
                return 128;
            }
            cx.err(format!("Cloning into '{to}'...\n"));
            let shallow = given.value("--depth").is_some();
            let history = if shallow { "repository history, one commit" } else { "repository history" };
            repository(cx, &to);
            cx.leave_remainder(&join(&to, ".git/objects/pack"), history);
            cx.leave_remainder(&to, "repository");
            cx.modelled_as(&format!("clone {}: files and history of usual sizes", base(&url)));
        }
        "init" => {
            let to = given.operands.first().cloned().unwrap_or(folder);
            repository(cx, &to);
            cx.modelled_as("init: the files of an empty repository");
        }
        "config" if given.has(&["--global", "--system"]) => {
            let path =
                if given.has(&["--system"]) { "/etc/gitconfig".to_owned() } else { join(&home(cx), ".gitconfig") };
            if let [key, value, ..] = &given.operands[..] {
                let (section, name) = key.rsplit_once('.').unwrap_or(("core", key));
                let head = section
                    .split_once('.')
                    .map_or_else(|| format!("[{section}]"), |(section, sub)| format!("[{section} \"{sub}\"]"));
                let text = format!("{}{head}\n\t{name} = {value}\n", cx.text(&path).unwrap_or_default());
                cx.leave_text(&path, &text);
            }
        }
        "--version" | "version" | "" => {
            cx.out("git version 2.39.5\n");
        }
        "submodule" | "checkout" | "pull" | "fetch" | "lfs" | "reset" | "apply" | "am" | "merge" | "switch" => {
            cx.modelled_as(&format!("{}: the modelled files stand for those of any commit", given.command));
        }
        _ => return cx.changes_nothing(),
    }
    0
}

fn repository(cx: &mut Context<'_>, folder: &str) {
    let dir = join(folder, ".git");
    cx.leave_text(&join(&dir, "HEAD"), "ref: refs/heads/main\n");
    cx.leave_text(
        &join(&dir, "config"),
        "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n",
    );
    cx.leave_text(
        &join(&dir, "description"),
        "Unnamed repository; edit this file 'description' to name the repository.\n",
    );
}
