//! `make`, `cmake` and `./configure`. A Makefile that is at hand is read and its recipes are run by the shell, as far as
//! plain rules and variables go; what comes from a source tree that is itself modelled leaves usual outputs.

use super::{Model, base};
use crate::packages::files::{Files, join};
use crate::packages::given::Given;
use crate::shell::NoteKind;
use crate::shell::commands::{Context, Exit, Running};
use std::collections::{BTreeMap, BTreeSet};

/// How many recipes a `make` may run.
const MAX_RULES: usize = 1_000;

pub(in crate::packages) fn configure<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move {
        for name in ["Makefile", "config.log", "config.status"] {
            cx.leave(name, "configured source", if name == "config.status" { 0o777 } else { 0o666 });
        }
        let prefix = cx.args.iter().find_map(|arg| arg.strip_prefix("--prefix=")).unwrap_or("/usr/local").to_owned();
        cx.leave_text(".configured-prefix", &format!("{prefix}\n"));
        cx.modelled_as("a Makefile of a usual size");
        0
    })
}

pub(in crate::packages) fn cmake<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move {
        let args: Vec<String> = cx.args.iter().skip(1).cloned().collect();
        let given = Given::read(
            &args,
            &[
                "-B",
                "-S",
                "-G",
                "--build",
                "--install",
                "--target",
                "--config",
                "--prefix",
                "-j",
                "--parallel",
                "-T",
                "-A",
            ],
        );
        if let Some(dir) = given.value("--install") {
            let prefix = given.value("--prefix").unwrap_or("/usr/local").to_owned();
            cx.modelled_as(&format!("--install {dir}: software of a usual size below {prefix}"));
            cx.leave_remainder(&prefix, "installed software");
            return 0;
        }
        if let Some(dir) = given.value("--build").map(str::to_owned) {
            let source = cx
                .text(&join(&dir, "CMakeLists.path"))
                .map(|text| text.trim().to_owned())
                .unwrap_or_else(|| join(&dir, ".."));
            for name in executables(cx, &source) {
                cx.leave(&join(&dir, &name), "c binary", 0o777);
            }
            cx.modelled_as("--build: the programs that CMakeLists.txt names, of an empty program's size");
            return 0;
        }
        let source = given
            .value("-S")
            .map(str::to_owned)
            .or_else(|| given.words().last().map(|word| (*word).to_owned()))
            .unwrap_or_else(|| ".".to_owned());
        if !cx.exists(&join(&source, "CMakeLists.txt")) {
            let path = cx.process.path(&source);
            cx.err(format!(
                "CMake Error: The source directory \"{path}\" does not appear to contain CMakeLists.txt.\n"
            ));
            return 1;
        }
        let dir = given.value("-B").unwrap_or(".").to_owned();
        cx.leave(&join(&dir, "CMakeCache.txt"), "configured source", 0o666);
        cx.leave(&join(&dir, "Makefile"), "configured source", 0o666);
        let path = cx.process.path(&source);
        cx.leave_text(&join(&dir, "CMakeLists.path"), &format!("{path}\n"));
        cx.modelled_as("the build folder's files, of a usual size");
        0
    })
}

/// The programs that a CMakeLists.txt names.
fn executables(cx: &Context<'_>, source: &str) -> Vec<String> {
    let text = cx.text(&join(source, "CMakeLists.txt")).unwrap_or_default();
    let project =
        text.split("project(").nth(1).and_then(|rest| rest.split([' ', ')', '\n']).next()).unwrap_or("app").to_owned();
    let names = text.split("add_executable(").skip(1).filter_map(|rest| rest.split([' ', ')', '\n']).next());
    names.map(|name| name.replace("${PROJECT_NAME}", &project).replace("${CMAKE_PROJECT_NAME}", &project)).collect()
}

pub(in crate::packages) fn make<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(run(cx))
}

async fn run(cx: &mut Context<'_>) -> Exit {
    let args: Vec<String> = cx.args.iter().skip(1).cloned().collect();
    let given = Given::read(&args, &["-C", "-f", "-I", "--directory", "--file", "-l"]);
    let before = cx.process.cwd.clone();
    if let Some(dir) = given.value("-C").or(given.value("--directory")) {
        cx.process.cwd = cx.process.path(dir);
    }
    let exit = in_place(cx, &given).await;
    cx.process.cwd = before;
    exit
}

