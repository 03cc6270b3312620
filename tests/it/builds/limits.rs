//! What a stolen CA can do: where the spec says so, it vouches for certain names, or names and
//! addresses, alone. No build makes a CA again for that.

use crate::support::cluster::{Cluster, SPEC};
use crate::support::programs::{shell, verify};

const FOURTH: &str = "\n[[member]]\nname = \"daffodil\"\nip = \"10.9.0.4\"\nhostname = \"daffodil.zyxasr.io\"\n\
                      [[member]]\nname = \"fifth\"\nip = \"10.9.0.5\"\n";

const NAMES: &str = "\n[ca]\nname-constraints = \"dns\"\n";
const BOTH: &str = "\n[ca]\nname-constraints = \"dns+ip\"\n";

/// A cluster whose members have names.
fn named() -> String {
    ["pink", "orange", "camellia"].iter().fold(SPEC.to_owned(), |spec, name| {
        let line = format!("name = \"{name}\"\n");
        spec.replace(&line, &format!("{line}hostname = \"{name}.zyxasr.io\"\n"))
    })
}

/// The name constraints of a CA, as OpenSSL shows them, a line each.
fn constraints(cluster: &Cluster, ca: &str) -> Vec<String> {
    let script = format!("openssl x509 -noout -ext nameConstraints -in out/pki/{ca}.crt 2>&1");
    let text = shell(&script, cluster.folder.path());
    let lines = text.lines().map(str::trim);
    lines
        .filter(|line| line.starts_with("DNS:") || line.starts_with("IP:"))
        .map(str::to_owned)
        .collect()
}

/// Signs a certificate with that SAN by the CA's own key, and has OpenSSL verify it.
fn forged(cluster: &Cluster, san: &str) -> String {
    let forge = format!(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout k -out bank.crt \\
            -CA out/pki/ca.crt -CAkey out/pki/ca.key -subj /CN=bank -days 9 \\
            -addext basicConstraints=critical,CA:FALSE -addext subjectAltName={san} 2>/dev/null
        openssl verify -CAfile out/pki/ca.crt bank.crt 2>&1 || true"
    );
    shell(&forge, cluster.folder.path())
}

const VIOLATION: &str = "permitted subtree violation";

#[test]
fn a_new_ca_is_limited_where_the_spec_says_so_alone() {
    let dns = &["DNS:localhost", "DNS:zyxasr.io"][..];
    let both = &[
        "DNS:localhost",
        "DNS:zyxasr.io",
        "IP:10.0.0.0/255.255.255.0",
        "IP:127.0.0.1/255.255.255.255",
        "IP:0:0:0:0:0:0:0:1/FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF",
    ][..];
    for (ca, limits) in [
        ("", &[][..]),
        ("\n[ca]\nname-constraints = false\n", &[]),
        (NAMES, dns),
        (BOTH, both),
        ("\n[ca]\nname-constraints = true\n", both),
    ] {
        let cluster = Cluster::built(named() + ca);
        assert_eq!(constraints(&cluster, "ca"), limits, "{ca}");
        verify(&cluster.path("out"));
        let refused = |san: &str| forged(&cluster, san).contains(VIOLATION);
        assert_eq!(refused("DNS:bank.example"), !limits.is_empty(), "{ca}");
        assert_eq!(refused("IP:192.0.2.1"), limits.len() > 2, "{ca}");
    }
}

#[test]
fn what_a_new_ca_vouches_for_is_said_when_it_is_made() {
    for (ca, line) in [
        (NAMES, "it can certify names in localhost, zyxasr.io, and every address alone"),
        (
            BOTH,
            "it can certify names in localhost, zyxasr.io and addresses in 10.0.0.0/24, \
             127.0.0.1, ::1 alone",
        ),
    ] {
        let cluster = Cluster::new(named() + ca);
        let said = cluster.succeeds();
        assert!(said.contains(line), "{said}");
        assert!(!cluster.succeeds().contains("vouch"), "once");
    }
    assert!(!Cluster::new(SPEC).succeeds().contains("vouch"));
}

#[test]
fn what_is_permitted_takes_the_place_of_what_is_around_the_members() {
    let ca = "name-constraints = true\npermit = [\"10.9.0.0/16\", \"example.com\"]";
    let cluster = Cluster::built(format!("{}\n[ca]\n{ca}\n", named()));
    let limits = constraints(&cluster, "ca");
    for (limit, is_there) in [
        ("DNS:example.com", true),
        ("DNS:pink.zyxasr.io", true),
        ("DNS:zyxasr.io", false),
        ("IP:10.9.0.0/255.255.0.0", true),
        ("IP:10.0.0.1/255.255.255.255", true),
        ("IP:10.0.0.0/255.255.255.0", false),
    ] {
        assert_eq!(limits.iter().any(|line| line == limit), is_there, "{limit}: {limits:?}");
    }
}

