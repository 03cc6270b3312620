//! Go's `time.Duration`: the only way etcd reads and prints a time.

use std::fmt::{self, Write as _};

/// A span of time in nanoseconds, read and printed exactly as Go does it
/// (`time.ParseDuration`, `Duration.String`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GoDuration(i64);

const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000), // U+00B5, micro sign
    ("μs", 1_000), // U+03BC, Greek letter mu
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

impl GoDuration {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// The longest time Go can hold, some 292 years.
    pub const MAX: Self = Self(i64::MAX);

    /// Makes one from nanoseconds, the unit of etcd's YAML.
    pub const fn from_nanos(nanoseconds: i64) -> Self {
        Self(nanoseconds)
    }

    /// Makes one from milliseconds; the longest time if that is too long to hold.
    pub const fn from_millis(milliseconds: i64) -> Self {
        Self(milliseconds.saturating_mul(1_000_000))
    }

    /// Makes one from seconds; the longest time if that is too long to hold.
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000_000))
    }

    /// Returns the time in nanoseconds, the unit of etcd's YAML.
    pub const fn nanos(self) -> i64 {
        self.0
    }

    /// Reads what Go reads: `300ms`, `-1.5h`, `2h45m`, `0`.
    ///
    /// # Errors
    /// In Go's own words, for what Go refuses.
    pub fn parse(text: &str) -> Result<Self, DurationError> {
        let fail = |reason| DurationError { text: text.to_owned(), reason };
        let (negative, mut rest) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        if rest == "0" {
            return Ok(Self::ZERO);
        }
        if rest.is_empty() {
            return Err(fail(Reason::Invalid));
        }
        // As in Go, the sum may reach 2^63 (which only its negative can use).
        let mut total = 0_u64;
        while !rest.is_empty() {
            let (nanoseconds, after) = one_term(rest).map_err(fail)?;
            total = total
                .checked_add(nanoseconds)
                .filter(|sum| *sum <= 1 << 63)
                .ok_or_else(|| fail(Reason::Invalid))?;
            rest = after;
        }
        match (negative, i64::try_from(total)) {
            (false, Ok(nanoseconds)) => Ok(Self(nanoseconds)),
            (true, Ok(nanoseconds)) => Ok(Self(-nanoseconds)),
            (true, Err(_)) => Ok(Self(i64::MIN)),
            (false, Err(_)) => Err(fail(Reason::Invalid)),
        }
    }
}

/// Reads one number with its unit, such as `1.5h`, and returns what follows it.
fn one_term(text: &str) -> Result<(u64, &str), Reason> {
    let (whole, after_whole) = split_while(text, |c| c.is_ascii_digit());
    let (fraction, after_number) = match after_whole.strip_prefix('.') {
        Some(after_dot) => split_while(after_dot, |c| c.is_ascii_digit()),
        None => ("", after_whole),
    };
    if whole.is_empty() && fraction.is_empty() {
        return Err(Reason::Invalid);
    }
    let (unit, rest) = split_while(after_number, |c| c != '.' && !c.is_ascii_digit());
    if unit.is_empty() {
        return Err(Reason::MissingUnit);
    }
    let Some((_, scale)) = UNITS.iter().find(|(name, _)| *name == unit) else {
        return Err(Reason::UnknownUnit(unit.to_owned()));
    };
    let whole = match whole {
        "" => 0,
        digits => digits.parse::<u64>().map_err(|_| Reason::Invalid)?,
    };
    whole
        .checked_mul(*scale)
        .and_then(|nanoseconds| nanoseconds.checked_add(part_of(*scale, fraction)))
        .filter(|nanoseconds| *nanoseconds <= 1 << 63)
        .map(|nanoseconds| (nanoseconds, rest))
        .ok_or(Reason::Invalid)
}

/// Computes `scale` × 0.`fraction` in whole nanoseconds, with Go's float64 and its rounding: exact arithmetic would
/// read `0.3333333333333333333h` as a nanosecond less than the twenty minutes Go takes it for.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "these are Go's conversions; the result is below one hour of nanoseconds"
)]
fn part_of(scale: u64, fraction: &str) -> u64 {
    const LARGEST: u64 = (1 << 63) - 1;
    let (mut digits, mut weight) = (0_u64, 1_f64);
    for digit in fraction.bytes().map(|b| u64::from(b - b'0')) {
        if digits > LARGEST / 10 || digits * 10 + digit > LARGEST + 1 {
            break;
        }
        digits = digits * 10 + digit;
        weight *= 10.0;
    }
    (digits as f64 * (scale as f64 / weight)) as u64
}

fn split_while(text: &str, keep: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !keep(c)).unwrap_or(text.len()))
}

