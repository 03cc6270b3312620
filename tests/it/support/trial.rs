//! One member with a handful of options, as a spec has them or as a build would refuse them: does a
//! real etcd serve with them?

use super::build::Output;
use super::node::Node;
use super::place::Block;
use super::programs::shell;
use super::run::{etcd, run};
use bouquet_build::diagnostic::Severity;
use bouquet_build::prove;
use bouquet_model::artifact;
use bouquet_model::cluster::Setting;
use bouquet_model::option::{GoDuration, Kind, Value, Yaml, find};
use bouquet_model::version::EtcdVersion;
use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use toml_edit::DocumentMut;

/// How long a member may take until it serves, besides the time that it waits for an election.
const PATIENCE: Duration = Duration::from_secs(25);

/// How long a member is given that is expected to fail.
const SHORT: Duration = Duration::from_secs(10);

/// Answers that come too early, and are not the last.
const NOT_YET: [&str; 4] =
    ["etcdserver: no leader", "etcdserver: leader changed", "timed out", "deadline"];

/// How long a member has to go on serving: what dies of a value does so at once.
const STEADY: Duration = Duration::from_millis(300);

/// In a value, the address that the member has.
pub(crate) const ADDRESS: &str = "ADDRESS";

/// The file formats that etcd itself reads.
pub(crate) const FORMATS: [&str; 3] = ["command", "env", "yaml"];

/// An option with its value, as a spec would have it.
pub(crate) type Choice = (&'static str, toml_edit::Value);

/// What came of a start.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It took two puts and was still there, twice: a member starts on no data, and on its own.
    Serves,
    /// It did not, and said this.
    Fails(String),
}

/// A place to try members in, one after another.
pub(crate) struct Bench {
    release: String,
    block: Block,
    keys: TempDir,
}

impl Bench {
    /// A place for members of one release.
    pub(crate) fn new(release: &str) -> Self {
        let keys = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        shell(KEYS, keys.path());
        Self { release: release.to_owned(), block: Block::claim(), keys }
    }

    fn address(&self) -> Ipv4Addr {
        self.block.address(Ipv4Addr::new(10, 0, 0, 1))
    }

    /// The spec of a member with these options, for a release or for a whole line of them. It names
    /// the formats that can carry them.
    pub(crate) fn spec(&self, version: &str, options: &[Choice]) -> String {
        let mut spec: DocumentMut = SPEC.parse().expect("TOML");
        spec["cluster"]["etcd"] = toml_edit::value(version);
        spec["member"][0]["ip"] = toml_edit::value(self.address().to_string());
        let parsed = EtcdVersion::parse(version).expect("a version");
        let carried = |(name, _): &Choice| {
            find(name).is_some_and(|option| !matches!(option.yaml(parsed), Yaml::None))
        };
        let all = options.iter().all(carried);
        let formats = &FORMATS[..if all { 3 } else { 2 }];
        spec["cluster"]["formats"] =
            toml_edit::value(toml_edit::Array::from_iter(formats.iter().copied()));
        for (name, value) in options {
            spec["etcd"][name] = toml_edit::Item::Value(value.clone());
        }
        spec.to_string().replace(ADDRESS, &self.address().to_string())
    }

    /// What a build says against these options, in one text each: errors, and it does not take
    /// them, or warnings.
    pub(crate) fn said(
        &self,
        severity: Severity,
        version: &str,
        options: &[Choice],
    ) -> Vec<String> {
        let (_, found) = prove(self.spec(version, options).as_bytes());
        let of_it = found.into_iter().filter(|one| one.severity == severity);
        of_it.map(|one| one.message.clone()).collect()
    }

    /// Starts a member from what a build makes of a spec.
    pub(crate) fn accepted(&self, spec: &str, format: &str) -> Outcome {
        let output = Output::of(spec);
        let election = match output.cluster.members[0].option("election-timeout") {
            Some(Value::Int(milliseconds)) => Duration::from_millis(milliseconds.unsigned_abs()),
            _ => Duration::from_secs(1),
        };
        self.start(&output, format, PATIENCE + 2 * election)
    }

    /// Starts a member by flags with options that no build would let through.
    pub(crate) fn unchecked(&self, options: &[Choice]) -> Outcome {
        let output = Output::of(&self.spec(&self.release, &[]));
        let mut cluster = output.cluster.clone();
        let member = &mut cluster.members.to_mut()[0];
        let address = self.address().to_string();
        for (name, value) in options {
            let settings = member.options.to_mut();
            settings.retain(|setting| setting.name != *name);
            settings.push(Setting { name, value: unchecked(name, value, &address) });
        }
        let format = artifact::format("command").expect("a format");
        let text = (format.render)(&cluster, &cluster.members[0]);
        fs::write(output.path("members/one/etcd.sh"), text).expect("a file");
        self.start(&output, "command", SHORT)
    }

    fn start(&self, output: &Output, format: &str, patience: Duration) -> Outcome {
        fs::create_dir_all(output.beside("data")).expect("a folder");
        match self.start_once(output, format, patience) {
            Outcome::Serves => match self.start_once(output, format, patience) {
                Outcome::Fails(why) => Outcome::Fails(format!("the second time: {why}")),
                serves => serves,
            },
            fails => fails,
        }
    }

