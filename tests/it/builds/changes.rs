//! What a build does about a change from what is recorded as running.

use crate::support::cluster::{Cluster, SPEC, said};
use crate::support::programs::shell;
use crate::support::snapshot::{difference, snapshot};
use bouquet_build::Asked;
use std::time::SystemTime;

/// A cluster that was built and recorded, with another spec since.
fn changed(before: &str, after: &str) -> Cluster {
    let cluster = Cluster::built(before);
    cluster.record();
    cluster.write(after);
    cluster
}

/// A build that is refused, and leaves everything as it is; what it says.
fn refuses(cluster: &Cluster, asked: Asked) -> String {
    let before = snapshot(cluster.folder.path());
    let built = cluster.build_as(asked, SystemTime::now());
    let said = said(&built);
    assert!(built.report.is_none() && built.found.has_errors(), "it succeeds: {said}");
    let changed = difference(&before, &snapshot(cluster.folder.path()));
    assert!(changed.is_empty(), "{changed:?}: {said}");
    said
}

fn moved() -> String {
    SPEC.replace("data-dir = \"/data/etcd\"", "data-dir = \"/srv/etcd\"")
}

#[test]
fn what_is_recorded_and_built_again_says_nothing() {
    let cluster = changed(SPEC, SPEC);
    assert_eq!(cluster.succeeds(), "");
    assert_eq!(cluster.succeeds(), "");
    let (head, rest) = SPEC.split_at(SPEC.find("[[member]]").unwrap());
    let (first, others) = rest.split_at(rest.find("[[member]]\nname = \"orange\"").unwrap());
    for same in [format!("# A comment.\n{SPEC}"), format!("{head}{others}\n{first}")] {
        cluster.write(&same);
        assert_eq!(cluster.succeeds(), "", "{same}");
        assert_eq!(cluster.succeeds(), "", "{same}");
    }
}

/// One edited line, and each member would start on an empty folder.
#[test]
fn a_data_dir_that_moves_is_refused_everywhere_alike() {
    let cluster = changed(SPEC, &moved());
    let locked = Asked { locked: true, ..Asked::default() };
    let unwritten = Asked { write: Some(false), ..Asked::default() };
    for asked in [Asked::default(), locked, unwritten] {
        let said = refuses(&cluster, asked);
        assert!(said.contains("data-dir /data/etcd → /srv/etcd"), "{said}");
        assert!(said.contains("cluster.toml:7:12"), "{said}");
        for member in ["pink", "orange", "camellia"] {
            assert!(said.contains(&format!("\"{member}.data-dir = /srv/etcd\"")), "{said}");
        }
    }
    // A clone without keys.
    std::fs::remove_dir_all(cluster.path("out")).unwrap();
    refuses(&cluster, Asked::default());
    cluster.write(SPEC);
    let built = cluster.build();
    assert!(built.report.is_some(), "{}", said(&built));
}

/// The data of two minors later than what etcd can read.
#[test]
fn a_minor_that_is_skipped_is_refused() {
    let version = |version: &str| SPEC.replacen("3.5.30", version, 1);
    for (to, told) in [("3.7", "`etcd = \"3.6\"` first"), ("3.4.45", "`etcd = \"3.5.30\"` again")] {
        let cluster = changed(SPEC, &version(to));
        let said = refuses(&cluster, Asked::default());
        assert!(said.contains("cluster.toml:4:8") && said.contains(told), "{said}");
        assert!(said.contains(&format!("`accept = [\"etcd = {to}\"]`")), "{said}");
    }
    let cluster = changed(SPEC, &version("3.5.33"));
    let said = cluster.succeeds();
    assert!(
        said.contains("to be rolled out: camellia, orange and pink: etcd 3.5.30 → 3.5.33"),
        "{said}"
    );
}

/// One member at another address is an order of steps; two of three are the end of the quorum.
#[test]
fn a_changed_address_is_told_and_two_of_three_are_refused() {
    let cluster = changed(SPEC, &SPEC.replace("10.0.0.2", "10.0.0.9"));
    let said = cluster.succeeds();
    assert!(
        said.contains("orange: peer URLs https://10.0.0.2:2380 → https://10.0.0.9:2380"),
        "{said}"
    );
    assert!(said.contains("`etcdctl member update ID --peer-urls=…`"), "{said}");
    assert!(said.contains("cargo run -- plan --offline"), "{said}");
    assert_eq!(cluster.succeeds().matches("peer URLs").count(), 1, "until it is recorded");
    cluster.record();
    assert!(!cluster.succeeds().contains("peer URLs"));

    let two = SPEC.replace("10.0.0.2", "10.0.0.9").replace("10.0.0.3", "10.0.0.8");
    let cluster = changed(SPEC, &two);
    let said = refuses(&cluster, Asked::default());
    assert!(said.contains("1 of 3 members that run stay"), "{said}");
    // It begins with one of them.
    cluster.write(SPEC.replace("10.0.0.2", "10.0.0.9"));
    cluster.succeeds();
    cluster.record();
    cluster.write(two);
    cluster.succeeds();
}

