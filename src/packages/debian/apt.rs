//! A run of apt: which packages, what it prints, and its own files (logs, states, caches, lists).

use super::dpkg::{Dpkg, Failed, NOW};
use super::index::Index;
use super::resolve::{self, Plan, Unsolved};
use super::status::{STATES, Status};
use super::{Catalogue, disk};
use crate::shell::commands::{Context, Exit};
use crate::vfs::{Content, Cred, Errno, Overlay};
use std::collections::BTreeSet;
use std::fmt::Write;

/// The user `_apt`, whose number is the same in all images.
const APT_USER: u32 = 42;
const LISTS: &str = "/var/lib/apt/lists";
const ARCHIVES: &str = "/var/cache/apt/archives";
/// The status with which apt fails.
pub const FAILED: Exit = 100;

/// How a run behaves.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The command as it was given, for the log.
    pub command_line: String,
    /// `-y`.
    pub yes: bool,
    /// `-q`: how often.
    pub quiet: usize,
    /// `--no-install-recommends`, or as the configuration says.
    pub recommends: bool,
    /// `--purge`, or the command `purge`.
    pub purge: bool,
    /// `--auto-remove`.
    pub auto_remove: bool,
    /// Recommendations keep packages from being removed automatically.
    pub keep_recommended: bool,
    /// `-s`: only say it.
    pub simulate: bool,
    /// `-d`: only download.
    pub download_only: bool,
    /// Downloaded archives stay (apt removes them, apt-get keeps them unless docker-clean is there).
    pub keep_archives: bool,
}

/// The settings that the image's configuration files and `-o` give, as far as they matter.
pub fn configured(fs: &Overlay, options: &[&str]) -> Settings {
    let names = fs.read_dir(&Cred::root(), "/etc/apt/apt.conf.d").unwrap_or_default();
    let files = names.iter().filter_map(|entry| disk::text(fs, &format!("/etc/apt/apt.conf.d/{}", entry.name)));
    let mut settings = Settings { recommends: true, keep_recommended: true, ..Settings::default() };
    settings.keep_archives = !disk::exists(fs, "/etc/apt/apt.conf.d/docker-clean");
    let mut lines: Vec<String> = files.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
    lines.extend(options.iter().map(|option| option.replacen('=', " ", 1)));
    for line in lines {
        let mut words = line.split([' ', '\t', '"', ';', '=']).filter(|word| !word.is_empty());
        let (Some(name), Some(value)) = (words.next(), words.next()) else { continue };
        let on = !matches!(value.to_lowercase().as_str(), "false" | "0" | "no" | "off" | "without");
        match name.to_lowercase().as_str() {
            "apt::install-recommends" => settings.recommends = on,
            "apt::autoremove::recommendsimportant" => settings.keep_recommended = on,
            "apt::get::assume-yes" => settings.yes = on,
            _ => {}
        }
    }
    settings
}

/// May this process change the system? Else it says why not.
pub fn may(cx: &mut Context<'_>, update: bool) -> bool {
    if cx.process.cred.uid == 0 {
        return true;
    }
    cx.err(if update {
        "E: List directory /var/lib/apt/lists/partial is missing. - Acquire (13: Permission denied)\n"
    } else {
        "E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)\nE: Unable to acquire the \
         dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you root?\n"
    });
    false
}

/// A size as apt words it: 9,999 kB, 12.3 MB.
pub fn human(bytes: u64) -> String {
    let mut size = bytes as f64;
    for unit in ["B", "kB", "MB", "GB"] {
        if size < 100.0 && unit != "B" {
            return format!("{size:.1} {unit}");
        }
        if size < 10_000.0 {
            return format!("{size:.0} {unit}");
        }
        size /= 1000.0;
    }
    format!("{size:.0} TB")
}

