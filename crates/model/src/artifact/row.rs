//! A row of each table of artifacts: all that differs between one file and the next.

use crate::cluster::{Client, Cluster, Member, Setting};
use crate::diagnostic::Diagnostic;
use crate::option::EtcdOption;
use crate::settings::settings;
use crate::version::EtcdVersion;
use core::fmt;

/// A form in which a member's options are written: one file in its folder.
#[derive(Debug)]
pub struct Format {
    /// The word for it in `cluster.toml` and on the command line.
    pub name: &'static str,
    /// The file in a member's folder.
    pub file: &'static str,
    /// The file is a script that is run.
    pub executable: bool,
    /// It is written unless `formats` leaves it out; others are only where `formats` names them.
    pub by_default: bool,
    /// It names one release of etcd, so that the spec has to.
    pub names_release: bool,
    /// Describes the file in a few words, for a table of the documents.
    pub about: &'static str,
    /// Says how a member is started with it, for the guide.
    pub start: &'static str,
    /// Tells whether it has a place for an option, in some version of etcd.
    pub carries: fn(&'static EtcdOption, EtcdVersion) -> bool,
    /// Renders the whole file.
    pub render: fn(&Cluster, &Member) -> String,
}

impl Format {
    /// Returns the options of a member that this form has no place for. The build refuses to write
    /// it then.
    pub fn gaps(&self, cluster: &Cluster, member: &Member) -> Vec<&'static EtcdOption> {
        let all = settings(cluster, member);
        let options = all.iter().map(Setting::option);
        options.filter(|option| !(self.carries)(option, cluster.version)).collect()
    }

    /// Says that it has to name a release, where the cluster stands for any of a line. The build refuses to write it then.
    pub fn lacks_release(&self, cluster: &Cluster) -> Option<Diagnostic> {
        let version = cluster.version;
        let lacks = self.names_release && version.patch().is_none();
        let message =
            format!("{} names one release of etcd, and `{version}` is any of them", self.file);
        let help = "write in cluster.toml which release runs, as `etcd --version` prints it";
        lacks.then(|| Diagnostic::error(message).help(help))
    }
}

/// A file that a client finds in its folder, beside its certificate.
#[derive(Debug)]
pub struct ClientFile {
    /// Its name.
    pub file: &'static str,
    /// Describes the file in a few words, for a table of the documents.
    pub about: &'static str,
    /// Which clients get it.
    pub whom: Whom,
    /// Whether it is about the certificate: without TLS, nobody gets it.
    pub secures: bool,
    /// Whether it says where the cluster is: who uses it reads it again where that changes.
    pub leads: bool,
    /// Renders the whole file.
    pub render: fn(&Cluster, &Client) -> String,
}

/// Which clients get a file.
#[derive(Debug, Clone, Copy)]
pub enum Whom {
    /// All of them.
    Everyone,
    /// The one that the program is, where none is named.
    Root,
    /// Those that are one of these programs, by its name in the spec.
    Programs(&'static [&'static str]),
}

impl ClientFile {
    /// Tells whether a client of that cluster gets it.
    pub fn is_for(&self, cluster: &Cluster, client: &Client) -> bool {
        if self.secures && cluster.tls.is_none() {
            return false;
        }
        match self.whom {
            Whom::Everyone => true,
            Whom::Root => client.name.as_str() == ROOT,
            Whom::Programs(names) => {
                client.program.is_some_and(|program| names.contains(&program.name))
            }
        }
    }
}

/// The client whose certificate the program takes where none is named.
const ROOT: &str = "root";

/// Says it in words, for a table of the documents.
impl fmt::Display for Whom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everyone => f.write_str("every client"),
            Self::Root => write!(f, "the client `{ROOT}`"),
            Self::Programs(names) => {
                for (at, name) in names.iter().enumerate() {
                    let before = if at == 0 { "" } else { ", " };
                    write!(f, "{before}`for = \"{name}\"`")?;
                }
                Ok(())
            }
        }
    }
}
