//! RUN: a process in a container on the snapshot, and what it changes.

use super::copy::Origin;
use super::{Op, Planned, Scope, State};
use crate::build::copier::go_message;
use crate::build::sources::{self, Prints};
use crate::data::Data;
use crate::diagnostic::{BuildError, DiagnosticKind};
use crate::dockerfile::Instruction;
use crate::dockerfile::ast::RunInstruction;
use crate::dockerfile::instruction::Program;
use crate::dockerfile::instruction::mount::{Mount, MountKind};
use crate::dockerfile::stages::PROXY_ARGS;
use crate::glob::PatternList;
use crate::image::DEFAULT_PATH;
use crate::packages::{LANGUAGE_TOOLS, TOOLS};
use crate::path::AbsPath;
use crate::shell::{self, Accounts, Budget, Description, Fds, Launch, Note, Process, Stop, Stream, System};
use crate::vfs::{Changeset, Content, Cred, Entry, EntryKind, FileKind, Meta, Node, Overlay, Snapshot, Time, Tree};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What RUN does.
#[derive(Debug, Clone)]
pub(in crate::build) struct RunOp {
    /// Program and arguments.
    pub arguments: Vec<String>,
    /// A here-document that is run as a file: its name and content.
    pub script_file: Option<(String, String)>,
    /// The environment, in order; without proxies.
    pub env: Vec<(String, String)>,
    /// Proxies of `--build-arg`: in the environment, not in the cache key.
    pub proxies: Vec<(String, String)>,
    /// The working directory.
    pub dir: String,
    /// `USER`.
    pub user: String,
    /// `--mount`.
    pub mounts: Vec<Mount>,
    /// Where their files come from, one for each mount.
    pub origins: Vec<Option<Origin>>,
    /// `--network`, `--security`: part of the cache key.
    pub sandbox: String,
}

const ROOT: Cred = Cred { uid: 0, gid: 0, groups: Vec::new() };

pub(super) fn plan(
    run: &RunInstruction,
    instruction: &Instruction,
    state: &State,
    scope: &Scope<'_>,
) -> Result<Planned, DiagnosticKind> {
    let program = run.program(&instruction.heredocs);
    let arguments = program.arguments(&state.shell());
    let mut build_args: Vec<(String, String)> = Vec::new();
    for (name, value) in &state.build_args {
        let value = state.env.get(name).map(str::to_owned).or_else(|| value.clone()).unwrap_or_default();
        match build_args.iter_mut().find(|(known, _)| known == name) {
            Some(known) => known.1 = value,
            None => build_args.push((name.clone(), value)),
        }
    }
    let mut mounts = Vec::new();
    for word in &run.mounts {
        let mut expand = |text: &str| scope.lexer.process(text, &state.env).map(|e| e.text).map_err(Refused::from);
        mounts.push(Mount::parse(&word.text, &mut expand).map_err(|refused| refused.0)?);
    }
    if let Some(network) = &run.network
        && network.text == "host"
    {
        return Err(BuildError::ValueRefused { message: "network.host is not allowed".to_owned() }.into());
    }
    let has_files = |mount: &Mount| mount.kind == MountKind::Bind || !mount.from.is_empty();
    let origins = mounts
        .iter()
        .enumerate()
        .map(|(at, mount)| has_files(mount).then(|| (scope.source)(Some(at)).into()))
        .collect();
    let proxies = scope.build_args.iter().filter(|(name, _)| PROXY_ARGS.contains(name));
    let op = RunOp {
        script_file: match &program {
            Program::File { name, content } => Some((name.clone(), content.clone())),
            _ => None,
        },
        env: state.env.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        proxies: proxies
            .flat_map(|(name, value)| {
                [(name.to_uppercase(), value.to_owned()), (name.to_lowercase(), value.to_owned())]
            })
            .collect(),
        dir: state.dir().to_owned(),
        user: state.config.user.clone(),
        mounts,
        origins,
        sandbox: format!(
            "{:?} {:?}",
            run.network.as_ref().map(|word| &word.text),
            run.security.as_ref().map(|word| &word.text)
        ),
        arguments: arguments.clone(),
    };
    Ok(Planned { op: Op::Run(Arc::new(op)), created_by: Some(RunInstruction::created_by(&build_args, &arguments)) })
}

/// Carries either kind of refusal of a mount.
struct Refused(DiagnosticKind);

impl From<String> for Refused {
    fn from(message: String) -> Self {
        Self(BuildError::ValueRefused { message }.into())
    }
}

impl From<crate::diagnostic::ExpansionError> for Refused {
    fn from(error: crate::diagnostic::ExpansionError) -> Self {
        Self(error.into())
    }
}

