use super::*;
use crate::certificate::{CLIENT_AUTH, DIGITAL_SIGNATURE, ParsedCertificate, SERVER_AUTH};
use crate::key::KeyFault;
use crate::prove_request;
use crate::tools::{folder, read, run, write};
use bouquet_model::certificate::{Kind, Subject};
use bouquet_model::cluster::San;
use proptest::prelude::*;
use std::sync::LazyLock;

fn sans(kind: Kind) -> Vec<San> {
    if kind == Kind::Client {
        return Vec::new();
    }
    let ips = ["127.0.0.1", "::1", "192.168.65.8", "fd00::8"];
    let ips = ips.iter().map(|ip| San::Ip(ip.parse().expect("an address")));
    let names = ["localhost", "*.zyxasr.io"].map(|name| San::Dns(name.into()));
    names.into_iter().chain(ips).collect()
}

/// Returns the subjects of a kind.
fn subjects(kind: Kind) -> Vec<Subject> {
    if kind == Kind::Client {
        vec![Subject::CommonName("root".into()), Subject::Organization("patroni".into())]
    } else {
        vec![Subject::CommonName("camellia".into())]
    }
}

fn new_key(kind: KeyKind) -> NewKey {
    NewKey::generate(kind).expect("random numbers")
}

/// Returns what the certificate of a member says.
fn member(kind: Kind, sans: &[San]) -> Leaf<'_> {
    static NAME: LazyLock<Subject> = LazyLock::new(|| Subject::CommonName("camellia".into()));
    Leaf { kind, subject: &NAME, sans }
}

/// Returns each kind with each of its subjects.
fn every_leaf() -> Vec<(Kind, Subject)> {
    let of = |kind: Kind| subjects(kind).into_iter().map(move |subject| (kind, subject));
    KINDS.into_iter().flat_map(of).collect()
}

const KINDS: [Kind; 4] = [Kind::Server, Kind::Peer, Kind::ServerAndPeer, Kind::Client];

#[test]
fn a_request_is_proved_by_its_own_key_and_by_no_other() {
    let sans = sans(Kind::Server);
    for kind in KeyKind::ALL {
        let (key, other) = (new_key(*kind), new_key(*kind));
        let text = request(&member(Kind::Server, &sans), &key).expect("a request");
        let proved = |text: &str, key: &NewKey| prove_request(text.as_bytes(), key.secret.expose());
        assert_eq!(proved(&text, &key), Ok(()));
        assert_eq!(proved(&format!("# generation 3\n{text}"), &key), Ok(()));
        assert_eq!(proved(&text, &other), Err(KeyFault::Mismatch));
        assert_eq!(proved("", &key), Err(KeyFault::Mismatch));
        assert_eq!(prove_request(text.as_bytes(), text.as_bytes()), Err(KeyFault::NotAKey));
        // With another signature, its key is still the same.
        let mut der = pem::blocks(text.as_bytes()).expect("PEM").remove(0).der;
        let last = der.len() - 1;
        der[last] ^= 1;
        let forged = pem::encode(REQUEST, &der);
        assert_eq!(proved(&forged, &key), Err(KeyFault::Mismatch));
    }
}

#[test]
fn a_certificate_for_a_request_says_what_is_wanted() {
    let folder = folder();
    let folder = folder.path();
    run(folder, "openssl req -x509 -newkey ed25519 -nodes -keyout ca.key -out ca.crt -subj /CN=x");
    for (kind, subject) in every_leaf() {
        for key in KeyKind::ALL {
            let (sans, key) = (sans(kind), new_key(*key));
            let leaf = Leaf { kind, subject: &subject, sans: &sans };
            write(folder, "x.csr", request(&leaf, &key).expect("a request").as_bytes());
            run(
                folder,
                "openssl x509 -req -in x.csr -copy_extensions copyall -CA ca.crt -CAkey ca.key \
                 -out x.crt",
            );
            let der = pem::certificates(&read(folder, "x.crt")).expect("a certificate").remove(0);
            let parsed = ParsedCertificate::parse(&der).expect("a certificate");
            assert_eq!(parsed.leaf_subject().as_ref(), Some(&subject));
            assert_eq!(parsed.common_name(), subject.common_name());
            assert_eq!(parsed.extensions.sans, sans);
            assert!(parsed.extensions.other_names.is_empty());
            let client = [CLIENT_AUTH].as_slice();
            let both = [SERVER_AUTH, CLIENT_AUTH].as_slice();
            assert_eq!(
                parsed.extensions.purposes,
                if kind == Kind::Client { client } else { both }
            );
            assert_eq!(parsed.extensions.key_usage, Some(DIGITAL_SIGNATURE));
            assert!(!parsed.extensions.ca);
            assert_eq!(parsed.public_key().bytes, key.public);
        }
    }
}

