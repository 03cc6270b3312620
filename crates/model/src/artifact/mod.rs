//! All that is handed to nodes and clients, as text.
//!
//! Two tables say what there is: [`FORMATS`] for members and [`CLIENT_FILES`] for clients. `out/`,
//! `formats` in `cluster.toml`, `command --output` and the tables of the documents follow from them,
//! so that a new artifact is a row and its renderer. One list of settings feeds every format, so the
//! formats cannot disagree.

mod client;
mod env_file;
mod header;
mod member;
mod proxy;
mod quote;
mod row;
mod sandbox;
mod yaml;

pub use client::{CLIENT_FILES, etcdctl_variables};
pub use header::{DEFINITION, GENERATED, body, definition_in};
pub use member::{FORMATS, JOIN, join_drop_in};
pub use proxy::PROXY_VARIABLES;
pub use quote::shell_word;
pub use row::{ClientFile, Format, Whom};

use crate::cluster::Cluster;

/// A file of `out/` that is rendered from the cluster alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Its path below `out/`.
    pub path: String,
    /// Its whole text.
    pub text: String,
    /// It is a script that is run.
    pub executable: bool,
}

/// Renders every file that members and clients get: the members' in their order, then the clients'.
pub fn all(cluster: &Cluster) -> impl Iterator<Item = Artifact> {
    let members = cluster.members.iter().flat_map(move |member| {
        formats(cluster).map(move |format| Artifact {
            path: format!("members/{}/{}", member.name, format.file),
            text: (format.render)(cluster, member),
            executable: format.executable,
        })
    });
    let clients = cluster.clients.iter().flat_map(move |client| {
        let files = CLIENT_FILES.iter().filter(|row| row.is_for(cluster, client));
        files.map(move |row| Artifact {
            path: format!("clients/{}/{}", client.name, row.file),
            text: (row.render)(cluster, client),
            executable: false,
        })
    });
    members.chain(clients)
}

/// Returns the formats that a cluster's members are described in, in the order of the table.
pub fn formats(cluster: &Cluster) -> impl Iterator<Item = &'static Format> {
    FORMATS.iter().copied().filter(|format| cluster.formats.contains(&format.name))
}

/// Returns the format of that name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.name == name)
}