/// Fetches the lists.
pub fn update(cx: &mut Context<'_>, catalogue: &Catalogue, quiet: usize) -> Exit {
    if !may(cx, true) {
        return FAILED;
    }
    cx.modelled(format_args!("the lists of Debian's {} of {}", catalogue.release, catalogue.index.date));
    foreign_sources(cx);
    if let Err((path, errno)) = write_lists(&mut cx.system.fs, &catalogue.index) {
        cx.err(format!("E: Could not write {path} - write ({})\n", errno.message(crate::vfs::Libc::Glibc)));
        return FAILED;
    }
    if quiet < 2 {
        let mut text = String::new();
        let mut total = 0;
        for (at, (name, size)) in catalogue.index.lists.iter().enumerate() {
            // Downloads are compressed harder than what is kept of them.
            let size = if name.ends_with("InRelease") { *size } else { size * 47 / 100 };
            total += size;
            let what = name.replace("deb.example_", "http://deb.example/").replace('_', "/");
            let _ = writeln!(text, "Get:{} {what} [{}]", at + 1, human(size));
        }
        let _ = writeln!(text, "Fetched {} in 1s ({}/s)", human(total), human(total));
        cx.out(text);
        cx.out("Reading package lists...\n");
    }
    0
}

fn write_lists(fs: &mut Overlay, index: &Index) -> Result<(), Failed> {
    let fail = |path: &str| {
        let path = path.to_owned();
        move |errno| (path, errno)
    };
    disk::make_dir(fs, LISTS, 0o755, 0).map_err(fail(LISTS))?;
    lists_dirs(fs)?;
    for (name, size) in &index.lists {
        let path = format!("{LISTS}/{name}");
        disk::replace(fs, &path, &Content::unknown(*size), 0o644).map_err(fail(&path))?;
    }
    disk::lock(fs, &format!("{LISTS}/lock")).map_err(fail(LISTS))
}

/// The two folders that every run makes its own.
fn lists_dirs(fs: &mut Overlay) -> Result<(), Failed> {
    own_dir(fs, &format!("{LISTS}/auxfiles"), 0o755)?;
    own_dir(fs, &format!("{LISTS}/partial"), 0o700)
}

fn own_dir(fs: &mut Overlay, path: &str, mode: u16) -> Result<(), Failed> {
    let root = Cred::root();
    let make = |fs: &mut Overlay| -> Result<(), Errno> {
        disk::make_dir(fs, path, mode, APT_USER)?;
        fs.chown(&root, path, Some(APT_USER), Some(0), true)?;
        fs.chmod(&root, path, mode)
    };
    make(fs).map_err(|errno| (path.to_owned(), errno))
}

/// Sources that the user added: their packages are not known.
fn foreign_sources(cx: &mut Context<'_>) {
    let names = cx.system.fs.read_dir(&Cred::root(), "/etc/apt/sources.list.d").unwrap_or_default();
    let own = |name: &str| name == "debian.sources" || name == "ubuntu.sources";
    let foreign: Vec<String> = names.iter().map(|entry| entry.name.to_string()).filter(|name| !own(name)).collect();
    for name in foreign.iter().filter(|name| name.ends_with(".list") || name.ends_with(".sources")) {
        cx.not_simulated(format_args!("the packages of the source {name}"));
    }
}

/// Did `update` run, and are its lists still there?
pub fn has_lists(fs: &Overlay) -> bool {
    let names = fs.read_dir(&Cred::root(), LISTS).unwrap_or_default();
    names.iter().any(|entry| entry.name.contains("_Packages"))
}

/// Says why something cannot be installed.
pub fn complain(cx: &mut Context<'_>, unsolved: &Unsolved) -> Exit {
    cx.err(match unsolved {
        Unsolved::Unknown(name) => format!("E: Unable to locate package {name}\n"),
        Unsolved::Virtual(name, providers) => {
            let list: String = providers.iter().map(|provider| format!("  {provider}\n")).collect();
            format!(
                "Package {name} is a virtual package provided by:\n{list}You should explicitly select one to install.\n\n\
                 E: Package '{name}' has no installation candidate\n"
            )
        }
        Unsolved::Broken(package, dependency) => format!(
            "Some packages could not be installed.\nThe following packages have unmet dependencies:\n {package} : Depends: \
             {dependency} but it is not installable\nE: Unable to correct problems, you have held broken packages.\n"
        ),
    });
    FAILED
}

