//! A cluster on machines that are folders here, and what an operator has on the control host: plans are
//! carried out on it as they are printed, while a client writes.
//!
//! `ssh`, `scp`, `systemctl` and `journalctl` are scripts that act on folders and processes of this machine;
//! all else is what the commands call.

mod applied;
mod control;
mod machines;
mod shown;
mod spec;
mod tools;
mod typed;
mod writer;

pub(super) use spec::Spec;

use crate::support::log::show;
use crate::support::place::Block;
use crate::support::recorded::record;
use bouquet_model::Cluster;
use control::Control;
use machines::Machines;
use std::collections::BTreeSet;
use std::fs;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::{panicking, sleep};
use std::time::Duration;
use tempfile::TempDir;
use writer::{Client, Writer, folder, there};

pub(super) struct Site {
    writer: Option<Writer>,
    machines: Machines,
    control: Control,
    block: Block,
    /// What was built last.
    spec: Spec,
    /// What was typed so far, with what it printed.
    typed: String,
    folder: TempDir,
}

impl Drop for Site {
    fn drop(&mut self) {
        self.writer = None;
        if panicking() {
            show(&format!("the control host, etcd {}", self.spec.release), &self.typed);
        }
    }
}

impl Site {
    /// A cluster that runs, installed as the guide has it, and is recorded.
    pub(super) fn start(spec: &Spec) -> Self {
        Self::begun(spec, Duration::ZERO)
    }

