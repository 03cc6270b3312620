//! A cluster of processes that can be stopped, killed and changed one by one, and the program that looks at it.

use crate::support::log::show;
use crate::support::package::Package;
use crate::support::place::Block;
use crate::support::run::{Said, etcd, run, stdout};
use bouquet_etcd::messages::kv::PutRequest;
use bouquet_etcd::{Client, Credentials, Deadline, Endpoint};
use bouquet_model::Cluster;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{panicking, sleep};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::runtime::Builder;

/// Ten times what anything takes on two idle cores.
const PATIENCE: Duration = Duration::from_secs(60);

/// Three members with a client, and no more.
pub(super) const THREE: &str = "[[member]]\nname = \"orange\"\nip = \"10.0.0.1\"\n\
     [[member]]\nname = \"pink\"\nip = \"10.0.0.2\"\n[[member]]\nname = \"daffodil\"\nip = \"10.0.0.3\"\n\
     [[client]]\nname = \"root\"\n";

pub(super) struct Fleet {
    folder: TempDir,
    pub(super) release: String,
    members: BTreeMap<String, Child>,
    /// Of the first build.
    pub(super) cluster: Cluster,
    _block: Block,
}

/// What `status` said.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) code: i32,
    pub(super) stdout: String,
    pub(super) stderr: String,
    pub(super) took: Duration,
}

impl Drop for Fleet {
    fn drop(&mut self) {
        for (name, process) in &mut self.members {
            let _ = process.kill();
            let _ = process.wait();
            if panicking() {
                let log = fs::read(self.folder.path().join(format!("log.{name}")));
                show(name, &String::from_utf8_lossy(&log.unwrap_or_default()));
            }
        }
    }
}

