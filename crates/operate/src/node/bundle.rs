//! The files of a member's folder of `out/`, as they were brought to a node or lie on it.

use bouquet_model::artifact::FORMATS;
use bouquet_x509::Secret;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The folder of certificates in it.
pub(crate) const CERTS: &str = "certs";

/// More than any file of it has, in bytes.
pub(crate) const LARGEST: u64 = 1 << 20;

/// The files of a member's folder in `out/`, read into memory.
#[derive(Debug)]
pub(crate) struct Bundle {
    /// Where it was read, for a person.
    pub(crate) from: PathBuf,
    /// Their contents, by their paths in the folder: `etcd.service`, `certs/server.key`.
    pub(crate) files: BTreeMap<PathBuf, Secret>,
}

impl Bundle {
    /// Returns its certificates, keys and lists, by their names.
    pub(crate) fn certs(&self) -> impl Iterator<Item = (&Path, &[u8])> {
        self.files
            .iter()
            .filter_map(|(path, content)| Some((path.strip_prefix(CERTS).ok()?, content.expose())))
    }
}

/// Tells whether a file of that name has etcd's options.
pub(super) fn is_artifact(name: &OsStr) -> bool {
    FORMATS.iter().any(|form| name == form.file)
}
