//! The comparison as a Markdown table.

use std::fmt::Write;
use std::time::Duration;

/// What one tool came to.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) name: &'static str,
    /// At least one.
    pub(super) times: Vec<Duration>,
    pub(super) peak_rss_kib: u64,
}

/// Renders one line for each tool in the given order; the first is what the others are compared
/// with.
pub(super) fn render(rows: &[Row]) -> String {
    let mut text = String::from(
        "| tool | median | fastest – slowest of runs | × the first | peak memory |\n\
         |---|--:|--:|--:|--:|\n",
    );
    let base = rows.first().map_or(Duration::ZERO, |row| median(&row.times));
    for row in rows {
        let median = median(&row.times);
        let fastest = row.times.iter().min().copied().unwrap_or_default();
        let slowest = row.times.iter().max().copied().unwrap_or_default();
        let _ = writeln!(
            text,
            "| {} | {} | {} – {} of {} | {:.1} | {:.1} MiB |",
            row.name,
            millis(median),
            millis(fastest),
            millis(slowest),
            row.times.len(),
            median.as_secs_f64() / base.as_secs_f64(),
            mebibytes(row.peak_rss_kib),
        );
    }
    text
}

/// Returns the middle time, or the mean of the middle two; zero where there is none.
fn median(times: &[Duration]) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    match (sorted.len(), sorted.len() / 2) {
        (0, _) => Duration::ZERO,
        (len, middle) if len % 2 == 1 => sorted[middle],
        (_, middle) => (sorted[middle - 1] + sorted[middle]) / 2,
    }
}

/// Writes a time in milliseconds with three digits, which is as much as such a measurement carries.
fn millis(time: Duration) -> String {
    let millis = time.as_secs_f64() * 1000.0;
    match millis {
        0.0..10.0 => format!("{millis:.2} ms"),
        10.0..100.0 => format!("{millis:.1} ms"),
        _ => format!("{millis:.0} ms"),
    }
}

#[expect(clippy::cast_precision_loss, reason = "no process has 2^52 KiB")]
fn mebibytes(kib: u64) -> f64 {
    kib as f64 / 1024.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(times: &[u64]) -> Vec<Duration> {
        times.iter().copied().map(Duration::from_millis).collect()
    }

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(&ms(&[9, 1, 5])), Duration::from_millis(5));
        assert_eq!(median(&ms(&[9, 1, 4, 6])), Duration::from_millis(5));
        assert_eq!(median(&[]), Duration::ZERO);
    }

    #[test]
    fn times_carry_three_digits() {
        assert_eq!(millis(Duration::from_micros(2_346)), "2.35 ms");
        assert_eq!(millis(Duration::from_micros(23_440)), "23.4 ms");
        assert_eq!(millis(Duration::from_millis(2_345)), "2345 ms");
    }

    #[test]
    fn the_first_row_is_the_measure_of_the_others() {
        let row = |name, times: &[u64]| Row { name, times: ms(times), peak_rss_kib: 2048 };
        let table = render(&[row("a", &[10, 20, 30]), row("b", &[50])]);
        let lines: Vec<&str> = table.lines().skip(2).collect();
        assert_eq!(
            lines,
            [
                "| a | 20.0 ms | 10.0 ms – 30.0 ms of 3 | 1.0 | 2.0 MiB |",
                "| b | 50.0 ms | 50.0 ms – 50.0 ms of 1 | 2.5 | 2.0 MiB |",
            ]
        );
    }
}
