//! What `adopt` makes of configurations, and of mistakes.

mod certificates;
mod mistakes;
mod odd;
mod process;
mod real_life;

use super::{Adopted, Form, Sources, adopt};
use anstream::adapter::strip_str;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::version::EtcdVersion;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// Files in memory, below `/here`.
#[derive(Default)]
struct Folder {
    files: BTreeMap<PathBuf, Vec<u8>>,
    /// Those that are handed in.
    given: Vec<PathBuf>,
    etcd: Option<&'static str>,
    form: Option<Form>,
    certs: Vec<PathBuf>,
    ips: BTreeMap<String, std::net::IpAddr>,
}

impl Folder {
    /// Hands in a file, where that release runs.
    fn of(name: &str, text: &str, etcd: &'static str) -> Self {
        Self { etcd: Some(etcd), ..Self::default() }.and(name, text)
    }

    /// Hands in another one.
    fn and(mut self, name: &str, text: impl AsRef<[u8]>) -> Self {
        self.given.push(name.into());
        self.with(name, text)
    }

    /// Has a file there that is not handed in.
    fn with(mut self, name: &str, content: impl AsRef<[u8]>) -> Self {
        self.files.insert(Path::new("/here").join(name), content.as_ref().to_vec());
        self
    }

    fn adopt(&self) -> Result<Adopted, Vec<Diagnostic>> {
        adopt(&Sources {
            files: self.given.clone(),
            command: Vec::new(),
            form: self.form,
            version: self.etcd.map(|etcd| EtcdVersion::parse(etcd).expect("a version")),
            ips: self.ips.clone(),
            certs: self.certs.clone(),
            here: "/here".into(),
            package: "/here".into(),
            content: &|path| {
                self.files.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
            },
        })
    }

    /// Returns the spec, and behind it what is said.
    fn shown(&self) -> String {
        let Adopted { text, told } = self.adopt().expect("a spec");
        format!("{text}\n---- said\n{}", strip_str(&told.text()))
    }

    /// Returns why there is none.
    fn refused(&self) -> Vec<String> {
        let errors = self.adopt().map(|adopted| adopted.text).expect_err("a refusal");
        assert!(errors.iter().all(|error| !error.help.is_empty()), "{errors:#?}");
        errors.into_iter().map(|error| error.message).collect()
    }
}
