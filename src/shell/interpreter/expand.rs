//! Expanding words (POSIX, "Word Expansions"): tilde, parameters, commands, arithmetic, then splitting and path names.

use super::fields::{Field, Fields};
use super::{Boxed, Fatal, Flow, Shell};
use crate::shell::files::{self, Description, Fd};
use crate::shell::script::{
    Arithmetic, Command, Dialect, Item, Kind, Op, Part, Redirect, RedirectKind, Substitution, Word,
};
use crate::vfs::Content;

/// How parts of a word are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Unquoted expansions are split.
    Split,
    /// Also text that stands unquoted: the word of `${x:-a b}`.
    SplitText,
    /// Nothing is split: assignments, `case`, redirections.
    Whole,
}

impl Shell<'_> {
    /// The arguments that words expand to.
    pub(crate) async fn arguments(&mut self, words: &[Word]) -> Result<Vec<String>, Fatal> {
        let mut out = Vec::with_capacity(words.len());
        for word in words {
            if let [Part::Text(text, quoted)] = &*word.parts
                && (*quoted || !text.contains(['*', '?', '[', '\\']))
            {
                out.push(text.to_string());
                continue;
            }
            let mut fields = Fields::default();
            self.expand(word, &mut fields, Mode::Split).await?;
            for field in fields.finish() {
                self.paths(field, &mut out);
            }
        }
        Ok(out)
    }

    /// What a word expands to where nothing is split.
    pub(crate) async fn text(&mut self, word: &Word) -> Result<String, Fatal> {
        match word.literal() {
            Some(text) => Ok(text.to_owned()),
            None => self.field(word).await.map(|field| field.text),
        }
    }

    /// The same as a pattern.
    pub(crate) async fn pattern(&mut self, word: &Word) -> Result<String, Fatal> {
        self.field(word).await.map(|field| field.pattern())
    }

    async fn field(&mut self, word: &Word) -> Result<Field, Fatal> {
        let mut fields = Fields::default();
        self.expand(word, &mut fields, Mode::Whole).await?;
        Ok(fields.joined())
    }

    /// Adds what a word expands to.
    pub(super) async fn expand(&mut self, word: &Word, out: &mut Fields, mode: Mode) -> Result<(), Fatal> {
        for part in word.parts.iter() {
            match part {
                Part::Text(text, false) if mode == Mode::SplitText => {
                    let ifs = self.state.ifs().to_owned();
                    out.split(text, &ifs);
                }
                Part::Text(text, quoted) => out.text(text, *quoted),
                Part::Tilde(user) => {
                    let home = self.home(user);
                    out.text(&home, true);
                }
                Part::Break => out.cut(),
                Part::Arithmetic(expression, quoted) => {
                    let value = self.arithmetic_boxed(expression).await?.to_string();
                    self.add(out, &value, *quoted, mode);
                }
                Part::Param(param, quoted) if matches!(param.op, Op::Value) && param.index.is_none() => {
                    self.parameter(&param.name, *quoted, out, mode)?;
                }
                Part::Param(param, quoted) => self.operation(param, *quoted, out, mode).await?,
                Part::Command(substitution, quoted) => {
                    let text = self.substitute(substitution).await?;
                    self.add(out, &text, *quoted, mode);
                }
                Part::Process(substitution, true) => {
                    let path = self.process_substitution(substitution).await;
                    out.text(&path, true);
                }
                Part::Process(_, false) => {
                    self.not_simulated("process substitution >(…)");
                    out.text("/dev/null", true);
                }
                Part::Bad(text) => {
                    let message = match self.dialect {
                        Dialect::Bash => format!("${{{text}}}: bad substitution"),
                        _ => "Bad substitution".to_owned(),
                    };
                    return Err(self.fatal(None, &message));
                }
                Part::Declared(assignment) => out.text(&format!("{}=", assignment.name), true),
            }
        }
        Ok(())
    }

    fn arithmetic_boxed<'a>(&'a mut self, expression: &'a Arithmetic) -> Boxed<'a, Result<i64, Fatal>> {
        Box::pin(self.arithmetic(expression))
    }

    /// The value of an arithmetic expression.
    pub(crate) async fn arithmetic(&mut self, expression: &Arithmetic) -> Result<i64, Fatal> {
        match expression {
            Arithmetic::Read(expression) => self.evaluate(expression),
            Arithmetic::Text(word) => {
                let mut fields = Fields::default();
                let expanding: Boxed<'_, Result<(), Fatal>> = Box::pin(self.expand(word, &mut fields, Mode::Whole));
                expanding.await?;
                let text = fields.joined().text;
                self.evaluate_text(&text)
            }
        }
    }

    /// Adds the result of an expansion.
    pub(super) fn add(&self, out: &mut Fields, text: &str, quoted: bool, mode: Mode) {
        if quoted || mode == Mode::Whole {
            out.text(text, quoted);
        } else {
            out.split(text, self.state.ifs());
        }
    }

    /// bash's `$(<file)`: what the file holds.
    async fn read_whole(&mut self, command: &Command, output: &Fd) {
        if self.redirect(&command.redirects).await.is_err() {
            return;
        }
        let input = self.state.process.fds.get(&0).cloned();
        let content = input.map(|fd| files::read(&fd, self.system, u64::MAX)).unwrap_or(Ok(Content::empty()));
        self.state.status = match content.and_then(|content| files::write(output, self.system, &content)) {
            Ok(()) => 0,
            Err(_) => 1,
        };
    }

    /// Where `~` and `~user` lead; as they stand if there is no such user.
    fn home(&self, user: &str) -> String {
        if user.is_empty()
            && let Some(home) = self.state.get("HOME")
        {
            return home.to_owned();
        }
        let accounts = crate::shell::accounts::Accounts::from(&self.system.fs);
        let found = if user.is_empty() {
            if self.dialect != Dialect::Bash {
                return "~".to_owned();
            }
            accounts.user_of(self.state.process.cred.uid)
        } else {
            accounts.user(user)
        };
        found.map_or_else(|| format!("~{user}"), |user| user.home.clone())
    }

    /// What commands print, without the line feeds at the end. Its status is kept.
    pub(super) fn substitute<'a>(&'a mut self, substitution: &'a Substitution) -> Boxed<'a, Result<String, Fatal>> {
        Box::pin(async move {
            let pipe = Description::holding(Content::empty()).fd();
            let output: Fd = pipe.clone();
            let position = self.system.position;
            let Some(forked) = self.fork() else { return Err(Fatal) };
            self.state.process.fds.insert(1, output);
            // Only dash hands `set -e` on.
            self.state.options.errexit &= self.dialect == Dialect::Dash;
            self.substitutions += 1;
            match only_reads(&substitution.list).filter(|_| self.dialect == Dialect::Bash) {
                Some(command) => self.read_whole(command, &pipe).await,
                None => {
                    self.list(&substitution.list).await;
                }
            }
            self.substitutions -= 1;
            let flow = self.join(forked).await;
            self.system.position = position;
            self.substituted = Some(self.state.status);
            if flow == Flow::Exit {
                return Err(Fatal);
            }
            let Description::Pipe { content, .. } = &*pipe.borrow() else { return Ok(String::new()) };
            match content.to_text() {
                Ok(mut text) => {
                    text.retain(|c| c != '\0');
                    text.truncate(text.trim_end_matches('\n').len());
                    Ok(text)
                }
                Err(_) => {
                    self.not_simulated("command substitution of output whose bytes are not held");
                    Ok(String::new())
                }
            }
        })
    }
}

/// The command of `$(<file)`: a redirection of input, and nothing else.
fn only_reads(list: &[Item]) -> Option<&Command> {
    let [Item { first, rest, background: false, .. }] = list else { return None };
    let [command] = &first.commands[..] else { return None };
    let Kind::Simple(assignments, words) = &command.kind else { return None };
    let [Redirect { fd: None | Some(0), kind: RedirectKind::Read(_) }] = &command.redirects[..] else { return None };
    (rest.is_empty() && assignments.is_empty() && words.is_empty()).then_some(command)
}
