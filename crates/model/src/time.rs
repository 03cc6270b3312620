//! Moments and lengths of time, as the spec has them and as people read them.

use core::fmt;
use core::time::Duration;

/// Seconds of a day.
pub const DAY: i64 = 86_400;

/// A second since 1970, in UTC, shown as `2027-11-22`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub i64);

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil(self.0.div_euclid(DAY));
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl Date {
    /// Returns the first second of a day such as `2027-11-22`; `None` where there is no such day.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-').map(|part| {
            let plain = part.bytes().all(|digit| digit.is_ascii_digit());
            plain.then(|| part.parse::<i64>().ok()).flatten()
        });
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        let date = Self(days(year, month, day)?.checked_mul(DAY)?);
        // A day that a month does not have turns into one of the next.
        (date.to_string() == text).then_some(date)
    }
}

/// A second since 1970, in UTC, shown as `2027-11-22T08:00:00Z` (RFC 3339).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(pub i64);

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of_day = self.0.rem_euclid(DAY);
        let (hour, minute, second) = (of_day / 3600, of_day % 3600 / 60, of_day % 60);
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}Z", Date(self.0))
    }
}

impl Instant {
    /// Returns it in the basic form of ISO 8601, which fits into names: `20261128T134650Z`.
    pub fn basic(self) -> String {
        self.to_string().chars().filter(|c| !"-:".contains(*c)).collect()
    }

    /// Returns the second of a text in the basic form; `None` for any other.
    pub fn parse_basic(text: &str) -> Option<Self> {
        let part = |range: core::ops::Range<usize>| text.get(range);
        let (year, month, day) = (part(0..4)?, part(4..6)?, part(6..8)?);
        let (hour, minute, second) = (part(9..11)?, part(11..13)?, part(13..15)?);
        let instant = Self::parse(&format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z"))?;
        (instant.basic() == text).then_some(instant)
    }

    /// Returns the second of a text such as `2027-11-22T08:00:00Z`; `None` for any other.
    pub fn parse(text: &str) -> Option<Self> {
        let (day, time) = text.split_once('T')?;
        let number = |from: usize| time.get(from..from + 2)?.parse::<i64>().ok();
        let of_day = number(0)? * 3600 + number(3)? * 60 + number(6)?;
        let instant = Self(Date::parse(day)?.0 + of_day);
        (instant.to_string() == text).then_some(instant)
    }
}

/// Returns the day since 1970-01-01 of a Gregorian date; [`civil`] the other way round.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(0..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let month_from_march = if month > 2 { month - 3 } else { month + 9 };
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(year.div_euclid(400) * 146_097 + day_of_era - 719_468)
}

/// Returns a length of time as a whole number of hours, days, weeks or years of 365 days: `12h`, `30d`,
/// `2w`, `1y`. `None` for anything else.
pub fn length(text: &str) -> Option<Duration> {
    let unit = text.chars().last()?;
    let hours = match unit {
        'h' => 1,
        'd' => 24,
        'w' => 7 * 24,
        'y' => 365 * 24,
        _ => return None,
    };
    let digits = &text[..text.len() - 1];
    let plain = digits.bytes().all(|b| b.is_ascii_digit());
    let number: u64 = plain.then(|| digits.parse().ok()).flatten()?;
    number.checked_mul(hours * 60 * 60).map(Duration::from_secs)
}

/// Returns the Gregorian date of a day since 1970-01-01.
///
/// Years begin in March here, so that a leap day is the last of its year; eras are 400 years, after
/// which the calendar repeats. See Howard Hinnant, "chrono-compatible low-level date algorithms".
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_reads_back() {
        assert_eq!(Instant(1_000_000_000).to_string(), "2001-09-09T01:46:40Z");
        for seconds in [0, -1, 1_000_000_000, 4_102_444_799, 253_402_300_799] {
            assert_eq!(Instant::parse(&Instant(seconds).to_string()), Some(Instant(seconds)));
            assert_eq!(Instant::parse_basic(&Instant(seconds).basic()), Some(Instant(seconds)));
        }
        for text in [
            "",
            "T",
            "2001-09-09",
            "2001-09-09T01:46:40",
            "2001-09-09T24:00:00Z",
            "2001-02-30T00:00:00Z",
            "2001-09-09T0ä:46:40Z",
        ] {
            assert_eq!(Instant::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_length_is_a_whole_number_and_a_unit() {
        assert_eq!(length("12h"), Some(Duration::from_secs(12 * 3600)));
        assert_eq!(length("30d"), Some(Duration::from_secs(30 * 86_400)));
        assert_eq!(length("2w"), Some(Duration::from_secs(14 * 86_400)));
        for text in ["", "d", "30", "30m", "+3d", "1.5d", "-1d", "3 d", "99999999999999999y", "3é"]
        {
            assert_eq!(length(text), None, "{text}");
        }
    }

    #[test]
    fn dates_agree_with_the_calendar() {
        for (seconds, date) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (4_107_542_399, "2100-02-28"),
            (4_107_542_400, "2100-03-01"),
            (253_402_300_799, "9999-12-31"),
        ] {
            assert_eq!(Date(seconds).to_string(), date);
        }
    }

    #[test]
    fn a_date_reads_back_and_a_day_that_never_was_does_not() {
        for day in (-719_000..2_900_000).step_by(37) {
            let date = Date(day * DAY);
            assert_eq!(Date::parse(&date.to_string()), Some(date));
        }
        let wrong = ["", "2026", "2026-11", "2026-02-29", "2026-13-01", "2026-1-1", "26-11-22"];
        for text in wrong.into_iter().chain(["2026-11-22 ", "+026-11-22", "2026-11-22-1"]) {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn dates_agree_with_another_implementation() {
        for days in -200_000..200_000 {
            let other = time::Date::from_julian_day(days + 2_440_588).unwrap();
            let (year, month, day) = civil(days.into());
            assert_eq!(
                (year, month, day),
                (other.year().into(), u8::from(other.month()).into(), other.day().into())
            );
        }
    }
}
