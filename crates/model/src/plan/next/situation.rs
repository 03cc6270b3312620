//! What a decision is made from: the cluster as it was seen, beside what it is to be.

use crate::words::words;

/// The cluster at some moment, and what is still to be done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Situation {
    /// Those that are in the list of members, and those that are to be.
    pub members: Vec<Member>,
    /// What is wrong with the space for data, or with the data.
    pub alarm: Option<Alarm>,
    /// Whether clients have what they are to have.
    pub clients: Clients,
    /// Whether a snapshot has to be saved before a voter leaves, or another etcd comes: it was not in this run.
    pub saves_first: bool,
    /// Whether something has to be looked at before anything is changed.
    pub has_looks: bool,
    /// Whether it is known who leads. Where nobody was asked it is not, and leadership is no reason for anything.
    pub knows_leader: bool,
    /// Whether restarts bring another minor of etcd.
    pub upgrades: bool,
    /// Whether restarts raise the quota, which is what ends a lack of space then.
    pub raises_quota: bool,
    /// Whether a restart may stop writes, where no other member can take over.
    pub accepts_downtime: bool,
    /// Whether etcd has still to be told of the lower minor that members are to get.
    pub owes_announcement: bool,
}

/// Says whether clients have the files and endpoints that they are to have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Clients {
    /// They have them.
    #[default]
    Current,
    /// They have others, and too few of the members that they are to dial answer yet.
    Owed,
    /// They have others, and can be given theirs.
    Due,
}

/// A member, or one that is to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Member {
    /// Whether it is to be.
    pub wanted: Wanted,
    /// What the list of members says of it.
    pub seat: Seat,
    /// How it is.
    pub life: Life,
    /// What its data is worth.
    pub data: Data,
    /// Whether it leads, as itself or others say.
    pub leads: bool,
    /// Whether its etcd is of the minor that all had before restarts bring another one.
    pub has_former_minor: bool,
    /// What has to be done to it.
    pub due: Due,
}

/// Says whether a member is to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wanted {
    /// The spec has it.
    #[default]
    Yes,
    /// The spec has it no more.
    No,
    /// The spec has it, and the operator asked for a new member in its place.
    Replaced,
}

/// Says what the list of members has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Seat {
    /// It is not in it.
    #[default]
    Absent,
    /// It is in it, without a vote.
    Learner,
    /// It has a vote.
    Voter,
}

/// Says how a member is, as far as it can be seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Life {
    /// It has never run.
    #[default]
    New,
    /// Nothing listens there: it can be started.
    Down,
    /// It says nothing: its machine, the way to it, or its process. Nobody can tell from here whether it runs.
    Silent,
    /// It answers, and has not caught up, or has no leader.
    Behind,
    /// It answers as itself, with a leader, and keeps up.
    Up,
}

words!(Life {
    New = "new", Down = "down", Silent = "silent", Behind = "behind", Up = "up",
});

/// Says what a member's data is worth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Data {
    /// It is its own, as far as can be seen.
    #[default]
    Own,
    /// It differs from the others', or is older than what it once had.
    Odd,
    /// Two processes run as this member.
    Twice,
}

words!(Data { Own = "own", Odd = "odd", Twice = "twice" });

/// Says what has to be done to a member.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing of its own to do")]
pub struct Due {
    /// It gets certificates, or files that count at its next start.
    pub copy: bool,
    /// The list has to learn other peer URLs of it.
    pub readdress: bool,
    /// Its place is still another one's.
    pub is_held: bool,
    /// How often it has still to be restarted.
    pub restarts: u8,
    /// Its database holds space that it has no use for.
    pub defragment: bool,
    /// It left, and its unit and data are still there.
    pub retire: bool,
    /// Its clock lies outside the dates of the certificates that it is to get.
    pub has_wrong_clock: bool,
}

/// Names the alarms that there are, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Alarm {
    /// Members have different data.
    Corrupt,
    /// There is no space for data.
    Space(Space),
    /// One that has no reason any more: of a member that is gone, or of a lack of space that is over.
    LeftOver,
}

/// Says how far the way out of a lack of space was gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Space {
    /// The history is still there.
    Full,
    /// It is gone: what is left is the space that members keep for it.
    Compacted,
}

impl Alarm {
    /// Every value, the worst first.
    pub const ALL: [Self; 4] =
        [Self::Corrupt, Self::Space(Space::Full), Self::Space(Space::Compacted), Self::LeftOver];

    /// Returns the word for it, for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Corrupt => "corrupt",
            Self::Space(Space::Full) => "no-space",
            Self::Space(Space::Compacted) => "compacted",
            Self::LeftOver => "left-over",
        }
    }

    /// Returns the alarm that a word stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|alarm| alarm.as_str() == word)
    }
}

impl Member {
    /// Tells whether it has a vote.
    pub const fn votes(&self) -> bool {
        matches!(self.seat, Seat::Voter)
    }

    /// Tells whether it counts for a quorum: it has a vote, is up, and its data is its own.
    pub const fn is_up(&self) -> bool {
        self.votes() && matches!(self.life, Life::Up) && matches!(self.data, Data::Own)
    }

    /// Tells whether it stays.
    pub const fn stays(&self) -> bool {
        matches!(self.wanted, Wanted::Yes)
    }
}

impl Situation {
    /// Returns how many have a vote.
    pub fn voters(&self) -> usize {
        self.members.iter().filter(|member| member.votes()).count()
    }

    /// Returns how many of those are up.
    pub fn up(&self) -> usize {
        self.members.iter().filter(|member| member.is_up()).count()
    }
}
