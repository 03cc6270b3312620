//! One step of a plan: what is done, where, by which commands, and what the cluster can bear meanwhile.

use crate::quorum::quorum;
use crate::version::EtcdVersion;
use crate::words::words;
use core::fmt;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What is done.
    pub action: Action,
    /// Where.
    pub place: Place,
    /// What is to be pasted into a shell of the control host, in the package's folder, in that order. A
    /// text of several lines is one command; one that begins with `#` is for a person to do.
    pub commands: Vec<String>,
    /// What the cluster can bear meanwhile.
    pub counts: Counts,
    /// What has to be true before the next step, in words; `None` for nothing.
    pub waits_for: Option<String>,
    /// What takes it back, in words; `None` where nothing does, or nothing was changed.
    pub undo: Option<String>,
    /// What one has to know, in words.
    pub notes: Vec<String>,
}

/// Says what a step does. Names are those of members, but in `Clients` and `Decide`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// A person looks at something before it goes on.
    Look(Look),
    /// A snapshot is taken of that member.
    Snapshot(String),
    /// New files are laid on a member's node, and nothing is restarted: certificates, CAs, a list of
    /// revoked ones, or options that count at its next start.
    Copy(String),
    /// The cluster is told of a new member, which has no vote yet.
    Add(String),
    /// A new member is installed and started.
    Start(String),
    /// A member that has run is started again as it is.
    StartAgain(String),
    /// A member comes to lead.
    Lead(String),
    /// The history is dropped, by all members.
    Compact,
    /// A member gives back the space that it has no use for.
    Defragment(String),
    /// A member catches up by itself.
    CatchUp(String),
    /// A member that has caught up gets a vote.
    Promote(String),
    /// Clients get new files, or other endpoints.
    Clients {
        /// Their names.
        names: Vec<String>,
        /// The members whose endpoints are new.
        entering: Vec<String>,
        /// The members whose endpoints are gone.
        leaving: Vec<String>,
        /// What they dial until they get the endpoints of their files: a list of former and new ones, which
        /// is in no file; empty where they get files.
        between: Vec<String>,
    },
    /// The cluster is told that a member is gone.
    Remove(String),
    /// The etcd of a member that is gone is stopped for good.
    Retire(String),
    /// The cluster is told a member's new peer URLs, and the member is restarted with them.
    Readdress(String),
    /// A member gets its new files and is restarted.
    Restart(String),
    /// A member gets another etcd.
    Upgrade(String, EtcdVersion),
    /// etcd is told of the lower version that members are to get.
    Announce(EtcdVersion),
    /// A member gets an etcd of an earlier minor.
    Downgrade(String, EtcdVersion),
    /// All members are stopped, and then all are started, with their new files: those that have them and
    /// those that do not refuse each other.
    RestartAll,
    /// All members are stopped, and start with that etcd on what one snapshot has.
    Restore(EtcdVersion),
    /// The file of a snapshot is taken to all nodes, and it is seen whether they can restore it.
    Bring,
    /// All that uses the cluster is stopped: what is written is lost from here on.
    StopClients,
    /// All members are stopped, and their data is set aside.
    StopAll,
    /// All members are restored from the file, and started.
    RestoreAll,
    /// All that uses the cluster is started.
    StartClients,
    /// Alarms that are left over are switched off.
    Disarm,
    /// A client is gone, and its certificate is still valid.
    Decide(String),
    /// `cluster.lock` is told that all of it was done.
    Record,
}

/// What takes the files of a step back, in words.
pub(super) const FORMER: &str = "the files that a build of the former cluster.toml makes";

/// Says what is to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    /// Who leads: that member is restarted last.
    Leader,
    /// How large the databases are, before less is allowed.
    Sizes,
    /// Whether there is data of the second API, before it is refused.
    Content,
    /// Whether each client has a certificate, before members ask for one.
    Clients,
    /// Whether anybody logs in by certificate, before members ask for none.
    Users,
    /// Whether each member has what the next minor version needs of it.
    Upgrade,
}

/// Says where a step is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// On the host that has `out/`.
    Control,
    /// On that member's node, from the control host.
    Node(String),
    /// On the clients' machines.
    Clients,
}

/// Counts those that have a vote, and those of them that are up, during a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// The members that have a vote.
    pub voters: usize,
    /// Those that are certainly up, if all were before: neither the one that the step stops, nor one that
    /// has just got its vote.
    pub up: usize,
    /// Those that the step stops.
    pub stopped: usize,
}

impl Counts {
    /// Returns how many have to be up for writes to go on: more than half.
    pub const fn quorum(self) -> usize {
        quorum(self.voters)
    }

    /// Returns how many members may fail besides those that the step stops, and writes go on; `None`
    /// where writes stop anyway.
    pub const fn tolerates(self) -> Option<usize> {
        (self.voters - self.stopped).checked_sub(self.quorum())
    }
}

