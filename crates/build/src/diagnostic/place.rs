//! From byte spans to lines and columns, and to the few lines worth showing.

use std::collections::BTreeMap;
use std::ops::Range;

use bouquet_model::diagnostic::{Span, printable};

/// A line longer than this is shown as the part around its first label: the
/// renderer walks whole lines, and a file may be one line of megabytes.
const LONGEST_LINE: usize = 2_000;
/// How much of a long line is kept before its first label.
const LEAD: usize = 200;
/// Labels further apart than this many lines are shown apart: the renderer
/// walks the lines between them too.
const WIDEST_GAP: usize = 500;

/// A text, cut into lines.
pub(super) struct Lines<'a> {
    text: &'a str,
    /// Where each line begins.
    starts: Vec<usize>,
    /// Where the last thing that is not white space ends. "End of file" is
    /// shown there and not on an empty line below.
    end: usize,
}

/// A line and a column, both from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        // A byte order mark belongs to no column.
        let first = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let mut starts = vec![first];
        starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
        Self { text, starts, end: text.trim_end().len().max(first) }
    }

    /// Returns where the span begins.
    pub(super) fn position(&self, span: Span) -> Position {
        let span = self.clamp(span);
        let line = self.line_of(span.start);
        let column = self.text[self.starts[line]..span.start].chars().count() + 1;
        Position { line: line + 1, column }
    }

    /// Returns the nearest span that lies on character boundaries within one line.
    fn clamp(&self, span: Span) -> Span {
        if span.start >= self.end {
            return Span::at(self.end);
        }
        let start = self.floor(span.start.max(self.starts[0]));
        let line = self.line_of(start);
        let line_end = self.starts[line] + self.line(line).len();
        // A carriage return before the line's end is not part of the line.
        let start = start.min(line_end);
        Span::new(start, self.ceil(span.end.clamp(start, line_end)))
    }

    fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// Returns the text of a line, without its end.
    fn line(&self, line: usize) -> &'a str {
        let end = self.starts.get(line + 1).map_or(self.text.len(), |next| next - 1);
        let text = &self.text[self.starts[line]..end];
        text.strip_suffix('\r').unwrap_or(text)
    }

    fn floor(&self, mut offset: usize) -> usize {
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }

    fn ceil(&self, mut offset: usize) -> usize {
        while !self.text.is_char_boundary(offset) {
            offset += 1;
        }
        offset
    }
}

/// Some lines that lie close together, with the spans moved to fit.
pub(super) struct View {
    pub(super) text: String,
    pub(super) first_line: usize,
    /// Which of the spans asked for lie here, and where in `text`. The one
    /// that the view's heading names comes first.
    pub(super) marks: Vec<(usize, Range<usize>)>,
    /// Where the first of them begins in the file.
    pub(super) real: Position,
    /// Where it seems to begin, since its line may be cut.
    pub(super) shown: Position,
}

/// Cuts out what `spans` need: one view for all that lie close together. The
/// view of the first span comes first.
pub(super) fn views(lines: &Lines<'_>, spans: &[Span]) -> Vec<View> {
    let mut marks: Vec<_> = spans.iter().map(|span| lines.clamp(*span)).enumerate().collect();
    marks.sort_by_key(|(nth, span)| (lines.line_of(span.start), *nth));
    let far = |a: &(usize, Span), b: &(usize, Span)| {
        lines.line_of(b.1.start) - lines.line_of(a.1.start) > WIDEST_GAP
    };
    let mut views: Vec<_> = marks
        .chunk_by(|a, b| !far(a, b))
        .map(|marks| {
            let mut marks = marks.to_vec();
            marks.sort_by_key(|(nth, _)| *nth);
            view(lines, &marks)
        })
        .collect();
    views.sort_by_key(|view| view.marks.first().map(|(nth, _)| *nth));
    views
}