#[test]
fn permit_alone_goes_on_as_it_did_with_the_line_to_write() {
    let cluster = Cluster::new(format!("{SPEC}\n[ca]\npermit = [\"10.9.0.0/16\"]\n"));
    let said = cluster.succeeds();
    assert!(
        said.contains("write `name-constraints = \"dns+ip\"` under [ca] to keep it so"),
        "{said}"
    );
    assert!(constraints(&cluster, "ca").contains(&"IP:10.9.0.0/255.255.0.0".to_owned()));
}

#[test]
fn a_cluster_grows_within_the_limits_of_its_ca() {
    for ca in [
        format!("{BOTH}permit = [\"10.9.0.0/24\", \"zyxasr.io\"]\n"),
        format!("{NAMES}permit = [\"zyxasr.io\"]\n"),
    ] {
        let cluster = Cluster::built(format!("{SPEC}{ca}"));
        cluster.write(format!("{SPEC}{FOURTH}{ca}"));
        cluster.succeeds();
        verify(&cluster.path("out"));
    }
    // And without: in the network of the others.
    let cluster = Cluster::built(named() + BOTH);
    cluster.write(named() + &FOURTH.replace("10.9.0.", "10.0.0.") + BOTH);
    cluster.succeeds();
    verify(&cluster.path("out"));
}

#[test]
fn a_member_outside_of_what_the_ca_may_vouch_for_is_explained() {
    let cluster = Cluster::built(SPEC.to_owned() + BOTH);
    cluster.write(SPEC.to_owned() + FOURTH + BOTH);
    let said = cluster.fails();
    assert!(said.contains("is limited by its name constraints and cannot vouch for"), "{said}");
    assert!(said.contains("daffodil.zyxasr.io of daffodil") && said.contains("10.9.0.4"), "{said}");
    assert!(said.contains("name = \"daffodil\"\n   |        ^^^^^^^^^^ not permitted"), "{said}");
    assert!(said.contains("`trust = [1, 2]` under [ca] makes one that permits all"), "{said}");

    // The way out: the old CA goes on for the old members, until the new one may issue. It is not
    // limited, and both builds say so.
    for (ca, is_said) in [("trust = [1, 2]", true), ("issue = 2\ntrust = [1, 2]", false)] {
        let members = if ca.starts_with("issue") { FOURTH } else { "" };
        cluster.write(format!("{SPEC}{members}\n[ca]\n{ca}\n"));
        let said = cluster.succeeds();
        assert_eq!(said.contains("unlike the one before, it is not limited"), is_said, "{said}");
    }
    assert_eq!(constraints(&cluster, "ca-2"), Vec::<String>::new());
    let script =
        "openssl verify -x509_strict -CAfile out/pki/ca-2.crt out/members/*/certs/server.crt";
    shell(script, cluster.folder.path());
}

#[test]
fn no_build_makes_a_ca_again_for_other_limits() {
    let permit = "permit = [\"10.9.0.0/16\", \"example.com\"]\n";
    let all = [
        String::new(),
        NAMES.to_owned(),
        BOTH.to_owned(),
        "\n[ca]\nname-constraints = false\n".to_owned(),
    ];
    for before in &all {
        let cluster = Cluster::built(named() + before);
        let ca = cluster.ca();
        let leaf = cluster.path("out/members/pink/certs/server.crt");
        let issued = std::fs::read(&leaf).unwrap();
        let changed = all.iter().flat_map(|after| match after.as_str() {
            "" => vec![String::new(), format!("\n[ca]\n{permit}")],
            after => vec![after.to_owned(), format!("{after}{permit}")],
        });
        for after in changed {
            cluster.write(named() + &after);
            let said = cluster.succeeds();
            assert_eq!(cluster.ca(), ca, "{before} then {after}");
            assert_eq!(std::fs::read(&leaf).unwrap(), issued, "{before} then {after}");
            assert!(!cluster.path("out/pki/ca-2.crt").exists());
            // Whatever is written and is not so takes a further CA.
            let same =
                |a: &str| if a.contains("dns+ip") { 2 } else { usize::from(a.contains("dns")) };
            let differs = after.contains("name-constraints") && same(before) != same(&after);
            let further = "`trust = [1, 2]` under [ca] makes one as it is written here";
            assert!(!differs || said.contains(further), "{before} then {after}: {said}");
            let is_unlimited = same(before) == 0 && same(&after) == 0;
            assert!(!is_unlimited || !said.contains(further), "{before} then {after}: {said}");
        }
    }
}

