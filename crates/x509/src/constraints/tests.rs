use super::*;
use crate::issuer::name_constraints;
use crate::pem;
use crate::tools::{folder, read, run, try_run, write};
use proptest::prelude::*;
use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};
use std::path::Path;
use x509_parser::prelude::{FromDer as _, ParsedExtension, X509Certificate};

fn dns(name: &str) -> San {
    San::Dns(name.to_owned().into())
}

fn ip(ip: &str) -> San {
    San::Ip(ip.parse().expect("an address"))
}

fn network(ip: &str, prefix: u8) -> Network {
    Network::new(ip.parse().expect("an address"), prefix).expect("a network")
}

fn subtrees(domains: &[&str], networks: &[Network]) -> Subtrees {
    Subtrees {
        domains: domains.iter().map(|name| (*name).to_owned()).collect(),
        networks: networks.to_vec(),
    }
}

/// Returns the constraints of a CA that openssl makes.
fn made(folder: &Path, constraints: &str) -> Result<Option<Constraints>, String> {
    let make = "openssl req -x509 -newkey ed25519 -nodes -keyout ca.key -out ca.crt -subj /CN=x";
    try_run(folder, &format!("{make} -addext nameConstraints=critical,{constraints}"))?;
    let der = pem::certificates(&read(folder, "ca.crt")).expect("a certificate").remove(0);
    Ok(in_certificate(&der))
}

fn in_certificate(der: &[u8]) -> Option<Constraints> {
    let (_, x509) = X509Certificate::from_der(der).expect("a certificate");
    let found = x509.extensions().iter().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::NameConstraints(constraints) => Some(constraints),
        _ => None,
    });
    Constraints::parse(found.expect("name constraints"))
}

#[test]
fn a_name_covers_itself_and_what_is_below() {
    for (constraint, name, covered) in [
        ("zyxasr.io", "zyxasr.io", true),
        ("zyxasr.io", "a.zyxasr.io", true),
        ("zyxasr.io", "a.b.ZYXASR.io", true),
        ("zyxasr.io", "*.zyxasr.io", true),
        ("zyxasr.io", "azyxasr.io", false),
        ("zyxasr.io", "io", false),
        ("zyxasr.io", "zyxasr.io.", false),
        (".zyxasr.io", "zyxasr.io", false),
        (".zyxasr.io", "a.zyxasr.io", true),
        (".zyxasr.io", "a.b.zyxasr.io", true),
        (".zyxasr.io", "*.zyxasr.io", true),
        (".zyxasr.io", "azyxasr.io", false),
        ("a.zyxasr.io", "*.zyxasr.io", false),
        ("localhost", "localhost", true),
        ("localhost", "local", false),
        ("", "anything.example", true),
        ("", "..", false),
    ] {
        let constraints =
            Constraints { permitted: subtrees(&[constraint], &[]), ..Constraints::default() };
        assert_eq!(constraints.allows(&dns(name)), covered, "{constraint} {name}");
        // Constraints of one kind say nothing of the other.
        assert!(constraints.allows(&ip("10.0.0.1")));
        let is_sound = is_domain(&name.to_ascii_lowercase());
        let constraints =
            Constraints { excluded: subtrees(&[constraint], &[]), ..Constraints::default() };
        let may_be = (constraint, name) == ("a.zyxasr.io", "*.zyxasr.io");
        let allowed = is_sound && !covered && !may_be;
        assert_eq!(constraints.allows(&dns(name)), allowed, "not {constraint} {name}");
    }
}

#[test]
fn an_address_is_in_a_network_of_its_family() {
    for (network, address, within) in [
        (network("10.1.2.3", 32), "10.1.2.3", true),
        (network("10.1.2.3", 32), "10.1.2.4", false),
        (network("10.1.2.3", 8), "10.9.9.9", true),
        (network("10.1.2.3", 0), "255.0.0.1", true),
        (network("10.0.0.0", 9), "10.128.0.0", false),
        (network("10.1.2.3", 32), "::ffff:10.1.2.3", false),
        (network("::", 0), "10.1.2.3", false),
        (network("::", 0), "fd00::1", true),
        (network("::", 0), "::ffff:10.1.2.3", false),
        (network("::ffff:10.1.2.3", 128), "::ffff:10.1.2.3", true),
        (network("fd00::", 64), "fd00::ffff:0:0:1", true),
        (network("fd00::", 64), "fd00:0:0:1::1", false),
        (network("::1", 128), "::1", true),
    ] {
        let permitting =
            Constraints { permitted: subtrees(&[], &[network]), ..Constraints::default() };
        assert_eq!(permitting.allows(&ip(address)), within, "{network:?} {address}");
        assert!(permitting.allows(&dns("localhost")));
        let excluding =
            Constraints { excluded: subtrees(&[], &[network]), ..Constraints::default() };
        assert_eq!(excluding.allows(&ip(address)), !within, "not {network:?} {address}");
    }
    assert_eq!(Network::new("10.0.0.1".parse().expect("an address"), 33), None);
    assert_eq!(Network::new("::".parse().expect("an address"), 129), None);
}

