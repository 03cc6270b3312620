//! What a program of a package has compiled in.

use bouquet_model::Cluster;
use bouquet_model::certificate::{Certificate, Kind, Wanted, wanted};
use bouquet_model::cluster::State;
use bouquet_model::digest::Digest;
use bouquet_x509::{ParsedCertificate, fingerprint, pem};
use std::fs;
use std::path::Path;

/// What a package's last build compiled, by its spec and its lock: the cluster, its CAs, and the certificates
/// that are current. Where a member is recorded, the cluster was founded. Of a package that was never built it is
/// what its spec says, without certificates.
pub(crate) fn compiled(folder: &Path) -> (Cluster, Vec<Certificate>) {
    let spec = fs::read(folder.join("cluster.toml")).expect("a spec");
    let mut cluster = bouquet_build::prove(&spec).0.expect("what was built is proven").cluster;
    let Ok(lock) = fs::read(folder.join("cluster.lock")) else { return (cluster, Vec::new()) };
    let lock = bouquet_lock::read(&lock).expect("a lock");
    cluster.crl = lock.identity.crl.filter(|_| cluster.tls.as_ref().is_some_and(|tls| tls.crl));
    cluster.source = Some(Digest(fingerprint(&spec)));
    if !lock.recorded.is_empty() {
        cluster.id = lock.identity.cluster_id;
        for member in cluster.members.to_mut() {
            member.state = State::Existing;
            member.id = lock.id(member.name.as_str());
        }
    }
    let current = |wanted: &Wanted| {
        let (serial, entry) = lock.issued.current(wanted.owner.as_deref(), wanted.kind)?;
        entry.certificate(serial)
    };
    let cas = lock.identity.authorities.values().filter(|ca| !ca.removed).map(|ca| {
        let ders = pem::certificates(ca.certificate.as_bytes()).expect("a certificate");
        let parsed = ParsedCertificate::parse(&ders[0]).expect("a certificate");
        parsed.facts(Kind::Ca, None)
    });
    let certificates = cas.chain(wanted(&cluster).iter().filter_map(current)).collect();
    (cluster, certificates)
}
