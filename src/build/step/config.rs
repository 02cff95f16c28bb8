//! The instructions that change the image config only: a row of the history and no layer.

use super::{Planned, Scope, State};
use crate::diagnostic::{BuildError, DiagnosticKind, InstructionError};
use crate::dockerfile::ast::{
    ArgInstruction, CmdInstruction, EntrypointInstruction, EnvInstruction, ExposeInstruction, HealthcheckInstruction,
    LabelInstruction, Pair, StopsignalInstruction, UserInstruction, VolumeInstruction,
};
use crate::dockerfile::instruction::exposed_ports;
use crate::dockerfile::{Instruction, InstructionKind};
use crate::image;

pub(super) fn plan(instruction: &Instruction, state: &mut State, scope: &Scope<'_>) -> Result<Planned, DiagnosticKind> {
    match &instruction.kind {
        InstructionKind::Arg(arg) => plan_arg(arg, state, scope),
        InstructionKind::Env(env) => {
            let pairs = pairs(&env.pairs, state, scope)?;
            for (name, value) in &pairs {
                set_env(&mut state.config.env, name, value);
                state.env.set(name, value);
            }
            Planned::config(EnvInstruction::created_by(&pairs))
        }
        InstructionKind::Label(label) => {
            let pairs = pairs(&label.pairs, state, scope)?;
            state.config.labels.extend(pairs.iter().cloned());
            Planned::config(LabelInstruction::created_by(&pairs))
        }
        InstructionKind::Expose(expose) => plan_expose(expose, state, scope),
        InstructionKind::Volume(volume) => {
            let paths = scope.expand_all(&volume.paths, state)?;
            if paths.iter().any(String::is_empty) {
                return Err(InstructionError::EmptyVolume {}.into());
            }
            state.config.volumes.extend(paths.iter().cloned());
            Planned::config(VolumeInstruction::created_by(&paths))
        }
        InstructionKind::User(user) => {
            let user = scope.expand(&user.user, state)?;
            state.config.user.clone_from(&user);
            Planned::config(UserInstruction::created_by(&user))
        }
        InstructionKind::Stopsignal(stopsignal) => {
            let signal = scope.expand(&stopsignal.signal, state)?;
            state.config.stop_signal.clone_from(&signal);
            Planned::config(StopsignalInstruction::created_by(&signal))
        }
        InstructionKind::Shell(shell) => {
            state.config.shell = shell.arguments();
            Planned::config(shell.created_by())
        }
        InstructionKind::Healthcheck(check) => {
            state.config.healthcheck = Some(healthcheck(check));
            Planned::config(check.created_by())
        }
        InstructionKind::Cmd(cmd) => {
            let arguments = cmd.command.arguments(&state.shell());
            state.config.args_escaped = cmd.command.is_shell();
            state.config.cmd.clone_from(&arguments);
            state.cmd_set = true;
            Planned::config(CmdInstruction::created_by(&arguments))
        }
        InstructionKind::Entrypoint(entrypoint) => {
            let arguments = entrypoint.command.arguments(&state.shell());
            state.config.entrypoint.clone_from(&arguments);
            if !state.cmd_set {
                state.config.cmd.clear();
            }
            Planned::config(EntrypointInstruction::created_by(&arguments))
        }
        InstructionKind::Onbuild(onbuild) => {
            state.config.on_build.push(onbuild.expression.clone());
            Ok(Planned { op: super::Op::Config, created_by: None })
        }
        InstructionKind::Maintainer(maintainer) => Planned::config(maintainer.created_by()),
        // FROM is not planned here, and what is not understood has a diagnostic that stops the build before.
        _ => Ok(Planned { op: super::Op::Config, created_by: None }),
    }
}

fn pairs(pairs: &[Pair], state: &State, scope: &Scope<'_>) -> Result<Vec<(String, String)>, DiagnosticKind> {
    pairs.iter().map(|pair| Ok((scope.expand(&pair.name, state)?, scope.expand(&pair.value, state)?))).collect()
}

fn set_env(env: &mut Vec<String>, name: &str, value: &str) {
    let line = format!("{name}={value}");
    match env.iter_mut().find(|line| line.split('=').next() == Some(name)) {
        Some(old) => *old = line,
        None => env.push(line),
    }
}

/// An ARG has the value of `--build-arg`, else its default, else that of the ARG of this name before the first FROM.
fn plan_arg(arg: &ArgInstruction, state: &mut State, scope: &Scope<'_>) -> Result<Planned, DiagnosticKind> {
    let mut values = Vec::new();
    for declaration in &arg.declarations {
        let name = &declaration.name.text;
        let value = match (scope.build_args.get(name), &declaration.default) {
            (Some(given), _) => Some(given.to_owned()),
            (None, Some(default)) => Some(scope.expand(default, state)?),
            (None, None) => scope.globals.get(name).map(str::to_owned),
        };
        if let Some(value) = &value {
            state.env.set(name, value);
        }
        state.build_args.push((name.clone(), value.clone()));
        values.push((name.clone(), value));
    }
    Planned::config(ArgInstruction::created_by(&values))
}

fn plan_expose(expose: &ExposeInstruction, state: &mut State, scope: &Scope<'_>) -> Result<Planned, DiagnosticKind> {
    let mut ports = Vec::new();
    for word in &expose.ports {
        for port in scope.lexer.process(&word.text, &state.env)?.words {
            let spelled = exposed_ports(&port).map_err(|message| BuildError::ValueRefused { message })?;
            ports.extend(spelled);
        }
    }
    // In the order of the words, each as often as it is named.
    state.config.exposed_ports.extend(ports.iter().cloned());
    Planned::config(ExposeInstruction::created_by(&ports))
}

fn healthcheck(check: &HealthcheckInstruction) -> image::Healthcheck {
    let mut out = image::Healthcheck { test: check.test(), ..image::Healthcheck::default() };
    if let crate::dockerfile::ast::Healthcheck::Command(command) = &check.check {
        out.interval = command.interval;
        out.timeout = command.timeout;
        out.start_period = command.start_period;
        out.start_interval = command.start_interval;
        out.retries = command.retries.into();
    }
    out
}
