//! `getopt` (util-linux's, and busybox's): options for scripts, in order and quoted. It lacks `-s` for csh and `-T` with
//! other options.

use super::{Command, Context, Exit, Options, Run};

pub(super) const COMMAND: Command = Command {
    name: "getopt",
    run: Run::Plain(run),
    options: &Options {
        short: "ao:l:n:qQs:Tu",
        long: &[
            ("alternative", 'a'),
            ("options", 'o'),
            ("longoptions", 'l'),
            ("name", 'n'),
            ("quiet", 'q'),
            ("quiet-output", 'Q'),
            ("shell", 's'),
            ("test", 'T'),
            ("unquoted", 'u'),
        ],
        hidden: "",
        in_order: true,
    },
};

fn run(cx: &mut Context<'_>) -> Exit {
    let compatible = cx.args.get(1).is_some_and(|first| !first.starts_with('-'));
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if parsed.has('T') {
        return 4;
    }
    if parsed.value('s').is_some_and(|shell| !matches!(shell, "sh" | "bash")) {
        return cx.not_simulated("option -s");
    }
    let mut operands = parsed.operands.clone();
    let short = match parsed.value('o') {
        Some(short) => short.to_owned(),
        None if operands.is_empty() => return cx.missing_operand("missing optstring argument"),
        None => operands.remove(0),
    };
    if compatible && operands.first().is_some_and(|first| first == "--") {
        operands.remove(0);
    }
    let longs: Vec<String> = parsed
        .given
        .iter()
        .filter(|(letter, _)| *letter == 'l')
        .flat_map(|(_, list)| list.split([',', ' ', '\t']).filter(|name| !name.is_empty()).map(str::to_owned))
        .collect();
    let name = parsed.value('n').unwrap_or("getopt").to_owned();
    let mut read = Read {
        cx,
        short: &short,
        longs: &longs,
        name,
        quiet: parsed.has('q'),
        alternative: parsed.has('a'),
        plain: compatible || parsed.has('u'),
        out: String::new(),
        failed: false,
    };
    read.all(operands);
    let (out, failed) = (std::mem::take(&mut read.out), read.failed);
    if !parsed.has('Q') {
        cx.out(format!("{out}\n"));
    }
    u8::from(failed)
}

struct Read<'a, 'b> {
    cx: &'a mut Context<'b>,
    short: &'a str,
    longs: &'a [String],
    name: String,
    quiet: bool,
    /// Long options may begin with one dash.
    alternative: bool,
    plain: bool,
    out: String,
    failed: bool,
}

impl Read<'_, '_> {
    fn all(&mut self, args: Vec<String>) {
        let in_order = self.short.starts_with('+');
        let mut rest = Vec::new();
        let mut args = args.into_iter();
        while let Some(arg) = args.next() {
            if arg == "--" {
                break;
            }
            if let Some(long) = arg.strip_prefix("--") {
                self.long(long, &mut args);
            } else if arg.len() > 1 && arg.starts_with('-') {
                if self.alternative && self.longs.iter().any(|own| own.trim_end_matches(':') == &arg[1..]) {
                    self.long(&arg[1..], &mut args);
                } else {
                    self.letters(&arg[1..], &mut args);
                }
            } else {
                rest.push(arg);
                if in_order {
                    break;
                }
            }
        }
        rest.extend(args);
        self.out.push_str(" --");
        for operand in rest {
            self.value(&operand);
        }
    }

    fn value(&mut self, text: &str) {
        self.out.push(' ');
        match self.plain {
            true => self.out.push_str(text),
            false => self.out.push_str(&format!("'{}'", text.replace('\'', "'\\''"))),
        }
    }

    fn complain(&mut self, message: &str) {
        self.failed = true;
        if !self.quiet {
            let line = format!("{}: {message}\n", self.name);
            self.cx.err(line);
        }
    }

    fn letters(&mut self, letters: &str, args: &mut std::vec::IntoIter<String>) {
        let musl = self.cx.system.libc == crate::vfs::Libc::Musl;
        let short = self.short.trim_start_matches(['+', '-']).to_owned();
        for (i, letter) in letters.char_indices() {
            let found = short.split_once(letter).filter(|_| letter != ':');
            let Some((_, after)) = found else {
                match musl {
                    true => self.complain(&format!("unrecognized option: {letter}")),
                    false => self.complain(&format!("invalid option -- '{letter}'")),
                }
                continue;
            };
            let attached = &letters[i + letter.len_utf8()..];
            if !after.starts_with(':') {
                self.out.push_str(&format!(" -{letter}"));
                continue;
            }
            let value = match (attached.is_empty(), after.starts_with("::")) {
                (true, true) => Some(String::new()),
                (true, false) => args.next(),
                (false, _) => Some(attached.to_owned()),
            };
            match value {
                Some(value) => {
                    self.out.push_str(&format!(" -{letter}"));
                    self.value(&value);
                }
                None if musl => self.complain(&format!("option requires an argument: {letter}")),
                None => self.complain(&format!("option requires an argument -- '{letter}'")),
            }
            return;
        }
    }

    fn long(&mut self, written: &str, args: &mut std::vec::IntoIter<String>) {
        let (name, attached) = written.split_once('=').map_or((written, None), |(name, value)| (name, Some(value)));
        let bare = |own: &String| own.trim_end_matches(':').to_owned();
        let exact = self.longs.iter().find(|own| bare(own) == name);
        let mut starting = self.longs.iter().filter(|own| own.starts_with(name));
        let found = exact.or_else(|| match (starting.next(), starting.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        });
        let musl = self.cx.system.libc == crate::vfs::Libc::Musl;
        let Some(own) = found.cloned() else {
            match musl {
                true => self.complain(&format!("unrecognized option: {written}")),
                false => self.complain(&format!("unrecognized option '--{written}'")),
            }
            return;
        };
        let full = bare(&own);
        let value = match (own.ends_with("::"), own.ends_with(':'), attached) {
            (false, false, None) => None,
            (false, false, Some(_)) => {
                match musl {
                    true => self.complain(&format!("option does not take an argument: {full}")),
                    false => self.complain(&format!("option '--{full}' doesn't allow an argument")),
                }
                return;
            }
            (_, _, Some(value)) => Some(value.to_owned()),
            (true, _, None) => Some(String::new()),
            (false, true, None) => match args.next() {
                Some(value) => Some(value),
                None => {
                    match musl {
                        true => self.complain(&format!("option requires an argument: {full}")),
                        false => self.complain(&format!("option '--{full}' requires an argument")),
                    }
                    return;
                }
            },
        };
        self.out.push_str(&format!(" --{full}"));
        if let Some(value) = value {
            self.value(&value);
        }
    }
}