/// What a RUN is given besides its filesystem.
pub(in crate::build) struct Surroundings<'a> {
    /// The files of a bind mount's origin.
    pub files: &'a dyn Fn(&Origin) -> Option<Snapshot>,
    /// `--secret`.
    pub secrets: &'a BTreeMap<String, Content>,
    /// What earlier RUNs left in cache mounts, by id.
    pub caches: &'a mut BTreeMap<String, Tree>,
    /// What is left of the build's commands.
    pub commands: u64,
    /// The catalogue's data, for package managers.
    pub data: &'a Data,
}

/// What a RUN leaves.
pub(in crate::build) struct Ran {
    /// The filesystem with its upper.
    pub overlay: Overlay,
    /// What was printed.
    pub log: Vec<(Stream, String)>,
    /// What was noted.
    pub notes: Vec<Note>,
    /// What a COPY copied.
    pub copied: Vec<crate::build::outcome::CopiedFile>,
    /// What is left of the build's commands.
    pub commands: u64,
    /// Why it failed.
    pub failure: Option<BuildError>,
}

impl RunOp {
    /// The definition, for the cache key.
    pub fn definition(&self) -> String {
        format!(
            "{:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            self.arguments, self.script_file, self.env, self.dir, self.user, self.mounts, self.sandbox
        )
    }

    /// The files of bind mounts, for the cache key.
    ///
    /// # Errors
    /// A source that is not there.
    pub fn prints(&self, files: &dyn Fn(&Origin) -> Option<Snapshot>) -> Result<Prints, BuildError> {
        let nothing = PatternList::default();
        let mut prints = Prints::new();
        for (i, (mount, origin)) in self.mounts.iter().zip(&self.origins).enumerate() {
            let Some(source) = origin.as_ref().and_then(files) else { continue };
            let path = AbsPath::new(&mount.source);
            let found = sources::find(&source, path.as_str()).map_err(|path| BuildError::SourceNotFound { path })?;
            let mut own = Prints::new();
            sources::fingerprint(&source, &found, &nothing, &mut own);
            prints.extend(
                own.into_iter().map(|(path, print)| (if i == 0 { path } else { format!("{path} ({i})") }, print)),
            );
        }
        Ok(prints)
    }

    /// `sh -c text` as BuildKit shows the process.
    pub fn process(&self) -> String {
        self.arguments.join(" ")
    }

    /// Runs it on a snapshot.
    pub async fn run(&self, before: Snapshot, around: Surroundings<'_>) -> Ran {
        let budget = Budget { commands: around.commands, ..Budget::default() };
        let mut overlay = Overlay::new(before);
        let mut made = Vec::new();
        let mut env: BTreeMap<String, String> = self.proxies.iter().chain(&self.env).cloned().collect();
        if let Err(failure) = self.mount(&mut overlay, &around, &mut made, &mut env) {
            return Ran {
                overlay,
                log: Vec::new(),
                notes: Vec::new(),
                copied: Vec::new(),
                commands: around.commands,
                failure: Some(failure),
            };
        }
        self.mount_system(&mut overlay);
        let (flavour, libc) = shell::identify(overlay.merged());
        let mut system = System::new(overlay, flavour, libc, budget);
        system.data = around.data.clone();
        system.programs.push(TOOLS);
        system.programs.push(LANGUAGE_TOOLS);
        let failure = self.start(&mut system, env).await;
        let mut overlay = system.fs;
        for mount in self.mounts.iter().rev().filter(|mount| mount.kind != MountKind::Secret || mount.env.is_empty()) {
            let tree = overlay.unmount(&self.target(mount));
            if let (MountKind::Cache, Some(tree)) = (mount.kind, tree) {
                around.caches.insert(cache_id(mount, &self.target(mount)), tree);
            }
        }
        for (path, is_dir) in made.iter().rev() {
            // Not empty, or gone: then it stays as it is.
            let _ = if *is_dir { overlay.rmdir(&ROOT, path) } else { overlay.unlink(&ROOT, path) };
        }
        let log = system
            .log
            .into_iter()
            .map(|(stream, bytes)| (stream, String::from_utf8_lossy(&bytes).into_owned()))
            .collect();
        Ran { overlay, log, notes: system.notes, copied: Vec::new(), commands: system.budget.commands, failure }
    }

