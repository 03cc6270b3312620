//! Every certificate that a build writes, judged by others than the library that made it:
//! `openssl`, `certtool` and pkilint. Go's own judgement is the business of the tests on real etcd.

use crate::support::build::{EXAMPLES, Output, example};
use crate::support::run::{run, stdout, tools};
use bouquet_model::Member;
use bouquet_model::certificate::{Kind, Wanted, wanted};
use bouquet_model::cluster::San;
use bouquet_model::url::{Host, Url};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// All that pkilint may say: RFC 5280 wants names of two labels, and etcd's gateway and people on
/// the node dial `localhost`.
const PKILINT_SAYS: &str =
    "pkix.invalid_domain_name_syntax (ERROR): Invalid domain name syntax: \"localhost\"";

/// pkilint takes a second to start, and one certificate at a time.
const PKILINT: &str = "
import sys
from pkilint.bin.lint_pkix_cert import main
for path in sys.argv[1:]:
    print('lint', path)
    main(['lint', '-s', 'WARNING', path])
";

#[test]
fn the_certificates_of_the_examples_pass() {
    for name in EXAMPLES {
        pass(&Output::of(&example(name)));
    }
}

#[test]
fn the_certificates_of_every_layout_and_key_pass() {
    for layout in ["separate", "combined", "shared"] {
        for key in ["ecdsa-p256", "ecdsa-p384", "ed25519"] {
            let mut spec: toml_edit::DocumentMut = example("shared").parse().expect("TOML");
            spec["tls"]["layout"] = toml_edit::value(layout);
            spec["tls"]["key"] = toml_edit::value(key);
            if layout != "shared" {
                let tls = spec["tls"].as_table_mut().expect("a table");
                tls.remove("common-name");
            }
            // A member on IPv6, with a name more.
            let members = spec["member"].as_array_of_tables_mut().expect("members");
            let member = members.get_mut(0).expect("a member");
            member["ip"] = toml_edit::value("fd00::100");
            member["extra-sans"] = toml_edit::Array::from_iter(["etcd.zyxasr.io"]).into();
            pass(&Output::of(&spec.to_string()));
        }
    }
}

fn pass(output: &Output) {
    let mut certificates = Vec::new();
    for wanted in wanted(&output.cluster) {
        for place in &wanted.places {
            let certificate = output.path(&format!("{place}.crt"));
            openssl_accepts(output, &wanted, &certificate);
            gnutls_accepts(output, &wanted, &certificate);
            the_key_is_its_own(&certificate, &output.path(&format!("{place}.key")));
            certificates.push(certificate);
        }
    }
    for member in output.cluster.members.iter() {
        members_are_who_they_are_called(output, member);
    }
    if output.cluster.tls.is_some() {
        certificates.push(output.path("pki/ca.crt"));
        pkilint_accepts(&certificates);
    }
}

/// For each use that etcd makes of it, and for each name in it; and for no other.
fn openssl_accepts(output: &Output, wanted: &Wanted, certificate: &Path) {
    let purposes =
        [("sslserver", wanted.kind.server_auth()), ("sslclient", wanted.kind.client_auth())];
    for (purpose, fit) in purposes {
        assert_eq!(verified(output, certificate, &["-purpose", purpose]), fit, "{purpose}");
    }
    for san in &wanted.sans {
        let name = match san {
            San::Ip(ip) => ["-verify_ip", &ip.to_string()].map(str::to_owned),
            San::Dns(name) => ["-verify_hostname", name].map(str::to_owned),
        };
        let name: Vec<&str> = name.iter().map(String::as_str).collect();
        assert!(verified(output, certificate, &name), "{name:?}");
    }
    for foreign in [["-verify_ip", "192.0.2.1"], ["-verify_hostname", "foreign.invalid"]] {
        assert!(!verified(output, certificate, &foreign), "{foreign:?}");
    }
}

