//! A CA with name constraints, and how OpenSSL, certtool and Python take what it signs.

use super::cluster::{Out, dns, ip, wanted};
use super::forge;
use super::openssl::{folder, foreign, now, openssl, write};
use bouquet_build::pki::Reason;
use bouquet_model::certificate::Subject;
use bouquet_model::cluster::{KeyKind, Layout, San};
use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, SanType};
use std::path::Path;
use std::process::Command;
use time::OffsetDateTime;

/// What the members of [`wanted`] need: names with all below them, addresses one by one.
const PERMITTED: [&str; 10] = [
    "DNS:localhost",
    "DNS:zyxasr.io",
    "IP:127.0.0.1/255.255.255.255",
    "IP:::1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "IP:192.168.65.8/255.255.255.255",
    "IP:192.168.65.6/255.255.255.255",
    "IP:192.168.65.4/255.255.255.255",
    "IP:fd00::8/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "IP:fd00::6/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "IP:fd00::4/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
];

/// A constrained CA, made by openssl.
fn authority(folder: &Path) -> Out {
    let permitted = PERMITTED.map(|subtree| format!("permitted;{subtree}")).join(",");
    foreign(
        folder,
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ca.key",
        "/CN=Our~own~CA",
        &format!(
            "-addext nameConstraints=critical,{permitted} \
             -addext keyUsage=critical,keyCertSign,cRLSign"
        ),
    )
}

/// Writes a pair that the CA signs, whatever its constraints.
fn forged(folder: &Path, out: &Out, name: &str, params: &CertificateParams) {
    let (certificate, key) = forge::sign(out, params);
    write(folder, &format!("{name}.crt"), &certificate.expect("a certificate"));
    write(folder, &format!("{name}.key"), &key.expect("a key"));
}

/// A client's parameters, valid now: the tools here ask the clock.
fn client(name: &str) -> CertificateParams {
    let second = |second| OffsetDateTime::from_unix_timestamp(second).expect("a date");
    let mut params = forge::client(name);
    (params.not_before, params.not_after) = (second(now() - 300), second(now() + 86_400));
    params
}

/// A member's parameters.
fn member(sans: &[San]) -> CertificateParams {
    let mut params = client("camellia");
    params.extended_key_usages.push(ExtendedKeyUsagePurpose::ServerAuth);
    params.subject_alt_names = sans.iter().map(san).collect();
    params
}

fn san(san: &San) -> SanType {
    match san {
        San::Ip(ip) => SanType::IpAddress(*ip),
        San::Dns(name) => SanType::DnsName(name.as_ref().try_into().expect("ASCII")),
    }
}

/// What a tool says, whether or not it fails.
fn said(folder: &Path, command: &str) -> String {
    let mut words = command.split_whitespace();
    let tool = words.next().expect("a tool");
    let output = Command::new(tool).args(words).current_dir(folder).output();
    let output = output.unwrap_or_else(|error| panic!("install {tool}: {error}"));
    let (out, err) = (output.stdout, output.stderr);
    String::from_utf8_lossy(&[out, err].concat()).into_owned()
}

fn verified_by_openssl(folder: &Path, name: &str, purpose: &str) -> String {
    let verify = "openssl verify -x509_strict -CAfile ca.crt -purpose";
    said(folder, &format!("{verify} {purpose} {name}.crt"))
}

fn verified_by_gnutls(folder: &Path, name: &str) -> String {
    let verify = "certtool --verify --load-ca-certificate ca.crt --infile";
    said(folder, &format!("{verify} {name}.crt"))
}

fn handshake(folder: &Path, arguments: &str) -> String {
    write(folder, "handshake.py", include_bytes!("handshake.py"));
    said(folder, &format!("python3 handshake.py {arguments}"))
}

const ACCEPTED: &str = "server: accepted\nclient: accepted\n";
const VIOLATION: &str = "permitted subtree violation";
const TRUSTED: &str = "Chain verification output: Verified. The certificate is trusted.";
const CONSTRAINTS: &str = "The certificate chain violates the signer's constraints.";

#[test]
fn what_is_made_here_everybody_accepts() {
    for layout in Layout::ALL {
        let folder = folder();
        let folder = folder.path();
        let out = authority(folder);
        let wanted = wanted(*layout, KeyKind::EcdsaP256);
        let pki = out.build(&wanted, KeyKind::EcdsaP256, now()).expect("a build");
        assert!(pki.leaves().len() >= 3);
        for (wanted, leaf) in wanted.iter().zip(pki.leaves()) {
            let name = wanted.places[0].rsplit('/').nth(1).expect("a folder");
            let name = if wanted.kind.server_auth() { "member" } else { name };
            write(folder, &format!("{name}.crt"), leaf.certificate.as_bytes());
            write(folder, &format!("{name}.key"), leaf.key.expose());
            let gnutls = verified_by_gnutls(folder, name);
            assert!(gnutls.contains(TRUSTED), "{gnutls}");
            openssl(
                folder,
                &format!("verify -x509_strict -CAfile ca.crt -purpose sslclient {name}.crt"),
            );
            if !wanted.kind.server_auth() {
                assert_eq!(handshake(folder, &format!("member 127.0.0.1 {name}")), ACCEPTED);
                continue;
            }
            openssl(
                folder,
                &format!("verify -x509_strict -CAfile ca.crt -purpose sslserver {name}.crt"),
            );
            for san in &wanted.sans {
                assert_eq!(handshake(folder, &format!("member {san} member")), ACCEPTED, "{san}");
            }
        }
    }
}

