//! `env`: run a program in another environment, or print this one.

use super::{Command, Context, Exit, Options, Run, Running};

pub(super) const COMMAND: Command = Command {
    name: "env",
    run: Run::Launcher(run),
    options: &Options {
        short: "i0u:C:S:",
        long: &[("ignore-environment", 'i'), ("null", '0'), ("unset", 'u'), ("chdir", 'C'), ("split-string", 'S')],
        hidden: "",
        in_order: true,
    },
};

fn run<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(started(cx))
}

async fn started(cx: &mut Context<'_>) -> Exit {
    let mut parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let mut process = cx.process.clone();
    if parsed.operands.first().is_some_and(|operand| operand == "-") {
        parsed.operands.remove(0);
        process.env.clear();
    }
    if parsed.has('i') {
        process.env.clear();
    }
    let mut words: Vec<String> = Vec::new();
    for (option, value) in &parsed.given {
        match option {
            'u' => {
                process.env.remove(value);
            }
            'C' if cx.busybox() => return cx.not_simulated("option -C"),
            'C' => match cx.system.fs.realpath(&process.cred, &process.path(value)) {
                Ok(path) => process.cwd = path.to_string(),
                Err(errno) => {
                    cx.complain_of(format_args!("cannot change directory to '{value}'"), errno);
                    return 125;
                }
            },
            // `#!/usr/bin/env -S program argument`.
            'S' if value.contains(['\'', '"', '\\', '$']) => return cx.not_simulated("quotes in -S"),
            'S' => words.extend(value.split_whitespace().map(str::to_owned)),
            _ => {}
        }
    }
    words.extend(parsed.operands.iter().cloned());
    let mut words = words.into_iter().peekable();
    while let Some(word) = words.next_if(|word| word.contains('=')) {
        if let Some((name, value)) = word.split_once('=') {
            process.env.insert(name.to_owned(), value.to_owned());
        }
    }
    let argv: Vec<String> = words.collect();
    if argv.is_empty() {
        let end = if parsed.has('0') { '\0' } else { '\n' };
        let text: String = process.env.iter().map(|(name, value)| format!("{name}={value}{end}")).collect();
        cx.out(text);
        return 0;
    }
    cx.launch_or_complain(process, argv).await
}
