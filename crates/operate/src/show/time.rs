//! Seconds since 1970 as people and programs read them, always in UTC.

use bouquet_model::time::{DAY, Date, Instant};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// Returns `2027-11-22`.
pub(crate) fn date(seconds: i64) -> String {
    Date(seconds).to_string()
}

/// Returns `2027-11-22T08:00:00Z` (RFC 3339).
pub(crate) fn instant(seconds: i64) -> String {
    Instant(seconds).to_string()
}

/// Returns `in 12 days` or `3 hours ago`.
pub(crate) fn distance(moment: i64, now: i64) -> String {
    let left = moment.saturating_sub(now);
    let size = match left.saturating_abs() {
        // To the nearest day: a certificate of 365 days that is a minute old ends in 365 days.
        size if size >= 2 * DAY => format!("{} days", (size + DAY / 2) / DAY),
        size if size >= 2 * HOUR => format!("{} hours", size / HOUR),
        size if size >= 2 * MINUTE => format!("{} minutes", size / MINUTE),
        _ if left >= 0 => return "within two minutes".to_owned(),
        _ => return "just now".to_owned(),
    };
    if left >= 0 { format!("in {size}") } else { format!("{size} ago") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_in_utc() {
        assert_eq!(date(1_000_000_000), "2001-09-09");
        assert_eq!(instant(1_000_000_000), "2001-09-09T01:46:40Z");
    }

    #[test]
    fn distances_have_one_unit() {
        for (moment, text) in [
            (364 * DAY + HOUR, "in 364 days"),
            (DAY, "in 24 hours"),
            (3 * HOUR, "in 3 hours"),
            (HOUR, "in 60 minutes"),
            (1, "within two minutes"),
            (-1, "just now"),
            (-2 * DAY, "2 days ago"),
        ] {
            assert_eq!(distance(moment, 0), text);
        }
    }
}
