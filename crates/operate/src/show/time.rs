//! Seconds since 1970 as people and programs read them, always in UTC.

use time::OffsetDateTime;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// `2027-11-22`.
pub(crate) fn date(seconds: i64) -> String {
    at(seconds).date().to_string()
}

/// `2027-11-22T08:00:00Z` (RFC 3339).
pub(crate) fn instant(seconds: i64) -> String {
    let at = at(seconds);
    let (hour, minute, second) = at.to_hms();
    format!("{}T{hour:02}:{minute:02}:{second:02}Z", at.date())
}

/// `in 12 days` or `3 hours ago`.
pub(crate) fn distance(moment: i64, now: i64) -> String {
    let left = moment.saturating_sub(now);
    let size = match left.saturating_abs() {
        size if size >= 2 * DAY => format!("{} days", size / DAY),
        size if size >= 2 * HOUR => format!("{} hours", size / HOUR),
        size if size >= 2 * MINUTE => format!("{} minutes", size / MINUTE),
        _ if left >= 0 => return "within two minutes".to_owned(),
        _ => return "just now".to_owned(),
    };
    if left >= 0 { format!("in {size}") } else { format!("{size} ago") }
}

/// Years beyond 9999 do not occur in certificates, whose dates have four digits.
fn at(seconds: i64) -> OffsetDateTime {
    let first = OffsetDateTime::UNIX_EPOCH;
    OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(first)
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
