//! `apt-get` and `apt`: the commands that Dockerfiles use. Sources that a user adds, pinning and downgrades are not
//! simulated and say so.

use super::debian::apt::{self, FAILED, Settings};
use super::debian::filter::matches;
use super::debian::resolve::{self, Plan, Unsolved};
use super::debian::status::Status;
use super::debian::{Catalogue, disk};
use crate::shell::commands::{Command, Context, Exit, Options, Parsed, Run, Running};
use std::collections::BTreeSet;

pub(super) const APT_GET: Command = Command { name: "apt-get", run: Run::Launcher(run), options: &OPTIONS };
pub(super) const APT: Command = Command { name: "apt", run: Run::Launcher(run), options: &OPTIONS };

/// Long options without a letter: `N` and `I` recommendations, `P` purge, `A` autoremove, `E` those that change nothing
/// here, `T` a release.
const OPTIONS: Options = Options {
    short: "yqsdfmuVhvo:c:t:a:bNIPAEKT:",
    long: &[
        ("yes", 'y'),
        ("assume-yes", 'y'),
        ("force-yes", 'y'),
        ("quiet", 'q'),
        ("simulate", 's'),
        ("just-print", 's'),
        ("dry-run", 's'),
        ("recon", 's'),
        ("no-act", 's'),
        ("download-only", 'd'),
        ("fix-broken", 'f'),
        ("ignore-missing", 'm'),
        ("fix-missing", 'm'),
        ("show-upgraded", 'u'),
        ("verbose-versions", 'V'),
        ("help", 'h'),
        ("version", 'v'),
        ("option", 'o'),
        ("config-file", 'c'),
        ("target-release", 't'),
        ("default-release", 't'),
        ("host-architecture", 'a'),
        ("no-install-recommends", 'N'),
        ("without-recommends", 'N'),
        ("install-recommends", 'I'),
        ("purge", 'P'),
        ("auto-remove", 'A'),
        ("autoremove", 'A'),
        ("keep-downloads", 'K'),
        ("no-install-suggests", 'E'),
        ("install-suggests", 'E'),
        ("allow-unauthenticated", 'E'),
        ("allow-downgrades", 'E'),
        ("allow-remove-essential", 'E'),
        ("allow-change-held-packages", 'E'),
        ("allow-releaseinfo-change", 'E'),
        ("allow-insecure-repositories", 'E'),
        ("reinstall", 'E'),
        ("no-upgrade", 'E'),
        ("only-upgrade", 'E'),
        ("no-show-upgraded", 'E'),
        ("show-progress", 'E'),
        ("no-cache", 'E'),
        ("with-new-pkgs", 'E'),
        ("assume-no", 'E'),
        ("list-cleanup", 'E'),
        ("no-list-cleanup", 'E'),
        ("ignore-hold", 'E'),
        ("trivial-only", 'E'),
    ],
    hidden: "NIPAEKT",
    in_order: false,
};

fn run<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(run_apt(cx))
}

async fn run_apt(cx: &mut Context<'_>) -> Exit {
    let command_line = cx.args.join(" ");
    // `-q=2`, `--quiet=2`, `--yes=true`: levels and truths that getopt does not know.
    for arg in &mut cx.args {
        if let Some((option, value)) = arg.clone().split_once('=')
            && (matches!(option, "-q" | "--quiet")
                || (option.starts_with("--") && matches!(value, "true" | "yes" | "1")))
        {
            *arg = if value == "2" { "-qq".to_owned() } else { option.to_owned() };
        }
    }
    let parsed = match cx.options(&OPTIONS) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let settings = settings(cx, &parsed, command_line);
    let mut words = parsed.operands.iter();
    let Some(command) = words.next().cloned() else {
        cx.out("apt 2.6.1 (amd64)\nUsage: apt-get [options] command\n");
        return 0;
    };
    if parsed.has('h') || parsed.has('v') {
        cx.out("apt 2.6.1 (amd64)\n");
        return 0;
    }
    if cx.name() == "apt" {
        cx.err("\nWARNING: apt does not have a stable CLI interface. Use with caution in scripts.\n\n");
    }
    let names: Vec<String> = words.cloned().collect();
    match command.as_str() {
        "update" => match Catalogue::load(cx).await {
            Some(catalogue) => apt::update(cx, &catalogue, settings.quiet),
            None => 0,
        },
        "install" | "reinstall" => install(cx, &names, settings).await,
        "upgrade" | "dist-upgrade" | "full-upgrade" => upgrade(cx, settings).await,
        "remove" | "purge" | "autoremove" | "auto-remove" | "autopurge" => remove(cx, &command, &names, settings).await,
        "clean" | "autoclean" | "auto-clean" | "distclean" => clean(cx, &command),
        "check" => 0,
        "build-dep" | "source" | "download" | "changelog" | "satisfy" | "edit-sources" | "dselect-upgrade" | "list"
        | "search" | "show" | "moo" => cx.not_simulated(format_args!("the command {command}")),
        _ => {
            cx.err(format!("E: Invalid operation {command}\n"));
            FAILED
        }
    }
}

