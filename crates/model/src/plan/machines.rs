//! Which machine each member is on, by the host of its peer URLs.

use super::commands::address;
use crate::running::Running;
use std::collections::BTreeMap;

/// The members of one side by the machine that they are on.
pub(super) type Machines<'a> = BTreeMap<String, Vec<&'a str>>;

/// Returns the machines of all members; one whose address is not known is on none.
pub(super) fn machines(running: &Running) -> Machines<'_> {
    let mut all = Machines::new();
    for (name, member) in &running.members {
        if let Some(host) = address(member) {
            all.entry(host).or_default().push(name);
        }
    }
    all
}

/// Returns those that have several members: one unit starts one of them.
pub(super) fn shared<'a>(machines: &'a Machines<'_>) -> impl Iterator<Item = &'a str> {
    machines.iter().filter(|(_, names)| names.len() > 1).map(|(host, _)| host.as_str())
}
