//! The clock, held against the program that runs: no build is earlier than that was made.

use crate::pki::{Lag, Minute};
use bouquet_model::diagnostic::Diagnostic;
use std::time::UNIX_EPOCH;

/// The earliest plausible time of a file, the beginning of 2020, in seconds since 1970: earlier
/// ones are written where all builds are to be the same.
const EARLIEST: i64 = 1_577_836_800;

/// Warns of a clock that is behind the build script's own date.
///
/// # Errors
/// Where it is more than a day behind.
pub(in crate::edge) fn behind_program(now: i64) -> Result<Option<Diagnostic>, Diagnostic> {
    let made = std::env::current_exe().and_then(std::fs::metadata);
    let made = made.and_then(|facts| facts.modified()).ok();
    let made = made.and_then(|made| made.duration_since(UNIX_EPOCH).ok());
    let made = made.and_then(|made| i64::try_from(made.as_secs()).ok());
    made.map_or(Ok(None), |made| judge(now, made))
}

fn judge(now: i64, made: i64) -> Result<Option<Diagnostic>, Diagnostic> {
    let words = format!(
        "this machine's clock says {}, and this build script was made at {}",
        Minute(now),
        Minute(made)
    );
    match Lag::of(now, made) {
        Lag::Far if made >= EARLIEST => Err(Diagnostic::error(words).help(
            "set the clock right: a CA and certificates that are made by it would expire too early",
        )),
        Lag::Some if made >= EARLIEST => {
            Ok(Some(Diagnostic::warning(words).help("set the clock right: it is behind")))
        }
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_may_be_five_minutes_behind_and_not_a_day() {
        let made = 1_795_305_600;
        for (behind, what) in [(-86_400, "fine"), (0, "fine"), (300, "fine"), (301, "warned")] {
            let said = judge(made - behind, made).expect("no error");
            assert_eq!(if said.is_some() { "warned" } else { "fine" }, what, "{behind}");
        }
        assert!(judge(made - 86_400, made).is_ok_and(|said| said.is_some()));
        let error = judge(30, made).expect_err("1970");
        assert_eq!(
            error.message,
            "this machine's clock says 1970-01-01 00:00 UTC, and this build script was made at \
             2026-11-22 00:00 UTC"
        );
        // A build that is the same everywhere dates its files to 1980, or to nothing.
        assert!(judge(30, 315_532_800).is_ok_and(|said| said.is_none()));
    }
}
