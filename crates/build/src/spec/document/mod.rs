//! The file as keys and values, each with its place; read by `toml`, block by block.
//!
//! A block is a header and what stands below it up to the next. So a mistake in one costs nothing
//! of the others, and what headers are to each other is looked at in one place, with both at hand.

mod block;
mod broken;
mod outline;
mod parts;

pub(super) use block::{Block, Header, Keys};
pub(super) use broken::Broken;

use super::syntax;
use crate::diagnostic::Diagnostics;
use block::Reader;
use outline::{Outline, blanked};
use std::borrow::Cow;
use std::ops::Range;

/// A file, taken apart at its headers.
pub(super) struct Document<'t> {
    text: &'t str,
    outline: Outline,
    /// The lines of keys that have no value.
    bare: Vec<Range<usize>>,
    /// The text as `toml` is given it.
    readable: Cow<'t, str>,
}

impl<'t> Document<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let outline = Outline::of(text);
        let bare = outline.bare_keys(text);
        let readable = blanked(text, &bare);
        Self { text, outline, bare, readable }
    }

    /// Reads every block, and says where and why something cannot be read.
    pub(super) fn blocks(&self) -> (Vec<Block<'_>>, Broken, Diagnostics) {
        let mut reader = Reader::new(self.text, &self.outline);
        let block = |(header, keys)| {
            if self.outline.is_too_deep(&keys) {
                return Block::default();
            }
            reader.block(&self.readable, header, keys)
        };
        let mut blocks: Vec<_> = self.outline.blocks(self.text).map(block).collect();
        for line in &self.bare {
            reader.bare_key(line.clone());
        }
        let Reader { places, mut found, absent, doubled, .. } = reader;
        syntax::add_structural(self.text, &self.outline.objections, &absent, &mut found);
        let broken = Broken::new(&self.outline.objections, places, &found);
        for block in &mut blocks {
            block.keys.part_with_broken(&broken);
        }
        found.append(doubled);
        (blocks, broken, found)
    }
}
