//! All paths that a member's options have it read and write.

use crate::cluster::{Cluster, Member};
use crate::node_path::{NodePath, outermost};
use crate::option::Value;

/// Where the unit has etcd work if no `data-dir` is given; etcd then makes `NAME.etcd` in it.
pub const WORKING_FOLDER: &str = "/var/lib/etcd";

/// A path, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The option that names it, or `certs-dir`.
    pub option: &'static str,
    /// The file or folder itself.
    pub path: NodePath,
    /// The folder that this takes: for etcd to write in, or to read from.
    pub folder: NodePath,
    /// What etcd does there.
    pub usage: Usage,
    /// What names it: the option's value, or the item of its list.
    pub written: String,
}

/// Says what etcd does with a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Usage {
    /// It keeps its database there, in a folder of its own.
    Data,
    /// It keeps its log there, in a folder of its own. At its first start it makes `WAL-DIR.tmp`,
    /// removes `wal-dir` with all that is in it, and renames the one to the other (`Create` and
    /// `renameWAL` in etcd's `wal/wal.go`): so the folder above has to be its own as well.
    Wal,
    /// It writes a file there.
    Write,
    /// It makes a socket there.
    Socket,
    /// It reads a file there.
    Read,
    /// It reads its certificates there.
    Certificates,
}

impl Place {
    /// Returns the folder with this place in it that `kubeadm reset` empties on a machine of a control plane, with an
    /// etcd that is none of kubeadm's, too (kubeadm issue 3225).
    pub fn emptied_by_kubeadm(&self) -> Option<NodePath> {
        let emptied = match self.usage {
            Usage::Data | Usage::Wal => NodePath::from_static("/var/lib/etcd"),
            Usage::Certificates => NodePath::from_static("/etc/kubernetes/pki"),
            Usage::Write | Usage::Socket | Usage::Read => return None,
        };
        self.path.is_within(&emptied).then_some(emptied)
    }

    /// Returns `true` where etcd has to own the folder.
    pub fn is_own(&self) -> bool {
        matches!(self.usage, Usage::Data | Usage::Wal)
    }

    /// Returns what etcd removes, or replaces, with all that is in it: nothing else can be there. Of
    /// its data, that is `member`; of its log, `wal-dir` and what it makes that from.
    pub fn kept(&self) -> Vec<NodePath> {
        match self.usage {
            Usage::Data => vec![self.path.join("member")],
            Usage::Wal => {
                let made_from = format!("{}.tmp", self.path.name());
                vec![self.path.clone(), self.path.parent().join(&made_from)]
            }
            Usage::Write | Usage::Socket | Usage::Read | Usage::Certificates => Vec::new(),
        }
    }

    /// Returns `true` where etcd writes.
    pub fn is_written(&self) -> bool {
        self.is_own() || matches!(self.usage, Usage::Write | Usage::Socket)
    }
}

/// Returns every path of a member's: its data, its log, its certificates, then what further options
/// name, in their order.
pub fn places(cluster: &Cluster, member: &Member) -> Vec<Place> {
    let mut all = vec![data(member)];
    all.extend(cluster.tls.iter().map(|tls| Place {
        option: "certs-dir",
        path: tls.certs_dir.clone(),
        folder: tls.certs_dir.clone(),
        usage: Usage::Certificates,
        written: tls.certs_dir.to_string(),
    }));
    for setting in member.options.iter().filter(|setting| setting.name != "data-dir") {
        let usage = match setting.name {
            "wal-dir" => Usage::Wal,
            "log-outputs" => Usage::Write,
            "listen-client-http-urls" => Usage::Socket,
            _ => Usage::Read,
        };
        all.extend(paths(setting.name, &setting.value).map(|(written, path)| Place {
            option: setting.name,
            folder: path.parent(),
            path,
            usage,
            written: written.to_owned(),
        }));
    }
    all
}

/// Returns where etcd has its log: in `wal-dir`, or in its data.
pub fn log(data: &NodePath, wal_dir: Option<&NodePath>) -> NodePath {
    wal_dir.cloned().unwrap_or_else(|| data.join("member/wal"))
}

/// Returns the folders that have to be etcd's own, the outermost ones: it makes those inside them.
pub fn own_folders(places: &[Place]) -> Vec<NodePath> {
    outermost(places.iter().filter(|place| place.is_own()).map(|place| place.folder.clone()))
}

fn data(member: &Member) -> Place {
    let (path, folder) = if let Some(Value::Path(path)) = member.option("data-dir") {
        (path.clone(), path.clone())
    } else {
        let folder = NodePath::from_static(WORKING_FOLDER);
        (folder.join(&format!("{}.etcd", member.name)), folder)
    };
    let written = path.to_string();
    Place { option: "data-dir", path, folder, usage: Usage::Data, written }
}

/// Returns the paths in an option's value: the keys of `jwt,priv-key=/…`, the files among `log-outputs`, the
/// sockets among URLs; each with the text that names it.
fn paths<'a>(option: &str, value: &'a Value) -> impl Iterator<Item = (&'a str, NodePath)> {
    let texts: Vec<(&str, &str)> = match value {
        Value::Path(path) => vec![(path.as_str(), path.as_str())],
        Value::Text(text) if option == "auth-token" => {
            text.split(',').filter_map(|part| Some((&**text, part.split_once('=')?.1))).collect()
        }
        Value::List(entries) => {
            let path = |entry| str::strip_prefix(entry, "unixs://").unwrap_or(entry);
            entries.iter().map(|entry| (&**entry, path(entry))).collect()
        }
        _ => Vec::new(),
    };
    let paths = texts.into_iter().filter(|(_, text)| text.starts_with('/'));
    paths.filter_map(|(written, text)| Some((written, NodePath::parse(text).ok()?)))
}
