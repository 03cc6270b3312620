//! Certificates as they are served.

use super::issuing::{DAY, ca, key, now, other_ca, replace};
use crate::real_etcd::status::fleet::{Fleet, THREE};
use crate::support::side_by_side::with_each;
use bouquet_model::certificate::{Kind, Subject};
use bouquet_x509::{Leaf, Validity, pem};
use std::fs;

#[test]
fn one_that_expired_and_one_of_another_ca_hide_nobody() {
    with_each(&super::BOTH, |release| {
        let fleet = Fleet::run(release, &[THREE]);
        let past = Validity { not_before: now() - 9 * DAY, not_after: now() - 2 * DAY };
        replace(&fleet, "orange", "server", &ca(&fleet), past);
        let told = fleet.finds(0, 1, "orange's client certificate expired 2 days ago");
        assert_eq!(told.states(&["orange", "pink", "daffodil"]), ["untrusted", "up", "up"]);
        assert_eq!(told.member("orange")["client_certificate"]["validity"], "expired");
        assert_eq!(told.member("orange")["peer_certificate"]["validity"], "valid");
        let valid = Validity { not_before: now() - DAY, not_after: now() + 9 * DAY };
        replace(&fleet, "orange", "server", &other_ca().0, valid);
        let told = fleet.finds(0, 1, "orange's client certificate was issued by another CA");
        assert_eq!(told.member("orange")["client_certificate"]["difference"], "foreign");
        assert_eq!(told.states(&["orange", "pink", "daffodil"]), ["untrusted", "up", "up"]);
        // The peers' is shown to anyone who asks; connections that are there go on.
        fleet.install("orange", 0);
        replace(&fleet, "orange", "peer", &ca(&fleet), past);
        let told = fleet.finds(0, 1, "orange's peer certificate expired 2 days ago");
        assert_eq!(told.states(&["orange", "pink", "daffodil"]), ["up", "up", "up"]);
        fleet.install("orange", 0);
        fleet.waits(0, |told| told.code == 0);
    });
}

/// The second build reissued all; it is installed on one of them.
#[test]
fn what_was_renewed_and_is_not_installed_is_told_on_both_ports() {
    with_each(&super::BOTH, |release| {
        let head = |generation: u8| {
            format!(
                "[cluster]\ntoken = \"status\"\netcd = \"{release}\"\n[etcd]\ndata-dir = \"HERE/data\"\n\
                 [tls]\ncerts-dir = \"HERE/certs\"\ngeneration = {generation}\n{THREE}"
            )
        };
        let fleet = Fleet::run(release, &[&head(1), &head(2)]);
        let told = fleet.waits(1, |told| told.code == 2);
        assert_eq!(told.messages().len(), 6, "{:?}", told.messages());
        fleet.install("pink", 1);
        let told = fleet.waits(1, |told| told.messages().len() == 4);
        assert_eq!(told.code, 2);
        for port in ["client", "peer"] {
            let words = format!(
                "orange's {port} certificate was renewed, and the new one is not yet installed"
            );
            assert!(told.messages().contains(&words), "{:?}", told.messages());
        }
        assert!(told.member("pink")["client_certificate"]["difference"].is_null());
        // The program of the first build is out of date.
        fleet.finds(0, 2, "pink's client certificate is newer than this program");
    });
}

/// A client that nobody trusts any more sees certificates all the same.
#[test]
fn a_client_of_another_cluster_is_rejected_and_told_so() {
    with_each(&super::BOTH, |release| {
        let fleet = Fleet::run(release, &[THREE]);
        let folder = fleet.path("0/out/clients/root");
        let (key, subject) = (key(), Subject::CommonName("root".to_owned()));
        let leaf = Leaf { kind: Kind::Client, subject: &subject, sans: &[] };
        let valid = Validity { not_before: now() - DAY, not_after: now() + DAY };
        let issued = other_ca().0.issue(&leaf, &key, valid).expect("a certificate");
        fs::write(folder.join("client.crt"), pem::certificate(&issued.der)).expect("a file");
        fs::write(folder.join("client.key"), key.secret.expose()).expect("a file");
        let told = fleet.says(0, &["status", "--json"]);
        assert_eq!(told.code, 3, "{told:?}");
        assert_eq!(told.states(&["orange", "pink", "daffodil"]), ["rejected"; 3]);
        assert!(
            told.messages().iter().any(|it| it.starts_with("orange does not trust this client"))
        );
        assert_eq!(told.member("pink")["peer_certificate"]["validity"], "valid");
    });
}
