//! How far a snapshot has come, in one line of a terminal.

use crate::show::bytes;
use std::time::{Duration, Instant};

/// The time before anything is shown, and between two times that it is.
const PAUSE: Duration = Duration::from_millis(500);

/// What has come so far. Its line is cleared when it is dropped.
pub(super) struct Progress<'a> {
    show: Option<&'a dyn Fn(&str)>,
    /// How large the database is, free pages included.
    expected: Option<u64>,
    come: u64,
    shown: Instant,
    /// How long the line is.
    width: usize,
}

impl<'a> Progress<'a> {
    pub(super) fn new(show: Option<&'a dyn Fn(&str)>, expected: Option<u64>) -> Self {
        Self { show, expected, come: 0, shown: Instant::now(), width: 0 }
    }

    /// Counts what has come.
    pub(super) fn add(&mut self, length: usize) {
        self.come += length as u64;
        if let Some(show) = self.show
            && self.shown.elapsed() >= PAUSE
        {
            let of = self.expected.map(|all| format!(" of {}", bytes(all))).unwrap_or_default();
            let line = format!("{}{of}", bytes(self.come));
            show(&format!("\r{line:width$}", width = self.width));
            (self.shown, self.width) = (Instant::now(), line.len());
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        if let Some(show) = self.show.filter(|_| self.width > 0) {
            show(&format!("\r{:width$}\r", "", width = self.width));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    fn said(parts: usize) -> String {
        let said = RefCell::new(String::new());
        let show = |text: &str| said.borrow_mut().push_str(text);
        let mut progress = Progress::new(Some(&show), Some(3 << 30));
        for _ in 0..parts {
            progress.shown = Instant::now().checked_sub(PAUSE).unwrap();
            progress.add(512 << 20);
        }
        drop(progress);
        said.into_inner()
    }

    #[test]
    fn the_line_grows_and_is_cleared_at_the_end() {
        assert_eq!(
            said(2),
            format!("\r512 MiB of 3.0 GiB\r{:18}\r{:18}\r", "1.0 GiB of 3.0 GiB", "")
        );
    }

    #[test]
    fn of_what_is_there_at_once_nothing_is_shown() {
        assert_eq!(said(0), "");
        let show = |text: &str| panic!("{text}");
        Progress::new(Some(&show), None).add(1);
    }
}
