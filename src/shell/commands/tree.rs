//! `tree`: a directory drawn as a tree. busybox draws everything that is not hidden; GNU's has options.

use super::syscalls::concat;
use super::{Command, Context, Exit, Options, Parsed, Run};

pub(super) const COMMAND: Command = Command { name: "tree", run: Run::Plain(run), options: &Options::short("adfiL:") };

struct Count {
    dirs: u64,
    files: u64,
}

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let depth = parsed.value('L').and_then(|depth| depth.parse().ok()).unwrap_or(usize::MAX);
    let operands = if parsed.operands.is_empty() { vec![".".to_owned()] } else { parsed.operands.clone() };
    let mut count = Count { dirs: 0, files: 0 };
    for operand in &operands {
        if !cx.is_dir(operand) {
            cx.out(format!("{operand} [error opening dir]\n"));
            continue;
        }
        cx.out(format!("{operand}\n"));
        draw(cx, operand, "", depth, &parsed, &mut count);
    }
    let plural = |number: u64, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
    let dirs = plural(count.dirs, "directory", "directories");
    // busybox always writes the plural.
    let text = match (cx.busybox(), parsed.has('d')) {
        (true, _) => format!("\n{} directories, {} files\n", count.dirs, count.files),
        (false, true) => format!("\n{dirs}\n"),
        (false, false) => format!("\n{dirs}, {}\n", plural(count.files, "file", "files")),
    };
    cx.out(text);
    0
}

fn draw(cx: &mut Context<'_>, dir: &str, prefix: &str, depth: usize, parsed: &Parsed, count: &mut Count) {
    let entries = match cx.read_dir(dir) {
        _ if depth == 0 || cx.stopped() => return,
        Ok(entries) => entries,
        Err(_) => return,
    };
    let shown: Vec<_> = entries
        .into_iter()
        .filter(|entry| parsed.has('a') || !entry.name.starts_with('.'))
        .filter(|entry| !parsed.has('d') || cx.is_dir(&concat(dir, &entry.name)))
        .collect();
    let last = shown.len().saturating_sub(1);
    for (i, entry) in shown.iter().enumerate() {
        let path = concat(dir, &entry.name);
        let (branch, below) = if i == last { ("└── ", "    ") } else { ("├── ", "│   ") };
        let lead = if parsed.has('i') { String::new() } else { format!("{prefix}{branch}") };
        let name = if parsed.has('f') { path.as_str() } else { &entry.name };
        let target = cx.readlink(&path).map(|target| format!(" -> {target}")).unwrap_or_default();
        cx.out(format!("{lead}{name}{target}\n"));
        if entry.kind == crate::vfs::FileKind::Dir {
            count.dirs += 1;
            draw(cx, &path, &format!("{prefix}{below}"), depth - 1, parsed, count);
        } else {
            count.files += 1;
        }
    }
}