    async fn start(&self, system: &mut System, mut env: BTreeMap<String, String>) -> Option<BuildError> {
        let accounts = Accounts::load(system.fs.merged());
        let (cred, home) = match accounts.exec_user(&self.user) {
            Ok((cred, user)) => (cred, user.map_or("/", |user| user.home.as_str())),
            Err(reason) => return Some(BuildError::ProcessNotStarted { process: self.process(), reason }),
        };
        env.entry("PATH".to_owned()).or_insert_with(|| DEFAULT_PATH.to_owned());
        env.entry("HOME".to_owned()).or_insert_with(|| if home.is_empty() { "/" } else { home }.to_owned());
        let cwd = self.enter(system, &cred);
        let fds: Fds = [
            (0, Description::Null.fd()),
            (1, Description::Log(Stream::Stdout).fd()),
            (2, Description::Log(Stream::Stderr).fd()),
        ]
        .into();
        let process = Process { env, cwd, cred, umask: 0o022, fds, pid: 1 };
        let launched = shell::exec(system, process, self.arguments.clone()).await;
        if let Some(stop) = system.stopped() {
            return Some(budget_error(stop));
        }
        let exit_code = match launched {
            Launch::Exited(0) => return None,
            Launch::Exited(status) => i32::from(status),
            Launch::NotFound(message) => {
                system.print(Stream::Stderr, format!("{message}\n").as_bytes());
                1
            }
        };
        Some(BuildError::ProcessFailed { process: self.process(), exit_code })
    }

    /// The working directory, made if it is missing, without links.
    fn enter(&self, system: &mut System, cred: &Cred) -> String {
        let missing: Vec<AbsPath> = std::iter::successors(Some(AbsPath::new(&self.dir)), AbsPath::parent)
            .take_while(|dir| system.fs.stat(&ROOT, dir.as_str()).is_err())
            .collect();
        for dir in missing.iter().rev() {
            if system.fs.mkdir(&ROOT, dir.as_str(), 0o755).is_ok() {
                // Made by root above: this cannot fail.
                let _ = system.fs.chown(&ROOT, dir.as_str(), Some(cred.uid), Some(cred.gid), false);
            }
        }
        system.fs.realpath(&ROOT, &self.dir).map_or_else(|_| "/".to_owned(), |path| path.to_string())
    }

    /// What every container has: `/proc`, `/sys`, `/dev`, and the network's files in `/etc`.
    fn mount_system(&self, overlay: &mut Overlay) {
        let device = |name: &str, minor| entry(name, EntryKind::CharDevice { major: 1, minor }, 0o666);
        let mut dev = vec![
            device("/full", 7),
            device("/null", 3),
            device("/random", 8),
            device("/urandom", 9),
            device("/zero", 5),
            entry("/tty", EntryKind::CharDevice { major: 5, minor: 0 }, 0o666),
            entry("/fd", EntryKind::Symlink("/proc/self/fd".into()), 0o777),
            entry("/stdin", EntryKind::Symlink("/proc/self/fd/0".into()), 0o777),
            entry("/stdout", EntryKind::Symlink("/proc/self/fd/1".into()), 0o777),
            entry("/stderr", EntryKind::Symlink("/proc/self/fd/2".into()), 0o777),
            entry("/shm", EntryKind::Dir, 0o1777),
            entry("/pts", EntryKind::Dir, 0o755),
            entry("/mqueue", EntryKind::Dir, 0o1777),
        ];
        if let Some((name, content)) = &self.script_file {
            dev.push(entry("/pipes", EntryKind::Dir, 0o755));
            dev.push(entry(&format!("/pipes/{name}"), EntryKind::File(content.as_str().into()), 0o755));
        }
        dev.sort_by(|a, b| a.path.cmp(&b.path));
        overlay.mount_system("/dev", &Tree(Snapshot::empty().apply(&Changeset { entries: dev })));
        overlay.mount_system("/proc", &Tree(Snapshot::empty()));
        overlay.mount_system("/sys", &Tree(Snapshot::empty()));
        let hosts = "127.0.0.1\tlocalhost buildkitsandbox\n::1\tlocalhost ip6-localhost ip6-loopback\n";
        overlay.mount_system("/etc/hosts", &file_tree(hosts.into(), 0o644, 0, 0));
        overlay.mount_system("/etc/resolv.conf", &file_tree("nameserver 127.0.0.11\n".into(), 0o644, 0, 0));
    }

    fn target(&self, mount: &Mount) -> String {
        let target = match mount.kind {
            MountKind::Secret if mount.target.is_empty() => format!("/run/secrets/{}", secret_id(mount)),
            _ => mount.target.clone(),
        };
        AbsPath::new(&self.dir).join(&target).to_string()
    }

