//! Where a Python lives: the installation that a program called `pip` or `python` belongs to, and where it installs. Debian's
//! own, an image's own under /usr/local, Alpine's, or a virtual environment.

use crate::packages::files::{Files, join};
use crate::shell::commands::Context;

/// An installation of Python.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// `/usr`, `/usr/local`, or the folder of a virtual environment.
    pub prefix: String,
    /// Where packages are installed.
    pub site: String,
    /// Where other packages are found, too.
    pub also: Vec<String>,
    /// Where scripts are installed.
    pub bin: String,
    /// The interpreter that scripts name.
    pub interpreter: String,
    /// The second number of the version.
    pub minor: u8,
    /// The file that keeps pip from installing here, if there is one.
    pub managed: Option<String>,
    /// The first number of pip's version.
    pub pip: u32,
    /// Its packages come from Debian.
    pub debian: bool,
}

impl Home {
    /// The installation that a program belongs to.
    pub fn of(cx: &Context<'_>, program: &str) -> Self {
        let path = cx.program(program).unwrap_or_else(|| "/usr/local/bin/python3".to_owned());
        let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir).to_owned();
        let prefix = dir.strip_suffix("/bin").unwrap_or("/usr").to_owned();
        let prefix = if prefix.is_empty() { "/usr".to_owned() } else { prefix };
        if cx.exists(&join(&prefix, "pyvenv.cfg")) {
            return Self::venv(cx, &prefix);
        }
        let minor = minor_below(cx, &join(&prefix, "lib")).or_else(|| declared_minor(cx)).unwrap_or(11);
        let lib = format!("{prefix}/lib/python3.{minor}");
        let managed = Some(join(&lib, "EXTERNALLY-MANAGED")).filter(|path| cx.exists(path));
        let debian = prefix == "/usr" && cx.exists("/usr/lib/python3/dist-packages");
        if debian {
            let site = format!("/usr/local/lib/python3.{minor}/dist-packages");
            return Self {
                prefix,
                site,
                also: vec!["/usr/lib/python3/dist-packages".to_owned()],
                bin: "/usr/local/bin".to_owned(),
                interpreter: "/usr/bin/python3".to_owned(),
                minor,
                managed,
                pip: if minor >= 13 { 25 } else { 23 },
                debian,
            };
        }
        let interpreter =
            if prefix == "/usr" { "/usr/bin/python3".to_owned() } else { format!("{prefix}/bin/python3.{minor}") };
        let site = format!("{lib}/site-packages");
        Self {
            site,
            also: Vec::new(),
            bin: join(&prefix, "bin"),
            interpreter,
            minor,
            managed,
            pip: own_pip(minor),
            debian,
            prefix,
        }
    }

    fn venv(cx: &Context<'_>, prefix: &str) -> Self {
        let minor = minor_below(cx, &join(prefix, "lib")).or_else(|| declared_minor(cx)).unwrap_or(11);
        Self {
            prefix: prefix.to_owned(),
            site: format!("{prefix}/lib/python3.{minor}/site-packages"),
            also: Vec::new(),
            bin: join(prefix, "bin"),
            interpreter: join(prefix, "bin/python3"),
            minor,
            managed: None,
            pip: own_pip(minor),
            debian: false,
        }
    }

    /// The same for a user who may not write there: packages go below the home directory.
    pub fn of_user(mut self, home: &str) -> Self {
        self.also
            .push(std::mem::replace(&mut self.site, format!("{home}/.local/lib/python3.{}/site-packages", self.minor)));
        self.bin = format!("{home}/.local/bin");
        self
    }

    /// `cpython-311`.
    pub fn cache_tag(&self) -> String {
        format!("cpython-3{}", self.minor)
    }

    /// The packages that are there: canonical name, version, the folder, the name of its record.
    pub fn installed(&self, cx: &Context<'_>) -> Vec<Installed> {
        let mut found = Vec::new();
        for folder in std::iter::once(&self.site).chain(&self.also) {
            for name in cx.names(folder) {
                let Some(stem) = name.strip_suffix(".dist-info").or_else(|| name.strip_suffix(".egg-info")) else {
                    continue;
                };
                let Some((package, version)) = stem.split_once('-') else { continue };
                let version = version.split("-py3").next().unwrap_or(version).to_owned();
                let package = super::requirement::canonical(package);
                found.push(Installed { name: package, version, folder: folder.clone(), record: name });
            }
        }
        found
    }
}

/// A package that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// Its canonical name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The folder it is in.
    pub folder: String,
    /// The name of its dist-info or egg-info there.
    pub record: String,
}

/// The pip that comes with CPython 3.`minor` in the official images.
fn own_pip(minor: u8) -> u32 {
    match minor {
        0..=9 => 23,
        10 | 11 => 24,
        12 | 13 => 25,
        _ => 26,
    }
}

/// The highest `python3.N` in a `lib` directory.
fn minor_below(cx: &Context<'_>, lib: &str) -> Option<u8> {
    cx.names(lib).iter().filter_map(|name| name.strip_prefix("python3.")?.parse().ok()).max()
}

/// What an image says of its Python.
fn declared_minor(cx: &Context<'_>) -> Option<u8> {
    cx.process.env.get("PYTHON_VERSION")?.split('.').nth(1)?.parse().ok()
}
