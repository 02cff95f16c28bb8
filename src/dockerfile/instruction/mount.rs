//! `RUN --mount=…`: what is mounted during a command. None of it becomes part of the layer.
//!
//! The fields are comma-separated values in CSV quoting; their values are expanded one by one, so a mount is read in
//! two steps: [`precheck`] with the instruction, [`Mount::parse`] when the command is about to run.

use crate::diagnostic::{InstructionError, did_you_mean, nearest, quote};

/// What kind of mount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MountKind {
    /// Files of the context, a stage or an image; read-only unless `rw`.
    #[default]
    Bind,
    /// A directory that lasts from build to build.
    Cache,
    /// An empty directory in memory.
    Tmpfs,
    /// A secret's file or variable.
    Secret,
    /// The SSH agent's socket.
    Ssh,
}

const KINDS: &[(&str, MountKind)] = &[
    ("bind", MountKind::Bind),
    ("cache", MountKind::Cache),
    ("tmpfs", MountKind::Tmpfs),
    ("secret", MountKind::Secret),
    ("ssh", MountKind::Ssh),
];

const KEYS: &[&str] = &[
    "type",
    "from",
    "source",
    "target",
    "readonly",
    "id",
    "sharing",
    "required",
    "size",
    "mode",
    "uid",
    "gid",
    "src",
    "dst",
    "destination",
    "ro",
    "rw",
    "readwrite",
    "env",
];

impl MountKind {
    /// As it is written.
    pub fn name(self) -> &'static str {
        KINDS.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

/// One mount, expanded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mount {
    /// Its kind.
    pub kind: MountKind,
    /// `from`: a stage or an image; empty for the build context.
    pub from: String,
    /// `source`.
    pub source: String,
    /// `target`; empty if it follows from the kind.
    pub target: String,
    /// May the command write to it?
    pub read_only: bool,
    /// `id`.
    pub id: String,
    /// `sharing` of a cache: empty, `shared`, `private` or `locked`.
    pub sharing: String,
    /// `required` of a secret or an agent: an error if it is missing.
    pub required: bool,
    /// `size` of a tmpfs, in bytes; 0 for no limit.
    pub size: u64,
    /// `mode`.
    pub mode: Option<u32>,
    /// `uid`.
    pub uid: Option<u32>,
    /// `gid`.
    pub gid: Option<u32>,
    /// `env` of a secret: the variable that holds it; empty for none.
    pub env: String,
}

/// Checks what BuildKit checks before it expands: the commas and quotes, and that `from` has no variable.
pub(super) fn precheck(text: &str) -> Result<(), InstructionError> {
    let fields = csv(text).map_err(|reason| InstructionError::MountCsv { reason })?;
    let variable = |value: &str| value.find('$').is_some_and(|at| value[at + 1..].starts_with(|c| c != '\n'));
    let from =
        fields.iter().filter_map(|field| field.split_once('=')).filter(|(key, _)| key.eq_ignore_ascii_case("from"));
    match from.into_iter().any(|(_, value)| variable(value)) {
        true => Err(InstructionError::MountFromVariable {}),
        false => Ok(()),
    }
}

/// The `from` of a mount as written, which needs no expansion, and whether the mount is a tmpfs, where it does not count.
pub fn mount_source(text: &str) -> Option<String> {
    let mut from = None;
    for field in csv(text).ok()? {
        match field.split_once('=') {
            Some((key, value)) if key.eq_ignore_ascii_case("from") => from = Some(value.to_owned()),
            _ => {}
        }
    }
    from.filter(|from| !from.is_empty())
}

impl Mount {
    /// Reads a mount, expanding each value with `expand`. The error is BuildKit's message, or what `expand` returns.
    pub fn parse<E: From<String>>(text: &str, expand: &mut dyn FnMut(&str) -> Result<String, E>) -> Result<Self, E> {
        let fields = csv(text).map_err(|reason| format!("failed to parse csv mounts: {reason}"))?;
        let mut mount = Self::default();
        let mut chosen = None;
        for field in fields {
            let (key, value) = match field.split_once('=') {
                Some((key, value)) => (key.to_lowercase(), Some(expand(value)?)),
                None => (field.to_lowercase(), None),
            };
            match value {
                None => mount.bare(&key, &field, &mut chosen)?,
                Some(value) => mount.set(&key, &value, &field, &mut chosen)?,
            }
        }
        mount.read_only = chosen.unwrap_or(!matches!(mount.kind, MountKind::Cache | MountKind::Tmpfs));
        mount.validate()?;
        Ok(mount)
    }

    fn bare(&mut self, key: &str, field: &str, read_only: &mut Option<bool>) -> Result<(), String> {
        match key {
            "readonly" | "ro" => *read_only = Some(true),
            "readwrite" | "rw" => *read_only = Some(false),
            "required" if matches!(self.kind, MountKind::Secret | MountKind::Ssh) => self.required = true,
            "required" => return Err(self.unexpected(key)),
            _ => return Err(format!("invalid field '{field}' must be a key=value pair")),
        }
        Ok(())
    }

