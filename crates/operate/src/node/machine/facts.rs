//! What a node tells of itself, as plain data: nothing is judged here.

use crate::node::machine::data::Data;
use crate::node::machine::service::Service;
use crate::node::peers::Answer;
use crate::trial::Told;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// What was seen of a thing, or why it could not be.
pub(crate) type Seen<T> = Result<T, String>;

/// All that was looked at.
#[derive(Debug)]
pub(crate) struct Facts {
    /// Seconds since 1970.
    pub(crate) now: i64,
    /// The etcd that a unit finds; `None` where there is none.
    pub(crate) etcd: Option<Program>,
    /// What systemd says of the unit.
    pub(crate) service: Service,
    /// Its process, where it has one.
    pub(crate) process: Option<Running>,
    /// The last lines of its journal, where it is not up.
    pub(crate) journal: Vec<String>,
    /// The number of etcd's account; `None` where there is no such account.
    pub(crate) account: Seen<Option<u32>>,
    /// The ports that something listens on.
    pub(crate) sockets: Seen<Vec<Listening>>,
    /// The addresses of all members that this node has.
    pub(crate) here: BTreeSet<IpAddr>,
    /// The other members' names, each with the address from which connections to it leave.
    pub(crate) sources: Vec<(String, IpAddr)>,
    /// The names in the members' URLs, and their addresses.
    pub(crate) names: BTreeMap<String, Seen<Vec<IpAddr>>>,
    pub(crate) peers: Seen<Peers>,
    pub(crate) disks: Seen<Disks>,
    pub(crate) data: Seen<Stored>,
    /// The proxy variables that systemd hands to every service, without their values.
    pub(crate) proxies: Vec<String>,
    pub(crate) firewall: Seen<Firewall>,
    /// kubeadm is here.
    pub(crate) has_kubeadm: bool,
    /// `SELinux` refuses what its policy does not allow.
    pub(crate) is_enforcing: bool,
}

/// An etcd on the disk.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) file: PathBuf,
    /// What `--version` says; `None` where that is not what etcd says.
    pub(crate) version: Seen<Option<Told>>,
}

/// A process of etcd's.
#[derive(Debug)]
pub(crate) struct Running {
    /// It was stopped by a signal, and does nothing (proc(5), state T).
    pub(crate) is_stopped: bool,
    /// The link `/proc/PID/exe`, which ends in ` (deleted)` where the file was replaced since.
    pub(crate) program: Seen<String>,
    /// The text of `/proc/PID/limits`.
    pub(crate) limits: String,
    /// The proxy variables that it has, without their values.
    pub(crate) proxies: Seen<Vec<String>>,
}

/// A port that is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listening {
    pub(crate) address: SocketAddr,
    /// By whom; `None` where only root can see it.
    pub(crate) holder: Option<Holder>,
}

/// A process, and the name of its program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Holder {
    pub(crate) id: u32,
    pub(crate) name: String,
}

/// What the other members say.
#[derive(Debug)]
pub(crate) struct Peers {
    pub(crate) answers: Vec<Answer>,
    /// Their clocks less that of this node, in milliseconds, by their names.
    pub(crate) clocks: Vec<(String, i64)>,
}

/// What the data and the log are on, or will be.
#[derive(Debug)]
pub(crate) struct Disks {
    /// One; two where the log is on another than the data.
    pub(crate) all: Vec<Disk>,
    /// What is mounted, in order.
    pub(crate) mounts: Vec<Mount>,
    /// What `/etc/fstab` and units have a disk for.
    pub(crate) wanted: Vec<Wanted>,
    /// What keeps a log from beginning in its folder.
    pub(crate) unfit: Option<Unfit>,
}

/// What keeps a log from beginning in a folder: etcd removes that, and puts a new one in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// It is a mount point, wherever links above it lead.
    Mounted,
    /// It is a link, which leads there.
    Link(PathBuf),
}

/// A disk.
#[derive(Debug)]
pub(crate) struct Disk {
    /// The data is on it.
    pub(crate) has_data: bool,
    /// The log is on it.
    pub(crate) has_log: bool,
    /// The folder of either, or the nearest one above it that is there.
    pub(crate) place: PathBuf,
    /// What etcd's account may still write, in bytes.
    pub(crate) free: u64,
    /// How long each of some writes took until it was on the disk; none but root's are tried.
    pub(crate) writes: Seen<Option<Vec<Duration>>>,
}

/// A folder that a disk is meant for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) folder: PathBuf,
    pub(crate) by: By,
    /// Each start of the machine mounts it.
    pub(crate) is_automatic: bool,
}

/// The file or unit that has a disk mounted there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum By {
    /// `/etc/fstab`.
    Fstab,
    /// A unit of that name.
    Unit(String),
}

/// A mounted file system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mount {
    pub(crate) folder: PathBuf,
    /// Its type: `ext4`, `nfs4`.
    pub(crate) kind: String,
}

/// What lies in the data folder.
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that was seen")]
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) data: Data,
    /// The owner's number and the mode of the folder, where it is there.
    pub(crate) folder: Option<(u32, u32)>,
    /// There is nothing in the folder, or what a new disk has.
    pub(crate) is_empty: bool,
    /// A file or folder of etcd's in it that is another account's, and that account's number.
    pub(crate) other: Option<(PathBuf, u32)>,
    /// Files of the log without a byte.
    pub(crate) empty_logs: Vec<PathBuf>,
    /// The size of the database, where it is there.
    pub(crate) database: Option<u64>,
    /// Its first 16 KiB are zeros.
    pub(crate) is_blank: bool,
    /// There is a snapshot of raft's beside it.
    pub(crate) has_snapshot: bool,
    /// The token of the restore by which the data came here, where it did.
    pub(crate) restored: Option<String>,
    /// The mark that the member has run here is set.
    pub(crate) has_mark: bool,
}

/// The rules of the packet filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Firewall {
    /// Neither of its programs is here.
    Unknown,
    /// What `nft list ruleset` prints.
    Nft(String),
    /// What `iptables -S` prints.
    Iptables(String),
}
