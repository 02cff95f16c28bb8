//! Commands that hold commands.

use super::redirect::Failed;
use super::{Boxed, Fatal, Flow, Shell};
use crate::shell::commands::regex::{Pattern as Regex, Syntax};
use crate::shell::pattern::Pattern;
use crate::shell::script::{After, Arithmetic, Arm, Command, Condition, Dialect, Kind, List, Word};
use std::rc::Rc;

impl Shell<'_> {
    /// Runs a command.
    pub(super) async fn command(&mut self, command: &Command) -> Flow {
        if !self.spend().await {
            return Flow::Exit;
        }
        self.line = command.line;
        if self.tracks {
            self.system.position = command.position;
        }
        if self.state.options.noexec {
            return Flow::Next;
        }
        if let Kind::Simple(assignments, words) = &command.kind {
            return self.simple(assignments, words, &command.redirects).await;
        }
        self.compound(command).await
    }

    pub(super) fn command_boxed<'a>(&'a mut self, command: &'a Command) -> Boxed<'a, Flow> {
        Box::pin(self.command(command))
    }

    fn compound<'a>(&'a mut self, command: &'a Command) -> Boxed<'a, Flow> {
        Box::pin(async move {
            if let Kind::Function(name, body) = &command.kind {
                Rc::make_mut(&mut self.state.functions).insert(name.clone(), body.clone());
                self.state.status = 0;
                return Flow::Next;
            }
            let saved = if command.redirects.is_empty() {
                None
            } else {
                match self.redirect(&command.redirects).await {
                    Ok(saved) => Some(saved),
                    Err(Failed::Command) => return self.checked(),
                    Err(Failed::Shell) => return Flow::Exit,
                }
            };
            if !self.enter() {
                return Flow::Exit;
            }
            let flow = self.kind(&command.kind).await.unwrap_or(Flow::Exit);
            self.leave();
            if let Some(saved) = saved {
                self.state.process.fds = saved;
            }
            flow
        })
    }

    async fn kind(&mut self, kind: &Kind) -> Result<Flow, Fatal> {
        Ok(match kind {
            Kind::Group(list) => self.list(list).await,
            Kind::Subshell(list) => {
                let Some(forked) = self.fork() else { return Ok(Flow::Exit) };
                self.list(list).await;
                let flow = self.join(forked).await;
                if flow == Flow::Next { self.checked() } else { flow }
            }
            Kind::If(branches, otherwise) => self.branches(branches, otherwise).await,
            Kind::While(until, condition, body) => self.while_loop(*until, condition, body).await,
            Kind::For(name, words, body) => return self.for_loop(name, words.as_deref(), body).await,
            Kind::ForArithmetic(parts, body) => return self.arithmetic_for(parts, body).await,
            Kind::Case(word, arms) => return self.case(word, arms).await,
            Kind::Arithmetic(expression) => {
                self.state.status = u8::from(self.arithmetic(expression).await? == 0);
                self.checked()
            }
            Kind::Condition(condition) => {
                let holds = self.holds(condition).await?;
                if self.state.status < 2 || holds {
                    self.state.status = u8::from(!holds);
                }
                self.checked()
            }
            Kind::Simple(..) | Kind::Function(..) => Flow::Next,
        })
    }

    async fn tested_list(&mut self, list: &List) -> Flow {
        self.tested += 1;
        let flow = self.list(list).await;
        self.tested -= 1;
        flow
    }

    async fn branches(&mut self, branches: &[(List, List)], otherwise: &List) -> Flow {
        for (condition, body) in branches {
            let flow = self.tested_list(condition).await;
            if flow != Flow::Next {
                return flow;
            }
            if self.state.status == 0 {
                return self.list(body).await;
            }
        }
        self.state.status = 0;
        self.list(otherwise).await
    }

    /// What a loop makes of how its body ended: none to go on.
    fn looped(&mut self, flow: Flow) -> Option<Flow> {
        match flow {
            Flow::Next | Flow::Continue(1) => None,
            Flow::Break(1) => Some(Flow::Next),
            Flow::Break(more) => Some(Flow::Break(more - 1)),
            Flow::Continue(more) => Some(Flow::Continue(more - 1)),
            other => Some(other),
        }
    }

    async fn while_loop(&mut self, until: bool, condition: &List, body: &List) -> Flow {
        let mut status = 0;
        self.loops += 1;
        let flow = loop {
            if !self.spend().await {
                break Flow::Exit;
            }
            let flow = self.tested_list(condition).await;
            if flow != Flow::Next {
                match self.looped(flow) {
                    None => continue,
                    Some(flow) => break flow,
                }
            }
            if (self.state.status == 0) == until {
                self.state.status = status;
                break Flow::Next;
            }
            let flow = self.list(body).await;
            status = self.state.status;
            if let Some(flow) = self.looped(flow) {
                break flow;
            }
        };
        self.loops -= 1;
        flow
    }

    async fn for_loop(&mut self, name: &Rc<str>, words: Option<&[Word]>, body: &List) -> Result<Flow, Fatal> {
        let values = match words {
            Some(words) => self.arguments(words).await?,
            None => self.state.args.to_vec(),
        };
        self.state.status = 0;
        self.loops += 1;
        let mut out = Flow::Next;
        for value in values {
            if !self.spend().await {
                out = Flow::Exit;
                break;
            }
            if self.state.options.xtrace {
                let words = words.map_or_else(|| "\"$@\"".to_owned(), Word::displayed);
                self.trace_head(&format!("for {name} in {words}"));
            }
            if let Err(fatal) = self.set(name, &value) {
                self.loops -= 1;
                return Err(fatal);
            }
            let flow = self.list(body).await;
            if let Some(flow) = self.looped(flow) {
                out = flow;
                break;
            }
        }
        self.loops -= 1;
        Ok(out)
    }

    async fn arithmetic_for(&mut self, parts: &[Option<Arithmetic>; 3], body: &List) -> Result<Flow, Fatal> {
        let [first, condition, step] = parts;
        if let Some(first) = first {
            self.arithmetic(first).await?;
        }
        self.state.status = 0;
        self.loops += 1;
        let flow = loop {
            if !self.spend().await {
                break Flow::Exit;
            }
            if let Some(condition) = condition
                && self.arithmetic(condition).await? == 0
            {
                break Flow::Next;
            }
            let flow = self.list(body).await;
            if let Some(flow) = self.looped(flow) {
                break flow;
            }
            if let Some(step) = step {
                self.arithmetic(step).await?;
            }
        };
        self.loops -= 1;
        Ok(flow)
    }

    async fn case(&mut self, word: &Word, arms: &[Arm]) -> Result<Flow, Fatal> {
        let text = self.text(word).await?;
        if self.state.options.xtrace {
            self.trace_head(&format!("case {} in", Word::displayed(std::slice::from_ref(word))));
        }
        self.state.status = 0;
        let mut falls = false;
        for arm in arms {
            let mut chosen = std::mem::take(&mut falls);
            for pattern in &arm.patterns {
                if chosen {
                    break;
                }
                chosen = match pattern.literal() {
                    Some(literal) if !literal.contains(['*', '?', '[', '\\']) => literal == text,
                    _ => Pattern::new(&self.pattern(pattern).await?).matches(&text),
                };
            }
            if !chosen {
                continue;
            }
            let flow = self.list(&arm.body).await;
            if flow != Flow::Next {
                return Ok(flow);
            }
            match arm.after {
                After::Leave => return Ok(Flow::Next),
                After::FallThrough => falls = true,
                After::GoOn => {}
            }
        }
        Ok(Flow::Next)
    }

    /// Does a condition of `[[` hold? Sets the status to 2 where it has no answer.
    fn holds<'a>(&'a mut self, condition: &'a Condition) -> Boxed<'a, Result<bool, Fatal>> {
        Box::pin(async move {
            self.state.status = 0;
            Ok(match condition {
                Condition::Not(inner) => !self.holds(inner).await?,
                Condition::And(left, right) => self.holds(left).await? && self.holds(right).await?,
                Condition::Or(left, right) => self.holds(left).await? || self.holds(right).await?,
                Condition::Word(word) => !self.text(word).await?.is_empty(),
                Condition::Unary(operator, word) => {
                    let operand = self.text(word).await?;
                    match &**operator {
                        "-v" => self.state.variables.contains_key(operand.as_str()),
                        "-o" => self.state.options.named(&operand).is_some_and(|on| *on),
                        _ => self.test(&[operator.to_string(), operand]),
                    }
                }
                Condition::Binary(left, operator, right) => {
                    let left = self.text(left).await?;
                    match &**operator {
                        "=" | "==" | "!=" => {
                            let pattern = self.pattern(right).await?;
                            Pattern::new(&pattern).matches(&left) == (&**operator != "!=")
                        }
                        "=~" => {
                            let pattern = self.text(right).await?;
                            self.matches_regex(&left, &pattern)
                        }
                        "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge" if self.dialect == Dialect::Bash => {
                            let right = self.text(right).await?;
                            let (left, right) = (self.evaluate_text(&left)?, self.evaluate_text(&right)?);
                            match &**operator {
                                "-eq" => left == right,
                                "-ne" => left != right,
                                "-lt" => left < right,
                                "-le" => left <= right,
                                "-gt" => left > right,
                                _ => left >= right,
                            }
                        }
                        _ => {
                            let right = self.text(right).await?;
                            self.test(&[left, operator.to_string(), right])
                        }
                    }
                }
            })
        })
    }

    /// Does a regular expression hold somewhere in the text? Sets the status to 2 if it is none.
    pub(crate) fn matches_regex(&mut self, text: &str, pattern: &str) -> bool {
        let syntax = Syntax { extended: true, utf8: true, ..Syntax::default() };
        let Ok(regex) = Regex::new(pattern.as_bytes(), syntax) else {
            self.state.status = 2;
            return false;
        };
        let Some(found) = regex.groups(text.as_bytes(), 0) else { return false };
        if self.dialect == Dialect::Bash {
            let groups = found
                .iter()
                .zip(0i64..)
                .map(|(group, i)| (i, group.map_or_else(String::new, |(start, end)| text[start..end].to_owned())))
                .collect();
            self.state.variable("BASH_REMATCH").value = super::Held::Array(groups);
        }
        true
    }
}
