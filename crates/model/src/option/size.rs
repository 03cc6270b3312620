//! Sizes in bytes, with the binary units: `8GiB`.

/// A text that is not a size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SizeError {
    /// It ends in a decimal unit such as `GB`, which some take for 1000³ and others for 1024³.
    Ambiguous {
        /// The digits before the unit.
        count: u64,
        /// The binary unit that is most likely meant.
        binary: &'static str,
    },
    /// More bytes than etcd's 63 bits can count.
    TooLarge,
    /// Nothing like `8GiB`.
    Malformed,
}

/// The binary units in bytes, from the smallest.
pub(super) const SCALES: [i64; 4] = [1 << 10, 1 << 20, 1 << 30, 1 << 40];

/// Returns a count of bytes in the largest unit that it is a whole number of: `8GiB`.
pub(super) fn text(bytes: i64) -> String {
    let whole = |shift: u32| bytes != 0 && bytes % (1 << shift) == 0;
    match UNITS.iter().rfind(|(_, shift)| whole(*shift)) {
        Some((unit, shift)) => format!("{}{unit}", bytes >> shift),
        None if bytes == 1 => "1 byte".to_owned(),
        None => format!("{bytes} bytes"),
    }
}

const UNITS: [(&str, u32); 4] = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40)];

/// Reads `8GiB`, `512MiB`, `64KiB` or `1TiB`; a plain count of bytes is an integer in TOML.
pub(super) fn parse(text: &str) -> Result<i64, SizeError> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (count, unit) = text.split_at(digits);
    let unit = unit.strip_prefix(' ').unwrap_or(unit);
    if count.is_empty() {
        return Err(SizeError::Malformed);
    }
    let count: u64 = count.parse().map_err(|_| SizeError::TooLarge)?;
    if let Some((_, shift)) = UNITS.iter().find(|(name, _)| *name == unit) {
        return count
            .checked_mul(1 << shift)
            .and_then(|bytes| i64::try_from(bytes).ok())
            .ok_or(SizeError::TooLarge);
    }
    let meant = UNITS.iter().find(|(name, _)| {
        let short = [&name[..1], "B"].concat();
        unit.eq_ignore_ascii_case(&name[..1])
            || unit.eq_ignore_ascii_case(&short)
            || unit.eq_ignore_ascii_case(name)
    });
    match meant {
        Some((binary, _)) => Err(SizeError::Ambiguous { count, binary }),
        None => Err(SizeError::Malformed),
    }
}

/// Returns the size of a database in bytes beyond which etcd turns read-only, by its `quota-backend-bytes`: of
/// none, and of 0, etcd's own (`DefaultQuotaBytes` in etcd's `storage/quota.go`), and of a negative one, which is
/// no limit, the largest number.
pub fn quota(bytes: Option<i64>) -> i64 {
    match bytes {
        None | Some(0) => 2 << 30,
        Some(bytes) if bytes < 0 => i64::MAX,
        Some(bytes) => bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binary_units_are_powers_of_1024() {
        assert_eq!(parse("8GiB"), Ok(8_589_934_592));
        assert_eq!(parse("512 MiB"), Ok(536_870_912));
        assert_eq!(parse("0KiB"), Ok(0));
    }

    #[test]
    fn bytes_are_told_in_the_unit_that_they_are_whole_in() {
        for (bytes, told) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (1536, "1536 bytes"),
            (8 << 30, "8GiB"),
            (1536 << 10, "1536KiB"),
        ] {
            assert_eq!(text(bytes), told);
        }
    }

    #[test]
    fn decimal_units_are_ambiguous() {
        for text in ["8GB", "8G", "8gb", "8gib"] {
            assert_eq!(
                parse(text),
                Err(SizeError::Ambiguous { count: 8, binary: "GiB" }),
                "{text}"
            );
        }
    }

    #[test]
    fn what_etcd_cannot_count_is_too_large() {
        assert_eq!(parse("8388608TiB"), Err(SizeError::TooLarge));
        assert_eq!(parse("99999999999999999999GiB"), Err(SizeError::TooLarge));
        assert_eq!(parse("8388607TiB"), Ok(9_223_370_937_343_148_032));
    }

    #[test]
    fn anything_else_is_malformed() {
        for text in ["", "GiB", "-1GiB", "1.5GiB", "8 elephants", "8  GiB"] {
            assert_eq!(parse(text), Err(SizeError::Malformed), "{text}");
        }
    }
}
