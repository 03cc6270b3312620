//! The names that programs use: a constant for each member and client, and for each part of a
//! connection.

use bouquet_model::Cluster;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Returns the module `named`.
///
/// Constants alone, whose texts need no layout.
pub(super) fn module(cluster: &Cluster, ca_pem: Option<&str>) -> String {
    let mut text = format!(
        "/// The names that programs use; see `bouquet_model::include_cluster`.
#[allow(dead_code, missing_docs, unreachable_pub, unused_imports)]
pub mod named {{
    use ::bouquet_model::cluster::ClusterId;

    /// `initial-cluster-token`.
    pub const TOKEN: &str = {:?};

    /// etcd's ID of the cluster; `None` where it was there before its `cluster.toml`.
    pub const CLUSTER_ID: Option<ClusterId> = {};

    /// Every URL that a client may dial.
    pub const ENDPOINTS: &[&str] = &[
",
        cluster.token,
        cluster.id.map_or_else(
            || "None".to_owned(),
            |id| format!("Some(ClusterId({}))", super::hex(id.0))
        ),
    );
    for url in cluster.endpoints() {
        let _ = writeln!(text, "        {:?},", url.to_string());
    }
    text += "    ];\n";
    if let Some(pem) = ca_pem {
        // PEM has no character that a literal would escape.
        let _ = write!(
            text,
            "
    /// The certificates of the CAs that clients trust, in PEM.
    pub const CA_PEM: &str = \"\\\n{pem}\";
"
        );
    }
    let members = cluster.members.iter().map(|member| member.name.constant());
    list(&mut text, "members", "Member", members);
    let clients = cluster.clients.iter().map(|client| client.name.constant());
    list(&mut text, "clients", "Client", clients);
    text + "}\n"
}

/// Appends a module with a constant for each entry of a list of the cluster. Of those that would
/// have the same, none has any: it would be another's as soon as their order changes.
fn list(text: &mut String, list: &str, item: &str, names: impl Iterator<Item = String>) {
    let _ = write!(
        text,
        "
    /// The {list}, by their names.
    pub mod {list} {{
        use super::super::CLUSTER;
        use ::bouquet_model::{{{item}, prelude::nth}};

"
    );
    let names: Vec<String> = names.collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in &names {
        *counts.entry(name).or_default() += 1;
    }
    for (place, name) in names.iter().enumerate().filter(|(_, name)| counts[name.as_str()] == 1) {
        let _ =
            writeln!(text, "        pub const {name}: &{item} = nth(&CLUSTER.{list}, {place});");
    }
    *text += "    }\n";
}

#[cfg(test)]
mod tests {
    use super::module;

    const SPEC: &str = "[cluster]\ntoken = \"t\\\"1\"\netcd = \"3.5\"\n\
        [[member]]\nname = \"a-b\"\nip = \"10.0.0.1\"\n[[member]]\nname = \"10.self\"\nip = \"10.0.0.2\"\n\
        [[member]]\nname = \"a_b\"\nip = \"10.0.0.3\"\n[[client]]\nname = \"kube-apiserver\"\n";

    fn named(spec: &str, ca_pem: Option<&str>) -> String {
        let proven = crate::prove(spec.as_bytes()).0.expect("the spec is a cluster");
        module(&proven.cluster, ca_pem)
    }

    #[test]
    fn names_are_constants_in_the_order_of_the_spec_and_shared_ones_are_none() {
        let text = named(SPEC, Some("PEM\n"));
        let constants: Vec<&str> =
            text.lines().filter(|line| line.contains("= nth(")).map(str::trim).collect();
        assert_eq!(
            constants,
            [
                "pub const _10_SELF: &Member = nth(&CLUSTER.members, 1);",
                "pub const KUBE_APISERVER: &Client = nth(&CLUSTER.clients, 0);",
            ]
        );
    }

    #[test]
    fn what_a_connection_takes_is_there() {
        let text = named(SPEC, Some("PEM\n"));
        for part in [
            "pub const TOKEN: &str = \"t\\\"1\";",
            "pub const CLUSTER_ID: Option<ClusterId> = Some(ClusterId(0x",
            "        \"https://10.0.0.2:2379\",\n",
            "pub const CA_PEM: &str = \"\\\nPEM\n\";",
        ] {
            assert!(text.contains(part), "{text}");
        }
    }

    #[test]
    fn what_is_not_known_is_none_and_who_trusts_nobody_has_no_constant() {
        let text = named(&SPEC.replace("3.5\"", "3.5\"\nstate = \"existing\""), None);
        assert!(text.contains("pub const CLUSTER_ID: Option<ClusterId> = None;"), "{text}");
        assert!(!text.contains("CA_PEM"), "{text}");
    }
}
