//! What OpenSSL makes is accepted, and what is made here OpenSSL accepts.

use super::cluster::{NOW, Out, wanted};
use bouquet_build::pki::Pki;
use bouquet_model::certificate::{Kind, Wanted};
use bouquet_model::cluster::{KeyKind, Layout, San};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// Runs `openssl` in a folder and returns what it prints.
pub(crate) fn openssl(folder: &Path, arguments: &str) -> String {
    let output = Command::new("openssl")
        .args(arguments.split_whitespace().map(|word| word.replace('~', " ")))
        .current_dir(folder)
        .output()
        .unwrap_or_else(|error| panic!("install openssl: {error}"));
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert!(output.status.success(), "openssl {arguments}\n{out}{err}");
    out
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("text")
}

#[expect(clippy::disallowed_methods, reason = "openssl reads files")]
pub(crate) fn write(folder: &Path, name: &str, bytes: &[u8]) {
    std::fs::write(folder.join(name), bytes).expect("a file");
}

#[expect(clippy::disallowed_methods, reason = "openssl writes files")]
fn read(folder: &Path, name: &str) -> Vec<u8> {
    std::fs::read(folder.join(name)).expect("a file")
}

pub(crate) fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Checks every leaf of a build with `openssl verify`, at the time of the build.
fn verify(folder: &Path, wanted: &[Wanted], pki: &Pki) {
    write(folder, "ca.crt", pki.authorities[0].certificate.as_bytes());
    for (i, (wanted, leaf)) in wanted.iter().zip(pki.leaves()).enumerate() {
        let name = format!("{i}.crt");
        write(folder, &name, leaf.certificate.as_bytes());
        write(folder, "leaf.key", leaf.key.expose());
        let purposes: &[&str] =
            if wanted.kind.server_auth() { &["sslserver", "sslclient"] } else { &["sslclient"] };
        for purpose in purposes {
            let verify = format!(
                "verify -x509_strict -check_ss_sig -attime {NOW} -purpose {purpose} -CAfile ca.crt"
            );
            openssl(folder, &format!("{verify} {name}"));
            for san in &wanted.sans {
                let check = match san {
                    San::Ip(ip) => format!("-verify_ip {ip}"),
                    San::Dns(dns) => format!("-verify_hostname {dns}"),
                };
                openssl(folder, &format!("{verify} {check} {name}"));
            }
        }
        assert_eq!(openssl(folder, "pkey -in leaf.key -check -noout"), "Key is valid\n");
        let public = openssl(folder, "pkey -in leaf.key -pubout");
        assert_eq!(openssl(folder, &format!("x509 -in {name} -pubkey -noout")), public);
    }
}

#[test]
fn every_certificate_passes_strict_verification() {
    for layout in Layout::ALL {
        for key in KeyKind::ALL {
            let wanted = wanted(*layout, *key);
            let (_, pki) = Out::first(&wanted, *key);
            verify(folder().path(), &wanted, &pki);
        }
    }
}

#[test]
fn a_client_is_no_server() {
    let wanted = wanted(Layout::Separate, KeyKind::EcdsaP256);
    let (_, pki) = Out::first(&wanted, KeyKind::EcdsaP256);
    let folder = folder();
    write(folder.path(), "ca.crt", pki.authorities[0].certificate.as_bytes());
    write(folder.path(), "client.crt", pki.leaves()[6].certificate.as_bytes());
    let status = Command::new("openssl")
        .args(["verify", "-attime", &NOW.to_string(), "-purpose", "sslserver"])
        .args(["-CAfile", "ca.crt", "client.crt"])
        .current_dir(folder.path())
        .output();
    let output = status.unwrap_or_else(|error| panic!("install openssl: {error}"));
    assert!(!output.status.success());
}