fn settings(cx: &Context<'_>, parsed: &Parsed, command_line: String) -> Settings {
    let options: Vec<&str> =
        parsed.given.iter().filter(|(letter, _)| *letter == 'o').map(|(_, value)| &**value).collect();
    let configured = apt::configured(&cx.system.fs, &options);
    Settings {
        command_line,
        yes: configured.yes || parsed.has('y') || parsed.given.iter().filter(|(letter, _)| *letter == 'q').count() > 1,
        quiet: parsed.given.iter().filter(|(letter, _)| *letter == 'q').count(),
        recommends: parsed.has('I') || (configured.recommends && !parsed.has('N')),
        purge: parsed.has('P'),
        auto_remove: parsed.has('A'),
        simulate: parsed.has('s'),
        download_only: parsed.has('d'),
        // apt removes what it downloaded, apt-get keeps it.
        keep_archives: configured.keep_archives && cx.name() == "apt-get",
        ..configured
    }
}

/// The database; without one this is no system that apt could change.
fn status(cx: &mut Context<'_>) -> Option<Status> {
    let status = Status::load(&cx.system.fs);
    if status.is_none() {
        cx.not_simulated("the list of what is installed is not held");
    }
    status
}

async fn install(cx: &mut Context<'_>, names: &[String], settings: Settings) -> Exit {
    if !apt::may(cx, false) {
        return FAILED;
    }
    let (Some(mut catalogue), Some(status)) = (Catalogue::load(cx).await, status(cx)) else { return 0 };
    let has_lists = apt::has_lists(&cx.system.fs);
    let mut wanted = Vec::new();
    let mut unwanted = BTreeSet::new();
    let mut exit = 0;
    for name in names {
        if name.contains('/') && (name.starts_with(['.', '/'])) {
            exit = local_archive(cx, name).max(exit);
            continue;
        }
        match choose(cx, &catalogue, &status, name, has_lists).await {
            Ok(Chosen::Install(found)) => wanted.extend(found),
            Ok(Chosen::Remove(found)) => unwanted.extend(found),
            Ok(Chosen::Elsewhere) => {}
            Err(status) => exit = status,
        }
    }
    if exit != 0 {
        return exit;
    }
    let mut plan = match resolve::install(&catalogue.index, &status, &wanted, settings.recommends) {
        Ok(plan) => plan,
        Err(unsolved) => return apt::complain(cx, &unsolved),
    };
    plan.remove.extend(unwanted);
    apt::carry_out(cx, &mut catalogue, status, &plan, &wanted, &settings).await
}

/// What an operand of `install` means.
enum Chosen {
    /// These are installed.
    Install(Vec<String>),
    /// These are removed: `name-`.
    Remove(Vec<String>),
    /// The catalogue lacks it, and said so.
    Elsewhere,
}

async fn choose(
    cx: &mut Context<'_>,
    catalogue: &Catalogue,
    status: &Status,
    word: &str,
    has_lists: bool,
) -> Result<Chosen, Exit> {
    let index = &catalogue.index;
    let (name, version) = word.split_once('=').map_or((word, None), |(name, version)| (name, Some(version)));
    let name = name.split('/').next().unwrap_or(name);
    let is_known = |name: &str| status.is_installed(name) || (has_lists && index.get(name).is_some());
    if !is_known(name)
        && let Some(bare) = name.strip_suffix(['-', '+'])
        && is_known(bare)
    {
        return Ok(if name.ends_with('-') {
            Chosen::Remove(status.is_installed(bare).then(|| bare.to_owned()).into_iter().collect())
        } else {
            Chosen::Install(vec![bare.to_owned()])
        });
    }
    if name.contains(['*', '?', '^', '$']) && has_lists {
        let matching = matching(index.packages().map(|package| &*package.name), name);
        if !matching.is_empty() {
            return Ok(Chosen::Install(matching));
        }
    }
    let found = match resolve::select(index, status, name) {
        Ok(found) if has_lists || status.is_installed(&found) => found,
        Ok(_) => return Err(apt::complain(cx, &Unsolved::Unknown(name.to_owned()))),
        Err(Unsolved::Unknown(name)) if has_lists && in_debian(cx, catalogue, &name).await => {
            cx.not_simulated(format_args!("the package {name}: Debian has it, this catalogue has not"));
            return Ok(Chosen::Elsewhere);
        }
        Err(unsolved) => return Err(apt::complain(cx, &unsolved)),
    };
    match (version, index.get(&found).map(|package| &package.version)) {
        (Some(version), Some(known)) if !version_matches(version, known) => {
            cx.err(format!("E: Version '{version}' for '{found}' was not found\n"));
            Err(FAILED)
        }
        _ => Ok(Chosen::Install(vec![found])),
    }
}

