//! Numbers of an option as they are read and written: in its unit, in bytes, as a time.

use super::duration::GoDuration;
use super::etcd_option::EtcdOption;
use super::kind::Kind;
use super::limits::Limits;
use super::size;
use std::borrow::Cow;
use std::ops::RangeInclusive;

impl EtcdOption {
    /// Returns the numbers that it can be, in words: `1 to 10000`, `0 or at least 100ms`. `None` where
    /// it is no number, or can be any.
    pub fn range(&self) -> Option<String> {
        let (Kind::Int(limits) | Kind::Size(limits) | Kind::Duration(limits)) = self.kind else {
            return None;
        };
        let shown = |number: i64| match self.kind {
            Kind::Int(_) => number.to_string(),
            _ => self.amount(number),
        };
        let range = match (limits.min, limits.max) {
            (0, i64::MAX) => return None,
            (1, i64::MAX) if limits.beside == [0] => return None,
            (min, i64::MAX) => format!("at least {}", shown(min)),
            (min, max) => format!("{} to {}", shown(min), shown(max)),
        };
        Some(limits.or_beside(&range))
    }

    /// Returns the text of its flag as a person writes it in a spec: a size in the largest unit that it is a
    /// whole number of, `4GiB` for `4294967296`; a time without what is nothing of it, `1h` for `1h0m0s`; any
    /// other text as it is.
    pub fn as_written<'t>(&self, flag: &'t str) -> Cow<'t, str> {
        match self.kind {
            Kind::Size(_) => {
                let bytes = flag.parse().ok();
                let whole = bytes.filter(|bytes| *bytes > 0 && bytes % size::SCALES[0] == 0);
                whole.map_or(Cow::Borrowed(flag), |bytes| Cow::Owned(size::text(bytes)))
            }
            Kind::Duration(_) => {
                let without = |text: &'t str, end: &str, keeps: usize| {
                    if text.ends_with(end) { &text[..text.len() - end.len() + keeps] } else { text }
                };
                Cow::Borrowed(without(without(flag, "m0s", 1), "h0m", 1))
            }
            _ => Cow::Borrowed(flag),
        }
    }

    /// Returns a number of it in words: `100 milliseconds`, `8GiB`, `5s`.
    pub(super) fn amount(&self, number: i64) -> String {
        match self.kind {
            Kind::Size(_) => size::text(number),
            Kind::Duration(_) => GoDuration::from_nanos(number).to_string(),
            _ => match self.unit() {
                Some(unit) if number == 1 => format!("1 {}", one(unit)),
                Some(unit) => format!("{number} {unit}"),
                None => number.to_string(),
            },
        }
    }

    /// Returns the line of TOML that sets it to a number.
    pub(super) fn set_to(&self, number: i64) -> String {
        let name = self.name;
        match self.kind {
            Kind::Size(_) if number > 0 && number % 1024 == 0 => {
                format!("`{name} = \"{}\"`", size::text(number))
            }
            Kind::Duration(_) => format!("`{name} = \"{}\"`", GoDuration::from_nanos(number)),
            _ => format!("`{name} = {number}`"),
        }
    }

    /// Returns what to write instead of a number that is too small or too large: the one that was meant, if its
    /// unit was forgotten, or else the nearest that is usual.
    pub(super) fn instead_of(&self, number: i64, limits: Limits) -> String {
        let (least, most) = (limits.min.max(self.usual.least), limits.max.min(self.usual.most));
        if number > most {
            return format!("write {} or less", self.set_to(most));
        }
        let or_more = format!("{} or more", self.set_to(least));
        match (self.meant_by(number, least..=most), self.kind) {
            (None, _) => format!("write {or_more}"),
            (Some(meant), Kind::Size(_)) => {
                format!("write {} if that is meant, else {or_more}", self.set_to(meant))
            }
            (Some(meant), _) => {
                format!("write {} if seconds are meant, else {or_more}", self.set_to(meant))
            }
        }
    }

    /// Returns `8` for `8GiB`, or seconds where milliseconds are counted.
    fn meant_by(&self, number: i64, usual: RangeInclusive<i64>) -> Option<i64> {
        let scales: &[i64] = match self.kind {
            Kind::Size(_) => &size::SCALES,
            Kind::Int(_) if self.unit == "milliseconds" => &[1000],
            _ => return None,
        };
        let mut meant = scales.iter().filter_map(|scale| number.checked_mul(*scale));
        meant.find(|meant| usual.contains(meant))
    }
}

/// Returns the singular of a unit.
fn one(unit: &str) -> String {
    match unit.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => unit.trim_end_matches('s').to_owned(),
    }
}
