//! The editor's questions: how a word is completed and what it means, by the engine's own tables. `|` is the caret.

use layerlab::app::protocol::{Answer, Change, Request};
use layerlab::app::session::Session;
use layerlab::catalog::Catalog;
use layerlab::view::assist::{CompletionWhat, Explanation, Question, QuestionKind, Reply};
use layerlab::view::layer::StepKey;
use layerlab::view::list::Window;
use layerlab::view::panel::Selection;
use layerlab::view::project::{ContextFile, Project};
use std::rc::Rc;

fn ask(kind: QuestionKind, marked: &str) -> (String, Rc<Reply>) {
    let at = marked.find('|').expect("a caret");
    let text = marked.replacen('|', "", 1);
    let mut project = Project::of_dockerfile(&text);
    for path in ["src/main.c", "src/lib/a.h", "secret.key", "README.md"] {
        project.context.insert(path.to_owned(), ContextFile::default());
    }
    project.dockerignore = "*.key\n".into();
    let change = Change::Load { earlier: Vec::new(), beside: false, project };
    let mut session = Session::new(Catalog::builtin());
    let question = Some(Question { id: 7, kind, at });
    session.receive(Request {
        revision: 1,
        change,
        asked: 1,
        selection: Selection::default(),
        window: Window::default(),
        question,
        wishes: Vec::new(),
    });
    while let Some(answers) = session.work(&|| false) {
        for answer in answers {
            if let Answer::Replied(id, reply) = answer {
                assert_eq!(id, 7);
                return (text, reply);
            }
        }
    }
    panic!("no reply")
}

/// The typed part of the word, and the words it can become.
fn complete(marked: &str) -> (String, Vec<String>) {
    let (text, reply) = ask(QuestionKind::Complete, marked);
    match &*reply {
        Reply::Completions(from, ways) => {
            let at = marked.find('|').unwrap_or_default();
            (text[*from..at].to_owned(), ways.iter().map(|way| way.text.clone()).collect())
        }
        Reply::Nothing => (String::new(), Vec::new()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn words_are_completed_from_the_tables() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("FROM busybox\nWO|", "WO", &["WORKDIR"]),
        ("FROM busybox\nen|", "en", &["entrypoint", "env"]),
        ("FROM busybox\nONBUILD CO|", "CO", &["COPY"]),
        ("FROM busy|", "busy", &["busybox"]),
        ("FROM busybox AS build\nRUN true\nFROM b|", "b", &["build", "buildpack-deps:bookworm", "busybox"]),
        ("FROM busybox |", "", &["AS"]),
        ("FROM busybox AS build\nFROM busybox\nCOPY --from=b|", "b", &["build", "buildpack-deps:bookworm", "busybox"]),
        ("FROM busybox\nCOPY --ch|", "--ch", &["--chown", "--chmod"]),
        ("FROM busybox\nHEALTHCHECK --start|", "--start", &["--start-period", "--start-interval"]),
        ("FROM busybox\nHEALTHCHECK |", "", &["CMD", "NONE"]),
        // Files that .dockerignore leaves out cannot be copied.
        ("FROM busybox\nCOPY |", "", &[".dockerignore", "README.md", "src/"]),
        ("FROM busybox\nCOPY src/|", "src/", &["src/lib/", "src/main.c"]),
        ("FROM busybox\nCOPY README.md \\\n  src/m|", "src/m", &["src/main.c"]),
        ("FROM busybox AS b\nRUN mkdir /out\nFROM busybox\nCOPY --from=b /ou| /", "/ou", &["/out/"]),
        ("FROM busybox\nARG VERSION=1\nENV VERBOSE=1\nRUN echo $V|", "V", &["VERSION", "VERBOSE"]),
        ("FROM busybox\nARG VERSION=1\nRUN echo ${VERS|", "VERS", &["VERSION"]),
        ("FROM busybox\nRUN true && chm|", "chm", &["chmod"]),
        ("FROM busybox\nRUN mkdirx; if true; then trunc|", "trunc", &["truncate"]),
    ];
    for (marked, typed, expected) in cases {
        assert_eq!(
            complete(marked),
            ((*typed).to_owned(), expected.iter().map(|word| (*word).to_owned()).collect()),
            "{marked}"
        );
    }
}

#[test]
fn nothing_is_offered_where_nothing_fits() {
    for marked in [
        "FROM busybox|",
        "FROM busybox\n# CO|",
        "FROM busybox\nRUN <<EOF\nchm|\nEOF\n",
        "FROM busybox\nRUN echo chm|",
        "FROM busybox\nCOPY --chown=|",
        "FROM busybox\nWORKDIR /d|",
        "FROM busybox\nCOPY --from=nowhere /|",
    ] {
        assert_eq!(complete(marked), (String::new(), Vec::new()), "{marked}");
    }
}

#[test]
fn instructions_say_whether_they_make_a_layer() {
    let (_, reply) = ask(QuestionKind::Complete, "FROM busybox\nR|");
    let Reply::Completions(_, ways) = &*reply else { panic!("{reply:?}") };
    assert_eq!(ways.iter().map(|way| way.what).collect::<Vec<_>>(), [CompletionWhat::Instruction(true)]);
    let (_, reply) = ask(QuestionKind::Complete, "FROM busybox\nLAB|");
    let Reply::Completions(_, ways) = &*reply else { panic!("{reply:?}") };
    assert_eq!(ways[0].what, CompletionWhat::Instruction(false));
}

#[test]
fn words_are_explained() {
    let explained = |marked: &str| {
        let (text, reply) = ask(QuestionKind::Explain, marked);
        match &*reply {
            Reply::Explanation(from, to, about) => (text[*from..*to].to_owned(), about.clone()),
            other => panic!("{marked}: {other:?}"),
        }
    };
    let (word, about) = explained("FROM busybox\nRU|N dd if=/dev/zero of=/x bs=1024 count=1\n");
    assert_eq!(word, "RUN");
    let Explanation::Instruction { name, layer: true, made: Some((key, size, counts)) } = about else {
        panic!("{about:?}")
    };
    assert_eq!((name.as_str(), key, size.bytes, counts.added), ("RUN", StepKey::new(0, 1), 1024, 1));

    let (word, about) = explained("FROM busybox\nCOPY --ch|mod=755 src /\n");
    assert_eq!(word, "--chmod=755");
    assert_eq!(about, Explanation::Flag { instruction: "COPY".into(), name: "chmod".into() });

    // busybox has one layer of 4.45MB: `docker image inspect` of the recorded base.
    let (word, about) = explained("FROM busy|box\n");
    assert_eq!(word, "busybox");
    let Explanation::Image { layers: 1, size, .. } = about else { panic!("{about:?}") };
    assert_eq!(size.text(), "4.45MB");

    let (_, about) = explained("FROM busybox AS one\nFROM o|ne\n");
    assert!(matches!(about, Explanation::Stage { ref name, .. } if name == "one"), "{about:?}");
}
