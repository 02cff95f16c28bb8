//! One instruction as BuildKit converts it before anything runs: its words expanded, its values checked.
//!
//! Files are not looked at here: a missing source comes later.

use super::modes::{check_mode, is_signal};
use super::state::State;
use crate::diagnostic::{DiagnosticKind, StageError};
use crate::dockerfile::ast::{ArgInstruction, Pair, Sources};
use crate::dockerfile::expand::{EnvList, Expansion, Lexer};
use crate::dockerfile::instruction::exposed_ports;
use crate::dockerfile::instruction::mount::{Mount, MountKind};
use crate::dockerfile::remote::{is_git, is_url};
use crate::dockerfile::{Frontend, Instruction, InstructionKind, Word};
use crate::glob::clean;

/// What came of an instruction, as far as it went.
#[derive(Default)]
pub(super) struct Conversion {
    pub words: Vec<(Word, Expansion)>,
    pub ports: Vec<String>,
    /// The names of an ARG, with their values.
    pub declared: Vec<(String, Option<String>)>,
    pub error: Option<DiagnosticKind>,
}

/// Build arguments: those that the build was given, and the global ones.
#[derive(Clone, Copy)]
pub(super) struct Args<'a> {
    pub given: &'a EnvList,
    pub globals: &'a EnvList,
}

/// Which of a RUN's mounts show a stage that comes later: its name, by the mount's number.
pub(super) type LaterMounts<'a> = &'a dyn Fn(usize) -> Option<String>;

pub(super) fn convert(
    instruction: &Instruction,
    escape: char,
    state: &State,
    args: Args<'_>,
    later: LaterMounts<'_>,
    frontend: Frontend,
) -> Conversion {
    let mut converter =
        Converter { lexer: Lexer::new(escape), state, done: Conversion::default(), args, later, frontend };
    if let Err(error) = converter.instruction(instruction) {
        converter.done.error = Some(error);
    }
    converter.done
}

struct Converter<'a> {
    lexer: Lexer,
    state: &'a State,
    done: Conversion,
    args: Args<'a>,
    later: LaterMounts<'a>,
    frontend: Frontend,
}

type Result<T> = std::result::Result<T, DiagnosticKind>;

