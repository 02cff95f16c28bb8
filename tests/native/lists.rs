//! Long lists: windows of the Files, Changes and Tar panels, filtered and sorted, against what the shell made.

use layerlab::app::protocol::{Answer, Change, Request};
use layerlab::app::session::Session;
use layerlab::catalog::Catalog;
use layerlab::view::changes::Mark;
use layerlab::view::files::{ContentView, FilesView};
use layerlab::view::layer::StepKey;
use layerlab::view::list::{Order, Query, Window};
use layerlab::view::panel::{PanelBody, Selection, Tab};
use layerlab::view::picture::Outcome;
use std::rc::Rc;

/// 120 files of 0 to 119 bytes in four directories, and a large one.
const MANY: &str = "FROM scratch AS empty
FROM busybox
RUN for d in a b c d; do mkdir /many-$d; done; \\
    i=0; while [ $i -lt 120 ]; do d=a; [ $i -lt 90 ] || d=b; head -c $i /dev/zero > /many-$d/f$i; i=$((i+1)); done; \\
    dd if=/dev/zero of=/many-c/large bs=1024 count=1024; echo '한글' > /many-d/text
RUN rm /many-a/f7 && chmod 600 /many-a/f8
";

struct Page {
    session: Session,
    asked: u64,
}

impl Page {
    fn open(text: &str) -> Self {
        let mut page = Self { session: Session::new(Catalog::builtin()), asked: 0 };
        page.ask(Change::Dockerfile(text.into()), Selection::default(), Window::default());
        page
    }

    fn ask(&mut self, change: Change, selection: Selection, window: Window) -> Rc<PanelBody> {
        self.asked += 1;
        let asked = self.asked;
        self.session.receive(Request {
            revision: 1,
            change,
            asked,
            selection,
            window,
            question: None,
            wishes: Vec::new(),
        });
        let mut body = None;
        while let (None, Some(answers)) = (&body, self.session.work(&|| false)) {
            for answer in answers {
                body = match answer {
                    Answer::Built(overview) => match &overview.outcome {
                        Outcome::Picture(picture) => Some(picture.scene.panel.body.clone()),
                        other => panic!("{other:?}"),
                    },
                    Answer::Shown { scene, .. } => Some(scene.panel.body.clone()),
                    _ => None,
                };
            }
        }
        body.expect("an answer")
    }

    fn show(&mut self, tab: Tab, step: u32, path: Option<&str>, query: Query, window: Window) -> Rc<PanelBody> {
        let step = Some(StepKey::new(1, step));
        let selection = Selection {
            step,
            path: path.map(layerlab::path::AbsPath::new),
            tab,
            query,
            ghosts: true,
            ..Selection::default()
        };
        self.ask(Change::Nothing, selection, window)
    }

    fn files(&mut self, path: Option<&str>, query: Query, window: Window) -> FilesView {
        match &*self.show(Tab::Files, 2, path, query, window) {
            PanelBody::Files(view) => (**view).clone(),
            other => panic!("{other:?}"),
        }
    }
}

fn names(view: &FilesView) -> Vec<&str> {
    view.rows.iter().map(|row| row.path.as_str()).collect()
}

#[test]
fn only_open_directories_and_a_window_are_listed() {
    let mut page = Page::open(MANY);
    let closed = page.files(Some("/etc"), Query::default(), Window::default());
    assert!(closed.rows.iter().all(|row| row.level == 1));
    // Above the selected path all is open; /many-a has its 90 files, one of them a ghost.
    let open = page.files(Some("/many-a/f1"), Query::default(), Window { start: 10, count: 20 });
    assert_eq!((open.start, open.rows.len()), (10, 20));
    assert_eq!(open.total, closed.total + 90);
    let whole = page.files(Some("/many-a/f1"), Query::default(), Window { start: 0, count: 400 });
    assert_eq!(whole.total as usize, whole.rows.len());
    assert_eq!(whole.rows[whole.at.expect("selected") as usize].path.as_str(), "/many-a/f1");
    let ghost = whole.rows.iter().find(|row| row.path.as_str() == "/many-a/f7").expect("a ghost");
    assert!(ghost.ghost && ghost.layer.key.step == 2);
    assert_eq!(whole.rows.iter().filter(|row| row.level == 2).map(|row| row.place).next(), Some((1, 90)));
}

