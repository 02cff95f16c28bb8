//! `dpkg`: questions to its database, and removal. Archives (`-i`, `--unpack`) are not read.

use super::debian::dpkg::Dpkg;
use super::debian::filter::matches;
use super::debian::resolve;
use super::debian::status::{Status, field};
use super::debian::{Catalogue, disk};
use crate::shell::commands::{Command, Context, Exit, Options, Parsed, Run, Running};
use std::collections::BTreeSet;
use std::fmt::Write;

pub(super) const COMMAND: Command = Command { name: "dpkg", run: Run::Launcher(run), options: &OPTIONS };

/// Long options without a letter: `Q` asks for the architecture, `F` foreign ones, `A` adds one, `X` those that change
/// nothing, `U` unpacking, `M` comparing versions, `C` configuring.
const OPTIONS: Options = Options {
    short: "ilsLSrPaCREGBD:QFA:XUMVOH",
    long: &[
        ("install", 'i'),
        ("list", 'l'),
        ("status", 's'),
        ("listfiles", 'L'),
        ("search", 'S'),
        ("remove", 'r'),
        ("purge", 'P'),
        ("pending", 'a'),
        ("configure", 'O'),
        ("unpack", 'U'),
        ("print-architecture", 'Q'),
        ("print-foreign-architectures", 'F'),
        ("add-architecture", 'A'),
        ("compare-versions", 'M'),
        ("force-all", 'X'),
        ("force-depends", 'X'),
        ("force-confold", 'X'),
        ("force-confdef", 'X'),
        ("force-confnew", 'X'),
        ("force-overwrite", 'X'),
        ("no-triggers", 'X'),
        ("version", 'V'),
        ("help", 'H'),
        ("audit", 'C'),
    ],
    hidden: "QFAXUMVOH",
    in_order: false,
};

fn run<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(run_dpkg(cx))
}

/// `dpkg`; `dpkg-query` asks it, too.
pub(super) async fn run_dpkg(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(&OPTIONS) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let names = &parsed.operands;
    match parsed.last_of("ilsLSrPUQFAMOVHC") {
        Some('Q') => {
            cx.out("amd64\n");
            0
        }
        Some('F') => {
            let text = disk::text(&cx.system.fs, "/var/lib/dpkg/arch").unwrap_or_default();
            let foreign: String =
                text.lines().filter(|line| *line != "amd64").map(|line| format!("{line}\n")).collect();
            cx.out(foreign);
            0
        }
        Some('A') => add_architecture(cx, parsed.value('A').unwrap_or_default()),
        Some('V') => {
            cx.out("Debian 'dpkg' package management program version 1.21.22 (amd64).\n");
            0
        }
        Some('O' | 'C') => 0,
        Some('M') => compare(cx, names),
        Some('i' | 'U') => archives(cx, names),
        Some(action) => match Status::load(&cx.system.fs) {
            None => cx.not_simulated("the list of what is installed is not held"),
            Some(status) => match action {
                'l' => list(cx, &status, names),
                's' => show(cx, &status, names),
                'L' | 'S' => files(cx, status, names, action == 'S').await,
                'r' | 'P' => remove(cx, status, names, &parsed).await,
                _ => cx.not_simulated("this action"),
            },
        },
        None => {
            cx.err("dpkg: error: need an action option\n");
            2
        }
    }
}

fn add_architecture(cx: &mut Context<'_>, name: &str) -> Exit {
    let path = "/var/lib/dpkg/arch";
    let mut text = disk::text(&cx.system.fs, path).unwrap_or_else(|| "amd64\n".to_owned());
    if !text.lines().any(|line| line == name) {
        let _ = writeln!(text, "{name}");
    }
    match disk::replace(&mut cx.system.fs, path, &text.as_str().into(), 0o644) {
        Ok(()) => 0,
        Err(errno) => {
            cx.complain_of(path, errno);
            2
        }
    }
}

fn archives(cx: &mut Context<'_>, names: &[String]) -> Exit {
    for name in names {
        let path = cx.process.path(name);
        if !disk::exists(&cx.system.fs, &path) {
            cx.err(format!("dpkg: error: cannot access archive '{name}': No such file or directory\n"));
            return 2;
        }
        cx.not_simulated(format_args!("installing the archive {name}"));
    }
    0
}

/// The names that the operands mean: installed packages, patterns among them.
fn meant(status: &Status, names: &[String]) -> Vec<String> {
    let is_meant = |known: &&String| {
        names.is_empty() || names.iter().any(|name| matches(name.split(':').next().unwrap_or(name), known))
    };
    status.known().filter(is_meant).cloned().collect()
}

