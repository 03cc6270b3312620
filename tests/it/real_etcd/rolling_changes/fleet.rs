//! Three members on machines that outlive their processes, and what an operator does to them.

#![expect(clippy::print_stdout, reason = "what was counted is shown by `--nocapture`")]

use super::writer::{RETRIES, etcdctl, put};
use crate::support::build::build_in;
use crate::support::log::{rejections, show};
use crate::support::node::Node;
use crate::support::place::Block;
use crate::support::run::{etcd, stdout};
use crate::support::writer::{Record, Writer};
use bouquet_model::time::Date;
use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::net::IpAddr;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::{panicking, sleep};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

const MEMBERS: [&str; 3] = ["camellia", "orange", "pink"];
const CLIENTS: [&str; 2] = ["root", "alice"];

/// Ten times what a member takes to come back on two idle cores.
const PATIENCE: Duration = Duration::from_secs(60);

/// A cluster that runs, with someone who writes to it.
pub(super) struct Fleet {
    version: String,
    block: Block,
    folder: TempDir,
    members: Vec<Child>,
    writer: Option<Writer>,
    chapter: String,
    restarts: u32,
    /// How often files were laid on machines, which names their folders.
    rolled: u32,
}

impl Drop for Fleet {
    fn drop(&mut self) {
        self.writer = None;
        if panicking() {
            for member in MEMBERS.iter().filter(|member| self.log(member).exists()) {
                show(&format!("{member}, etcd {}", self.version), &self.read_log(member));
            }
        }
        for member in &mut self.members {
            let _ = member.kill();
            let _ = member.wait();
        }
    }
}