/// Carries a plan out.
pub async fn carry_out(
    cx: &mut Context<'_>,
    catalogue: &mut Catalogue,
    status: Status,
    plan: &Plan,
    wanted: &[String],
    settings: &Settings,
) -> Exit {
    let extra = |name: &&String| !wanted.contains(*name);
    announce(cx, catalogue, &status, plan, wanted, settings);
    if plan.install.is_empty() && plan.upgrade.is_empty() && plan.remove.is_empty() {
        return match idle(&mut cx.system.fs, &status, wanted) {
            Ok(()) => 0,
            Err(failed) => failure(cx, &failed),
        };
    }
    if settings.simulate {
        return 0;
    }
    let asks = plan.install.iter().chain(&plan.upgrade).chain(&plan.remove).any(|name| extra(&name))
        || !plan.remove.is_empty();
    if asks && !settings.yes && !answers_yes(cx) {
        cx.out("Abort.\n");
        return 1;
    }
    let names: Vec<&str> = plan.install.iter().chain(&plan.upgrade).chain(&plan.remove).map(String::as_str).collect();
    if !catalogue.fetch(cx, &names).await {
        return FAILED;
    }
    cx.modelled(format_args!("packages of Debian's {} of {}", catalogue.release, catalogue.index.date));
    match apply(&mut cx.system.fs, catalogue, status, plan, settings) {
        Ok(output) => {
            if settings.quiet < 2 {
                cx.out(output);
            }
            0
        }
        Err(failed) => failure(cx, &failed),
    }
}

fn failure(cx: &mut Context<'_>, (path, errno): &Failed) -> Exit {
    let text = errno.message(crate::vfs::Libc::Glibc);
    cx.err(format!(
        "dpkg: error: unable to write '{path}': {text}\nE: Sub-process /usr/bin/dpkg returned an error code (1)\n"
    ));
    FAILED
}

/// `Do you want to continue? [Y/n]`: a line of standard input; its end is no.
fn answers_yes(cx: &mut Context<'_>) -> bool {
    cx.out("Do you want to continue? [Y/n] ");
    let answer = cx.stdin().to_text().unwrap_or_default();
    let first = answer.lines().next().map(|line| line.trim().to_lowercase());
    first.is_some_and(|line| line.is_empty() || line.starts_with('y'))
}

fn announce(
    cx: &mut Context<'_>,
    catalogue: &Catalogue,
    status: &Status,
    plan: &Plan,
    wanted: &[String],
    settings: &Settings,
) {
    if settings.quiet > 1 {
        return;
    }
    let mut text =
        String::from("Reading package lists...\nBuilding dependency tree...\nReading state information...\n");
    let mut list = |title: &str, names: &[&String]| {
        if !names.is_empty() {
            let _ = writeln!(text, "{title}");
            for line in names.chunks(8) {
                let _ = writeln!(text, "  {}", line.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(" "));
            }
        }
    };
    let mut install: Vec<&String> = plan.install.iter().collect();
    install.sort();
    let extra: Vec<&String> = install.iter().filter(|name| !wanted.contains(**name)).copied().collect();
    list("The following additional packages will be installed:", &extra);
    list("The following packages will be REMOVED:", &plan.remove.iter().collect::<Vec<_>>());
    list("The following NEW packages will be installed:", &install);
    list("The following packages will be upgraded:", &plan.upgrade.iter().collect::<Vec<_>>());
    for name in wanted.iter().filter(|name| status.is_installed(name) && !plan.remove.contains(name)) {
        let version = status.field(name, "Version").unwrap_or_default();
        let _ = writeln!(text, "{name} is already the newest version ({version}).");
    }
    let _ = writeln!(
        text,
        "{} upgraded, {} newly installed, {} to remove and 0 not upgraded.",
        plan.upgrade.len(),
        plan.install.len(),
        plan.remove.len()
    );
    let brought = || plan.install.iter().chain(&plan.upgrade).filter_map(|name| catalogue.index.get(name));
    let bytes: u64 = brought().map(|package| package.bytes).sum();
    if bytes > 0 {
        let _ = writeln!(text, "Need to get {} of archives.", human(bytes));
    }
    let gone: u64 = plan.remove.iter().chain(&plan.upgrade).map(|name| status.kib(name)).sum();
    let new: u64 = brought().map(|package| package.installed).sum();
    if new >= gone && new > 0 {
        let _ = writeln!(
            text,
            "After this operation, {} of additional disk space will be used.",
            human((new - gone) << 10)
        );
    } else if gone > 0 {
        let _ = writeln!(text, "After this operation, {} disk space will be freed.", human((gone - new) << 10));
    }
    cx.out(text);
}

