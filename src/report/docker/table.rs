//! Tables as the `docker` command prints them: columns of at least ten characters with three blanks between, the last one
//! as it is (the client's own tabwriter: a wide character counts as two).

/// The least width of a column, blanks included.
const MIN_WIDTH: usize = 10;

/// Blanks after the widest cell.
const PADDING: usize = 3;

/// A head and rows with as many cells each.
pub(super) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let head: Vec<String> = head.iter().map(|cell| (*cell).to_owned()).collect();
    let lines = || std::iter::once(&head).chain(rows);
    let widths: Vec<usize> = (0..head.len())
        .map(|column| {
            let widest = lines().filter_map(|cells| cells.get(column)).map(|cell| width(cell)).max();
            MIN_WIDTH.max(widest.unwrap_or_default() + PADDING)
        })
        .collect();
    let mut out = String::new();
    for cells in lines() {
        for (column, cell) in cells.iter().enumerate() {
            out.push_str(cell);
            if column + 1 < cells.len() {
                out.extend(std::iter::repeat_n(' ', widths[column] - width(cell)));
            }
        }
        out.push('\n');
    }
    out
}

/// Text cut to a width in columns of a terminal, with an ellipsis if something is cut off (cli/command/formatter,
/// `Ellipsis`).
pub(super) fn ellipsis(text: &str, width: usize) -> String {
    if self::width(text) <= width {
        return text.to_owned();
    }
    let mut used = 0;
    let kept = text.chars().take_while(|c| {
        used += columns(*c);
        used < width
    });
    let mut cut: String = kept.collect();
    cut.push('…');
    cut
}

fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// How many columns a character takes: two where Unicode calls it wide.
fn columns(c: char) -> usize {
    const WIDE: [(u32, u32); 12] = [
        (0x1100, 0x115f),
        (0x2e80, 0x303e),
        (0x3041, 0x33ff),
        (0x3400, 0x4dbf),
        (0x4e00, 0xa4cf),
        (0xac00, 0xd7a3),
        (0xf900, 0xfaff),
        (0xfe30, 0xfe6f),
        (0xff00, 0xff60),
        (0xffe0, 0xffe6),
        (0x1f300, 0x1faff),
        (0x20000, 0x3fffd),
    ];
    if WIDE.iter().any(|(from, to)| (*from..=*to).contains(&u32::from(c))) { 2 } else { 1 }
}
