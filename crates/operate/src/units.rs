//! What is typed on nodes for the units of members.

use bouquet_model::Cluster;
use bouquet_model::diagnostic::quoted;
use std::collections::{BTreeMap, BTreeSet};

/// Returns the names of the members' units.
pub(crate) fn units(cluster: &Cluster) -> BTreeMap<&str, String> {
    let members = cluster.members.iter();
    members.map(|member| (member.name.as_str(), cluster.unit_name(member))).collect()
}

/// Returns a command of systemd's for the units of these members: as one where they have one name, else one by one.
pub(crate) fn on_nodes(units: &BTreeMap<&str, String>, command: &str, names: &[&str]) -> String {
    // One that is not compiled any more was alone on its node, or its node says.
    let unit = |name: &str| -> &str { units.get(name).map_or("etcd", String::as_str) };
    let all: BTreeSet<&str> = names.iter().map(|name| unit(name)).collect();
    match Vec::from_iter(all).as_slice() {
        [unit] if names.len() > 1 => format!("`{command} {unit}` on each of their nodes"),
        _ => {
            let each = names
                .iter()
                .map(|name| format!("`{command} {}` on the node of {}", unit(name), quoted(name)));
            each.collect::<Vec<_>>().join(", ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_that_share_a_node_have_units_of_their_own() {
        let name = |unit: &str| unit.to_owned();
        let units = BTreeMap::from([
            ("a", name("etcd-a")),
            ("b", name("etcd-b")),
            ("c", name("etcd")),
            ("d", name("etcd")),
        ]);
        let typed = |names: &[&str]| on_nodes(&units, "systemctl stop", names);
        assert_eq!(typed(&["c", "d"]), "`systemctl stop etcd` on each of their nodes");
        assert_eq!(typed(&["a"]), "`systemctl stop etcd-a` on the node of `a`");
        assert_eq!(
            typed(&["a", "c"]),
            "`systemctl stop etcd-a` on the node of `a`, `systemctl stop etcd` on the node of `c`"
        );
    }
}