impl Fleet {
    /// A cluster whose spec has these lines under `[tls]` and `[ca]`.
    pub(super) fn start(version: &str, tls: &str, ca: &str) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let mut fleet = Self {
            version: version.to_owned(),
            block: Block::claim(),
            folder,
            members: Vec::new(),
            writer: None,
            chapter: String::new(),
            restarts: 0,
            rolled: 0,
        };
        fs::write(fleet.path("hosts"), "127.0.0.1 localhost\n::1 localhost\n").expect("a file");
        fleet.build(tls, ca);
        fleet.roll_out();
        fleet.roll_out_clients();
        for member in MEMBERS {
            let process = fleet.launch(member);
            fleet.members.push(process);
        }
        for member in 0..MEMBERS.len() {
            fleet.wait_until_healthy(member);
        }
        let (program, client) = (fleet.etcdctl(), fleet.client("root"));
        let endpoints = fleet.endpoints();
        fleet.writer = Some(Writer::start(move || put(&program, &endpoints, &client), RETRIES));
        fleet
    }

    /// Builds the spec with these lines under `[tls]` and `[ca]`.
    pub(super) fn build(&self, tls: &str, ca: &str) {
        self.build_spec(&self.spec(tls, ca, 1));
    }

    /// Builds the spec with another certificate for a client, and those before revoked.
    pub(super) fn revoke(&self, name: &str, tls: &str, ca: &str) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs();
        let today = Date(i64::try_from(now).expect("a time"));
        let revoked = format!("[[revoked]]\nname = \"{name}\"\ndate = \"{today}\"\n");
        self.build_spec(&(self.spec(tls, ca, 2) + &revoked));
    }

    fn spec(&self, tls: &str, ca: &str, generation: u32) -> String {
        let mut spec = format!(
            "[cluster]\ntoken = \"rolling\"\netcd = \"{}\"\nformats = [\"command\"]\n\
             [tls]\n{tls}\n[ca]\n{ca}\n",
            self.version
        );
        for (i, member) in (1..).zip(MEMBERS) {
            let data = format!("[member.etcd]\ndata-dir = \"/data/{member}\"\n");
            let _ = write!(spec, "[[member]]\nname = \"{member}\"\nip = \"127.0.0.{i}\"\n{data}");
        }
        spec += "[[client]]\nname = \"root\"\n";
        let _ = write!(spec, "[[client]]\nname = \"alice\"\ngeneration = {generation}\n");
        self.block.relocate(&spec, &self.version)
    }

    fn build_spec(&self, spec: &str) {
        let (ok, said) = build_in(&self.path(""), spec, SystemTime::now());
        assert!(ok, "{said}");
    }

    /// Lays the files of each member on its machine: a new folder, and then one link to it.
    pub(super) fn roll_out(&mut self) {
        self.rolled += 1;
        for member in MEMBERS {
            self.lay(member);
        }
    }

    fn lay(&self, member: &str) {
        let (out, machine) = (self.path("out/members").join(member), self.machine(member));
        fs::create_dir_all(machine.join("data")).expect("a folder");
        fs::copy(out.join("etcd.sh"), machine.join("etcd.sh")).expect("a copy");
        self.switch(&out.join("certs"), &machine, "certs");
    }

    /// The same for the clients.
    pub(super) fn roll_out_clients(&mut self) {
        self.rolled += 1;
        for client in CLIENTS {
            let home = self.path("clients");
            self.switch(&self.path("out/clients").join(client), &home, client);
        }
    }

    fn switch(&self, from: &Path, to: &Path, name: &str) {
        let folder = format!("{name}.{}", self.rolled);
        copy(from, &to.join(&folder));
        let staged = to.join(format!("{name}.new"));
        symlink(&folder, &staged).expect("a link");
        fs::rename(&staged, to.join(name)).expect("one step");
    }

    /// Keeps a client's files as they are now, under another name.
    pub(super) fn keep_client(&self, client: &str, name: &str) {
        copy(&self.client(client), &self.path("clients").join(name));
    }

    /// Restarts the members one after another.
    pub(super) fn restart_all(&mut self) {
        for member in 0..MEMBERS.len() {
            self.restart(member, |_| {});
        }
    }

    /// The same, and each gets its files while it is down.
    pub(super) fn replace_all(&mut self) {
        self.rolled += 1;
        for (i, member) in MEMBERS.iter().enumerate() {
            self.restart(i, |fleet| fleet.lay(member));
        }
    }

    fn restart(&mut self, member: usize, meanwhile: impl FnOnce(&Self)) {
        let process = &mut self.members[member];
        stdout(Command::new("kill").args(["-TERM", &process.id().to_string()]));
        process.wait().expect("a child");
        meanwhile(self);
        self.members[member] = self.launch(MEMBERS[member]);
        self.restarts += 1;
        self.wait_until_healthy(member);
    }

    fn launch(&self, member: &str) -> Child {
        let log = OpenOptions::new().create(true).append(true).open(self.log(member));
        let log: File = log.expect("a log");
        let root = self.path("roots").join(member);
        Node::new(&root, &self.path("hosts"), &etcd(&self.version))
            .sharing(self.machine(member), "/opt/etcd")
            .sharing(self.machine(member).join("data"), "/data")
            .sh("exec /opt/etcd/etcd.sh")
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a log"))
            .stderr(log)
            .spawn()
            .expect("unshare runs")
    }

    fn wait_until_healthy(&self, member: usize) {
        let deadline = Instant::now() + PATIENCE;
        let endpoint = self.endpoint(member);
        let health = || {
            let mut command = etcdctl(&self.etcdctl(), &endpoint, &self.client("root"));
            command.args(["endpoint", "health"]).output().expect("etcdctl runs").status.success()
        };
        while !health() {
            let name = MEMBERS[member];
            assert!(Instant::now() < deadline, "{name} is not healthy");
            sleep(Duration::from_millis(200));
        }
    }

    /// Whether a client is let in.
    pub(super) fn puts(&self, client: &str) -> bool {
        put(&self.etcdctl(), &self.endpoints(), &self.client(client)).is_ok()
    }

    /// The serial numbers that members show to clients and to peers.
    pub(super) fn served(&self) -> Vec<String> {
        let ports = |member| [2379, 2380].map(move |port| (member, port));
        let members = (0..MEMBERS.len()).flat_map(ports);
        members.map(|(member, port)| self.shown(&format!("{}:{port}", self.ip(member)))).collect()
    }

    fn shown(&self, address: &str) -> String {
        let client = self.client("root");
        let (crt, key) = (client.join("client.crt"), client.join("client.key"));
        let script = format!(
            "openssl s_client -connect {address} -cert {} -key {} </dev/null 2>/dev/null \
             | openssl x509 -noout -serial",
            crt.display(),
            key.display()
        );
        stdout(Command::new("sh").args(["-euc", &script])).trim().to_owned()
    }

    /// Without a restart: etcd reads the files again at each handshake.
    pub(super) fn serves_what_was_built(&self) {
        let files = MEMBERS.iter().flat_map(|member| {
            ["server", "peer"].map(|file| {
                let path = self.path("out/members").join(member).join("certs").join(file);
                let mut openssl = Command::new("openssl");
                openssl.args(["x509", "-noout", "-serial", "-in"]).arg(path.with_extension("crt"));
                stdout(&mut openssl).trim().to_owned()
            })
        });
        assert_eq!(self.served(), files.collect::<Vec<_>>());
    }

    /// The gateway dials its own member with the server certificate.
    pub(super) fn gateway_answers(&self) {
        for member in 0..MEMBERS.len() {
            let client = self.client("root");
            let mut curl = Command::new("curl");
            curl.args(["--silent", "--show-error", "--fail", "--max-time", "20", "--cacert"]);
            curl.arg(client.join("ca.crt")).arg("--cert").arg(client.join("client.crt"));
            curl.arg("--key").arg(client.join("client.key"));
            curl.args(["--data", "{\"key\": \"Ym91cXVldA==\"}"]);
            let said = stdout(curl.arg(format!("{}/v3/kv/range", self.endpoint(member))));
            assert!(said.contains("b2YtZmxvd2Vycw=="), "{said}");
        }
    }

    /// Begins to count again, and tells what was counted.
    pub(super) fn chapter(&mut self, name: &str) {
        let writer = self.writer.as_ref().expect("someone writes");
        // Some writes at least with what was changed last.
        sleep(Duration::from_secs(1));
        let Record { writes, retries, failures, longest_gap } = writer.take();
        let (version, chapter, restarts) = (&self.version, &self.chapter, self.restarts);
        assert_eq!(failures, Vec::<String>::new(), "etcd {version}, {chapter}: failed writes");
        assert!(writes > 0, "etcd {version}, {chapter}: nothing was written");
        if !chapter.is_empty() {
            let gap = longest_gap.as_millis();
            println!(
                "etcd {version}, {chapter}: {writes} writes, 0 failed, {retries} retried, longest gap {gap} ms, {restarts} restarts"
            );
        }
        name.clone_into(&mut self.chapter);
        self.restarts = 0;
    }

    pub(super) fn no_log_tells_of_a_rejection(&self) {
        self.no_log_tells("no such word");
    }

    /// Nothing was refused but what these words tell of, and every write was acknowledged.
    pub(super) fn end(mut self, but: &str) {
        self.chapter("");
        self.no_log_tells(but);
    }

    /// etcd reads the certificate and then the key, in two steps, and between them both may be
    /// replaced: of one roll-out with new keys, one handshake at most on each of a member's ports
    /// may tell of that. Anyone who was refused comes again.
    fn no_log_tells(&self, but: &str) {
        for member in MEMBERS {
            let log = self.read_log(member);
            let refused = rejections(&log).into_iter().filter(|line| !line.contains(but));
            let (torn, refused): (Vec<_>, Vec<_>) =
                refused.partition(|line| line.contains("private key does not match public key"));
            assert_eq!(refused, Vec::<&str>::new(), "{member}, etcd {}", self.version);
            assert!(torn.len() <= 2, "{member}, etcd {}: {torn:?}", self.version);
            if !torn.is_empty() {
                println!("etcd {}: {} handshakes met old and new files", self.version, torn.len());
            }
        }
    }

    fn ip(&self, member: usize) -> IpAddr {
        let last = u8::try_from(member + 1).expect("a few members");
        self.block.address([127, 0, 0, last].into()).into()
    }

    fn endpoint(&self, member: usize) -> String {
        format!("https://{}:2379", self.ip(member))
    }

    fn endpoints(&self) -> String {
        (0..MEMBERS.len()).map(|i| self.endpoint(i)).collect::<Vec<_>>().join(",")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn machine(&self, member: &str) -> PathBuf {
        self.path("machines").join(member)
    }

    fn client(&self, name: &str) -> PathBuf {
        self.path("clients").join(name)
    }

    fn log(&self, member: &str) -> PathBuf {
        self.path(&format!("{member}.log"))
    }

    fn read_log(&self, member: &str) -> String {
        String::from_utf8_lossy(&fs::read(self.log(member)).expect("a log")).into_owned()
    }

    fn etcdctl(&self) -> PathBuf {
        etcd(&self.version).join("etcdctl")
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    stdout(Command::new("cp").arg("-r").arg(from.join(".")).arg(to));
}
