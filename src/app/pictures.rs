//! Tests of what the worker shows of a build, from text to view models: the examples against Docker's own figures, and
//! what must hold of every picture.

use super::protocol::{Answer, Change, Request};
use super::session::Session;
use crate::catalog::Catalog;
use crate::path::AbsPath;
use crate::view::changes::{Because, Mark};
use crate::view::layer::{ChipLook, StepKey};
use crate::view::ledger::LedgerView;
use crate::view::list::Window;
use crate::view::panel::{PanelBody, Selection, Tab};
use crate::view::picture::{Outcome, Overview, Picture};
use crate::view::project::EXAMPLES;
use crate::view::size::human;
use crate::view::stack::{CacheView, CellWhat, Fate, LayerBody, Rail, RowBody, SightEnd};
use std::rc::Rc;

/// Builds an example, or a text, and shows a selection of it.
fn show(change: Change, selection: Selection) -> Rc<Overview> {
    let mut session = Session::new(Catalog::builtin());
    session.receive(Request {
        revision: 1,
        change,
        asked: 1,
        selection,
        window: Window::default(),
        question: None,
        wishes: Vec::new(),
    });
    // Not until nothing is left to do: digests take long without optimization.
    while let Some(answers) = session.work(&|| false) {
        for answer in answers {
            if let Answer::Built(overview) = answer {
                return overview;
            }
        }
    }
    panic!("nothing was built")
}

fn example(index: usize, selection: Selection) -> Rc<Overview> {
    let example = &EXAMPLES[index];
    let change = Change::Load { earlier: example.earlier(), beside: example.beside, project: example.project() };
    show(change, selection)
}

fn text(text: &str) -> Rc<Overview> {
    show(Change::Dockerfile(text.into()), Selection::default())
}

fn picture(overview: &Overview) -> &Picture {
    match &overview.outcome {
        Outcome::Picture(picture) => picture,
        other => panic!("{other:?}"),
    }
}

fn at(step: u32) -> Selection {
    Selection { step: Some(StepKey::new(0, step)), ..Selection::default() }
}

fn layers(overview: &Overview) -> Vec<(u32, LayerBody)> {
    let rows = picture(overview).scene.stack.stages.iter().flat_map(|stage| &stage.rows);
    let mut layers: Vec<(u32, LayerBody)> = rows
        .filter_map(|row| match &row.body {
            RowBody::Layer(layer) => Some((row.key.step, layer.clone())),
            _ => None,
        })
        .collect();
    layers.sort_by_key(|(step, _)| *step);
    layers
}

#[test]
fn the_six_layers_have_docker_s_sizes() {
    let overview = example(0, Selection::default());
    let sizes: Vec<String> = layers(&overview).iter().map(|(_, layer)| layer.size.text()).collect();
    assert_eq!(sizes, ["0B", "1.05MB", "1.05MB", "1.05MB", "2.1MB", "0B"]);
    let LedgerView::Image(ledger) = &*picture(&overview).ledger else { panic!("no image") };
    assert_eq!(human(ledger.wasted()), "4.19MB");
    assert_eq!((human(ledger.shadowed), human(ledger.deleted)), ("1.05MB".to_owned(), "3.15MB".to_owned()));
    assert_eq!(ledger.live.bytes + ledger.wasted(), ledger.size.bytes);
    assert_eq!(ledger.segments.iter().map(|segment| segment.bytes).sum::<u64>(), ledger.size.bytes);
    assert_eq!(ledger.saving.as_ref().map(|saving| human(saving.bytes)), Some("4.19MB".to_owned()));
}

