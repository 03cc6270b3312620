//! Clients without a common name: issued here or signed elsewhere, kept, changed, and revoked by name.

use crate::support::cluster::{Cluster, SPEC};
use crate::support::offsite::{SIGN, offsite, sign, writes_nothing};
use crate::support::programs::{shell, verify};
use std::fs;

/// A client more, with these lines in its section.
fn patroni(lines: &str) -> String {
    format!("{SPEC}\n[[client]]\nname = \"pg\"\n{lines}\n")
}

fn subject(cluster: &Cluster) -> String {
    let script = "openssl x509 -noout -subject -nameopt RFC2253 -in out/clients/pg/client.crt";
    shell(script, cluster.folder.path()).trim().to_owned()
}

#[test]
fn a_client_has_no_common_name_where_the_spec_says_so() {
    for (lines, expected) in [
        ("", "subject=CN=pg"),
        ("common-name = true", "subject=CN=pg"),
        ("common-name = false", "subject=O=pg"),
        ("for = \"patroni\"", "subject=O=pg"),
        ("for = \"apisix\"", "subject=O=pg"),
    ] {
        let cluster = Cluster::built(patroni(lines));
        assert_eq!(subject(&cluster), expected, "{lines}");
        verify(&cluster.path("out"));
        assert_eq!(cluster.build().written(), []);
    }
}

#[test]
fn a_certificate_changes_when_the_spec_asks_for_it_and_says_why() {
    let cluster = Cluster::built(patroni(""));
    let root = fs::read(cluster.path("out/clients/root/client.crt")).unwrap();
    cluster.write(patroni("for = \"patroni\""));
    let said = cluster.succeeds();
    assert!(said.contains("has the common name `pg`, and is to have none"), "{said}");
    assert_eq!(subject(&cluster), "subject=O=pg");
    assert_eq!(fs::read(cluster.path("out/clients/root/client.crt")).unwrap(), root);
    assert_eq!(cluster.build().written(), []);
    cluster.write(patroni(""));
    let said = cluster.succeeds();
    assert!(said.contains("common name changed from `O=pg` to `pg`"), "{said}");
}

#[test]
fn a_client_without_a_common_name_is_revoked_by_its_name() {
    let cluster = Cluster::built(patroni("common-name = false"));
    let script = "openssl x509 -noout -serial -in out/clients/pg/client.crt | cut -d= -f2";
    let old = shell(script, cluster.folder.path());
    cluster.write(patroni(
        "common-name = false\ngeneration = 2\n[[revoked]]\nname = \"pg\"\ndate = \"2099-01-01\"",
    ));
    cluster.succeeds();
    let list = "openssl crl -inform DER -in out/members/pink/certs/revoked.crl -noout -text";
    let list = shell(list, cluster.folder.path());
    assert!(list.contains(old.trim()), "{list}");
    assert_eq!(subject(&cluster), "subject=O=pg");
}

#[test]
fn an_external_ca_is_asked_for_no_common_name_and_held_to_it() {
    let cluster = offsite(&patroni("for = \"patroni\""));
    cluster.succeeds();
    let asked = "openssl req -noout -subject -nameopt RFC2253 -in out/pki/requests/pg-client.csr";
    assert_eq!(shell(asked, cluster.folder.path()).trim(), "subject=O=pg");
    shell(SIGN, cluster.folder.path());
    sign(&cluster, "pg-client", "-copy_extensions copyall -days 365 -subj /CN=pg");
    let said = cluster.fails();
    let wrong = "has the subject `pg` instead of organization `pg`, without a common name";
    assert!(said.contains(wrong), "{said}");
    sign(&cluster, "pg-client", "-copy_extensions copyall -days 365");
    cluster.succeeds();
    assert_eq!(subject(&cluster), "subject=O=pg");
    writes_nothing(&cluster);
}