    /// The same, built so long ago.
    pub(super) fn begun(spec: &Spec, ago: Duration) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let block = Block::claim();
        let mut site = Self {
            writer: None,
            machines: Machines::new(folder.path()),
            control: Control::new(folder.path(), &spec.release),
            block,
            spec: spec.clone(),
            typed: String::new(),
            folder,
        };
        site.control.set_back(ago);
        site.build(spec);
        site.control.set_back(Duration::ZERO);
        for (name, _) in &spec.members {
            let out = site.path("out/members").join(name);
            let machine = site.machines.folder(name);
            if out.join("certs").exists() {
                copy(&out.join("certs"), &machine.join("opt/etcd/certs"));
            }
            let unit = machine.join("etc/systemd/system/etcd.service");
            fs::copy(out.join("etcd.service"), unit).expect("a copy");
        }
        for client in site.control.cluster().clients.iter() {
            let to = folder_of(&site, client.certs_dir.as_str());
            copy(&site.path("out/clients").join(client.name.as_str()), &to);
        }
        let start = |(_, last): &(&str, u8)| {
            format!("ssh root@{} systemctl start --no-block etcd\n", site.address(*last))
        };
        let starts: String = spec.members.iter().map(start).collect();
        let healthy = "until bouquet etcdctl -- endpoint health; do sleep 0.3; done\n";
        site.types(&(starts + healthy));
        record(site.folder.path());
        site
    }

    /// A client writes for that long, and ends; how many keys were acknowledged.
    pub(super) fn writes_for(&mut self, time: Duration) -> BTreeSet<u32> {
        let writer = Writer::start(self.client());
        sleep(time);
        writer.end().into_iter().collect()
    }

    /// Which keys of a client that wrote are there.
    pub(super) fn there(&self) -> BTreeSet<u32> {
        there(&self.client()).into_iter().collect()
    }

    /// A client writes from now on.
    pub(super) fn write(&mut self) {
        self.writer = Some(Writer::start(self.client()));
    }

    /// Writes until etcd takes no more.
    pub(super) fn fill(&self) {
        let value = "x".repeat(100 * 1024);
        for number in 0..200 {
            let output =
                self.client().ask().args(["put", &format!("filled/{number}"), &value]).output();
            let output = output.expect("etcdctl runs");
            if !output.status.success() {
                let said = String::from_utf8_lossy(&output.stderr).into_owned();
                assert!(said.contains("database space exceeded"), "{said}");
                return;
            }
        }
        panic!("the quota never was reached");
    }

    /// Builds another spec over the same `out/`.
    pub(super) fn build(&mut self, spec: &Spec) {
        self.spec = spec.clone();
        self.control.build(&spec.text(&self.block));
        for (name, last) in &spec.members {
            self.machines.of_member(name, self.address(*last), &spec.release);
        }
    }

    /// Takes note that the package was built by what was typed.
    pub(super) fn was_built(&mut self) {
        self.control.was_built();
    }

    /// Builds a spec that is refused; what the build says.
    pub(super) fn refuses(&self, spec: &Spec) -> String {
        self.control.refuses(&spec.text(&self.block))
    }

    /// Types every command of the plan, as it is printed, and records it where it says so; returns the words
    /// of the steps.
    pub(super) fn carry_out(&mut self) -> Vec<String> {
        let plan = self.control.plan();
        self.carries_out(&plan)
    }

    /// Does the same with the plan from what the members say.
    pub(super) fn carry_out_as_seen(&mut self) -> Vec<String> {
        let (code, plan) = self.control.plan_live("");
        assert_eq!(code, 2, "{plan:#}");
        self.carries_out(&plan)
    }

    fn carries_out(&mut self, plan: &serde_json::Value) -> Vec<String> {
        let steps = plan["steps"].as_array().expect("steps");
        self.follow(steps);
        self.is_recorded();
        self.control.has_nothing_to_do();
        words(steps)
    }

    /// What the members say gives the same plan once it is in a file.
    pub(super) fn plans_the_same_from_a_file(&self) {
        self.control.plans_the_same_from_a_file();
    }

    /// Plans from what the members say before each step, and types that step alone, as it is printed; returns the
    /// words of the steps, but for those by which leadership moves. Where nothing is compiled that is not recorded, the
    /// last of them has nothing to record.
    pub(super) fn carry_out_one_by_one(&mut self, options: &str) -> Vec<String> {
        let (mut done, mut all) = (BTreeSet::new(), Vec::new());
        loop {
            let (code, plan) = self.control.plan_live(options);
            if code == 0 {
                return all;
            }
            assert_eq!(code, 2, "after {all:?}: {plan:#}");
            let steps = plan["steps"].as_array().expect("steps");
            // Whether these were done, no member tells.
            let is_unseen = |step: &serde_json::Value| {
                let unseen = ["look", "snapshot", "copy", "clients", "restart", "retire"];
                unseen.contains(&step["action"].as_str().expect("a word"))
            };
            let is_left = |step: &&serde_json::Value| {
                !is_unseen(step) || !done.contains(step["title"].as_str().expect("a title"))
            };
            // Leadership moves for the step that comes then.
            let is_lead = |step: &serde_json::Value| step["action"] == "lead";
            let is_next = |step| is_left(&step) && !is_lead(step);
            let at = steps.iter().position(is_next).expect("what comes next");
            let step = &steps[at];
            let from = at - usize::from(at > 0 && is_lead(&steps[at - 1]));
            done.insert(step["title"].as_str().expect("a title").to_owned());
            all.extend(self.follow(&steps[from..=at]).into_iter().filter(|it| it != "lead"));
            assert!(all.len() < 40, "{all:?}");
            if step["action"] == "record" {
                break;
            }
        }
        self.is_recorded();
        self.control.has_nothing_to_do();
        let (code, plan) = self.control.plan_live("");
        assert_eq!(code, 0, "{plan:#}");
        all
    }

    /// The titles of the steps that are planned from what the members say, and why there are no further ones.
    pub(super) fn planned(&self, options: &str) -> Vec<String> {
        let (_, plan) = self.control.plan_live(options);
        let texts = |list: &str, key: &str| -> Vec<String> {
            let all = plan[list].as_array().expect("a list").iter();
            all.map(|one| one[key].as_str().expect("a text").to_owned()).collect()
        };
        [texts("steps", "title"), texts("withheld", "why")].concat()
    }

    /// Writes another spec, which is built by what is typed then.
    pub(super) fn write_spec(&mut self, spec: &Spec) {
        self.spec = spec.clone();
        fs::write(self.path("cluster.toml"), spec.text(&self.block)).expect("a file");
    }

    /// What was typed says that all is recorded: so it is.
    pub(super) fn is_recorded(&self) {
        fs::remove_file(self.path("recorded")).expect("the last step records it");
        record(self.folder.path());
    }

    /// Types the commands of these steps, as the program printed them; returns their words.
    pub(super) fn follow(&mut self, steps: &[serde_json::Value]) -> Vec<String> {
        let folder = |name: &str| self.client_of(name).folder;
        let script = typed::script(steps, &self.machines, &folder);
        self.types(&script);
        words(steps)
    }

    /// Pastes all commands of the plan at once, from the given line on, into a shell that goes on after one
    /// that fails, for as many seconds at most; returns whether the shell came to its end.
    pub(super) fn paste(&mut self, from_line: usize, seconds: u32) -> bool {
        let plan = self.control.plan();
        let text = typed::pasted(plan["steps"].as_array().expect("steps"), from_line);
        fs::write(self.path("pasted"), &text).expect("a file");
        // Through a pipe, of which bash reads no more than the line that it needs.
        let (ok, said) = self.control.shell(&format!("cat pasted | timeout {seconds} bash"));
        self.typed = format!("{text}\n{said}");
        ok
    }

    /// Edits a member's unit as it was built.
    pub(super) fn edit_unit(&self, member: &str, from: &str, to: &str) {
        let path = self.path("out/members").join(member).join("etcd.service");
        let text = fs::read_to_string(&path).expect("a file");
        assert!(text.contains(from), "{text}");
        fs::write(&path, text.replace(from, to)).expect("a file");
    }

    /// Types a script, which has to succeed; what it said.
    pub(super) fn types(&mut self, script: &str) -> String {
        let (ok, said) = self.control.shell(script);
        self.typed.extend([script, "\n", &said, "\n"]);
        assert!(ok, "a command fails");
        said
    }

    /// Gives shells on the control host these variables from now on, and no others.
    pub(super) fn export(&mut self, variables: &[(&'static str, &str)]) {
        self.control.export(variables);
    }

    /// What etcd's own tool for snapshots says of a file of the package: that of the release.
    pub(super) fn tool(&self, words: &str) -> String {
        let programs = self.control.etcdctl().parent().expect("a folder").to_owned();
        let tool = if programs.join("etcdutl").exists() { "etcdutl" } else { "etcdctl" };
        let line = format!("ETCDCTL_API=3 {} {words}", programs.join(tool).display());
        let (ok, said) = self.control.shell(&line);
        assert!(ok, "{line}: {said}");
        said
    }

    /// What was typed so far, with what it printed.
    pub(super) fn typed(&self) -> &str {
        &self.typed
    }

    /// Tells whether a member's process has that argument.
    pub(super) fn runs_with(&self, member: &str, word: &str) -> bool {
        let process = self.machines.process(member).expect("it runs");
        let line = fs::read(process.join("cmdline")).expect("a process");
        line.split(|byte| *byte == 0).any(|argument| argument == word.as_bytes())
    }

    /// Gives a client the files of the last build.
    pub(super) fn hands_out(&self, client: &str) {
        copy(&self.path("out/clients").join(client), &self.client_of(client).folder);
    }

    /// Has the data of a member, which is stopped, on a disk of that size.
    pub(super) fn on_small_disk(&mut self, member: &str, size: &str) {
        self.machines.on_small_disk(member, size);
    }

    /// A byte of a value is another one in a member's database, as a disk might have it: it is stopped meanwhile.
    pub(super) fn flips(&mut self, member: &str, value: &[u8]) {
        let (_, last) =
            self.spec.members.iter().find(|(name, _)| *name == member).expect("it is there");
        let address = self.address(*last);
        self.types(&format!("ssh -n root@{address} systemctl stop etcd"));
        let path = self.on_machine(member, &format!("/data/etcd/{member}/member/snap/db"));
        let mut bytes = fs::read(&path).expect("a file");
        let places: Vec<_> =
            (0..bytes.len() - value.len()).filter(|at| bytes[*at..].starts_with(value)).collect();
        assert!(!places.is_empty(), "it is not in the database yet");
        for place in places {
            bytes[place] ^= 1;
        }
        fs::write(&path, bytes).expect("a file");
        self.types(&format!("ssh -n root@{address} systemctl start etcd"));
    }

    /// Ends the etcd of a member at once.
    pub(super) fn kill(&self, member: &str) {
        let process = self.machines.process(member).expect("it runs");
        let pid = process.file_name().expect("a number");
        let status = Command::new("kill").arg("-KILL").arg(pid).status();
        assert!(status.expect("kill runs").success());
        while process.exists() {
            sleep(Duration::from_millis(20));
        }
    }

    /// The cluster that was built last.
    pub(super) fn cluster(&self) -> &Cluster {
        self.control.cluster()
    }

    /// Tells whether the etcd of a member runs.
    pub(super) fn is_running(&self, member: &str) -> bool {
        self.machines.process(member).is_some()
    }

    /// A file on the machine of a member.
    pub(super) fn on_machine(&self, member: &str, path: &str) -> PathBuf {
        self.machines.folder(member).join(path.trim_start_matches('/'))
    }

    /// A file of the package.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The address of a member with that last number.
    pub(super) fn address(&self, last: u8) -> Ipv4Addr {
        self.block.address([127, 0, 0, last].into())
    }

    /// What etcdctl says with the files that a client has on its machine.
    pub(super) fn client_says(&self, name: &str, words: &[&str]) -> (bool, String) {
        let output = self.client_of(name).ask().args(words).output().expect("etcdctl runs");
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// The processes of all members, which are others after a restart.
    pub(super) fn processes(&self) -> Vec<Option<PathBuf>> {
        self.spec.members.iter().map(|(name, _)| self.machines.process(name)).collect()
    }

    /// Nothing that was acknowledged is lost, and the members are
    /// those of the spec, each with a vote.
    pub(super) fn end(&mut self) {
        // Some writes at least with what was changed last.
        sleep(Duration::from_secs(1));
        let acknowledged = self.writer.take().expect("a writer").end();
        assert!(acknowledged.len() > 3, "hardly anything was written");
        let there: BTreeSet<u32> = there(&self.client()).into_iter().collect();
        let lost: Vec<&u32> =
            acknowledged.iter().filter(|number| !there.contains(number)).collect();
        assert_eq!(lost, Vec::<&u32>::new(), "etcd {}", self.spec.release);
        self.has_its_members();
    }

    fn client(&self) -> Client {
        self.client_of("root")
    }

    /// A client as its machine has it.
    pub(super) fn client_of(&self, name: &str) -> Client {
        let mut clients = self.control.cluster().clients.iter();
        let client = clients.find(|client| client.name.as_str() == name).expect("a client");
        Client {
            etcdctl: self.control.etcdctl(),
            folder: folder_of(self, client.certs_dir.as_str()),
        }
    }
}

fn words(steps: &[serde_json::Value]) -> Vec<String> {
    let word = |step: &serde_json::Value| step["action"].as_str().expect("a word").to_owned();
    steps.iter().map(word).collect()
}

fn folder_of(site: &Site, certs_dir: &str) -> PathBuf {
    folder(&site.path("machines"), certs_dir)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    let status = Command::new("cp").arg("-a").arg(from.join(".")).arg(to).status();
    assert!(status.expect("cp runs").success());
}
