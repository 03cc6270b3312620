//! `auto-compaction-retention`: a time or a number.

use super::duration::{DurationError, GoDuration};

/// Says how much history is kept, as far as it can be told without `auto-compaction-mode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retention {
    /// A number: of hours in mode `periodic`, of revisions in mode `revision`.
    Count(i64),
    /// A time, for mode `periodic`.
    Time(GoDuration),
}

impl Retention {
    /// The most hours: etcd multiplies them by an hour's nanoseconds, in 64 bits and without a look
    /// at what comes out (`parseCompactionRetention` in etcd's `embed/etcd.go`).
    pub const MOST_HOURS: i64 = i64::MAX / NANOSECONDS_OF_AN_HOUR;

    /// Reads it as etcd does: digits are a number, and anything else is a Go duration.
    ///
    /// # Errors
    /// In Go's words, for what is neither.
    pub fn parse(text: &str) -> Result<Self, DurationError> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            Ok(count) if digits => Ok(Self::Count(count)),
            _ => GoDuration::parse(text).map(Self::Time),
        }
    }

    /// Returns the time that it stands for in mode `periodic`; none if it is too long.
    pub fn time(self) -> Option<GoDuration> {
        match self {
            Self::Count(hours) => {
                hours.checked_mul(NANOSECONDS_OF_AN_HOUR).map(GoDuration::from_nanos)
            }
            Self::Time(time) => Some(time),
        }
    }
}

const NANOSECONDS_OF_AN_HOUR: i64 = 3_600_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_a_number_and_all_else_is_a_time() {
        assert_eq!(Retention::parse("007"), Ok(Retention::Count(7)));
        assert_eq!(Retention::parse("90m"), Ok(Retention::Time(GoDuration::from_secs(5400))));
        for text in ["", "+5", "1d", "9223372036854775808"] {
            assert!(Retention::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn hours_are_a_time_until_their_nanoseconds_overflow() {
        let most = Retention::Count(Retention::MOST_HOURS).time().map(GoDuration::nanos);
        assert_eq!(most, Some(2_562_047 * NANOSECONDS_OF_AN_HOUR));
        assert_eq!(Retention::Count(Retention::MOST_HOURS + 1).time(), None);
    }
}
