//! Someone who uses a cluster, and has what it answered checked for linearizability: the program of
//! `tests/history`.

#![expect(clippy::print_stdout, reason = "what was counted is shown by `--nocapture`")]

use super::run::tools;
use bouquet_rig::PATIENCE;
use serde_json::Value;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Writes, and operations of registers, that tell that all goes on.
const MORE: u64 = 20;

/// Puts and gets without an end, until this is dropped or asked for its verdict.
///
/// It writes `written/0`, `written/1` and so on, so that a cluster has one of these at a time.
pub(crate) struct History {
    process: Child,
    answers: Mutex<BufReader<ChildStdout>>,
    errors: PathBuf,
}

/// What was done since the last mark.
#[derive(Debug)]
pub(crate) struct Mark {
    /// Writes that were acknowledged.
    pub(crate) writes: u64,
    /// Those that were not; none is tried again.
    pub(crate) failed: u64,
    /// The first of their errors, each with its time.
    pub(crate) failures: Vec<String>,
    /// The longest time from one acknowledged write to the next, or until now.
    pub(crate) longest_gap: Duration,
}

/// What comes out at the end.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) acknowledged: u64,
    /// Writes that were acknowledged and are not there, the first 20.
    pub(crate) lost: Vec<u64>,
    /// `ok`, `illegal`, or `unknown` where the checker did not come to an end.
    pub(crate) linearizable: String,
    /// All of it, with the operations that no order explains.
    pub(crate) said: Value,
}

impl Drop for History {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The program, for a test that starts it beside a cluster.
pub(crate) fn program() -> PathBuf {
    let program = tools().join("history/history");
    assert!(program.is_file(), "no {}: run `cargo xtask tools --full`", program.display());
    program
}

impl History {
    /// Starts a command of [`program`].
    ///
    /// `endpoints` is a file with URLs, separated by commas, and `client` a folder with `ca.crt`,
    /// `client.crt` and `client.key`, where there is TLS. All of them are followed as they change. `out` is a
    /// folder for what failed and what is illegal.
    pub(crate) fn begin(
        mut command: Command,
        endpoints: &Path,
        client: Option<&Path>,
        out: &Path,
    ) -> Self {
        fs::create_dir_all(out).expect("a folder");
        let errors = out.join("stderr.txt");
        command.arg("--endpoints").arg(endpoints).arg("--out").arg(out);
        if let Some(client) = client {
            command.arg("--cacert").arg(client.join("ca.crt"));
            command.arg("--cert").arg(client.join("client.crt"));
            command.arg("--key").arg(client.join("client.key"));
        }
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(&errors).expect("a file"))
            .spawn()
            .expect("it starts");
        let answers = process.stdout.take().expect("stdout is piped");
        Self { process, answers: Mutex::new(BufReader::new(answers)), errors }
    }

    /// Waits until it has written and used registers a few times more.
    #[track_caller]
    pub(crate) fn goes_on(&self) {
        let count = || {
            let said = self.asked("count");
            (number(&said, "writes"), number(&said, "operations"))
        };
        let (before, deadline) = (count(), Instant::now() + PATIENCE);
        loop {
            let now = count();
            if now.0 >= before.0 + MORE && now.1 >= before.1 + MORE {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "nobody can write: {:?}",
                self.mark("it does not go on").failures
            );
            sleep(Duration::from_millis(100));
        }
    }

    /// Prints and returns what was done since the last mark.
    #[track_caller]
    pub(crate) fn mark(&self, name: &str) -> Mark {
        let said = self.asked(&format!("mark {name}"));
        println!("{said}");
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        Mark {
            writes: number(&said, "writes"),
            failed: number(&said, "failed"),
            failures: list(&said, "failures").map(text).collect(),
            longest_gap: Duration::from_millis(number(&said, "longest_gap_ms")),
        }
    }

    /// Ends it. All is read once more, and checked.
    #[track_caller]
    pub(crate) fn end(mut self) -> Verdict {
        let said = self.asked("end");
        println!("{said}");
        let verdict = Verdict {
            acknowledged: number(&said, "acknowledged"),
            lost: list(&said, "lost").map(|number| number.as_u64().expect("a number")).collect(),
            linearizable: said["linearizable"].as_str().expect("a text").to_owned(),
            said,
        };
        let is_well = self.process.wait().expect("a process").success();
        assert_eq!(is_well, verdict.is_well(), "{verdict:?}");
        verdict
    }

    #[track_caller]
    fn asked(&self, command: &str) -> Value {
        let mut answers = self.answers.lock().expect("no panic");
        let mut line = String::new();
        let mut commands = self.process.stdin.as_ref().expect("stdin is piped");
        // It may have ended, and then has said why.
        let _ = writeln!(commands, "{command}");
        let _ = answers.read_line(&mut line);
        serde_json::from_str(&line).unwrap_or_else(|_| {
            let errors = fs::read_to_string(&self.errors).expect("a file");
            panic!("`{command}`: {line}{errors}")
        })
    }
}

impl Verdict {
    /// Nothing is lost, and each register was one.
    pub(crate) fn is_well(&self) -> bool {
        self.lost.is_empty() && self.linearizable == "ok"
    }

    /// The same, or else it fails.
    #[track_caller]
    pub(crate) fn holds(&self) {
        assert!(self.is_well(), "{:#}", self.said);
    }
}

fn number(said: &Value, key: &str) -> u64 {
    said[key].as_u64().unwrap_or_else(|| panic!("no {key} in {said}"))
}

fn list<'a>(said: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    said[key].as_array().unwrap_or_else(|| panic!("no {key} in {said}")).iter()
}
