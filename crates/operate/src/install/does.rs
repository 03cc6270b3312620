//! The edge: what is done on the node.

#![expect(clippy::disallowed_methods, reason = "the edge that changes a node")]

use super::bundle::Bundle;
use super::deeds::Deed;
use super::files::{Owner, Versions};
use super::look::Machine;
use super::node::Node;
use crate::sbin::sbin;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::mark::versions;
use bouquet_model::places::ACCOUNT;
use bouquet_outdir::write_alone;
use std::fs;
use std::io;
use std::path::Path;

impl Node<'_> {
    pub(super) fn versions(&self) -> Versions {
        let place =
            self.cluster().tls.as_ref().map(|tls| self.machine.path(tls.certs_dir.as_str()));
        let folder = versions(self.cluster(), self.member);
        Versions { folder: self.machine.path(folder.as_str()), place }
    }

    /// What is done is part of a version: it can be gone back to.
    pub(super) fn is_of_version(&self, deed: &Deed) -> bool {
        match deed {
            Deed::PutCertificates => true,
            Deed::Write { place, .. } => *place == self.unit_place(),
            _ => false,
        }
    }

    /// Writes the version that is brought.
    pub(super) fn lays(
        &self,
        versions: &Versions,
        stamp: &str,
        (bundle, unit): (&Bundle, &str),
    ) -> Result<(), Diagnostic> {
        let owner = self.account()?.and_then(|it| Some(Owner { uid: it.uid, gid: it.gid()? }));
        let owner = owner.ok_or_else(|| {
            Diagnostic::error(format!("there is no account {ACCOUNT}, although it was made"))
        })?;
        versions.lay(stamp, (bundle, owner), unit).map_err(|error| unwritten(versions, &error))
    }
}

/// Does one thing, of the unit with that name.
pub(super) fn does(machine: Machine<'_>, unit: &str, deed: &Deed) -> Result<(), Diagnostic> {
    match deed {
        Deed::MakeAccount => {
            let mut words = vec!["--system", "--user-group", "--home-dir", "/nonexistent"];
            words.extend(["--shell", "/usr/sbin/nologin", ACCOUNT]);
            let root = machine.root.map(|root| root.display().to_string());
            let prefix = root.iter().flat_map(|root| ["--prefix", root.as_str()]);
            run("useradd", &prefix.chain(words.iter().copied()).collect::<Vec<_>>())
        }
        Deed::SetAside(names) => names.iter().try_for_each(|(from, to)| {
            fs::rename(from, to).map_err(|error| {
                let (from, to) = (from.display(), to.display());
                Diagnostic::error(format!("{from} cannot be called {to}: {error}"))
            })
        }),
        // It came with the version.
        Deed::PutCertificates => Ok(()),
        Deed::Write { place, text, .. } => {
            let place = machine.path(place);
            if let Some(folder) = place.parent() {
                fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
            }
            write_alone(&place, text.as_bytes())
        }
        Deed::Remove { place } => {
            let place = machine.path(place);
            fs::remove_file(&place).map_err(|error| failed(&place, &error))?;
            // Nothing else may be in it.
            let _ = place.parent().map(fs::remove_dir);
            Ok(())
        }
        Deed::Reload => run("systemctl", &["daemon-reload"]),
        Deed::Enable => run("systemctl", &["enable", "--quiet", unit]),
        Deed::Disable => run("systemctl", &["disable", "--quiet", "--now", unit]),
        // A founder is not ready before a quorum of them is.
        Deed::Start => {
            // What it was before would be taken for what comes of this.
            let _ = run("systemctl", &["reset-failed", unit]);
            run("systemctl", &["start", "--no-block", unit])
        }
        Deed::Restart(_) => run("systemctl", &["restart", "--no-block", unit]),
    }
}

/// Has the certificates' place lead to a version.
pub(super) fn leads(
    versions: &Versions,
    stamp: &str,
    former: Option<&str>,
) -> Result<(), Diagnostic> {
    versions.lead_to(stamp, former).map_err(|error| unwritten(versions, &error))
}

fn unwritten(versions: &Versions, error: &io::Error) -> Diagnostic {
    Diagnostic::error(format!("{} cannot be written: {error}", versions.folder.display()))
        .note("the certificates are as they were")
}

fn failed(place: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::error(format!("{} cannot be written: {error}", place.display()))
}

/// Runs a program of the system's that has to succeed.
fn run(program: &str, words: &[&str]) -> Result<(), Diagnostic> {
    let line = format!("{program} {}", words.join(" "));
    let said = sbin(program)
        .args(words)
        .output()
        .map_err(|error| Diagnostic::error(format!("`{line}` cannot be run: {error}")))?;
    if said.status.success() {
        return Ok(());
    }
    let mut problem = Diagnostic::error(format!("`{line}` failed"));
    problem.notes = String::from_utf8_lossy(&said.stderr).lines().map(str::to_owned).collect();
    Err(problem.help("do this again once that is put right: what was done stays done"))
}