/// What `openssl x509 -text` says, without what is random or follows from the key.
fn shown(pem: &str) -> String {
    let folder = folder();
    write(folder.path(), "x.crt", pem.as_bytes());
    let text = openssl(
        folder.path(),
        "x509 -in x.crt -noout -text -certopt no_pubkey,no_sigdump,no_serial",
    );
    let digits = |line: &str| line.contains(':') && line.trim().split(':').all(|b| b.len() == 2);
    let lines = text.lines().map(|line| if digits(line) { "                ..." } else { line });
    lines.map(str::trim_end).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_certificate_says_this_and_no_more() {
    let wanted = wanted(Layout::Separate, KeyKind::EcdsaP256);
    let (_, pki) = Out::first(&wanted, KeyKind::EcdsaP256);
    let ca = "\
Certificate:
    Data:
        Version: 3 (0x2)
        Signature Algorithm: ecdsa-with-SHA256
        Issuer: CN = etcd-cluster-1 etcd CA 01234567
        Validity
            Not Before: Nov 21 23:55:00 2026 GMT
            Not After : Nov 19 00:00:00 2036 GMT
        Subject: CN = etcd-cluster-1 etcd CA 01234567
        X509v3 extensions:
            X509v3 Authority Key Identifier:
                ...
            X509v3 Key Usage: critical
                Certificate Sign, CRL Sign
            X509v3 Subject Key Identifier:
                ...
            X509v3 Basic Constraints: critical
                CA:TRUE, pathlen:0";
    assert_eq!(shown(&pki.authorities[0].certificate), ca);
    let server = "\
Certificate:
    Data:
        Version: 3 (0x2)
        Signature Algorithm: ecdsa-with-SHA256
        Issuer: CN = etcd-cluster-1 etcd CA 01234567
        Validity
            Not Before: Nov 21 23:55:00 2026 GMT
            Not After : Nov 22 00:00:00 2027 GMT
        Subject: CN = camellia
        X509v3 extensions:
            X509v3 Authority Key Identifier:
                ...
            X509v3 Subject Alternative Name:
                DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, \
DNS:camellia.zyxasr.io, IP Address:192.168.65.8, IP Address:FD00:0:0:0:0:0:0:8
            X509v3 Key Usage: critical
                Digital Signature
            X509v3 Extended Key Usage:
                TLS Web Server Authentication, TLS Web Client Authentication
            X509v3 Subject Key Identifier:
                ...
            X509v3 Basic Constraints: critical
                CA:FALSE";
    assert_eq!(shown(&pki.leaves()[0].certificate), server);
    let client = shown(&pki.leaves()[6].certificate);
    assert!(client.contains("Subject: CN = root\n"), "{client}");
    assert!(!client.contains("Alternative Name"), "{client}");
    assert!(client.contains("Usage:\n                TLS Web Client Authentication\n"), "{client}");
}

#[test]
fn facts_are_what_openssl_says() {
    let wanted = wanted(Layout::Separate, KeyKind::EcdsaP256);
    let (_, pki) = Out::first(&wanted, KeyKind::EcdsaP256);
    let folder = folder();
    for (pem, facts) in pki
        .leaves()
        .iter()
        .map(|leaf| (&leaf.certificate, &leaf.facts))
        .chain([(&pki.authorities[0].certificate, &pki.authorities[0].facts)])
    {
        write(folder.path(), "x.crt", pem.as_bytes());
        let said = openssl(folder.path(), "x509 -in x.crt -noout -serial -fingerprint -sha256");
        let said = said.to_lowercase().replace(':', "");
        let sha256 = facts.fingerprint_text();
        assert!(said.contains(sha256.trim_start_matches("sha256:")), "{said}");
        let serial = said.trim_start_matches("serial=").split('\n').next().expect("a line");
        assert_eq!(serial.trim_start_matches('0'), facts.serial.trim_start_matches('0'));
        assert!(facts.kind == Kind::Ca || !facts.sans.contains(&San::Dns("*".into())));
    }
}

/// Makes a CA with openssl and returns it as `out/` would hold it.
pub(crate) fn foreign(folder: &Path, key: &str, subject: &str, options: &str) -> Out {
    openssl(folder, key);
    openssl(
        folder,
        &format!("req -x509 -new -key ca.key -out ca.crt -days 3650 -subj {subject} {options}"),
    );
    Out {
        ca_certificate: Some(read(folder, "ca.crt")),
        ca_key: Some(read(folder, "ca.key")),
        ..Out::default()
    }
}

/// A time at which a CA that openssl makes now is valid; openssl asks the clock.
#[expect(clippy::disallowed_methods, reason = "openssl cannot be told what time it is")]
pub(crate) fn now() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.expect("after 1970").as_secs().try_into().expect("before 9999")
}

