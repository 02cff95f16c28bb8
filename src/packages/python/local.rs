//! A project of the user's own that pip installs (`pip install .`, `-e .`): its name, version and requirements from
//! pyproject.toml or setup.py, read as far as plain text goes.

use super::install::Installer;
use super::requirement::{self, Named, Requirement};
use crate::packages::files::{Files, join};
use crate::shell::commands::Context;
use crate::vfs::{Content, Errno};

/// A project.
#[derive(Debug, Clone)]
pub struct Project {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it requires.
    pub requires: Vec<Named>,
    /// Its folder.
    path: String,
}

/// Reads a project's folder.
///
/// # Errors
/// What pip says of a folder that is none.
pub fn read(cx: &Context<'_>, path: &str, minor: u8) -> Result<Project, String> {
    let file = |name: &str| cx.text(&join(path, name));
    if !cx.exists(path) {
        return Err(format!(
            "Invalid requirement: '{path}': Expected package name at the start of dependency specifier\nHint: It looks like a path. File '{path}' does not exist."
        ));
    }
    let (text, setup) = match (file("pyproject.toml"), file("setup.py").or_else(|| file("setup.cfg"))) {
        (Some(text), setup) => (text, setup.unwrap_or_default()),
        (None, Some(setup)) => (String::new(), setup),
        (None, None) => {
            return Err(format!(
                "Directory '{path}' is not installable. Neither 'setup.py' nor 'pyproject.toml' found."
            ));
        }
    };
    let assigned = |key: &str| value_of(&text, key).or_else(|| value_of(&setup, key));
    let folder = cx.process.path(path);
    let folder_name = folder.trim_end_matches(['/', '.']).rsplit('/').next().unwrap_or("app").to_owned();
    let listed = list_of(&text, "dependencies").or_else(|| list_of(&setup, "install_requires")).unwrap_or_default();
    let requires = listed
        .iter()
        .filter_map(|text| match requirement::parse(text, minor) {
            Ok(Some(Requirement::Named(named))) => Some(named),
            _ => None,
        })
        .collect();
    Ok(Project {
        name: assigned("name").unwrap_or(folder_name),
        version: assigned("version").unwrap_or_else(|| "0.0.0".to_owned()),
        requires,
        path: folder,
    })
}

/// Installs the project itself: its packages, or for an editable install the file that points to them.
///
/// # Errors
/// What is in the way.
pub fn install(
    cx: &mut Context<'_>,
    installer: &Installer<'_>,
    project: &Project,
    editable: bool,
) -> Result<(), (String, Errno)> {
    let site = installer.site().to_owned();
    let stem = format!("{}-{}", project.name.replace('-', "_"), project.version);
    let put = |cx: &mut Context<'_>, path: String, content: Content| {
        let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir).to_owned();
        cx.make_dirs(&dir).and_then(|()| cx.put(&path, content, 0o666)).map_err(|errno| (path, errno))
    };
    let root = project.path.trim_end_matches(['.', '/']).to_owned();
    let source = if cx.is_dir(&join(&root, "src")) { join(&root, "src") } else { root };
    if editable {
        put(cx, join(&site, &format!("__editable__.{stem}.pth")), Content::from(format!("{source}\n")))?;
    } else {
        for package in cx.names(&source) {
            let folder = join(&source, &package);
            if !cx.exists(&join(&folder, "__init__.py")) || package == "tests" || package == "build" {
                continue;
            }
            for (path, size) in cx.files_below(&folder) {
                if !path.ends_with(".pyc") {
                    put(cx, join(&site, &format!("{package}/{path}")), Content::unknown(size))?;
                }
            }
        }
    }
    let info = join(&site, &format!("{stem}.dist-info"));
    let metadata = format!("Metadata-Version: 2.1\nName: {}\nVersion: {}\n", project.name, project.version);
    put(cx, join(&info, "METADATA"), Content::from(metadata))?;
    put(cx, join(&info, "INSTALLER"), Content::from("pip\n"))?;
    put(cx, join(&info, "REQUESTED"), Content::empty())?;
    let dir_info = if editable { r#""dir_info": {"editable": true}"# } else { r#""dir_info": {}"# };
    put(
        cx,
        join(&info, "direct_url.json"),
        Content::from(format!("{{{dir_info}, \"url\": \"file://{}\"}}", project.path)),
    )
}

/// The value of `key = "value"` or `key="value"`, the first in the text.
fn value_of(text: &str, key: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let start = line.find(key)?;
        let before = &line[..start];
        let rest = line[start + key.len()..].trim_start().strip_prefix('=')?.trim_start();
        let quote = rest.chars().next().filter(|c| "\"'".contains(*c))?;
        let value = rest[1..].split(quote).next()?;
        (before.trim().is_empty() || before.ends_with(['(', ' ', ','])).then(|| value.to_owned())
    })
}

/// The strings of `key = [ … ]`.
fn list_of(text: &str, key: &str) -> Option<Vec<String>> {
    let mut rest = text;
    loop {
        let at = rest.find(key)?;
        let starts = at == 0 || rest[..at].ends_with(['\n', ' ', '(', ',']);
        rest = &rest[at + key.len()..];
        let Some(list) = rest.trim_start().strip_prefix('=').and_then(|rest| rest.trim_start().strip_prefix('['))
        else {
            continue;
        };
        if !starts {
            continue;
        }
        let mut items = Vec::new();
        let mut quote = None;
        let mut item = String::new();
        for c in list.chars() {
            match quote {
                None if c == ']' => return Some(items),
                None if c == '"' || c == '\'' => quote = Some(c),
                Some(end) if c == end => {
                    items.push(std::mem::take(&mut item));
                    quote = None;
                }
                Some(_) => item.push(c),
                None => {}
            }
        }
        return Some(items);
    }
}
