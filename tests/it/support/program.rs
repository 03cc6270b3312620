//! The compiled program, asked in a process of the test.

use bouquet_model::Cluster;
use bouquet_model::certificate::Certificate;
use bouquet_operate::{Environment, Outcome, run};
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// What the program finds around it.
pub(crate) struct Around<'a> {
    /// The time, in seconds since 1970.
    pub(crate) now: i64,
    /// The folder that it is called in.
    pub(crate) folder: &'a Path,
    /// The variables.
    pub(crate) variable: &'a dyn Fn(&str) -> Option<OsString>,
    /// The files.
    pub(crate) read: &'a dyn Fn(&Path) -> io::Result<Vec<u8>>,
    /// What is in folders.
    pub(crate) list: &'a dyn Fn(&Path) -> io::Result<Vec<PathBuf>>,
}

/// What the program with this cluster answers to a command line. There is no git, nor a file with an owner.
pub(crate) fn ask(
    cluster: &Cluster,
    certificates: &[Certificate],
    line: &[&str],
    around: &Around<'_>,
) -> Outcome {
    let Around { now, folder, variable, read, list } = *around;
    let environment = Environment {
        now,
        current_dir: folder.to_owned(),
        executable: None,
        variable,
        read,
        list,
        stat: &|_| Err(io::ErrorKind::NotFound.into()),
        real: &|_| Err(io::ErrorKind::NotFound.into()),
        committed: &|_, revision| Err(io::Error::other(revision.to_owned())),
    };
    let words = std::iter::once("bouquet").chain(line.iter().copied()).map(OsString::from);
    run(cluster, certificates, words, &environment)
}