/// The host of every URL that someone dials is in the certificate that the member shows there.
fn members_are_who_they_are_called(output: &Output, member: &Member) {
    let folder = format!("members/{}/certs", member.name);
    let peer = output.path(&format!("{folder}/peer.crt"));
    let server = output.path(&format!("{folder}/server.crt"));
    if !server.exists() {
        return;
    }
    let peer = if peer.exists() { &peer } else { &server };
    let dialled = [
        (peer, &member.initial_advertise_peer_urls),
        (&server, &member.advertise_client_urls),
        (&server, &member.listen_client_urls),
    ];
    for (certificate, urls) in dialled {
        // Nobody dials every address.
        let is_one = |url: &&Url| !matches!(url.host, Host::Ip(ip) if ip.is_unspecified());
        for url in urls.iter().filter(is_one) {
            let host = url.host.to_string();
            let name = match url.host {
                Host::Ip(_) => ["-verify_ip", &host],
                Host::Name(_) => ["-verify_hostname", &host],
            };
            assert!(verified(output, certificate, &name), "{url}");
        }
    }
}

fn verified(output: &Output, certificate: &Path, what: &[&str]) -> bool {
    let mut command = Command::new("openssl");
    command.args(["verify", "-x509_strict", "-CAfile"]).arg(output.path("pki/ca.crt"));
    run(command.args(what).arg(certificate)).ok
}

fn gnutls_accepts(output: &Output, wanted: &Wanted, certificate: &Path) {
    const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";
    const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";
    let purposes =
        [(SERVER_AUTH, wanted.kind.server_auth()), (CLIENT_AUTH, wanted.kind.client_auth())];
    for (purpose, fit) in purposes {
        let mut command = Command::new("certtool");
        command.args(["--verify", "--verify-purpose", purpose, "--load-ca-certificate"]);
        command.arg(output.path("pki/ca.crt")).arg("--infile").arg(certificate);
        let said = run(&mut command);
        assert_eq!(said.ok, fit, "{purpose}: {}{}", said.stdout, said.stderr);
    }
}

fn the_key_is_its_own(certificate: &Path, key: &Path) {
    let mut command = Command::new("openssl");
    let in_certificate = command.args(["x509", "-noout", "-pubkey", "-in"]).arg(certificate);
    let in_certificate = stdout(in_certificate);
    let mut command = Command::new("openssl");
    let in_key = stdout(command.args(["pkey", "-pubout", "-in"]).arg(key));
    assert_eq!(in_certificate, in_key);
    let mode = fs::metadata(key).expect("a key").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "{}", key.display());
}

fn pkilint_accepts(certificates: &[PathBuf]) {
    let mut command = Command::new(tools().join("venv/bin/python"));
    let report = stdout(command.args(["-c", PKILINT]).args(certificates));
    let mut linted = 0;
    for line in report.lines().map(str::trim) {
        linted += usize::from(line.starts_with("lint "));
        let finding = ["(WARNING)", "(ERROR)", "(FATAL)"].iter().any(|kind| line.contains(kind));
        assert!(!finding || line == PKILINT_SAYS, "{report}");
    }
    assert_eq!(linted, certificates.len(), "{report}");
}

/// The CA's certificate is one, and its key is nowhere but in `out/pki/`.
#[test]
fn the_ca_is_a_ca_and_keeps_its_key() {
    for name in EXAMPLES.into_iter().filter(|name| *name != "plain") {
        let output = Output::of(&example(name));
        let ca = output.path("pki/ca.crt");
        the_key_is_its_own(&ca, &output.path("pki/ca.key"));
        let mut command = Command::new("openssl");
        let text = stdout(command.args(["x509", "-noout", "-text", "-in"]).arg(&ca));
        for line in ["CA:TRUE", "Certificate Sign, CRL Sign"] {
            assert!(text.contains(line), "{text}");
        }
        let key = output.read("pki/ca.key");
        let mut holders = BTreeMap::new();
        for file in files(&output.path("")) {
            holders.insert(fs::read_to_string(&file).expect("text").contains(&key), file);
        }
        assert_eq!(holders.get(&true), Some(&output.path("pki/ca.key")));
        let kinds = wanted(&output.cluster);
        assert!(kinds.iter().all(|wanted| wanted.kind != Kind::Ca));
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
