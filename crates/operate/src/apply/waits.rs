//! What is waited for, told: once it takes a moment, and again each minute.

use std::time::{Duration, Instant};

/// The time for which nobody wonders why nothing is said.
pub(super) const MOMENT: Duration = Duration::from_secs(5);
/// How often it is said again.
const AGAIN: Duration = Duration::from_secs(60);

/// What is waited for, one thing after another.
#[derive(Debug, Default)]
pub(super) struct Waits(Option<Wait>);

/// One of them.
#[derive(Debug)]
struct Wait {
    what: String,
    since: Instant,
    told: Option<Instant>,
}

impl Waits {
    /// Says what is waited for, where that is due, with how far it has come; for how long it has been that.
    pub(super) fn tells(&mut self, (what, how): (&str, &str), say: &dyn Fn(&str)) -> Duration {
        let (line, lasts) = self.line((what, how), Instant::now());
        if let Some(line) = line {
            say(&line);
        }
        lasts
    }

    /// Returns the line that is due at that moment. Another thing is another wait.
    fn line(&mut self, (what, how): (&str, &str), now: Instant) -> (Option<String>, Duration) {
        let former = self.0.take().filter(|wait| wait.what == what);
        let new = || Wait { what: what.to_owned(), since: now, told: None };
        let wait = self.0.insert(former.unwrap_or_else(new));
        let lasts = now.duration_since(wait.since);
        let is_due = match wait.told {
            None => lasts >= MOMENT,
            Some(told) => now.duration_since(told) >= AGAIN,
        };
        if !is_due {
            return (None, lasts);
        }
        let again = match (wait.told, lasts.as_secs() / 60) {
            (None, _) => "waits".to_owned(),
            (Some(_), minutes) => format!("still waits, for {minutes} min"),
        };
        wait.told = Some(now);
        let how = if how.is_empty() { String::new() } else { format!("; {how}") };
        (Some(format!("    {again}: {what}{how}\n")), lasts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns what is said when this is looked at each half second, with the second in which it is.
    fn said(whats: &[(&str, u64)]) -> Vec<(u64, String)> {
        let (begin, mut waits) = (Instant::now(), Waits::default());
        let mut at = Duration::ZERO;
        let mut all = Vec::new();
        for (what, seconds) in whats {
            let end = at + Duration::from_secs(*seconds);
            while at < end {
                let how = format!("{} s", at.as_secs());
                let (line, _) = waits.line((what, &how), begin + at);
                all.extend(line.map(|line| (at.as_secs(), line.trim().to_owned())));
                at += Duration::from_millis(500);
            }
        }
        all
    }

    #[test]
    fn what_takes_a_moment_is_not_told_and_what_takes_longer_again_each_minute() {
        assert_eq!(said(&[("one", 5), ("other", 5)]), []);
        let line = |at: u64, text: &str| (at, text.to_owned());
        assert_eq!(
            said(&[("one", 130)]),
            [
                line(5, "waits: one; 5 s"),
                line(65, "still waits, for 1 min: one; 65 s"),
                line(125, "still waits, for 2 min: one; 125 s"),
            ]
        );
        assert_eq!(
            said(&[("one", 10), ("other", 10)]),
            [line(5, "waits: one; 5 s"), line(15, "waits: other; 15 s")]
        );
    }
}
