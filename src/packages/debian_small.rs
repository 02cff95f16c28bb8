//! Debian's small helpers that a Dockerfile calls between two installations: debconf's answers, keys of sources, the
//! architecture, diversions, services.

use super::debian::disk;
use crate::shell::commands::{Command, Context, Exit, Options, Run};
use crate::vfs::{Content, Cred};

const ANY: Options = Options { in_order: true, ..Options::short("") };

pub(super) const ADD_APT_REPOSITORY: Command =
    Command { name: "add-apt-repository", run: Run::Plain(add_apt_repository), options: &ANY };
pub(super) const APT_KEY: Command = Command { name: "apt-key", run: Run::Plain(apt_key), options: &ANY };
pub(super) const DEBCONF_SET: Command =
    Command { name: "debconf-set-selections", run: Run::Plain(debconf_set), options: &ANY };
pub(super) const ARCHITECTURE: Command =
    Command { name: "dpkg-architecture", run: Run::Plain(architecture), options: &ANY };
pub(super) const DIVERT: Command = Command { name: "dpkg-divert", run: Run::Plain(divert), options: &ANY };
pub(super) const RECONFIGURE: Command =
    Command { name: "dpkg-reconfigure", run: Run::Plain(reconfigure), options: &ANY };
pub(super) const INVOKE_RC: Command = Command { name: "invoke-rc.d", run: Run::Plain(invoke_rc), options: &ANY };

fn add_apt_repository(cx: &mut Context<'_>) -> Exit {
    let source = cx.args.last().cloned().unwrap_or_default();
    cx.not_simulated(format_args!("the packages of the source {source}"))
}

/// The key's bytes go to where apt-key puts them; what they are is not looked at.
fn apt_key(cx: &mut Context<'_>) -> Exit {
    let words: Vec<String> = cx.args.iter().skip(1).cloned().collect();
    cx.err("Warning: apt-key is deprecated. Manage keyring files in trusted.gpg.d instead (see apt-key(8)).\n");
    let size = match words.first().map(String::as_str) {
        Some("add") => {
            let operand = words.get(1).cloned().unwrap_or_else(|| "-".to_owned());
            match cx.input(&operand) {
                // An armoured key is a third longer than its bytes.
                Ok(key) => key.len() * 3 / 4,
                Err(errno) => {
                    cx.complain_of(operand, errno);
                    return 1;
                }
            }
        }
        Some("adv") => 1200,
        _ => return cx.not_simulated(format_args!("the command {}", words.join(" "))),
    };
    cx.modelled("the size of the keyring");
    let path = "/etc/apt/trusted.gpg";
    let old = cx.system.fs.stat(&Cred::root(), path).map_or(0, |stat| stat.size);
    match disk::replace(&mut cx.system.fs, path, &Content::unknown(old + size.max(32)), 0o644) {
        Ok(()) => {
            cx.out("OK\n");
            0
        }
        Err(errno) => {
            cx.complain_of(path, errno);
            1
        }
    }
}

/// Answers for debconf: they lengthen its database.
fn debconf_set(cx: &mut Context<'_>) -> Exit {
    let operand = cx.args.get(1).cloned().unwrap_or_else(|| "-".to_owned());
    let answers = match cx.input(&operand) {
        Ok(answers) => answers,
        Err(errno) => {
            cx.complain_of(operand, errno);
            return 1;
        }
    };
    cx.modelled("the size of debconf's databases");
    let lines = answers.to_text().map_or(1, |text| text.lines().filter(|line| !line.trim().is_empty()).count() as u64);
    for (name, mode, more) in [("config.dat", 0o644, 60), ("passwords.dat", 0o600, 0), ("templates.dat", 0o644, 90)] {
        let path = format!("/var/cache/debconf/{name}");
        let size = cx.system.fs.stat(&Cred::root(), &path).map_or(0, |stat| stat.size);
        let content = Content::unknown(size + more * lines + if more == 60 { answers.len() } else { 0 });
        if let Err(errno) = disk::replace(&mut cx.system.fs, &path, &content, mode) {
            cx.complain_of(path, errno);
            return 1;
        }
    }
    0
}

