//! What goes wrong while a change is carried out.

use super::super::journey::Journey;
use std::thread::sleep;
use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// `apply` is killed.
    Killed,
    /// etcd of a member that stays is killed; systemd starts it again.
    EtcdKilled,
    /// It hangs.
    EtcdHangs,
    /// Its machine is cut off.
    MemberCut,
    /// The control host is.
    ControlCut,
    /// The disk of a member that is to start is full.
    DiskFull,
}

/// How long it lasts.
const LASTS: Duration = Duration::from_secs(8);

impl Fault {
    pub(super) const ALL: [Self; 6] = [
        Self::Killed,
        Self::EtcdKilled,
        Self::EtcdHangs,
        Self::MemberCut,
        Self::ControlCut,
        Self::DiskFull,
    ];

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Killed => "apply is killed",
            Self::EtcdKilled => "etcd of another member is killed",
            Self::EtcdHangs => "etcd of another member hangs",
            Self::MemberCut => "another member is cut off",
            Self::ControlCut => "the control host is cut off",
            Self::DiskFull => "a disk is full",
        }
    }

    /// Whether members go on as before.
    pub(super) const fn spares_members(self) -> bool {
        matches!(self, Self::Killed | Self::ControlCut)
    }

    /// Lets it happen, and puts it right; but for a disk, which is full before.
    pub(super) fn happens(self, journey: &mut Journey, other: &'static str) {
        match self {
            Self::Killed => {
                journey.typed("pkill -KILL -P $(cat applying.pid) bouquet || :");
            }
            Self::EtcdKilled => {
                journey.machine(other).sh("systemctl kill --signal=KILL etcd");
            }
            Self::EtcdHangs => {
                journey.machine(other).sh("systemctl kill --signal=STOP etcd");
                sleep(LASTS);
                journey.machine(other).sh("systemctl kill --signal=CONT etcd");
            }
            Self::MemberCut => {
                journey.network.cut(other);
                sleep(LASTS);
                journey.network.mend(other);
            }
            Self::ControlCut => {
                journey.network.cut_operator();
                sleep(LASTS);
                journey.network.mend_operator();
            }
            Self::DiskFull => {}
        }
    }
}

/// A disk of its own for the data: one that can be filled.
pub(super) fn has_a_disk(journey: &mut Journey, name: &str) {
    journey.machine(name).sh("mkdir -p /data && mount -t tmpfs -o size=2g tmpfs /data");
}

pub(super) fn is_filled(journey: &mut Journey, name: &str) {
    journey.machine(name).sh("cat /dev/zero >/data/full 2>/dev/null || :");
}

pub(super) fn is_emptied(journey: &mut Journey, name: &str) {
    journey.machine(name).sh("rm -f /data/full");
}
