//! Builds of small texts: the history and the config that Docker 28 made of them (`tests/cases/dockerfile/builds.json`).

use layerlab::build::{Cache, Context, ContextFile, Request, build};
use layerlab::catalog::Catalog;
use std::cell::RefCell;
use std::rc::Rc;
use std::task::{Poll, Waker};

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    dockerfile: String,
    #[serde(default)]
    args: Vec<String>,
    ignore: Option<String>,
    history: Vec<String>,
    config: serde_json::Map<String, serde_json::Value>,
}

fn run(request: Request) -> layerlab::build::Build {
    let cache: Rc<RefCell<Cache>> = Rc::default();
    let mut future = Box::pin(build(Rc::new(request), Rc::new(Catalog::builtin()), cache));
    let mut context = std::task::Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(build) = future.as_mut().poll(&mut context) {
            return build;
        }
    }
}

fn request(case: &Case) -> Request {
    let file = |text: &str| ContextFile::File { content: text.as_bytes().to_vec().into(), executable: false };
    let mut files = vec![("a".to_owned(), file("a\n")), ("b.txt".to_owned(), file("b\n"))];
    files.extend(case.ignore.as_ref().map(|text| (".dockerignore".to_owned(), file(text))));
    let mut request =
        Request { dockerfile: case.dockerfile.clone(), context: Context::new(files), ..Request::default() };
    let words: Vec<&str> = case.args.iter().flat_map(|line| line.split(' ')).collect();
    for pair in words.windows(2) {
        match pair[0] {
            "--target" => request.options.target = Some(pair[1].to_owned()),
            "--build-arg" => {
                let (name, value) = pair[1].split_once('=').unwrap();
                request.options.build_args.set(name, value);
            }
            _ => {}
        }
    }
    request
}

#[test]
fn history_and_config_are_dockers() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../cases/dockerfile/builds.json")).unwrap();
    let mut wrong = Vec::new();
    for case in cases {
        let build = run(request(&case));
        // What commands do is the business of the shell's own cases.
        if build.failure.as_ref().is_some_and(|failure| failure.exit_code.is_some()) {
            continue;
        }
        let Some(target) = build.target.filter(|_| build.failure.is_none()) else {
            wrong.push(format!("{}: {:?}", case.name, build.failure));
            continue;
        };
        let stage = &build.stages[target];
        // The recorder leaves out what the base brought.
        let rows = stage.history.iter().filter(|row| row.row.comment == "buildkit.dockerfile.v0");
        let history: Vec<&str> = rows.map(|row| row.row.created_by.as_str()).collect();
        if history != case.history {
            wrong.push(format!("{}\n  ours   {history:?}\n  Docker {:?}", case.name, case.history));
        }
        let config = serde_json::to_value(&stage.config).unwrap();
        let mut config = config.as_object().unwrap().clone();
        config.retain(|name, value| {
            let empty = value.is_null() || *value == "" || *value == false || *value == serde_json::json!([]);
            !empty && !["Hostname", "Domainname", "Image", "ArgsEscaped"].contains(&name.as_str())
        });
        if serde_json::Value::from(config.clone()) != serde_json::Value::from(case.config.clone()) {
            wrong.push(format!("{}\n  ours   {config:?}\n  Docker {:?}", case.name, case.config));
        }
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}
