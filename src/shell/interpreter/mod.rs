//! Running scripts: lists, pipelines, commands, functions, loops.
//!
//! A shell is a future. It gives way every few hundred commands, so that its caller can stop between two of them. Each
//! subshell is the same shell with a copy of its state, put back when it ends.

mod assign;
mod call;
mod compound;
mod errors;
mod evaluate;
mod expand;
mod fields;
mod glob;
mod parameter;
mod redirect;
mod state;

pub(super) use call::{quoted, single_quoted};
pub(super) use errors::Fatal;
pub(super) use state::{Held, OPTIONS, State, Variable, is_name};

use super::files::Description;
use super::script::{Command, Dialect, Item, List, Pipeline, Reader};
use super::{Stop, System};
use crate::vfs::Content;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context as Task, Poll};

/// How a command ends, besides its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// The next one runs.
    Next,
    /// Out of this many loops.
    Break(u32),
    /// On with the loop that is this many out.
    Continue(u32),
    /// Out of the function or the sourced file.
    Return,
    /// Out of the shell.
    Exit,
}

/// A future on the heap: shells run shells.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// A shell.
pub struct Shell<'s> {
    /// The machine.
    pub system: &'s mut System,
    /// What it knows.
    pub state: State,
    /// Which shell.
    pub dialect: Dialect,
    /// `$0`, as messages have it.
    pub name: String,
    /// `$$`: also in its subshells.
    pub pid: u32,
    /// Its script is the argument of `-c`: ash counts its lines from 0.
    pub inline: bool,
    /// The script is the RUN's own: commands in it have positions of their own.
    pub tracks: bool,
    /// The line of the command that runs.
    pub line: u32,
    /// How many conditions are being tested: `set -e` waits.
    pub(super) tested: u32,
    /// How many loops run in this function.
    pub(super) loops: u32,
    /// How many functions and sourced files run.
    pub(super) calls: u32,
    /// How many command substitutions this is in.
    pub(super) substitutions: u32,
    /// The descriptor that the next process substitution gets.
    pub(super) next_substitution: u32,
    /// A command failed that `trap … ERR` is to hear of.
    erred: bool,
    /// The status of the last command substitution of the command that is being expanded.
    pub(super) substituted: Option<u8>,
}

/// bash's array of the statuses of the last pipeline.
const PIPE_STATUS: &str = "PIPESTATUS";

/// What a shell was before it became a copy of itself.
pub(super) struct Forked {
    state: State,
    loops: u32,
    calls: u32,
    tested: u32,
}

impl Forked {
    /// The status before it.
    pub(super) fn status(&self) -> u8 {
        self.state.status
    }
}

/// Gives way once: pending, and ready to go on.
async fn give_way() {
    struct Once(bool);
    impl Future for Once {
        type Output = ();
        fn poll(mut self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<()> {
            if std::mem::replace(&mut self.0, true) {
                return Poll::Ready(());
            }
            task.waker().wake_by_ref();
            Poll::Pending
        }
    }
    Once(false).await;
}

/// Polls a future to its end.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut task = Task::from_waker(std::task::Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut task) {
            return value;
        }
    }
}

impl<'s> Shell<'s> {
    /// A shell at its start.
    pub fn new(system: &'s mut System, state: State, dialect: Dialect, name: String) -> Self {
        let pid = state.process.pid;
        Self {
            system,
            state,
            dialect,
            name,
            pid,
            inline: false,
            tracks: false,
            line: 1,
            tested: 0,
            loops: 0,
            calls: 0,
            substitutions: 0,
            next_substitution: redirect::HIGHEST_SUBSTITUTION,
            erred: false,
            substituted: None,
        }
    }

    /// `$$`: the number of the shell, which its subshells share.
    pub(super) fn number(&self) -> u32 {
        self.pid
    }

    /// Counts a command, and gives way now and then; false when everything has to end.
    pub(super) async fn spend(&mut self) -> bool {
        if !self.system.spend() {
            return false;
        }
        if self.system.budget.commands.is_multiple_of(256) {
            give_way().await;
        }
        true
    }

    /// One level deeper; false when everything has to end.
    pub(super) fn enter(&mut self) -> bool {
        match self.system.budget.nesting.checked_sub(1) {
            Some(left) => self.system.budget.nesting = left,
            None => self.system.halt(Stop::Nesting),
        }
        self.system.stop.is_none()
    }

    /// One level up again.
    pub(super) fn leave(&mut self) {
        self.system.budget.nesting += 1;
    }

    /// Runs a script to its end, and the trap of EXIT after it. The status of the shell.
    pub async fn main(&mut self, reader: &mut Reader) -> u8 {
        self.script(reader).await;
        self.finish().await
    }

