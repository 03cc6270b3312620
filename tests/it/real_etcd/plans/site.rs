//! A cluster on machines that are folders here, and what an operator has on the control host.

use super::tools::{BOUQUET, INSTALL, SCP, SSH, SYSTEMCTL};
use super::writer::{Client, Writer, folder, there};
use crate::support::log::show;
use crate::support::node::{Node, is_root};
use crate::support::place::Block;
use crate::support::recorded::recorded;
use crate::support::run::etcd;
use bouquet_build::diagnostic::{Source, Style};
use bouquet_build::{Asked, Job, build, prove};
use bouquet_model::Cluster;
use bouquet_model::artifact::shell_word;
use bouquet_operate::{Environment, Outcome, run};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::net::Ipv4Addr;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::{panicking, sleep};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

/// How a spec has members: by name, with the last number of the address.
type Members = [(&'static str, u8)];

pub(super) struct Site {
    release: String,
    block: Block,
    folder: TempDir,
    /// What runs, and what was built last.
    before: Cluster,
    after: Cluster,
    writer: Option<Writer>,
    /// What was typed so far, with what it printed.
    typed: String,
}

impl Drop for Site {
    fn drop(&mut self) {
        self.writer = None;
        let machines = fs::read_dir(self.path("machines")).into_iter().flatten().flatten();
        for machine in machines.map(|entry| entry.path()).filter(|path| !path.is_symlink()) {
            if panicking()
                && let Ok(log) = fs::read(machine.join("state/log"))
            {
                let name = format!("{}, etcd {}", machine.display(), self.release);
                show(&name, &String::from_utf8_lossy(&log));
            }
            if let Ok(pid) = fs::read_to_string(machine.join("state/pid")) {
                let _ =
                    Command::new("kill").args(["-KILL", pid.trim()]).stderr(Stdio::null()).status();
            }
        }
        if panicking() {
            show("the control host", &self.typed);
        }
    }
}

impl Site {
    /// A cluster that runs, installed as the guide has it.
    pub(super) fn start(release: &str, members: &Members, more: &str) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let block = Block::claim();
        let cluster = built(folder.path(), &spec(&block, release, members, more, &[]));
        let site = Self {
            release: release.to_owned(),
            block,
            folder,
            before: cluster.clone(),
            after: cluster,
            writer: None,
            typed: String::new(),
        };
        fs::write(site.path("hosts"), "127.0.0.1 localhost\n").expect("a file");
        site.tools();
        for (name, last) in members {
            site.machine(*last);
            let machine = site.path("machines").join(site.address(*last).to_string());
            let out = site.path("out/members").join(name);
            if out.join("certs").exists() {
                copy(&out.join("certs"), &machine.join("opt/etcd/certs"));
            }
            let unit = machine.join("etc/systemd/system/etcd.service");
            fs::copy(out.join("etcd.service"), unit).expect("a copy");
        }
        site.clients();
        site.programs();
        let start = |(_, last): &(&str, u8)| {
            format!("ssh root@{} systemctl start --no-block etcd\n", site.address(*last))
        };
        let starts: String = members.iter().map(start).collect();
        let healthy = "until bouquet etcdctl -- endpoint health; do sleep 0.3; done\n";
        let (ok, said) = site.shell(&(starts + healthy));
        assert!(ok, "{said}");
        site
    }

    /// A client writes from now on.
    pub(super) fn write(&mut self) {
        self.writer = Some(Writer::start(self.client()));
    }

    /// Writes until etcd takes no more.
    pub(super) fn fill(&self) {
        let value = "x".repeat(100 * 1024);
        for number in 0..200 {
            let key = format!("filled/{number}");
            let output = self.client().ask().args(["put", &key, &value]).output();
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
    pub(super) fn build(&mut self, members: &Members, more: &str) {
        let known: Vec<String> = self.before.members.iter().map(|m| m.name.to_string()).collect();
        let spec = spec(&self.block, &self.release, members, more, &known);
        self.after = built(self.folder.path(), &spec);
        for (_, last) in members {
            self.machine(*last);
        }
        self.programs();
    }

    /// Edits a member's unit as it was built.
    pub(super) fn edit_unit(&self, member: &str, from: &str, to: &str) {
        let path = self.path("out/members").join(member).join("etcd.service");
        let text = fs::read_to_string(&path).expect("a file");
        assert!(text.contains(from), "{text}");
        fs::write(&path, text.replace(from, to)).expect("a file");
    }

    /// A machine has a second address.
    pub(super) fn is_found_at(&self, last: u8, other: u8) {
        let machines = self.path("machines");
        let other = machines.join(self.address(other).to_string());
        fs::remove_dir_all(&other).expect("a folder");
        symlink(self.address(last).to_string(), &other).expect("a link");
    }

    /// Types every command of the plan, as it is printed; returns the words of the steps.
    pub(super) fn carry_out(&mut self) -> Vec<String> {
        let plan = self.plan();
        let steps = plan["steps"].as_array().expect("steps");
        let mut script = String::new();
        for step in steps {
            let _ = writeln!(
                script,
                "echo == {}",
                shell_word(step["title"].as_str().expect("a title"))
            );
            for command in step["commands"].as_array().expect("commands") {
                // A chain of commands that ends early does not end a shell with `-e`.
                let command = command.as_str().expect("a text");
                let _ = writeln!(script, "{command}\n[ $? = 0 ] || exit 1");
            }
        }
        let (ok, said) = self.shell(&script);
        self.typed = format!("{script}\n{said}");
        assert!(ok, "a command of the plan fails");
        let word = |step: &serde_json::Value| step["action"].as_str().expect("a word").to_owned();
        steps.iter().map(word).collect()
    }

    /// Pastes all commands of the plan at once, from the given line on, into a shell that goes on after one
    /// that fails, for as many seconds at most; returns whether the shell came to its end.
    pub(super) fn paste(&mut self, from_line: usize, seconds: u32) -> bool {
        let plan = self.plan();
        let steps = plan["steps"].as_array().expect("steps");
        let commands = steps.iter().flat_map(|step| step["commands"].as_array().expect("commands"));
        let text: String =
            commands.map(|command| command.as_str().expect("a text").to_owned() + "\n").collect();
        let pasted: Vec<&str> = text.lines().skip(from_line).collect();
        let path = self.path("pasted");
        fs::write(&path, pasted.join("\n") + "\n").expect("a file");
        // Through a pipe, of which bash reads no more than the line that it needs.
        let (ok, said) = self.shell(&format!("cat pasted | timeout {seconds} bash"));
        self.typed = format!("{}\n{said}", pasted.join("\n"));
        ok
    }

    /// The plan as the program prints it.
    fn plan(&self) -> serde_json::Value {
        let lock = self.path("cluster.lock");
        let built = fs::read(&lock).expect("a file");
        fs::write(&lock, recorded(&self.before)).expect("a file");
        let outcome = self.ask(&["plan", "--offline", "--json"]);
        fs::write(&lock, built).expect("a file");
        assert_eq!(outcome.exit.code(), 2, "{}{}", outcome.stdout, outcome.stderr);
        serde_json::from_str(&outcome.stdout).expect("JSON")
    }

    /// Tells whether a member's process has that argument.
    pub(super) fn runs_with(&self, member: &str, word: &str) -> bool {
        let ip = self.after.member(member).expect("a member").ip;
        let pid = self.path("machines").join(ip.to_string()).join("state/pid");
        let pid = fs::read_to_string(pid).expect("a number");
        let line = fs::read(format!("/proc/{}/cmdline", pid.trim())).expect("a process");
        line.split(|byte| *byte == 0).any(|argument| argument == word.as_bytes())
    }

    /// Tells whether etcd runs on a machine.
    pub(super) fn is_running(&self, last: u8) -> bool {
        let machine = self.path("machines").join(self.address(last).to_string());
        let pid = fs::read_to_string(machine.join("state/pid"));
        pid.is_ok_and(|pid| Path::new("/proc").join(pid.trim()).exists())
    }

    /// Nothing that was acknowledged is lost, and the members are these, each with a vote.
    pub(super) fn end(&mut self, members: &Members) {
        // Some writes at least with what was changed last.
        sleep(Duration::from_secs(1));
        let acknowledged = self.writer.take().expect("a writer").end();
        assert!(acknowledged.len() > 3, "hardly anything was written");
        let there: BTreeSet<u32> = there(&self.client()).into_iter().collect();
        let lost: Vec<&u32> =
            acknowledged.iter().filter(|number| !there.contains(number)).collect();
        assert_eq!(lost, Vec::<&u32>::new(), "etcd {}", self.release);
        let output = self.client().ask().args(["member", "list"]).output().expect("etcdctl runs");
        let table = String::from_utf8_lossy(&output.stdout).into_owned();
        let listed: BTreeSet<(String, String)> = table
            .lines()
            .map(|line| line.split(", ").collect::<Vec<_>>())
            .map(|words| {
                assert_eq!((words[1], words[5]), ("started", "false"), "{table}");
                (words[2].to_owned(), words[3].to_owned())
            })
            .collect();
        let expected = members.iter().map(|(name, last)| {
            ((*name).to_owned(), format!("https://{}:2380", self.address(*last)))
        });
        assert_eq!(listed, expected.collect(), "etcd {}", self.release);
    }

    /// A machine at that address, with nothing but its folders.
    fn machine(&self, last: u8) {
        let address = self.address(last).to_string();
        let machine = self.path("machines").join(&address);
        for folder in ["etc/systemd/system", "opt", "data", "root", "state"] {
            fs::create_dir_all(machine.join(folder)).expect("a folder");
        }
        let root = self.path("roots").join(&address);
        let node = Node::new(&root, &self.path("hosts"), &self.path("programs"))
            .sharing(machine.join("etc/systemd/system"), "/etc/systemd/system")
            .sharing(machine.join("opt"), "/opt")
            .sharing(machine.join("data"), "/data")
            .sharing(machine.join("root"), "/root")
            .sharing(machine.join("state"), "/state");
        let command = node.sh("exec sh -c \"$COMMAND\"");
        let words: Vec<&str> = std::iter::once(command.get_program())
            .chain(command.get_args())
            .map(|word| word.to_str().expect("text"))
            .collect();
        let words: Vec<_> = words.iter().map(|word| shell_word(word)).collect();
        let path = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
        let script = format!(
            "#!/bin/sh\nexec env -i PATH={path} COMMAND=\"$COMMAND\" {}\n",
            words.join(" ")
        );
        script_at(&self.path(&format!("node.{address}")), &script);
    }

    /// What every machine has, and what the control host has.
    fn tools(&self) {
        let programs = self.path("programs");
        let control = self.path("control");
        for folder in [&programs, &control] {
            fs::create_dir_all(folder).expect("a folder");
        }
        for program in ["etcd", "etcdctl"] {
            symlink(etcd(&self.release).join(program), programs.join(program)).expect("a link");
        }
        script_at(&programs.join("systemctl"), SYSTEMCTL);
        if !is_root() {
            script_at(&programs.join("install"), INSTALL);
        }
        for (name, text) in
            [("ssh", SSH), ("scp", SCP), ("bouquet", BOUQUET), ("git", "#!/bin/sh\n")]
        {
            script_at(&control.join(name), text);
        }
    }

    /// Lays each client's files on its machine.
    fn clients(&self) {
        for client in self.after.clients.iter() {
            let to = folder(&self.path("machines"), client.certs_dir.as_str());
            copy(&self.path("out/clients").join(client.name.as_str()), &to);
        }
    }

    /// Writes how the program that was built last calls etcdctl.
    fn programs(&self) {
        let call = |line: &[&str], name: &str| {
            let program = self.ask(line).exec.expect("etcdctl");
            let words: Vec<String> = program
                .arguments
                .iter()
                .map(|word| word.to_str().expect("text").to_owned())
                .collect();
            let words =
                words.iter().filter(|word| !["WORD", "--endpoints=WORD"].contains(&word.as_str()));
            let words: Vec<_> = words.map(|word| shell_word(word)).collect();
            let etcdctl = etcd(&self.release).join("etcdctl");
            let unset = program.unset.join(" ");
            let text = format!(
                "#!/bin/sh\nunset {unset}\nexec {} {} \"$@\"\n",
                etcdctl.display(),
                words.join(" ")
            );
            script_at(&self.path(&format!("etcdctl.{name}")), &text);
        };
        call(&["etcdctl", "--", "WORD"], "all");
        call(&["etcdctl", "--", "--endpoints=WORD"], "none");
        for member in self.after.members.iter() {
            call(&["etcdctl", member.name.as_str(), "--", "WORD"], member.name.as_str());
        }
    }

    fn client(&self) -> Client {
        let client = self.after.clients.first().expect("a client");
        Client {
            etcdctl: etcd(&self.release).join("etcdctl"),
            folder: folder(&self.path("machines"), client.certs_dir.as_str()),
        }
    }

    /// Asks the program that was built last.
    fn ask(&self, line: &[&str]) -> Outcome {
        let out = self.path("out");
        let variable = |name: &str| (name == "BOUQUET_OUT").then(|| out.clone().into());
        let environment = Environment {
            now: 0,
            current_dir: self.path(""),
            executable: None,
            variable: &variable,
            read: &|path| fs::read(path),
            list: &|_| Ok(Vec::new()),
            stat: &|_| Err(std::io::ErrorKind::NotFound.into()),
            committed: &|_, revision| Err(std::io::Error::other(revision.to_owned())),
        };
        let words = std::iter::once("bouquet").chain(line.iter().copied()).map(OsString::from);
        run(&self.after, &[], words, &environment)
    }

    /// Types a script on the control host, in the package's folder.
    fn shell(&self, script: &str) -> (bool, String) {
        let path = std::env::var("PATH").expect("a path");
        let output = Command::new("timeout")
            .args(["300", "sh", "-euc"])
            .arg(format!("exec 2>&1\n{script}"))
            .current_dir(self.folder.path())
            .env("SITE", self.folder.path())
            .env("HOME", self.folder.path())
            .env("PATH", format!("{}:{path}", self.path("control").display()))
            .stdin(Stdio::null())
            .output()
            .expect("a shell");
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn address(&self, last: u8) -> Ipv4Addr {
        self.block.address([127, 0, 0, last].into())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// A member that is not among the `known` ones, where there are any, joins.
fn spec(block: &Block, release: &str, members: &Members, more: &str, known: &[String]) -> String {
    let mut spec = format!(
        "[cluster]\ntoken = \"plans\"\netcd = \"{release}\"\n[etcd]\ndata-dir = \"/data/etcd\"\n{more}"
    );
    for (name, last) in members {
        let _ = write!(spec, "[[member]]\nname = \"{name}\"\nip = \"127.0.0.{last}\"\n");
        if !known.is_empty() && !known.iter().any(|known| known == name) {
            spec += "state = \"existing\"\n";
        }
    }
    spec += "[[client]]\nname = \"root\"\n";
    block.relocate(&spec, release)
}

fn built(folder: &Path, spec: &str) -> Cluster {
    let path = folder.join("cluster.toml");
    fs::write(&path, spec).expect("a file");
    let built = build(Job {
        spec: &path,
        out: &folder.join("out"),
        constants: &folder.join("cluster.rs"),
        started: SystemTime::now(),
        asked: Asked::default(),
    });
    let said = built.found.render(Source::new("cluster.toml", &built.source), Style::Plain);
    assert!(built.report.is_some(), "{said}");
    prove(spec.as_bytes()).0.expect("what was built is proven").cluster
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    let status = Command::new("cp").arg("-a").arg(from.join(".")).arg(to).status();
    assert!(status.expect("cp runs").success());
}

fn script_at(path: &Path, text: &str) {
    fs::write(path, text).expect("a file");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("a mode");
}