    fn set(&mut self, key: &str, value: &str, field: &str, read_only: &mut Option<bool>) -> Result<(), String> {
        let boolean = || match value {
            "1" | "t" | "T" | "TRUE" | "true" | "True" => Ok(true),
            "0" | "f" | "F" | "FALSE" | "false" | "False" => Ok(false),
            _ => Err(format!("invalid value for {key}: {value}")),
        };
        let number = |radix| {
            let digits = !value.is_empty() && !value.starts_with('+');
            u32::from_str_radix(value, radix)
                .ok()
                .filter(|_| digits)
                .ok_or_else(|| format!("invalid value {value} for {key}"))
        };
        match key {
            "type" => {
                let name = value.to_lowercase();
                let Some((_, kind)) = KINDS.iter().find(|(known, _)| *known == name) else {
                    let hint = did_you_mean(&nearest(value, KINDS.iter().map(|(name, _)| *name)));
                    return Err(format!("unsupported mount type {}{hint}", quote(value)));
                };
                self.kind = *kind;
            }
            "from" => value.clone_into(&mut self.from),
            "source" | "src" => value.clone_into(&mut self.source),
            "target" | "dst" | "destination" => value.clone_into(&mut self.target),
            "readonly" | "ro" => *read_only = Some(boolean()?),
            "readwrite" | "rw" => *read_only = Some(!boolean()?),
            "required" if matches!(self.kind, MountKind::Secret | MountKind::Ssh) => self.required = boolean()?,
            "size" if self.kind == MountKind::Tmpfs => {
                self.size = bytes(value).ok_or_else(|| format!("invalid value for {key}: {value}"))?;
            }
            "required" | "size" => return Err(self.unexpected(key)),
            "id" => value.clone_into(&mut self.id),
            "sharing" => {
                let modes = ["shared", "private", "locked"];
                let name = value.to_lowercase();
                if !modes.contains(&name.as_str()) {
                    let hint = did_you_mean(&nearest(value, modes));
                    return Err(format!("unsupported sharing value {}{hint}", quote(value)));
                }
                self.sharing = name;
            }
            "mode" => self.mode = Some(number(8)?),
            "uid" => self.uid = Some(number(10)?),
            "gid" => self.gid = Some(number(10)?),
            "env" => value.clone_into(&mut self.env),
            _ => {
                let hint = did_you_mean(&nearest(key, KEYS.iter().copied()));
                return Err(format!("unexpected key '{key}' in '{field}'{hint}"));
            }
        }
        Ok(())
    }

    fn unexpected(&self, key: &str) -> String {
        format!("unexpected key '{key}' for mount type '{}'", self.kind.name())
    }

    fn validate(&self) -> Result<(), String> {
        let kind = self.kind.name();
        if matches!(self.kind, MountKind::Bind | MountKind::Tmpfs) {
            for (key, given) in [("mode", self.mode), ("uid", self.uid), ("gid", self.gid)] {
                if given.is_some() {
                    return Err(format!("{key} not allowed for {} type mounts", quote(kind)));
                }
            }
        }
        if self.kind == MountKind::Secret {
            if !self.from.is_empty() {
                return Err("secret mount should not have a from".to_owned());
            }
            if !self.sharing.is_empty() {
                return Err("secret mount should not define sharing".to_owned());
            }
            if self.source.is_empty() && self.target.is_empty() && self.id.is_empty() {
                return Err("invalid secret mount. one of source, target required".to_owned());
            }
            if !self.source.is_empty() && !self.id.is_empty() {
                return Err("both source and id can't be set".to_owned());
            }
        }
        if !self.sharing.is_empty() && self.kind != MountKind::Cache {
            return Err(format!("invalid cache sharing set for {kind} mount"));
        }
        Ok(())
    }
}

/// The fields of a CSV record; the error is Go's.
fn csv(text: &str) -> Result<Vec<String>, String> {
    if text.is_empty() {
        return Err("EOF".to_owned());
    }
    let mut fields = Vec::new();
    let mut rest = text;
    loop {
        if let Some(quoted) = rest.strip_prefix('"') {
            let mut field = String::new();
            let mut tail = quoted;
            loop {
                let column = |at: &str| text.len() - at.len() + 1;
                let Some((inside, after)) = tail.split_once('"') else {
                    return Err(format!(
                        "record on line 1; parse error on line 1, column {}: extraneous or missing \" in quoted-field",
                        text.len() + 1
                    ));
                };
                field.push_str(inside);
                match after.chars().next() {
                    Some('"') => {
                        field.push('"');
                        tail = &after[1..];
                    }
                    None | Some(',') => {
                        tail = after;
                        break;
                    }
                    Some(_) => {
                        return Err(format!(
                            "parse error on line 1, column {}: extraneous or missing \" in quoted-field",
                            column(after) - 1
                        ));
                    }
                }
            }
            fields.push(field);
            rest = tail;
        } else {
            let end = rest.find(',').unwrap_or(rest.len());
            let (field, tail) = rest.split_at(end);
            if let Some(at) = field.find('"') {
                let column = text.len() - rest.len() + at + 1;
                return Err(format!("parse error on line 1, column {column}: bare \" in non-quoted-field"));
            }
            fields.push(field.to_owned());
            rest = tail;
        }
        match rest.strip_prefix(',') {
            Some(more) => rest = more,
            None => return Ok(fields),
        }
    }
}

/// A size such as `16m` or `1.5GiB`, in bytes; units are powers of 1024.
fn bytes(text: &str) -> Option<u64> {
    let digits_end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits_end);
    let number: f64 = number.parse().ok()?;
    let unit = unit.trim_start_matches(' ').to_lowercase();
    let exponent = match unit.trim_end_matches('b').trim_end_matches('i') {
        "" => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        "p" => 5,
        _ => return None,
    };
    let size = number * 1024_f64.powi(exponent);
    (0.0..9.0e18).contains(&size).then_some(size as u64)
}
