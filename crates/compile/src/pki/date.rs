//! Seconds since 1970 as a date that people read.

use core::fmt;

/// Seconds of a day.
pub(super) const DAY: i64 = 86_400;

/// A second since 1970, in UTC, shown as `2027-11-22`.
pub(super) struct Date(pub(super) i64);

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil(self.0.div_euclid(DAY));
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// The Gregorian date of a day since 1970-01-01.
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