/// What a line says is true in every build until it is recorded: no day, and nothing that contradicts it.
#[test]
fn what_is_to_be_done_is_said_in_the_same_words_until_it_is_recorded() {
    let cluster = changed(SPEC, &SPEC.replace("[etcd]", "[etcd]\nsnapshot-count = 20000"));
    let first = cluster.succeeds();
    assert_eq!(first.matches("warning: ").count(), 2, "one, and the count: {first}");
    assert!(first.contains("snapshot-count nothing → 20000: restart one at a time"), "{first}");
    assert!(!first.contains("each uses them from its next start on"), "{first}");
    assert_eq!(cluster.succeeds(), first);
    let unwritten = Asked { write: Some(false), ..Asked::default() };
    assert_eq!(said(&cluster.build_as(unwritten, SystemTime::now())), first);
    cluster.record();
    assert_eq!(cluster.succeeds(), "");
}

#[test]
fn many_clients_are_a_line_and_not_a_line_each() {
    let many = crate::support::cluster::with_clients(120);
    let cluster = changed(&many, &many.replace("10.0.0.2", "10.0.0.9"));
    let said = cluster.succeeds();
    assert!(said.contains("121 clients: "), "{said}");
    assert!(said.lines().count() < 40, "{said}");
    // The next build says it too.
    assert!(cluster.succeeds().contains("121 clients: "));
}

/// A member dials from where it runs: with the certificate of another address its peers refuse it.
#[test]
fn the_certificate_of_a_member_that_gets_another_address_is_not_to_be_copied_first() {
    let cluster = changed(SPEC, &SPEC.replace("10.0.0.1", "10.0.0.9"));
    let said = cluster.succeeds();
    assert!(said.contains("to be rolled out: pink: peer URLs"), "{said}");
    assert!(!said.contains("to be copied: "), "{said}");
    assert!(!said.contains("no member is restarted"), "{said}");
    let told = "to be copied when the steps of the members say so, and not before: pink, client root: new \
                certificates, endpoints";
    assert!(said.contains(told) && said.contains("does not match any of DNSNames"), "{said}");
    // The certificate of a member that stays where it is does no harm.
    let also = SPEC.replace("10.0.0.1", "10.0.0.9");
    let also = also.replace("ip = \"10.0.0.2\"", "ip = \"10.0.0.2\"\ngeneration = 2");
    cluster.write(also);
    let said = cluster.succeeds();
    assert!(
        said.contains("to be copied: orange: new certificates: no member is restarted for these\n"),
        "{said}"
    );
    assert!(said.contains(told), "{said}");
}

/// Its peers would refuse it as soon as they have the list.
#[test]
fn a_certificate_that_is_revoked_where_it_runs_is_replaced_before_the_list_goes_out() {
    let with_list = format!("{SPEC}\n[ca]\ncrl = true\n");
    let day = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let day = bouquet_model::time::Date(i64::try_from(day.as_secs()).unwrap());
    let revoked = format!("{with_list}\n[[revoked]]\nname = \"pink\"\ndate = \"{day}\"\n");
    let again = revoked.replace("name = \"pink\"\nip", "name = \"pink\"\ngeneration = 2\nip");
    let cluster = changed(&with_list, &again);
    let said = cluster.succeeds();
    assert!(said.contains("pink: still there with a certificate that is on the list"), "{said}");
    assert!(
        said.contains("copy the new certificates first, and the list to the members after"),
        "{said}"
    );
    cluster.record();
    assert!(!cluster.succeeds().contains("still there with"));
}

fn with_ca(ca: &str) -> String {
    format!("{SPEC}\n[ca]\n{ca}\n")
}

/// Two builds between two roll-outs: `out/` trusts the second CA, and no machine does yet.
#[test]
fn a_ca_does_not_issue_before_its_first_phase_is_recorded() {
    let phases = ["trust = [1, 2]", "issue = 2\ntrust = [1, 2]", "issue = 2\ntrust = [2]"];
    let cluster = changed(SPEC, &with_ca(phases[0]));
    let said = cluster.succeeds();
    assert!(said.contains("CAs 1 (certificates by CA 1) → 1, 2 (certificates by CA 1)"), "{said}");
    assert_eq!(
        said.matches("→ 1, 2 (certificates by CA 1)").count(),
        2,
        "members once, clients once: {said}"
    );
    cluster.write(with_ca(phases[1]));
    let said = refuses(&cluster, Asked::default());
    assert!(said.contains("by what is recorded it does not trust CA 2 yet"), "{said}");

    cluster.write(with_ca(phases[0]));
    cluster.succeeds();
    cluster.record();
    let said = cluster.succeeds();
    assert!(!said.contains("to be rolled out"), "{said}");
    cluster.write(with_ca(phases[1]));
    cluster.succeeds();
    cluster.write(with_ca(phases[2]));
    let said = refuses(&cluster, Asked::default());
    assert!(said.contains("certificate is from CA 1"), "{said}");

    cluster.write(with_ca(phases[1]));
    cluster.succeeds();
    cluster.record();
    cluster.write(with_ca(phases[2]));
    cluster.succeeds();
    cluster.record();
    assert!(!cluster.succeeds().contains("CAs "));
}