    fn start_once(&self, output: &Output, format: &str, patience: Duration) -> Outcome {
        let log = output.beside("log");
        let mut member = Running(self.launch(output, format, File::create(&log).expect("a log")));
        let deadline = Instant::now() + patience;
        let fails = |why: &str| {
            let said = fs::read(&log).expect("a log");
            let said = String::from_utf8_lossy(&said).into_owned();
            Outcome::Fails(format!("{why}\n{}", complaints(&said)))
        };
        let mut steady = false;
        let mut answer = "it never listened".to_owned();
        loop {
            if let Some(status) = member.0.try_wait().expect("a child") {
                return fails(&format!("{status}"));
            }
            if self.listens() {
                let said = run(&mut self.put(output));
                match (said.ok, steady) {
                    (true, true) => return Outcome::Serves,
                    (true, false) => {
                        steady = true;
                        sleep(STEADY);
                        continue;
                    }
                    (false, _) => answer = said.stderr,
                }
                let answered = answer.contains("Error: etcdserver: ");
                if answered && !NOT_YET.iter().any(|words| answer.contains(words)) {
                    return fails(&answer);
                }
            }
            if Instant::now() > deadline {
                return fails(&format!("it runs, but: {answer}"));
            }
            sleep(Duration::from_millis(50));
        }
    }

    fn launch(&self, output: &Output, format: &str, log: File) -> Child {
        fs::write(output.beside("hosts"), "127.0.0.1 localhost\n").expect("a file");
        let programs = etcd(&self.release);
        let folder = output.path("members/one");
        let certs = &output.cluster.tls.as_ref().expect("TLS").certs_dir;
        let node = Node::new(&output.beside("node"), &output.beside("hosts"), &programs)
            .with(folder.clone(), "/root/etcd")
            .with(folder.join("certs"), certs.as_str())
            .with(self.keys.path().to_path_buf(), "/keys")
            .sharing(output.beside("data"), "/var/lib");
        let how = match format {
            "command" => "exec ./etcd.sh",
            "env" => "set -a; . ./etcd.env; set +a; exec etcd",
            _ => "exec etcd --config-file etcd.conf.yml",
        };
        let mut command =
            node.sh(&format!("mkdir -p /var/log/etcd /var/lib/etcd; cd /root/etcd; {how}"));
        let errors = log.try_clone().expect("a log");
        let command = command.stdin(Stdio::null()).stdout(log).stderr(errors);
        command.spawn().expect("unshare runs")
    }

    fn listens(&self) -> bool {
        let at = SocketAddr::from((self.address(), 2379));
        TcpStream::connect_timeout(&at, Duration::from_secs(1)).is_ok()
    }

    fn put(&self, output: &Output) -> Command {
        let certs = |file: &str| -> PathBuf { output.path("clients/root").join(file) };
        let mut etcdctl = Command::new(etcd(&self.release).join("etcdctl"));
        etcdctl.env_clear().env("ETCDCTL_API", "3");
        etcdctl.arg(format!("--endpoints=https://{}:2379", self.address()));
        etcdctl.arg("--cacert").arg(certs("ca.crt"));
        etcdctl.arg("--cert").arg(certs("client.crt"));
        etcdctl.arg("--key").arg(certs("client.key"));
        etcdctl.args(["--dial-timeout=3s", "--command-timeout=3s", "put", "bouquet", "of-flowers"]);
        etcdctl
    }
}

/// It is throwaway, and is killed like that.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The last lines in which etcd complains, each up to where it shows its stack.
fn complaints(log: &str) -> String {
    const SIGNS: [&str; 6] = ["\"warn\"", "\"error\"", "\"fatal\"", "panic", " C | ", "invalid"];
    let cut = |line: &'_ str| line.split("\"stacktrace\"").next().unwrap_or(line).to_owned();
    let said = log.lines().filter(|line| SIGNS.iter().any(|sign| line.contains(sign))).map(cut);
    let said: Vec<String> = said.collect();
    said[said.len().saturating_sub(4)..].join("\n")
}

/// A value as the renderers take it, whatever it is.
fn unchecked(name: &str, value: &toml_edit::Value, address: &str) -> Value {
    use toml_edit::Value as Toml;
    let kind = find(name).expect("an option").kind();
    match (value, kind) {
        (Toml::Boolean(value), _) => Value::Bool(*value.value()),
        (Toml::Integer(value), _) => Value::Int(*value.value()),
        (Toml::String(text), Kind::Duration(_)) => match GoDuration::parse(text.value()) {
            Ok(value) => Value::Duration(value),
            Err(_) => Value::Text(text.value().clone().into()),
        },
        (Toml::String(text), _) => Value::Text(text.value().replace(ADDRESS, address).into()),
        (Toml::Array(entries), _) => {
            let texts = entries.iter().filter_map(Toml::as_str);
            Value::List(texts.map(|text| text.replace(ADDRESS, address).into()).collect())
        }
        (other, _) => Value::Text(other.to_string().into()),
    }
}

const SPEC: &str = r#"
[cluster]
token = "differential"
etcd = ""

[etcd]
data-dir = "/var/lib/etcd/data"

[[member]]
name = "one"
ip = ""

[[client]]
name = "root"
"#;

/// A key of each kind that tokens can be signed with.
const KEYS: &str = "
openssl genpkey -algorithm RSA -out rsa.key
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out p256.key
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out p384.key
openssl genpkey -algorithm ED25519 -out ed25519.key
for key in rsa p256 p384 ed25519; do
    openssl pkey -in $key.key -pubout -out $key.pub
done
openssl rand -out secret.key -hex 32
cp secret.key secret.pub
";
