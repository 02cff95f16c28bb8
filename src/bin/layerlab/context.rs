//! Reads a build context from disk, as the engine wants it: what belongs to whom and which modes files have on this
//! machine does not count, but for whether the owner may execute them.

use layerlab::build::{Context, ContextFile};
use layerlab::vfs::Content;
use std::fs;
use std::io;
use std::path::Path;

/// All files below a folder. Links are kept as they are; pipes, sockets and devices are left out, as Docker leaves them.
///
/// # Errors
/// With the path that cannot be read, or whose name is not text.
pub fn read(folder: &Path) -> Result<Context, String> {
    let mut files = Vec::new();
    collect(folder, "", &mut files)?;
    Ok(Context::new(files))
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, ContextFile)>) -> Result<(), String> {
    let of = |path: &Path, error: io::Error| format!("{}: {error}", path.display());
    for entry in fs::read_dir(folder).map_err(|error| of(folder, error))? {
        let entry = entry.map_err(|error| of(folder, error))?;
        let path = entry.path();
        let name = entry.file_name().into_string().map_err(|_| format!("{}: its name is not UTF-8", path.display()))?;
        let inside = format!("{prefix}{name}");
        let meta = fs::symlink_metadata(&path).map_err(|error| of(&path, error))?;
        if meta.is_dir() {
            files.push((inside.clone(), ContextFile::Dir));
            collect(&path, &format!("{inside}/"), files)?;
        } else if meta.is_symlink() {
            let target = fs::read_link(&path).map_err(|error| of(&path, error))?;
            files.push((inside, ContextFile::Symlink(target.to_string_lossy().into_owned())));
        } else if meta.is_file() {
            let content = Content::from(fs::read(&path).map_err(|error| of(&path, error))?);
            files.push((inside, ContextFile::File { content, executable: is_executable(&meta) }));
        }
    }
    Ok(())
}

#[cfg(unix)]
fn is_executable(meta: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    meta.permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
fn is_executable(_meta: &fs::Metadata) -> bool {
    false
}