#[test]
fn the_shortest_list_has_nothing_that_another_covers() {
    let sans = [
        dns("localhost"),
        ip("127.0.0.1"),
        ip("::1"),
        dns("camellia.zyxasr.io"),
        ip("192.168.65.8"),
        dns("*.ZYXASR.io"),
        dns("localhost"),
        ip("192.168.65.8"),
        dns("etcd.example.com"),
        dns("a.b.example.com"),
        ip("10.9.0.1"),
        dns("azyxasr.io"),
    ];
    let also = subtrees(&[".example.com"], &[network("10.0.0.0", 8), network("10.1.0.0", 16)]);
    let constraints = Constraints::permitting(sans.clone(), also);
    let domains = [".example.com", "azyxasr.io", "localhost", "zyxasr.io"];
    let networks = [
        network("10.0.0.0", 8),
        network("127.0.0.1", 32),
        network("192.168.65.8", 32),
        network("::1", 128),
    ];
    assert_eq!(constraints.permitted, subtrees(&domains, &networks));
    assert!(sans.iter().all(|san| constraints.allows(san)));
    for other in [dns("example.com"), dns("io"), ip("192.168.65.9"), ip("::2")] {
        assert!(!constraints.allows(&other), "{other}");
    }
}

#[test]
fn what_is_written_openssl_reads() {
    let also = subtrees(&["internal.example"], &[network("10.20.0.0", 16), network("fd00::", 8)]);
    let sans = [dns("localhost"), ip("127.0.0.1"), ip("::1"), dns("*.zyxasr.io")];
    let constraints = Constraints::permitting(sans, also);
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.name_constraints = Some(name_constraints(&constraints));
    let certificate = params.self_signed(&KeyPair::generate().expect("a key")).expect("a CA");
    assert_eq!(in_certificate(certificate.der()), Some(constraints));
    let folder = folder();
    write(folder.path(), "ca.der", certificate.der());
    let text =
        run(folder.path(), "openssl x509 -inform DER -in ca.der -noout -ext nameConstraints");
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    let said = [
        "X509v3 Name Constraints: critical",
        "Permitted:",
        "DNS:internal.example",
        "DNS:localhost",
        "DNS:zyxasr.io",
        "IP:10.20.0.0/255.255.0.0",
        "IP:127.0.0.1/255.255.255.255",
        "IP:0:0:0:0:0:0:0:1/FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF",
        "IP:FD00:0:0:0:0:0:0:0/FF00:0:0:0:0:0:0:0",
    ];
    assert_eq!(lines, said);
}

#[test]
fn what_openssl_writes_is_read() {
    let folder = folder();
    let read = |constraints: &str| made(folder.path(), constraints).expect("a CA");
    let found = read("permitted;DNS:.Example.com,excluded;IP:10.0.0.1/255.0.0.0");
    let expected = Constraints {
        permitted: subtrees(&[".example.com"], &[]),
        excluded: subtrees(&[], &[network("10.0.0.0", 8)]),
    };
    assert_eq!(found, Some(expected));
    let found = read("permitted;DNS:x,permitted;email:x,permitted;URI:x").expect("constraints");
    assert_eq!(found.permitted, subtrees(&["x"], &[]));
    for refused in [
        "permitted;IP:10.0.0.1/255.0.255.0",
        "permitted;DNS:x.",
        "permitted;DNS:x..y",
        "excluded;otherName:1.2.3;UTF8:x",
        "excluded;RID:1.2.3",
    ] {
        assert_eq!(read(refused), None, "{refused}");
    }
    let nothing = NameConstraints { permitted_subtrees: None, excluded_subtrees: None };
    assert_eq!(Constraints::parse(&nothing), None);
    for bytes in [&[][..], &[0; 4], &[0; 7], &[0; 9], &[0; 31], &[0; 64]] {
        assert_eq!(Network::parse(bytes), None);
    }
}

