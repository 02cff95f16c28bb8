//! The build context as a tree: folders are what the files' paths have in common.

use crate::view::project::{ContextFile, Project};
use std::collections::BTreeSet;

/// A row of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeRow {
    /// The path; a folder's ends with `/`.
    pub path: String,
    /// Its last part.
    pub name: String,
    /// Depth, from 1.
    pub level: usize,
    /// Is the folder open? None for a file.
    pub open: Option<bool>,
    /// Bytes; of a folder of all files in it.
    pub bytes: u64,
    /// Does .dockerignore leave it out? A folder, if it leaves out everything in it.
    pub ignored: bool,
}

/// The rows of a context whose folders are open but for these, in the order of a tree.
pub fn rows(project: &Project, ignored: &[String], closed: &BTreeSet<String>) -> Vec<TreeRow> {
    let mut files: Vec<(Vec<&str>, &String, &ContextFile)> =
        project.context.iter().map(|(path, file)| (path.split('/').collect(), path, file)).collect();
    files.sort_by(|(a, ..), (b, ..)| a.cmp(b));
    let mut rows: Vec<TreeRow> = Vec::new();
    // The folders that the last file is in: their paths, and the index of their rows, where they have one.
    let mut above: Vec<(String, Option<usize>)> = Vec::new();
    for (parts, path, file) in files {
        while above.last().is_some_and(|(folder, _)| !path.starts_with(folder.as_str())) {
            above.pop();
        }
        let hidden = |above: &[(String, Option<usize>)]| above.iter().any(|(folder, _)| closed.contains(folder));
        for depth in above.len() + 1..parts.len() {
            let folder = format!("{}/", parts.get(..depth).unwrap_or_default().join("/"));
            let name = parts.get(depth - 1).copied().unwrap_or_default().to_owned();
            let open = Some(!closed.contains(&folder));
            let row = TreeRow { path: folder.clone(), name, level: depth, open, bytes: 0, ignored: true };
            let index = (!hidden(&above)).then(|| {
                rows.push(row);
                rows.len() - 1
            });
            above.push((folder, index));
        }
        let (bytes, left_out) = (file.len(), ignored.contains(path));
        for index in above.iter().filter_map(|(_, index)| *index) {
            if let Some(folder) = rows.get_mut(index) {
                folder.bytes += bytes;
                folder.ignored &= left_out;
            }
        }
        if !hidden(&above) {
            let name = parts.last().copied().unwrap_or_default().to_owned();
            let level = parts.len();
            rows.push(TreeRow { path: path.clone(), name, level, open: None, bytes, ignored: left_out });
        }
    }
    rows
}

/// Files and bytes of a context, all of it, and what .dockerignore leaves out.
pub fn sums(project: &Project, ignored: &[String]) -> ((u64, u64), (u64, u64)) {
    let mut sums = ((0, 0), (0, 0));
    for (path, file) in &project.context {
        sums.0 = (sums.0.0 + 1, sums.0.1 + file.len());
        if ignored.contains(path) {
            sums.1 = (sums.1.0 + 1, sums.1.1 + file.len());
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_hold_their_files() {
        let mut project = Project::default();
        for (path, text) in [("a-b", "1"), ("a/x/1", "22"), ("a/x/2", "333"), ("a/y", "4444"), ("b", "")] {
            project.context.insert(path.into(), ContextFile { text: text.into(), ..ContextFile::default() });
        }
        let ignored = ["a/x/1".to_owned(), "a/x/2".to_owned()];
        let shown = |closed: &[&str]| -> Vec<String> {
            let closed = closed.iter().map(|path| (*path).to_owned()).collect();
            let one = |row: TreeRow| {
                let left_out = if row.ignored { " -" } else { "" };
                format!("{} {} {} {}{left_out}", row.level, row.path, row.name, row.bytes)
            };
            rows(&project, &ignored, &closed).into_iter().map(one).collect()
        };
        let open =
            ["1 a/ a 9", "2 a/x/ x 5 -", "3 a/x/1 1 2 -", "3 a/x/2 2 3 -", "2 a/y y 4", "1 a-b a-b 1", "1 b b 0"];
        assert_eq!(shown(&[]), open);
        assert_eq!(shown(&["a/x/"]), ["1 a/ a 9", "2 a/x/ x 5 -", "2 a/y y 4", "1 a-b a-b 1", "1 b b 0"]);
        assert_eq!(shown(&["a/"]), ["1 a/ a 9", "1 a-b a-b 1", "1 b b 0"]);
        assert_eq!(sums(&project, &ignored), ((5, 10), (2, 5)));
    }
}