#[test]
fn a_filter_leaves_what_fits_and_the_directories_above() {
    let mut page = Page::open(MANY);
    let text = |text: &str| Query { text: text.into(), ..Query::default() };
    assert_eq!(
        names(&page.files(Some("/etc"), text("F11"), Window::default())),
        [
            "/many-a",
            "/many-a/f11",
            "/many-b",
            "/many-b/f110",
            "/many-b/f111",
            "/many-b/f112",
            "/many-b/f113",
            "/many-b/f114",
            "/many-b/f115",
            "/many-b/f116",
            "/many-b/f117",
            "/many-b/f118",
            "/many-b/f119",
        ]
    );
    let large = Query { text: "many".into(), least: 1_000_000, order: Order::Size, ..Query::default() };
    let large = page.files(Some("/many-c/large"), large, Window::default());
    assert_eq!(names(&large), ["/many-c", "/many-c/large"]);
    let deleted = Query { mark: Some(Mark::Deleted), ..Query::default() };
    assert_eq!(names(&page.files(Some("/etc"), deleted, Window::default())), ["/many-a", "/many-a/f7"]);
    let changed = Query { mark: Some(Mark::Changed), ..Query::default() };
    assert_eq!(names(&page.files(Some("/etc"), changed, Window::default())), ["/many-a", "/many-a/f8"]);
}

#[test]
fn a_directory_sorted_by_size_has_its_largest_first() {
    let mut page = Page::open(MANY);
    let by_size = Query { text: "/many-".into(), order: Order::Size, ..Query::default() };
    let view = page.files(Some("/many-a/f1"), by_size, Window { start: 0, count: 400 });
    let top: Vec<&str> = view.rows.iter().filter(|row| row.level == 1).map(|row| row.path.as_str()).collect();
    assert_eq!(top, ["/many-c", "/many-a", "/many-b", "/many-d"]);
    let second: Vec<&str> = view.rows.iter().filter(|row| row.level == 2).map(|row| row.path.as_str()).collect();
    assert_eq!(second[..4], ["/many-c/large", "/many-a/f89", "/many-a/f88", "/many-a/f87"]);
    // 0 + 1 + … + 89, without the removed 7.
    let bytes = view.rows.iter().find(|row| row.path.as_str() == "/many-a").and_then(|row| row.size).expect("a size");
    assert_eq!(bytes.bytes, 4005 - 7);
}

#[test]
fn a_file_opens_as_text_or_as_bytes() {
    let mut page = Page::open(MANY);
    let content = |page: &mut Page, path| {
        page.files(Some(path), Query::default(), Window::default()).file.map(|file| file.content)
    };
    assert_eq!(content(&mut page, "/many-d/text"), Some(ContentView::Text("한글\n".into())));
    assert_eq!(content(&mut page, "/many-c/large"), Some(ContentView::Hex(vec![0; 512])));
    assert_eq!(content(&mut page, "/many-a/f0"), Some(ContentView::Text(String::new())));
    assert_eq!(content(&mut page, "/many-a"), None);
    // The base is a listing: its programs have sizes and digests, no bytes.
    assert_eq!(content(&mut page, "/bin/busybox"), Some(ContentView::NotHeld));
}

#[test]
fn long_changes_and_archives_come_in_windows() {
    let mut page = Page::open(MANY);
    let window = Window { start: 50, count: 10 };
    let PanelBody::Changes(view) = &*page.show(Tab::Changes, 1, Some("/many-b/f100"), Query::default(), window) else {
        panic!()
    };
    // Four directories, 120 files, the large one and the text.
    assert!(view.long && view.total == 126 && view.entries.len() == 10 && view.start == 50, "{view:?}");
    assert_eq!(view.selected.as_ref().map(|one| one.mark), Some(Mark::Added));
    let query = Query { least: 1_000, order: Order::Size, ..Query::default() };
    let PanelBody::Changes(view) = &*page.show(Tab::Changes, 1, None, query.clone(), window) else { panic!() };
    assert_eq!(view.entries.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(), ["/many-c/large"]);
    let PanelBody::Tar(view) = &*page.show(Tab::Tar, 1, None, query, window) else { panic!() };
    assert_eq!((view.total, view.entries[0].name.as_str()), (1, "large"));
}

#[test]
fn fifty_thousand_files_are_answered_by_windows() {
    let text = "FROM busybox\nRUN mkdir /m && cd /m && seq 50000 | xargs touch\n";
    let mut page = Page::open(text);
    let selection = |start| {
        let path = Some(layerlab::path::AbsPath::new("/m/1"));
        (
            Selection { step: Some(StepKey::new(0, 1)), path, tab: Tab::Files, ..Selection::default() },
            Window { start, count: 120 },
        )
    };
    let (first, window) = selection(0);
    let PanelBody::Files(view) = &*page.ask(Change::Nothing, first, window) else { panic!() };
    assert!(view.total > 50_000);
    // Only the rows that are looked at cross the border, wherever they are.
    for start in 0..100 {
        let (selection, window) = selection(start * 400);
        let asked = page.asked;
        page.session.receive(Request {
            revision: 1,
            change: Change::Nothing,
            asked,
            selection,
            window,
            question: None,
            wishes: Vec::new(),
        });
        while let Some(answers) = page.session.work(&|| false) {
            if answers.iter().any(|answer| matches!(answer, Answer::Rows { .. })) {
                break;
            }
        }
    }
}