#[test]
fn a_request_says_this_and_no_more() {
    let folder = folder();
    let key = new_key(KeyKind::EcdsaP256);
    let sans = sans(Kind::Server);
    let request = request(&member(Kind::Server, &sans), &key).expect("a request");
    write(folder.path(), "x.csr", request.as_bytes());
    let show = "openssl req -in x.csr -verify -noout -text -reqopt no_pubkey,no_sigdump";
    let text = run(folder.path(), show);
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    let said = "\
Certificate Request:
    Data:
        Version: 1 (0x0)
        Subject: CN = camellia
        Attributes:
            Requested Extensions:
                X509v3 Key Usage: critical
                    Digital Signature
                X509v3 Subject Alternative Name:
                    DNS:localhost, DNS:*.zyxasr.io, IP Address:127.0.0.1, \
IP Address:0:0:0:0:0:0:0:1, IP Address:192.168.65.8, IP Address:FD00:0:0:0:0:0:0:8
                X509v3 Extended Key Usage:
                    TLS Web Server Authentication, TLS Web Client Authentication
                X509v3 Basic Constraints: critical
                    CA:FALSE";
    assert_eq!(lines.join("\n"), said);
    let certtool = run(folder.path(), "certtool --crq-info --infile x.csr");
    assert!(certtool.contains("Self signature: verified"), "{certtool}");
}

#[test]
fn a_request_is_kept_while_it_asks_for_the_same() {
    for (kind, subject) in every_leaf() {
        for key_kind in KeyKind::ALL {
            let (sans, key) = (sans(kind), new_key(*key_kind));
            let leaf = Leaf { kind, subject: &subject, sans: &sans };
            let file = request(&leaf, &key).expect("a request");
            let asks = |leaf: Leaf<'_>, kind, public: &[u8]| {
                asks_for(file.as_bytes(), &leaf, kind, public)
            };
            assert!(asks(leaf, *key_kind, &key.public));
            let more = [sans.clone(), vec![San::Dns("new.example".into())]].concat();
            assert!(!asks(Leaf { sans: &more, ..leaf }, *key_kind, &key.public));
            let name = subject.name();
            for other in [
                Subject::CommonName("camelliax".into()),
                Subject::CommonName(String::new()),
                match subject {
                    Subject::CommonName(_) => Subject::Organization(name.to_owned()),
                    Subject::Organization(_) => Subject::CommonName(name.to_owned()),
                },
            ] {
                assert!(!asks(Leaf { subject: &other, ..leaf }, *key_kind, &key.public));
            }
            let other = if kind == Kind::Client { Kind::Peer } else { Kind::Client };
            assert!(!asks(Leaf { kind: other, ..leaf }, *key_kind, &key.public));
            let other = match *key_kind {
                KeyKind::EcdsaP256 => KeyKind::EcdsaP384,
                _ => KeyKind::EcdsaP256,
            };
            assert!(!asks(leaf, other, &key.public));
            let other = new_key(*key_kind);
            assert!(!asks(leaf, *key_kind, &other.public));
            // Someone else's signature under it.
            let theirs = request(&leaf, &other).expect("a request");
            assert!(!asks_for(theirs.as_bytes(), &leaf, *key_kind, &key.public));
        }
    }
}

#[test]
fn other_files_ask_for_nothing() {
    let (sans, key) = (sans(Kind::Peer), new_key(KeyKind::Ed25519));
    let leaf = member(Kind::Peer, &sans);
    let request = request(&leaf, &key).expect("a request");
    let asks = |file: &str| asks_for(file.as_bytes(), &leaf, key.kind, &key.public);
    assert!(asks(&request));
    assert!(asks(&format!("text around it\n{request}")));
    for file in ["", "x", &request.repeat(2), &request.replace(REQUEST, "CERTIFICATE")] {
        assert!(!asks(file));
    }
    assert!(!asks(&pem::encode(REQUEST, b"0\0")));
}

proptest! {
    #[test]
    fn a_damaged_request_is_not_kept(at in any::<prop::sample::Index>(), bits in 1..=255u8) {
        let (sans, key) = (sans(Kind::Server), new_key(KeyKind::Ed25519));
        let leaf = member(Kind::Server, &sans);
        let request = request(&leaf, &key).expect("a request");
        let mut der = pem::blocks(request.as_bytes()).expect("PEM").remove(0).der.to_vec();
        let at = at.index(der.len());
        der[at] ^= bits;
        prop_assert!(!asks_for(pem::encode(REQUEST, &der).as_bytes(), &leaf, key.kind, &key.public));
    }
}
