//! A history of calls and answers, taken while members are killed, is that of one register after another;
//! and one is found out that is not.

use crate::support::build::Output;
use crate::support::history::{History, program};
use crate::support::live::Live;
use crate::support::log::show;
use crate::support::place::Block;
use crate::support::releases::DEFAULT;
use crate::support::run::{etcd, stdout};
use crate::support::side_by_side::with_each;
use std::fs::{self, File};
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::{panicking, sleep};
use std::time::Duration;
use tempfile::TempDir;

/// A member that is killed, and started at another address.
#[test]
fn what_is_acknowledged_outlives_a_member_that_is_killed() {
    with_each(&["3.4.23", "3.6.16"], |release| {
        let mut member = Member::start(release);
        let history = member.history();
        history.goes_on();
        for host in [2, 1, 1] {
            member.kill();
            // Longer than an operation waits, so that one fails, however fast the member is back.
            let down = Duration::from_secs(3);
            sleep(down);
            member.launch(host);
            history.goes_on();
            let mark = history.mark("killed");
            assert!(mark.failed > 0 && mark.longest_gap > down, "{mark:?}");
        }
        assert_eq!(history.mark("nothing more").failed, 0);
        history.end().holds();
    });
}

/// A disk that is put back to what it was before.
#[test]
fn data_that_is_put_back_is_told_as_lost_and_illegal() {
    let mut member = Member::start(DEFAULT);
    let history = member.history();
    history.goes_on();
    member.kill();
    member.copy("data", "copy");
    member.launch(1);
    history.goes_on();
    let mark = history.mark("what will be lost");
    member.kill();
    member.copy("copy", "data");
    member.launch(1);
    history.goes_on();
    let verdict = history.end();
    assert!(!verdict.is_well() && !verdict.lost.is_empty(), "{verdict:?}");
    assert!(verdict.acknowledged >= mark.writes, "{verdict:?}");
    assert_eq!(verdict.linearizable, "illegal");
    let told = verdict.said["illegal"]["operations"].as_array().expect("operations");
    assert!((1..=20).contains(&told.len()), "{verdict:?}");
    assert!(member.path("out/illegal.html").is_file());
}

const THREE: &str = r#"
[cluster]
token = "history"
etcd = "3.6"

[etcd]
data-dir = "/data/etcd"

[[member]]
name = "camellia"
ip = "10.0.0.1"

[[member]]
name = "orange"
ip = "10.0.0.2"

[[member]]
name = "pink"
ip = "10.0.0.3"

[[client]]
name = "root"
"#;

/// By TLS, with certificates that are replaced meanwhile.
#[test]
fn members_that_hang_one_after_the_other_lie_to_nobody() {
    let block = Block::claim();
    let output = Output::of(&block.relocate(THREE, DEFAULT));
    let live = Live::start(&output, DEFAULT, "command");
    let urls: Vec<String> = output.cluster.endpoints().iter().map(ToString::to_string).collect();
    let endpoints = output.beside("endpoints");
    fs::write(&endpoints, urls.join(",")).expect("a file");
    let client = output.path("clients/root");
    let command = Command::new(program());
    let history = History::begin(command, &endpoints, Some(&client), &output.beside("history"));
    history.goes_on();
    for member in 0..3 {
        live.signal(member, "STOP");
        sleep(Duration::from_secs(3));
        live.signal(member, "CONT");
        history.goes_on();
        history.mark(&format!("{} hung", output.cluster.members[member].name));
        // Another text of the same CA: who follows it begins again.
        let ca = client.join("ca.crt");
        let text = fs::read_to_string(&ca).expect("a file");
        fs::write(&ca, format!("# {member}\n{text}")).expect("a file");
    }
    history.end().holds();
}

/// An etcd of its own, without TLS.
struct Member {
    release: &'static str,
    folder: TempDir,
    block: Block,
    process: Option<Child>,
}

impl Drop for Member {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            let _ = process.kill();
            let _ = process.wait();
        }
        if panicking() {
            show(self.release, &fs::read_to_string(self.path("log")).unwrap_or_default());
        }
    }
}

impl Member {
    fn start(release: &'static str) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let mut member = Self { release, folder, block: Block::claim(), process: None };
        member.launch(1);
        member
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Starts it where clients find it at an address that ends so, and tells them.
    fn launch(&mut self, host: u8) {
        let url = |host, port| {
            format!("http://{}:{port}", self.block.address(Ipv4Addr::new(10, 0, 0, host)))
        };
        let (peer, client) = (url(1, 2380), url(host, 2379));
        let log = File::options().create(true).append(true).open(self.path("log"));
        let mut command = Command::new(etcd(self.release).join("etcd"));
        command.env_clear().stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(log.expect("a log")).arg("--logger=zap").arg("--name=m");
        command.arg(format!("--data-dir={}", self.path("data").display()));
        command.arg(format!("--listen-peer-urls={peer}"));
        command.arg(format!("--initial-advertise-peer-urls={peer}"));
        command.arg(format!("--initial-cluster=m={peer}"));
        command.arg(format!("--listen-client-urls={client}"));
        command.arg(format!("--advertise-client-urls={client}"));
        self.process = Some(command.spawn().expect("etcd starts"));
        fs::write(self.path("endpoints"), client).expect("a file");
    }

    fn kill(&mut self) {
        let mut process = self.process.take().expect("it runs");
        process.kill().expect("it can be killed");
        process.wait().expect("it ends");
    }

    fn copy(&self, from: &str, to: &str) {
        let (from, to) = (self.path(from), self.path(to));
        let _ = fs::remove_dir_all(&to);
        stdout(Command::new("cp").arg("-a").args([from, to]));
    }

    fn history(&self) -> History {
        let command = Command::new(program());
        History::begin(command, &self.path("endpoints"), None, &self.path("out"))
    }
}
