//! Moments as whole seconds.

use std::time::{SystemTime, UNIX_EPOCH};

/// Returns the whole seconds since 1970; 0 for a moment before that.
pub(crate) fn since_1970(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_moment_is_its_whole_seconds_and_none_is_before_1970() {
        let second = Duration::from_millis(1999);
        assert_eq!(since_1970(UNIX_EPOCH + second), 1);
        assert_eq!(since_1970(UNIX_EPOCH - second), 0);
    }
}