/// The word for an action, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Word {
    /// [`Action::Look`].
    Look,
    /// [`Action::Snapshot`].
    Snapshot,
    /// [`Action::Copy`].
    Copy,
    /// [`Action::Add`].
    Add,
    /// [`Action::Start`] and [`Action::StartAgain`].
    Start,
    /// [`Action::Lead`].
    Lead,
    /// [`Action::Compact`].
    Compact,
    /// [`Action::Defragment`].
    Defragment,
    /// [`Action::CatchUp`].
    CatchUp,
    /// [`Action::Promote`].
    Promote,
    /// [`Action::Clients`].
    Clients,
    /// [`Action::Remove`].
    Remove,
    /// [`Action::Retire`].
    Retire,
    /// [`Action::Readdress`].
    Readdress,
    /// [`Action::Restart`].
    Restart,
    /// [`Action::Upgrade`].
    Upgrade,
    /// [`Action::Announce`].
    Announce,
    /// [`Action::Downgrade`].
    Downgrade,
    /// [`Action::RestartAll`].
    RestartAll,
    /// [`Action::Restore`].
    Restore,
    /// [`Action::Bring`].
    Bring,
    /// [`Action::StopClients`].
    StopClients,
    /// [`Action::StopAll`].
    StopAll,
    /// [`Action::StartClients`].
    StartClients,
    /// [`Action::RestoreAll`].
    RestoreAll,
    /// [`Action::Disarm`].
    Disarm,
    /// [`Action::Decide`].
    Decide,
    /// [`Action::Record`].
    Record,
}

words!(Word {
    Look = "look", Snapshot = "snapshot", Copy = "copy", Add = "add", Start = "start", Lead = "lead", Compact = "compact",
    Defragment = "defragment", CatchUp = "catch-up",
    Promote = "promote", Clients = "clients", Remove = "remove", Retire = "retire",
    Readdress = "readdress", Restart = "restart", Upgrade = "upgrade", Announce = "announce",
    Downgrade = "downgrade", RestartAll = "restart-all", Restore = "restore", Bring = "bring",
    StopClients = "stop-clients", StopAll = "stop-all", StartClients = "start-clients", RestoreAll = "restore-all", Disarm = "disarm",
    Decide = "decide", Record = "record",
});

impl Action {
    /// Returns its word.
    pub const fn word(&self) -> Word {
        match self {
            Self::Look(_) => Word::Look,
            Self::Snapshot(_) => Word::Snapshot,
            Self::Copy(_) => Word::Copy,
            Self::Add(_) => Word::Add,
            Self::Start(_) | Self::StartAgain(_) => Word::Start,
            Self::Lead(_) => Word::Lead,
            Self::Compact => Word::Compact,
            Self::Defragment(_) => Word::Defragment,
            Self::CatchUp(_) => Word::CatchUp,
            Self::Promote(_) => Word::Promote,
            Self::Clients { .. } => Word::Clients,
            Self::Remove(_) => Word::Remove,
            Self::Retire(_) => Word::Retire,
            Self::Readdress(_) => Word::Readdress,
            Self::Restart(_) => Word::Restart,
            Self::Upgrade(..) => Word::Upgrade,
            Self::Announce(_) => Word::Announce,
            Self::Downgrade(..) => Word::Downgrade,
            Self::RestartAll => Word::RestartAll,
            Self::Restore(_) => Word::Restore,
            Self::Bring => Word::Bring,
            Self::StopClients => Word::StopClients,
            Self::StopAll => Word::StopAll,
            Self::StartClients => Word::StartClients,
            Self::RestoreAll => Word::RestoreAll,
            Self::Disarm => Word::Disarm,
            Self::Decide(_) => Word::Decide,
            Self::Record => Word::Record,
        }
    }

    /// Returns the member that it is about.
    pub fn member(&self) -> Option<&str> {
        match self {
            Self::Snapshot(name)
            | Self::Copy(name)
            | Self::Add(name)
            | Self::Start(name)
            | Self::StartAgain(name)
            | Self::Lead(name)
            | Self::Defragment(name)
            | Self::CatchUp(name)
            | Self::Promote(name)
            | Self::Remove(name)
            | Self::Retire(name)
            | Self::Readdress(name)
            | Self::Restart(name)
            | Self::Upgrade(name, _)
            | Self::Downgrade(name, _) => Some(name),
            Self::Look(_)
            | Self::Announce(_)
            | Self::Compact
            | Self::RestartAll
            | Self::Restore(_)
            | Self::Clients { .. }
            | Self::Bring
            | Self::StopClients
            | Self::StopAll
            | Self::StartClients
            | Self::RestoreAll
            | Self::Disarm
            | Self::Decide(_)
            | Self::Record => None,
        }
    }

    /// Returns the same in parts that may be done together or one by one: what is to be done for several clients, for
    /// each of them.
    pub fn parts(&self) -> Vec<Self> {
        match self {
            Self::Clients { names, entering, leaving, between } => {
                let part = |name: &String| Self::Clients {
                    names: vec![name.clone()],
                    entering: entering.clone(),
                    leaving: leaving.clone(),
                    between: between.clone(),
                };
                names.iter().map(part).collect()
            }
            other => vec![other.clone()],
        }
    }

