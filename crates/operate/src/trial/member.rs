//! The edge: a member that runs.

use super::binary::forget;
use super::there::Placed;
use super::ways::Ways;
use crate::show::paint;
use anstyle::{AnsiColor, Style};
use bouquet_model::artifact::PROXY_VARIABLES;
use bouquet_model::diagnostic::visible_lines;
use rustix::process::{Pid, Signal, kill_process};
use std::collections::VecDeque;
use std::io;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

/// So many of its last lines are kept.
const KEPT: usize = 60;

/// The words of etcd whose port another program has taken.
const TAKEN: &str = "address already in use";

/// The colours of members, in turn.
const COLOURS: [AnsiColor; 6] = [
    AnsiColor::Cyan,
    AnsiColor::Yellow,
    AnsiColor::Green,
    AnsiColor::Magenta,
    AnsiColor::Blue,
    AnsiColor::Red,
];

/// The last lines that a member logged.
type Lines = Arc<Mutex<VecDeque<String>>>;

/// A member that was started.
pub(super) struct Running {
    pub(super) name: String,
    child: Child,
    lines: Lines,
    reader: Option<JoinHandle<()>>,
    told: bool,
}

/// How a member's lines are shown.
struct Show {
    prefix: String,
    say: fn(&str),
}

/// How a member is started.
pub(super) struct Start<'a> {
    pub(super) etcd: &'a Path,
    /// The process group that it goes into.
    pub(super) group: i32,
    /// Whether its lines are shown.
    pub(super) show: bool,
    /// The width of the longest name.
    pub(super) width: usize,
    pub(super) ways: &'a Ways,
}

impl Running {
    /// Starts the member at a place among all.
    ///
    /// # Errors
    /// If the system cannot start it.
    pub(super) fn start(member: &Placed, place: usize, how: &Start<'_>) -> io::Result<Self> {
        let mut command = Command::new(how.etcd);
        forget(&mut command);
        for variable in PROXY_VARIABLES {
            command.env_remove(variable);
        }
        let flag = |setting: &bouquet_model::cluster::Setting| {
            format!("--{}={}", setting.name, setting.value.flag_text())
        };
        let mut child = command
            .args(member.settings.iter().map(flag))
            .current_dir(member.folder.as_str())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .process_group(how.group)
            .kill_on_drop(true)
            .spawn()?;
        let lines = Lines::default();
        let show = how.show.then(|| {
            let style = Style::new().fg_color(Some(COLOURS[place % COLOURS.len()].into()));
            let width = how.width;
            let prefix = paint(style, format!("{:width$} |", member.name));
            Show { prefix, say: how.ways.say }
        });
        let reader =
            child.stderr.take().map(|log| tokio::spawn(read(log, Arc::clone(&lines), show)));
        Ok(Self { name: member.name.clone(), child, lines, reader, told: false })
    }

    /// Returns how it ended, once, where it has.
    pub(super) fn ended(&mut self) -> Option<ExitStatus> {
        let status = self.child.try_wait().ok().flatten().filter(|_| !self.told)?;
        self.told = true;
        Some(status)
    }

    /// Tells whether it runs.
    pub(super) fn lives(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Asks it to end.
    pub(super) fn terminate(&self) {
        let process = self.child.id().and_then(|process| process.try_into().ok());
        if let Some(process) = process.and_then(Pid::from_raw) {
            // One that has ended meanwhile needs nothing.
            let _ = kill_process(process, Signal::TERM);
        }
    }

    /// Ends it.
    pub(super) fn kill(&mut self) {
        let _ = self.child.start_kill();
    }

    /// Waits until it has ended.
    pub(super) async fn wait(&mut self) {
        let _ = self.child.wait().await;
    }

    /// Returns the last things that a member which has ended said, and whether it lacks its port.
    pub(super) async fn last_words(&mut self) -> (Vec<String>, bool) {
        // What it said last may not have been read yet.
        if let Some(reader) = self.reader.take() {
            let _ = tokio::time::timeout(Duration::from_secs(1), reader).await;
        }
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = lines.iter().any(|line| line.contains(TAKEN));
        (complaints(&lines), taken)
    }
}

/// Returns the last lines that tell of something wrong, or else the last ones; etcd adds its stack to some.
fn complaints(lines: &VecDeque<String>) -> Vec<String> {
    const SIGNS: [&str; 6] = ["\"error\"", "\"fatal\"", "panic", " E | ", " C | ", "flag provided"];
    const SHOWN: usize = 3;
    let is_wrong = |line: &&String| SIGNS.iter().any(|sign| line.contains(sign));
    let mut wrong: Vec<&String> = lines.iter().rev().filter(is_wrong).take(SHOWN).collect();
    if wrong.is_empty() {
        wrong = lines.iter().rev().take(SHOWN).collect();
    }
    let cut = |line: &String| line.split(",\"stacktrace\"").next().unwrap_or(line).to_owned();
    wrong.into_iter().rev().map(cut).collect()
}

/// Reads what a member logs to its end, and shows it behind its name.
async fn read(log: impl AsyncRead + Unpin, lines: Lines, show: Option<Show>) {
    let mut log = BufReader::new(log);
    let mut line = Vec::new();
    while let Ok(1..) = log.read_until(b'\n', &mut line).await {
        let text = String::from_utf8_lossy(&line);
        let text = visible_lines(text.trim_end()).into_owned();
        line.clear();
        if let Some(Show { prefix, say }) = &show {
            say(&format!("{prefix} {text}\n"));
        }
        let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push_back(text);
        if lines.len() > KEPT {
            lines.pop_front();
        }
    }
}