fn architecture(cx: &mut Context<'_>) -> Exit {
    const FACTS: &[(&str, &str)] = &[
        ("ARCH", "amd64"),
        ("ARCH_ABI", "base"),
        ("ARCH_BITS", "64"),
        ("ARCH_CPU", "amd64"),
        ("ARCH_ENDIAN", "little"),
        ("ARCH_LIBC", "gnu"),
        ("ARCH_OS", "linux"),
        ("GNU_CPU", "x86_64"),
        ("GNU_SYSTEM", "linux-gnu"),
        ("GNU_TYPE", "x86_64-linux-gnu"),
        ("MULTIARCH", "x86_64-linux-gnu"),
    ];
    let words: Vec<String> = cx.args.iter().skip(1).cloned().collect();
    let fact = |name: &str| {
        let bare = name.trim_start_matches("DEB_");
        let bare = ["BUILD_", "HOST_", "TARGET_"].iter().find_map(|side| bare.strip_prefix(side))?;
        FACTS.iter().find(|(known, _)| *known == bare).map(|(_, value)| *value)
    };
    let asked = words.iter().find_map(|word| {
        word.strip_prefix("-q")
            .filter(|rest| !rest.is_empty())
            .or_else(|| (word.starts_with("DEB_")).then_some(word.as_str()))
    });
    match asked {
        Some(name) => match fact(name) {
            Some(value) => {
                cx.out(format!("{value}\n"));
                0
            }
            None => {
                cx.err(format!("dpkg-architecture: error: {name} is not a supported variable name\n"));
                2
            }
        },
        None if words.is_empty() || words[0] == "-l" || words[0] == "--list" => {
            let sides = ["BUILD", "HOST", "TARGET"];
            let line = |side: &&str| {
                FACTS.iter().map(|(name, value)| format!("DEB_{side}_{name}={value}\n")).collect::<String>()
            };
            let text: String = sides.iter().map(line).collect();
            cx.out(text);
            0
        }
        None => cx.not_simulated("these arguments"),
    }
}

fn divert(cx: &mut Context<'_>) -> Exit {
    let words: Vec<String> = cx.args.iter().skip(1).cloned().collect();
    let Some(path) = words.iter().find(|word| word.starts_with('/')).cloned() else {
        return cx.not_simulated("these arguments");
    };
    let given = words.iter().position(|word| word == "--divert").and_then(|at| words.get(at + 1)).cloned();
    let to = given.unwrap_or_else(|| format!("{path}.distrib"));
    let adding = !words.iter().any(|word| word == "--remove");
    let (from, into) = if adding { (&path, &to) } else { (&to, &path) };
    if words.iter().any(|word| word == "--rename")
        && disk::exists(&cx.system.fs, from)
        && let Err(errno) = cx.system.fs.rename(&Cred::root(), from, into)
    {
        cx.complain_of(from, errno);
        return 2;
    }
    let database = "/var/lib/dpkg/diversions";
    let text = disk::text(&cx.system.fs, database).unwrap_or_default();
    let entry = format!("{path}\n{to}\n:\n");
    let new = if adding { format!("{text}{entry}") } else { text.replace(&entry, "") };
    for (file, content) in [(format!("{database}-old"), text), (database.to_owned(), new)] {
        if let Err(errno) = disk::replace(&mut cx.system.fs, &file, &content.into(), 0o644) {
            cx.complain_of(file, errno);
            return 2;
        }
    }
    cx.out(if adding {
        format!("Adding 'local diversion of {path} to {to}'\n")
    } else {
        format!("Removing 'local diversion of {path} to {to}'\n")
    });
    0
}

fn reconfigure(cx: &mut Context<'_>) -> Exit {
    let names: Vec<String> = cx.args.iter().skip(1).filter(|word| !word.starts_with('-')).cloned().collect();
    if names.iter().all(|name| name == "noninteractive" || name == "tzdata") {
        cx.modelled("tzdata: /etc/localtime and /etc/timezone are written as they are");
        return 0;
    }
    cx.not_simulated(format_args!("configuring {} again", names.join(" ")))
}

/// The images' policy forbids to start services while they are built.
fn invoke_rc(cx: &mut Context<'_>) -> Exit {
    cx.err("invoke-rc.d: policy-rc.d denied execution of start.\n");
    0
}
