//! The numbers that an option can be, and those that it usually is.

use super::versions::Versions;

/// A range of integers, and single ones beside it that stand for something else.
///
/// Bytes where the option is a size, nanoseconds where it is a time, else what it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The smallest that makes sense to etcd.
    pub min: i64,
    /// The largest that makes sense to etcd.
    pub max: i64,
    /// Values out of the range that etcd gives a meaning of their own: `0` for its default.
    pub beside: &'static [i64],
}

impl Limits {
    /// Allows numbers from this one on.
    pub(super) const fn from(min: i64) -> Self {
        Self { min, max: i64::MAX, beside: &[] }
    }

    /// Returns the same, up to this number.
    pub(super) const fn to(self, max: i64) -> Self {
        Self { max, ..self }
    }

    /// Returns the same, and these.
    pub(super) const fn or(self, beside: &'static [i64]) -> Self {
        Self { beside, ..self }
    }

    /// Returns `true` where the option can be this.
    pub fn contains(&self, number: i64) -> bool {
        (self.min..=self.max).contains(&number) || self.beside.contains(&number)
    }

    /// Returns what is said of the range, with what is beside it in front: `-1, 0 or at least 28KiB`.
    pub(super) fn or_beside(&self, range: &str) -> String {
        let beside: Vec<String> = self.beside.iter().map(ToString::to_string).collect();
        let or = if beside.is_empty() { "" } else { " or " };
        beside.join(", ") + or + range
    }
}

/// A bound that is lower in the releases before a fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BeforeFix {
    /// The releases that have the fix.
    pub(super) fixed: Versions,
    /// The largest number that does no harm in the others.
    pub(super) max: i64,
    /// A clause on what more does there.
    pub(super) why: &'static str,
}

/// The range outside of which a number was probably meant in another unit, or is regretted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Usual {
    pub(super) least: i64,
    /// A clause on what comes of less.
    pub(super) less: &'static str,
    pub(super) most: i64,
    /// A clause on what comes of more.
    pub(super) more: &'static str,
}

impl Usual {
    /// Limits that every number keeps.
    pub(super) const ANY: Self = Self { least: i64::MIN, less: "", most: i64::MAX, more: "" };
}