/// Makes one view of some spans, each with its number.
///
/// Lines between them stay as lines, because the renderer counts and folds
/// them, but come out empty where they are folded.
fn view(lines: &Lines<'_>, spans: &[(usize, Span)]) -> View {
    let mut needed: BTreeMap<usize, usize> = BTreeMap::new();
    for (_, span) in spans {
        let anchor = needed.entry(lines.line_of(span.start)).or_insert(span.start);
        *anchor = span.start.min(*anchor);
    }

    let mut text = String::new();
    let mut cuts = BTreeMap::new();
    let mut previous = None;
    for (&line, &anchor) in &needed {
        if let Some(previous) = previous {
            let between = previous + 1..line;
            let short = between.len() <= 2;
            text.push('\n');
            for skipped in between {
                if short {
                    let kept = window(lines, skipped, lines.starts[skipped]);
                    text.push_str(&printable(&lines.text[kept]));
                }
                text.push('\n');
            }
        }
        let kept = window(lines, line, anchor);
        cuts.insert(line, (kept.clone(), text.len()));
        text.push_str(&printable(&lines.text[kept]));
        previous = Some(line);
    }

    let marks = spans.iter().map(|(nth, span)| {
        let (kept, at) = &cuts[&lines.line_of(span.start)];
        let place = |offset: usize| {
            let before = kept.start..offset.clamp(kept.start, kept.end);
            at + printable(&lines.text[before]).len()
        };
        (*nth, place(span.start)..place(span.end))
    });
    let first = spans.first().map_or(Span::default(), |(_, span)| *span);
    let real = lines.position(first);
    let kept = &cuts[&(real.line - 1)].0;
    let column = lines.text[kept.start..first.start].chars().count() + 1;
    View {
        marks: marks.collect(),
        first_line: needed.keys().next().map_or(1, |line| line + 1),
        real,
        shown: Position { column, ..real },
        text,
    }
}

/// Returns the part of a line to show when `anchor` must be seen.
fn window(lines: &Lines<'_>, line: usize, anchor: usize) -> Range<usize> {
    let start = lines.starts[line];
    let end = start + lines.line(line).len();
    if end - start <= LONGEST_LINE {
        return start..end;
    }
    let from = lines.floor(anchor.saturating_sub(LEAD).max(start));
    from..lines.floor((from + LONGEST_LINE).min(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(text: &str, span: Range<usize>) -> (usize, usize) {
        let found = Lines::new(text).position(span.into());
        (found.line, found.column)
    }

    #[test]
    fn columns_count_characters_and_lines_end_at_newlines() {
        assert_eq!(position("a = 1\r\né = 2\r\n", 10..11), (2, 3));
        assert_eq!(position("a = 1\r\nb", 5..6), (1, 6));
        assert_eq!(position("\u{feff}a = 1", 0..1), (1, 1));
        assert_eq!(position("\u{feff}a = 1", 3..4), (1, 1));
    }

    #[test]
    fn the_end_of_the_file_is_the_end_of_its_text() {
        assert_eq!(position("", 0..0), (1, 1));
        assert_eq!(position("a = 1\n\n\n", 8..8), (1, 6));
        assert_eq!(position("a = 1", 4_000..5_000), (1, 6));
        assert_eq!(position("\u{feff}", 3..3), (1, 1));
    }

    #[test]
    fn a_long_line_is_cut_around_its_label() {
        let text = format!("{}\na = {}X{}", "b\n".repeat(5), "é".repeat(1_000_000), "é".repeat(9));
        let x = text.find('X').expect("there is one");
        let view = &views(&Lines::new(&text), &[Span::new(x, x + 1)])[0];
        assert!(view.text.len() <= LONGEST_LINE);
        assert_eq!(&view.text[view.marks[0].1.clone()], "X");
        assert_eq!((view.real.line, view.real.column), (7, 1_000_005));
        assert_eq!(view.shown.column, LEAD / 2 + 1);
    }

    #[test]
    fn lines_between_two_labels_are_counted_but_not_copied() {
        let text = format!("first\n{}last", "0123456789\n".repeat(50));
        let spans = [Span::new(text.len() - 4, text.len()), Span::new(0, 5)];
        let view = &views(&Lines::new(&text), &spans)[0];
        assert_eq!(view.text, format!("first{}last", "\n".repeat(51)));
        assert_eq!(&view.text[view.marks[0].1.clone()], "last");
        assert_eq!((view.first_line, view.real.line), (1, 52));
    }
    #[test]
    fn labels_far_apart_are_shown_apart_and_the_first_one_first() {
        let text = format!("first\n{}last", "0123456789\n".repeat(5_000));
        let spans = [Span::new(text.len() - 4, text.len()), Span::new(0, 5)];
        let views = views(&Lines::new(&text), &spans);
        let texts: Vec<_> = views.iter().map(|view| view.text.as_str()).collect();
        assert_eq!(texts, ["last", "first"]);
    }
}
