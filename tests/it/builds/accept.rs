//! Changes that are accepted by name, in whole builds.

use crate::support::cluster::{Cluster, SPEC};
use bouquet_build::prove;
use std::fs;

const ACCEPT: &str = "accept = [\"camellia.data-dir = /srv/etcd\", \"orange.data-dir = /srv/etcd\", \
                      \"pink.data-dir = /srv/etcd\"]";

fn moved() -> String {
    SPEC.replace("/data/etcd", "/srv/etcd")
}

fn accepting(spec: &str) -> String {
    spec.replace("[cluster]", &format!("[cluster]\n{ACCEPT}"))
}

#[test]
fn what_is_accepted_is_a_warning_until_it_is_recorded_and_then_to_be_deleted() {
    let cluster = Cluster::built(SPEC);
    cluster.record();
    cluster.write(moved());
    let said = cluster.fails();
    assert!(said.contains(&format!("under [cluster]: `{ACCEPT}`")), "{said}");

    cluster.write(accepting(&moved()));
    let first = cluster.succeeds();
    assert!(first.contains("accepted, and to be done with care"), "{first}");
    assert!(cluster.read("out/members/pink/etcd.sh").contains("/srv/etcd"));
    assert_eq!(cluster.succeeds(), first, "as long as it is not recorded");

    cluster.record();
    let said = cluster.succeeds();
    assert!(!said.contains("to be done with care"), "{said}");
    assert_eq!(said.matches("`accept` is not needed for").count(), 3, "{said}");
    assert!(said.contains("delete the line `accept = …`"), "{said}");
    cluster.write(moved());
    assert_eq!(cluster.succeeds(), "");
}

/// It is no part of what anyone runs, or of what the program knows.
#[test]
fn it_changes_no_file_and_no_digest() {
    let cluster = Cluster::built(SPEC);
    let module = cluster.read("target/cluster.rs");
    cluster.write(accepting(SPEC));
    let built = cluster.build();
    assert_eq!(built.written(), []);
    assert_eq!(cluster.read("target/cluster.rs"), module);
    let digest = |spec: &str| prove(spec.as_bytes()).0.unwrap().cluster.digest;
    assert_eq!(digest(SPEC), digest(&accepting(SPEC)));
}

#[test]
fn an_entry_that_is_none_is_an_error_at_its_place() {
    for (entries, told) in [
        ("\"\"", "an entry of `accept` names nothing"),
        ("\"a\", \"a\"", "`a` is in `accept` twice"),
        ("\"a\\nb\"", "accept"),
        ("7", "a list of strings"),
    ] {
        let cluster =
            Cluster::new(SPEC.replace("[cluster]", &format!("[cluster]\naccept = [{entries}]")));
        let said = cluster.fails();
        assert!(said.contains(told) && said.contains("cluster.toml:3:"), "{entries}: {said}");
        assert!(fs::read_dir(cluster.path("out")).is_err(), "it was built");
    }
}

#[test]
fn an_entry_that_can_accept_nothing_is_told_from_one_that_is_not_needed() {
    let cluster = Cluster::built(SPEC);
    cluster.record();
    let with = |spec: &str, entries: &str| {
        cluster.write(spec.replace("[cluster]", &format!("[cluster]\naccept = [{entries}]")));
    };
    with(
        SPEC,
        "\"yes\", \"ornge.data-dir = /srv\", \"pink.data-dri = /srv\", \"remove client/rot\"",
    );
    let said = cluster.succeeds();
    assert!(said.contains("`yes` accepts no change of any kind"), "{said}");
    assert!(said.contains("an entry is one of `NAME.OPTION = VALUE`, "), "{said}");
    assert!(said.contains("`accept` names `ornge`, which is no member"), "{said}");
    assert!(said.contains("did you mean `orange.data-dir = /srv`? if not, delete it"), "{said}");
    assert!(said.contains("`accept` names `data-dri`, which is no option"), "{said}");
    assert!(said.contains("did you mean `remove client/root`?"), "{said}");
    assert!(!said.contains("is not needed for"), "{said}");

    // Beside the error that it was meant to silence.
    with(&moved(), "\"ornge.data-dir = /srv/etcd\"");
    let said = cluster.fails();
    assert!(said.contains("did you mean `orange.data-dir = /srv/etcd`?"), "{said}");
    with(SPEC, "\"orange.data-dir = /srv\"");
    assert!(cluster.succeeds().contains("`accept` is not needed for `orange.data-dir = /srv`"));
}
