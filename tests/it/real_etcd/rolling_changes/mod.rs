//! Certificates that change under a running cluster, while someone writes to it all the time.

mod fleet;
mod writer;

use crate::support::releases::releases;
use crate::support::side_by_side::with_each;
use fleet::Fleet;

/// Everything that needs no other start: one cluster lives through it all.
#[test]
fn certificates_are_renewed_and_revoked_and_cas_replaced_without_a_failed_write() {
    with_each(&releases(), |release| renewal_rotation_and_revocation(release));
}

#[test]
fn one_certificate_for_all_becomes_one_for_each_without_a_failed_write() {
    with_each(&releases(), |release| one_certificate_for_all_becomes_one_for_each(release));
}

/// After new keys, certificates with the same ones: then no handshake can meet a certificate and a
/// key that do not belong together, whatever the moment in which etcd reads its files.
const KEPT: &str = "generation = 2\nrenew = \"keep-key\"";

fn renewal_rotation_and_revocation(version: &str) {
    let mut fleet = Fleet::start(version, "", "crl = true");
    let before = fleet.served();

    fleet.chapter("leaf renewal");
    fleet.build("generation = 2", "crl = true");
    fleet.roll_out();
    fleet.roll_out_clients();
    assert!(fleet.served().iter().all(|serial| !before.contains(serial)), "old certificates");
    fleet.serves_what_was_built();

    fleet.chapter("change of CA");
    fleet.build(KEPT, "crl = true\ntrust = [1, 2]");
    fleet.roll_out();
    fleet.restart_all();
    fleet.roll_out_clients();
    fleet.build(KEPT, "crl = true\nissue = 2\ntrust = [1, 2]");
    fleet.roll_out();
    fleet.roll_out_clients();
    fleet.serves_what_was_built();
    fleet.build(KEPT, "crl = true\nissue = 2");
    fleet.roll_out();
    fleet.restart_all();
    fleet.roll_out_clients();

    fleet.chapter("own CA for peers");
    fleet.gateway_answers();
    fleet.build(KEPT, "crl = true\nissue = 2\npeer-issue = 2\npeer-trust = [2, 3]");
    fleet.roll_out();
    fleet.restart_all();
    fleet.build(KEPT, "crl = true\nissue = 2\npeer-issue = 3\npeer-trust = [2, 3]");
    fleet.roll_out();
    fleet.serves_what_was_built();
    fleet.build(KEPT, "crl = true\nissue = 2\npeer-issue = 3");
    fleet.roll_out();
    fleet.restart_all();
    fleet.gateway_answers();

    fleet.no_log_tells_of_a_rejection();
    fleet.chapter("revocation");
    fleet.keep_client("alice", "stolen");
    assert!(fleet.puts("stolen"), "alice is let in before");
    fleet.revoke("alice", KEPT, "crl = true\nissue = 2\npeer-issue = 3");
    fleet.roll_out();
    assert!(!fleet.puts("stolen"), "a revoked certificate is let in");
    fleet.roll_out_clients();
    assert!(fleet.puts("alice"), "her new certificate is refused");
    fleet.end("revoked");
}

fn one_certificate_for_all_becomes_one_for_each(version: &str) {
    let mut fleet = Fleet::start(version, "layout = \"shared\"", "");
    fleet.chapter("shared to separate certificates");
    fleet.build("", "");
    fleet.replace_all();
    fleet.roll_out_clients();
    fleet.serves_what_was_built();
    fleet.gateway_answers();
    fleet.end("no such word");
}
