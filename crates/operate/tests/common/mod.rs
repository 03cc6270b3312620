//! A cluster as the compiler writes it, and ways to ask it something.

#![allow(dead_code, reason = "each test uses a part of it")]
#![allow(missing_docs, unreachable_pub, reason = "a module of tests")]

pub mod flowers;

use bouquet_model::Cluster;
use bouquet_model::certificate::Certificate;
use bouquet_operate::{Outcome, Outside, run};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

pub const DAY: i64 = 86_400;

/// 2026-08-01, a day after the certificates were issued.
pub const NOW: i64 = flowers::ISSUED + DAY;

/// A world that a test makes up.
pub struct World {
    pub now: i64,
    pub variables: BTreeMap<&'static str, OsString>,
    pub files: BTreeMap<PathBuf, Vec<u8>>,
    pub executable: Option<PathBuf>,
}

impl World {
    pub fn new() -> Self {
        let (variables, files) = (BTreeMap::new(), BTreeMap::new());
        Self { now: NOW, variables, files, executable: None }
    }

    pub fn at(now: i64) -> Self {
        Self { now, ..Self::new() }
    }

    pub fn with_file(mut self, path: &str, content: &[u8]) -> Self {
        self.files.insert(path.into(), content.into());
        self
    }

    pub fn with_variable(mut self, name: &'static str, value: &str) -> Self {
        self.variables.insert(name, value.into());
        self
    }

    pub fn with_executable(mut self, path: &str) -> Self {
        self.executable = Some(path.into());
        self
    }

    /// Asks a cluster, from `/work/flowers`.
    pub fn ask(&self, cluster: &Cluster, certificates: &[Certificate], line: &[&str]) -> Outcome {
        let read = |path: &Path| {
            self.files.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
        };
        let outside = Outside {
            now: self.now,
            current_dir: "/work/flowers".into(),
            executable: self.executable.clone(),
            variable: &|name| self.variables.get(name).cloned(),
            read: &read,
        };
        let words = std::iter::once("bouquet").chain(line.iter().copied());
        let mut outcome = run(cluster, certificates, words.map(OsString::from), &outside);
        outcome.stdout = plain(&outcome.stdout);
        outcome.stderr = plain(&outcome.stderr);
        outcome
    }

    /// Asks the cluster of flowers.
    pub fn flowers(&self, line: &[&str]) -> Outcome {
        self.ask(&flowers::CLUSTER, flowers::CERTIFICATES, line)
    }
}

/// Without colours.
pub fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}
