//! `pip`: packages from the catalogue's picture of PyPI, with the files of their wheels, as pip writes them.
//!
//! It lacks packages without a wheel, and what the catalogue lacks: those are noted as not simulated and left out. A version
//! that the catalogue lacks has the files of the nearest one, which is noted too.

use super::data::{Index, Wheel, known_versions};
use super::home::{Home, Installed};
use super::install::Installer;
use super::local;
use super::options::Given;
use super::requirement::{self, Line, Named, Requirement};
use super::resolve::{Chosen, resolve};
use super::version::Version;
use crate::digest::Digest;
use crate::packages::files::{Files, join};
use crate::shell::NoteKind;
use crate::shell::commands::{Context, Exit, Running};
use crate::vfs::{Access, Content};
use std::collections::BTreeMap;
use std::rc::Rc;

/// How deep requirements files may name one another.
const MAX_FILES: usize = 32;

pub(in crate::packages) fn run<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move {
        let program = cx.args.first().cloned().unwrap_or_default();
        let args = cx.args.iter().skip(1).cloned().collect();
        pip(cx, &program, args).await
    })
}

/// Runs pip of the installation that `program` belongs to.
pub(super) async fn pip(cx: &mut Context<'_>, program: &str, args: Vec<String>) -> Exit {
    let home = Home::of(cx, program);
    let given = Given::read(&args);
    if let Some(option) = given.unknown.first() {
        cx.system.note(NoteKind::NotSimulated, format!("pip: option {option}"));
        return 0;
    }
    if given.has("--version") || given.command.is_empty() || given.has("--help") || given.command == "help" {
        cx.out(format!("pip {} from {}/pip (python 3.{})\n", home.pip, home.site, home.minor));
        return 0;
    }
    match given.command.as_str() {
        "install" => install(cx, home, &given).await,
        "uninstall" => uninstall(cx, &home, &given).await,
        "wheel" | "download" => download(cx, &home, &given).await,
        "list" | "freeze" => {
            let mut rows: Vec<String> =
                home.installed(cx).iter().map(|one| format!("{}=={}\n", one.name, one.version)).collect();
            rows.sort();
            cx.out(rows.concat());
            0
        }
        "check" => {
            cx.out("No broken requirements found.\n");
            0
        }
        "cache" if given.operands.first().is_some_and(|what| what == "purge") => {
            let cache = cache_dir(cx);
            cx.remove_all(&join(&cache, "http-v2"));
            cx.remove_all(&join(&cache, "http"));
            cx.remove_all(&join(&cache, "wheels"));
            0
        }
        "config" if given.operands.first().is_some_and(|what| what == "set") => {
            let dir = format!("{}/.config/pip", home_dir(cx));
            let (key, value) = (
                given.operands.get(1).cloned().unwrap_or_default(),
                given.operands.get(2).cloned().unwrap_or_default(),
            );
            let (section, key) = key.split_once('.').map_or(("global", key.as_str()), |(section, key)| (section, key));
            let text = format!("[{section}]\n{key} = {value}\n\n");
            let written = cx.make_dirs(&dir).and_then(|()| cx.put(&join(&dir, "pip.conf"), Content::from(text), 0o666));
            cx.out(format!("Writing to {dir}/pip.conf\n"));
            u8::from(written.is_err())
        }
        other => {
            cx.system.note(NoteKind::NotSimulated, format!("pip: command {other}"));
            0
        }
    }
}

/// What an install is asked for.
#[derive(Default)]
struct Wanted {
    named: Vec<Named>,
    constraints: Vec<Named>,
    local: Vec<(String, bool)>,
    other: Vec<String>,
}

