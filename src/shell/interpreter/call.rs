//! Simple commands: assignments, functions, builtins, programs.

use super::redirect::Failed;
use super::state::{Held, Variable};
use super::{Boxed, Fatal, Flow, Shell};
use crate::shell::builtins::{self, Builtin};
use crate::shell::exec::{self, Missing};
use crate::shell::script::{Assignment, Command, Dialect, Part, Redirect, Word};
use std::rc::Rc;

impl Shell<'_> {
    /// Runs a simple command.
    pub(super) async fn simple(&mut self, assignments: &[Assignment], words: &[Word], redirects: &[Redirect]) -> Flow {
        match self.try_simple(assignments, words, redirects).await {
            Ok(flow) => flow,
            Err(Fatal) => Flow::Exit,
        }
    }

    async fn try_simple(
        &mut self,
        assignments: &[Assignment],
        words: &[Word],
        redirects: &[Redirect],
    ) -> Result<Flow, Fatal> {
        let (line, position) = (self.line, self.system.position);
        self.substituted = None;
        let args = self.arguments(words).await?;
        (self.line, self.system.position) = (line, position);
        if self.system.stop.is_some() {
            return Ok(Flow::Exit);
        }
        let Some(name) = args.first().cloned() else {
            return self.only_assignments(assignments, redirects).await;
        };
        let function = self.state.functions.get(name.as_str()).cloned();
        let builtin = if function.is_some() { None } else { builtins::find(&name, self.dialect) };
        // The assignments of a special builtin stay (POSIX; not in bash).
        let special = builtin.is_some_and(|builtin| builtin.special);
        if special && self.dialect != Dialect::Bash {
            let traced = self.assign_all(assignments).await?;
            self.trace(&traced, &args);
            return self.builtin(builtin, args, words, redirects).await;
        }
        let mut before = Vec::new();
        let mut traced = Vec::new();
        for assignment in assignments {
            let value = self.text_of(assignment).await?;
            self.writable(&assignment.name, None)?;
            traced.push((assignment.name.to_string(), value.clone()));
            before.push((assignment.name.clone(), self.state.variables.get(&assignment.name).cloned()));
            let variable = Variable { value: Held::Text(value), exported: true, ..Variable::default() };
            Rc::make_mut(&mut self.state.variables).insert(assignment.name.clone(), variable);
        }
        self.trace(&traced, &args);
        let flow = if let Some(function) = function {
            self.call(&function, args, redirects).await
        } else if builtin.is_some() {
            self.builtin(builtin, args, words, redirects).await
        } else {
            self.program(args, redirects).await
        };
        for (name, old) in before.into_iter().rev() {
            self.put_back(name, old);
        }
        flow
    }

    fn put_back(&mut self, name: Rc<str>, old: Option<Variable>) {
        let variables = Rc::make_mut(&mut self.state.variables);
        match old {
            Some(variable) => variables.insert(name, variable),
            None => variables.remove(&name),
        };
    }

    async fn text_of(&mut self, assignment: &Assignment) -> Result<String, Fatal> {
        let crate::shell::script::Value::Scalar(word) = &assignment.value else { return Ok(String::new()) };
        let mut value = self.text(word).await?;
        if assignment.append
            && let Some(old) = self.state.get(&assignment.name)
        {
            value.insert_str(0, old);
        }
        Ok(value)
    }

    async fn assign_all(&mut self, assignments: &[Assignment]) -> Result<Vec<(String, String)>, Fatal> {
        let mut traced = Vec::new();
        for assignment in assignments {
            let value = self.assign(assignment).await?;
            if self.state.options.xtrace {
                traced.push((assignment.name.to_string(), value));
            }
        }
        Ok(traced)
    }

    async fn only_assignments(&mut self, assignments: &[Assignment], redirects: &[Redirect]) -> Result<Flow, Fatal> {
        let traced = self.assign_all(assignments).await?;
        self.trace(&traced, &[]);
        let status = self.substituted.take().unwrap_or(0);
        if redirects.is_empty() {
            self.state.status = status;
        } else {
            match self.redirect(redirects).await {
                Ok(saved) => {
                    self.state.process.fds = saved;
                    self.state.status = self.substituted.take().unwrap_or(status);
                }
                Err(Failed::Command) => {}
                Err(Failed::Shell) => return Err(Fatal),
            }
        }
        Ok(self.checked())
    }

    /// `set -x`.
    fn trace(&mut self, assignments: &[(String, String)], args: &[String]) {
        if !self.state.options.xtrace || (assignments.is_empty() && args.is_empty()) {
            return;
        }
        let prefix = self.trace_prefix();
        let dialect = self.dialect;
        let quote = |text: &str| quoted(text, dialect);
        let assigned = assignments.iter().map(|(name, value)| format!("{name}={}", quote(value)));
        let words = args.iter().map(|arg| quote(arg));
        let text = if dialect == Dialect::Bash {
            let mut lines: Vec<String> = assigned.collect();
            if !args.is_empty() {
                lines.push(words.collect::<Vec<_>>().join(" "));
            }
            lines.iter().map(|line| format!("{prefix}{line}\n")).collect()
        } else {
            format!("{prefix}{}\n", assigned.chain(words).collect::<Vec<_>>().join(" "))
        };
        self.say(2, &text);
    }

    /// PS4; bash repeats its first character in substitutions.
    fn trace_prefix(&self) -> String {
        let prefix = self.state.get("PS4").unwrap_or("+ ");
        let again = if self.dialect == Dialect::Bash { self.substitutions as usize } else { 0 };
        let first = prefix.chars().next().map_or_else(String::new, String::from);
        first.repeat(again) + prefix
    }

    /// Shows the head of a loop or a `case` in bash’s trace.
    pub(crate) fn trace_head(&mut self, head: &str) {
        if self.state.options.xtrace && self.dialect == Dialect::Bash {
            let text = format!("{}{head}\n", self.trace_prefix());
            self.say(2, &text);
        }
    }

    // ---- what runs ----

    async fn builtin(
        &mut self,
        builtin: Option<&'static Builtin>,
        args: Vec<String>,
        words: &[Word],
        redirects: &[Redirect],
    ) -> Result<Flow, Fatal> {
        let Some(builtin) = builtin else { return Ok(Flow::Next) };
        let saved = if redirects.is_empty() {
            None
        } else {
            match self.redirect(redirects).await {
                Ok(saved) => Some(saved),
                Err(Failed::Shell) => return Err(Fatal),
                // A special builtin that cannot be redirected ends the shell (POSIX; not in bash).
                Err(Failed::Command) if builtin.special && self.dialect != Dialect::Bash => return Err(Fatal),
                Err(Failed::Command) => return Ok(self.checked()),
            }
        };
        // `exec` without a command leaves the descriptors as they are now.
        let keeps = builtin.name == "exec" && args.len() == 1;
        let arrays: Vec<&Assignment> = words
            .iter()
            .filter_map(|word| match &*word.parts {
                [Part::Declared(assignment)] => Some(&**assignment),
                _ => None,
            })
            .collect();
        let flow = (builtin.run)(self, args).await;
        for assignment in arrays {
            self.assign(assignment).await?;
        }
        if let Some(saved) = saved
            && !keeps
        {
            self.state.process.fds = saved;
        }
        match flow? {
            Flow::Next => Ok(self.checked()),
            flow => Ok(flow),
        }
    }

    /// Calls a function.
    pub(crate) fn call<'a>(
        &'a mut self,
        body: &'a Rc<Command>,
        args: Vec<String>,
        redirects: &'a [Redirect],
    ) -> Boxed<'a, Result<Flow, Fatal>> {
        Box::pin(async move {
            let saved = match self.redirect(redirects).await {
                Ok(saved) => saved,
                Err(Failed::Command) => return Ok(self.checked()),
                Err(Failed::Shell) => return Err(Fatal),
            };
            if !self.enter() {
                return Ok(Flow::Exit);
            }
            let body = body.clone();
            let outer = (self.dialect == Dialect::Bash).then(|| self.enter_function(&args));
            let args = Rc::new(args.into_iter().skip(1).collect::<Vec<_>>());
            let old = std::mem::replace(&mut self.state.args, args);
            self.state.locals.push(Vec::new());
            let loops = std::mem::replace(&mut self.loops, 0);
            let (tracks, line) = (std::mem::replace(&mut self.tracks, false), self.line);
            self.calls += 1;
            let flow = self.command_boxed(&body).await;
            self.calls -= 1;
            (self.loops, self.tracks, self.line) = (loops, tracks, line);
            self.restore_locals();
            if let Some(outer) = outer {
                self.leave_function(outer);
            }
            self.state.args = old;
            self.state.process.fds = saved;
            self.leave();
            Ok(match flow {
                Flow::Exit => Flow::Exit,
                _ => self.checked(),
            })
        })
    }

    /// bash's FUNCNAME gets one name more; the trap of ERR stays outside unless `set -E` is on.
    fn enter_function(&mut self, args: &[String]) -> (Option<Variable>, Option<String>) {
        let before = self.state.variables.get("FUNCNAME").cloned();
        let outer = before.as_ref().map(|variable| variable.value.values()).unwrap_or_default();
        let names = args.first().cloned().into_iter().chain(outer);
        self.state.variable("FUNCNAME").value = Held::Array((0..).zip(names).collect());
        let errtrace = self.state.options.errtrace;
        let has = self.state.traps.contains_key("ERR") && !errtrace;
        let trap = has.then(|| Rc::make_mut(&mut self.state.traps).remove("ERR")).flatten();
        (before, trap)
    }

    fn leave_function(&mut self, (before, trap): (Option<Variable>, Option<String>)) {
        self.put_back("FUNCNAME".into(), before);
        if let Some(action) = trap {
            Rc::make_mut(&mut self.state.traps).entry("ERR".to_owned()).or_insert(action);
        }
    }

    /// Runs a program.
    async fn program(&mut self, args: Vec<String>, redirects: &[Redirect]) -> Result<Flow, Fatal> {
        let saved = match self.redirect(redirects).await {
            Ok(saved) => saved,
            Err(Failed::Command) => return Ok(self.checked()),
            Err(Failed::Shell) => return Err(Fatal),
        };
        self.run_program(args, None).await;
        self.state.process.fds = saved;
        if self.system.stop.is_some() { Ok(Flow::Exit) } else { Ok(self.checked()) }
    }

    /// Runs a program with the shell's descriptors; its status is the shell's. A builtin that looks for it is named in messages.
    pub(crate) fn run_program<'a>(&'a mut self, args: Vec<String>, builtin: Option<&'a str>) -> Boxed<'a, ()> {
        Box::pin(async move {
            let Some(name) = args.first().cloned() else { return };
            let mut process = self.state.process.clone();
            process.env = self.state.environment();
            self.system.pids += 1;
            process.pid = self.system.pids;
            let path = self.state.get("PATH").map(str::to_owned);
            let found = exec::look_up(self.system, &process, &name, path.as_deref());
            self.state.status = match found {
                Ok(path) => {
                    if !self.enter() {
                        return;
                    }
                    let result = exec::start(self.system, process, &path, args, true).await;
                    self.leave();
                    match result {
                        Ok(status) => status,
                        Err(missing) => self.missing(builtin, &name, missing),
                    }
                }
                Err(missing) => self.missing(builtin, &name, missing),
            };
        })
    }

    /// Says why a program cannot run; the status.
    pub(crate) fn missing(&mut self, builtin: Option<&str>, name: &str, missing: Missing) -> u8 {
        let slash = name.contains('/');
        let (text, status) = match (missing, self.dialect) {
            (Missing::NotFound, Dialect::Bash) if builtin.is_some() => (format!("{name}: not found"), 127),
            (Missing::NotFound, Dialect::Bash) if slash => (format!("{name}: No such file or directory"), 127),
            (Missing::NotFound, Dialect::Bash) => (format!("{name}: command not found"), 127),
            (Missing::NotFound, _) => (format!("{name}: not found"), 127),
            (Missing::Directory, Dialect::Bash) => (format!("{name}: Is a directory"), 126),
            (Missing::Directory | Missing::Denied, _) => (format!("{name}: Permission denied"), 126),
            (Missing::Interpreter(_), Dialect::Bash) => {
                (format!("{name}: cannot execute: required file not found"), 127)
            }
            (Missing::Interpreter(_), _) => (format!("{name}: not found"), 127),
            (Missing::Format, Dialect::Bash) => (format!("{name}: cannot execute binary file: Exec format error"), 126),
            (Missing::Format, _) => (format!("{name}: Exec format error"), 126),
        };
        self.complain(builtin, &text);
        status
    }
}

