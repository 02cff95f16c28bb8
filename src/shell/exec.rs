//! Finding and starting programs, as execvp(3) and the kernel do: PATH, links, execute bits, `#!` lines, busybox's many names.

use super::commands::{Context, Exit, Run};
use super::interpreter::Boxed;
use super::{Flavour, NoteKind, Process, System};
use crate::vfs::{Access, Content, Errno, Segment};

/// Why a program cannot be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// It is nowhere.
    NotFound,
    /// It may not be executed.
    Denied,
    /// It is a directory.
    Directory,
    /// The interpreter that its `#!` line names is nowhere.
    Interpreter(String),
    /// It is no program.
    Format,
}

/// Where programs are looked for without PATH.
const DEFAULT_PATH: &str = "/sbin:/usr/sbin:/bin:/usr/bin";

/// How many `#!` lines may lead from one to the next (Linux: 5).
const MAX_INTERPRETERS: u32 = 5;

/// The path of a program: a name with a slash is one, others are looked for in the directories of PATH.
///
/// # Errors
/// Not found, or nothing there that may be executed.
pub fn look_up(system: &System, process: &Process, name: &str, path: Option<&str>) -> Result<String, Missing> {
    if name.contains('/') {
        return executable(system, process, name).map(|()| name.to_owned());
    }
    if name.is_empty() {
        return Err(Missing::NotFound);
    }
    let mut denied = Missing::NotFound;
    for directory in path.unwrap_or(DEFAULT_PATH).split(':') {
        let candidate = match directory {
            "" => name.to_owned(),
            "/" => format!("/{name}"),
            _ => format!("{}/{name}", directory.trim_end_matches('/')),
        };
        match executable(system, process, &candidate) {
            Ok(()) => return Ok(candidate),
            Err(Missing::Denied) => denied = Missing::Denied,
            Err(_) => {}
        }
    }
    Err(denied)
}

fn executable(system: &System, process: &Process, path: &str) -> Result<(), Missing> {
    let absolute = process.path(path);
    let stat = match system.fs.stat(&process.cred, &absolute) {
        Ok(stat) => stat,
        Err(Errno::EACCES) => return Err(Missing::Denied),
        Err(_) => return Err(Missing::NotFound),
    };
    if stat.is_dir() {
        return Err(Missing::Directory);
    }
    match system.fs.access(&process.cred, &absolute, Access::Execute) {
        Ok(()) if stat.is_file() => Ok(()),
        _ => Err(Missing::Denied),
    }
}

/// Runs the program at a path with these arguments; `argv[0]` is the name it was called by. A text without a `#!` line is
/// run by the shell if a shell starts it (`by_shell`).
///
/// # Errors
/// If it cannot be started.
pub fn start<'a>(
    system: &'a mut System,
    process: Process,
    path: &'a str,
    args: Vec<String>,
    by_shell: bool,
) -> Boxed<'a, Result<Exit, Missing>> {
    Box::pin(started(system, process, path.to_owned(), args, by_shell))
}

