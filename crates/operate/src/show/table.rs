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
    fn words_wrap_between_words_only() {
        let words = ["one", "two", "three"].map(String::from);
        assert_eq!(wrap(&words, 9), ["one, two,", "three"]);
        assert_eq!(wrap(&words, 1), ["one,", "two,", "three"]);
        assert!(wrap(&[], 9).is_empty());
    }
}
