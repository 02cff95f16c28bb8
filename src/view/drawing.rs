//! The stack as an SVG picture that stands alone: for slides and documents. The same geometry as on the page (thickness
//! is the log of the size, a file keeps its lane), always in the light theme. Lacks the rail and the selection, which
//! are of the moment, and any wording: that comes in [`Words`].

use crate::view::layer::{InstructionText, Kind};
use crate::view::ledger::{ImageLedger, LedgerView, SegmentFate};
use crate::view::size::LABEL_THICK;
use crate::view::stack::{
    BaseView, Cell, CellWhat, Fate, LayerBody, RowBody, RowView, StackView, StageRole, StageView,
};
use std::fmt::Write;
use std::rc::Rc;

/// The words of a picture.
#[derive(Clone)]
pub struct Words {
    /// The picture's name, for those who do not see it.
    pub title: String,
    /// Beside the image's size: `image size · 7 layers`.
    pub size: String,
    /// On a row without a layer: `metadata, 0B`.
    pub metadata: String,
    /// On a whiteout's lid.
    pub whiteout: String,
    /// On a step that failed, and on those after it.
    pub failed: String,
    /// Beside the bytes that can be read.
    pub live: String,
    /// Beside the bytes that cannot.
    pub wasted: String,
    /// On the ground of a stage without a base.
    pub scratch: String,
    /// The names of the stages, in their order.
    pub stages: Vec<String>,
    /// So many entries together.
    pub entries: Rc<dyn Fn(u32) -> String>,
}

/// A picture and its size in pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// The SVG document.
    pub svg: String,
    /// Its width.
    pub width: u32,
    /// Its height.
    pub height: u32,
}

/// The light theme's colours by their token in static/styles/tokens.css; a test compares them.
const COLOURS: [(&str, &str); 14] = [
    ("paper", "#f2f3f5"),
    ("sheet", "#ffffff"),
    ("ink", "#14171c"),
    ("ink-2", "#3f4651"),
    ("line", "#d8dbe1"),
    ("line-strong", "#7f8793"),
    ("from", "#2d333c"),
    ("run", "#3145a8"),
    ("copy", "#097383"),
    ("workdir", "#983a82"),
    ("add", "#55b596"),
    ("meta", "#59616d"),
    ("changed", "#835400"),
    ("deleted", "#b0241d"),
];

const MARGIN: f64 = 24.0;
/// Width of a stack alone, and of one beside others.
const WIDE: f64 = 720.0;
const NARROW: f64 = 400.0;
const BETWEEN: f64 = 32.0;
const SPINE: f64 = 44.0;
const LINE: f64 = 26.0;
const GAP: f64 = 4.0;
/// Pixels of one step of thickness.
const UNIT: f64 = 2.0;
/// Widths of a letter: of code and of other text, at 13 px.
const CODE: f64 = 7.9;
const TEXT: f64 = 7.2;

fn colour(token: &str) -> &'static str {
    COLOURS.iter().find(|(name, _)| *name == token).map_or("#000000", |(_, colour)| colour)
}

/// Draws a stack, and the bar of its ledger where there is an image.
pub fn draw(stack: &StackView, ledger: Option<&LedgerView>, words: &Words) -> Drawing {
    let columns: Vec<&StageView> = stack.stages.iter().filter(|stage| stage.role != StageRole::Skipped).collect();
    let many = columns.len() > 1;
    let width = if many { NARROW } else { WIDE };
    let across = columns.len() as f64 * (width + BETWEEN) - BETWEEN;
    let head = if matches!(ledger, Some(LedgerView::Image(_))) { 96.0 } else { 0.0 };
    let heights: Vec<f64> = columns.iter().map(|stage| stage_height(stage, many)).collect();
    let tallest = heights.iter().copied().fold(0.0, f64::max);
    let mut pen = Pen { out: String::new(), words, lanes: if many { 1 } else { stack.lanes.max(1) } };
    if let Some(LedgerView::Image(image)) = ledger {
        pen.ledger(image, across);
    }
    for (index, (stage, height)) in columns.iter().zip(&heights).enumerate() {
        let x = MARGIN + index as f64 * (width + BETWEEN);
        pen.stage(stage, x, MARGIN + head + tallest - height, width, many);
    }
    let (width, height) = ((across + 2.0 * MARGIN).ceil(), (tallest + head + 2.0 * MARGIN).ceil());
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" font-family=\"system-ui, sans-serif\" font-size=\"13\"><title>{}</title>{DEFS}\
         <rect width=\"100%\" height=\"100%\" fill=\"{}\"/>{}</svg>\n",
        escaped(&words.title),
        colour("paper"),
        pen.out
    );
    Drawing { svg, width: width as u32, height: height as u32 }
}

