//! Properties of whole builds: what the cache hands back is what a build from nothing makes.

use layerlab::build::outcome::{Build, CacheStatus};
use layerlab::build::{Cache, Context, ContextFile, Request, build};
use layerlab::catalog::Catalog;
use layerlab::shell::block_on;
use layerlab::vfs::Content;
use proptest::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;

fn run(dockerfile: &str, note: &str, cache: &Rc<RefCell<Cache>>) -> Build {
    let file = |text: &str| ContextFile::File { content: Content::from(text), executable: false };
    let files = [("a.txt".to_owned(), file("a\n")), ("dir/note".to_owned(), file(note))];
    let request = Request { dockerfile: dockerfile.to_owned(), context: Context::new(files), ..Request::default() };
    block_on(build(Rc::new(request), Rc::new(Catalog::builtin()), cache.clone()))
}

/// Everything of a build but whether it came from the cache.
fn facts(build: &Build) -> Vec<String> {
    let mut facts = vec![format!("{:?} {:?}", build.failure, build.diagnostics)];
    for stage in &build.stages {
        facts.push(format!("{:?} {:?}", stage.config, stage.state));
        facts.extend(stage.history.iter().map(|row| format!("{:?} {:?}", row.row, row.layer)));
        facts.extend(stage.layers.iter().map(|layer| format!("{:?} {}", layer.layer.changeset, layer.layer.size)));
        facts.extend(stage.steps.iter().map(|step| format!("{:?} {:?} {:?}", step.state, step.log, step.notes)));
    }
    facts
}

fn instruction() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "RUN mkdir -p /data/sub",
        "RUN dd if=/dev/zero of=/data/one bs=1k count=3",
        "RUN rm -rf /data",
        "RUN chmod -R 0777 /data",
        "RUN touch /etc/passwd",
        "RUN mv /etc /moved",
        "RUN ln -s /data /link",
        "COPY . /data/",
        "COPY dir /etc",
        "COPY a.txt /link/",
        "COPY missing /x",
        "WORKDIR /data/work",
        "ENV NAME=value",
        "ARG NAME=other",
        "USER 1000",
        "LABEL a=b",
        "FROM alpine AS second",
        "COPY --from=0 /data /from",
        "CMD ls",
    ])
    .prop_map(str::to_owned)
}

fn dockerfile() -> impl Strategy<Value = String> {
    prop::collection::vec(instruction(), 0..8).prop_map(|lines| format!("FROM busybox\n{}\n", lines.join("\n")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn the_incremental_build_equals_the_build_from_nothing(
        texts in prop::collection::vec((dockerfile(), "[a-c]"), 1..4),
    ) {
        let kept = Rc::new(RefCell::new(Cache::default()));
        for (text, note) in &texts {
            let incremental = run(text, note, &kept);
            let fresh = run(text, note, &Rc::new(RefCell::new(Cache::default())));
            prop_assert_eq!(facts(&incremental), facts(&fresh), "{}", text);
            let again = run(text, note, &kept);
            let rebuilt = again.stages.iter().flat_map(|stage| &stage.steps);
            let failed = again.failure.as_ref().and_then(|failure| failure.step);
            let rebuilt: Vec<_> =
                rebuilt.filter(|step| matches!(step.cache, CacheStatus::Built(_)) && Some(step.id) != failed).collect();
            prop_assert!(rebuilt.is_empty(), "built again: {:?}", rebuilt);
        }
    }
}

#[test]
fn only_the_last_of_a_thousand_instructions_is_executed_again() {
    let cache = Rc::new(RefCell::new(Cache::default()));
    let mut text = "FROM busybox\n".to_owned();
    for i in 0..999 {
        text.push_str(&format!("RUN touch /file{i}\n"));
    }
    assert_eq!(run(&format!("{text}RUN touch /last"), "", &cache).executed, 1000);
    assert_eq!(run(&format!("{text}RUN touch /lasts"), "", &cache).executed, 1);
}