/// A word as the trace of a shell shows it.
pub(crate) fn quoted(text: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Dash => text.to_owned(),
        Dialect::Ash => {
            let plain = |c: char| matches!(c, '+'..=':' | '@'..='Z' | ']'..='_' | 'a'..='z');
            if text.chars().all(plain) && !crate::shell::builtins::RESERVED.contains(&text) {
                text.to_owned()
            } else {
                single_quoted(text)
            }
        }
        Dialect::Bash => {
            if text.is_empty() {
                return "''".to_owned();
            }
            let special = |c: char| " \t\n'\"\\|&;()<>$`*?[]{}!#~^".contains(c);
            if text.contains(|c: char| c.is_control()) {
                return format!("$'{}'", escaped(text));
            }
            let only_inner = |c: char| matches!(c, '#' | '~');
            let first = text.chars().next();
            let needs = text.chars().any(|c| special(c) && !only_inner(c)) || first.is_some_and(only_inner);
            if needs { format!("'{}'", text.replace('\'', "'\\''")) } else { text.to_owned() }
        }
    }
}

/// Single quotes as ash and dash write them.
pub(crate) fn single_quoted(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    loop {
        let plain = rest.find('\'').unwrap_or(rest.len());
        if plain > 0 || out.is_empty() && rest.is_empty() {
            out.push('\'');
            out.push_str(&rest[..plain]);
            out.push('\'');
        }
        rest = &rest[plain..];
        if rest.is_empty() {
            return out;
        }
        let quotes = rest.len() - rest.trim_start_matches('\'').len();
        out.push('"');
        out.push_str(&rest[..quotes]);
        out.push('"');
        rest = &rest[quotes..];
        if rest.is_empty() {
            return out;
        }
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\x1b' => out.push_str("\\E"),
            '\'' => out.push_str("\\'"),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => out.push_str(&format!("\\{:03o}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}
