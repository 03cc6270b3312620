//! The edge: a member's data is restored, by the lines that `restore` prints.

#![expect(clippy::disallowed_methods, reason = "the edge that restores a member's data")]

use super::work::WHOLE;
use crate::if_there::if_there;
use crate::node::system::runs;
use crate::sbin::sbin;
use bouquet_model::artifact::shell_word;
use bouquet_model::cluster::ClusterId;
use bouquet_model::diagnostic::Diagnostic;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// What a member's data is restored from, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Restoration {
    /// The file, as it was named.
    pub(super) file: PathBuf,
    /// What it has, in words.
    pub(super) content: String,
    pub(super) token: String,
    /// The cluster that all members are restored into.
    pub(super) cluster_id: ClusterId,
    /// Has the token where this was done.
    pub(super) sign: PathBuf,
    /// Looks whether it can be done; stops etcd and sets its data aside; restores it and starts it.
    pub(super) lines: [String; 3],
}

impl Restoration {
    /// Tells whether it was done before, whatever the member has taken in since.
    ///
    /// # Errors
    /// If that is not known.
    pub(super) fn is_done(&self) -> Result<bool, Diagnostic> {
        let text = if_there(fs::read_to_string(&self.sign)).map_err(|error| {
            Diagnostic::error(format!("{} cannot be read: {error}", self.sign.display()))
                .help(WHOLE)
        })?;
        Ok(text.is_some_and(|text| text.trim_end() == self.token))
    }

    /// Restores the data, and starts etcd.
    pub(super) fn run(&self, member: &str) -> Result<(), Diagnostic> {
        let copy = PathBuf::from(format!("/root/restore-{member}.db"));
        let as_before = |problem: Diagnostic| {
            let _ = fs::remove_file(own(&copy));
            problem.note("etcd was not stopped, and its data is as it was")
        };
        self.copy(&own(&copy)).map_err(|error| {
            let shown = copy.display();
            as_before(Diagnostic::error(format!(
                "{} cannot be copied to {shown}: {error}",
                self.file.display()
            )))
            .help("make room there: `df -h /root`; then do this again")
        })?;
        // The lines remove the file that they were given: it is a copy of its own.
        let lines = self.lines.each_ref().map(|lines| {
            lines.replace(&copy.display().to_string(), &own(&copy).display().to_string())
        });
        let [looks, gives_way, restores] = lines;
        self.runs(&looks).map_err(as_before)?;
        let stopped = |problem: Diagnostic| {
            let _ = fs::remove_file(own(&copy));
            problem.note("etcd may be stopped; data that was set aside is in the same folder, as `member.DATE`")
        };
        if !self.is_done().map_err(as_before)? {
            self.runs(&gives_way).map_err(stopped)?;
        }
        self.runs(&restores).map_err(stopped)
    }

    /// Runs lines that have to succeed.
    fn runs(&self, lines: &str) -> Result<(), Diagnostic> {
        let failed = Diagnostic::error("the data cannot be restored").help(format!(
            "once that is put right, do this again with `--token {}`: what was done stays done, and nothing was deleted",
            shell_word(&self.token)
        ));
        runs(sbin("sh").args(["-c", lines]), "sh", failed)
    }

    fn copy(&self, to: &Path) -> io::Result<()> {
        let mut from = File::open(&self.file)?;
        // Of an attempt that was killed; a name that nobody else gives.
        let _ = fs::remove_file(to);
        let mut to = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
        io::copy(&mut from, &mut to)?;
        to.sync_all()
    }
}

/// Returns where the copy is that the lines take.
fn own(copy: &Path) -> PathBuf {
    let name = copy.file_name().unwrap_or_default().to_string_lossy();
    copy.with_file_name(format!(".bouquet-{name}"))
}
