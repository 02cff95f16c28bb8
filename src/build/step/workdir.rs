//! WORKDIR: a directory that is made if it is missing, and a layer even if it is not.

use super::{Op, Planned, Scope, State};
use crate::build::copier::Copier;
use crate::diagnostic::{BuildError, DiagnosticKind};
use crate::dockerfile::ast::WorkdirInstruction;
use crate::glob::PatternList;
use crate::path::AbsPath;
use crate::shell::Accounts;
use crate::vfs::Overlay;

/// What WORKDIR does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::build) struct WorkdirOp {
    /// The directory, absolute, as it is written.
    pub path: String,
    /// USER at this point: it owns what is made.
    pub user: String,
}

pub(super) fn plan(
    workdir: &WorkdirInstruction,
    state: &mut State,
    scope: &Scope<'_>,
) -> Result<Planned, DiagnosticKind> {
    let path = scope.expand(&workdir.path, state)?;
    let path = if path.starts_with('/') { path } else { AbsPath::new(state.dir()).join(&path).to_string() };
    state.config.working_dir.clone_from(&path);
    let op = if AbsPath::new(&path).is_root() {
        Op::Config
    } else {
        Op::Workdir(WorkdirOp { path: path.clone(), user: state.config.user.clone() })
    };
    Ok(Planned { op, created_by: Some(WorkdirInstruction::created_by(&path)) })
}

impl WorkdirOp {
    /// Makes the directory; links on the way are followed.
    ///
    /// # Errors
    /// A file is in the way.
    pub fn run(&self, target: &mut Overlay) -> Result<(), BuildError> {
        let accounts = Accounts::load(target.merged());
        let owner = accounts.exec_user(&self.user).map_or((0, 0), |(cred, _)| (cred.uid, cred.gid));
        let nothing = PatternList::default();
        let mut copier = Copier {
            target,
            owner: Some(owner).filter(|_| !self.user.is_empty()),
            chmod: None,
            exclude: &nothing,
            copied: Vec::new(),
        };
        let path = copier.follow(&self.path);
        copier.make_dirs(&path, 0o755).map_err(|message| BuildError::WorkdirFailed { message })
    }
}