    /// Tells whether members tell that it was done. Of new files, a restart, or what clients have, they tell nothing.
    pub const fn is_told(&self) -> bool {
        match self {
            Self::Add(_)
            | Self::Start(_)
            | Self::StartAgain(_)
            | Self::Lead(_)
            | Self::Compact
            | Self::CatchUp(_)
            | Self::Promote(_)
            | Self::Remove(_)
            | Self::Announce(_)
            | Self::Disarm => true,
            Self::Look(_)
            | Self::Snapshot(_)
            | Self::Copy(_)
            | Self::Defragment(_)
            | Self::Clients { .. }
            | Self::Retire(_)
            | Self::Readdress(_)
            | Self::Restart(_)
            | Self::Upgrade(..)
            | Self::Downgrade(..)
            | Self::RestartAll
            | Self::Restore(_)
            | Self::Bring
            | Self::StopClients
            | Self::StopAll
            | Self::RestoreAll
            | Self::StartClients
            | Self::Decide(_)
            | Self::Record => false,
        }
    }

    /// Returns the etcd that is installed in it, or that all are to run after it.
    pub const fn etcd(&self) -> Option<EtcdVersion> {
        match self {
            Self::Upgrade(_, version)
            | Self::Downgrade(_, version)
            | Self::Announce(version)
            | Self::Restore(version) => Some(*version),
            _ => None,
        }
    }

    /// Returns the clients that it is about.
    pub fn clients(&self) -> &[String] {
        match self {
            Self::Clients { names, .. } => names,
            Self::Decide(name) => core::slice::from_ref(name),
            _ => &[],
        }
    }
}

/// A line for a person.
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Look(Look::Leader) => f.write_str("see who leads"),
            Self::Look(Look::Sizes) => f.write_str("see how large the databases are"),
            Self::Look(Look::Content) => f.write_str("see whether there is data of the second API"),
            Self::Look(Look::Clients) => f.write_str("see that every client has a certificate"),
            Self::Look(Look::Users) => f.write_str("see who logs in by certificate"),
            Self::Look(Look::Upgrade) => f.write_str("see whether all may be upgraded"),
            Self::Snapshot(member) => write!(f, "snapshot of {member}"),
            Self::Copy(member) => write!(f, "files to {member}"),
            Self::Add(member) => write!(f, "add {member} as learner"),
            Self::Start(member) => write!(f, "install and start {member}"),
            Self::StartAgain(member) => write!(f, "start {member} again"),
            Self::Lead(member) => write!(f, "let {member} lead"),
            Self::Compact => f.write_str("compact the history"),
            Self::Defragment(member) => write!(f, "defragment {member}"),
            Self::CatchUp(member) => write!(f, "{member} catches up"),
            Self::Promote(member) => write!(f, "promote {member}"),
            Self::Clients { names, entering, leaving, between } => {
                let word = if names.len() == 1 { "client" } else { "clients" };
                write!(f, "{word} {}", few(names))?;
                if !between.is_empty() {
                    return f.write_str(": former and new endpoints");
                }
                let ways = [(entering, "in"), (leaving, "out")];
                let ways = ways.into_iter().filter(|(members, _)| !members.is_empty());
                for (at, (members, way)) in ways.enumerate() {
                    write!(f, "{}{} {way}", if at == 0 { ": " } else { ", " }, few(members))?;
                }
                Ok(())
            }
            Self::Remove(member) => write!(f, "remove {member}"),
            Self::Retire(member) => write!(f, "stop {member} for good"),
            Self::Readdress(member) => write!(f, "re-address {member}"),
            Self::Restart(member) => write!(f, "restart {member}"),
            Self::Upgrade(member, version) => write!(f, "upgrade {member} to {version}"),
            Self::Announce(version) => write!(f, "lead etcd back to {}", version.minor()),
            Self::Downgrade(member, version) => write!(f, "downgrade {member} to {version}"),
            Self::RestartAll => f.write_str("stop all, then start all"),
            Self::Restore(version) => write!(f, "stop all, restore all with {version}"),
            Self::Bring => f.write_str("the snapshot to all nodes"),
            Self::StopClients => f.write_str("stop the clients"),
            Self::StopAll => f.write_str("stop all, set their data aside"),
            Self::StartClients => f.write_str("start the clients"),
            Self::RestoreAll => f.write_str("restore all, start all"),
            Self::Disarm => f.write_str("disarm alarms, then one write"),
            Self::Decide(client) => write!(f, "client {client} is gone: its certificate"),
            Self::Record => f.write_str("record it"),
        }
    }
}

/// Returns two names, and how many there are besides.
fn few(names: &[String]) -> String {
    match names {
        [] | [_] | [_, _] | [_, _, _] => names.join(", "),
        [one, two, rest @ ..] => format!("{one}, {two} and {} more", rest.len()),
    }
}
