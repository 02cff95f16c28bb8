//! The users and groups that packages make, as `adduser --system` and `addgroup --system` do: numbers from 100 up, entries
//! in the four databases with a copy of each as it was, and a lock file.

use super::disk;
use crate::shell::Accounts;
use crate::vfs::{Content, Errno, Overlay};

/// Makes users and groups of which lines of passwd and group are given, but for those that are there. Their numbers are
/// free ones of this image.
///
/// # Errors
/// Those of the system calls.
pub fn make(fs: &mut Overlay, users: &[String], groups: &[String]) -> Result<(), Errno> {
    let mut known = Accounts::load(fs.merged());
    let mut lines: [Vec<String>; 4] = Default::default();
    let mut numbers = std::collections::BTreeMap::new();
    for line in groups {
        let mut fields: Vec<String> = line.split(':').map(str::to_owned).collect();
        if fields.len() < 4 || known.group(&fields[0]).is_some() {
            continue;
        }
        let id = free(fields[2].parse().unwrap_or(100), &|id| {
            known.group_of(id).is_some() || numbers.values().any(|n| *n == id)
        });
        numbers.insert(fields[2].clone(), id);
        fields[2] = id.to_string();
        lines[2].push(format!("{}:!::", fields[0]));
        lines[1].push(fields.join(":"));
    }
    append(fs, "/etc/group", &lines[1], 0o644)?;
    append(fs, "/etc/gshadow", &lines[2], 0o640)?;
    known = Accounts::load(fs.merged());
    let mut taken = Vec::new();
    for line in users {
        let mut fields: Vec<String> = line.split(':').map(str::to_owned).collect();
        if fields.len() < 7 || known.user(&fields[0]).is_some() {
            continue;
        }
        let id = free(fields[2].parse().unwrap_or(100), &|id| known.user_of(id).is_some() || taken.contains(&id));
        taken.push(id);
        fields[2] = id.to_string();
        if let Some(group) = numbers.get(&fields[3]) {
            fields[3] = group.to_string();
        }
        lines[3].push(format!("{}:!:20781::::::", fields[0]));
        lines[0].push(fields.join(":"));
    }
    append(fs, "/etc/passwd", &lines[0], 0o644)?;
    append(fs, "/etc/shadow", &lines[3], 0o640)?;
    if lines.iter().any(|lines| !lines.is_empty()) {
        disk::replace(fs, "/etc/.pwd.lock", &Content::empty(), 0o600)?;
    }
    Ok(())
}

/// A fixed number below 100, and one that systemd gives (from 999 down), else the first free one from 100 up.
fn free(recorded: u32, taken: &dyn Fn(u32) -> bool) -> u32 {
    if recorded < 100 {
        return recorded;
    }
    if recorded >= 900 {
        return (100..=recorded.min(999)).rev().find(|id| !taken(*id)).unwrap_or(recorded);
    }
    (100..1000).find(|id| !taken(*id)).unwrap_or(recorded)
}

fn append(fs: &mut Overlay, path: &str, lines: &[String], mode: u16) -> Result<(), Errno> {
    let Some(old) = disk::text(fs, path).filter(|_| !lines.is_empty()) else { return Ok(()) };
    let gid = fs.stat(&crate::vfs::Cred::root(), path).map_or(0, |stat| stat.meta.gid);
    let new: String = lines.iter().map(|line| format!("{line}\n")).collect();
    for (path, text) in [(format!("{path}-"), old.clone()), (path.to_owned(), format!("{old}{new}"))] {
        disk::replace(fs, &path, &Content::from(text), mode)?;
        if gid != 0 {
            fs.chown(&crate::vfs::Cred::root(), &path, None, Some(gid), false)?;
        }
    }
    Ok(())
}
