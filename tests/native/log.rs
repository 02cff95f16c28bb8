//! The plain log and the history, `tests/cases/log/NAME`, as Docker 28.5.2 printed them for a build from nothing.
//!
//! From log.txt were taken: times, sizes of what was transferred, the image's name and ID, and references of the daemon.
//! Steps that ran side by side stand in our order. history.txt is without the columns IMAGE and CREATED.

use crate::docker::build;
use layerlab::report::plain::plain;
use std::path::Path;

#[test]
fn cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/log");
    for case in std::fs::read_dir(folder).unwrap().map(|case| case.unwrap().path()) {
        let text = std::fs::read_to_string(case.join("Dockerfile")).unwrap();
        let got = plain(&build(&case, Default::default()), &text, "Dockerfile");
        let log = std::fs::read_to_string(case.join("log.txt")).unwrap();
        let name = case.file_name().unwrap().display();
        let Some(rest) = got.strip_prefix(&log) else { panic!("{name}\n--- wanted\n{log}\n--- got\n{got}") };
        if let Ok(history) = std::fs::read_to_string(case.join("history.txt")) {
            assert!(rest.trim_start().starts_with(&history), "{name}\n--- wanted\n{history}\n--- got\n{rest}");
        }
    }
}
