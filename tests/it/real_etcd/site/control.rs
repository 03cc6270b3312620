//! The control host: it has the package, builds it, and asks the program that was built last.

use super::machines::script_at;
use super::tools::{BOUQUET, SCP, SSH};
use crate::support::recorded::compiled;
use crate::support::run::etcd;
use bouquet_build::diagnostic::{Source, Style};
use bouquet_build::{Asked, Job, build, prove};
use bouquet_model::Cluster;
use bouquet_model::artifact::shell_word;
use bouquet_operate::{Environment, Outcome, Work, run};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

pub(super) struct Control {
    folder: PathBuf,
    /// The release of its etcdctl: that which ran first.
    release: String,
    /// As it was built last; there is none before the first build.
    cluster: Option<Cluster>,
}

impl Control {
    pub(super) fn new(folder: &Path, release: &str) -> Self {
        let control = folder.join("control");
        fs::create_dir_all(&control).expect("a folder");
        for (name, text) in
            [("ssh", SSH), ("scp", SCP), ("bouquet", BOUQUET), ("git", "#!/bin/sh\n")]
        {
            script_at(&control.join(name), text);
        }
        Self { folder: folder.to_owned(), release: release.to_owned(), cluster: None }
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
        self.cluster = Some(compiled(&self.folder).0);
        self.programs();
    }

    /// Builds it with a spec that is refused; what the build says.
    pub(super) fn refuses(&self, spec: &str) -> String {
        let (ok, said) = self.builds(spec);
        assert!(!ok && prove(spec.as_bytes()).0.is_some(), "{said}");
        said
    }

    fn builds(&self, spec: &str) -> (bool, String) {
        let path = self.folder.join("cluster.toml");
        fs::write(&path, spec).expect("a file");
        let built = build(Job {
            spec: &path,
            out: &self.folder.join("out"),
            constants: &self.folder.join("cluster.rs"),
            started: SystemTime::now(),
            asked: Asked::default(),
        });
        let said = built.found.render(Source::new("cluster.toml", &built.source), Style::Plain);
        (built.report.is_some(), said)
    }

    /// The plan as the program prints it.
    pub(super) fn plan(&self) -> serde_json::Value {
        let outcome = self.ask(&["plan", "--offline", "--json"]);
        assert_eq!(outcome.exit.code(), 2, "{}{}", outcome.stdout, outcome.stderr);
        serde_json::from_str(&outcome.stdout).expect("JSON")
    }

    /// What is recorded is what is compiled.
    pub(super) fn has_nothing_to_do(&self) {
        let outcome = self.ask(&["plan", "--offline"]);
        assert_eq!(outcome.exit.code(), 0, "{}{}", outcome.stdout, outcome.stderr);
    }

    /// Types a script on it, in the package's folder.
    pub(super) fn shell(&self, script: &str) -> (bool, String) {
        let path = std::env::var("PATH").expect("a path");
        let output = Command::new("timeout")
            .args(["300", "sh", "-euc"])
            .arg(format!("exec 2>&1\n{script}"))
            .current_dir(&self.folder)
            .env("SITE", &self.folder)
            .env("HOME", &self.folder)
            .env("PATH", format!("{}:{path}", self.folder.join("control").display()))
            .stdin(Stdio::null())
            .output()
            .expect("a shell");
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Writes how the program that was built last calls etcdctl.
    fn programs(&self) {
        let call = |line: &[&str], name: &str| {
            let Some(Work::Program(program)) = self.ask(line).work else {
                panic!("etcdctl is not run")
            };
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
        let environment = Environment {
            now: 0,
            current_dir: self.folder.clone(),
            executable: None,
            variable: &variable,
            read: &|path| fs::read(path),
            list: &|_| Ok(Vec::new()),
            stat: &|_| Err(std::io::ErrorKind::NotFound.into()),
            committed: &|_, revision| Err(std::io::Error::other(revision.to_owned())),
        };
        let words = std::iter::once("bouquet").chain(line.iter().copied()).map(OsString::from);
        run(&cluster, &certificates, words, &environment)
    }
}