/// The hatches of bytes that cannot be read.
const DEFS: &str = "<defs>\
    <pattern id=\"shadowed\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
    <path d=\"M0 0v6\" stroke=\"#835400\" stroke-width=\"2\"/></pattern>\
    <pattern id=\"deleted\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
    <path d=\"M0 0v6M0 0h6\" stroke=\"#b0241d\" stroke-width=\"1.5\"/></pattern></defs>";

fn stage_height(stage: &StageView, many: bool) -> f64 {
    let head = if many { LINE + GAP } else { 0.0 };
    let rows: f64 = stage.rows.iter().map(|row| row_height(row) + GAP).sum();
    head + rows + base_height(stage)
}

fn base_height(stage: &StageView) -> f64 {
    stage.base.as_ref().map_or(LINE, |base| LINE + slab_edge(base.total.thick.max(LABEL_THICK + 3)))
}

fn row_height(row: &RowView) -> f64 {
    match &row.body {
        RowBody::Layer(layer) => LINE + slab_edge(layer.thick),
        _ => LINE,
    }
}

fn slab_edge(thick: u8) -> f64 {
    f64::from(thick) * UNIT
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML 1.0 has no other control characters.
            other if other.is_control() => out.push('\u{FFFD}'),
            other => out.push(other),
        }
    }
    out
}

/// The text, cut in its middle where it is wider than `width`. Letters beyond Latin count double.
fn fit(text: &str, width: f64, letter: f64) -> String {
    let wide = |c: char| if u32::from(c) < 0x1100 { letter } else { 2.0 * letter };
    if text.chars().map(wide).sum::<f64>() <= width {
        return text.to_owned();
    }
    let half = (width / letter / 2.0 - 1.0).max(1.0) as usize;
    let count = text.chars().count();
    let start: String = text.chars().take(half).collect();
    let end: String = text.chars().skip(count.saturating_sub(half)).collect();
    format!("{start}…{end}")
}

/// A rectangle's place.
#[derive(Clone, Copy)]
struct Area {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

struct Pen<'a> {
    out: String,
    words: &'a Words,
    lanes: u8,
}

