//! A cluster that runs.

use super::build::Output;
use super::log::show;
use super::node::Node;
use super::read::command_of_pod;
use super::run::{Said, etcd, run, stdout};
use bouquet_model::artifact::shell_word;
use bouquet_model::{Client, Member};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::{panicking, sleep};
use std::time::{Duration, Instant};

/// How long a cluster may take until all its members serve clients; ten times what it takes on two
/// idle cores.
const PATIENCE: Duration = Duration::from_secs(60);

/// The members of a cluster, each on a node of its own, until this is dropped.
pub(crate) struct Live<'a> {
    output: &'a Output,
    version: &'a str,
    format: &'a str,
    members: Vec<Running>,
}

/// A member's process. It is throwaway, and is killed like that.
struct Running {
    name: String,
    log: PathBuf,
    process: Child,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Live<'_> {
    /// Shows what etcd said to anyone who reads why a test failed.
    fn drop(&mut self) {
        if panicking() {
            for (member, log) in self.logs() {
                show(&format!("{member}, etcd {} by {}", self.version, self.format), &log);
            }
        }
    }
}

impl<'a> Live<'a> {
    /// Starts every member from the files of one format, and waits until all of them serve clients.
    pub(crate) fn start(output: &'a Output, version: &'a str, format: &'a str) -> Self {
        fs::write(output.beside("hosts"), hosts(output)).expect("a file");
        let mut live = Self { output, version, format, members: Vec::new() };
        for member in output.cluster.members.iter() {
            let running = live.launch(member);
            live.members.push(running);
        }
        // 3.4 has other words where it logs by zap.
        live.wait_for(&["ready to serve client requests", "serving client traffic securely"]);
        live
    }

    fn launch(&self, member: &Member) -> Running {
        let name = member.name.to_string();
        let folder = self.output.path(&format!("members/{name}"));
        let mut node = self.node(&name).with(folder.clone(), "/root/etcd");
        if let Some(tls) = &self.output.cluster.tls {
            node = node.with(folder.join("certs"), tls.certs_dir.as_str());
        }
        let log = self.output.beside(&format!("{name}-{}.log", self.format));
        let file = File::create(&log).expect("a log");
        let launcher = launcher(self.format, &folder);
        let mut command = node.sh(&format!("cd /root/etcd; {launcher}"));
        if self.format == "command" {
            // What the calling shell may have of etcd's variables must not reach etcd.
            command.env("ETCD_NAME", "stray").env("ETCD_CONFIG_FILE", "/nowhere");
        }
        let process = command
            .stdin(Stdio::null())
            .stdout(file.try_clone().expect("a log"))
            .stderr(file)
            .spawn()
            .expect("unshare runs");
        Running { name, log, process }
    }

    /// Waits until the log of every member has one of these.
    pub(crate) fn wait_for(&mut self, words: &[&str]) {
        let deadline = Instant::now() + PATIENCE;
        for i in 0..self.members.len() {
            while !words.iter().any(|words| self.log(i).contains(words)) {
                let ended = self.members[i].process.try_wait().expect("a child");
                let name = &self.members[i].name;
                if ended.is_none() && Instant::now() < deadline {
                    sleep(Duration::from_millis(50));
                    continue;
                }
                let Self { version, format, .. } = self;
                panic!("etcd {version} by {format}: none of {words:?} from {name} ({ended:?})");
            }
        }
    }

    fn log(&self, member: usize) -> String {
        let bytes = fs::read(&self.members[member].log).expect("a log");
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// What each member has said so far, by its name.
    pub(crate) fn logs(&self) -> Vec<(&str, String)> {
        (0..self.members.len()).map(|i| (self.members[i].name.as_str(), self.log(i))).collect()
    }

    /// Returns the path by which a file on a member's machine is seen from here.
    pub(crate) fn inside(&self, member: usize, path: &str) -> PathBuf {
        format!("/proc/{}/root{path}", self.members[member].process.id()).into()
    }

    /// Sends a member's process a signal, such as `STOP`.
    pub(crate) fn signal(&self, member: usize, name: &str) {
        let process = self.members[member].process.id().to_string();
        stdout(Command::new("kill").args(["-s", name, &process]));
    }

    /// Runs a script on the machine of the first client, in the folder that the build made for it.
    pub(crate) fn client(&self, script: &str) -> Said {
        let mut node = self.node("client");
        if let Some(client) = self.first_client() {
            let folder = self.output.path(&format!("clients/{}", client.name));
            node =
                node.with(folder.clone(), "/root/client").with(folder, client.certs_dir.as_str());
        } else {
            let folder = self.output.beside("client");
            fs::create_dir_all(&folder).expect("a folder");
            fs::write(folder.join("etcdctl.env"), self.endpoints_env()).expect("a file");
            node = node.with(folder, "/root/client");
        }
        let load = "cd /root/client; set -a; . ./etcdctl.env; set +a";
        run(&mut node.sh(&format!("{load}; {script}")))
    }

    /// A machine of a client's own, with the programs of a folder: its files lie where its configuration names them.
    pub(crate) fn machine_of(&self, client: &Client, programs: &Path) -> Node {
        let name = client.name.to_string();
        let root = self.output.beside("nodes").join(&name);
        Node::new(&root, &self.output.beside("hosts"), programs)
            .with(self.output.path(&format!("clients/{name}")), client.certs_dir.as_str())
    }

    /// A cluster without TLS may have no clients, and then nobody was written an `etcdctl.env`.
    fn endpoints_env(&self) -> String {
        let all: Vec<_> = self.output.cluster.endpoints().iter().map(ToString::to_string).collect();
        format!("ETCDCTL_ENDPOINTS={}\n", all.join(","))
    }

    fn first_client(&self) -> Option<&Client> {
        self.output.cluster.clients.first()
    }

    fn node(&self, name: &str) -> Node {
        let root = self.output.beside("nodes").join(name);
        Node::new(&root, &self.output.beside("hosts"), &etcd(self.version))
    }
}

/// How a person would start etcd from each of the files.
fn launcher(format: &str, folder: &Path) -> String {
    match format {
        "command" => "exec ./etcd.sh".to_owned(),
        "env" => "set -a; . ./etcd.env; set +a; exec etcd".to_owned(),
        "yaml" => "exec etcd --config-file etcd.conf.yml".to_owned(),
        // As the kubelet's runtime does.
        "static-pod" => {
            let words = command_of_pod(&folder.join("etcd.yaml"));
            let words: Vec<_> = words.iter().map(|word| shell_word(word)).collect();
            format!("exec {}", words.join(" "))
        }
        _ => unreachable!("a unit needs a systemd"),
    }
}

/// Names lead to where the members listen, as address translation would.
fn hosts(output: &Output) -> String {
    let members = output.cluster.members.iter().filter_map(|member| {
        let name = member.hostname.as_ref()?;
        Some(format!("{} {}", member.listen_ip, name.as_str()))
    });
    let lines = ["127.0.0.1 localhost", "::1 localhost"].map(str::to_owned);
    let lines: Vec<String> = lines.into_iter().chain(members).collect();
    lines.join("\n") + "\n"
}