fn list(cx: &mut Context<'_>, status: &Status, names: &[String]) -> Exit {
    let found = meant(status, names);
    if found.is_empty() {
        for name in names {
            cx.err(format!("dpkg-query: no packages found matching {name}\n"));
        }
        return 1;
    }
    let mut text = String::from(
        "Desired=Unknown/Install/Remove/Purge/Hold\n\
         | Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend\n\
         |/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)\n",
    );
    let rows: Vec<[String; 4]> = found
        .iter()
        .map(|name| {
            let value = |wanted| status.field(name, wanted).unwrap_or_default().to_owned();
            [status.info_name(name), value("Version"), value("Architecture"), value("Description")]
        })
        .collect();
    let width = |at: usize, least: usize| rows.iter().map(|row| row[at].len()).max().unwrap_or(0).max(least);
    let (name, version, arch, about) = (width(0, 4), width(1, 7), width(2, 12), width(3, 11));
    let _ = writeln!(text, "||/ {:name$} {:version$} {:arch$} Description", "Name", "Version", "Architecture");
    let _ =
        writeln!(text, "+++-{}-{}-{}-{}", "=".repeat(name), "=".repeat(version), "=".repeat(arch), "=".repeat(about));
    for (row, package) in rows.iter().zip(&found) {
        let state = if status.is_installed(package) { "ii " } else { "rc " };
        let _ = writeln!(text, "{state} {:name$} {:version$} {:arch$} {}", row[0], row[1], row[2], row[3]);
    }
    cx.out(text);
    0
}

fn show(cx: &mut Context<'_>, status: &Status, names: &[String]) -> Exit {
    let mut exit = 0;
    for name in names {
        match status.paragraph(name.split(':').next().unwrap_or(name)) {
            Some(paragraph) => cx.out(format!("{paragraph}\n")),
            None => {
                cx.err(format!(
                    "dpkg-query: package '{name}' is not installed and no information is available\nUse dpkg --info (= \
                     dpkg-deb --info) to examine archive files.\n"
                ));
                exit = 1;
            }
        }
    }
    exit
}

/// `-L`, the files of a package; `-S`, whose file it is.
async fn files(cx: &mut Context<'_>, status: Status, names: &[String], search: bool) -> Exit {
    let Some(mut catalogue) = Catalogue::load(cx).await else { return 0 };
    if !catalogue.fetch(cx, &[]).await {
        return 0;
    }
    let known = |name: &str| catalogue.base(name).map(super::debian::shard::Contents::list);
    let dpkg = Dpkg::new(&mut cx.system.fs, status, &known);
    let mut text = String::new();
    let mut missing = Vec::new();
    for name in names {
        if search {
            let pattern = if name.contains(['*', '?', '[', '/']) { name.clone() } else { format!("*{name}*") };
            let before = text.len();
            for (path, owners) in dpkg.owned().filter(|(path, owners)| !owners.is_empty() && matches(&pattern, path)) {
                let list: Vec<String> = owners.iter().map(|owner| dpkg.status.info_name(owner)).collect();
                let _ = writeln!(text, "{}: {path}", list.join(", "));
            }
            if text.len() == before {
                missing.push(format!("dpkg-query: no path found matching pattern {name}\n"));
            }
        } else if dpkg.status.is_installed(name) {
            text.push_str("/.\n");
            dpkg.paths(name).for_each(|path| text.push_str(&format!("{path}\n")));
        } else {
            missing.push(format!("dpkg-query: package '{name}' is not installed\n"));
        }
    }
    cx.out(text);
    missing.iter().for_each(|line| cx.err(line));
    u8::from(!missing.is_empty())
}

async fn remove(cx: &mut Context<'_>, status: Status, names: &[String], parsed: &Parsed) -> Exit {
    let Some(mut catalogue) = Catalogue::load(cx).await else { return 0 };
    let gone: BTreeSet<String> = names.iter().cloned().collect();
    if let Some(other) = resolve::dependents(&status, &gone).difference(&gone).next()
        && !parsed.has('X')
    {
        let name = &names[0];
        cx.err(format!(
            "dpkg: dependency problems prevent removal of {name}:\n {other} depends on {name}.\n\ndpkg: error processing package \
             {name} (--remove):\n dependency problems - not removing\nErrors were encountered while processing:\n {name}\n"
        ));
        return 1;
    }
    let wanted: Vec<&str> = names.iter().map(String::as_str).collect();
    if !catalogue.fetch(cx, &wanted).await {
        return 0;
    }
    cx.modelled("removing packages");
    let known = |name: &str| catalogue.base(name).map(super::debian::shard::Contents::list);
    let purge = parsed.has('P');
    let mut dpkg = Dpkg::new(&mut cx.system.fs, status, &known);
    let mut work = || {
        dpkg.begin()?;
        for name in names {
            if dpkg.status.is_installed(name) {
                dpkg.remove(name, catalogue.contents(name).or_else(|| catalogue.base(name)), purge)?;
            }
        }
        Ok::<(), super::debian::dpkg::Failed>(())
    };
    match work().and_then(|()| dpkg.finish()) {
        Ok((_, output)) => {
            cx.out(output);
            0
        }
        Err((path, errno)) => {
            cx.complain_of(path, errno);
            2
        }
    }
}

