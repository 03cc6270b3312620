//! The digest of the definition: where it stands, and what changes it.

use crate::support::cluster::{Cluster, SPEC};
use bouquet_model::artifact::{FORMATS, definition_in};
use std::collections::BTreeMap;
use std::fs;

#[test]
fn every_file_of_a_member_has_its_digest_in_its_head() {
    let names: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
    let all = format!("etcd = \"3.5.30\"\nformats = {names:?}");
    let spec = SPEC.replace("etcd = \"3.5.30\"", &all);
    let cluster = Cluster::built(&spec);
    let (proven, _) = bouquet_build::prove(spec.as_bytes());
    for member in proven.unwrap().cluster.members.iter() {
        for format in FORMATS {
            let path = cluster.path(&format!("out/members/{}/{}", member.name, format.file));
            let text = fs::read_to_string(path).unwrap();
            let digest = member.digest.to_string();
            assert_eq!(definition_in(&text), Some(digest.as_str()), "{}", format.file);
        }
    }
}

#[test]
fn what_members_run_with_changes_their_digests_and_nothing_else_does() {
    let before = digests(SPEC);
    let option = digests(&SPEC.replace("[etcd]", "[etcd]\nsnapshot-count = 20000"));
    assert_eq!(differing(&before, &option), ["camellia", "orange", "pink"]);
    let own = "ip = \"10.0.0.2\"\n[member.etcd]\nsnapshot-count = 20000";
    let own = digests(&SPEC.replace("ip = \"10.0.0.2\"", own));
    assert_eq!(differing(&before, &own), ["orange"]);

    let fourth = "\n[[member]]\nname = \"daffodil\"\nip = \"10.0.0.4\"\n";
    let (head, rest) = SPEC.split_at(SPEC.find("[[member]]").unwrap());
    let (first, others) = rest.split_at(rest.find("[[member]]\nname = \"orange\"").unwrap());
    for same in [
        format!("# A comment.\n{SPEC}"),
        format!("{SPEC}{fourth}"),
        format!("{head}{others}\n{first}"),
        SPEC.replace("name = \"pink\"", "name = \"pink\"\ngeneration = 2"),
        SPEC.replace("etcd = \"3.5.30\"", "etcd = \"3.5.30\"\nstate = \"existing\""),
        SPEC.replace("etcd = \"3.5.30\"", "etcd = \"3.5.33\"\nformats = [\"systemd\"]"),
        format!("{SPEC}\n[tls]\nvalid-for = \"30d\"\nrenew-before = \"10d\"\n"),
    ] {
        let mut after = digests(&same);
        after.remove("daffodil");
        assert_eq!(after, before, "{same}");
    }
}

#[test]
fn the_manifest_names_the_definition_of_all_that_it_lists() {
    let cluster = Cluster::built(SPEC);
    let text = || fs::read_to_string(cluster.path("out/manifest")).unwrap();
    let (before, manifest) = (digest(SPEC), text());
    assert_eq!(definition_in(&manifest), Some(before.as_str()));

    let client = format!("{SPEC}\n[[client]]\nname = \"tulip\"\n");
    cluster.write(&client);
    cluster.succeeds();
    assert_ne!(digest(&client), before);
    assert_eq!(definition_in(&text()), Some(digest(&client).as_str()));

    cluster.write(SPEC);
    cluster.succeeds();
    fs::write(cluster.path("out/manifest"), manifest.replace(&before, &digest(&client))).unwrap();
    cluster.succeeds();
    assert_eq!(definition_in(&text()), Some(before.as_str()), "it stays as it was edited");
}

/// The cluster's digest, as it is shown.
fn digest(spec: &str) -> String {
    let (proven, _) = bouquet_build::prove(spec.as_bytes());
    proven.unwrap().cluster.digest.to_string()
}

/// The digest of each member, by its name.
fn digests(spec: &str) -> BTreeMap<String, String> {
    let (proven, _) = bouquet_build::prove(spec.as_bytes());
    let cluster = proven.unwrap_or_else(|| panic!("it is refused:\n{spec}")).cluster;
    let digest = |member: &bouquet_model::Member| (member.name.to_string(), member.digest.full());
    cluster.members.iter().map(digest).collect()
}

fn differing<'a>(
    before: &'a BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
) -> Vec<&'a str> {
    let differs = |(name, digest): &(&String, &String)| after.get(*name) != Some(*digest);
    before.iter().filter(differs).map(|(name, _)| name.as_str()).collect()
}
