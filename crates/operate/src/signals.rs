//! The edge: the signals that ask the program to end.

use std::io::{IsTerminal as _, Write as _};
use std::{fs, io};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that ask the program to end.
pub(crate) struct Signals {
    interrupt: Signal,
    terminate: Signal,
    /// `None` where the program was started to outlive its terminal.
    hangup: Option<Signal>,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Ctrl-C, which a terminal sends to the whole foreground: to a command, too.
    Interrupt,
    /// By another program.
    Terminate,
    /// The terminal is gone.
    Hangup,
}

impl Signals {
    /// Takes them over, for good; not SIGHUP where it was ignored before, as behind `nohup`.
    ///
    /// # Errors
    /// If the system refuses.
    pub(super) fn take() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: if is_hangup_ignored() { None } else { Some(signal(SignalKind::hangup())?) },
        })
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) -> Asked {
        let asked = tokio::select! {
            _ = self.interrupt.recv() => Asked::Interrupt,
            _ = self.terminate.recv() => Asked::Terminate,
            () = hung_up(self.hangup.as_mut()) => Asked::Hangup,
        };
        if asked == Asked::Interrupt {
            ends_line();
        }
        asked
    }
}

/// Ends the line in which a terminal has shown `^C`, behind whatever was in it: a shell does so where the program is ended
/// by the signal, and not where it ends by itself.
fn ends_line() {
    let mut stderr = io::stderr();
    if stderr.is_terminal() {
        let _ = stderr.write_all(b"\n");
    }
}

/// Waits for a SIGHUP, or for ever.
async fn hung_up(hangup: Option<&mut Signal>) {
    match hangup {
        Some(hangup) => drop(hangup.recv().await),
        None => std::future::pending().await,
    }
}

/// Returns whether the program ignores SIGHUP, by `SigIgn:` of proc(5). Where there is no such file, it does not.
#[expect(clippy::disallowed_methods, reason = "signals are an edge")]
fn is_hangup_ignored() -> bool {
    ignores_hangup(&fs::read_to_string("/proc/self/status").unwrap_or_default())
}

/// Tells the same by the text of that file: signal 1 is the last bit of the mask.
fn ignores_hangup(status: &str) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask & 1 == 1)
}

impl Asked {
    /// Returns the exit code of a program that was ended by it, as shells have it.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Hangup => 128 + 1,
            Self::Interrupt => 128 + 2,
            Self::Terminate => 128 + 15,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ignores_hangup;

    #[test]
    fn what_a_process_ignores_is_a_mask() {
        let status =
            |mask: &str| format!("Name:\tbouquet\nSigBlk:\t1\nSigIgn:\t{mask}\nSigCgt:\t1\n");
        assert!(ignores_hangup(&status("0000000000000001")));
        assert!(ignores_hangup(&status("8000000000001001")));
        assert!(!ignores_hangup(&status("0000000000001000")));
        assert!(!ignores_hangup(&status("")));
        assert!(!ignores_hangup(""));
    }
}
