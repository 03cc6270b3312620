//! The line of a terminal that says what is waited for.

use std::cell::Cell;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{JoinHandle, spawn};
use std::time::Duration;

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
    fn of_what_takes_a_moment_nothing_is_shown() {
        drop(Patience(Some(|text| panic!("{text}"))).waits("reading"));
        drop(Patience(None).waits("reading"));
    }
}