impl fmt::Display for GoDuration {
    /// Writes Go's canonical text: `10h0m0s`, `1.5s`, `100ms`, `0s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let nanoseconds = self.0.unsigned_abs();
        match nanoseconds {
            0 => f.write_str("0s"),
            1..1_000 => write!(f, "{sign}{nanoseconds}ns"),
            1_000..1_000_000 => write!(f, "{sign}{}µs", decimal(nanoseconds, 1_000)),
            1_000_000..1_000_000_000 => write!(f, "{sign}{}ms", decimal(nanoseconds, 1_000_000)),
            _ => {
                let minutes = nanoseconds / 60_000_000_000;
                f.write_str(sign)?;
                if minutes >= 60 {
                    write!(f, "{}h", minutes / 60)?;
                }
                if minutes > 0 {
                    write!(f, "{}m", minutes % 60)?;
                }
                write!(f, "{}s", decimal(nanoseconds % 60_000_000_000, 1_000_000_000))
            }
        }
    }
}

/// Returns `value / unit` with as many decimals as it takes, and no trailing zero.
fn decimal(value: u64, unit: u64) -> String {
    let (whole, part) = (value / unit, value % unit);
    if part == 0 {
        return whole.to_string();
    }
    let places = unit.ilog10() as usize;
    let digits = format!("{part:0places$}");
    format!("{whole}.{}", digits.trim_end_matches('0'))
}

/// A text that Go does not take for a duration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DurationError {
    text: String,
    reason: Reason,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Reason {
    Invalid,
    MissingUnit,
    UnknownUnit(String),
}

impl fmt::Display for DurationError {
    /// Writes Go's words, without its leading `time: `.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = go_quoted(&self.text);
        match &self.reason {
            Reason::Invalid => write!(f, "invalid duration {text}"),
            Reason::MissingUnit => write!(f, "missing unit in duration {text}"),
            Reason::UnknownUnit(unit) => {
                write!(f, "unknown unit {} in duration {text}", go_quoted(unit))
            }
        }
    }
}

impl std::error::Error for DurationError {}

/// Quotes as Go's `time.quote`: every byte that is not printable ASCII in hexadecimal.
fn go_quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => quoted.extend(['\\', char::from(byte)]),
            b' '..=b'\x7f' => quoted.push(char::from(byte)),
            _ => {
                // Writing to a String cannot fail.
                let _ = write!(quoted, "\\x{byte:02x}");
            }
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nanos(text: &str) -> i64 {
        GoDuration::parse(text).expect(text).nanos()
    }

    #[test]
    fn go_own_examples_are_read_as_go_reads_them() {
        const HOUR: i64 = 3_600_000_000_000;
        for (text, expected) in [
            ("0", 0),
            ("+5s", 5_000_000_000),
            ("-0", 0),
            ("5.s", 5_000_000_000),
            (".5s", 500_000_000),
            ("-2m3.4s", -123_400_000_000),
            ("12µs", 12_000),
            ("12μs", 12_000),
            ("1h2m3s4ms5us6ns", HOUR + 123_004_005_006),
            ("1.5h", HOUR * 3 / 2),
            ("52763797000ns", 52_763_797_000),
            ("0.3333333333333333333h", HOUR / 3),
            ("9223372036854775807ns", i64::MAX),
            ("-9223372036854775808ns", i64::MIN),
            ("0.9223372036854775807s", 922_337_203),
            ("0.100000000000000000000h", HOUR / 10),
            ("0.830103483285477580700h", 2_988_372_539_827),
        ] {
            assert_eq!(nanos(text), expected, "{text}");
        }
    }

    #[test]
    fn refusals_are_in_the_words_of_go() {
        for (text, words) in [
            ("", r#"invalid duration """#),
            ("-", r#"invalid duration "-""#),
            ("s", r#"invalid duration "s""#),
            (".s", r#"invalid duration ".s""#),
            ("3", r#"missing unit in duration "3""#),
            ("1d", r#"unknown unit "d" in duration "1d""#),
            ("1h 2m", r#"unknown unit "h " in duration "1h 2m""#),
            ("1\u{e9}", r#"unknown unit "\xc3\xa9" in duration "1\xc3\xa9""#),
            ("9223372036854775808ns", r#"invalid duration "9223372036854775808ns""#),
            ("9223372036854775.808us", r#"invalid duration "9223372036854775.808us""#),
            ("-9223372036854775809ns", r#"invalid duration "-9223372036854775809ns""#),
            ("3000000h", r#"invalid duration "3000000h""#),
        ] {
            assert_eq!(GoDuration::parse(text).expect_err(text).to_string(), words);
        }
    }

    #[test]
    fn text_is_the_canonical_one_of_go() {
        for (nanoseconds, text) in [
            (0, "0s"),
            (1, "1ns"),
            (1_100, "1.1µs"),
            (2_200_000, "2.2ms"),
            (100_000_000, "100ms"),
            (3_300_000_000, "3.3s"),
            (245_000_000_000, "4m5s"),
            (245_001_000_000, "4m5.001s"),
            (18_367_001_000_000, "5h6m7.001s"),
            (36_000_000_000_000, "10h0m0s"),
            (480_000_000_001, "8m0.000000001s"),
            (i64::MAX, "2562047h47m16.854775807s"),
            (i64::MIN, "-2562047h47m16.854775808s"),
        ] {
            assert_eq!(GoDuration::from_nanos(nanoseconds).to_string(), text);
        }
    }
}