impl Fleet {
    /// Builds each of these specs over the one before; `head` is more of `[cluster]` in front of all else. The
    /// members and options of the first are those that are started.
    pub(super) fn built(release: &str, specs: &[&str]) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let (block, here) = (Block::claim(), folder.path().display().to_string());
        let text = |spec: &str| {
            let spec =
                if spec.contains("[cluster]") { spec.to_owned() } else { head(release) + spec };
            let version = version_of(&spec);
            block.relocate(&spec.replace("HERE", &here), &version)
        };
        let package = Package::for_machines(&text(specs[0]));
        for (number, spec) in specs.iter().enumerate() {
            package.write(&text(spec));
            package.build();
            let state = folder.path().join(number.to_string());
            fs::create_dir(&state).expect("a folder");
            for file in ["cluster.toml", "cluster.lock"] {
                fs::copy(package.path(file), state.join(file)).expect("a copy");
            }
            fs::copy(package.program(), state.join("bouquet")).expect("a copy");
            copy(&package.path("out"), &state.join("out"));
        }
        let cluster =
            bouquet_build::prove(text(specs[0]).as_bytes()).0.expect("it is built").cluster;
        Self {
            folder,
            release: release.to_owned(),
            members: BTreeMap::new(),
            cluster,
            _block: block,
        }
    }

    /// A path in the folder of all this.
    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Lays the files of a build on a member's machine.
    pub(super) fn install(&self, name: &str, state: usize) {
        let machine = self.path(&format!("machines/{name}"));
        let _ = fs::remove_dir_all(&machine);
        copy(&self.path(&format!("{state}/out/members/{name}")), &machine);
        let env = fs::read_to_string(machine.join("etcd.env")).expect("a file");
        let certs = self.path("certs").display().to_string();
        let own = machine.join("certs").display().to_string();
        fs::write(machine.join("etcd.env"), env.replace(&certs, &own)).expect("a file");
    }

    /// Starts a member with what is on its machine, and further words for etcd's environment.
    pub(super) fn start_with(&mut self, name: &str, more: &[(&str, &str)]) {
        let log = File::options().create(true).append(true).open(self.path(&format!("log.{name}")));
        let log = log.expect("a log");
        let mut command = Command::new("sh");
        command.args(["-euc", "set -a; . \"$1\"; eval \"$3\"; set +a; exec \"$2\"", "member"]);
        command.arg(self.path(&format!("machines/{name}/etcd.env")));
        command.arg(etcd(&self.release).join("etcd"));
        let more = more.iter().map(|(name, value)| format!("{name}='{value}'")).collect::<Vec<_>>();
        command.arg(more.join(" ")).current_dir(self.folder.path());
        command.env_clear().env("PATH", "/usr/bin:/bin").stdin(Stdio::null());
        command.stdout(log.try_clone().expect("a log")).stderr(log);
        let process = command.spawn().expect("a shell");
        assert!(self.members.insert(name.to_owned(), process).is_none(), "{name} runs already");
    }

    /// Starts a member with what is on its machine.
    pub(super) fn start(&mut self, name: &str) {
        self.start_with(name, &[]);
    }

    /// The names of those that are compiled.
    pub(super) fn names(&self) -> Vec<String> {
        self.cluster.members.iter().map(|member| member.name.to_string()).collect()
    }

    /// Starts all with the files of the first build, and waits until all is well.
    pub(super) fn run(release: &str, specs: &[&str]) -> Self {
        let mut fleet = Self::built(release, specs);
        for name in fleet.names() {
            fleet.install(&name, 0);
            fleet.start(&name);
        }
        fleet.waits(0, |told| told.code == 0);
        fleet
    }

    /// Ends a member at once, as a power cut would.
    pub(super) fn kill(&mut self, name: &str) {
        let mut process = self.members.remove(name).expect("it runs");
        process.kill().expect("it can be killed");
        process.wait().expect("it ends");
    }

    /// Has a member's process stand still, or go on.
    pub(super) fn signal(&self, name: &str, signal: &str) {
        let id = self.members[name].id().to_string();
        stdout(Command::new("kill").args([signal, &id]));
    }

    /// What etcdctl says, at the port of one member.
    pub(super) fn etcdctl(&self, at: &str, words: &[&str]) -> Said {
        let url = self.client_url(at);
        let mut command = Command::new(etcd(&self.release).join("etcdctl"));
        command.env_clear().env("ETCDCTL_API", "3");
        command.args(["--command-timeout=5s", &format!("--endpoints={url}")]);
        if self.cluster.tls.is_some() {
            let client = self.path("0/out/clients/root").display().to_string();
            command.arg(format!("--cacert={client}/ca.crt"));
            command.arg(format!("--cert={client}/client.crt"));
            command.arg(format!("--key={client}/client.key"));
        }
        run(command.args(words))
    }

    /// The same, which has to succeed some time.
    pub(super) fn succeeds(&self, at: &str, words: &[&str]) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            let said = self.etcdctl(at, words);
            if said.ok {
                return said.stdout;
            }
            assert!(Instant::now() < end, "{words:?}: {}", said.stderr);
            sleep(Duration::from_millis(300));
        }
    }

    /// Asks a member's JSON gateway for a call.
    pub(super) fn gateway(&self, at: &str, call: &str, body: &str) {
        let url = self.client_url(at);
        let client = self.path("0/out/clients/root");
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--show-error", "--fail", "--max-time", "20", "--data", body]);
        curl.arg("--cacert").arg(client.join("ca.crt")).arg("--key").arg(client.join("client.key"));
        curl.arg("--cert").arg(client.join("client.crt"));
        stdout(curl.arg(format!("{url}/v3/{call}")));
    }

    fn client_url(&self, at: &str) -> String {
        let member = self.cluster.members.iter().find(|member| member.name.as_str() == at);
        member.expect("a member").advertise_client_urls[0].to_string()
    }

    /// Writes one key after another through the last member, until it is told to stop.
    pub(super) fn writes(&self, writer: usize, stop: &AtomicBool) {
        let read = |file: &str| {
            fs::read(self.path(&format!("0/out/clients/root/{file}"))).expect("a file")
        };
        let (ca, chain, key) = (read("ca.crt"), read("client.crt"), read("client.key"));
        let credentials = Credentials::from_pem(&ca, Some((&chain, &key))).expect("credentials");
        let url = self.cluster.endpoints().into_iter().next_back().expect("an endpoint").clone();
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let endpoint = Endpoint { url: &url, credentials: Some(&credentials) };
            let mut client =
                Client::connect(endpoint, Deadline::within(PATIENCE)).await.expect("a client");
            for number in 0_u64.. {
                let key = format!("written/{writer}/{}", number % 1000).into();
                let put = PutRequest { key, value: number.to_string().into(), lease: 0 };
                // One that is refused for a moment is no matter here.
                let _ = client.put(&put, Deadline::within(PATIENCE)).await;
                if stop.load(Ordering::Relaxed) {
                    return;
                }
            }
        });
    }

    /// What the program of a build says, in the folder of its package.
    pub(super) fn says(&self, state: usize, words: &[&str]) -> Told {
        self.says_with(state, words, &[])
    }

    /// The same, with these variables in its environment.
    pub(super) fn says_with(
        &self,
        state: usize,
        words: &[&str],
        variables: &[(&str, &str)],
    ) -> Told {
        let folder = self.path(&state.to_string());
        let begin = Instant::now();
        let output = Command::new(folder.join("bouquet"))
            .args(words)
            .current_dir(&folder)
            .env_remove("CARGO_MANIFEST_DIR")
            .env_remove("BOUQUET_OUT")
            .env("NO_COLOR", "1")
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .output()
            .expect("the program runs");
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Told {
            code: output.status.code().expect("it ends"),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
            took: begin.elapsed(),
        }
    }

    /// Looks until it is as it is to be.
    pub(super) fn waits(&self, state: usize, is_it: impl Fn(&Told) -> bool) -> Told {
        let end = Instant::now() + PATIENCE;
        loop {
            let told = self.says(state, &["status", "--json"]);
            if is_it(&told) {
                return told;
            }
            assert!(Instant::now() < end, "{}\n{}", told.stdout, told.stderr);
            sleep(Duration::from_millis(200));
        }
    }

    /// Looks until there is a finding with these words, and the exit code is that.
    pub(super) fn finds(&self, state: usize, code: i32, words: &str) -> Told {
        self.waits(state, |told| {
            told.code == code && told.messages().iter().any(|it| it.contains(words))
        })
    }
}