#[test]
fn a_ca_of_any_common_kind_can_issue() {
    for key in [
        "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out ca.key",
        "genrsa -traditional -out ca.key 2048",
        "genrsa -out ca.key 3072",
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ca.key",
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out ca.key",
        "ecparam -name prime256v1 -genkey -out ca.key",
        "ecparam -name secp384r1 -genkey -noout -out ca.key",
        "genpkey -algorithm ED25519 -out ca.key",
    ] {
        for kind in [KeyKind::EcdsaP256, KeyKind::Ed25519] {
            let folder = folder();
            let subject = "/C=DE/ST=Hesse/L=Frankfurt/O=Example~Ltd/OU=Infra/CN=Our~own~CA";
            let mut out = foreign(folder.path(), key, subject, "");
            let wanted = wanted(Layout::Combined, kind);
            let now = now();
            let pki =
                out.build(&wanted, kind, now).unwrap_or_else(|errors| panic!("{key}: {errors:?}"));
            assert_eq!(pki.authorities[0].facts.common_name, "Our own CA");
            out.write(&wanted, &pki);
            let again = out.build(&wanted, kind, now).expect("a build");
            assert!(again.leaves().into_iter().all(|leaf| leaf.reason.is_none()), "{key}");
            for leaf in pki.leaves() {
                write(folder.path(), "x.crt", leaf.certificate.as_bytes());
                openssl(folder.path(), "verify -CAfile ca.crt -purpose sslclient x.crt");
            }
        }
    }
}

#[test]
fn a_ca_that_cannot_be_used_is_refused_with_the_way_out() {
    let config = "-addext basicConstraints=critical,CA:FALSE";
    let usage = "-addext keyUsage=critical,digitalSignature";
    let p256 = "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ca.key";
    let encrypted = |kind: &str| format!("{p256} {kind} -pass pass:hush");
    for (key, subject, options, said) in [
        (
            "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521 -out ca.key",
            "/CN=x",
            "",
            "a key of an unsupported kind",
        ),
        (
            "genpkey -algorithm ED448 -out ca.key",
            "/CN=x",
            "",
            "a key of a kind that Go verifies nothing with",
        ),
        ("genrsa -out ca.key 1024", "/CN=x", "", "a key of an unsupported kind"),
        (p256, "/CN=x", config, "is not a CA's certificate, but `x`"),
        (p256, "/CN=x", usage, "may not sign certificates"),
        (p256, "/DC=org/DC=example/CN=x", "", "has a name of an unsupported form"),
        (p256, "/OU=a+CN=x", "-multivalue-rdn", "has a name of an unsupported form"),
        (
            encrypted("-aes256").as_str(),
            "/CN=x",
            "-passin pass:hush",
            "`openssl pkcs8 -topk8 -nocrypt -in out/pki/ca.key",
        ),
    ] {
        let folder = folder();
        let out = foreign(folder.path(), key, subject, options);
        let wanted = wanted(Layout::Combined, KeyKind::EcdsaP256);
        let errors = out.build(&wanted, KeyKind::EcdsaP256, now()).expect_err(said);
        let text: Vec<_> =
            errors.iter().flat_map(|e| [&e.message].into_iter().chain(&e.help)).cloned().collect();
        assert!(text.join("\n").contains(said), "{key}: {text:#?}");
    }
}