impl Pen<'_> {
    fn area(&mut self, area: Area, fill: &str, more: &str) {
        let Area { x, y, width, height } = area;
        // Writing to a string cannot fail.
        let _ = write!(
            self.out,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{fill}\"{more}/>"
        );
    }

    fn text(&mut self, (x, y): (f64, f64), fill: &str, more: &str, text: &str) {
        let _ = write!(self.out, "<text x=\"{x:.1}\" y=\"{y:.1}\" fill=\"{fill}\"{more}>{}</text>", escaped(text));
    }

    fn ledger(&mut self, image: &ImageLedger, across: f64) {
        let ink = colour("ink");
        self.text((MARGIN, MARGIN + 26.0), ink, " font-size=\"30\" font-weight=\"650\"", &image.size.text());
        let beside = MARGIN + image.size.text().chars().count() as f64 * 17.0 + 12.0;
        self.text((beside, MARGIN + 26.0), colour("ink-2"), "", &self.words.size);
        let total = image.segments.iter().map(|segment| segment.bytes).sum::<u64>().max(1) as f64;
        let mut x = MARGIN;
        for segment in &image.segments {
            let width = segment.bytes as f64 / total * across;
            let area = Area { x, y: MARGIN + 38.0, width, height: 18.0 };
            match segment.fate {
                SegmentFate::Base => self.area(area, colour("from"), ""),
                SegmentFate::Own(kind) => self.area(area, colour(kind.name()), ""),
                SegmentFate::Shadowed => self.hatched(area, "shadowed"),
                SegmentFate::Deleted => self.hatched(area, "deleted"),
                SegmentFate::Behind => self.area(area, "none", &format!(" stroke=\"{}\"", colour("line-strong"))),
            }
            x += width;
        }
        let key = format!("{} {}", self.words.live, image.live.text());
        let key = match image.wasted() {
            0 => key,
            wasted => format!("{key} · {} {}", self.words.wasted, crate::view::size::human(wasted)),
        };
        self.text((MARGIN, MARGIN + 74.0), colour("ink-2"), "", &key);
    }

    fn hatched(&mut self, area: Area, fate: &str) {
        let edge = if fate == "deleted" { "deleted" } else { "changed" };
        self.area(area, colour("sheet"), "");
        self.area(area, &format!("url(#{fate})"), &format!(" stroke=\"{}\"", colour(edge)));
    }

    fn stage(&mut self, stage: &StageView, x: f64, top: f64, width: f64, many: bool) {
        let mut y = top;
        if many {
            let name = self.words.stages.get(stage.index as usize).cloned().unwrap_or_default();
            self.text((x, y + 17.0), colour("ink"), " font-weight=\"600\"", &name);
            let end = " text-anchor=\"end\" font-weight=\"600\"";
            self.text((x + width, y + 17.0), colour("ink"), end, &stage.size.text());
            y += LINE + GAP;
        }
        let inked = stage.role == StageRole::Final;
        for row in &stage.rows {
            let area = Area { x, y, width, height: row_height(row) };
            match &row.body {
                RowBody::Layer(layer) => self.slab(row, layer, area, inked),
                RowBody::Empty => self.rule(row, area, &self.words.metadata.clone()),
                RowBody::Failed(_) | RowBody::NotRun => self.rule(row, area, &self.words.failed.clone()),
            }
            y += area.height + GAP;
        }
        let area = Area { x, y, width, height: base_height(stage) };
        match &stage.base {
            Some(base) => self.base(base, area, inked),
            None => {
                self.area(Area { height: 2.0, ..area }, colour("line-strong"), "");
                self.text((x, y + 18.0), colour("ink-2"), "", &self.words.scratch.clone());
            }
        }
    }

    fn instruction(&mut self, text: &InstructionText, kind: Kind, area: Area) {
        const FONT: &str = " font-family=\"ui-monospace, Menlo, Consolas, monospace\"";
        let keyword = text.keyword.len() as f64 * CODE + CODE;
        let bold = format!("{FONT} font-weight=\"700\"");
        self.text((area.x, area.y + 17.0), colour(kind.name()), &bold, &text.keyword);
        let rest = fit(&text.arguments(), area.width - keyword, CODE);
        self.text((area.x + keyword, area.y + 17.0), colour("ink"), FONT, &rest);
    }

    fn rule(&mut self, row: &RowView, area: Area, note: &str) {
        let said = note.chars().count() as f64 * TEXT;
        let Area { x, y, width, .. } = area;
        self.text((x + SPINE / 2.0, y + 17.0), colour("ink-2"), " text-anchor=\"middle\"", &row.key.step.to_string());
        let room = Area { x: x + SPINE + 10.0, width: width - SPINE - said - 30.0, ..area };
        self.instruction(&row.text, row.kind, room);
        self.text((x + width - 10.0, y + 17.0), colour("ink-2"), " text-anchor=\"end\" font-size=\"12\"", note);
    }

    fn slab(&mut self, row: &RowView, layer: &LayerBody, area: Area, inked: bool) {
        let Area { x, y, width, height } = area;
        let kind = colour(row.kind.name());
        self.area(area, colour("sheet"), &format!(" stroke=\"{}\"", colour("line-strong")));
        let spine = Area { width: SPINE, ..area };
        let (fill, ink) = match (inked, row.kind) {
            (true, Kind::Add) => (kind, colour("ink")),
            (true, _) => (kind, colour("sheet")),
            (false, _) => (colour("sheet"), kind),
        };
        self.area(spine, fill, &format!(" stroke=\"{kind}\""));
        let middle = " text-anchor=\"middle\" font-weight=\"600\" font-size=\"15\"";
        self.text((x + SPINE / 2.0, y + 18.0), ink, middle, &row.key.step.to_string());
        let size = layer.size.text();
        let said = size.chars().count() as f64 * 9.0;
        let room = Area { x: x + SPINE + 10.0, width: width - SPINE - said - 34.0, ..area };
        self.instruction(&row.text, row.kind, room);
        let end = " text-anchor=\"end\" font-weight=\"600\" font-size=\"15\"";
        self.text((x + width - 10.0, y + 18.0), colour("ink"), end, &size);
        let edge = Area { x: x + SPINE, y: y + LINE, width: width - SPINE, height: height - LINE };
        if edge.height > 0.0 {
            self.area(Area { height: 1.0, ..edge }, colour("line"), "");
        }
        for cell in &layer.cells {
            self.cell(cell, edge, kind, inked);
        }
    }

    fn cell(&mut self, cell: &Cell, edge: Area, kind: &str, inked: bool) {
        let lane = edge.width / f64::from(self.lanes);
        let (x, width) = match cell.lane {
            Some(at) if self.lanes > 1 => (edge.x + f64::from(at - 1) * lane, lane),
            _ => (edge.x, edge.width),
        };
        let area = Area { x, width, ..edge };
        let mut ink = colour("ink");
        let mut note = cell.size.text();
        match cell.fate {
            Fate::Live if inked => {
                self.area(area, kind, "");
                ink = if kind == colour("add") { ink } else { colour("sheet") };
            }
            Fate::Live => self.area(area, "none", &format!(" stroke=\"{kind}\"")),
            Fate::Shadowed => self.hatched(area, "shadowed"),
            Fate::Deleted => self.hatched(area, "deleted"),
            Fate::Lid | Fate::Opaque => {
                let dashes = format!(" stroke=\"{}\" stroke-width=\"1.5\" stroke-dasharray=\"4 3\"", colour("deleted"));
                self.area(area, colour("sheet"), &dashes);
                ink = colour("deleted");
                note = self.words.whiteout.clone();
            }
        }
        if cell.labelled && area.height >= f64::from(LABEL_THICK) * UNIT {
            let name = match &cell.what {
                CellWhat::Path(path) => path.to_string(),
                CellWhat::Entries(n) => (self.words.entries)(*n),
            };
            self.label(area, (ink, &name), &note, matches!(cell.fate, Fate::Shadowed | Fate::Deleted));
        }
    }

    /// A name and a note in one line; on a hatch each has a ground of its own.
    fn label(&mut self, area: Area, (ink, name): (&str, &str), note: &str, hatched: bool) {
        const LETTER: f64 = 7.3;
        let noted = note.chars().count() as f64 * TEXT;
        let name = fit(name, area.width - noted - 28.0, LETTER);
        let y = area.y + area.height / 2.0;
        if hatched {
            let height = 14.0_f64.min(area.height - 2.0);
            let ground = |x, width| Area { x, y: y - height / 2.0, width, height };
            let named = name.chars().count() as f64 * LETTER;
            self.area(ground(area.x + 4.0, named + 6.0), colour("sheet"), "");
            self.area(ground(area.x + area.width - noted - 10.0, noted + 6.0), colour("sheet"), "");
        }
        let code = " font-size=\"12\" font-family=\"ui-monospace, Menlo, Consolas, monospace\"";
        self.text((area.x + 7.0, y + 4.0), ink, code, &name);
        self.text((area.x + area.width - 7.0, y + 4.0), ink, " font-size=\"12\" text-anchor=\"end\"", note);
    }

    fn base(&mut self, base: &BaseView, area: Area, inked: bool) {
        self.instruction(&base.text, Kind::From, Area { x: area.x + 8.0, width: area.width - 16.0, ..area });
        let slab = Area { y: area.y + LINE, height: area.height - LINE, ..area };
        let (fill, ink) = if inked { (colour("from"), colour("sheet")) } else { (colour("sheet"), colour("ink")) };
        self.area(slab, fill, &format!(" stroke=\"{}\"", colour("from")));
        let y = slab.y + slab.height / 2.0 + 5.0;
        let entries = (self.words.entries)(base.total.entries);
        self.text((slab.x + 10.0, y), ink, "", &entries);
        let end = " text-anchor=\"end\" font-weight=\"600\"";
        self.text((slab.x + slab.width - 10.0, y), ink, end, &base.total.size.text());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_colours_are_the_page_s() {
        let tokens = include_str!("../../static/styles/tokens.css");
        for (name, colour) in COLOURS {
            assert!(tokens.contains(&format!("--{name}: light-dark({colour},")), "--{name} is not {colour}");
        }
        assert!(DEFS.contains(colour("changed")) && DEFS.contains(colour("deleted")));
    }

    #[test]
    fn long_text_keeps_both_ends() {
        assert_eq!(fit("short", 100.0, 8.0), "short");
        assert_eq!(fit("/usr/local/share/doc/app", 96.0, 8.0), "/usr/…c/app");
        assert_eq!(fit("한글한글한글", 64.0, 8.0), "한글한…글한글");
    }
}
