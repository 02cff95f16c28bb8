//! Dockerfiles of the kinds that the images' own documentation shows (`tests/cases/catalogue/dockerfiles`): with placeholders
//! each builds to the end, and every line of it is simulated. One whose base the catalogue lacks fails for that and nothing
//! else.

use layerlab::build::{self, Build, Cache, Request};
use layerlab::catalog::Catalog;
use layerlab::shell::NoteKind;
use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

fn run(dockerfile: &str) -> Build {
    let request = Request { dockerfile: dockerfile.to_owned(), placeholders: true, ..Request::default() };
    let cache: Rc<RefCell<Cache>> = Rc::default();
    build::block_on(build::build(Rc::new(request), Rc::new(Catalog::builtin()), cache))
}

#[test]
fn documented_dockerfiles_are_simulated_whole() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/catalogue/dockerfiles");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 60, "{} files", files.len());
    let (mut wrong, mut without_base) = (Vec::new(), 0);
    for file in files {
        let build = run(&std::fs::read_to_string(&file).unwrap());
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let lacks_base = build.diagnostics.iter().any(|one| one.kind.code() == "not-in-catalogue");
        without_base += usize::from(lacks_base);
        let failure = build.failure.iter().filter(|_| !lacks_base);
        wrong.extend(failure.map(|failure| format!("{name}: {}", failure.message)));
        let notes = build.notes().into_iter().filter(|note| note.kind == NoteKind::NotSimulated);
        wrong.extend(notes.map(|note| format!("{name}, line {}: not simulated: {}", note.line, note.message)));
    }
    println!("{without_base} have a base that the catalogue lacks");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
