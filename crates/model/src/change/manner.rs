//! The manner in which a change is carried out: its words and the steps of a plan both follow from it.

use super::class::Class;
use super::tls::OF_HANDSHAKES;
use super::what::{Change, Subject, What};
use crate::version::{EtcdVersion, Minor};

/// The manner in which a change is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// One machine after another, while the others serve.
    OneByOne,
    /// All members are stopped, get their files, and are started: nobody is served in between.
    AllAtOnce,
    /// etcd is told of the lower version first, and then the members get it one after another (`etcdctl
    /// downgrade enable`).
    Announced,
    /// All members are stopped, and start with another etcd on what one snapshot has.
    Restored,
}

impl Change {
    /// Returns the manner in which it is carried out, once it is accepted where it was refused.
    pub fn manner(&self) -> Manner {
        let Self { subject, what, class } = self;
        if *class != Class::Refused || matches!(subject, Subject::Client(_)) {
            return Manner::OneByOne;
        }
        match what {
            What::Option { name, .. } if OF_HANDSHAKES.contains(&name.as_str()) => {
                Manner::AllAtOnce
            }
            What::Trust { .. } => Manner::AllAtOnce,
            What::Version { from, to, has_risen, .. } => version(*from, *to, *has_risen),
            _ => Manner::OneByOne,
        }
    }
}

fn version(from: EtcdVersion, to: EtcdVersion, has_risen: bool) -> Manner {
    match from.steps_to(to) {
        0 | 1 => Manner::OneByOne,
        // What runs can go back as it came.
        -1 if !has_risen => Manner::OneByOne,
        // The one way back that is led by etcd's own word (`downgrade` in the `etcdctl` of 3.6).
        -1 if from.minor() == Minor::V3_6 => Manner::Announced,
        _ => Manner::Restored,
    }
}
