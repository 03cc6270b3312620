//! The cluster on the machines of a journey, as someone sees it who has a client's certificate.

use super::super::spec::{Member, address};
use super::Journey;
use crate::support::log::show;
use crate::support::run::{Said, etcd, run};
use crate::support::writer::Writer;
use bouquet_rig::PATIENCE;
use serde_json::Value;
use std::path::Path;
use std::sync::Mutex;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The folder of the client that a build makes for its operator.
pub(in super::super) const ROOT: &str = "out/clients/root";

impl Journey {
    /// etcdctl as the client `root`, on some of the members.
    pub(in super::super) fn etcdctl(&self, members: &[&str], args: &str) -> Said {
        self.types(&etcdctl(ROOT, &self.endpoints(members), args))
    }

    /// Waits until all members serve clients.
    #[track_caller]
    pub(in super::super) fn is_healthy(&self) {
        let names: Vec<&str> = self.members.iter().map(|(name, _)| *name).collect();
        self.are_healthy(&names);
    }

    /// The same for some.
    #[track_caller]
    pub(in super::super) fn are_healthy(&self, names: &[&str]) {
        self.until(|| done(self.etcdctl(names, "--command-timeout=2s endpoint health")));
    }

    /// Waits until `status` finds nothing.
    #[track_caller]
    pub(in super::super) fn is_well(&self) {
        self.until(|| done(self.types("./bouquet status")));
    }

    /// Has etcd change its members, which it does not for the first five seconds after a start.
    #[track_caller]
    pub(in super::super) fn changes(&self, args: &str) {
        self.until(|| done(self.etcdctl(&["orange"], &format!("member {args}"))));
    }

    /// The cluster is told of a member that has no vote yet.
    #[track_caller]
    pub(in super::super) fn adds(&self, member: Member) {
        let (name, host) = (member.0, address(member));
        self.changes(&format!("add {name} --learner --peer-urls=https://{host}:2380"));
    }

    /// Once it has caught up.
    #[track_caller]
    pub(in super::super) fn promotes(&self, name: &str) {
        let id = self.until(|| {
            let id = self.id(name);
            if id.is_empty() { Err(format!("{name} is not listed")) } else { Ok(id) }
        });
        self.changes(&format!("promote {id}"));
    }

    #[track_caller]
    pub(in super::super) fn removes(&self, name: &str) {
        self.changes(&format!("remove {}", self.id(name)));
    }

    /// The ID of a member; empty where it has not begun.
    pub(in super::super) fn id(&self, name: &str) -> String {
        let list = self.etcdctl(&["orange"], "member list").stdout;
        let line = list.lines().find(|line| line.contains(&format!(", {name}, ")));
        line.and_then(|line| line.split_once(',')).map(|(id, _)| id.to_owned()).unwrap_or_default()
    }

    /// Waits until something is so; what it comes to be, or else why it is not.
    #[track_caller]
    pub(in super::super) fn until<T>(&self, job: impl Fn() -> Result<T, String>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match job() {
                Ok(found) => return found,
                Err(why) if Instant::now() > deadline => {
                    for (name, machine) in &self.machines {
                        show(name, &machine.journal());
                    }
                    panic!("{why}");
                }
                Err(_) => {}
            }
            sleep(Duration::from_millis(200));
        }
    }

    /// The leader among these.
    #[track_caller]
    pub(in super::super) fn leader(&self, names: &[&'static str]) -> &'static str {
        self.until(|| {
            let leads = |name: &&&str| {
                let said = self.etcdctl(&[**name], "--command-timeout=2s endpoint status -w json");
                let value: Value = serde_json::from_str(&said.stdout).unwrap_or_default();
                let status = &value[0]["Status"];
                !status.is_null() && status["leader"] == status["header"]["member_id"]
            };
            names.iter().find(leads).copied().ok_or_else(|| "nobody leads".to_owned())
        })
    }

    /// Someone who writes and tries nothing again.
    pub(in super::super) fn writer(&self, timeout: &str) -> Writer {
        let put = self.puts(timeout, ROOT);
        Writer::start(move || put(0), 0)
    }

    /// What writes a number, each under its own key, by the files of a client in that folder.
    pub(in super::super) fn puts(
        &self,
        timeout: &str,
        client: &str,
    ) -> impl Fn(usize) -> Result<(), String> + use<> {
        // Builds may renew its own certificate, too.
        self.typed(&format!("rm -rf writer; cp -r {client} writer"));
        let names: Vec<&str> = self.members.iter().map(|(name, _)| *name).collect();
        let args = format!(
            "--command-timeout={timeout} --dial-timeout={timeout} put written/$NUMBER $NUMBER"
        );
        let script = etcdctl("writer", &self.endpoints(&names), &args);
        let mut command = self.network.beside(Path::new("sh"));
        let program = etcd(self.release);
        command.args(["-euc", &format!("PATH={}:$PATH\nexec {script}", program.display())]);
        command.current_dir(self.package.folder.path());
        let command = Mutex::new(command);
        move |number| {
            let mut command = command.lock().expect("no panic");
            let said = run(command.env("NUMBER", number.to_string()));
            if said.ok { Ok(()) } else { Err(said.stderr) }
        }
    }

    fn endpoints(&self, names: &[&str]) -> String {
        let urls = names.iter().map(|name| format!("https://{}:2379", self.host(name)));
        urls.collect::<Vec<_>>().join(",")
    }
}

/// What a program printed, or else all that it said.
fn done(said: Said) -> Result<String, String> {
    if said.ok { Ok(said.stdout) } else { Err(said.stdout + &said.stderr) }
}

fn etcdctl(client: &str, endpoints: &str, args: &str) -> String {
    format!(
        "env ETCDCTL_API=3 etcdctl --endpoints={endpoints} --cacert={client}/ca.crt \
         --cert={client}/client.crt --key={client}/client.key {args}"
    )
}
