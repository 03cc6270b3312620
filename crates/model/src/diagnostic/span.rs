//! Where something stands in the source.

use std::ops::Range;

/// A range of bytes of the source.
///
/// Any two numbers make a span. Rendering moves the ends to character
/// boundaries inside the text, so that a wrong span is an ugly underline and
/// never a panic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One past the last byte; equal to `start` for a place between two bytes.
    pub end: usize,
}

impl Span {
    /// Returns the bytes from `start` up to, not including, `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Returns the place before the byte at `offset`.
    pub const fn at(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// Returns the same as a range of std.
    pub const fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}