async fn in_place(cx: &mut Context<'_>, given: &Given) -> Exit {
    // `-j4` and `-j 4`: the number is no goal.
    let words: Vec<String> =
        given.words().into_iter().filter(|word| word.parse::<u32>().is_err()).map(str::to_owned).collect();
    let (settings, goals): (Vec<String>, Vec<String>) = words.into_iter().partition(|word| word.contains('='));
    let names = ["GNUmakefile", "makefile", "Makefile"];
    let file = given.value("-f").or(given.value("--file")).map(str::to_owned);
    let Some(file) = file.or_else(|| names.iter().find(|name| cx.exists(name)).map(|name| (*name).to_owned())) else {
        let what = goals.first().map_or_else(
            || "No targets specified and no makefile found.".to_owned(),
            |goal| format!("No rule to make target '{goal}'."),
        );
        cx.err(format!("make: *** {what}  Stop.\n"));
        return 2;
    };
    let Some(text) = cx.text(&file) else { return of_unknown_source(cx, &goals, &settings) };
    let mut makefile = Makefile::read(&text, &settings);
    let goals = if goals.is_empty() { makefile.first.clone().into_iter().collect() } else { goals };
    let mut done = BTreeSet::new();
    for goal in goals {
        if let Err(exit) = makefile.bring(cx, &goal, &mut done).await {
            return exit;
        }
    }
    0
}

/// Software whose sources are not known.
fn of_unknown_source(cx: &mut Context<'_>, goals: &[String], settings: &[String]) -> Exit {
    let installs = goals.iter().any(|goal| goal.starts_with("install"));
    if !installs {
        cx.modelled_as("the Makefile is modelled, and so nothing is known of what it makes");
        cx.leave_remainder(".", "installed software");
        return 0;
    }
    let configured = cx.text(".configured-prefix").map(|text| text.trim().to_owned());
    let named = settings
        .iter()
        .find_map(|pair| pair.strip_prefix("PREFIX=").or_else(|| pair.strip_prefix("prefix=")).map(str::to_owned));
    let prefix = named.or(configured).unwrap_or_else(|| "/usr/local".to_owned());
    let destination = settings.iter().find_map(|pair| pair.strip_prefix("DESTDIR=")).unwrap_or("");
    let program = base(&cx.process.cwd).split('-').next().unwrap_or("program").to_owned();
    let folder = format!("{destination}{prefix}");
    cx.leave(&format!("{folder}/bin/{program}"), "c binary", 0o777);
    cx.leave_remainder(&format!("{folder}/share/{program}"), "installed software");
    cx.modelled_as(&format!("install: a program and software of a usual size below {folder}"));
    0
}

/// A Makefile, as far as plain rules and variables go.
struct Makefile {
    variables: BTreeMap<String, String>,
    rules: BTreeMap<String, Rule>,
    first: Option<String>,
    left: usize,
}

#[derive(Clone, Default)]
struct Rule {
    needs: Vec<String>,
    recipe: Vec<String>,
}

impl Makefile {
    fn read(text: &str, settings: &[String]) -> Self {
        let mut makefile = Self { variables: BTreeMap::new(), rules: BTreeMap::new(), first: None, left: MAX_RULES };
        for (name, value) in [("CC", "cc"), ("CXX", "g++"), ("RM", "rm -f"), ("MAKE", "make"), ("SHELL", "/bin/sh")] {
            makefile.variables.insert(name.to_owned(), value.to_owned());
        }
        let text = text.replace("\\\n", " ");
        let mut current: Vec<String> = Vec::new();
        for line in text.lines() {
            if let Some(command) = line.strip_prefix('\t') {
                for target in &current {
                    if let Some(rule) = makefile.rules.get_mut(target) {
                        rule.recipe.push(command.to_owned());
                    }
                }
                continue;
            }
            let line = line.split(" #").next().unwrap_or(line).trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let assigned = line.split_once('=').filter(|(name, _)| !name.contains(':') || name.ends_with(':'));
            if let Some((name, value)) = assigned {
                let (name, optional) = (
                    name.trim_end_matches(['?', ':', '+', ' ']).trim_start_matches("export ").trim(),
                    name.ends_with('?'),
                );
                let before = makefile.variables.get(name).cloned().filter(|_| line.contains("+="));
                let value =
                    before.map_or_else(|| value.trim().to_owned(), |before| format!("{before} {}", value.trim()));
                if !(optional && makefile.variables.contains_key(name)) {
                    makefile.variables.insert(name.to_owned(), value);
                }
            } else if let Some((targets, needs)) = line.split_once(':') {
                let expanded = makefile.expand(targets, "", &[]);
                let needs: Vec<String> = makefile
                    .expand(needs.trim_start_matches(':'), "", &[])
                    .split_whitespace()
                    .map(str::to_owned)
                    .collect();
                current = expanded.split_whitespace().map(str::to_owned).collect();
                for target in &current {
                    makefile.rules.entry(target.clone()).or_default().needs.extend(needs.iter().cloned());
                    if makefile.first.is_none() && !target.starts_with('.') {
                        makefile.first = Some(target.clone());
                    }
                }
            }
        }
        for (name, value) in settings.iter().filter_map(|pair| pair.split_once('=')) {
            makefile.variables.insert(name.to_owned(), value.to_owned());
        }
        makefile
    }