async fn install(cx: &mut Context<'_>, home: Home, given: &Given) -> Exit {
    let wanted = match wanted(cx, &home, given) {
        Ok(wanted) => wanted,
        Err(message) => return failed(cx, &message),
    };
    if given.operands.is_empty() && given.values("--requirement").next().is_none() && wanted.local.is_empty() {
        return failed(cx, "You must give at least one requirement to install (see \"pip help install\")");
    }
    let allowed = given.switched("--break-system-packages", &cx.process.env) || given.has("--target");
    if let Some(file) = home.managed.clone().filter(|_| !allowed && !given.has("--user")) {
        return externally_managed(cx, &file, &home);
    }
    let index = match cx.system.data.clone().parsed("pypi/index.txt", Index::read).await {
        Ok(index) => index,
        Err(error) => return no_data(cx, &error),
    };
    let home = match writable(cx, &home) && !given.switched("--user", &cx.process.env) {
        true => home,
        false if given.has("--target") => home,
        false => {
            if !given.has("--user") {
                cx.out("Defaulting to user installation because normal site-packages is not writeable\n");
            }
            home.of_user(&home_dir(cx))
        }
    };
    let job = Job {
        index,
        upgrade: given.has("--upgrade"),
        forced: given.has("--force-reinstall") || given.has("--ignore-installed"),
        dependencies: !given.has("--no-deps") && !given.has("--no-dependencies"),
        cache: !given.switched("--no-cache-dir", &cx.process.env) && !home.debian,
        installer: Installer {
            home: &home,
            compile: !given.has("--no-compile"),
            target: given.values("--target").last().map(|target| cx.process.path(target)),
        },
        quiet: given.has("--quiet"),
    };
    let exit = job.run(cx, wanted).await;
    if exit == 0
        && cx.process.cred.uid == 0
        && !given.has("--root-user-action")
        && !cx.process.env.contains_key("PIP_ROOT_USER_ACTION")
        && !home.prefix.contains("venv")
    {
        cx.err("WARNING: Running pip as the 'root' user can result in broken permissions and conflicting behaviour with the system package manager. It is recommended to use a virtual environment instead: https://pip.pypa.io/warnings/venv\n");
    }
    exit
}

/// An install that is under way.
struct Job<'a> {
    index: Rc<Index>,
    upgrade: bool,
    forced: bool,
    dependencies: bool,
    cache: bool,
    installer: Installer<'a>,
    quiet: bool,
}

impl Job<'_> {
    async fn run(&self, cx: &mut Context<'_>, mut wanted: Wanted) -> Exit {
        let home = self.installer.home;
        for other in &wanted.other {
            cx.system.note(NoteKind::NotSimulated, format!("pip: {other}"));
        }
        let mut projects = Vec::new();
        for (path, editable) in &wanted.local {
            match local::read(cx, path, home.minor) {
                Ok(project) => {
                    wanted.named.extend(project.requires.iter().cloned());
                    projects.push((project, *editable));
                }
                Err(message) => return failed(cx, &message),
            }
        }
        let there = if self.installer.target.is_some() { Vec::new() } else { home.installed(cx) };
        let keep: BTreeMap<String, Version> =
            there.iter().filter_map(|one| Some((one.name.clone(), Version::parse(&one.version)?))).collect();
        let mut asked = Vec::new();
        for named in &wanted.named {
            let present = there.iter().find(|one| one.name == named.name);
            let fits = keep.get(&named.name).is_some_and(|version| named.specifier.contains(version));
            match present.filter(|_| fits && !self.upgrade && !self.forced) {
                Some(present) => self.say(
                    cx,
                    format!(
                        "Requirement already satisfied: {} in {} ({})\n",
                        named.written, present.folder, present.version
                    ),
                ),
                None => asked.push(named.clone()),
            }
        }
        let resolution = resolve(&self.index, &asked, &wanted.constraints, &keep, self.dependencies, home.minor);
        for name in &resolution.unknown {
            cx.system.note(NoteKind::NotSimulated, format!("pip: package {name}, which is not in the catalogue"));
        }
        let mut chosen = Vec::new();
        let mut wheels = Vec::new();
        for one in resolution.chosen {
            // An upgrade of what is the newest already.
            let same = there.iter().any(|known| known.name == one.name && known.version == one.version);
            if same && !self.forced {
                self.say(cx, format!("Requirement already satisfied: {} ({})\n", one.name, one.version));
                continue;
            }
            let text = match cx.system.data.clone().get(&format!("pypi/{}.txt", one.name)).await {
                Ok(text) => text,
                Err(error) => return no_data(cx, &error),
            };
            if let Err(exit) = self.exists(cx, &one, &text) {
                return exit;
            }
            let Some(wheel) = Wheel::read(&text, &one.release.text) else { return no_data(cx, "a wheel is missing") };
            self.told(cx, &one, &wheel);
            wheels.push(wheel);
            chosen.push(one);
        }
        if chosen.is_empty() && projects.is_empty() {
            return 0;
        }
        let names: Vec<&str> = chosen.iter().map(|one| one.name.as_str()).collect();
        self.say(cx, format!("Installing collected packages: {}\n", names.join(", ")));
        for (one, wheel) in chosen.iter().zip(&wheels) {
            if let Some(old) = there.iter().find(|known| known.name == one.name && known.folder == home.site) {
                let old = old.clone();
                self.say(cx, format!("  Attempting uninstall: {}\n", one.name));
                remove(cx, home, &old, Some(wheel));
            }
            if let Err((path, errno)) = self.installer.install(cx, one, wheel) {
                let reason = cx.system.message(errno);
                return failed(
                    cx,
                    &format!(
                        "Could not install packages due to an OSError: [Errno {}] {reason}: '{path}'",
                        number(errno)
                    ),
                );
            }
            if cx.system.stopped().is_some() {
                return 1;
            }
        }
        for (project, editable) in &projects {
            if let Err((path, errno)) = local::install(cx, &self.installer, project, *editable) {
                let reason = cx.system.message(errno);
                return failed(cx, &format!("Could not install packages due to an OSError: {reason}: '{path}'"));
            }
        }
        if self.cache {
            keep_in_cache(cx, &chosen);
        }
        let done: Vec<String> = chosen.iter().map(|one| format!("{}-{}", one.name, one.version)).collect();
        let own: Vec<String> =
            projects.iter().map(|(project, _)| format!("{}-{}", project.name, project.version)).collect();
        self.say(cx, format!("Successfully installed {}\n", [done, own].concat().join(" ")));
        let stand_ins: Vec<&Chosen> = chosen.iter().filter(|one| one.is_stand_in()).collect();
        for one in stand_ins {
            let message = format!("pip: {} {} with the files of version {}", one.name, one.version, one.release.text);
            cx.system.note(NoteKind::Modelled, message);
        }
        cx.system.note(
            NoteKind::Modelled,
            format!("pip: {} packages, with the names and sizes of their wheels' files", chosen.len() + projects.len()),
        );
        0
    }

    fn say(&self, cx: &mut Context<'_>, text: String) {
        if !self.quiet {
            cx.out(text);
        }
    }

    fn told(&self, cx: &mut Context<'_>, one: &Chosen, wheel: &Wheel) {
        let tags = one.release.tags.replace("cp311", &format!("cp3{}", self.installer.home.minor));
        let size = match one.release.size {
            bytes if bytes >= 10_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
            bytes if bytes >= 1_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
            bytes if bytes >= 10_000 => format!("{} kB", bytes / 1000),
            bytes => format!("{:.1} kB", bytes as f64 / 1000.0),
        };
        let file = format!("{}-{}-{tags}.whl", wheel.distribution, one.version);
        self.say(cx, format!("Collecting {}\n  Downloading {file} ({size})\n", one.name));
    }

    /// Refuses a version that the registry never had.
    fn exists(&self, cx: &mut Context<'_>, one: &Chosen, text: &str) -> Result<(), Exit> {
        if !one.is_stand_in() {
            return Ok(());
        }
        let asked = Version::parse(&one.version);
        let known = known_versions(text);
        let mut versions: Vec<Version> = known.iter().filter_map(|text| Version::parse(text)).collect();
        versions.sort();
        if versions.is_empty()
            || versions.iter().any(|version| asked.as_ref().is_some_and(|asked| asked.cmp(version).is_eq()))
        {
            return Ok(());
        }
        let name = format!("{}=={}", one.name, one.version);
        cx.err(format!(
            "ERROR: Could not find a version that satisfies the requirement {name} (from versions: {})\nERROR: No matching distribution found for {name}\n",
            known.join(", ")
        ));
        Err(1)
    }
}

