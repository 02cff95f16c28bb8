//! What holds for any text whatever: the property that the fuzz target and the tests of the parser share.

use layerlab::check;
use layerlab::dockerfile::stages::BuildOptions;
use layerlab::dockerfile::{InstructionKind, StageGraph, expand, parse};

/// What must hold for any text: no panic, spans inside the text on character boundaries, instructions in order, and
/// their texts with what lies between are the whole.
pub fn holds_for(text: &str) {
    let file = parse(text);
    let inside = |span: layerlab::span::Span| {
        assert!(span.start <= span.end && span.end <= text.len(), "{span:?} in {text:?}");
        assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end), "{span:?} in {text:?}");
    };
    let mut joined = String::new();
    let mut at = 0;
    for instruction in &file.instructions {
        inside(instruction.span);
        inside(instruction.keyword.span);
        assert!(at <= instruction.span.start, "{:?} overlaps in {text:?}", instruction.span);
        joined.push_str(&text[at..instruction.span.start]);
        joined.push_str(instruction.span.of(text));
        at = instruction.span.end;
        for flag in &instruction.flags {
            inside(flag.span);
            inside(flag.value_span);
        }
        for heredoc in &instruction.heredocs {
            inside(heredoc.span);
        }
        assert!(instruction.first_line <= instruction.last_line);
        let explained = file.diagnostics.iter().any(|diagnostic| diagnostic.line == Some(instruction.first_line));
        assert!(instruction.kind != InstructionKind::Invalid || explained, "{instruction:?} in {text:?}");
    }
    joined.push_str(&text[at..]);
    assert_eq!(joined, text);
    let options = BuildOptions::default();
    let graph = StageGraph::plan(&file, &options);
    let base = |_: &str| Some(check::BaseConfig::default());
    let outcome = check::check(&file, &graph, &check::Inputs { options: &options, base: &base, ignore: None });
    for diagnostic in check::diagnostics(&file, &graph, &outcome) {
        let edit = diagnostic.edit.as_ref().map(|edit| edit.span);
        [Some(diagnostic.span), edit].into_iter().flatten().for_each(inside);
        let _ = (diagnostic.to_string(), diagnostic.kind.args());
    }
    for instruction in &file.instructions {
        let _ = instruction.step_text(file.escape, &expand::NoVariables);
    }
}