    /// Replaces `$(NAME)` and automatic variables; functions of make are left out.
    fn expand(&self, text: &str, target: &str, needs: &[String]) -> String {
        let mut out = String::new();
        let mut rest = text;
        let mut left = 100;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            let after = &rest[at + 1..];
            left -= 1;
            if left == 0 {
                return out;
            }
            let (value, used) = match after.chars().next() {
                Some('$') => ("$".to_owned(), 1),
                Some('@') => (target.to_owned(), 1),
                Some('<') => (needs.first().cloned().unwrap_or_default(), 1),
                Some('^') => (needs.join(" "), 1),
                Some(open @ ('(' | '{')) => {
                    let close = if open == '(' { ')' } else { '}' };
                    let end = after.find(close).unwrap_or(after.len() - 1);
                    let value = self.variables.get(&after[1..end]).cloned().unwrap_or_default();
                    (
                        if value.contains(&after[..end]) { String::new() } else { self.expand(&value, target, needs) },
                        end + 1,
                    )
                }
                _ => (String::new(), 0),
            };
            out.push_str(&value);
            rest = &after[used..];
        }
        out.push_str(rest);
        out
    }

    /// The rule of a goal: its own, or that of a pattern.
    fn rule(&self, goal: &str) -> Option<Rule> {
        if let Some(rule) = self.rules.get(goal) {
            return Some(rule.clone());
        }
        self.rules.iter().find_map(|(pattern, rule)| {
            let (start, end) = pattern.split_once('%')?;
            let stem = goal.strip_prefix(start)?.strip_suffix(end)?;
            let needs = rule.needs.iter().map(|need| need.replace('%', stem)).collect();
            Some(Rule { needs, recipe: rule.recipe.clone() })
        })
    }

    /// Makes a goal: first what it needs, then its recipe, unless it is a file that is there and needs nothing.
    fn bring<'a>(
        &'a mut self,
        cx: &'a mut Context<'_>,
        goal: &'a str,
        done: &'a mut BTreeSet<String>,
    ) -> std::pin::Pin<Box<dyn std::future::Future<Output = Result<(), Exit>> + 'a>> {
        Box::pin(async move {
            if !done.insert(goal.to_owned()) {
                return Ok(());
            }
            self.left = self.left.saturating_sub(1);
            let Some(rule) = self.rule(goal).filter(|_| self.left > 0) else {
                if cx.exists(goal) {
                    return Ok(());
                }
                cx.err(format!("make: *** No rule to make target '{goal}'.  Stop.\n"));
                return Err(2);
            };
            for need in &rule.needs {
                self.bring(cx, need, done).await?;
            }
            for line in &rule.recipe {
                let line = self.expand(line, goal, &rule.needs);
                let quiet = line.trim_start().starts_with(['@', '-']);
                let ignored = line.trim_start().starts_with('-');
                let line = line.trim_start_matches(['@', '-', '+', ' ', '\t']).to_owned();
                if line.is_empty() {
                    continue;
                }
                if line.contains("$(") && line.contains("shell ") {
                    cx.system.note(NoteKind::NotSimulated, format!("make: a function in the recipe of {goal}"));
                }
                if !quiet {
                    cx.out(format!("{line}\n"));
                }
                let process = cx.process.clone();
                let argv = ["sh", "-c", line.as_str()].map(str::to_owned).to_vec();
                let exit = cx.launch(process, argv).await.unwrap_or(127);
                if exit != 0 && !ignored {
                    cx.err(format!("make: *** [Makefile: {goal}] Error {exit}\n"));
                    return Err(2);
                }
            }
            Ok(())
        })
    }
}
