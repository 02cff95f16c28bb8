//! Path name expansion inside the filesystem: matches sorted by bytes, dot files only where the dot is written.

use super::Shell;
use super::fields::Field;
use crate::shell::pattern::Pattern;

impl Shell<'_> {
    /// Adds the paths that a field stands for, or its text if there are none.
    pub(super) fn paths(&mut self, field: Field, out: &mut Vec<String>) {
        if !field.magic || self.state.options.noglob {
            out.push(field.text);
            return;
        }
        let pattern = field.pattern();
        let mut found = self.matching(&pattern);
        if found.is_empty() {
            if !self.state.options.nullglob {
                out.push(field.text);
            }
            return;
        }
        found.sort();
        out.extend(found);
    }

    fn matching(&self, pattern: &str) -> Vec<String> {
        let mut found = vec![String::new()];
        let mut rest = pattern;
        loop {
            // Slashes stand for themselves, as many as are written.
            let slashes = rest.len() - rest.trim_start_matches('/').len();
            if slashes > 0 {
                found = found.iter().map(|path| format!("{path}{}", &rest[..slashes])).collect();
                rest = &rest[slashes..];
            }
            if rest.is_empty() {
                // A slash at the end asks for directories.
                return found.into_iter().filter(|path| self.exists(path)).collect();
            }
            let end = rest.find('/').unwrap_or(rest.len());
            let (component, after) = rest.split_at(end);
            rest = after;
            let literal = !has_magic(component);
            let compiled = Pattern::new(component);
            let mut next = Vec::new();
            for path in &found {
                if literal {
                    next.push(format!("{path}{}", unescape(component)));
                    continue;
                }
                let directory = if path.is_empty() { "." } else { path.as_str() };
                let Ok(entries) =
                    self.system.fs.read_dir(&self.state.process.cred, &self.state.process.path(directory))
                else {
                    continue;
                };
                for entry in entries {
                    let hidden = entry.name.starts_with('.');
                    let wanted = component.starts_with('.') || self.state.options.dotglob;
                    if (!hidden || wanted) && compiled.matches(&entry.name) {
                        next.push(format!("{path}{}", entry.name));
                    }
                }
                // `.` and `..` are names too, where the pattern begins with a dot: not in bash 5.2, and busybox leaves them to
                // the system, which has them.
                if component.starts_with('.') && self.dialect != crate::shell::script::Dialect::Bash {
                    next.extend(
                        [".", ".."].iter().filter(|dots| compiled.matches(dots)).map(|dots| format!("{path}{dots}")),
                    );
                }
            }
            found = next;
            if found.is_empty() {
                return found;
            }
        }
    }

    fn exists(&self, path: &str) -> bool {
        self.system.fs.lstat(&self.state.process.cred, &self.state.process.path(path)).is_ok()
    }
}

fn has_magic(component: &str) -> bool {
    let mut chars = component.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '*' | '?' => return true,
            '[' if chars.as_str().contains(']') => return true,
            _ => {}
        }
    }
    false
}

fn unescape(component: &str) -> String {
    let mut out = String::new();
    let mut chars = component.chars();
    while let Some(c) = chars.next() {
        out.push(if c == '\\' { chars.next().unwrap_or('\\') } else { c });
    }
    out
}
