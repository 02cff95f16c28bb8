//! COPY and ADD: what they copy from where, as whom.

use super::{Op, Planned, Scope, State};
use crate::build::copier::{Chmod, Copier};
use crate::build::outcome::CopiedFile;
use crate::build::sources::{self, Prints};
use crate::diagnostic::{BuildError, DiagnosticKind};
use crate::dockerfile::Word;
use crate::dockerfile::ast::{AddInstruction, CopyInstruction, Sources};
use crate::dockerfile::expand::Lexer;
use crate::dockerfile::remote;
use crate::dockerfile::stages::Source;
use crate::glob::PatternList;
use crate::shell::commands::mode;
use crate::shell::{Accounts, Note, NoteKind};
use crate::vfs::{Content, Overlay, Snapshot};
use std::sync::Arc;

/// Where files come from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::build) enum Origin {
    /// The build context.
    Context,
    /// A stage or an image.
    From(Source),
}

impl From<Option<Source>> for Origin {
    fn from(source: Option<Source>) -> Self {
        source.map_or(Origin::Context, Origin::From)
    }
}

/// What COPY or ADD does.
#[derive(Debug, Clone)]
pub(in crate::build) struct CopyOp {
    /// Where from.
    pub origin: Origin,
    /// Paths or patterns there.
    pub paths: Vec<String>,
    /// URLs of files, and of git repositories (ADD).
    pub urls: Vec<String>,
    /// Files of here-documents: name and content.
    pub files: Vec<(String, Content)>,
    /// Where to: absolute, with a trailing slash if it is a directory.
    pub destination: String,
    /// `--chown`, expanded.
    pub chown: Option<String>,
    /// `--chmod`.
    pub chmod: Option<Chmod>,
    /// `--exclude`.
    pub exclude: PatternList,
    /// `--parents`.
    pub parents: bool,
    /// Local archives are unpacked.
    pub unpack: bool,
    /// So are fetched ones.
    pub unpack_urls: bool,
}

struct Flags<'a> {
    chown: &'a Option<Word>,
    chmod: &'a Option<Word>,
    exclude: &'a [Word],
}

pub(super) fn plan_copy(copy: &CopyInstruction, state: &State, scope: &Scope<'_>) -> Result<Planned, DiagnosticKind> {
    let origin = (scope.source)(None).into();
    let flags = Flags { chown: &copy.chown, chmod: &copy.chmod, exclude: &copy.exclude };
    let (mut op, created_by) = plan(&copy.sources, "COPY", &flags, origin, state, scope)?;
    op.parents = copy.parents;
    Ok(Planned { op: Op::Copy(Arc::new(op)), created_by: Some(created_by) })
}

pub(super) fn plan_add(add: &AddInstruction, state: &State, scope: &Scope<'_>) -> Result<Planned, DiagnosticKind> {
    let flags = Flags { chown: &add.chown, chmod: &add.chmod, exclude: &add.exclude };
    let (mut op, created_by) = plan(&add.sources, "ADD", &flags, Origin::Context, state, scope)?;
    (op.urls, op.paths) = op.paths.into_iter().partition(|path| remote::is_url(path) || remote::is_git(path));
    op.unpack = add.unpack.unwrap_or(true);
    op.unpack_urls = add.unpack == Some(true);
    Ok(Planned { op: Op::Copy(Arc::new(op)), created_by: Some(created_by) })
}