/// Does a version that may end in `*` match?
fn version_matches(wanted: &str, version: &str) -> bool {
    wanted.strip_suffix('*').map_or(wanted == version, |start| version.starts_with(start))
}

/// The names that a pattern of apt's matches: `*` and `?` as in file names; a regular expression by its fixed start.
fn matching<'a>(names: impl Iterator<Item = &'a str>, pattern: &str) -> Vec<String> {
    let glob = pattern.trim_start_matches('^').trim_end_matches('$');
    names.filter(|name| matches(glob, name)).map(str::to_owned).collect()
}

/// Is it a package of Debian's, though this catalogue lacks it?
async fn in_debian(cx: &mut Context<'_>, catalogue: &Catalogue, name: &str) -> bool {
    let data = cx.system.data.clone();
    let names = data.get(&format!("debian/{}/names", catalogue.release)).await;
    names.is_ok_and(|names| names.lines().any(|line| line == name))
}

/// An archive in the image: its content is not read.
fn local_archive(cx: &mut Context<'_>, path: &str) -> Exit {
    let absolute = cx.process.path(path);
    if disk::exists(&cx.system.fs, &absolute) {
        cx.not_simulated(format_args!("installing the archive {path}"))
    } else {
        cx.err(format!("E: Unsupported file {path} given on commandline\n"));
        FAILED
    }
}

async fn upgrade(cx: &mut Context<'_>, settings: Settings) -> Exit {
    if !apt::may(cx, false) {
        return FAILED;
    }
    let (Some(mut catalogue), Some(status)) = (Catalogue::load(cx).await, status(cx)) else { return 0 };
    let mut plan = Plan::default();
    if apt::has_lists(&cx.system.fs) {
        let newer = |name: &&String| {
            let package = catalogue.index.get(name);
            package.is_some_and(|package| status.field(name, "Version") != Some(&package.version))
        };
        plan.upgrade = status.installed().filter(newer).cloned().collect();
    }
    let wanted = plan.upgrade.clone();
    apt::carry_out(cx, &mut catalogue, status, &plan, &wanted, &settings).await
}

async fn remove(cx: &mut Context<'_>, command: &str, names: &[String], mut settings: Settings) -> Exit {
    if !apt::may(cx, false) {
        return FAILED;
    }
    let (Some(mut catalogue), Some(status)) = (Catalogue::load(cx).await, status(cx)) else { return 0 };
    settings.purge |= matches!(command, "purge" | "autopurge");
    let auto = settings.auto_remove || command.starts_with("auto");
    let mut wanted = Vec::new();
    for name in names {
        let name = name.trim_end_matches('-');
        if name.contains(['*', '?', '^', '$']) {
            let known: Vec<&str> = status.installed().map(String::as_str).collect();
            wanted.extend(matching(known.into_iter(), name));
        } else if status.is_installed(name) {
            wanted.push(name.to_owned());
        } else if catalogue.index.get(name).is_some() || in_debian(cx, &catalogue, name).await {
            cx.out(format!("Package '{name}' is not installed, so not removed\n"));
        } else {
            return apt::complain(cx, &Unsolved::Unknown(name.to_owned()));
        }
    }
    let plan = apt::removal(&status, &wanted, auto, settings.keep_recommended);
    apt::carry_out(cx, &mut catalogue, status, &plan, &wanted, &settings).await
}

fn clean(cx: &mut Context<'_>, command: &str) -> Exit {
    if !apt::may(cx, false) {
        return FAILED;
    }
    if command.starts_with("auto") {
        return 0;
    }
    match apt::clean(&mut cx.system.fs) {
        Ok(()) => 0,
        Err((path, _)) => {
            cx.err(format!("E: Unable to remove {path}\n"));
            FAILED
        }
    }
}
