//! Moments as Go writes them.

use bouquet_model::time::Instant;

/// Reads RFC 3339 with a fraction and any zone, such as `2026-11-28T21:13:46.5+01:00`, as milliseconds since 1970.
pub(crate) fn milliseconds(text: &str) -> Option<i64> {
    let Instant(local) = Instant::parse(&format!("{}Z", text.get(..19)?))?;
    let rest = text.get(19..)?;
    let (fraction, zone) = match rest.strip_prefix('.') {
        None => ("", rest),
        Some(rest) => rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?),
    };
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    let offset = match zone.split_at_checked(1)? {
        ("Z", "") => 0,
        (sign @ ("+" | "-"), rest) => {
            let (hours, minutes) = rest.split_once(':')?;
            let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
            let seconds = hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?;
            if sign == "+" { seconds } else { -seconds }
        }
        _ => return None,
    };
    local.checked_sub(offset)?.checked_mul(1000)?.checked_add(digits.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::milliseconds;

    #[test]
    fn a_moment_of_go_is_read_in_any_zone() {
        for (text, value) in [
            ("2001-09-09T01:46:40Z", Some(1_000_000_000_000)),
            ("2001-09-09T01:46:40.123456789Z", Some(1_000_000_000_123)),
            ("2001-09-09T02:46:40.5+01:00", Some(1_000_000_000_500)),
            ("2001-09-08T20:16:40-05:30", Some(1_000_000_000_000)),
            ("2001-09-09T01:46:40", None),
            ("2001-09-09T01:46:40.5", None),
            ("2001-09-09T01:46:40+x", None),
            ("2001-09-09T01:46:40+9223372036854775807:00", None),
            ("é", None),
            ("", None),
        ] {
            assert_eq!(milliseconds(text), value, "{text}");
        }
    }
}