/// What the command line and the files it names ask for.
fn wanted(cx: &mut Context<'_>, home: &Home, given: &Given) -> Result<Wanted, String> {
    let mut wanted = Wanted::default();
    for text in &given.operands {
        let invalid = |text: String| format!("Invalid requirement: '{text}'");
        match requirement::parse(text, home.minor).map_err(invalid)? {
            // A folder of that name in the working directory is not meant, unless it is written as a path.
            Some(requirement) => wanted.add(requirement, cx),
            None => cx.out(format!("Ignoring {text}: markers don't match your environment\n")),
        }
    }
    for path in given.values("--editable") {
        wanted.local.push((path.split('[').next().unwrap_or(path).to_owned(), true));
    }
    let mut files: Vec<(String, bool)> = given.values("--requirement").map(|file| (file.to_owned(), false)).collect();
    files.extend(given.values("--constraint").map(|file| (file.to_owned(), true)));
    let mut read = 0;
    while let Some((file, constraints)) = files.pop() {
        read += 1;
        if read > MAX_FILES {
            return Err("requirements files name one another too deep".to_owned());
        }
        if !cx.exists(&file) {
            return Err(format!("Could not open requirements file: [Errno 2] No such file or directory: '{file}'"));
        }
        let Some(text) = cx.text(&file) else {
            cx.system.note(NoteKind::NotSimulated, format!("pip: {file}, whose content is not known"));
            continue;
        };
        let beside = |name: &str| match file.rsplit_once('/') {
            Some((dir, _)) if !name.starts_with('/') => format!("{dir}/{name}"),
            _ => name.to_owned(),
        };
        let invalid = |text: String| {
            format!(
                "Invalid requirement: '{text}': Expected package name at the start of dependency specifier (from line 1 of {file})"
            )
        };
        for line in requirement::lines(&text, home.minor).map_err(invalid)? {
            match line {
                Line::Requirement(Requirement::Named(named)) if constraints => wanted.constraints.push(named),
                Line::Requirement(requirement) => wanted.add(requirement, cx),
                Line::File(name) => files.push((beside(&name), constraints)),
                Line::Constraints(name) => files.push((beside(&name), true)),
                Line::Option(_) => {}
            }
        }
    }
    Ok(wanted)
}

