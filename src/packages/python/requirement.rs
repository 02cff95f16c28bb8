//! Requirements as people write them: on pip's command line, and in requirements files (PEP 508, pip's own options). It
//! lacks URLs and version control, which are handed on as they are, to be named.

use super::version::Specifier;

/// One requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requirement {
    /// A package of the registry.
    Named(Named),
    /// A folder or file of the project.
    Local {
        /// Its path.
        path: String,
        /// `-e`.
        editable: bool,
    },
    /// Something else: a URL, a repository.
    Other(String),
}

/// A package with extras and versions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// Its canonical name.
    pub name: String,
    /// As it was written.
    pub written: String,
    /// Extras, canonical.
    pub extras: Vec<String>,
    /// Which versions.
    pub specifier: Specifier,
}

/// A line of a requirements file that is not a requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A requirement.
    Requirement(Requirement),
    /// `-r FILE`.
    File(String),
    /// `-c FILE`.
    Constraints(String),
    /// Another option, which changes nothing here (`--index-url`, `--hash`).
    Option(String),
}

/// A name as PEP 503 compares it.
pub fn canonical(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match c {
            '-' | '_' | '.' if out.ends_with('-') => {}
            '-' | '_' | '.' => out.push('-'),
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// Reads one requirement; none if its marker excludes it (Linux, CPython 3.`minor`), an error if it is not well formed.
///
/// # Errors
/// The text.
pub fn parse(text: &str, minor: u8) -> Result<Option<Requirement>, String> {
    let text = text.trim();
    let (text, marker) = match text.split_once(';') {
        Some((text, marker)) => (text.trim(), marker.trim()),
        None => (text, ""),
    };
    if !marker.is_empty() && !marker_holds(marker, minor) {
        return Ok(None);
    }
    if text.contains("://") || text.starts_with("git+") || text.contains(" @ ") {
        return Ok(Some(Requirement::Other(text.to_owned())));
    }
    let is_path = text == "." || text.starts_with(['.', '/']) || text.ends_with(".whl") || text.ends_with(".tar.gz");
    if is_path {
        let path = text.split('[').next().unwrap_or(text).to_owned();
        return Ok(Some(Requirement::Local { path, editable: false }));
    }
    named(text).map(|named| Some(Requirement::Named(named))).ok_or_else(|| text.to_owned())
}

/// Reads `name[extras]specifier`.
pub fn named(text: &str) -> Option<Named> {
    let name_end = text.find(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c)).unwrap_or(text.len());
    let (written, rest) = text.split_at(name_end);
    let fits = written.starts_with(|c: char| c.is_ascii_alphanumeric())
        && written.ends_with(|c: char| c.is_ascii_alphanumeric());
    let rest = rest.trim();
    let (extras, rest) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((extras, rest)) => (extras.split(',').map(|extra| canonical(extra.trim())).collect(), rest),
        None => (Vec::new(), rest),
    };
    let rest = rest.trim().trim_start_matches('(').trim_end_matches(')');
    let specifier = Specifier::parse(rest)?;
    fits.then(|| Named { name: canonical(written), written: written.to_owned(), extras, specifier })
}

/// The lines of a requirements file: comments left out, continued lines joined.
pub fn lines(text: &str, minor: u8) -> Result<Vec<Line>, String> {
    let mut out = Vec::new();
    let joined = text.replace("\r\n", "\n").replace("\\\n", " ");
    for line in joined.lines() {
        let line = match line.find(" #") {
            Some(at) => &line[..at],
            None if line.trim_start().starts_with('#') => continue,
            None => line,
        };
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let value = |names: &[&str]| {
            names.iter().find_map(|name| {
                let rest = line.strip_prefix(name)?;
                rest.starts_with([' ', '=', '\t']).then(|| rest[1..].trim().to_owned())
            })
        };
        if let Some(file) = value(&["-r", "--requirement"]) {
            out.push(Line::File(file));
        } else if let Some(file) = value(&["-c", "--constraint"]) {
            out.push(Line::Constraints(file));
        } else if let Some(path) = value(&["-e", "--editable"]) {
            let requirement = match path.contains("://") || path.starts_with("git+") {
                true => Requirement::Other(path),
                false => {
                    Requirement::Local { path: path.split('[').next().unwrap_or(&path).to_owned(), editable: true }
                }
            };
            out.push(Line::Requirement(requirement));
        } else if line.starts_with('-') {
            out.push(Line::Option(line.split([' ', '=']).next().unwrap_or(line).to_owned()));
        } else {
            let own = line.split(" --").next().unwrap_or(line);
            out.extend(parse(own, minor)?.map(Line::Requirement));
        }
    }
    Ok(out)
}

/// Does an environment marker hold on Linux with CPython 3.`minor`? One that is not understood does.
pub fn marker_holds(marker: &str, minor: u8) -> bool {
    let alternatives = marker.split(" or ");
    alternatives
        .into_iter()
        .any(|all| all.split(" and ").all(|term| term_holds(term.trim().trim_matches(['(', ')']), minor)))
}

fn term_holds(term: &str, minor: u8) -> bool {
    for sign in ["===", "==", "!=", "<=", ">=", "~=", "<", ">", " not in ", " in "] {
        let Some((left, right)) = term.split_once(sign) else { continue };
        let clean = |text: &str| text.trim().trim_matches(['"', '\'']).to_owned();
        let (left, right) = (clean(left), clean(right));
        let value = match left.as_str() {
            "python_version" => format!("3.{minor}"),
            "python_full_version" | "implementation_version" => format!("3.{minor}.9"),
            "sys_platform" => "linux".to_owned(),
            "platform_system" => "Linux".to_owned(),
            "os_name" => "posix".to_owned(),
            "platform_machine" => "x86_64".to_owned(),
            "implementation_name" => "cpython".to_owned(),
            "platform_python_implementation" => "CPython".to_owned(),
            "extra" => String::new(),
            _ => return true,
        };
        return match sign.trim() {
            "in" => right.contains(&value),
            "not in" => !right.contains(&value),
            "==" | "===" if !left.contains("version") => value == right,
            "!=" if !left.contains("version") => value != right,
            sign => {
                let version = super::version::Version::parse(&value);
                let specifier = Specifier::parse(&format!("{sign}{right}"));
                version.zip(specifier).is_none_or(|(version, specifier)| specifier.contains(&version))
            }
        };
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_are_read() {
        let Ok(Some(Requirement::Named(found))) = parse("Uvicorn[standard] >=0.12, <1 ; python_version>='3.8'", 11)
        else {
            panic!("a named requirement")
        };
        assert_eq!((found.name.as_str(), found.specifier.to_string().as_str()), ("uvicorn", ">=0.12,<1"));
        assert_eq!(found.extras, ["standard"]);
        assert_eq!(parse("tomli; python_version < '3.11'", 11), Ok(None));
        assert_eq!(parse("pywin32; sys_platform == 'win32'", 11), Ok(None));
        assert_eq!(parse("=5.0", 11), Err("=5.0".to_owned()));
        assert_eq!(
            parse("git+https://example.com/x", 11),
            Ok(Some(Requirement::Other("git+https://example.com/x".into())))
        );
    }

    #[test]
    fn requirements_files_are_read() {
        let text =
            "# all\nflask==3.0 \\\n  --hash=sha256:aa\n-r base.txt\n--index-url https://example.com\nredis # cache\n";
        let lines = lines(text, 11).unwrap_or_default();
        assert_eq!(lines.len(), 4);
        assert_eq!(lines[1], Line::File("base.txt".into()));
        assert_eq!(lines[2], Line::Option("--index-url".into()));
    }
}
