//! What is to be recorded, as the command line asks for it.

use crate::client::Speaker;
use crate::package::Package;
use bouquet_lock::Restored;
use bouquet_model::artifact::shell_word;
use bouquet_model::certificate::Certificate;
use bouquet_model::change::Subject;
use bouquet_model::digest::Digest;
use bouquet_model::running::Running;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Says what `bouquet done` is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Records that what is compiled is on the machines.
    Record,
    /// Goes back to the records before.
    Undo,
    /// Takes what cluster.lock says for true where its copy has a later record.
    FromLock,
    /// Records that all members were restored from a snapshot, or one that is the cluster since then.
    Restored,
}

/// A restore that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restoring {
    pub(crate) from: RestoredFrom,
    /// The member that is all of the new cluster; `None` where all were restored.
    pub(crate) sole: Option<String>,
}

/// Says what was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RestoredFrom {
    /// This snapshot, with that token.
    File(PathBuf, String),
    /// What is known already.
    Known(Restored),
}

/// Says whether members are looked at before they are recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Looking {
    /// They are not, as it was asked for, or because nothing new is said of them.
    Not,
    /// Nobody can be asked, for this reason.
    Cannot(String),
    /// As the one who asks.
    As(Speaker),
}

/// A record that is to be made of what is on the machines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    pub(crate) action: Action,
    pub(crate) package: Package,
    /// The restore, where it is one that is recorded.
    pub(crate) restoring: Option<Restoring>,
    /// Of these members and clients alone; of all, where there are none.
    pub(crate) names: Vec<String>,
    /// Those names are of members alone: a client may have one of them, too.
    pub(crate) of_members: bool,
    /// Members that new ones have taken the places of.
    pub(crate) replaced: BTreeSet<String>,
    /// Nobody is asked.
    pub(crate) yes: bool,
    /// Whether members are looked at before.
    pub(crate) looking: Looking,
    /// Another tool has set the cluster up.
    pub(crate) adopted: bool,
    /// What is on the machines once what is compiled is, or before that.
    pub(crate) compiled: Running,
    /// Those of them that lack a certificate, and so cannot run.
    pub(crate) unissued: BTreeSet<Subject>,
    /// The certificates of members and clients that were compiled in.
    pub(crate) certificates: Vec<Certificate>,
    /// The token that was compiled in.
    pub(crate) token: String,
    /// SHA-256 of the text of cluster.toml that the program was built from.
    pub(crate) source: Option<Digest>,
    /// The SHA-256 of the CAs that were compiled in.
    pub(crate) cas: Vec<[u8; 32]>,
    /// The name of the program.
    pub(crate) program: String,
}

impl Recording {
    /// Returns the member that is all of a restored cluster.
    pub(super) fn sole(&self) -> Option<&str> {
        self.restoring.as_ref()?.sole.as_deref()
    }

    /// Returns the command line without the program.
    pub(super) fn line(&self) -> String {
        let restored = self.restoring.iter().flat_map(|Restoring { from, sole }| {
            let from = match from {
                RestoredFrom::File(file, token) => {
                    Some((file.display().to_string(), token.clone()))
                }
                RestoredFrom::Known(_) => None,
            };
            let from = from.into_iter().flat_map(|(file, token)| {
                ["--restored".to_owned(), file, "--token".to_owned(), token]
            });
            from.chain(sole.iter().flat_map(|name| ["--sole".to_owned(), name.clone()]))
        });
        let adopted = self.adopted.then(|| "--adopted".to_owned());
        let words = ["done".to_owned()]
            .into_iter()
            .chain(adopted)
            .chain(self.names.iter().cloned())
            .chain(restored);
        words.map(|word| shell_word(&word).into_owned()).collect::<Vec<_>>().join(" ")
    }

    /// Returns the command line that takes cluster.lock for true of all.
    pub(super) fn line_from_lock(&self) -> String {
        // `cargo run` builds first, and that takes the later records.
        let unbuilt = if self.program.starts_with("cargo ") { "BOUQUET_WRITE=0 " } else { "" };
        format!("{unbuilt}{} done --from-lock", self.program)
    }
}