fn plan(
    sources: &Sources,
    name: &str,
    flags: &Flags<'_>,
    origin: Origin,
    state: &State,
    scope: &Scope<'_>,
) -> Result<(CopyOp, String), DiagnosticKind> {
    let optional = |word: &Option<Word>| word.as_ref().map(|word| scope.expand(word, state)).transpose();
    let (chown, chmod) = (optional(flags.chown)?, optional(flags.chmod)?);
    let paths = scope.expand_all(&sources.paths, state)?;
    let destination = scope.expand(&sources.destination, state)?;
    let mut files = Vec::new();
    for file in &sources.files {
        let content = if file.expand {
            Lexer::for_content().process(&file.content, &state.env)?.text
        } else {
            file.content.clone()
        };
        files.push((file.name.clone(), Content::from(content)));
    }
    let shown = [("chown", chown.as_deref().unwrap_or("")), ("chmod", chmod.as_deref().unwrap_or(""))];
    let created_by = format!("{} # buildkit", sources.created_by(name, &shown, &paths, &destination));
    let op = CopyOp {
        origin,
        paths,
        urls: Vec::new(),
        files,
        destination: state.path(&destination),
        chmod: chmod.as_deref().map(parse_chmod).transpose()?,
        chown,
        exclude: exclude(flags.exclude)?,
        parents: false,
        unpack: false,
        unpack_urls: false,
    };
    Ok((op, created_by))
}

/// BuildKit does not expand variables here.
fn exclude(patterns: &[Word]) -> Result<PatternList, DiagnosticKind> {
    PatternList::new(patterns.iter().map(|pattern| pattern.text.as_str()))
        .map_err(|message| BuildError::ValueRefused { message }.into())
}

fn parse_chmod(text: &str) -> Result<Chmod, DiagnosticKind> {
    let octal = u16::from_str_radix(text, 8).ok().filter(|mode| *mode <= 0o7777 && !text.starts_with('+'));
    if let Some(mode) = octal {
        return Ok(Chmod::Octal(mode));
    }
    let refuse = || BuildError::ValueRefused {
        message: format!("invalid chmod parameter: '{text}'. it should be octal string and between 0 and 07777"),
    };
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(refuse().into());
    }
    let valid = mode::apply(text, mode::Target { mode: 0, is_dir: false, umask: 0, gnu: true }).is_some();
    if valid { Ok(Chmod::Symbolic(sticky(text))) } else { Err(refuse().into()) }
}

/// As GNU's chmod reads it, but for the sticky bit: BuildKit's `t` counts for `u`, `g` and all, and not for `o` alone
/// (`copy-chmod-table`), so it becomes a clause of its own.
fn sticky(text: &str) -> String {
    let mut clauses = Vec::new();
    for clause in text.split(',') {
        let actions = clause.trim_start_matches(['u', 'g', 'o', 'a']);
        let who = &clause[..clause.len() - actions.len()];
        clauses.push(format!("{who}{}", actions.replace('t', "")));
        let counts = who.is_empty() || who.contains(['u', 'g', 'a']);
        let mut operator = '+';
        for letter in actions.chars() {
            match letter {
                '+' | '=' => operator = '+',
                '-' => operator = '-',
                't' if counts => clauses.push(format!("a{operator}t")),
                _ => {}
            }
        }
    }
    clauses.join(",")
}

impl CopyOp {
    /// Does every source without a wildcard exist, and is every URL one? BuildKit finds out before anything runs.
    ///
    /// # Errors
    /// The first that does not.
    pub fn check_sources(&self, source: &Snapshot) -> Result<(), BuildError> {
        for path in &self.paths {
            sources::find(source, path).map_err(|path| BuildError::SourceNotFound { path })?;
        }
        match self.urls.iter().filter(|url| remote::is_url(url)).find_map(|url| remote::problem(url)) {
            Some(message) => Err(BuildError::BadUrl { message }),
            None => Ok(()),
        }
    }

    /// What the cache key is made of besides the definition: the files that are copied.
    pub fn prints(&self, source: &Snapshot) -> Prints {
        let mut prints = Prints::new();
        for path in &self.paths {
            if let Ok(found) = sources::find(source, path) {
                sources::fingerprint(source, &found, &self.exclude, &mut prints);
            }
        }
        prints
    }

