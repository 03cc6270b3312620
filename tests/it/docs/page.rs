//! A document, and the fenced blocks in it.

use super::root;
use std::ops::Range;

/// A document as it is in the repository.
pub(crate) struct Page {
    /// Its path below the root.
    pub(crate) path: &'static str,
    pub(crate) text: String,
}

/// A fenced block.
pub(crate) struct Block<'a> {
    /// What follows the opening fence: `toml`, `toml fragment`, `console`.
    pub(crate) info: &'a str,
    pub(crate) text: &'a str,
    /// Where the text is in the page.
    pub(crate) range: Range<usize>,
    /// The line of the opening fence, from 1.
    pub(crate) line: usize,
}

impl Page {
    pub(crate) fn read(path: &'static str) -> Self {
        let text = std::fs::read_to_string(root().join(path));
        Self { path, text: text.unwrap_or_else(|error| panic!("{path}: {error}")) }
    }

    pub(crate) fn write(&self) {
        std::fs::write(root().join(self.path), &self.text)
            .unwrap_or_else(|error| panic!("{}: {error}", self.path));
    }

    /// Every block, in order.
    pub(crate) fn blocks(&self) -> Vec<Block<'_>> {
        let mut blocks = Vec::new();
        let mut open: Option<(&str, usize, usize)> = None;
        let mut at = 0;
        for (number, line) in self.text.split_inclusive('\n').enumerate() {
            let end = at + line.len();
            match (line.trim_end().strip_prefix("```"), open) {
                (Some(info), None) => open = Some((info, end, number + 1)),
                (Some(_), Some((info, start, line))) => {
                    let (text, range) = (&self.text[start..at], start..at);
                    blocks.push(Block { info, text, range, line });
                    open = None;
                }
                (None, _) => {}
            }
            at = end;
        }
        assert!(open.is_none(), "{} has a block that does not end", self.path);
        blocks
    }

    /// The text with every block blanked out.
    pub(crate) fn prose(&self) -> String {
        let mut prose = self.text.clone();
        for block in self.blocks().iter().rev() {
            prose.replace_range(block.range.clone(), "");
        }
        prose
    }
}