#[test]
fn what_openssl_takes_for_a_host_is_known() {
    let folder = folder();
    let folder = folder.path();
    let ca = "openssl req -x509 -newkey ed25519 -nodes -keyout ca.key -out ca.crt -subj /CN=x";
    run(folder, &format!("{ca} -addext nameConstraints=critical,permitted;DNS:elsewhere.example"));
    run(folder, "openssl genpkey -algorithm ed25519 -out x.key");
    for (name, is_host) in [
        ("root", false),
        ("etcd-0", false),
        ("1", false),
        ("svc.prod", true),
        ("svc_1.prod", true),
        ("_svc.prod_", true),
        ("10.0.0.1", true),
        ("1.2", true),
        ("a-b.c-d", true),
        ("a-.b", false),
        ("a.-b", false),
        ("a.b-", false),
        ("-a.b", false),
        ("a..b", false),
        ("a.b.", false),
        (".a.b", false),
        ("a@b.c", false),
    ] {
        assert_eq!(is_host_to_openssl(name), is_host, "{name}");
        run(folder, &format!("openssl req -new -key x.key -subj /CN={name} -out x.csr"));
        run(folder, "openssl x509 -req -in x.csr -CA ca.crt -CAkey ca.key -out x.crt");
        let verified = try_run(folder, "openssl verify -CAfile ca.crt x.crt");
        assert_eq!(verified.is_err(), is_host, "{name}: {verified:?}");
    }
}

#[test]
fn the_size_is_no_less_than_what_is_written() {
    for length in [1, 100, 119, 120, 130, 250] {
        let domains: Vec<_> = (0..20).map(|n| format!("{n:0length$}")).collect();
        let networks = vec![network("10.0.0.0", 8), network("fd00::", 8)];
        let also = Subtrees { domains, networks };
        let constraints = Constraints::permitting([], also);
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        let key = KeyPair::generate().expect("a key");
        let without = params.clone().self_signed(&key).expect("a CA").der().len();
        params.name_constraints = Some(name_constraints(&constraints));
        let with = params.self_signed(&key).expect("a CA").der().len();
        // The extension itself, and a signature of some bytes more or less.
        assert!(constraints.size() + 40 >= with - without, "{length}");
        assert!(constraints.size() <= with - without + 200, "{length}");
    }
}

#[test]
fn what_a_ca_can_vouch_for_is_one_line() {
    let names = |count: usize| (0..count).map(|n| format!("n{n}.example")).collect::<Vec<_>>();
    let line = |domains, networks: &[Network]| {
        let permitted = Subtrees { domains, networks: networks.to_vec() };
        Constraints { permitted, ..Constraints::default() }.to_string()
    };
    assert_eq!(line(names(1), &[]), "names in n0.example, and every address");
    let networks = [network("10.0.0.0", 24), network("::1", 128)];
    assert_eq!(line(Vec::new(), &networks), "addresses in 10.0.0.0/24, ::1, and every name");
    let many = line(names(10), &networks);
    assert!(many.ends_with("n7.example and 2 more and addresses in 10.0.0.0/24, ::1"), "{many}");
}

fn san() -> impl Strategy<Value = San> {
    prop_oneof![
        "(\\*\\.)?([ab]\\.){0,3}(x|ax)".prop_map(|name| San::Dns(name.into())),
        any::<[u8; 4]>().prop_map(|ip| San::Ip(ip.into())),
        any::<[u8; 16]>().prop_map(|ip| San::Ip(ip.into())),
    ]
}

proptest! {
    #[test]
    fn what_is_permitted_is_allowed_and_nothing_can_be_left_out(
        sans in prop::collection::vec(san(), 1..12),
    ) {
        let all = Constraints::permitting(sans.clone(), Subtrees::default());
        prop_assert!(sans.iter().all(|san| all.allows(san)));
        let Subtrees { domains, networks } = &all.permitted;
        for domain in domains.iter().filter(|_| domains.len() > 1) {
            let mut fewer = all.clone();
            fewer.permitted.domains.retain(|other| other != domain);
            prop_assert!(!sans.iter().all(|san| fewer.allows(san)), "{}", domain);
        }
        for network in networks.iter().filter(|_| networks.len() > 1) {
            let mut fewer = all.clone();
            fewer.permitted.networks.retain(|other| other != network);
            prop_assert!(!sans.iter().all(|san| fewer.allows(san)), "{:?}", network);
        }
    }
}
