//! The manner in which a change is carried out: its words and the steps of a plan both follow from it.

use super::class::Class;
use super::tls::OF_HANDSHAKES;
use super::what::{Change, Subject, What};
use crate::release;
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
    /// A person does it, by the words of its procedure: no step of a plan can.
    ByHand,
}

impl Change {
    /// Returns the manner in which it is carried out, once it is accepted where it was refused.
    pub fn manner(&self) -> Manner {
        let Self { subject, what, class } = self;
        if *class != Class::Refused || matches!(subject, Subject::Client(_)) {
            return Manner::OneByOne;
        }
        match what {
            What::Option { name, .. } if name == "force-new-cluster" => Manner::ByHand,
            What::Option { name, .. } if OF_HANDSHAKES.contains(&name.as_str()) => {
                Manner::AllAtOnce
            }
            What::Trust { .. } => Manner::AllAtOnce,
            What::Version { from, to } => version(*from, *to),
            _ => Manner::OneByOne,
        }
    }
}

fn version(from: EtcdVersion, to: EtcdVersion) -> Manner {
    if from.minor() == to.minor() || release::edge(from, to).is_some() {
        return Manner::OneByOne;
    }
    match (from.minor(), to.minor()) {
        // etcd knows the way back from 3.6 on, one minor at a time (`downgrade` in its `etcdctl`).
        (Minor::V3_6, Minor::V3_5) => Manner::Announced,
        _ => Manner::Restored,
    }
}
