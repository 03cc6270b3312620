//! What a value comes to: values that are written differently and do the same.

use super::difference::Difference;
use crate::effective::{QUOTA, quota};
use crate::option::{EtcdOption, Successor, find};
use crate::version::{EtcdVersion, Minor};

/// Tells whether etcd does the same with both: because the one is the other's default, for example. A member
/// that runs has nothing to gain from a restart then.
pub(super) fn is_same(difference: &Difference, was: EtcdVersion, is: EtcdVersion) -> bool {
    let Difference { name, from, to } = difference;
    if name == QUOTA {
        return quota(from.as_deref()) == quota(to.as_deref());
    }
    let Some(option) = find(name) else { return false };
    let from = from.as_deref().or_else(|| default(option, was));
    let to = to.as_deref().or_else(|| default(option, is));
    from.is_some() && from == to
}

/// Returns what an option is where it is not given, in this version, under whatever name it has there.
fn default(option: &EtcdOption, version: EtcdVersion) -> Option<&'static str> {
    let own = option.default(version);
    let later = || option.alias().and_then(|alias| alias.default(version));
    let is_gate = matches!(option.successor(), Successor::Gate(_));
    let last = || {
        let releases =
            Minor::ALL.iter().rev().map(|minor| EtcdVersion::new(*minor, Some(u16::MAX)));
        releases.filter(|_| is_gate).find_map(|release| option.default(release))
    };
    own.or_else(later).or_else(last)
}