async fn started(
    system: &mut System,
    mut process: Process,
    path: String,
    mut args: Vec<String>,
    by_shell: bool,
) -> Result<Exit, Missing> {
    let mut path = path;
    for _ in 0..MAX_INTERPRETERS {
        executable(system, &process, &path)?;
        // Executing needs no read permission.
        let absolute = process.path(&path);
        let content = system.fs.read(&crate::vfs::Cred::root(), &absolute).map_err(|_| Missing::NotFound)?;
        let Some(start) = beginning(&content) else {
            return Ok(binary(system, process, &path, args).await);
        };
        if start.starts_with(b"\x7fELF") {
            return Ok(binary(system, process, &path, args).await);
        }
        if let Some(line) = start.strip_prefix(b"#!") {
            let line = line.split(|b| *b == b'\n').next().unwrap_or_default();
            let line = String::from_utf8_lossy(line).trim().to_owned();
            let (interpreter, argument) = line.split_once([' ', '\t']).unwrap_or((&line, ""));
            let mut wrapped = vec![interpreter.to_owned()];
            if !argument.trim().is_empty() {
                wrapped.push(argument.trim().to_owned());
            }
            wrapped.push(path);
            wrapped.extend(args.into_iter().skip(1));
            args = wrapped;
            path = args[0].clone();
            match executable(system, &process, &path) {
                Ok(()) => {}
                Err(Missing::NotFound) => return Err(Missing::Interpreter(path)),
                Err(missing) => return Err(missing),
            }
            continue;
        }
        if !by_shell || start.contains(&0) {
            return Err(Missing::Format);
        }
        let dialect = super::commands::sh_dialect(system, &process, "sh");
        let rest = args.into_iter().skip(1).collect();
        return Ok(super::commands::run_script(system, &mut process, dialect, &path, rest).await);
    }
    Err(Missing::NotFound)
}

/// The first bytes of a file; none if they are not held.
fn beginning(content: &Content) -> Option<Vec<u8>> {
    if matches!(content.segments().first(), Some(Segment::Listed { .. } | Segment::Unknown(_))) {
        return None;
    }
    content.slice(0, 256).to_bytes().ok().map(|bytes| bytes.to_vec())
}

/// Runs a compiled program: by the name it was called by, as busybox does, else by the name of the file that links lead to.
async fn binary(system: &mut System, mut process: Process, path: &str, mut args: Vec<String>) -> Exit {
    let base = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let called = base(path);
    let real = system
        .fs
        .realpath(&process.cred, &process.path(path))
        .map_or_else(|_| called.clone(), |real| real.name().to_owned());
    let busybox = real == "busybox" || called == "busybox" || system.flavour == Flavour::Busybox;
    let mut name = called.clone();
    if called == "busybox" || (real == "busybox" && args.len() > 1 && system.find(&called).is_none()) {
        args.remove(0);
        match args.first() {
            Some(applet) => name = base(applet),
            None => {
                system.note(NoteKind::NotSimulated, "busybox: its list of applets".to_owned());
                return 0;
            }
        }
        if called == "busybox" && system.find(&name).is_none() && !is_applet(system, &name) {
            let text = format!("{name}: applet not found\n");
            let mut context = Context { args, system, process: &mut process };
            context.err(text);
            return 127;
        }
    }
    let found = system.find(&name).or_else(|| if busybox { None } else { system.find(&real) });
    let Some(command) = found else {
        system.note(NoteKind::NotSimulated, format!("{name}: the program"));
        return 0;
    };
    if !system.spend() {
        return 0;
    }
    let mut context = Context { args, system, process: &mut process };
    match command.run {
        Run::Plain(run) => run(&mut context),
        Run::Launcher(run) => run(&mut context).await,
    }
}

/// Is there a link of this name to busybox?
fn is_applet(system: &System, name: &str) -> bool {
    ["/bin", "/sbin", "/usr/bin", "/usr/sbin"]
        .iter()
        .any(|directory| system.fs.lstat(&crate::vfs::Cred::root(), &format!("{directory}/{name}")).is_ok())
}

/// What runc says when the program of a container cannot be started.
pub fn runc_message(name: &str, missing: &Missing) -> String {
    let reason = match missing {
        Missing::NotFound if name.contains('/') => format!("exec: \"{name}\": stat {name}: no such file or directory"),
        Missing::NotFound => format!("exec: \"{name}\": executable file not found in $PATH"),
        Missing::Denied | Missing::Directory => format!("exec: \"{name}\": permission denied"),
        Missing::Interpreter(_) => format!("exec {name}: no such file or directory"),
        Missing::Format => format!("exec {name}: exec format error"),
    };
    match missing {
        Missing::Interpreter(_) | Missing::Format => reason,
        _ => format!("runc run failed: unable to start container process: error during container init: {reason}"),
    }
}
