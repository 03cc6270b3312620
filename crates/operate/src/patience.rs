//! The line of a terminal that says what is waited for.

use std::borrow::Cow;
use std::cell::Cell;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{JoinHandle, spawn};
use std::time::Duration;
use unicode_width::UnicodeWidthChar as _;

/// The time for which nobody wonders why nothing is shown.
const MOMENT: Duration = Duration::from_secs(1);

/// How a person is shown what is waited for; `None` where nobody looks at a terminal.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Patience(pub(crate) Option<fn(&str)>);

/// Something that may take long, until this is dropped. Nothing else may be said meanwhile.
pub(crate) struct Waiting(Option<(Sender<()>, JoinHandle<()>)>);

impl Patience {
    /// Shows a line once this has taken a moment, and clears it at the end.
    pub(crate) fn waits(self, line: impl Into<String>) -> Waiting {
        Waiting(self.0.map(|show| {
            let (line, (end, ended)) = (line.into(), channel());
            let thread = spawn(move || {
                if ended.recv_timeout(MOMENT) == Err(RecvTimeoutError::Timeout) {
                    show(&line);
                    // Nothing comes but the end.
                    let _ = ended.recv();
                    show(&format!("\r{:width$}\r", "", width = line.chars().count()));
                }
            });
            (end, thread)
        }))
    }

    /// Returns what says lines, and shows what is waited for until the first of them, and after each.
    pub(crate) fn between(self, line: impl Into<String>, say: impl Fn(&str)) -> impl Fn(&str) {
        let line = line.into();
        let waiting = Cell::new(Some(self.waits(line.as_str())));
        move |said: &str| {
            drop(waiting.take());
            say(said);
            waiting.set(Some(self.waits(line.as_str())));
        }
    }
}

/// Returns what is shown in one line of a terminal that has so many columns: of a line that would go on in the next, the
/// carriage return would lead back to the begin of that alone.
pub(crate) fn in_one_line(text: &str, columns: Option<usize>) -> Cow<'_, str> {
    let Some(columns) = columns else { return Cow::from(text) };
    // In the last one some terminals are in the next line already.
    let most = columns.saturating_sub(1);
    let mut shown = String::new();
    let mut width = 0;
    for character in text.chars() {
        width = if character == '\r' { 0 } else { width + character.width().unwrap_or(0) };
        if width <= most {
            shown.push(character);
        }
    }
    Cow::from(shown)
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some((end, thread)) = self.0.take() {
            drop(end);
            // The line is cleared before anything else is said.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[test]
    fn what_takes_long_is_shown_and_its_line_is_cleared() {
        static SAID: Mutex<String> = Mutex::new(String::new());
        let waiting = Patience(Some(|text| SAID.lock().unwrap().push_str(text))).waits("reading");
        std::thread::sleep(MOMENT + MOMENT / 2);
        drop(waiting);
        assert_eq!(*SAID.lock().unwrap(), format!("reading\r{:7}\r", ""));
    }

    #[test]
    fn what_still_takes_long_after_a_line_was_said_is_shown_again() {
        static SAID: Mutex<String> = Mutex::new(String::new());
        let add: fn(&str) = |text| SAID.lock().unwrap().push_str(text);
        let say = Patience(Some(add)).between("reading", add);
        say("one half is read\n");
        std::thread::sleep(MOMENT + MOMENT / 2);
        say("all is read\n");
        drop(say);
        let shown = format!("reading\r{:7}\r", "");
        assert_eq!(*SAID.lock().unwrap(), format!("one half is read\n{shown}all is read\n"));
    }

    #[test]
    fn a_line_is_cut_to_the_width_of_the_terminal_and_cleared_as_wide() {
        let shown = |text: &str| in_one_line(text, Some(10)).into_owned();
        assert_eq!(shown("waiting until etcd is ready"), "waiting u");
        assert_eq!(shown(&format!("\r{:27}\r", "")), format!("\r{:9}\r", ""));
        assert_eq!(shown("\r1.0 GiB of 3.0 GiB"), "\r1.0 GiB o");
        assert_eq!(shown("等待等待等待"), "等待等待");
        assert_eq!(shown("reading"), "reading");
        assert_eq!(in_one_line("waiting until etcd is ready", None), "waiting until etcd is ready");
    }

    #[test]
    fn of_what_takes_a_moment_nothing_is_shown() {
        drop(Patience(Some(|text| panic!("{text}"))).waits("reading"));
        drop(Patience(None).waits("reading"));
    }
}