#[test]
fn it_opens_on_the_removal_that_freed_nothing() {
    let overview = example(0, Selection::default());
    let scene = &picture(&overview).scene;
    assert_eq!(scene.step, StepKey::new(0, 6));
    assert_eq!(scene.path.as_ref().map(AbsPath::as_str), Some("/data/one"));
    let PanelBody::Changes(changes) = &*scene.panel.body else { panic!("no changes") };
    let Because::FreedNothing { command, path, more, ship, bytes, .. } = &changes.because else {
        panic!("{:?}", changes.because)
    };
    assert_eq!((command.as_str(), path.as_str(), *more), ("rm", "/data/one", 0));
    assert_eq!(ship.iter().map(|layer| layer.key.step).collect::<Vec<_>>(), [2, 3, 5]);
    assert_eq!(human(*bytes), "3.15MB");
    let whiteout = changes.entries.iter().find_map(|entry| entry.whiteout.as_ref()).unwrap();
    assert_eq!(whiteout.copies.iter().map(|copy| copy.layer.key.step).collect::<Vec<_>>(), [5, 3, 2]);
    assert!(matches!(&scene.stack.sight.as_ref().unwrap().end, SightEnd::Hidden(layer) if layer.key.step == 6));
    let rails: Vec<Rail> = scene.stack.stages[0].rows.iter().map(|row| row.rail).collect();
    use Rail::{None, Pass, Past, Still, StillEnd, Stop};
    assert_eq!(rails, [Pass, Stop, Still, Past, Still, StillEnd, None]);
}

#[test]
fn the_lanes_keep_one_column_for_each_file() {
    let overview = example(0, Selection::default());
    assert_eq!(picture(&overview).scene.stack.lanes, 2);
    let cells: Vec<Vec<(Option<u8>, String, Fate)>> = layers(&overview)
        .iter()
        .map(|(_, layer)| {
            let cell = |cell: &crate::view::stack::Cell| match &cell.what {
                CellWhat::Path(path) => (cell.lane, path.to_string(), cell.fate),
                CellWhat::Entries(n) => (cell.lane, n.to_string(), cell.fate),
            };
            layer.cells.iter().map(cell).collect()
        })
        .collect();
    let one = |fate| (Some(1), "/data/one".to_owned(), fate);
    let two = |fate| (Some(2), "/data/two".to_owned(), fate);
    assert_eq!(
        cells,
        [
            vec![],
            vec![one(Fate::Deleted)],
            vec![one(Fate::Deleted)],
            vec![two(Fate::Shadowed)],
            vec![one(Fate::Deleted), two(Fate::Live)],
            vec![one(Fate::Lid)],
        ]
    );
}

#[test]
fn the_changes_are_docker_diff_and_what_is_stored_beside_it() {
    // `docker diff` of the steps of seed-six-layers, as recorded.
    let expected: [&[&str]; 6] = [
        &["A /data"],
        &["C /data", "A /data/one"],
        &["C /data", "C /data/one"],
        &["C /data", "A /data/two"],
        &["C /data", "= /data/one", "C /data/two"],
        &["C /data", "D /data/one"],
    ];
    for (step, expected) in (1..).zip(expected) {
        let overview = example(0, at(step));
        let PanelBody::Changes(changes) = &*picture(&overview).scene.panel.body else { panic!("no changes") };
        let letter = |mark| match mark {
            Mark::Added => 'A',
            Mark::Changed => 'C',
            Mark::Deleted => 'D',
            Mark::StoredAgain => '=',
        };
        let listed: Vec<String> =
            changes.entries.iter().map(|entry| format!("{} {}", letter(entry.mark), entry.path)).collect();
        assert_eq!(listed, expected, "step {step}");
    }
    let overview = example(0, at(5));
    let PanelBody::Changes(changes) = &*picture(&overview).scene.panel.body else { panic!("no changes") };
    assert_eq!((changes.counts.changed, changes.counts.stored_again), (2, 1));
    assert!(
        matches!(&changes.because, Because::CopiedUp { command, files: 2, unchanged: 1, .. } if command == "chmod")
    );
}

#[test]
fn the_other_examples_show_what_they_say() {
    let one = example(1, Selection::default());
    let LedgerView::Image(ledger) = &*picture(&one).ledger else { panic!("no image") };
    assert_eq!((ledger.wasted(), ledger.layers - ledger.base_layers), (0, 1));

    let cached = example(2, Selection::default());
    let is_cached: Vec<bool> = layers(&cached).iter().map(|(_, layer)| layer.cache == CacheView::Cached).collect();
    assert_eq!(is_cached, [true, true, false]);
    assert_eq!(picture(&cached).scene.step, StepKey::new(0, 3));

    let shared = example(3, Selection::default());
    let also: Vec<Option<u32>> = layers(&shared).iter().map(|(_, layer)| layer.also_in).collect();
    assert_eq!(also, [Some(1), Some(1), None]);
    let base = picture(&shared).scene.stack.stages[0].base.clone().unwrap();
    assert_eq!(base.also_in, Some(1));
}

