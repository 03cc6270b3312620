//! The edge: the certificates on a node.

#![expect(clippy::disallowed_methods, reason = "the edge that reads the certificates of a node")]

use crate::node::Bundle;
use crate::node::bundle::{CERTS, LARGEST};
use crate::node::machine::facts::Seen;
use bouquet_model::Cluster;
use bouquet_model::settings::CERTIFICATE_FILES;
use bouquet_outdir::inspect::read_linked;
use bouquet_x509::Secret;
use std::collections::BTreeMap;
use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};

/// Returns the certificates that are on this node.
pub(crate) fn certificates(cluster: &Cluster) -> Seen<Bundle> {
    let mut files = BTreeMap::new();
    let folder = cluster.tls.as_ref().map(|tls| PathBuf::from(tls.certs_dir.as_str()));
    let failed = |path: &Path, error: &io::Error| match error.kind() {
        io::ErrorKind::PermissionDenied => {
            format!("{} is for etcd and root alone: do this as root", path.display())
        }
        _ => format!("{} cannot be read: {error}", path.display()),
    };
    if let Some(folder) = &folder {
        let entries = fs::read_dir(folder).map_err(|error| failed(folder, &error))?;
        // Folders of clients may be in it, and what else an operator puts there.
        let is_ours =
            |entry: &DirEntry| CERTIFICATE_FILES.iter().any(|name| entry.file_name() == *name);
        for entry in entries.flatten().filter(is_ours) {
            let content = read_linked(&entry.path(), LARGEST)
                .map_err(|error| failed(&entry.path(), &error))?;
            files.insert(Path::new(CERTS).join(entry.file_name()), Secret::from(content));
        }
    }
    Ok(Bundle { from: folder.unwrap_or_default(), files })
}
