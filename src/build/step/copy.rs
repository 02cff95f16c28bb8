//! COPY and ADD: what they copy from where, as whom.

use super::{Op, Planned, Scope, State};
use crate::build::copier::{Chmod, Copier};
use crate::build::sources::{self, Prints};
use crate::diagnostic::{BuildError, DiagnosticKind};
use crate::dockerfile::Word;
use crate::dockerfile::ast::{AddInstruction, CopyInstruction, Sources};
use crate::dockerfile::expand::Lexer;
use crate::dockerfile::stages::Source;
use crate::glob::PatternList;
use crate::shell::Accounts;
use crate::shell::commands::mode;
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
    /// URLs (ADD).
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
    (op.urls, op.paths) = op.paths.into_iter().partition(|path| is_url(path));
    op.unpack = add.unpack.unwrap_or(true);
    Ok(Planned { op: Op::Copy(Arc::new(op)), created_by: Some(created_by) })
}

fn is_url(path: &str) -> bool {
    ["http://", "https://", "git://", "ssh://", "git@"].iter().any(|scheme| path.starts_with(scheme))
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
        exclude: exclude(&scope.expand_all(flags.exclude, state)?)?,
        parents: false,
        unpack: false,
    };
    Ok((op, created_by))
}

fn exclude(patterns: &[String]) -> Result<PatternList, DiagnosticKind> {
    PatternList::new(patterns.iter().map(String::as_str)).map_err(|message| BuildError::ValueRefused { message }.into())
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
    if valid { Ok(Chmod::Symbolic(text.to_owned())) } else { Err(refuse().into()) }
}

impl CopyOp {
    /// Does every source without a wildcard exist? BuildKit finds out before anything runs.
    ///
    /// # Errors
    /// The first that does not.
    pub fn check_sources(&self, source: &Snapshot) -> Result<(), BuildError> {
        for path in &self.paths {
            sources::find(source, path).map_err(|path| BuildError::SourceNotFound { path })?;
        }
        Ok(())
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
            "{:?} {:?} {:?} {:?} {:?} {:?} {} {}",
            (&self.paths, &self.urls),
            files,
            self.destination,
            self.chown,
            self.chmod,
            self.exclude,
            self.parents,
            self.unpack
        )
    }

    /// Copies.
    ///
    /// # Errors
    /// What is missing or in the way, as BuildKit words it.
    pub fn run(&self, source: &Snapshot, target: &mut Overlay) -> Result<(), BuildError> {
        let failed = |message| BuildError::CopyFailed { message };
        if let Some(url) = self.urls.first() {
            return Err(BuildError::FetchFailed { url: url.clone() });
        }
        let accounts = Accounts::load(target.merged());
        let owner = self.chown.as_deref().map(|chown| owner(chown, &accounts));
        let mut copier = Copier { target, owner, chmod: self.chmod.as_ref(), exclude: &self.exclude };
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
        for (name, content) in &self.files {
            copier.write(name, content, &self.destination).map_err(failed)?;
        }
        Ok(())
    }

    /// `--parents`: the source's own directories below the destination; those before `/./` are left out.
    fn with_parents(&self, pattern: &str, found: &crate::path::AbsPath) -> String {
        let pivot =
            pattern.split_once("/./").map_or(0, |(before, _)| crate::path::AbsPath::new(before).components().count());
        let kept: Vec<&str> = found.components().skip(pivot).collect();
        format!("{}/{}", self.destination.trim_end_matches('/'), kept.join("/"))
    }
}

/// `--chown`: names are looked up in the target's files, and one that is not there is root; a user alone brings its group,
/// a number alone the group of that number (`copy-chown-unknown-user`).
fn owner(chown: &str, accounts: &Accounts) -> (u32, u32) {
    let (user, group) = chown.split_once(':').unwrap_or((chown, ""));
    let (uid, mut gid) = match (user.parse::<u32>(), accounts.user(user)) {
        (Ok(number), _) => (number, number),
        (_, Some(user)) => (user.uid, user.gid),
        _ => (0, 0),
    };
    if let Some(number) = group.parse().ok().or_else(|| accounts.group(group).map(|group| group.gid)) {
        gid = number;
    }
    (uid, gid)
}
