//! The edge: `ssh` runs a line on a node, with a stream on its standard input, until it ends or takes too long.

use super::ended::{End, Ended};
use super::stream::{Broken, Stream};
use bouquet_model::diagnostic::Diagnostic;
use std::collections::VecDeque;
use std::ffi::OsStr;
use std::io::{self, BufRead as _, BufReader, ErrorKind, Read, Write};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

/// The options of `ssh`: nobody is asked, a connection that is dead ends, and nothing of this machine is lent to the
/// node. Who a host is, is checked as the operator has it.
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

/// The time between two messages on how far a stream is.
const TOLD: Duration = Duration::from_secs(5);

/// Between two looks at whether it has ended.
const STEP: Duration = Duration::from_millis(20);

/// How long to wait for the output of a program that has ended: a shared connection that stays open keeps its standard
/// error.
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
    /// It does not end with Ctrl-C at a terminal, which is for this program: that may wait for it. What asks something at the
    /// terminal, such as the ssh of a jump host, is stopped then.
    pub(super) goes_on: bool,
}

/// A line, and whether it complains.
struct Line {
    is_complaint: bool,
    text: String,
}

/// Runs it, hands each line to `say` as it comes, and returns how it ended.
///
/// # Errors
/// If there is no `ssh`, or what is to be sent cannot be read.
pub(super) fn call(
    call: Call<'_>,
    stream: Stream,
    say: &dyn Fn(&str),
) -> Result<Ended, Diagnostic> {
    let begin = Instant::now();
    let mut command = Command::new(call.ssh);
    command.args(OPTIONS).args(["--", call.destination, call.line]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    if call.goes_on {
        command.process_group(0);
    }
    let mut child = command.spawn().map_err(|error| unstarted(&error))?;
    let large = stream.large();
    let sent = sends(child.stdin.take(), stream);
    let (sender, lines) = channel();
    reads(child.stdout.take(), false, sender.clone());
    reads(child.stderr.take(), true, sender);
    let mut heard = Heard { lines: Vec::new(), complaints: VecDeque::new(), say };
    let mut progress = Progress { sent: &sent, large, told: begin };
    let end = waits(&mut child, &lines, (begin, call.deadline), &mut heard, &mut progress);
    let Heard { lines, complaints, .. } = heard;
    if let Some(problem) = sent.unread.get() {
        return Err(problem.clone().note("nothing was done on the node"));
    }
    let is_sent = sent.is_all.load(Ordering::Acquire);
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

/// What of a stream was taken so far.
#[derive(Default)]
struct Sent {
    bytes: AtomicU64,
    is_all: AtomicBool,
    /// Why there is no more to send: without its end, the node refuses it.
    unread: OnceLock<Diagnostic>,
}

/// Writes the stream, and closes the pipe behind it. Nobody waits for this: who ends `ssh` breaks the pipe.
fn sends(stdin: Option<ChildStdin>, stream: Stream) -> Arc<Sent> {
    let sent = Arc::new(Sent::default());
    let counts = Arc::clone(&sent);
    thread::spawn(move || {
        let Some(stdin) = stdin else { return };
        let mut to = Counting { stdin, sent: &counts };
        // Before the end of the stream, which is what the node waits for.
        match stream.write(&mut to) {
            Ok(()) => counts.is_all.store(true, Ordering::Release),
            Err(Broken::Source(problem)) => {
                let _ = counts.unread.set(problem);
            }
            Err(Broken::Pipe) => {}
        }
    });
    sent
}

/// A pipe that counts what it takes.
struct Counting<'a> {
    stdin: ChildStdin,
    sent: &'a Sent,
}

impl Write for Counting<'_> {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        let taken = self.stdin.write(part)?;
        self.sent.bytes.fetch_add(taken as u64, Ordering::Relaxed);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stdin.flush()
    }
}

/// Tells how far a stream is that takes long.
struct Progress<'a> {
    sent: &'a Sent,
    /// About how many bytes it has; 0 where it takes a moment.
    large: u64,
    told: Instant,
}

impl Progress<'_> {
    fn tells(&mut self, say: &dyn Fn(&str)) {
        let is_over = self.large == 0 || self.sent.is_all.load(Ordering::Acquire);
        if is_over || self.told.elapsed() < TOLD {
            return;
        }
        self.told = Instant::now();
        let bytes = self.sent.bytes.load(Ordering::Relaxed);
        say(&format!("{} of {} MiB are sent", bytes >> 20, self.large >> 20));
    }
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
    progress: &mut Progress<'_>,
) -> End {
    let mut ended: Option<(End, Instant)> = None;
    loop {
        progress.tells(heard.say);
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
