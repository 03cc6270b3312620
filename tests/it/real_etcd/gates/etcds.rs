//! Processes of etcd without TLS, started by hand.

use crate::support::place::Block;
use crate::support::run::{Said, etcd, run};
use bouquet_model::plan::next::Operation;
use serde_json::Value;
use std::fs::File;
use std::net::Ipv4Addr;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(60);

/// After which time etcd takes members for healthy: its `HealthInterval`, and a second.
pub(super) const SETTLED: Duration = Duration::from_secs(6);

/// A cluster. The first member is as strict as etcd is by default; the second one, where there is one, lets pass what
/// makes a state.
pub(super) struct Etcds {
    release: String,
    folder: TempDir,
    block: Block,
    /// Voters that were started, by their places.
    processes: Vec<Option<Child>>,
    /// Of the voters, in the order of a state; those that were never started come last.
    ids: Vec<String>,
    learner: Option<(String, Option<Child>)>,
    added: u8,
}

impl Drop for Etcds {
    fn drop(&mut self) {
        let learner = self.learner.as_mut().and_then(|(_, process)| process.as_mut());
        for process in self.processes.iter_mut().flatten().chain(learner) {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

impl Etcds {
    pub(super) fn start(release: &str, count: usize) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let mut etcds = Self {
            release: release.to_owned(),
            folder,
            block: Block::claim(),
            processes: Vec::new(),
            ids: Vec::new(),
            learner: None,
            added: 0,
        };
        let list = (0..count).map(|at| format!("m{at}={}", etcds.url(at, 2380)));
        let list = list.collect::<Vec<_>>().join(",");
        for at in 0..count {
            let process = etcds.process(at, &list, "new", at != 1);
            etcds.processes.push(Some(process));
        }
        let listed = etcds.waits(|etcds| etcds.list().ok().filter(|list| list.len() == count));
        etcds.ids = (0..count).map(|at| id(&listed, &etcds.url(at, 2380))).collect();
        etcds
    }

    fn url(&self, at: usize, port: u16) -> String {
        let last = u8::try_from(at + 1).expect("few members");
        format!("http://{}:{port}", self.block.address(Ipv4Addr::new(10, 0, 0, last)))
    }

    fn process(&self, at: usize, list: &str, state: &str, is_strict: bool) -> Child {
        let name = format!("m{at}");
        let log = File::create(self.folder.path().join(format!("{name}.log"))).expect("a log");
        let mut command = Command::new(etcd(&self.release).join("etcd"));
        let (peer, client) = (self.url(at, 2380), self.url(at, 2379));
        command.env_clear().stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        command.arg(format!("--name={name}")).arg("--logger=zap");
        command.arg(format!("--data-dir={}", self.folder.path().join(&name).display()));
        command.arg(format!("--listen-peer-urls={peer}"));
        command.arg(format!("--initial-advertise-peer-urls={peer}"));
        command.arg(format!("--listen-client-urls={client}"));
        command.arg(format!("--advertise-client-urls={client}"));
        command.arg(format!("--initial-cluster={list}"));
        command.arg(format!("--initial-cluster-state={state}"));
        command.arg(format!("--strict-reconfig-check={is_strict}"));
        command.spawn().expect("etcd starts")
    }

    fn etcdctl(&self, at: usize, words: &[&str]) -> Said {
        let mut command = Command::new(etcd(&self.release).join("etcdctl"));
        command.env_clear().env("ETCDCTL_API", "3");
        command.args(["--command-timeout=10s", &format!("--endpoints={}", self.url(at, 2379))]);
        run(command.args(words))
    }

    fn told(&self, at: usize, words: &[&str]) -> Result<String, String> {
        let said = self.etcdctl(at, words);
        if said.ok { Ok(said.stdout) } else { Err(said.stderr) }
    }

    fn waits<T>(&self, is: impl Fn(&Self) -> Option<T>) -> T {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = is(self) {
                return found;
            }
            assert!(Instant::now() < end, "etcd {} does not come to it", self.release);
            sleep(Duration::from_millis(200));
        }
    }

    /// IDs by peer URL.
    fn list(&self) -> Result<Vec<(String, String)>, String> {
        let table = self.told(0, &["member", "list"])?;
        let row = |line: &str| {
            let cells: Vec<&str> = line.split(", ").collect();
            Some(((*cells.get(3)?).to_owned(), (*cells.first()?).to_owned()))
        };
        Ok(table.lines().filter_map(row).collect())
    }

    /// The place of the member that lets pass what makes a state.
    fn lax(&self) -> usize {
        usize::from(self.processes.len() > 1)
    }

    /// The URL of one more member, that nobody has.
    fn next_url(&mut self) -> (usize, String) {
        let at = self.processes.len() + usize::from(self.added);
        self.added += 1;
        (at, self.url(at, 2380))
    }

    /// One that learns, and is started, or is not.
    pub(super) fn adds_learner(&mut self, starts: bool) {
        let (at, url) = self.next_url();
        let name = format!("m{at}");
        let words = ["member", "add", &name, "--learner", &format!("--peer-urls={url}")];
        self.waits(|etcds| etcds.told(etcds.lax(), &words).ok());
        let id = self.waits(|etcds| etcds.list().ok().map(|list| id(&list, &url)));
        let started = starts.then(|| {
            let voters =
                (0..self.processes.len()).map(|at| format!("m{at}={}", self.url(at, 2380)));
            let list = voters.chain([format!("{name}={url}")]).collect::<Vec<_>>().join(",");
            self.process(at, &list, "existing", true)
        });
        if starts {
            let learns = |etcds: &Self| {
                let status = etcds.told(at, &["endpoint", "status", "-w", "json"]).ok()?;
                let status: Value = serde_json::from_str(&status).ok()?;
                let status = &status[0]["Status"];
                let applied =
                    status["raftAppliedIndex"].as_u64().or(status["raftIndex"].as_u64())?;
                (status["isLearner"] == true && applied > 0).then_some(())
            };
            self.waits(learns);
        }
        self.learner = Some((id, started));
    }

    /// A voter that is never started.
    pub(super) fn adds_voter(&mut self) {
        let (at, url) = self.next_url();
        let words = ["member", "add", &format!("m{at}"), &format!("--peer-urls={url}")];
        self.waits(|etcds| etcds.told(etcds.lax(), &words).ok());
        let id = self.waits(|etcds| etcds.list().ok().map(|list| id(&list, &url)));
        self.ids.push(id);
    }

    /// Has the first one lead.
    pub(super) fn leads_first(&self) {
        let leads = |etcds: &Self| {
            let status = etcds.told(0, &["endpoint", "status", "-w", "json"]).ok()?;
            let status: Value = serde_json::from_str(&status).ok()?;
            let status = &status[0]["Status"];
            (status["leader"].as_u64()? == status["header"]["member_id"].as_u64()?).then_some(())
        };
        self.waits(|etcds| {
            leads(etcds).or_else(|| {
                for at in 1..etcds.processes.len() {
                    let _ = etcds.told(at, &["move-leader", &etcds.ids[0]]);
                }
                leads(etcds)
            })
        });
    }

    pub(super) fn kills(&mut self, at: usize) {
        end(self.processes[at].take());
    }

    pub(super) fn kills_learner(&mut self) {
        end(self.learner.as_mut().and_then(|(_, process)| process.take()));
    }

    /// Asks the leader. Returns what it said.
    pub(super) fn asked(&self, operation: Operation) -> Result<String, String> {
        // One that is added at the URLs and in the second of another has its ID: that of a member that was removed.
        let peers = |at| format!("--peer-urls={}", self.url(at, 2380));
        let id = |at: usize| {
            let learner = self.learner.as_ref().map(|(id, _)| id.as_str());
            self.ids.get(at).map(String::as_str).or(learner).expect("a member")
        };
        match operation {
            Operation::AddVoter => self.told(0, &["member", "add", "more", &peers(30)]),
            Operation::AddLearner => {
                self.told(0, &["member", "add", "more", "--learner", &peers(31)])
            }
            Operation::Promote(at) => self.told(0, &["member", "promote", id(at)]),
            Operation::Remove(at) => self.told(0, &["member", "remove", id(at)]),
        }
    }

    /// Takes an addition back.
    pub(super) fn takes_back(&self, added: &str) {
        let id = added.strip_prefix("Member").and_then(|rest| rest.split_whitespace().next());
        let id = id.unwrap_or_else(|| panic!("{added}"));
        self.waits(|etcds| etcds.told(0, &["member", "remove", id]).ok());
    }
}

fn id(list: &[(String, String)], url: &str) -> String {
    let found = list.iter().find(|(peer, _)| peer == url);
    found.unwrap_or_else(|| panic!("{url} in {list:?}")).1.clone()
}

fn end(process: Option<Child>) {
    let mut process = process.expect("it runs");
    process.kill().expect("it can be killed");
    process.wait().expect("it ends");
}