#[test]
fn what_peers_trust_is_told_apart_from_what_clients_trust() {
    let cluster = changed(SPEC, &with_ca("peer-issue = 1\npeer-trust = [1, 2]"));
    let said = cluster.succeeds();
    assert!(
        said.contains("CAs of peers 1 (certificates by CA 1) → 1, 2 (certificates by CA 1)"),
        "{said}"
    );
    cluster.record();
    // Clients were never given CA 2.
    cluster.write(with_ca("issue = 2\ntrust = [1, 2]"));
    let said = refuses(&cluster, Asked::default());
    assert!(said.contains("does not trust CA 2 yet"), "{said}");
    cluster.write(with_ca("peer-issue = 2\npeer-trust = [1, 2]"));
    cluster.succeeds();
}

/// `out/` is older, or newer, than what runs: what is recorded counts.
#[test]
fn what_is_recorded_of_cas_counts_and_not_what_was_built_since() {
    let both = with_ca("trust = [1, 2]");
    let cluster = changed(&both, SPEC);
    cluster.succeeds();
    assert_eq!(cluster.read("out/members/pink/certs/ca.crt").matches("BEGIN").count(), 1);
    // It was taken back in `out/` alone: machines trust CA 2, and it may issue.
    cluster.write(with_ca("issue = 2\ntrust = [1, 2]"));
    cluster.succeeds();
}

/// Nothing of it was ever on a machine.
#[test]
fn a_phase_that_was_built_and_not_rolled_out_is_taken_back_in_one_build() {
    let first = with_ca("trust = [1, 2]");
    let cluster = changed(&first, &first);
    cluster.write(with_ca("issue = 2\ntrust = [1, 2]"));
    cluster.succeeds();
    cluster.write(SPEC);
    let said = cluster.succeeds();
    assert!(said.contains("reissued 7 certificates"), "{said}");
    let script =
        "openssl verify -CAfile out/members/pink/certs/ca.crt out/members/pink/certs/server.crt";
    shell(script, cluster.folder.path());
    cluster.record();
    assert!(!cluster.succeeds().contains("to be rolled out"));

    // Once it is recorded, it is in use.
    cluster.write(&first);
    cluster.succeeds();
    cluster.record();
    cluster.write(with_ca("issue = 2\ntrust = [1, 2]"));
    cluster.succeeds();
    cluster.record();
    cluster.write(SPEC);
    refuses(&cluster, Asked::default());
}

#[test]
fn a_phase_that_is_accepted_is_built() {
    let cluster = Cluster::built(SPEC);
    cluster.record();
    let step = with_ca("issue = 2\ntrust = [2]");
    cluster.write(&step);
    refuses(&cluster, Asked::default());
    let accept = "[cluster]\naccept = [\"trust = [2], issue = 2\"]";
    cluster.write(step.replacen("[cluster]", accept, 1));
    let said = cluster.succeeds();
    assert!(said.contains("accepted, and to be done with care"), "{said}");
    cluster.record();
    assert!(cluster.succeeds().contains("`accept` is not needed for"));
}

/// One line says what is restarted, the other what is only copied.
#[test]
fn files_that_are_copied_deny_no_restart_of_the_same_members() {
    let after = SPEC.replace("[etcd]", "[etcd]\nsnapshot-count = 20000");
    let after = after.replace("ip = \"10.0.0.2\"", "ip = \"10.0.0.2\"\ngeneration = 2");
    let said = changed(SPEC, &after).succeeds();
    assert!(said.contains("snapshot-count nothing → 20000: restart one at a time"), "{said}");
    assert!(
        said.contains("to be copied: orange: new certificates: no member is restarted for these\n"),
        "{said}"
    );
    assert!(!said.contains("no member is restarted\n"), "{said}");
}

#[test]
fn a_value_is_told_as_it_is_written() {
    let quota =
        |text: &str| SPEC.replace("[etcd]", &format!("[etcd]\nquota-backend-bytes = \"{text}\""));
    let said = changed(&quota("4GiB"), &quota("8GiB")).succeeds();
    assert!(said.contains("quota-backend-bytes 4GiB → 8GiB"), "{said}");
    assert!(said.contains("runs with `4GiB`"), "{said}");
}