impl Told {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|_| panic!("{self:?}"))
    }

    /// The messages of all findings.
    pub(super) fn messages(&self) -> Vec<String> {
        let json = self.json();
        let findings = json["findings"].as_array().expect("a list").iter();
        findings.map(|it| it["message"].as_str().expect("text").to_owned()).collect()
    }

    /// A member, by its name.
    pub(super) fn member(&self, name: &str) -> Value {
        let json = self.json();
        let mut members = json["members"].as_array().expect("a list").iter();
        members.find(|member| member["name"] == name).unwrap_or_else(|| panic!("{self:?}")).clone()
    }

    /// The states of these members.
    pub(super) fn states(&self, names: &[&str]) -> Vec<String> {
        let state = |name: &&str| self.member(name)["state"].as_str().expect("text").to_owned();
        names.iter().map(state).collect()
    }
}

fn head(release: &str) -> String {
    format!(
        "[cluster]\ntoken = \"status\"\netcd = \"{release}\"\n[etcd]\ndata-dir = \"HERE/data\"\n\
         [tls]\ncerts-dir = \"HERE/certs\"\n"
    )
}

fn version_of(spec: &str) -> String {
    let (_, rest) = spec.split_once("etcd = \"").expect("a version");
    rest.split_once('"').expect("its end").0.to_owned()
}

/// Copies a folder with all that is in it.
pub(super) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    stdout(Command::new("cp").arg("-a").arg(from.join(".")).arg(to));
}
