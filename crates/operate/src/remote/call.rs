//! The edge: `ssh` runs a line on a node, with a stream on its standard input, until it ends or takes too long.

use super::ended::{End, Ended};
use super::stream::Stream;
use bouquet_model::diagnostic::Diagnostic;
use std::collections::VecDeque;
use std::ffi::OsStr;
use std::io::{self, BufRead as _, BufReader, ErrorKind, Read, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// Nobody is asked, a connection that is dead ends, and nothing of this machine is lent to the node. Who a host is, is
/// checked as the operator has it.
const OPTIONS: [&str; 13] = [
    "-T",
    "-a",
    "-x",
    "-o",
    "BatchMode=yes",
    "-o",
    "ConnectTimeout=10",
    "-o",
    "ServerAliveInterval=5",
    "-o",
    "ServerAliveCountMax=3",
    "-o",
    "ClearAllForwardings=yes",
];

/// How long a line may be; the rest of one that is longer is the next.
const LONGEST: u64 = 8 << 10;

/// How many lines of what went wrong are kept.
const KEPT: usize = 20;

/// Between two looks at whether it has ended.
const STEP: Duration = Duration::from_millis(20);

/// How long what it said may take to come once it has ended: a shared connection that stays open keeps its standard error.
const AFTER: Duration = Duration::from_millis(500);

/// What is to be run, and where.
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    /// The program that is `ssh`.
    pub(super) ssh: &'a OsStr,
    pub(super) destination: &'a str,
    /// A line for the shell there.
    pub(super) line: &'a str,
    pub(super) deadline: Duration,
}

/// A line, and whether it complains.
struct Line {
    is_complaint: bool,
    text: String,
}

/// Runs it, hands each line to `say` as it comes, and returns how it ended.
///
/// # Errors
/// If there is no `ssh`.
pub(super) fn call(
    call: Call<'_>,
    stream: Stream,
    say: &dyn Fn(&str),
) -> Result<Ended, Diagnostic> {
    let begin = Instant::now();
    let mut command = Command::new(call.ssh);
    command.args(OPTIONS).args(["--", call.destination, call.line]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| unstarted(&error))?;
    let is_sent = sends(child.stdin.take(), stream);
    let (sender, lines) = channel();
    reads(child.stdout.take(), false, sender.clone());
    reads(child.stderr.take(), true, sender);
    let mut heard = Heard { lines: Vec::new(), complaints: VecDeque::new(), say };
    let end = waits(&mut child, &lines, (begin, call.deadline), &mut heard);
    let Heard { lines, complaints, .. } = heard;
    let is_sent = is_sent.load(Ordering::Acquire);
    Ok(Ended { end, is_sent, lines, complaints: complaints.into() })
}

fn unstarted(error: &io::Error) -> Diagnostic {
    if error.kind() == ErrorKind::NotFound {
        Diagnostic::error("`ssh` is not installed, or not in PATH")
            .help("install it: on Debian, Ubuntu and SUSE `openssh-client` or `openssh-clients`, on Fedora `openssh-clients`")
    } else {
        Diagnostic::error(format!("`ssh` cannot be run: {error}"))
    }
}

/// Writes the stream, and closes the pipe behind it; what is returned becomes true once all of it was taken. Nobody waits
/// for this: who ends `ssh` breaks the pipe.
fn sends(stdin: Option<ChildStdin>, stream: Stream) -> Arc<AtomicBool> {
    let is_sent = Arc::new(AtomicBool::new(false));
    let done = Arc::clone(&is_sent);
    thread::spawn(move || {
        let Some(mut stdin) = stdin else { return };
        let written = stream.parts().try_for_each(|part| stdin.write_all(part));
        // Before the end of the stream, which is what the node waits for.
        done.store(written.is_ok(), Ordering::Release);
    });
    is_sent
}

/// Reads lines until their end, or until nobody listens any more.
fn reads(source: Option<impl Read + Send + 'static>, is_complaint: bool, to: Sender<Line>) {
    thread::spawn(move || {
        let Some(source) = source else { return };
        let mut source = BufReader::new(source);
        let mut line = Vec::new();
        while let Ok(1..) = source.by_ref().take(LONGEST).read_until(b'\n', &mut line) {
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_end_matches(['\n', '\r']).to_owned();
            if to.send(Line { is_complaint, text }).is_err() {
                return;
            }
            line.clear();
        }
    });
}

/// What came so far.
struct Heard<'a> {
    lines: Vec<String>,
    complaints: VecDeque<String>,
    say: &'a dyn Fn(&str),
}

impl Heard<'_> {
    fn takes(&mut self, Line { is_complaint, text }: Line) {
        (self.say)(&text);
        if !is_complaint {
            self.lines.push(text);
            return;
        }
        if self.complaints.len() == KEPT {
            self.complaints.pop_front();
        }
        self.complaints.push_back(text);
    }
}

/// Waits for its end, and for what it said.
fn waits(
    child: &mut Child,
    lines: &Receiver<Line>,
    (begin, deadline): (Instant, Duration),
    heard: &mut Heard<'_>,
) -> End {
    let mut ended: Option<(End, Instant)> = None;
    loop {
        match lines.recv_timeout(STEP) {
            Ok(line) => heard.takes(line),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => match ended {
                Some((end, _)) => return end,
                None => thread::sleep(STEP),
            },
        }
        match ended {
            Some((end, since)) if since.elapsed() > AFTER => return end,
            Some(_) => {}
            None => {
                let status = child.try_wait().ok().flatten().map(end);
                let is_late = status.is_none() && begin.elapsed() > deadline;
                if is_late {
                    let _ = child.kill();
                    let _ = child.wait();
                }
                let status = status.or(is_late.then_some(End::Late(deadline)));
                ended = status.map(|end| (end, Instant::now()));
            }
        }
    }
}

fn end(status: ExitStatus) -> End {
    match (status.code(), status.signal()) {
        (Some(code), _) => End::Code(code),
        (None, signal) => End::Signal(signal.unwrap_or_default()),
    }
}
