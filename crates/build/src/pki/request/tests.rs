use super::*;
use crate::pki::seen::{CLIENT_AUTH, DIGITAL_SIGNATURE, SERVER_AUTH, Seen};
use crate::pki::tools::{folder, read, run, write as put};
use bouquet_model::certificate::Kind;
use bouquet_model::cluster::{Renew, San};
use core::time::Duration;
use proptest::prelude::*;
use ring::rand::SystemRandom;

fn wanted(kind: Kind, key: KeyKind) -> Wanted {
    let sans = ["127.0.0.1", "::1", "192.168.65.8", "fd00::8"];
    let sans = sans.iter().map(|ip| San::Ip(ip.parse().expect("an address")));
    let names = ["localhost", "*.zyxasr.io"].map(|name| San::Dns(name.into()));
    let is_client = kind == Kind::Client;
    Wanted {
        kind,
        owner: Some("camellia".to_owned()),
        common_name: if is_client { "root" } else { "camellia" }.to_owned(),
        sans: if is_client { Vec::new() } else { names.into_iter().chain(sans).collect() },
        key,
        valid_for: Duration::ZERO,
        renew_before: Duration::ZERO,
        issuer: 1,
        generation: 1,
        renew: Renew::NewKey,
        places: Vec::new(),
    }
}

fn new_key(kind: KeyKind) -> NewKey {
    key::generate(kind, &SystemRandom::new()).expect("random numbers")
}

const KINDS: [Kind; 4] = [Kind::Server, Kind::Peer, Kind::ServerAndPeer, Kind::Client];

#[test]
fn a_certificate_for_a_request_says_what_is_wanted() {
    let folder = folder();
    let folder = folder.path();
    run(folder, "openssl req -x509 -newkey ed25519 -nodes -keyout ca.key -out ca.crt -subj /CN=x");
    for kind in KINDS {
        for key in KeyKind::ALL {
            let (wanted, key) = (wanted(kind, *key), new_key(*key));
            put(folder, "x.csr", write(&wanted, &key).expect("a request").as_bytes());
            run(
                folder,
                "openssl x509 -req -in x.csr -copy_extensions copyall -CA ca.crt -CAkey ca.key \
                 -out x.crt",
            );
            let der = crate::pki::chain::certificates(&read(folder, "x.crt"))
                .expect("a certificate")
                .remove(0);
            let seen = Seen::parse(&der).expect("a certificate");
            assert_eq!(seen.common_name(), Some(wanted.common_name.as_str()));
            assert_eq!(seen.says.sans, wanted.sans);
            let client = [CLIENT_AUTH].as_slice();
            let both = [SERVER_AUTH, CLIENT_AUTH].as_slice();
            assert_eq!(seen.says.purposes, if kind == Kind::Client { client } else { both });
            assert_eq!(seen.says.key_usage, Some(DIGITAL_SIGNATURE));
            assert!(!seen.says.ca);
            assert_eq!(seen.public_key().bytes, key.public);
        }
    }
}

#[test]
fn a_request_says_this_and_no_more() {
    let folder = folder();
    let key = new_key(KeyKind::EcdsaP256);
    let request = write(&wanted(Kind::Server, KeyKind::EcdsaP256), &key).expect("a request");
    put(folder.path(), "x.csr", request.as_bytes());
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
    for kind in KINDS {
        for key_kind in KeyKind::ALL {
            let (wanted, key) = (wanted(kind, *key_kind), new_key(*key_kind));
            let request = write(&wanted, &key).expect("a request");
            let asks = |wanted: &Wanted| asks_for(request.as_bytes(), wanted, &key.public);
            assert!(asks(&wanted));
            let with = |change: fn(&mut Wanted)| {
                let mut wanted = wanted.clone();
                change(&mut wanted);
                wanted
            };
            assert!(asks(&with(|wanted| wanted.valid_for = Duration::from_secs(9))));
            assert!(!asks(&with(|wanted| wanted.sans.push(San::Dns("new.example".into())))));
            assert!(!asks(&with(|wanted| wanted.common_name.push('x'))));
            assert!(!asks(&with(|wanted| wanted.kind = match wanted.kind {
                Kind::Client => Kind::Peer,
                _ => Kind::Client,
            })));
            assert!(!asks(&with(|wanted| wanted.key = match wanted.key {
                KeyKind::EcdsaP256 => KeyKind::EcdsaP384,
                _ => KeyKind::EcdsaP256,
            })));
            assert!(!asks(&with(|wanted| wanted.common_name.clear())));
            let other = new_key(*key_kind);
            assert!(!asks_for(request.as_bytes(), &wanted, &other.public));
            // Somebody else's signature under it.
            let theirs = write(&wanted, &other).expect("a request");
            assert!(!asks_for(theirs.as_bytes(), &wanted, &key.public));
        }
    }
}

#[test]
fn other_files_ask_for_nothing() {
    let (wanted, key) = (wanted(Kind::Peer, KeyKind::Ed25519), new_key(KeyKind::Ed25519));
    let request = write(&wanted, &key).expect("a request");
    let asks = |file: &str| asks_for(file.as_bytes(), &wanted, &key.public);
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
        let (wanted, key) = (wanted(Kind::Server, KeyKind::Ed25519), new_key(KeyKind::Ed25519));
        let request = write(&wanted, &key).expect("a request");
        let mut der = pem::blocks(request.as_bytes()).expect("PEM").remove(0).der.to_vec();
        let at = at.index(der.len());
        der[at] ^= bits;
        prop_assert!(!asks_for(pem::encode(REQUEST, &der).as_bytes(), &wanted, &key.public));
    }
}
