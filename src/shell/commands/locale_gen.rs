//! `locale-gen`: compiles the locales of `/etc/locale.gen` (and, in Ubuntu, of its arguments) into
//! `/usr/lib/locale/locale-archive`, whose size is modelled.

use super::{Command, Context, Exit, Options, Run};
use crate::vfs::{Content, OpenOptions};

pub(super) const COMMAND: Command = Command {
    name: "locale-gen",
    run: Run::Plain(run),
    options: &Options { short: "kp", long: &[("keep-existing", 'k'), ("purge", 'p')], hidden: "kp", in_order: false },
};

const ARCHIVE: &str = "/usr/lib/locale/locale-archive";

/// Bytes of an archive with one UTF-8 locale, and what each further one adds: about.
const FIRST: u64 = 3_055_000;
const FURTHER: u64 = 380_000;

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let content = cx.input("/etc/locale.gen").unwrap_or_default();
    let text = content.to_text().unwrap_or_default();
    let mut locales: Vec<String> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let (name, charset) = (words.next()?, words.next()?);
            Some(if name.contains('.') { name.to_owned() } else { format!("{name}.{charset}") })
        })
        .collect();
    for given in &parsed.operands {
        if !locales.contains(given) {
            locales.push(given.clone());
        }
    }
    cx.out("Generating locales (this might take a while)...\n");
    for locale in &locales {
        cx.out(format!("  {locale}... done\n"));
    }
    cx.out("Generation complete.\n");
    if locales.is_empty() {
        return 0;
    }
    cx.modelled("the size of the locale archive");
    let size = FIRST + FURTHER * (locales.len() as u64 - 1);
    let made = cx
        .mkdir("/usr/lib/locale", 0o755)
        .or_else(|errno| if errno == crate::vfs::Errno::EEXIST { Ok(()) } else { Err(errno) })
        .and_then(|()| cx.open(ARCHIVE, OpenOptions::replacing(), 0o644))
        .and_then(|ino| cx.system.fs.write_handle(ino, 0, &Content::unknown(size)));
    match made {
        Ok(()) => 0,
        Err(errno) => {
            cx.complain_of(ARCHIVE, errno);
            1
        }
    }
}
