//! The edge: what is done on the node.

#![expect(clippy::disallowed_methods, reason = "the edge that changes a node")]

use super::account::make_account;
use super::deeds::Deed;
use super::files::{Owner, Versions};
use super::node::Node;
use super::staged::{self, unwritable};
use super::told::present;
use crate::node::Bundle;
use crate::node::machine::Machine;
use crate::node::system::run;
use crate::patience::Patience;
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::mark::versions;
use bouquet_model::systemd::Account;
use std::fs;
use std::io;
use std::path::Path;

impl Node<'_> {
    pub(super) fn versions(&self) -> Versions {
        let place =
            self.cluster().tls.as_ref().map(|tls| self.machine.path(tls.certs_dir.as_str()));
        let folder = versions(self.cluster(), self.member);
        let root = self.machine.root.map(Path::to_owned);
        Versions { folder: self.machine.path(folder.as_str()), place, root, links: self.links() }
    }

    /// Tells whether what is done is part of a version: it can be gone back to.
    pub(super) fn is_of_version(&self, deed: &Deed) -> bool {
        match deed {
            Deed::PutCertificates => true,
            Deed::Write { place, .. } => *place == self.unit_place(),
            _ => false,
        }
    }

    /// Writes the version that is brought; `former` is the unit that is there.
    pub(super) fn lays(
        &self,
        versions: &Versions,
        stamp: &str,
        (bundle, unit): (&Bundle, &str),
        former: Option<&str>,
    ) -> Result<(), Diagnostic> {
        let owner = self.account()?.and_then(|it| Some(Owner { uid: it.uid, gid: it.gid()? }));
        let owner = owner.ok_or_else(|| {
            let user = self.cluster().systemd.account().user;
            Diagnostic::error(format!("there is no account {user}, although it was made"))
        })?;
        versions
            .forget_later(former)
            .and_then(|()| versions.lay(stamp, (bundle, owner), unit))
            .map_err(|error| unwritten(versions, &error))
    }
}

/// Does one thing, of that unit and member.
pub(super) fn does(
    machine: Machine<'_>,
    (unit, member): (&str, &str),
    deed: &Deed,
    patience: Patience,
) -> Result<(), Diagnostic> {
    let _waiting = patience.waits(present(deed));
    match deed {
        Deed::Restore(restoration) => restoration.run(member),
        Deed::MakeAccount { user, group } => make_account(machine, Account { user, group }),
        Deed::Give { owner, folders } => {
            run("systemctl", &["stop", unit])?;
            let there = folders.iter().filter(|folder| folder.exists());
            let there: Vec<String> = there.map(|folder| folder.display().to_string()).collect();
            let words: Vec<&str> = there.iter().map(String::as_str).collect();
            if words.is_empty() {
                return Ok(());
            }
            // A folder may be a link to the disk that it is on.
            run("chown", &[&["-RH", owner.as_str(), "--"], &words[..]].concat())
        }
        Deed::SetAside(names) => names.iter().try_for_each(|(from, to)| {
            fs::rename(from, to).map_err(|error| {
                let (from, to) = (from.display().to_string(), to.display());
                let word = shell_word(&from);
                Diagnostic::error(format!("{from} cannot be called {to}: {error}"))
                    .note("what was renamed before stays so; the rest is where it was")
                    .help(format!("where something is mounted there, unmount it, or move its content yourself: `findmnt {word}`"))
            })
        }),
        Deed::PutEtcd(placing) => placing.run(),
        // It came with the version.
        Deed::PutCertificates => Ok(()),
        Deed::Write { place, .. } => staged::place(&machine.path(place)),
        Deed::Remove { place } => {
            let place = machine.path(place);
            fs::remove_file(&place).map_err(|error| unwritable(&place, &error))?;
            // That of drop-ins, where nothing else is in it.
            let folder = place.parent().filter(|folder| folder.extension() == Some("d".as_ref()));
            let _ = folder.map(fs::remove_dir);
            Ok(())
        }
        Deed::Reload => run("systemctl", &["daemon-reload"]),
        Deed::Enable => run("systemctl", &["enable", "--quiet", unit]),
        Deed::Disable => run("systemctl", &["disable", "--quiet", "--now", unit]),
        // A founder is not ready before a quorum of them is.
        Deed::Start => {
            // What it was before would be taken for what comes of this.
            let _ = run("systemctl", &["reset-failed", unit]);
            starts("start", unit)
        }
        Deed::Restart(_) => starts("restart", unit),
    }
}

/// Has systemd start it with the files that are there. Where the program was killed right after it wrote a first drop-in,
/// systemd says that it has read all of them: of a folder that is new it knows nothing. Without the drop-in with which it
/// joins, a member that was replaced would found the cluster once more.
fn starts(how: &str, unit: &str) -> Result<(), Diagnostic> {
    run("systemctl", &["daemon-reload"])?;
    run("systemctl", &[how, "--no-block", unit])
}

/// Notes to which version it is gone back.
pub(super) fn goes_back(versions: &Versions, stamp: &str) -> Result<(), Diagnostic> {
    versions.goes_back(stamp).map_err(|error| unwritten(versions, &error))
}

/// Has the certificates' place lead to a version.
pub(super) fn leads(
    versions: &Versions,
    stamp: &str,
    former: Option<&str>,
) -> Result<(), Diagnostic> {
    let led = versions.leads_to(stamp);
    versions.lead_to(stamp, former).map_err(|error| {
        // Right after the exchange the former ones have no name of their own yet.
        if led || !versions.leads_to(stamp) {
            return unwritten(versions, &error);
        }
        unwritable(&versions.folder, &error).note(
            "the new certificates are in their place already: done again, this goes on from there",
        )
    })
}

pub(super) fn unwritten(versions: &Versions, error: &io::Error) -> Diagnostic {
    unwritable(&versions.folder, error).note("the certificates are as they were")
}