#[test]
fn a_broken_text_names_its_line() {
    let overview = text("FROM busybox\nRUM x\n");
    assert_eq!(overview.outcome, Outcome::Broken { line: Some(2), parses: false });
    assert_eq!(overview.gutter[1].look, ChipLook::Broken);
    assert!(overview.diagnostics[0].edit.is_some(), "{:?}", overview.diagnostics);
    assert_eq!(text("").outcome, Outcome::Nothing);
    assert_eq!(text("# only a comment\n").outcome, Outcome::Nothing);
}

#[test]
fn a_failed_run_keeps_the_layers_before_it() {
    let overview = text("FROM busybox\nRUN mkdir /data\nRUN rm /nope\nRUN chmod 777 /data\n");
    let picture = picture(&overview);
    let rows = &picture.scene.stack.stages[0].rows;
    assert!(matches!(rows[0].body, RowBody::NotRun));
    let RowBody::Failed(failed) = &rows[1].body else { panic!("{:?}", rows[1].body) };
    assert_eq!(failed.exit_code, Some(1));
    assert_eq!(failed.message, "rm: can't remove '/nope': No such file or directory");
    assert!(matches!(rows[2].body, RowBody::Layer(_)));
    assert_eq!(picture.scene.step, StepKey::new(0, 2));
    let LedgerView::Failed(ledger) = &*picture.ledger else { panic!("an image") };
    assert_eq!((ledger.line, ledger.step, ledger.steps, ledger.layers), (Some(3), Some(2), 3, 1));
    assert_eq!(overview.diagnostics.iter().find_map(|one| one.exit_code), Some(1));
}

#[test]
fn every_tab_has_a_panel_at_every_step() {
    for index in 0..EXAMPLES.len() {
        for step in [0, 2, 7] {
            for tab in Tab::ALL {
                let overview = example(index, Selection { tab, ghosts: true, ..at(step) });
                assert_eq!(picture(&overview).scene.panel.body.tab(), tab, "example {index}, step {step}");
            }
        }
    }
}

#[test]
fn a_slider_s_step_shows_the_stack_of_that_moment() {
    let at_four = example(0, Selection { stepping: true, ..at(4) });
    let scene = &picture(&at_four).scene;
    let fates = |overview: &Overview| -> Vec<Vec<Fate>> {
        layers(overview).iter().map(|(_, layer)| layer.cells.iter().map(|cell| cell.fate).collect()).collect()
    };
    // After step 4 chmod's copy of /data/one is the one that is read; no later step has happened.
    assert_eq!(fates(&at_four)[..4], [vec![], vec![Fate::Shadowed], vec![Fate::Live], vec![Fate::Live]]);
    let LedgerView::Image(so_far) = scene.so_far.as_deref().unwrap() else { panic!("no image") };
    assert_eq!((human(so_far.shadowed), so_far.deleted, so_far.layers), ("1.05MB".to_owned(), 0, 5));
    assert_eq!(so_far.segments.iter().map(|segment| segment.bytes).sum::<u64>(), so_far.size.bytes);
    // The lanes are those of the whole, and so is the ledger bar of the build itself.
    assert_eq!(scene.stack.lanes, picture(&example(0, at(4))).scene.stack.lanes);
    let LedgerView::Image(whole) = &*picture(&at_four).ledger else { panic!("no image") };
    assert_eq!(human(whole.wasted()), "4.19MB");
    // The last layer's step is the whole.
    let at_end = example(0, Selection { stepping: true, ..at(7) });
    assert!(picture(&at_end).scene.so_far.is_none());
    assert_eq!(fates(&at_end), fates(&example(0, at(7))));
}

