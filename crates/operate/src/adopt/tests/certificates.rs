//! What is taken from the certificates that members have.

use super::Folder;
use bouquet_x509::pem;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, PKCS_ECDSA_P384_SHA384,
    SanType,
};

const ENV: &str = "ETCD_NAME=orange\nETCD_DATA_DIR=/data/etcd\n\
                   ETCD_INITIAL_ADVERTISE_PEER_URLS=https://10.0.0.1:2380\n\
                   ETCD_LISTEN_PEER_URLS=https://10.0.0.1:2380\n\
                   ETCD_LISTEN_CLIENT_URLS=https://10.0.0.1:2379,https://127.0.0.1:2379\n\
                   ETCD_ADVERTISE_CLIENT_URLS=https://10.0.0.1:2379\n\
                   ETCD_INITIAL_CLUSTER=orange=https://10.0.0.1:2380\n\
                   ETCD_CERT_FILE=/pki/server.crt\nETCD_KEY_FILE=/pki/server.key\n\
                   ETCD_TRUSTED_CA_FILE=/pki/ca.crt\nETCD_CLIENT_CERT_AUTH=true\n\
                   ETCD_PEER_CERT_FILE=/pki/peer.crt\nETCD_PEER_KEY_FILE=/pki/peer.key\n\
                   ETCD_PEER_TRUSTED_CA_FILE=/pki/peer-ca.crt\nETCD_PEER_CLIENT_CERT_AUTH=true\n";

struct Ca {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Ca {
    fn new(name: &str) -> Self {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = pem::certificate(params.self_signed(&key).expect("a certificate").der());
        Self { pem, issuer: Issuer::new(params, key) }
    }

    fn leaf(&self, names: &[&str]) -> String {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).expect("a key");
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "orange");
        params.subject_alt_names = names
            .iter()
            .map(|name| match name.parse() {
                Ok(ip) => SanType::IpAddress(ip),
                Err(_) => SanType::DnsName((*name).try_into().expect("a name")),
            })
            .collect();
        pem::certificate(params.signed_by(&key, &self.issuer).expect("a certificate").der())
    }
}

#[test]
fn cas_names_and_kinds_of_keys_are_taken_over() {
    let (clients, peers) = (Ca::new("clients"), Ca::new("peers"));
    let server = clients.leaf(&["localhost", "orange.zyxasr.io", "10.0.0.1", "192.168.7.7"]);
    let peer = peers.leaf(&["orange.zyxasr.io", "10.0.0.1", "*.zyxasr.io"]);
    let mut folder = Folder::of("etcd.env", ENV, "3.5.21")
        .with("copies/orange/server.crt", server)
        .with("copies/orange/peer.crt", peer)
        .with("copies/ca.crt", &clients.pem)
        .with("copies/peer-ca.crt", format!("{}{}", Ca::new("former").pem, peers.pem));
    folder.certs.push("copies".into());
    let adopted = folder.adopt().expect("a spec");
    for line in [
        "certs-dir = \"/pki\"",
        "key = \"ecdsa-p384\"",
        "peer-issue = 2",
        "certificate = \"copies/ca.crt\" # clients",
        "certificate = \"copies/peer-ca.crt\" # peers",
        "hostname = \"orange.zyxasr.io\"",
        "extra-sans = [\"192.168.7.7\", \"*.zyxasr.io\"]",
    ] {
        assert!(adopted.text.contains(line), "{line}:\n{}", adopted.text);
    }
    assert!(adopted.told.is_whole(), "{}", adopted.told.text());
}

#[test]
fn certificates_that_are_not_here_are_asked_for() {
    let shown = Folder::of("etcd.env", ENV, "3.5.21").shown();
    assert!(shown.contains("certificate = \"ca.crt\""), "{shown}");
    assert!(shown.contains("warning: the CA of the members was not read"), "{shown}");
    assert!(shown.contains("warning: certificates of members were not read"), "{shown}");
}

#[test]
fn one_certificate_of_all_members_is_a_shared_one() {
    let ca = Ca::new("flowers");
    let leaf = ca.leaf(&["10.0.0.1", "10.0.0.2", "orange.a", "pink.a"]);
    let env = ENV.replace("/peer.", "/server.").replace("peer-ca", "ca").replace(
        "orange=https://10.0.0.1:2380",
        "orange=https://10.0.0.1:2380,pink=https://10.0.0.2:2380",
    );
    let pink = env
        .replace("NAME=orange", "NAME=pink")
        .replace("URLS=https://10.0.0.1", "URLS=https://10.0.0.2");
    let folder = Folder::of("orange/etcd.env", &env, "3.5.21")
        .and("pink/etcd.env", pink)
        .with("orange/server.crt", &leaf)
        .with("orange/ca.crt", &ca.pem)
        .with("pink/server.crt", &leaf)
        .with("pink/ca.crt", &ca.pem);
    let adopted = folder.adopt().expect("a spec");
    assert!(adopted.text.contains("layout = \"shared\"\n"), "{}", adopted.text);
    assert!(adopted.text.contains("common-name = \"orange\"\n"), "{}", adopted.text);
    assert!(adopted.text.contains("hostname = \"pink.a\"\n"), "{}", adopted.text);
    assert!(!adopted.text.contains("extra-sans"), "{}", adopted.text);
    assert!(adopted.told.is_whole(), "{}", adopted.told.text());
}
