//! Tables without lines: columns under headings, two spaces apart.
//!
//! Made by hand, because it is short: tabled adds 210 KiB to the binary, and comfy-table brings a
//! terminal library with its colours.

use super::style::{DIM, HEAD, paint};
use anstyle::Style;
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// Between two columns.
pub(crate) const GAP: &str = "  ";

/// One place in a table, of one or more lines.
pub(crate) struct Cell {
    lines: Vec<String>,
    style: Style,
}

/// One row, with remarks under it.
pub(crate) struct Row {
    pub(crate) cells: Vec<Cell>,
    pub(crate) below: Vec<String>,
}

impl Cell {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self::lines(vec![text.into()])
    }

    pub(crate) fn lines(lines: Vec<String>) -> Self {
        Self { lines, style: Style::new() }
    }

    pub(crate) fn style(mut self, style: Style) -> Self {
        self.style = style;
        self
    }
}

/// Returns the whole table. Lines have no spaces at their ends.
pub(crate) fn table(heads: &[&str], rows: &[Row]) -> String {
    let widths = widths(heads, rows);
    let head: Vec<_> = heads.iter().map(|head| (*head, HEAD)).collect();
    let mut text = line(&head, &widths);
    for row in rows {
        let height = row.cells.iter().map(|cell| cell.lines.len()).max().unwrap_or(0);
        for at in 0..height {
            let part = |cell| part(cell, at);
            text += &line(&row.cells.iter().map(part).collect::<Vec<_>>(), &widths);
        }
        for remark in &row.below {
            let _ = writeln!(text, "{GAP}{GAP}{}", paint(DIM, remark));
        }
    }
    text
}

/// Returns the table without the columns for which there is no room, and their heads. Of those that may be left out, the
/// first go first; the rest stay, however wide they are.
pub(crate) fn fitting<'h>(
    heads: &[&'h str],
    mut rows: Vec<Row>,
    columns: Option<usize>,
    spare: &[&'h str],
) -> (String, Vec<&'h str>) {
    let (mut heads, mut left_out) = (heads.to_vec(), Vec::new());
    let mut spare = spare.iter();
    while columns.is_some_and(|columns| width(&widths(&heads, &rows)) > columns)
        && let Some(head) = spare.next()
    {
        let Some(at) = heads.iter().position(|it| it == head) else { continue };
        left_out.push(heads.remove(at));
        for row in &mut rows {
            row.cells.remove(at);
        }
    }
    (table(&heads, &rows), left_out)
}

fn width(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + GAP.len() * widths.len().saturating_sub(1)
}

/// Joins words by commas, in as many lines of that width as they need.
pub(crate) fn wrap(words: &[String], width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let word = if at + 1 < words.len() { format!("{word},") } else { word.clone() };
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

/// Breaks a text between words, into lines of some width; a word that is longer has a line of its own.
pub(crate) fn fold(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn part(cell: &Cell, at: usize) -> (&str, Style) {
    (cell.lines.get(at).map_or("", String::as_str), cell.style)
}

fn widths(heads: &[&str], rows: &[Row]) -> Vec<usize> {
    let column = |at: usize| rows.iter().flat_map(move |row| &row.cells[at].lines);
    let widest = |at: usize| column(at).map(|line| line.width()).max().unwrap_or(0);
    heads.iter().enumerate().map(|(at, head)| head.width().max(widest(at))).collect()
}

fn line(parts: &[(&str, Style)], widths: &[usize]) -> String {
    let mut text = String::new();
    let mut owed = 0;
    for ((part, style), width) in parts.iter().zip(widths) {
        if !part.is_empty() {
            text.extend(std::iter::repeat_n(' ', owed));
            text += &paint(*style, part);
            owed = 0;
        }
        owed += width - part.width() + GAP.len();
    }
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_and_lines_end_without_spaces() {
        let cells = vec![Cell::new("a"), Cell::lines(vec!["1".into(), "22".into()]), Cell::new("")];
        let row = Row { cells, below: vec!["remark".into()] };
        let text = anstream::adapter::strip_str(&table(&["X", "NUMBER", "Y"], &[row])).to_string();
        assert_eq!(text, "X  NUMBER  Y\na  1\n   22\n    remark\n");
    }

    #[test]
    fn columns_that_may_be_left_out_go_until_the_rest_has_room() {
        let rows = || {
            let cells = ["orange", "up", "3.6.16", "ok"].map(Cell::new).into();
            vec![Row { cells, below: Vec::new() }]
        };
        let shown = |columns: Option<usize>| {
            let heads = ["MEMBER", "STATE", "VERSION", "MESH"];
            let (text, left_out) = fitting(&heads, rows(), columns, &["VERSION", "STATE"]);
            let text = anstream::adapter::strip_str(&text).to_string();
            (text.lines().next().unwrap().to_owned(), left_out)
        };
        let all = ("MEMBER  STATE  VERSION  MESH".to_owned(), vec![]);
        assert_eq!(shown(None), all);
        assert_eq!(shown(Some(28)), all);
        assert_eq!(shown(Some(27)), ("MEMBER  STATE  MESH".to_owned(), vec!["VERSION"]));
        let least = ("MEMBER  MESH".to_owned(), vec!["VERSION", "STATE"]);
        assert_eq!(shown(Some(18)), least);
        assert_eq!(shown(Some(1)), least);
    }

    #[test]
    fn words_wrap_between_words_only() {
        let words = ["one", "two", "three"].map(String::from);
        assert_eq!(wrap(&words, 9), ["one, two,", "three"]);
        assert_eq!(wrap(&words, 1), ["one,", "two,", "three"]);
        assert!(wrap(&[], 9).is_empty());
    }
}
