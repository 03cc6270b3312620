//! The throw-away CAs, and what they issue.

use super::spec::{FOLDER, cluster, list, plain, ports, with};
use crate::trial::pki::{File, files};
use crate::trial::there::there;
use bouquet_model::Cluster;
use bouquet_model::cluster::Layout;
use bouquet_model::node_path::NodePath;
use bouquet_model::option::Value;
use bouquet_x509::{ParsedCertificate, pem, prove};
use std::collections::BTreeMap;

const NOW: i64 = 1_790_000_000;

/// What is in the folder, by the paths below it.
struct Made(BTreeMap<String, File>);

fn made(cluster: &Cluster) -> Made {
    let files = files(&there(cluster, &FOLDER, &mut ports()), NOW).unwrap();
    let count = files.len();
    let below = |file: File| {
        let path = file.path.as_str().strip_prefix("/tmp/trial/").expect("below the folder");
        (path.to_owned(), file)
    };
    let files: BTreeMap<_, _> = files.into_iter().map(below).collect();
    assert_eq!(files.len(), count, "a file is there twice");
    Made(files)
}

impl Made {
    fn content(&self, path: &str) -> &[u8] {
        self.0
            .get(path)
            .unwrap_or_else(|| panic!("no {path} in {:?}", self.0.keys()))
            .content
            .expose()
    }

    /// Returns the certificates of a file, in DER.
    fn certificates(&self, path: &str) -> Vec<Vec<u8>> {
        pem::certificates(self.content(path))
            .expect(path)
            .into_iter()
            .map(|der| der.to_vec())
            .collect()
    }

    /// Asserts that a pair belongs together, was issued by that CA, and is valid.
    fn is_issued_by(&self, pair: &str, ca: &[u8]) {
        let certificates = self.certificates(&format!("{pair}.crt"));
        let leaf = ParsedCertificate::parse(&certificates[0]).unwrap();
        prove(self.content(&format!("{pair}.key")), leaf.public_key()).expect(pair);
        assert_eq!(leaf.issuer(), ParsedCertificate::parse(ca).unwrap().subject(), "{pair}");
        assert!(leaf.not_before() < NOW && leaf.not_after() > NOW + 86_400, "{pair}");
    }
}

#[test]
fn members_and_clients_have_what_their_options_name() {
    for layout in [Layout::Separate, Layout::Combined, Layout::Shared] {
        let mut cluster = cluster();
        cluster.tls.as_mut().unwrap().layout = layout;
        let there = there(&cluster, &FOLDER, &mut ports());
        let made = made(&cluster);
        for member in &there.members {
            for name in [
                "cert-file",
                "key-file",
                "trusted-ca-file",
                "peer-cert-file",
                "peer-key-file",
                "peer-trusted-ca-file",
            ] {
                let path = member.option(name).unwrap();
                made.content(path.strip_prefix("/tmp/trial/").unwrap());
            }
        }
        let ca = &made.certificates("clients/root/ca.crt")[0];
        made.is_issued_by("members/pink/certs/server", ca);
        made.is_issued_by("clients/root/client", ca);
        let env = String::from_utf8_lossy(made.content("clients/root/etcdctl.env")).into_owned();
        assert!(env.contains("ETCDCTL_KEY=/tmp/trial/clients/root/client.key"), "{env}");
    }
}

#[test]
fn keys_are_for_their_owner_alone() {
    let token = Value::text("jwt,sign-method=HS256,priv-key=/a");
    let made = made(&with(&[("auth-token", token)]));
    for (path, file) in &made.0 {
        assert_eq!(file.secret, path.strip_suffix(".key").is_some(), "{path}");
    }
    assert_eq!(made.content("HS256.key").len(), 64);
}

#[test]
fn each_side_trusts_the_cas_that_the_spec_has() {
    let mut cluster = cluster();
    let tls = cluster.tls.as_mut().unwrap();
    tls.clients.trust = vec![1, 2].into();
    tls.peers.issue = 3;
    tls.peers.trust = vec![3].into();
    let made = made(&cluster);
    let clients = made.certificates("members/pink/certs/ca.crt");
    let peers = made.certificates("members/pink/certs/peer-ca.crt");
    assert_eq!((clients.len(), peers.len()), (2, 1));
    assert_eq!(made.certificates("clients/root/ca.crt"), clients);
    made.is_issued_by("members/pink/certs/server", &clients[0]);
    made.is_issued_by("members/pink/certs/peer", &peers[0]);
}

#[test]
fn lists_of_what_is_revoked_are_there_where_options_name_them() {
    let mut revoking = cluster();
    revoking.tls.as_mut().unwrap().crl = true;
    assert!(!made(&revoking).content("members/orange/certs/revoked.crl").is_empty());
    let path = Value::Path(NodePath::from_static("/a.crl"));
    let written = made(&with(&[("peer-crl-file", path)]));
    assert!(!written.content("members/orange/peer-crl-file").is_empty());
}

#[test]
fn two_trials_have_nothing_in_common() {
    let [one, other] = [(); 2].map(|()| made(&cluster()));
    for path in ["clients/root/ca.crt", "clients/root/client.key"] {
        assert_ne!(one.content(path), other.content(path), "{path}");
    }
}

#[test]
fn without_tls_nothing_is_made() {
    assert!(made(&plain()).0.is_empty());
    let metrics = with(&[("listen-metrics-urls", list(&["http://10.0.0.1:2381"]))]);
    assert!(!made(&metrics).0.is_empty());
}