#[test]
fn what_is_outside_everybody_refuses() {
    let folder = folder();
    let folder = folder.path();
    let out = authority(folder);
    let inside = [dns("localhost"), ip("127.0.0.1"), ip("::1")];
    forged(folder, &out, "good", &member(&inside));
    assert_eq!(handshake(folder, "good localhost good"), ACCEPTED);
    for outside in [
        dns("evil.example"),
        dns("evilzyxasr.io"),
        dns("*.io"),
        ip("192.168.65.5"),
        ip("fd00::5"),
        ip("::ffff:127.0.0.1"),
    ] {
        let sans = [&inside[..], std::slice::from_ref(&outside)].concat();
        forged(folder, &out, "bad", &member(&sans));
        for purpose in ["sslserver", "sslclient"] {
            let openssl = verified_by_openssl(folder, "bad", purpose);
            assert!(openssl.contains(VIOLATION), "{outside}: {openssl}");
        }
        let gnutls = verified_by_gnutls(folder, "bad");
        assert!(gnutls.contains(CONSTRAINTS), "{outside}: {gnutls}");
        for (pair, side) in [("bad localhost", "client"), ("good localhost bad", "server")] {
            let python = handshake(folder, pair);
            let refusal = python.lines().find(|line| line.starts_with(side)).expect("a line");
            assert!(refusal.contains(VIOLATION), "{outside}: {python}");
        }
    }
}

/// OpenSSL, and so Python, holds a common name that could be a host's to the constraints of host
/// names where there is no DNS name among the SANs. certtool does so for servers only, and takes any
/// common name for a host's. Go, and so etcd, looks at SANs alone.
#[test]
fn common_names_of_clients_with_dots_are_host_names_to_openssl() {
    let folder = folder();
    let folder = folder.path();
    let out = authority(folder);
    forged(folder, &out, "member", &member(&[dns("localhost")]));
    for (name, accepted) in [
        ("root", true),
        ("kube-apiserver", true),
        ("a@svc.example.com", true),
        ("svc.zyxasr.io", true),
        ("svc.example.com", false),
        ("10.0.0.1", false),
    ] {
        forged(folder, &out, "client", &client(name));
        let openssl = verified_by_openssl(folder, "client", "sslclient");
        let expected = if accepted { "client.crt: OK" } else { VIOLATION };
        assert!(openssl.contains(expected), "{name}: {openssl}");
        let python = handshake(folder, "member localhost client");
        assert_eq!(python == ACCEPTED, accepted, "{name}: {python}");
        let gnutls = verified_by_gnutls(folder, "client");
        assert!(gnutls.contains(TRUSTED), "{name}: {gnutls}");
    }
    forged(folder, &out, "member", &member(&[ip("127.0.0.1")]));
    assert!(verified_by_openssl(folder, "member", "sslserver").contains("member.crt: OK"));
    assert!(verified_by_gnutls(folder, "member").contains(CONSTRAINTS));
}

/// A client's common name that OpenSSL takes for a host's, under a CA that does not permit it.
#[test]
fn a_client_outside_goes_on_where_it_is_in_use_and_is_refused_where_it_is_new() {
    let folder = folder();
    let folder = folder.path();
    let mut out = authority(folder);
    let mut wanted = wanted(Layout::Separate, KeyKind::EcdsaP256);
    let pki = out.build(&wanted, KeyKind::EcdsaP256, now()).expect("a build");
    out.write(&wanted, &pki);
    let last = wanted.len() - 1;
    wanted[last].subject = Subject::CommonName("svc_1.prod".into());
    let errors = out.build(&wanted, KeyKind::EcdsaP256, now()).expect_err("an error");
    let [error] = errors.as_slice() else { panic!("{errors:?}") };
    assert!(error.message.ends_with("cannot vouch for svc_1.prod"), "{error}");

    out.pairs[last] = vec![forge::sign(&out, &client("svc_1.prod"))];
    let pki = out.build(&wanted, KeyKind::EcdsaP256, now()).expect("a build");
    // It ends in a day, and is renewed.
    let reason = &pki.leaves()[last].reason;
    assert!(matches!(reason, Some(Reason::Expires { .. })), "{reason:?}");
    let said = pki.warnings.iter().map(ToString::to_string).collect::<String>();
    assert!(said.contains("OpenSSL refuses the certificate of `svc_1.prod`"), "{said}");
    wanted[last].subject = Subject::Organization("svc_1.prod".into());
    let pki = out.build(&wanted, KeyKind::EcdsaP256, now()).expect("a build");
    let name = "client";
    write(folder, "client.crt", pki.leaves()[last].certificate.as_bytes());
    assert!(verified_by_openssl(folder, name, "sslclient").contains("client.crt: OK"));
}