/// What a run leaves that installs nothing: what was asked for by name counts as wanted from now on.
fn idle(fs: &mut Overlay, status: &Status, wanted: &[String]) -> Result<(), Failed> {
    own_archives(fs)?;
    let mut status = status.clone();
    if wanted.iter().any(|name| status.auto.remove(name)) {
        replace_states(fs, &status)?;
    }
    Ok(())
}

fn replace_states(fs: &mut Overlay, status: &Status) -> Result<(), Failed> {
    disk::replace(fs, STATES, &Content::from(status.states()), 0o644).map_err(|errno| (STATES.to_owned(), errno))
}

/// The folders of downloads, which every run locks and makes its own.
fn own_archives(fs: &mut Overlay) -> Result<(), Failed> {
    disk::make_dir(fs, ARCHIVES, 0o755, 0).map_err(|errno| (ARCHIVES.to_owned(), errno))?;
    own_dir(fs, &format!("{LISTS}/auxfiles"), 0o755)?;
    own_dir(fs, &format!("{ARCHIVES}/partial"), 0o700)?;
    let lock = format!("{ARCHIVES}/lock");
    disk::lock(fs, &lock).map_err(|errno| (lock, errno))
}

fn apply(
    fs: &mut Overlay,
    catalogue: &Catalogue,
    status: Status,
    plan: &Plan,
    settings: &Settings,
) -> Result<String, Failed> {
    own_archives(fs)?;
    let brought = || plan.install.iter().chain(&plan.upgrade).filter_map(|name| catalogue.index.get(name));
    let mut output = String::new();
    for (at, package) in brought().enumerate() {
        let _ = writeln!(
            output,
            "Get:{} http://deb.example/debian {}/main amd64 {} {} {} [{}]",
            at + 1,
            catalogue.release,
            package.name,
            package.arch,
            package.version,
            human(package.bytes)
        );
        if settings.keep_archives || settings.download_only {
            let path = format!("{ARCHIVES}/{}", package.archive());
            disk::replace(fs, &path, &Content::unknown(package.bytes), 0o644).map_err(|errno| (path, errno))?;
        }
    }
    if settings.download_only {
        return Ok(output);
    }
    let history = history(catalogue, &status, plan, settings);
    let known = |name: &str| catalogue.base(name).map(super::shard::Contents::list);
    let mut dpkg = Dpkg::new(fs, status, &known);
    dpkg.begin()?;
    for name in &plan.remove {
        dpkg.remove(name, catalogue.contents(name).or_else(|| catalogue.base(name)), settings.purge)?;
    }
    let both = || brought().filter_map(|package| Some((package, catalogue.contents(&package.name)?)));
    for (package, contents) in both() {
        dpkg.unpack(package, contents)?;
    }
    for (package, contents) in both() {
        dpkg.configure(package, contents)?;
    }
    dpkg.status.auto.extend(plan.auto.iter().cloned());
    let manual: Vec<String> = plan.install.iter().filter(|name| !plan.auto.contains(*name)).cloned().collect();
    for name in manual {
        dpkg.status.auto.remove(&name);
    }
    let (status, said) = dpkg.finish()?;
    output.push_str(&said);
    if !status.auto.is_empty() || disk::exists(fs, STATES) {
        replace_states(fs, &status)?;
    }
    debconf(fs, both().map(|(_, contents)| contents.debconf))?;
    log(fs, &history, &said, plan)?;
    Ok(output)
}

