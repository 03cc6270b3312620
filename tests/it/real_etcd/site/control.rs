//! The control host: it has the package, builds it, and asks the program that was built last.

use super::machines::script_at;
use super::tools::{BOUQUET, CARGO, HANDS, SCP, SSH};
use crate::support::build::build_in;
use crate::support::compiled::compiled;
use crate::support::program::{Around, ask};
use crate::support::programs::{compile_step, program};
use crate::support::run::etcd;
use bouquet_build::prove;
use bouquet_model::Cluster;
use bouquet_model::artifact::shell_word;
use bouquet_operate::{Outcome, Work};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

pub(super) struct Control {
    folder: PathBuf,
    /// The release of its etcdctl: that which ran first.
    release: String,
    /// As it was built last; there is none before the first build.
    cluster: Option<Cluster>,
    /// How long ago its clock has it that builds are made.
    behind: Duration,
    /// The variables of its shells.
    variables: Vec<(&'static str, String)>,
}

impl Control {
    pub(super) fn new(folder: &Path, release: &str) -> Self {
        let control = folder.join("control");
        fs::create_dir_all(&control).expect("a folder");
        // By its name it knows how it is typed.
        let compiled = folder.join("program");
        fs::create_dir(&compiled).expect("a folder");
        symlink(program(), compiled.join("bouquet")).expect("a link");
        let cargo = CARGO.replace("COMPILE_STEP", &compile_step().display().to_string());
        for (name, text) in [
            ("ssh", SSH),
            ("scp", SCP),
            ("bouquet", BOUQUET),
            ("cargo", &cargo),
            ("git", "#!/bin/sh\n"),
            ("hands", HANDS),
        ] {
            script_at(&control.join(name), text);
        }
        Self {
            folder: folder.to_owned(),
            release: release.to_owned(),
            cluster: None,
            behind: Duration::ZERO,
            variables: Vec::new(),
        }
    }

    /// What was built last.
    pub(super) fn cluster(&self) -> &Cluster {
        self.cluster.as_ref().expect("it was built")
    }

    pub(super) fn etcdctl(&self) -> PathBuf {
        etcd(&self.release).join("etcdctl")
    }

    /// Builds the package with this spec.
    pub(super) fn build(&mut self, spec: &str) {
        let (ok, said) = self.builds(spec);
        assert!(ok, "{said}");
        self.was_built();
    }

    /// Takes note that the package was built.
    pub(super) fn was_built(&mut self) {
        self.cluster = Some(compiled(&self.folder).0);
        self.programs();
    }

    /// Sets its clock back.
    pub(super) const fn set_back(&mut self, behind: Duration) {
        self.behind = behind;
    }

    /// Gives its shells these variables from now on, and no others.
    pub(super) fn export(&mut self, variables: &[(&'static str, &str)]) {
        self.variables =
            variables.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    }

    /// Builds it with a spec that is refused; what the build says.
    pub(super) fn refuses(&self, spec: &str) -> String {
        let (ok, said) = self.builds(spec);
        assert!(!ok && prove(spec.as_bytes()).0.is_some(), "{said}");
        said
    }

    fn builds(&self, spec: &str) -> (bool, String) {
        build_in(&self.folder, spec, SystemTime::now() - self.behind)
    }

    /// The plan as the program prints it.
    pub(super) fn plan(&self) -> serde_json::Value {
        let outcome = self.ask(&["plan", "--offline", "--json"]);
        assert_eq!(outcome.exit.code(), 2, "{}{}", outcome.stdout, outcome.stderr);
        serde_json::from_str(&outcome.stdout).expect("JSON")
    }

    /// The plan from what the members say, with its exit code.
    pub(super) fn plan_live(&self, words: &str) -> (i32, serde_json::Value) {
        let line = format!("bouquet plan --json {words} 2>plan.err >plan.json; echo $?");
        let (_, code) = self.shell(&format!("set +e\n{line}"));
        let read = |name: &str| fs::read_to_string(self.folder.join(name)).expect("a file");
        let plan = serde_json::from_str(&read("plan.json"));
        let plan = plan
            .unwrap_or_else(|error| panic!("{error}: {}{}", read("plan.json"), read("plan.err")));
        (code.trim().parse().expect("an exit code"), plan)
    }

    /// The plan from what the members say is the same from its own JSON.
    pub(super) fn plans_the_same_from_a_file(&self) {
        let (code, plan) = self.plan_live("");
        let (is_kept, said) = self.shell("cp plan.json seen.json");
        assert!(is_kept, "{said}");
        let (again, mut reread) = self.plan_live("--seen - <seen.json");
        assert_eq!(reread["seen"]["file"].take(), "standard input");
        assert_eq!((again, reread), (code, plan));
    }

    /// What is recorded is what is compiled.
    pub(super) fn has_nothing_to_do(&self) {
        let outcome = self.ask(&["plan", "--offline"]);
        assert_eq!(outcome.exit.code(), 0, "{}{}", outcome.stdout, outcome.stderr);
    }

    /// Types a script on it, in the package's folder.
    pub(super) fn shell(&self, script: &str) -> (bool, String) {
        let output = self.command(&format!("exec 2>&1\n{script}")).output().expect("a shell");
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// The shell that a script is typed into.
    pub(super) fn command(&self, script: &str) -> Command {
        let path = std::env::var("PATH").expect("a path");
        let mut command = Command::new("timeout");
        command
            .args(["300", "sh", "-euc", script])
            .current_dir(&self.folder)
            .env("SITE", &self.folder)
            .env("BOUQUET_OUT", self.folder.join("out"))
            .env("HOME", &self.folder)
            .env("USER", "operator")
            .env("PATH", format!("{}:{path}", self.folder.join("control").display()))
            .envs(self.variables.iter().cloned())
            .stdin(Stdio::null());
        command
    }

    /// Writes how the program that was built last calls etcdctl.
    fn programs(&self) {
        let call = |line: &[&str], name: &str| {
            let Some(Work::Program(program)) = self.ask(line).work else { panic!("etcdctl") };
            let words = program.arguments.iter().map(|word| word.to_str().expect("text"));
            let words: Vec<_> = words
                .filter(|word| !["WORD", "--endpoints=WORD"].contains(word))
                .map(|word| shell_word(word).into_owned())
                .collect();
            let text = format!(
                "#!/bin/sh\nunset {}\nexec {} {} \"$@\"\n",
                program.unset.join(" "),
                self.etcdctl().display(),
                words.join(" ")
            );
            script_at(&self.folder.join(format!("etcdctl.{name}")), &text);
        };
        call(&["etcdctl", "--", "WORD"], "all");
        call(&["etcdctl", "--", "--endpoints=WORD"], "none");
        for member in self.cluster().members.iter() {
            call(&["etcdctl", member.name.as_str(), "--", "WORD"], member.name.as_str());
        }
    }

    /// Asks the program that was built last.
    fn ask(&self, line: &[&str]) -> Outcome {
        let (cluster, certificates) = compiled(&self.folder);
        let out = self.folder.join("out");
        let variable = |name: &str| (name == "BOUQUET_OUT").then(|| out.clone().into());
        let around = Around {
            now: 0,
            folder: &self.folder,
            variable: &variable,
            read: &|path| fs::read(path),
            list: &|_| Ok(Vec::new()),
        };
        ask(&cluster, &certificates, line, &around)
    }
}