    /// Mounts what `--mount` names; `made` takes the mount points that had to be made.
    fn mount(
        &self,
        overlay: &mut Overlay,
        around: &Surroundings<'_>,
        made: &mut Vec<(String, bool)>,
        env: &mut BTreeMap<String, String>,
    ) -> Result<(), BuildError> {
        for (mount, origin) in self.mounts.iter().zip(&self.origins) {
            let target = self.target(mount);
            let source = origin.as_ref().and_then(|origin| (around.files)(origin));
            let bound = |default: Option<Tree>| match &source {
                None => Ok(default),
                Some(source) => {
                    let path = AbsPath::new(&mount.source);
                    let at = source.resolve(&ROOT, path.as_str(), true).ok().and_then(|at| at.ino());
                    at.map(|ino| Some(subtree(source, ino)))
                        .ok_or(BuildError::SourceNotFound { path: path.to_string() })
                }
            };
            let tree = match mount.kind {
                MountKind::Bind => bound(None)?,
                MountKind::Tmpfs => Some(directory(0o1777, 0, 0)),
                MountKind::Cache => {
                    let kept = around.caches.get(&cache_id(mount, &target)).cloned();
                    let mode = mount.mode.map_or(0o755, |mode| mode as u16);
                    match kept {
                        Some(tree) => Some(tree),
                        None => bound(Some(directory(mode, mount.uid.unwrap_or(0), mount.gid.unwrap_or(0))))?,
                    }
                }
                MountKind::Secret => {
                    let id = secret_id(mount);
                    match around.secrets.get(&id) {
                        None if mount.required => return Err(BuildError::SecretNotFound { id }),
                        None => None,
                        Some(content) if !mount.env.is_empty() => {
                            env.insert(mount.env.clone(), content.to_text().unwrap_or_default());
                            None
                        }
                        Some(content) => {
                            let mode = mount.mode.map_or(0o400, |mode| mode as u16);
                            Some(file_tree(content.clone(), mode, mount.uid.unwrap_or(0), mount.gid.unwrap_or(0)))
                        }
                    }
                }
                MountKind::Ssh => None,
            };
            let Some(tree) = tree else { continue };
            let is_dir = tree.0.inode(tree.0.root()).is_some_and(|inode| inode.kind() == FileKind::Dir);
            make_point(overlay, &target, is_dir, made);
            let mounted = overlay.mount(&target, &tree, mount.read_only && mount.kind == MountKind::Bind);
            mounted.map_err(|errno| BuildError::ProcessNotStarted {
                process: self.process(),
                reason: go_message(errno),
            })?;
        }
        Ok(())
    }
}

fn secret_id(mount: &Mount) -> String {
    let named = [&mount.id, &mount.source, &mount.target].into_iter().find(|text| !text.is_empty());
    named.map_or("", |text| if mount.id.is_empty() { text.rsplit('/').next().unwrap_or(text) } else { text }).to_owned()
}

fn cache_id(mount: &Mount, target: &str) -> String {
    let id = if mount.id.is_empty() { target } else { &mount.id };
    format!("{id} {} {} {:?}", mount.from, mount.source, (mount.uid, mount.gid, mount.mode))
}

fn make_point(overlay: &mut Overlay, path: &str, is_dir: bool, made: &mut Vec<(String, bool)>) {
    if overlay.stat(&ROOT, path).is_ok() {
        return;
    }
    let parents: Vec<AbsPath> = std::iter::successors(AbsPath::new(path).parent(), AbsPath::parent).collect();
    for dir in parents.iter().rev().map(AbsPath::as_str) {
        if overlay.stat(&ROOT, dir).is_err() && overlay.mkdir(&ROOT, dir, 0o755).is_ok() {
            made.push((dir.to_owned(), true));
        }
    }
    let result =
        if is_dir { overlay.mkdir(&ROOT, path, 0o755) } else { overlay.write(&ROOT, path, &Content::empty(), 0o644) };
    if result.is_ok() {
        made.push((path.to_owned(), is_dir));
    }
}

fn entry(path: &str, kind: EntryKind, mode: u16) -> Entry {
    Entry { path: AbsPath::new(path), kind, meta: Meta { mode, uid: 0, gid: 0, mtime: Time::default() } }
}

fn directory(mode: u16, uid: u32, gid: u32) -> Tree {
    let empty = Snapshot::empty();
    let node = empty.inode(empty.root()).map_or(Node::Fifo, |inode| inode.node.clone());
    Tree(Snapshot::with_root(node, Meta { mode, uid, gid, mtime: Time::default() }))
}

fn file_tree(content: Content, mode: u16, uid: u32, gid: u32) -> Tree {
    Tree(Snapshot::with_root(Node::File(content), Meta { mode, uid, gid, mtime: Time::default() }))
}

/// A part of a filesystem as one of its own.
fn subtree(source: &Snapshot, ino: crate::vfs::Ino) -> Tree {
    Tree(source.rooted_at(ino))
}

fn budget_error(stop: Stop) -> BuildError {
    let budget = Budget::default();
    match stop {
        Stop::Commands => BuildError::TooManyCommands { limit: budget.commands },
        Stop::Nesting => BuildError::TooMuchNesting { limit: budget.nesting.into() },
        Stop::Output => BuildError::TooMuchOutput { limit: budget.output },
        Stop::Bytes => BuildError::TooManyBytes { limit: crate::vfs::MAX_SIZE },
        Stop::Entries => BuildError::TooManyEntries { limit: crate::vfs::MAX_ENTRIES },
    }
}