#[test]
fn what_is_permitted_too_late_is_said_until_a_ca_heeds_it() {
    let late = "permit = [\"10.9.0.0/24\", \"zyxasr.io\"]";
    let cluster = Cluster::built(SPEC.to_owned() + BOTH);
    for _ in 0..2 {
        cluster.write(format!("{SPEC}{BOTH}{late}\n"));
        let said = cluster.succeeds();
        assert!(said.contains("`permit` has 10.9.0.0/24, zyxasr.io, but the CA"), "{said}");
        assert!(said.contains("`trust = [1, 2]` under [ca] makes one as it is written"), "{said}");
    }
    cluster.write(format!("{SPEC}{BOTH}trust = [1, 2]\n{late}\n"));
    let said = cluster.succeeds();
    assert!(!said.contains("was made without"), "{said}");

    // What is narrower than what the CA permits is heeded.
    let cluster = Cluster::built(format!("{SPEC}{BOTH}permit = [\"10.0.0.0/8\"]\n"));
    cluster.write(format!("{SPEC}{BOTH}permit = [\"10.0.0.0/24\"]\n"));
    assert_eq!(cluster.succeeds(), "");
}

#[test]
fn clients_whose_names_openssl_takes_for_hosts_are_permitted_with_the_ca() {
    let names = ["svc.prod", "10.0.0.1", "svc_1.prod.zyxasr.io", "1.2", "a.-b", "a..b", "plain"];
    let clients = names.map(|name| format!("[[client]]\nname = \"{name}\"\n")).concat();
    for ca in [NAMES, BOTH] {
        let cluster = Cluster::built(format!("{SPEC}{clients}{ca}"));
        verify(&cluster.path("out"));
        let script = "certtool --verify --load-ca-certificate out/pki/ca.crt --infile";
        for certificate in
            ["clients/svc.prod/client", "clients/10.0.0.1/client", "members/pink/certs/server"]
        {
            shell(&format!("{script} out/{certificate}.crt"), cluster.folder.path());
        }
    }
}

#[test]
fn a_further_client_that_openssl_would_refuse_is_told_its_ways_out() {
    let client = "[[client]]\nname = \"svc_1.prod\"\n";
    let cluster = Cluster::built(SPEC.to_owned() + NAMES);
    cluster.write(format!("{SPEC}{client}{NAMES}"));
    let said = cluster.fails();
    assert!(said.contains("cannot vouch for svc_1.prod\n"), "{said}");
    assert!(said.contains("write `common-name = false` in the client's section"), "{said}");
    assert!(!said.contains("every verifier"), "{said}");
    cluster.write(format!("{SPEC}{client}common-name = false\n{NAMES}"));
    cluster.succeeds();
    verify(&cluster.path("out"));
}

#[test]
fn limits_beyond_what_certificates_carry_are_refused_before_a_ca_is_made() {
    let spec = |count: usize| {
        let client = |n: usize| format!("[[client]]\nname = \"u{n:058}.prod\"\n");
        SPEC.to_owned() + &(0..count).map(client).collect::<String>()
    };
    let cluster = Cluster::new(spec(940) + NAMES);
    cluster.build();
    let said = cluster.fails();
    assert!(!cluster.path("out/pki").exists());
    assert!(said.contains("limited to 941 names and networks, more than certificates"), "{said}");
    assert!(
        said.contains("write `permit = [\"prod\"]` under [ca]: it takes the place of 940"),
        "{said}"
    );
    cluster.write(spec(940) + NAMES + "permit = [\"prod\"]\n");
    cluster.succeeds();
    shell(
        "openssl verify -CAfile out/pki/ca.crt out/clients/*939.prod/client.crt",
        cluster.folder.path(),
    );

    // As many as are let through, everybody reads.
    let cluster = Cluster::built(spec(890) + NAMES);
    shell(
        "openssl verify -CAfile out/pki/ca.crt out/members/pink/certs/server.crt out/clients/*889.prod/client.crt
         certtool --verify --load-ca-certificate out/pki/ca.crt --infile out/members/pink/certs/server.crt",
        cluster.folder.path(),
    );
}