    /// What happens when a shell ends: its trap of EXIT.
    async fn finish(&mut self) -> u8 {
        let trap = std::rc::Rc::make_mut(&mut self.state.traps).remove("EXIT");
        if let Some(action) = trap
            && self.system.stop.is_none()
        {
            let status = self.state.status;
            let flow = self.eval(&action).await;
            if flow != Flow::Exit {
                self.state.status = status;
            }
        }
        self.state.status
    }

    /// Runs a script, one complete command after the other.
    pub(super) async fn script(&mut self, reader: &mut Reader) -> Flow {
        loop {
            self.line = reader.line();
            match reader.next_command() {
                Ok(None) => return Flow::Next,
                Ok(Some(list)) => {
                    let flow = self.list(&list).await;
                    if flow != Flow::Next {
                        return flow;
                    }
                    if self.state.options.noexec {
                        return Flow::Next;
                    }
                }
                Err(syntax) => {
                    let line = reader.text_of(syntax.line).to_owned();
                    return self.syntax_error(&syntax, &line);
                }
            }
        }
    }

    /// Runs the script of `.`.
    pub(super) fn sourced<'a>(&'a mut self, reader: &'a mut Reader) -> Boxed<'a, Flow> {
        Box::pin(async move {
            if !self.enter() {
                return Flow::Exit;
            }
            let (tracks, line) = (std::mem::replace(&mut self.tracks, false), self.line);
            self.state.status = 0;
            let flow = self.script(reader).await;
            (self.tracks, self.line) = (tracks, line);
            self.leave();
            flow
        })
    }

    /// A function or a sourced file begins.
    pub(super) fn begin_call(&mut self) {
        self.calls += 1;
    }

    /// It ends.
    pub(super) fn end_call(&mut self) {
        self.calls -= 1;
    }

    /// May `return` be used?
    pub(super) fn in_call(&self) -> bool {
        self.calls > 0
    }

    /// How many loops run in this function.
    pub(super) fn loops(&self) -> u32 {
        self.loops
    }

    /// Runs text as `eval` does.
    pub(super) fn eval<'a>(&'a mut self, text: &'a str) -> Boxed<'a, Flow> {
        Box::pin(async move {
            if !self.enter() {
                return Flow::Exit;
            }
            let tracks = std::mem::replace(&mut self.tracks, false);
            let line = self.line;
            let mut reader = Reader::new(text, self.system.position, true, self.dialect);
            let flow = self.script(&mut reader).await;
            self.line = line;
            self.tracks = tracks;
            self.leave();
            flow
        })
    }

    /// Runs commands one after the other.
    pub(super) fn list<'a>(&'a mut self, list: &'a List) -> Boxed<'a, Flow> {
        Box::pin(async move {
            for item in list {
                let flow = if item.background { self.in_background(item).await } else { self.item(item).await };
                if flow != Flow::Next {
                    return flow;
                }
            }
            Flow::Next
        })
    }

    async fn item(&mut self, item: &Item) -> Flow {
        let tests = !item.rest.is_empty();
        self.tested += u32::from(tests);
        let mut flow = self.pipeline(&item.first).await;
        self.tested -= u32::from(tests);
        for (i, (and, pipeline)) in item.rest.iter().enumerate() {
            if flow != Flow::Next {
                return flow;
            }
            if *and != (self.state.status == 0) {
                continue;
            }
            let tests = i + 1 < item.rest.len();
            self.tested += u32::from(tests);
            flow = self.pipeline(pipeline).await;
            self.tested -= u32::from(tests);
        }
        flow
    }

    /// `&`: there is only one processor, so the job runs to its end at once, without input.
    async fn in_background(&mut self, item: &Item) -> Flow {
        let Some(forked) = self.fork() else { return Flow::Exit };
        let pid = self.state.process.pid;
        self.state.process.fds.insert(0, Description::Null.fd());
        self.item(item).await;
        let flow = self.join(forked).await;
        self.state.background = Some(pid);
        self.state.background_status = std::mem::take(&mut self.state.status);
        flow
    }