/// dpkg-preconfigure opens debconf's databases before every run of dpkg, and writes them again.
fn debconf(fs: &mut Overlay, added: impl Iterator<Item = (u64, u64)>) -> Result<(), Failed> {
    let (templates, config) = added.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    for (name, mode, more) in
        [("config.dat", 0o644, config), ("passwords.dat", 0o600, 0), ("templates.dat", 0o644, templates)]
    {
        let path = format!("/var/cache/debconf/{name}");
        let size = fs.stat(&Cred::root(), &path).map_or(0, |stat| stat.size);
        disk::make_dir(fs, "/var/cache/debconf", 0o755, 0)
            .and_then(|()| disk::replace(fs, &path, &Content::unknown(size + more), mode))
            .map_err(|errno| (path, errno))?;
        if more > 0 && size > 0 {
            let old = format!("/var/cache/debconf/{name}-old");
            disk::replace(fs, &old, &Content::unknown(size), mode).map_err(|errno| (old, errno))?;
        }
    }
    Ok(())
}

fn history(catalogue: &Catalogue, status: &Status, plan: &Plan, settings: &Settings) -> String {
    let mut text = format!("\nStart-Date: {}\nCommandline: {}\n", NOW.replace(' ', "  "), settings.command_line);
    let mut line = |title: &str, words: Vec<String>| {
        if !words.is_empty() {
            let _ = writeln!(text, "{title}: {}", words.join(", "));
        }
    };
    let install = plan.install.iter().filter_map(|name| catalogue.index.get(name)).map(|package| {
        let auto = if plan.auto.contains(&package.name) { ", automatic" } else { "" };
        format!("{} ({}{auto})", package.with_arch(), package.version)
    });
    line("Install", install.collect());
    let version = |name: &String| status.field(name, "Version").unwrap_or_default().to_owned();
    let upgrade = plan.upgrade.iter().filter_map(|name| catalogue.index.get(name));
    line(
        "Upgrade",
        upgrade.map(|new| format!("{} ({}, {})", new.with_arch(), version(&new.name), new.version)).collect(),
    );
    let gone = plan.remove.iter().map(|name| format!("{name}:amd64 ({})", version(name))).collect();
    line(if settings.purge { "Purge" } else { "Remove" }, gone);
    let _ = writeln!(text, "End-Date: {}", NOW.replace(' ', "  "));
    text
}

/// apt's logs: the history, what dpkg printed, and the external planner's protocol (compressed: only its size is modelled).
fn log(fs: &mut Overlay, history: &str, said: &str, plan: &Plan) -> Result<(), Failed> {
    let path = "/var/log/apt/history.log";
    let fail = |errno| (path.to_owned(), errno);
    disk::make_dir(fs, "/var/log/apt", 0o755, 0).map_err(fail)?;
    disk::append(fs, path, history, 0o644, 0).map_err(fail)?;
    let term = format!("\nLog started: {NOW}\n{said}Log ended: {NOW}\n");
    disk::append(fs, "/var/log/apt/term.log", &term, 0o640, 4).map_err(fail)?;
    let size = 4200 + 55 * (plan.install.len() + plan.upgrade.len() + plan.remove.len()) as u64;
    disk::replace(fs, "/var/log/apt/eipp.log.xz", &Content::unknown(size), 0o644).map_err(fail)
}

/// `clean`: removes the downloads.
///
/// # Errors
/// What could not be removed.
pub fn clean(fs: &mut Overlay) -> Result<(), Failed> {
    let root = Cred::root();
    for folder in [ARCHIVES.to_owned(), format!("{ARCHIVES}/partial"), "/var/cache/apt".to_owned()] {
        for entry in fs.read_dir(&root, &folder).unwrap_or_default() {
            if entry.name.ends_with(".deb") || entry.name.ends_with(".bin") {
                let path = format!("{folder}/{}", entry.name);
                disk::remove(fs, &path).map_err(|errno| (path, errno))?;
            }
        }
    }
    own_archives(fs)?;
    lists_dirs(fs)?;
    let lock = format!("{LISTS}/lock");
    disk::lock(fs, &lock).map_err(|errno| (lock, errno))
}

/// The plan of a removal: what was asked for, what needs it, and with `auto` what nobody needs then.
pub fn removal(status: &Status, names: &[String], auto: bool, keep_recommended: bool) -> Plan {
    let mut gone: BTreeSet<String> = names.iter().filter(|name| status.is_installed(name)).cloned().collect();
    gone = resolve::dependents(status, &gone);
    if auto {
        gone.extend(resolve::unneeded(status, &gone, keep_recommended));
    }
    Plan { remove: gone.into_iter().collect(), ..Plan::default() }
}