impl Wanted {
    fn add(&mut self, requirement: Requirement, cx: &Context<'_>) {
        match requirement {
            Requirement::Named(named) => self.named.push(named),
            Requirement::Local { path, editable } => {
                // A wheel that an earlier step built or downloaded is a package of that name.
                let file = path.rsplit('/').next().unwrap_or(&path).to_owned();
                let from_file = file.strip_suffix(".whl").and_then(|stem| {
                    let mut parts = stem.split('-');
                    let (name, version) = (parts.next()?, parts.next()?);
                    requirement::named(&format!("{name}=={version}"))
                });
                match from_file {
                    Some(named) => self.named.push(named),
                    None if cx.is_dir(&path) || !cx.exists(&path) => self.local.push((path, editable)),
                    None => self.other.push(path),
                }
            }
            Requirement::Other(text) => self.other.push(text),
        }
    }
}

async fn uninstall(cx: &mut Context<'_>, home: &Home, given: &Given) -> Exit {
    for name in &given.operands {
        let name = requirement::canonical(name);
        let there = home.installed(cx).into_iter().find(|one| one.name == name && one.folder == home.site);
        let Some(there) = there else {
            cx.err(format!("WARNING: Skipping {name} as it is not installed.\n"));
            continue;
        };
        let text = cx.system.data.clone().get(&format!("pypi/{name}.txt")).await.ok();
        let wheel = text.and_then(|text| {
            let last =
                text.lines().filter_map(|line| line.strip_prefix("v\t")?.split('\t').next()).next_back()?.to_owned();
            Wheel::read(&text, &there.version).or_else(|| Wheel::read(&text, &last))
        });
        remove(cx, home, &there, wheel.as_ref());
        cx.out(format!("Successfully uninstalled {name}-{}\n", there.version));
        cx.system.note(NoteKind::Modelled, format!("pip: {name} removed, by the files of its wheel"));
    }
    0
}

/// `pip wheel` and `pip download`: the wheels as files.
async fn download(cx: &mut Context<'_>, home: &Home, given: &Given) -> Exit {
    let wanted = match wanted(cx, home, given) {
        Ok(wanted) => wanted,
        Err(message) => return failed(cx, &message),
    };
    let index = match cx.system.data.clone().parsed("pypi/index.txt", Index::read).await {
        Ok(index) => index,
        Err(error) => return no_data(cx, &error),
    };
    let dir = given.values("--wheel-dir").chain(given.values("--dest")).last().unwrap_or(".").to_owned();
    let dependencies = !given.has("--no-deps");
    let resolution = resolve(&index, &wanted.named, &wanted.constraints, &BTreeMap::new(), dependencies, home.minor);
    for name in resolution.unknown.iter().chain(&wanted.other) {
        cx.system.note(NoteKind::NotSimulated, format!("pip: package {name}, which is not in the catalogue"));
    }
    for (path, _) in &wanted.local {
        cx.system.note(NoteKind::NotSimulated, format!("pip: a wheel of {path}"));
    }
    let _ = cx.make_dirs(&dir);
    for one in &resolution.chosen {
        let tags = one.release.tags.replace("cp311", &format!("cp3{}", home.minor));
        let path = join(&dir, &format!("{}-{}-{tags}.whl", one.name.replace('-', "_"), one.version));
        if let Err(errno) = cx.put(&path, Content::unknown(one.release.size), 0o666) {
            let reason = cx.system.message(errno);
            return failed(cx, &format!("{reason}: '{path}'"));
        }
    }
    cx.system.note(NoteKind::Modelled, format!("pip: {} wheels of their real sizes", resolution.chosen.len()));
    0
}