    async fn pipeline(&mut self, pipeline: &Pipeline) -> Flow {
        self.tested += u32::from(pipeline.negated);
        let substitutions = self.next_substitution;
        let flow = match pipeline.commands.as_slice() {
            [] => Flow::Next,
            [command] => self.command(command).await,
            commands => self.piped(commands).await,
        };
        self.tested -= u32::from(pipeline.negated);
        if self.dialect == Dialect::Bash {
            self.drop_substitutions(substitutions);
            if pipeline.commands.len() == 1 && self.state.variables.contains_key(PIPE_STATUS) {
                self.put_pipe_status(&[self.state.status]);
            }
            if std::mem::take(&mut self.erred) {
                self.tell_of_error().await;
            }
        }
        if pipeline.negated && flow == Flow::Next {
            self.state.status = u8::from(self.state.status == 0);
            return flow;
        }
        if pipeline.timed && self.system.stop.is_none() {
            // The engine has no clock.
            self.say(2, "\nreal\t0m0.000s\nuser\t0m0.000s\nsys\t0m0.000s\n");
        }
        flow
    }

    /// Each side is a subshell; the left one runs to its end first, into a buffer that the right one reads. What the right
    /// ones write to is opened before.
    async fn piped(&mut self, commands: &[Command]) -> Flow {
        for command in commands.iter().skip(1) {
            self.open_ahead(&command.redirects);
        }
        let mut input = None;
        let mut failed = 0;
        let mut statuses = Vec::new();
        for (i, command) in commands.iter().enumerate() {
            let last = i + 1 == commands.len();
            let output = (!last).then(|| Description::holding(Content::empty()).fd());
            let Some(forked) = self.fork() else { return Flow::Exit };
            if let Some(stdin) = input.take() {
                self.state.process.fds.insert(0, stdin);
            }
            if let Some(stdout) = &output {
                self.state.process.fds.insert(1, stdout.clone());
            }
            self.command(command).await;
            if self.join(forked).await == Flow::Exit {
                return Flow::Exit;
            }
            if self.state.status != 0 {
                failed = self.state.status;
            }
            statuses.push(self.state.status);
            input = output;
        }
        if self.dialect == Dialect::Bash {
            self.put_pipe_status(&statuses);
        }
        if self.state.options.pipefail && failed != 0 {
            self.state.status = failed;
        }
        self.checked()
    }

    /// `set -e`: ends the shell if the command that just ran failed and nobody tests it.
    pub(super) fn checked(&mut self) -> Flow {
        self.erred |= self.dialect == Dialect::Bash
            && self.state.status != 0
            && self.tested == 0
            && self.state.traps.contains_key("ERR");
        if self.state.status != 0 && self.state.options.errexit && self.tested == 0 { Flow::Exit } else { Flow::Next }
    }

    /// bash's `trap … ERR`; what the trap itself does it does not hear of.
    async fn tell_of_error(&mut self) {
        let Some(action) = std::rc::Rc::make_mut(&mut self.state.traps).remove("ERR") else { return };
        let status = self.state.status;
        self.eval(&action).await;
        self.state.status = status;
        std::rc::Rc::make_mut(&mut self.state.traps).insert("ERR".to_owned(), action);
        self.erred = false;
    }

    fn put_pipe_status(&mut self, statuses: &[u8]) {
        let values = statuses.iter().zip(0..).map(|(status, i)| (i, status.to_string())).collect();
        self.state.variable(PIPE_STATUS).value = Held::Array(values);
    }

    /// Becomes a copy of itself; none when everything has to end. [`Shell::join`] makes it what it was.
    pub(super) fn fork(&mut self) -> Option<Forked> {
        if !self.enter() {
            return None;
        }
        self.system.pids += 1;
        let mut copy = self.state.clone();
        copy.process.pid = self.system.pids;
        // bash keeps its trap of ERR with `set -E`.
        let error = self.state.traps.get("ERR").filter(|_| self.state.options.errtrace).cloned();
        copy.traps = std::rc::Rc::new(error.into_iter().map(|action| ("ERR".to_owned(), action)).collect());
        let state = std::mem::replace(&mut self.state, copy);
        Some(Forked { state, loops: self.loops, calls: self.calls, tested: self.tested })
    }

    /// Ends a copy, its trap of EXIT run; its status comes back, and nothing else.
    pub(super) async fn join(&mut self, forked: Forked) -> Flow {
        let status = self.finish().await;
        self.state = forked.state;
        self.state.status = status;
        (self.loops, self.calls, self.tested) = (forked.loops, forked.calls, forked.tested);
        self.leave();
        if self.system.stop.is_some() { Flow::Exit } else { Flow::Next }
    }

    /// Writes text to standard error.
    pub fn print_error(&mut self, text: &str) {
        self.say(2, text);
    }

    /// Writes text to a descriptor of the shell's own.
    pub(crate) fn say(&mut self, number: u32, text: &str) {
        if let Some(fd) = self.state.process.fds.get(&number).cloned() {
            // A shell whose own output cannot be written has nowhere to say so.
            let _ = super::files::write(&fd, self.system, &Content::from(text));
        }
    }
}