#[test]
fn every_line_was_a_layer_before_docker_1_10() {
    use crate::view::stack::ThenView;
    // The answer of 2015: for FROM ubuntu, MAINTAINER, RUN mkdir and RUN apt-get install it is "X + 3 layers".
    let overview = text("FROM busybox\nMAINTAINER me\nRUN mkdir /a\nRUN touch /a/b\n");
    let stage = picture(&overview).scene.stack.final_stage().unwrap().clone();
    // `docker history busybox` has one row.
    assert_eq!(stage.then, Some(ThenView { base: 1, lines: 3 }));
    assert_eq!(stage.layer_count(), 3);
    let scratch = text("FROM scratch\nENV a=b\nWORKDIR /\n");
    assert_eq!(picture(&scratch).scene.stack.stages[0].then, Some(ThenView { base: 0, lines: 2 }));
}

#[test]
fn a_copy_from_a_stage_knows_the_step_that_wrote_what_it_takes() {
    use crate::view::stack::StageRole;
    let overview = text(
        "FROM busybox AS build\nWORKDIR /src\nRUN echo a > a\nRUN mkdir out && echo b > out/b && touch a\n\
         FROM build AS more\nRUN touch /src/c\n\
         FROM busybox AS unused\n\
         FROM scratch\nCOPY --from=build /src/a /a\nCOPY --from=0 /src/out/* /b/\nCOPY --from=MORE src/c src/a /c/\n\
         COPY --from=more /bin/sh /sh\nCOPY --from=more /src/a /e\n",
    );
    let stages = &picture(&overview).scene.stack.stages;
    let roles: Vec<StageRole> = stages.iter().map(|stage| stage.role).collect();
    assert_eq!(roles, [StageRole::Behind, StageRole::Behind, StageRole::Skipped, StageRole::Final]);
    let mut from: Vec<(u32, Option<StepKey>)> = stages[3].rows.iter().map(|row| (row.key.step, row.from)).collect();
    from.sort();
    let key = |stage, step| Some(StepKey::new(stage, step));
    // `touch` copied /src/a up, so step 3 wrote it last; of a stage that is built on another, the step that did it.
    assert_eq!(from, [(1, key(0, 3)), (2, key(0, 3)), (3, key(1, 1)), (4, key(1, 0)), (5, key(0, 3))]);
}

#[test]
fn the_drawing_holds_what_the_stack_shows() {
    use crate::view::drawing::{Words, draw};
    let words = |stages: &[&str]| Words {
        title: "Layers".into(),
        size: "image size".into(),
        metadata: "metadata, 0B".into(),
        whiteout: "whiteout".into(),
        failed: "not run".into(),
        live: "live".into(),
        wasted: "wasted".into(),
        scratch: "scratch".into(),
        stages: stages.iter().map(|name| (*name).to_owned()).collect(),
        entries: Rc::new(|n| format!("{n} entries")),
    };
    let overview = example(0, Selection::default());
    let picture = picture(&overview);
    let drawing = draw(&picture.scene.stack, Some(&picture.ledger), &words(&["0"]));
    for text in
        ["9.69MB", "chmod -R 0777 /data", "metadata, 0B", "whiteout", "live 5.49MB · wasted 4.19MB", "448 entries"]
    {
        assert!(drawing.svg.contains(text), "{text}\n{}", drawing.svg);
    }
    // Of the cells: one shadowed, three deleted, one lid; of the ledger one of each hatch.
    assert_eq!(drawing.svg.matches("url(#shadowed)").count(), 2);
    assert_eq!(drawing.svg.matches("url(#deleted)").count(), 4);
    assert_eq!(drawing.svg.matches("stroke-dasharray").count(), 1);
    let hostile = text("FROM busybox\nRUN echo '</script>&' > '/<b>'\nENV x=\"<b>&amp;\"\n");
    let hostile = self::picture(&hostile);
    let svg = draw(&hostile.scene.stack, Some(&hostile.ledger), &words(&["<a>"])).svg;
    assert!(svg.contains("&lt;/script&gt;&amp;") && svg.contains("&lt;b&gt;&amp;amp;"), "{svg}");
    assert!(!svg.contains("</script>") && !svg.contains("<b>"), "{svg}");
}