    /// The definition, for the cache key: everything but the contents of files.
    pub fn definition(&self) -> String {
        let files: Vec<_> = self.files.iter().map(|(name, content)| (name, content.digest())).collect();
        format!(
            "{:?} {:?} {:?} {:?} {:?} {:?} {} {} {}",
            (&self.paths, &self.urls),
            files,
            self.destination,
            self.chown,
            self.chmod,
            self.exclude,
            self.parents,
            self.unpack,
            self.unpack_urls
        )
    }

    /// Copies, and says what it copied, sorted by where it went.
    ///
    /// # Errors
    /// What is missing or in the way, as BuildKit words it.
    pub fn run(&self, source: &Snapshot, target: &mut Overlay) -> Result<Vec<CopiedFile>, BuildError> {
        let failed = |message| BuildError::CopyFailed { message };
        let accounts = Accounts::load(target.merged());
        let owner = self.chown.as_deref().map(|chown| owner(chown, &accounts));
        let mut copier =
            Copier { target, owner, chmod: self.chmod.as_ref(), exclude: &self.exclude, copied: Vec::new() };
        for path in &self.paths {
            for found in sources::find(source, path).map_err(|path| BuildError::SourceNotFound { path })? {
                if self.unpack && copier.unpack(source, &found, &self.destination).map_err(failed)? {
                    continue;
                }
                let destination =
                    if self.parents { self.with_parents(path, &found.path) } else { self.destination.clone() };
                copier.copy(source, &found, &destination).map_err(failed)?;
            }
        }
        for url in &self.urls {
            if remote::is_git(url) {
                copier.directory(&self.destination).map_err(failed)?;
            } else {
                copier.write(remote::file_name(url), &Content::unknown(0), 0o600, &self.destination).map_err(failed)?;
            }
        }
        for (name, content) in &self.files {
            copier.write(name, content, 0o644, &self.destination).map_err(failed)?;
        }
        let mut copied = copier.copied;
        copied.sort();
        Ok(copied)
    }

    /// What is to be said of URLs: nothing is fetched.
    pub fn notes(&self) -> Vec<Note> {
        let note = |url: &String| {
            let (kind, message) = match remote::is_git(url) || self.unpack_urls {
                true => (NoteKind::NotSimulated, format!("ADD: what {url} holds is not fetched")),
                false => (NoteKind::Modelled, format!("ADD: {url} is not fetched, so its size is not known")),
            };
            Note { kind, message, position: 0 }
        };
        self.urls.iter().map(note).collect()
    }

    /// `--parents`: the source's own directories below the destination; those before `/./` are left out.
    fn with_parents(&self, pattern: &str, found: &crate::path::AbsPath) -> String {
        let pivot =
            pattern.split_once("/./").map_or(0, |(before, _)| crate::path::AbsPath::new(before).components().count());
        let kept: Vec<&str> = found.components().skip(pivot).collect();
        format!("{}/{}", self.destination.trim_end_matches('/'), kept.join("/"))
    }
}

/// `--chown`: names are looked up in the target's files, and one that is not there, or is empty, is root's; a user without a
/// colon brings its group, a number the group of that number (`copy-chown-unknown-user`, `copy-chown-table`).
fn owner(chown: &str, accounts: &Accounts) -> (u32, u32) {
    // A number is what 31 bits hold; past that it is a name.
    let number = |text: &str| match text {
        "" => Some(0),
        _ => text.parse::<u32>().ok().filter(|id| *id <= i32::MAX as u32),
    };
    let (user, group) = match chown.split_once(':') {
        Some((user, group)) => (user, Some(group)),
        None => (chown, None),
    };
    let (uid, user_gid) = match (number(user), accounts.user(user)) {
        (Some(id), _) => (id, id),
        (None, Some(user)) => (user.uid, user.gid),
        (None, None) => (0, 0),
    };
    let gid = group.and_then(|group| number(group).or_else(|| accounts.group(group).map(|group| group.gid)));
    (uid, gid.unwrap_or(user_gid))
}