/// Removes a package: its dist-info, and the folders and files of its wheel.
fn remove(cx: &mut Context<'_>, home: &Home, old: &Installed, wheel: Option<&Wheel>) {
    cx.remove_all(&join(&old.folder, &old.record));
    let Some(wheel) = wheel else { return };
    for (folder, files) in &wheel.folders {
        match folder.split('/').next().unwrap_or_default() {
            "" => {
                for file in files {
                    cx.remove_all(&join(&old.folder, &file.name));
                    let stem = file.name.strip_suffix(".py").unwrap_or(&file.name);
                    cx.remove_all(&join(&old.folder, &format!("__pycache__/{stem}.{}.pyc", home.cache_tag())));
                }
            }
            "%" | "@bin" | "@data" | "@include" => {}
            top => cx.remove_all(&join(&old.folder, top)),
        }
    }
    for (name, _, _) in &wheel.scripts {
        cx.remove_all(&join(&home.bin, name));
    }
}

/// pip's cache of downloads: an entry for each wheel, its body beside it. The entries' names are ours: pip names them by URL.
fn keep_in_cache(cx: &mut Context<'_>, chosen: &[Chosen]) {
    let cache = join(&cache_dir(cx), "http-v2");
    for one in chosen {
        let name = Digest::of(format!("{}-{}", one.name, one.version).as_bytes()).hex();
        let name = &name[..56];
        let dir = format!("{cache}/{}/{}/{}/{}/{}", &name[..1], &name[1..2], &name[2..3], &name[3..4], &name[4..5]);
        // A cache that cannot be written is left alone, as pip does.
        if cx.make_dirs(&dir).is_err() {
            return;
        }
        let _ = cx.put(&join(&dir, name), Content::unknown(CACHE_ENTRY), 0o600);
        let _ = cx.put(&join(&dir, &format!("{name}.body")), Content::unknown(one.release.size), 0o600);
    }
}

/// Bytes of a cache entry without its body: the answer's headers.
const CACHE_ENTRY: u64 = 1_820;

fn cache_dir(cx: &Context<'_>) -> String {
    let env = &cx.process.env;
    env.get("PIP_CACHE_DIR").cloned().unwrap_or_else(|| {
        env.get("XDG_CACHE_HOME").map_or_else(|| format!("{}/.cache/pip", home_dir(cx)), |dir| join(dir, "pip"))
    })
}

fn home_dir(cx: &Context<'_>) -> String {
    cx.process.env.get("HOME").cloned().unwrap_or_else(|| "/root".to_owned())
}

/// May packages be written where they belong?
fn writable(cx: &Context<'_>, home: &Home) -> bool {
    let mut path = home.site.as_str();
    while !cx.exists(path) {
        path = path.rsplit_once('/').map_or("/", |(parent, _)| if parent.is_empty() { "/" } else { parent });
    }
    cx.system.fs.access(&cx.process.cred, path, Access::Write).is_ok()
}

fn failed(cx: &mut Context<'_>, message: &str) -> Exit {
    cx.err(format!("ERROR: {message}\n"));
    1
}

fn no_data(cx: &mut Context<'_>, error: &str) -> Exit {
    cx.system.note(NoteKind::NotSimulated, format!("pip: the catalogue's data cannot be had ({error})"));
    0
}

fn number(errno: crate::vfs::Errno) -> u8 {
    match errno {
        crate::vfs::Errno::EACCES => 13,
        crate::vfs::Errno::EROFS => 30,
        crate::vfs::Errno::ENOTDIR => 20,
        _ => 2,
    }
}

/// Debian's and Alpine's refusal (PEP 668).
fn externally_managed(cx: &mut Context<'_>, file: &str, home: &Home) -> Exit {
    let (command, kind) = if home.debian { ("apt install", "Debian") } else { ("apk add", "Alpine") };
    let readme = file.rsplit_once("/lib/").map_or("python3", |(_, rest)| rest.split('/').next().unwrap_or("python3"));
    cx.err(format!(
        "error: externally-managed-environment\n\n× This environment is externally managed\n╰─> To install Python packages system-wide, try {command}\n    python3-xyz, where xyz is the package you are trying to\n    install.\n    \n    If you wish to install a non-{kind}-packaged Python package,\n    create a virtual environment using python3 -m venv path/to/venv.\n    Then use path/to/venv/bin/python and path/to/venv/bin/pip. Make\n    sure you have python3-full installed.\n    \n    If you wish to install a non-{kind} packaged Python application,\n    it may be easiest to use pipx install xyz, which will manage a\n    virtual environment for you. Make sure you have pipx installed.\n    \n    See /usr/share/doc/{readme}/README.venv for more information.\n\nnote: If you believe this is a mistake, please contact your Python installation or OS distribution provider. You can override this, at the risk of breaking your Python installation or OS, by passing --break-system-packages.\nhint: See PEP 668 for the detailed specification.\n"
    ));
    1
}
