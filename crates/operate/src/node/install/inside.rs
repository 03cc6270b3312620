//! The edge: whether what is read and written in an image lies in it.

#![expect(clippy::disallowed_methods, reason = "the edge that looks at an image")]

use super::files::UNIT;
use super::node::Node;
use crate::node::bundle::CERTS;
use crate::node::machine::{Link, Service, relative};
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::mark::versions;
use bouquet_model::settings::CERTIFICATE_FILES;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What `useradd` and `groupadd` read and write.
const ACCOUNTS: [&str; 8] = [
    "/etc/passwd",
    "/etc/group",
    "/etc/shadow",
    "/etc/gshadow",
    "/etc/subuid",
    "/etc/subgid",
    "/etc/login.defs",
    "/etc/default/useradd",
];

impl Node<'_> {
    /// Checks that what is read and written in an image lies in it: a link may lead to this machine's own files.
    pub(super) fn stays_inside(&self) -> Result<(), Diagnostic> {
        let Some(root) = self.machine.root else { return Ok(()) };
        fs::read_dir(root).map_err(|error| self.unseen(root, &error))?;
        for path in self.touched() {
            if path == self.unit_place() {
                // Such a link leads out, too.
                self.is_unmasked(&Service::default())?;
            }
            self.is_inside(&path)?;
        }
        Ok(())
    }

    /// Checks the same of a version that is kept.
    pub(super) fn is_kept_inside(&self, name: &OsStr) -> Result<(), Diagnostic> {
        let version = Path::new(versions(self.cluster(), self.member).as_str()).join(name);
        let certs = version.join(CERTS);
        let files = CERTIFICATE_FILES.iter().map(|file| certs.join(file));
        files.chain([version.join(UNIT)]).try_for_each(|path| self.is_inside(&path))
    }

    /// Checks that nothing on the way to that leads out of the image.
    fn is_inside(&self, path: &Path) -> Result<(), Diagnostic> {
        let Some(root) = self.machine.root else { return Ok(()) };
        let unseen = |error: io::Error| self.unseen(&self.machine.path(path), &error);
        let Some(link) = self.machine.way_out(path).map_err(unseen)? else { return Ok(()) };
        let folder = link.place.parent().unwrap_or(Path::new("/"));
        let inside = self.machine.led(folder, &link.target).map_err(unseen)?;
        Err(self.leads_out(root, &link, &relative(folder, &inside)))
    }

    /// Reports that a path of an image cannot be looked at.
    fn unseen(&self, place: &Path, error: &io::Error) -> Diagnostic {
        let help = "see whether it is an image: its own `/` is that folder";
        self.work.unseen(place, error, help)
    }

    /// Reports a link of an image that leads out of it; the link of the help leads to the same place of the image.
    fn leads_out(&self, image: &Path, link: &Link, inside: &Path) -> Diagnostic {
        let image = image.display();
        let (place, target) = (link.place.display(), link.target.display());
        let word = |path: &Path| shell_word(&path.display().to_string()).into_owned();
        let problem = Diagnostic::error(format!(
            "{place} in {image} is a link to {target}, which leads out of it"
        ))
        .note("that is this machine's own; nothing of it was read, and nothing was changed")
        .help(format!(
            "have it lead there within the image: `ln -sfn {} {}`",
            word(inside),
            word(&self.machine.path(&link.place))
        ));
        if self.work.rollback {
            return problem;
        }
        problem.help(format!(
            "or install it where that is `/`, with the program and the member's folder copied there: `chroot {} {} install {} FOLDER --no-start`",
            shell_word(&image.to_string()), self.work.program, self.name()
        ))
    }

    /// Returns what is read or written in an image, and may be a link.
    fn touched(&self) -> Vec<PathBuf> {
        let unit = self.unit_place();
        let units = unit.parent().map(Path::to_owned);
        let versions = versions(self.cluster(), self.member);
        let certs = self.cluster().tls.iter().flat_map(|tls| {
            let files = CERTIFICATE_FILES.iter().map(|file| tls.certs_dir.join(file));
            std::iter::once(tls.certs_dir.clone()).chain(files)
        });
        let own = certs.chain([versions]).map(|path| PathBuf::from(path.as_str()));
        let all = ACCOUNTS.iter().map(PathBuf::from).chain(units).chain([unit, self.join_place()]);
        all.chain(own).collect()
    }
}