/// `--compare-versions A OP B`.
fn compare(cx: &mut Context<'_>, words: &[String]) -> Exit {
    let [a, operator, b] = words else { return cx.not_simulated("these operands of --compare-versions") };
    let order = version_order(a, b);
    let holds = match operator.as_str() {
        "lt" | "<<" | "lt-nl" => order.is_lt(),
        "le" | "<=" | "le-nl" => order.is_le(),
        "eq" | "=" => order.is_eq(),
        "ne" => order.is_ne(),
        "ge" | ">=" | "ge-nl" => order.is_ge(),
        "gt" | ">>" | "gt-nl" => order.is_gt(),
        _ => return cx.not_simulated(format_args!("the relation {operator}")),
    };
    u8::from(!holds)
}

/// Debian's order of versions (deb-version(7)): epoch, upstream version, revision.
fn version_order(a: &str, b: &str) -> std::cmp::Ordering {
    let split = |version: &str| {
        let (epoch, rest) =
            version.split_once(':').map_or((0, version), |(epoch, rest)| (epoch.parse().unwrap_or(0), rest));
        let (upstream, revision) = rest.rsplit_once('-').unwrap_or((rest, ""));
        (epoch, upstream.to_owned(), revision.to_owned())
    };
    let (a, b) = (split(a), split(b));
    a.0.cmp(&b.0).then_with(|| part_order(&a.1, &b.1)).then_with(|| part_order(&a.2, &b.2))
}

fn part_order(a: &str, b: &str) -> std::cmp::Ordering {
    let weight = |c: Option<&u8>| match c {
        Some(b'~') => -1,
        Some(c) if c.is_ascii_alphabetic() => i32::from(*c),
        Some(c) if !c.is_ascii_digit() => i32::from(*c) + 256,
        _ => 0,
    };
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        while a.get(i).is_some_and(|c| !c.is_ascii_digit()) || b.get(j).is_some_and(|c| !c.is_ascii_digit()) {
            let order = weight(a.get(i)).cmp(&weight(b.get(j)));
            if order.is_ne() {
                return order;
            }
            i += 1;
            j += 1;
        }
        let number = |bytes: &[u8], from: &mut usize| {
            let start = *from;
            while bytes.get(*from).is_some_and(u8::is_ascii_digit) {
                *from += 1;
            }
            let digits: Vec<u8> =
                bytes[start.min(bytes.len())..*from].iter().copied().skip_while(|c| *c == b'0').collect();
            (digits.len(), digits)
        };
        let order = number(a, &mut i).cmp(&number(b, &mut j));
        if order.is_ne() {
            return order;
        }
    }
    std::cmp::Ordering::Equal
}

/// A value of a package's paragraph for `dpkg-query -f`.
pub(super) fn value(status: &Status, name: &str, wanted: &str) -> String {
    let Some(paragraph) = status.paragraph(name) else { return String::new() };
    let is = |text| if status.is_installed(name) { text } else { "rc " };
    match wanted {
        "binary:Package" => status.info_name(name),
        "db:Status-Abbrev" => is("ii ").to_owned(),
        "db:Status-Status" => if status.is_installed(name) { "installed" } else { "config-files" }.to_owned(),
        "binary:Summary" => field(paragraph, "Description").unwrap_or_default().to_owned(),
        other => field(paragraph, other).unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::version_order;
    use std::cmp::Ordering::{Equal, Greater, Less};

    /// The examples of deb-version(7), and what `dpkg --compare-versions` says of others.
    #[test]
    fn versions_have_debians_order() {
        let cases = [
            ("1.0", "1.0", Equal),
            ("1.0~rc1", "1.0", Less),
            ("1.0-1", "1.0-1+deb12u1", Less),
            ("1:0.1", "2.0", Greater),
            ("1.10", "1.9", Greater),
            ("1.0a", "1.0+b", Less),
            ("2.36-9+deb12u14", "2.36-9+deb12u9", Greater),
            ("1.001", "1.1", Equal),
        ];
        for (a, b, order) in cases {
            assert_eq!(version_order(a, b), order, "{a} {b}");
        }
    }
}
