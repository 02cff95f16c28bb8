//! `su`, `runuser`, `chroot`: run as someone else, or elsewhere (which a build may not: it lacks the modelled capability).

use super::{Command, Context, Exit, Options, Run, Running};
use crate::shell::Accounts;

const SU_OPTIONS: Options = Options {
    short: "c:s:lmpu:g:",
    long: &[
        ("command", 'c'),
        ("shell", 's'),
        ("login", 'l'),
        ("preserve-environment", 'p'),
        ("user", 'u'),
        ("group", 'g'),
    ],
    hidden: "",
    in_order: false,
};

pub(super) const COMMAND: Command = Command { name: "su", run: Run::Launcher(su), options: &SU_OPTIONS };
pub(super) const RUNUSER: Command = Command { name: "runuser", run: Run::Launcher(su), options: &SU_OPTIONS };
pub(super) const CHROOT: Command = Command { name: "chroot", run: Run::Plain(chroot), options: &Options::short("") };

fn chroot(cx: &mut Context<'_>) -> Exit {
    cx.not_simulated("another root directory")
}

fn su<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(switched(cx))
}

async fn switched(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(&SU_OPTIONS) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if parsed.has('u') || parsed.has('g') {
        return cx.not_simulated("options -u and -g");
    }
    let mut operands = parsed.operands.clone();
    let mut login = parsed.has('l');
    if operands.first().is_some_and(|operand| operand == "-") {
        operands.remove(0);
        login = true;
    }
    let name = if operands.is_empty() { "root".to_owned() } else { operands.remove(0) };
    let accounts = Accounts::from(&cx.system.fs);
    let Some(user) = accounts.user(&name).cloned() else {
        cx.complain(match cx.busybox() {
            true => format!("unknown user {name}"),
            false => format!("user {name} does not exist or the user entry does not contain all the required fields"),
        });
        return 1;
    };
    if cx.process.cred.uid != 0 {
        return cx.not_simulated("asking for a password");
    }
    let keeps = parsed.has('m') || parsed.has('p');
    let shell = match parsed.value('s') {
        Some(shell) => shell.to_owned(),
        None if user.shell.is_empty() => "/bin/sh".to_owned(),
        None => user.shell.clone(),
    };
    let mut process = cx.process.clone();
    process.cred = accounts.cred(&user);
    if login {
        let kept = ["TERM"].iter().filter_map(|name| process.env.remove_entry(*name)).collect();
        process.env = kept;
        let path = match (cx.busybox(), user.uid) {
            (true, 0) => "/sbin:/usr/sbin:/bin:/usr/bin",
            (true, _) => "/bin:/usr/bin",
            (false, 0) => "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            (false, _) => "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games",
        };
        process.env.insert("PATH".to_owned(), path.to_owned());
        let home = cx.system.fs.realpath(&process.cred, &user.home);
        match home {
            Ok(home) if cx.system.fs.stat(&process.cred, home.as_str()).is_ok_and(|stat| stat.is_dir()) => {
                process.cwd = home.to_string();
            }
            _ => process.cwd = "/".to_owned(),
        }
        process.env.insert("PWD".to_owned(), process.cwd.clone());
    }
    if !keeps {
        process.env.insert("HOME".to_owned(), user.home.clone());
        process.env.insert("SHELL".to_owned(), shell.clone());
        if user.uid != 0 || login || !cx.busybox() {
            process.env.insert("USER".to_owned(), name.clone());
            process.env.insert("LOGNAME".to_owned(), name.clone());
        }
    }
    let base = shell.rsplit('/').next().unwrap_or("sh");
    let mut argv = vec![if login { format!("-{base}") } else { base.to_owned() }];
    if let Some(command) = parsed.value('c') {
        argv.extend(["-c".to_owned(), command.to_owned()]);
    }
    argv.extend(operands);
    cx.launch_as(process, &shell, argv).await
}

impl Context<'_> {
    /// Runs the program at a path under another name.
    async fn launch_as(&mut self, mut process: crate::shell::Process, path: &str, argv: Vec<String>) -> Exit {
        self.system.pids += 1;
        process.pid = self.system.pids;
        match crate::shell::exec::start(self.system, process, path, argv, false).await {
            Ok(exit) => exit,
            Err(missing) => {
                let (errno, exit) = super::launch::reason(&missing);
                match self.busybox() {
                    true => self.complain_of(format_args!("can't execute '{path}'"), errno),
                    false => self.complain_of(format_args!("failed to execute {path}"), errno),
                }
                exit
            }
        }
    }
}
