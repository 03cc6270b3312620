//! A row of each table of artifacts: all that differs between one file and the next.

use crate::cluster::{Client, Cluster, Member, Setting};
use crate::option::EtcdOption;
use crate::settings::settings;
use crate::version::EtcdVersion;

/// A form in which a member's options are written: one file in its folder.
#[derive(Debug)]
pub struct Format {
    /// The word for it in `cluster.toml` and on the command line.
    pub name: &'static str,
    /// The file in a member's folder.
    pub file: &'static str,
    /// The file is a script that is run.
    pub executable: bool,
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
}

/// A file that a client finds in its folder, beside its certificate.
#[derive(Debug)]
pub struct ClientFile {
    /// Its name.
    pub file: &'static str,
    /// Describes the file in a few words, for a table of the documents.
    pub about: &'static str,
    /// Says in words which clients get it.
    pub who: &'static str,
    /// Whether it says where the cluster is: who uses it reads it again where that changes.
    pub leads: bool,
    /// Tells whether a client gets it.
    pub is_for: fn(&Client) -> bool,
    /// Renders the whole file.
    pub render: fn(&Cluster, &Client) -> String,
}