impl Converter<'_> {
    /// Expands a word and remembers it; names that are not set are remembered even if the word does not expand.
    fn word(&mut self, word: &Word) -> Result<String> {
        self.with(self.lexer, word)
    }

    fn with(&mut self, lexer: Lexer, word: &Word) -> Result<String> {
        match lexer.process(&word.text, &self.state.env) {
            Ok(expansion) => {
                let text = expansion.text.clone();
                self.done.words.push((word.clone(), expansion));
                Ok(text)
            }
            Err(error) => {
                self.remember(lexer, word);
                Err(error.into())
            }
        }
    }

    fn instruction(&mut self, instruction: &Instruction) -> Result<()> {
        match &instruction.kind {
            InstructionKind::Add(add) => {
                let chmod = self.copy_flags(add.chown.as_ref(), add.chmod.as_ref())?;
                let checksum = add.checksum.as_ref().map(|word| self.word(word)).transpose()?;
                let paths = self.sources(&add.sources)?;
                self.mode(chmod)?;
                Self::checksum(checksum.as_deref(), &paths)
            }
            InstructionKind::Copy(copy) => {
                let chmod = self.copy_flags(copy.chown.as_ref(), copy.chmod.as_ref())?;
                let paths = self.sources(&copy.sources)?;
                self.mode(chmod)?;
                for path in paths {
                    if is_git(&path) {
                        return Err(StageError::InvalidSource {
                            message: "source can't be a git ref for COPY".to_owned(),
                        }
                        .into());
                    }
                    if is_url(&path) {
                        return Err(
                            StageError::InvalidSource { message: "source can't be a URL for COPY".to_owned() }.into()
                        );
                    }
                }
                Ok(())
            }
            InstructionKind::Env(env) => self.pairs(&env.pairs),
            InstructionKind::Label(label) => self.pairs(&label.pairs),
            InstructionKind::Arg(arg) => self.declarations(arg),
            InstructionKind::Expose(expose) => {
                for port in &expose.ports {
                    // The names of ports are not reported when they are not set.
                    self.done.ports.extend(self.lexer.process(&port.text, &self.state.env)?.words);
                }
                for port in &self.done.ports {
                    exposed_ports(port).map_err(|message| StageError::InvalidPort { message })?;
                }
                Ok(())
            }
            InstructionKind::User(user) => self.word(&user.user).map(drop),
            InstructionKind::Workdir(workdir) => self.word(&workdir.path).map(drop),
            InstructionKind::Stopsignal(stop) => {
                let signal = self.word(&stop.signal)?;
                if is_signal(&signal) { Ok(()) } else { Err(StageError::InvalidSignal { signal }.into()) }
            }
            InstructionKind::Volume(volume) => {
                let mut empty = false;
                for path in &volume.paths {
                    empty |= self.word(path)?.is_empty();
                }
                if empty { Err(StageError::EmptyVolume {}.into()) } else { Ok(()) }
            }
            InstructionKind::Run(run) => {
                let mut mounts = Vec::new();
                for mount in &run.mounts {
                    mounts.push(self.mount(mount)?);
                }
                for (at, mount) in mounts.iter().enumerate() {
                    self.mount_target(at, mount)?;
                }
                if !run.devices.is_empty() && self.frontend < Frontend::Labs {
                    return Err(StageError::DeviceUnsupported {}.into());
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// An ARG sees those before it on its own line.
    fn declarations(&mut self, arg: &ArgInstruction) -> Result<()> {
        let mut env = self.state.env.clone();
        let mut declared: Vec<&str> = Vec::new();
        for declaration in &arg.declarations {
            let name = declaration.name.text.as_str();
            let value = match (self.args.given.get(name), &declaration.default) {
                (Some(given), _) => Some(given.to_owned()),
                (None, Some(default)) => {
                    let expansion = self.lexer.process(&default.text, &env);
                    let mut expansion = expansion.inspect_err(|_| self.remember(self.lexer, default))?;
                    expansion.unmatched.retain(|name| !declared.contains(&name.as_str()));
                    let text = expansion.text.clone();
                    self.done.words.push((default.clone(), expansion));
                    Some(text)
                }
                (None, None) => self.args.globals.get(name).map(str::to_owned),
            };
            if let Some(value) = &value {
                env.set(name, value);
            }
            self.done.declared.push((name.to_owned(), value));
            declared.push(name);
        }
        Ok(())
    }

    /// Keeps the names that were not found before a word turned out not to expand: BuildKit reports them, too.
    fn remember(&mut self, lexer: Lexer, word: &Word) {
        let unmatched = lexer.unmatched(&word.text, &self.state.env);
        self.done.words.push((word.clone(), Expansion { unmatched, ..Expansion::default() }));
    }

    fn copy_flags(&mut self, chown: Option<&Word>, chmod: Option<&Word>) -> Result<Option<String>> {
        if let Some(chown) = chown {
            self.word(chown)?;
        }
        chmod.map(|chmod| self.word(chmod)).transpose()
    }

    fn mode(&self, chmod: Option<String>) -> Result<()> {
        match chmod.filter(|mode| !mode.is_empty()) {
            Some(mode) => check_mode(&mode).map_err(|message| StageError::InvalidChmod { message }.into()),
            None => Ok(()),
        }
    }

    fn sources(&mut self, sources: &Sources) -> Result<Vec<String>> {
        let mut paths = Vec::new();
        for path in &sources.paths {
            paths.push(self.word(path)?);
        }
        self.word(&sources.destination)?;
        for file in sources.files.iter().filter(|file| file.expand) {
            let content = Word { text: file.content.clone(), span: file.span };
            self.with(Lexer::for_content(), &content)?;
        }
        Ok(paths)
    }

    fn checksum(checksum: Option<&str>, paths: &[String]) -> Result<()> {
        let problem = |message: &str| Err(StageError::InvalidSource { message: message.to_owned() }.into());
        let Some(checksum) = checksum.filter(|checksum| !checksum.is_empty()) else { return Ok(()) };
        let [path] = paths else { return problem("checksum can't be specified for multiple sources") };
        if is_git(path) {
            return Ok(());
        }
        if !is_url(path) {
            return problem("checksum requires HTTP(S) or Git sources");
        }
        let hex = |length| {
            move |digits: &str| {
                digits.len() == length && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
            }
        };
        match checksum.split_once(':') {
            Some(("sha256", digits)) if hex(64)(digits) => Ok(()),
            Some(("sha384", digits)) if hex(96)(digits) => Ok(()),
            Some(("sha512", digits)) if hex(128)(digits) => Ok(()),
            Some(("sha256" | "sha384" | "sha512", _)) => problem("invalid checksum digest length"),
            Some((name, digits)) if !name.is_empty() && !digits.is_empty() => problem("unsupported digest algorithm"),
            _ => problem("invalid checksum digest format"),
        }
    }

    fn pairs(&mut self, pairs: &[Pair]) -> Result<()> {
        for pair in pairs {
            self.word(&pair.name)?;
            self.word(&pair.value)?;
        }
        Ok(())
    }

    fn mount(&mut self, mount: &Word) -> Result<Mount> {
        let parsed = Mount::parse(&mount.text, &mut |value| {
            let word = Word { text: value.to_owned(), span: mount.span };
            self.word(&word).map_err(Fault)
        });
        parsed.map_err(|Fault(kind)| kind)
    }

    fn mount_target(&self, at: usize, mount: &Mount) -> Result<()> {
        if matches!(mount.kind, MountKind::Secret | MountKind::Ssh) {
            return Ok(());
        }
        if let Some(from) = (self.later)(at).filter(|_| mount.kind != MountKind::Tmpfs) {
            let target = mount.target.clone();
            return Err(StageError::MountNotDefinedBefore { from, target }.into());
        }
        let target = if mount.target.starts_with('/') {
            // BuildKit takes an absolute target as it is written.
            mount.target.clone()
        } else {
            clean(&format!("/{}/{}", self.state.working_dir, mount.target))
        };
        if target == "/" {
            Err(StageError::InvalidMount { message: "invalid mount target \"/\"".to_owned() }.into())
        } else {
            Ok(())
        }
    }
}

/// A mount's error: BuildKit's message, or a value that does not expand.
struct Fault(DiagnosticKind);

impl From<String> for Fault {
    fn from(message: String) -> Self {
        Self(StageError::InvalidMount { message }.into())
    }
}
