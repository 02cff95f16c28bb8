//! A project as text for the fragment of an address: `dockerfile=…&dockerignore=…&file:PATH=…&run:PATH=…`, each value
//! percent-encoded (`run:` is a file that is executable, `placeholder:` one that stands for an unknown one, `bytes:` and `run-bytes:` files
//! that are no text); or `example=NAME`. Short texts can be written by hand, and a page without WebAssembly can make such a link; for others `app::permalink` packs this very text into `z=…`. Lacks any I/O.

use crate::view::project::{ContextFile, EXAMPLES, Project};

/// The longest text that is read, in bytes, and the longest that is unpacked.
pub const LIMIT: usize = 4 << 20;

/// What stands in the fragment of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fragment {
    /// Nothing that is ours, such as the name of a place on the page.
    None,
    /// A project.
    Project(Box<Project>),
    /// A project that is still to be unpacked.
    Packed(String),
    /// An example, by its index.
    Example(usize),
    /// It was meant to be a project, and is none.
    Refused,
}

/// Reads a fragment, with or without its `#`.
pub fn read(fragment: &str) -> Fragment {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    match fragment.split_once('=') {
        Some(("z", packed)) => Fragment::Packed(packed.to_owned()),
        Some(("example", name)) => {
            EXAMPLES.iter().position(|example| example.name == name).map_or(Fragment::Refused, Fragment::Example)
        }
        Some((key, _)) if key == "dockerfile" || key == "dockerignore" || key.contains(':') => {
            parse(fragment).map_or(Fragment::Refused, |project| Fragment::Project(Box::new(project)))
        }
        _ => Fragment::None,
    }
}

/// The text of a project; it has at least `dockerfile=`.
pub fn write(project: &Project) -> String {
    let mut text = format!("dockerfile={}", encode(&project.dockerfile));
    if !project.dockerignore.is_empty() {
        text.push_str(&format!("&dockerignore={}", encode(&project.dockerignore)));
    }
    for (path, file) in &project.context {
        let key = match file {
            ContextFile { placeholder: true, .. } => "placeholder",
            ContextFile { executable: true, .. } if !file.is_text() => "run-bytes",
            _ if !file.is_text() => "bytes",
            ContextFile { executable: true, .. } => "run",
            _ => "file",
        };
        text.push_str(&format!("&{key}:{}={}", encode(path), encode_bytes(file.content())));
    }
    text
}

/// The project of a text; none where it is too long, a key is not known, a path is not one of a context, or what is
/// encoded is not UTF-8. Line ends become `\n`, as in the editor.
pub fn parse(text: &str) -> Option<Project> {
    if text.len() > LIMIT {
        return None;
    }
    let mut project = Project::default();
    for part in text.split('&').filter(|part| !part.is_empty()) {
        let (key, value) = part.split_once('=')?;
        if let Some((kind @ ("bytes" | "run-bytes"), path)) = key.split_once(':') {
            let path = decode(path).filter(|path| project.accepts_path(path))?;
            let file = ContextFile::of_bytes(decode_bytes(value)?);
            project.context.insert(path, ContextFile { executable: kind == "run-bytes", ..file });
            continue;
        }
        let value = decode(value)?.replace("\r\n", "\n");
        match key.split_once(':') {
            None if key == "dockerfile" => project.dockerfile = value.into(),
            None if key == "dockerignore" => project.dockerignore = value.into(),
            Some((kind @ ("file" | "run" | "placeholder"), path)) => {
                let path = decode(path).filter(|path| project.accepts_path(path))?;
                let (executable, placeholder) = (kind == "run", kind == "placeholder");
                let file = ContextFile { text: value.into(), executable, placeholder, ..ContextFile::default() };
                project.context.insert(path, file);
            }
            _ => return None,
        }
    }
    Some(project)
}

fn encode(text: &str) -> String {
    encode_bytes(text.as_bytes())
}

fn encode_bytes(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 3 / 2);
    for &byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn decode(text: &str) -> Option<String> {
    String::from_utf8(decode_bytes(text)?).ok()
}

fn decode_bytes(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                (digit()? << 4 | digit()?) as u8
            }
            other => other,
        });
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_brings_back_what_was_linked() {
        let mut project = Project::of_dockerfile("# 한글 🐳\nFROM busybox\nRUN a && b; echo \"50%\" > /c#d=e\n");
        project.dockerignore = "*.log\n".into();
        project.context.insert(
            "src/한 글&=.txt".into(),
            ContextFile { text: "a=b&c:d\n".into(), executable: false, ..ContextFile::default() },
        );
        project
            .context
            .insert("lib.so".into(), ContextFile { executable: true, ..ContextFile::of_bytes(vec![0xff, 0, b'%']) });
        project.context.insert(
            "run.sh".into(),
            ContextFile { text: "#!/bin/sh\n".into(), executable: true, ..ContextFile::default() },
        );
        let text = write(&project);
        assert!(text.is_ascii() && !text.contains([' ', '"', '<', '#', '\n']), "{text}");
        assert_eq!(read(&format!("#{text}")), Fragment::Project(Box::new(project)));
    }

    #[test]
    fn links_of_the_past_open() {
        // Written down when the form was made: links in documents must open for good.
        let old = "#dockerfile=FROM%20busybox%0ARUN%20mkdir%20/a&dockerignore=b&file:c/d=e&run:f=g";
        let Fragment::Project(project) = read(old) else { panic!("{:?}", read(old)) };
        assert_eq!(&*project.dockerfile, "FROM busybox\nRUN mkdir /a");
        assert_eq!(&*project.dockerignore, "b");
        assert_eq!(
            project.context["c/d"],
            ContextFile { text: "e".into(), executable: false, ..ContextFile::default() }
        );
        assert_eq!(project.context["f"], ContextFile { text: "g".into(), executable: true, ..ContextFile::default() });
        assert_eq!(read("#example=cached"), Fragment::Example(2));
        assert_eq!(read("#z=abc-_"), Fragment::Packed("abc-_".into()));
    }

    #[test]
    fn what_is_no_project_is_told_from_a_broken_one() {
        for none in ["", "#", "#inspector", "#a=b"] {
            assert_eq!(read(none), Fragment::None, "{none}");
        }
        for broken in [
            "#dockerfile=%",
            "#dockerfile=%f",
            "#dockerfile=%zz",
            "#dockerfile=%ff",
            "#dockerfile=a&b",
            "#file:../x=y",
            "#example=none",
            "#link:a=b",
        ] {
            assert_eq!(read(broken), Fragment::Refused, "{broken}");
        }
        assert_eq!(parse(&format!("dockerfile={}", "a".repeat(LIMIT))), None);
    }
}
