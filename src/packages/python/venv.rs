//! `python -m venv`: the folders, links and scripts of a virtual environment, and the pip in it.

use super::data::{Index, Wheel};
use super::home::Home;
use super::install::Installer;
use super::requirement::named;
use super::resolve::resolve;
use crate::packages::files::{Files, join};
use crate::shell::NoteKind;
use crate::shell::commands::{Context, Exit};
use crate::vfs::{Content, Errno};
use std::collections::BTreeMap;

/// Sizes of the scripts that cannot be run here, in bytes: those of CPython 3.11's venv for a folder named /opt/venv.
const OTHER_SCRIPTS: &[(&str, u64)] = &[("activate.csh", 917), ("activate.fish", 2183), ("Activate.ps1", 9033)];

/// Makes an environment in each folder that is named.
pub(super) async fn create(cx: &mut Context<'_>, program: &str, args: &[String]) -> Exit {
    let base = Home::of(cx, program);
    let with_pip = !args.iter().any(|arg| arg == "--without-pip");
    let system = args.iter().any(|arg| arg == "--system-site-packages");
    let folders: Vec<&String> = args.iter().filter(|arg| !arg.starts_with('-')).collect();
    if folders.is_empty() {
        cx.err("usage: venv [-h] [--system-site-packages] [--symlinks | --copies] [--clear] ENV_DIR [ENV_DIR ...]\nvenv: error: the following arguments are required: ENV_DIR\n");
        return 2;
    }
    for folder in folders {
        let prefix = cx.process.path(folder);
        let prefix = prefix.trim_end_matches(['/', '.']).to_owned();
        if let Err((path, errno)) = lay_out(cx, &base, &prefix, system) {
            let reason = cx.system.message(errno);
            cx.err(format!("Error: {reason}: '{path}'\n"));
            return 1;
        }
        if with_pip && let Some(exit) = install_pip(cx, &base, &prefix).await {
            return exit;
        }
    }
    cx.system.note(NoteKind::Modelled, "python: a virtual environment, with pip's files".to_owned());
    0
}

fn lay_out(cx: &mut Context<'_>, base: &Home, prefix: &str, system: bool) -> Result<(), (String, Errno)> {
    let bin = join(prefix, "bin");
    let site = format!("{prefix}/lib/python3.{}/site-packages", base.minor);
    for dir in [&bin, &site, &format!("{prefix}/include/python3.{}", base.minor)] {
        cx.make_dirs(dir).map_err(|errno| (dir.clone(), errno))?;
    }
    let interpreter =
        if base.prefix == "/usr" { "/usr/bin/python3".to_owned() } else { join(&base.prefix, "bin/python3") };
    let home = interpreter.rsplit_once('/').map_or("/usr/bin", |(dir, _)| dir).to_owned();
    let links = [
        ("lib".to_owned(), join(prefix, "lib64")),
        (interpreter.clone(), join(&bin, "python3")),
        ("python3".to_owned(), join(&bin, "python")),
        ("python3".to_owned(), join(&bin, &format!("python3.{}", base.minor))),
    ];
    for (target, path) in links {
        cx.link_to(&target, &path).map_err(|errno| (path.clone(), errno))?;
    }
    let config = format!(
        "home = {home}\ninclude-system-site-packages = {system}\nversion = 3.{0}.0\nexecutable = {interpreter}\ncommand = {interpreter} -m venv {prefix}\n",
        base.minor
    );
    let mut put = |name: &str, content: Content| {
        let path = join(prefix, name);
        cx.put(&path, content, 0o666).map_err(|errno| (path, errno))
    };
    put("pyvenv.cfg", Content::from(config))?;
    put("bin/activate", Content::from(activate(prefix)))?;
    for (name, size) in OTHER_SCRIPTS {
        put(&format!("bin/{name}"), Content::unknown(*size))?;
    }
    Ok(())
}

/// The part of the script that a shell needs: the environment's programs come first.
fn activate(prefix: &str) -> String {
    format!(
        "VIRTUAL_ENV=\"{prefix}\"\nexport VIRTUAL_ENV\nPATH=\"$VIRTUAL_ENV/bin:$PATH\"\nexport PATH\nunset PYTHONHOME\n"
    )
}

/// Installs pip (before Python 3.12 setuptools, too) as `ensurepip` does. None if it went well.
async fn install_pip(cx: &mut Context<'_>, base: &Home, prefix: &str) -> Option<Exit> {
    let index = match cx.system.data.clone().parsed("pypi/index.txt", Index::read).await {
        Ok(index) => index,
        Err(error) => {
            cx.system.note(NoteKind::NotSimulated, format!("python: pip of the environment ({error})"));
            return None;
        }
    };
    let names: &[&str] = if base.minor < 12 { &["pip<25", "setuptools<70"] } else { &["pip"] };
    let wanted: Vec<_> = names.iter().filter_map(|name| named(name)).collect();
    let home = Home::of(cx, &join(prefix, "bin/python3"));
    let installer = Installer { home: &home, compile: true, target: None };
    for mut chosen in resolve(&index, &wanted, &[], &BTreeMap::new(), false, base.minor).chosen {
        chosen.requested = true;
        let text = cx.system.data.clone().get(&format!("pypi/{}.txt", chosen.name)).await.ok()?;
        let mut wheel = Wheel::read(&text, &chosen.release.text)?;
        if chosen.name == "pip" {
            wheel.scripts.push((
                format!("pip3.{}", base.minor),
                "pip._internal.cli.main".to_owned(),
                "main".to_owned(),
            ));
        }
        if let Err((path, errno)) = installer.install(cx, &chosen, &wheel) {
            let reason = cx.system.message(errno);
            cx.err(format!("Error: {reason}: '{path}'\n"));
            return Some(1);
        }
    }
    None
}
