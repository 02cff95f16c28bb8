//! Installing a wheel: its files where they belong, the bytecode that pip compiles, scripts, and the dist-info records as
//! pip 23 and later write them (measured on Debian 12: sizes of RECORD and scripts to the byte).

use super::data::{Wheel, WheelFile};
use super::home::Home;
use super::resolve::Chosen;
use crate::packages::files::{Files, join};
use crate::shell::commands::Context;
use crate::vfs::{Content, Errno};

/// Bytes of bytecode against those of CPython 3.11, in thousandths, by the minor version: sums over 900 modules of the standard library that each
/// version compiled.
const BYTECODE: &[(u8, u64)] = &[(8, 626), (9, 626), (10, 636), (11, 1000), (12, 916), (13, 919)];

/// A line of RECORD for a file with a digest: `,sha256=`, 43 characters, a comma, the size, `\r\n`.
const RECORD_DIGEST: u64 = 8 + 43 + 1 + 2;

/// What an install writes and how.
pub struct Installer<'a> {
    /// Where.
    pub home: &'a Home,
    /// Compile bytecode (`--no-compile` does not).
    pub compile: bool,
    /// Packages are put into this folder, scripts into its `bin` (`--target`).
    pub target: Option<String>,
}

impl Installer<'_> {
    /// The folder that packages are installed in.
    pub fn site(&self) -> &str {
        self.target.as_deref().unwrap_or(&self.home.site)
    }

    fn bin(&self) -> String {
        self.target.as_ref().map_or_else(|| self.home.bin.clone(), |target| join(target, "bin"))
    }

    /// Installs one package.
    ///
    /// # Errors
    /// What is in the way.
    pub fn install(&self, cx: &mut Context<'_>, chosen: &Chosen, wheel: &Wheel) -> Result<(), (String, Errno)> {
        let site = self.site().to_owned();
        let info = format!("{}-{}.dist-info", wheel.info.rsplit_once('-').map_or("", |(name, _)| name), chosen.version);
        let mut record = Record { size: 0 };
        for (folder, files) in &wheel.folders {
            let folder = self.renamed(folder);
            let (dir, below) = self.place(&folder, &site, &info);
            at(cx.make_dirs(&dir), &dir)?;
            for file in files {
                let name = self.renamed(&file.name);
                let path = join(&dir, &name);
                let mode = if file.executable || folder == "@bin" { 0o777 } else { 0o666 };
                at(cx.put(&path, Content::unknown(file.size), mode), &path)?;
                record.digested(&format!("{below}{name}"), file.size);
                self.bytecode(cx, &dir, &below, file, &mut record)?;
            }
        }
        for (name, module, attribute) in &wheel.scripts {
            self.script(cx, name, module, attribute, &mut record)?;
        }
        self.records(cx, &join(&site, &info), &info, chosen.requested, record)
    }

    /// Names of compiled modules carry the version of Python.
    fn renamed(&self, name: &str) -> String {
        if self.home.minor == 11 || !name.contains("311") {
            return name.to_owned();
        }
        name.replace("cpython-311", &self.home.cache_tag()).replace("cp311", &format!("cp3{}", self.home.minor))
    }

    /// Where a folder of the wheel goes, and what its files' paths begin with in RECORD.
    fn place(&self, folder: &str, site: &str, info: &str) -> (String, String) {
        let slash = |text: &str| if text.is_empty() { String::new() } else { format!("{text}/") };
        if let Some(rest) = folder.strip_prefix('%') {
            let below = format!("{info}{rest}");
            return (join(site, &below), format!("{below}/"));
        }
        let (top, rest) = folder.split_once('/').unwrap_or((folder, ""));
        let elsewhere = match top {
            "@bin" => Some(self.bin()),
            "@data" if self.home.debian => Some("/usr/local".to_owned()),
            "@data" => Some(self.home.prefix.clone()),
            "@include" => Some(format!("{}/include/python3.{}", self.home.prefix, self.home.minor)),
            _ => None,
        };
        match elsewhere {
            Some(base) => {
                let dir = join(&base, rest);
                let up = "../".repeat(site.matches('/').count().saturating_sub(base.matches('/').count().min(2)));
                (dir.clone(), format!("{up}{}", slash(dir.trim_start_matches('/'))))
            }
            None => (join(site, folder), slash(folder)),
        }
    }

    fn bytecode(
        &self,
        cx: &mut Context<'_>,
        dir: &str,
        below: &str,
        file: &WheelFile,
        record: &mut Record,
    ) -> Result<(), (String, Errno)> {
        let (true, Some(size)) = (self.compile, file.bytecode) else { return Ok(()) };
        let factor = BYTECODE.iter().find(|(minor, _)| *minor == self.home.minor).map_or(1000, |(_, factor)| *factor);
        // The code names its file, which the data have below Debian's folder.
        let measured = "/usr/local/lib/python3.11/dist-packages".len() as u64;
        let size = (size * factor / 1000 + self.site().len() as u64).saturating_sub(measured);
        let cache = join(dir, "__pycache__");
        at(cx.make_dirs(&cache), &cache)?;
        let stem = file.name.strip_suffix(".py").unwrap_or(&file.name);
        let name = format!("{stem}.{}.pyc", self.home.cache_tag());
        let path = join(&cache, &name);
        at(cx.put(&path, Content::unknown(size), 0o666), &path)?;
        record.plain(&format!("{below}__pycache__/{name}"));
        Ok(())
    }

    /// A script that calls a function, as the pip of this installation writes it.
    fn script(
        &self,
        cx: &mut Context<'_>,
        name: &str,
        module: &str,
        attribute: &str,
        record: &mut Record,
    ) -> Result<(), (String, Errno)> {
        let function = attribute.split('.').next().unwrap_or(attribute);
        let text = if self.home.pip >= 26 {
            format!(
                "#!{}\nimport sys\nfrom {module} import {function}\nif __name__ == '__main__':\n    sys.argv[0] = sys.argv[0].removesuffix('.exe')\n    sys.exit({attribute}())\n",
                self.home.interpreter
            )
        } else {
            format!(
                "#!{}\n# -*- coding: utf-8 -*-\nimport re\nimport sys\nfrom {module} import {function}\nif __name__ == '__main__':\n    sys.argv[0] = re.sub(r'(-script\\.pyw|\\.exe)?$', '', sys.argv[0])\n    sys.exit({attribute}())\n",
                self.home.interpreter
            )
        };
        let bin = self.bin();
        at(cx.make_dirs(&bin), &bin)?;
        let path = join(&bin, name);
        let size = text.len() as u64;
        at(cx.put(&path, Content::from(text), 0o777), &path)?;
        record.digested(&format!("../../../bin/{name}"), size);
        Ok(())
    }

    fn records(
        &self,
        cx: &mut Context<'_>,
        folder: &str,
        info: &str,
        requested: bool,
        mut record: Record,
    ) -> Result<(), (String, Errno)> {
        at(cx.make_dirs(folder), folder)?;
        let write = |cx: &mut Context<'_>, name: &str, content: Content| {
            let path = join(folder, name);
            at(cx.put(&path, content, 0o666), &path)
        };
        write(cx, "INSTALLER", Content::from("pip\n"))?;
        record.digested(&format!("{info}/INSTALLER"), 4);
        if requested {
            write(cx, "REQUESTED", Content::empty())?;
            record.digested(&format!("{info}/REQUESTED"), 0);
        }
        record.plain(&format!("{info}/RECORD"));
        write(cx, "RECORD", Content::unknown(record.size))
    }
}

/// The size of RECORD as it grows.
struct Record {
    size: u64,
}

impl Record {
    fn digested(&mut self, path: &str, size: u64) {
        self.size += path.len() as u64 + RECORD_DIGEST + size.to_string().len() as u64;
    }

    fn plain(&mut self, path: &str) {
        self.size += path.len() as u64 + 4;
    }
}

fn at(result: Result<(), Errno>, path: &str) -> Result<(), (String, Errno)> {
    result.map_err(|errno| (path.to_owned(), errno))
}
