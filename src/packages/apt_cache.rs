//! `apt-cache` and `apt-config`: what the index knows of a package.

use super::debian::apt::{self, FAILED};
use super::debian::filter::matches;
use super::debian::status::Status;
use super::debian::{Catalogue, index::Package};
use crate::shell::commands::{Command, Context, Exit, Options, Run, Running};
use std::fmt::Write;

pub(super) const COMMAND: Command = Command { name: "apt-cache", run: Run::Launcher(run), options: &OPTIONS };

const OPTIONS: Options = Options {
    short: "qo:c:nai",
    long: &[("quiet", 'q'), ("option", 'o'), ("names-only", 'n'), ("all-versions", 'a'), ("installed", 'i')],
    hidden: "",
    in_order: false,
};

fn run<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(run_apt_cache(cx))
}

async fn run_apt_cache(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(&OPTIONS) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let Some((command, names)) = parsed.operands.split_first() else { return cx.not_simulated("without a command") };
    let (Some(catalogue), Some(status)) = (Catalogue::load(cx).await, Status::load(&cx.system.fs)) else { return 0 };
    let has_lists = apt::has_lists(&cx.system.fs);
    let known = |name: &str| catalogue.index.get(name).filter(|_| has_lists || status.is_installed(name));
    let mut text = String::new();
    match command.as_str() {
        "policy" => {
            for name in names {
                let Some(package) = known(name) else { continue };
                let installed = if status.is_installed(name) { status.field(name, "Version") } else { None };
                let _ = writeln!(
                    text,
                    "{name}:\n  Installed: {}\n  Candidate: {}\n  Version table:\n     {} 500\n        500 http://deb.example/debian {}/main amd64 Packages",
                    installed.unwrap_or("(none)"),
                    package.version,
                    package.version,
                    catalogue.release
                );
            }
        }
        "madison" => {
            for package in names.iter().filter_map(|name| known(name)) {
                let _ = writeln!(
                    text,
                    " {} | {} | http://deb.example/debian {}/main amd64 Packages",
                    package.name, package.version, catalogue.release
                );
            }
        }
        "show" => {
            for name in names {
                let Some(package) = known(name) else {
                    cx.err(format!("N: Unable to locate package {name}\nE: No packages found\n"));
                    return FAILED;
                };
                let _ = writeln!(text, "{}", paragraph(package));
            }
        }
        "depends" => {
            for package in names.iter().filter_map(|name| known(name)) {
                let _ = writeln!(text, "{}", package.name);
                for (title, groups) in [("Depends", &package.depends), ("Recommends", &package.recommends)] {
                    for group in groups {
                        let _ = writeln!(text, "  {title}: {}", group.join(" | "));
                    }
                }
            }
        }
        "search" | "pkgnames" => {
            cx.modelled("only the packages of this catalogue are searched");
            let wanted = |name: &str| names.iter().all(|word| matches(&format!("*{word}*"), name));
            let found = catalogue.index.packages().filter(|package| has_lists && wanted(&package.name));
            found.for_each(|package| text.push_str(&format!("{}\n", package.name)));
        }
        _ => return cx.not_simulated(format_args!("the command {command}")),
    }
    cx.out(text);
    0
}

fn paragraph(package: &Package) -> String {
    let groups = |groups: &[Vec<String>]| groups.iter().map(|group| group.join(" | ")).collect::<Vec<_>>().join(", ");
    format!(
        "Package: {}\nVersion: {}\nInstalled-Size: {}\nArchitecture: {}\nDepends: {}\nRecommends: {}\nSize: {}\n",
        package.name,
        package.version,
        package.installed,
        package.arch,
        groups(&package.depends),
        groups(&package.recommends),
        package.bytes
    )
}
