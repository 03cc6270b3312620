//! A CA whose key is elsewhere: what it is asked for, and what goes on until it answers.

use crate::support::cluster::{Cluster, SPEC};
use crate::support::offsite::{
    CA, OFFSITE, SIGN, offsite, read, requests, sign, signed, writes_nothing,
};
use crate::support::programs::{shell, verify};
use std::fs;

const NAMES: [&str; 7] = [
    "camellia-peer",
    "camellia-server",
    "orange-peer",
    "orange-server",
    "pink-peer",
    "pink-server",
    "root-client",
];

#[test]
fn requests_are_written_kept_answered_and_gone() {
    let cluster = offsite(SPEC);
    let said = cluster.succeeds();
    let expected: Vec<_> =
        NAMES.iter().flat_map(|name| [format!("{name}.csr"), format!("{name}.key")]).collect();
    assert_eq!(requests(&cluster), expected);
    for name in NAMES {
        assert!(
            said.contains(&format!("requests/{name}.csr` waits for the signature of `Corp CA`"))
        );
    }
    assert!(said.contains("7 certificates must be signed where the key of the CA `Corp CA` is"));
    assert!(said.contains("-copy_extensions copyall -days 365"), "{said}");
    assert!(read(&cluster, "members/pink/etcd.sh").contains("etcd"), "the artifacts are there");
    assert!(!cluster.path("out/members/pink/certs/server.crt").exists());
    assert!(!read(&cluster, "cluster.rs").contains("Kind::Server"), "nothing that is not there");
    shell(
        "for folder in out/pki out/pki/requests out/members/*/certs out/clients/*; do
            test $(stat -c %a $folder) = 700
        done
        for key in out/pki/requests/*.key; do test $(stat -c %a $key) = 600; done
        for csr in out/pki/requests/*.csr; do openssl req -verify -noout -in $csr; done",
        cluster.folder.path(),
    );
    writes_nothing(&cluster);

    let keys: Vec<_> =
        NAMES.iter().map(|name| read(&cluster, &format!("pki/requests/{name}.key"))).collect();
    shell(SIGN, cluster.folder.path());
    let said = cluster.succeeds();
    assert!(!said.contains("waits") && !said.contains("must be signed"), "{said}");
    assert!(!said.contains("open to others"), "there was no key to read: {said}");
    assert_eq!(requests(&cluster), [""; 0]);
    assert!(!cluster.path("out/pki/requests").exists());
    let place = |name: &str| match name.rsplit_once('-').unwrap() {
        (name, "client") => format!("clients/{name}/client"),
        (name, file) => format!("members/{name}/certs/{file}"),
    };
    for (name, key) in NAMES.iter().zip(keys) {
        assert_eq!(read(&cluster, &format!("{}.key", place(name))), key, "{name}");
    }
    let lock = read(&cluster, "pki/cluster.lock");
    assert_eq!(lock.lines().filter(|line| line.starts_with("  { kind = ")).count(), 7, "{lock}");
    fs::copy(cluster.path("offsite/ca.key"), cluster.path("out/pki/ca.key")).unwrap();
    verify(&cluster.path("out"));
    fs::remove_file(cluster.path("out/pki/ca.key")).unwrap();
    writes_nothing(&cluster);
}

#[test]
fn some_may_be_signed_before_the_others() {
    let cluster = offsite(SPEC);
    cluster.succeeds();
    sign(&cluster, "orange-server", "-copy_extensions copyall -days 365");
    let said = cluster.succeeds();
    assert!(said.contains("6 certificates must be signed"), "{said}");
    assert!(cluster.path("out/members/orange/certs/server.key").exists());
    assert!(!requests(&cluster).iter().any(|file| file.starts_with("orange-server")));
    assert_eq!(read(&cluster, "cluster.rs").matches("Kind::Server").count(), 1);
    writes_nothing(&cluster);
}

#[test]
fn a_certificate_goes_on_until_the_next_one_is_signed() {
    let cluster = signed(SPEC);
    let (certificate, key) = ["crt", "key"]
        .map(|end| read(&cluster, &format!("members/pink/certs/server.{end}")))
        .into();
    let constants = read(&cluster, "cluster.rs");
    let more =
        SPEC.replace("ip = \"10.0.0.1\"", "ip = \"10.0.0.1\"\nextra-sans = [\"new.example\"]");
    cluster.write(format!("{more}{CA}"));
    let said = cluster.succeeds();
    assert!(said.contains("pink-server.csr` waits for the signature of `Corp CA`: SANs changed: + new.example; the one in place ends on"), "{said}");
    assert_eq!(read(&cluster, "members/pink/certs/server.crt"), certificate);
    assert_eq!(read(&cluster, "members/pink/certs/server.key"), key);
    assert_eq!(
        read(&cluster, "cluster.rs").matches("serial:").count(),
        constants.matches("serial:").count()
    );
    assert_eq!(
        requests(&cluster),
        ["pink-peer.csr", "pink-peer.key", "pink-server.csr", "pink-server.key"]
    );
    let pending = read(&cluster, "pki/requests/pink-server.key");
    assert_ne!(pending, key);
    writes_nothing(&cluster);

    shell(SIGN, cluster.folder.path());
    let said = cluster.succeeds();
    assert!(said.contains("issued") && said.contains("SANs changed: + new.example"), "{said}");
    assert_eq!(read(&cluster, "members/pink/certs/server.key"), pending);
    assert_eq!(requests(&cluster), [""; 0]);
    writes_nothing(&cluster);
}

#[test]
fn a_key_is_kept_where_the_spec_says_so_and_a_new_generation_gets_another() {
    let keep = |more: &str| {
        SPEC.replace("[etcd]", "[tls]\nrenew = \"keep-key\"\n\n[etcd]")
            .replace("name = \"root\"\n", &format!("name = \"root\"\n{more}"))
            + CA
    };
    let cluster = signed(&keep("").replace(CA, ""));
    let key = read(&cluster, "clients/root/client.key");
    // Renewed early, for the same key.
    cluster.write(
        keep("").replace("renew =", "valid-for = \"720d\"\nrenew-before = \"700d\"\nrenew ="),
    );
    cluster.succeeds();
    assert_eq!(read(&cluster, "pki/requests/root-client.key"), key);

    cluster.write(keep("generation = 2\n"));
    cluster.succeeds();
    let second = read(&cluster, "pki/requests/root-client.key");
    assert_ne!(second, key);
    writes_nothing(&cluster);
    // The generation is raised again before anybody has signed.
    cluster.write(keep("generation = 3\n"));
    cluster.succeeds();
    let third = read(&cluster, "pki/requests/root-client.key");
    assert_ne!(third, second);
    writes_nothing(&cluster);
    sign(&cluster, "root-client", "-copy_extensions copyall -days 365");
    cluster.write(keep("generation = 4\n"));
    let said = cluster.fails();
    assert!(
        said.contains("root-client.crt` was asked for when the generation was 3, and it is 4 now"),
        "{said}"
    );
    cluster.write(keep("generation = 3\n"));
    cluster.succeeds();
    assert_eq!(read(&cluster, "clients/root/client.key"), third);
    let lock = read(&cluster, "pki/cluster.lock");
    assert!(lock.contains("kind = \"client\", owner = \"root\", generation = 3,"), "{lock}");
    writes_nothing(&cluster);
}

#[test]
fn a_request_that_was_taken_away_is_written_again_for_the_same_key() {
    for kind in ["ecdsa-p256", "ecdsa-p384", "ed25519"] {
        let cluster =
            offsite(&SPEC.replace("[etcd]", &format!("[tls]\nkey = \"{kind}\"\n\n[etcd]")));
        cluster.succeeds();
        let key = read(&cluster, "pki/requests/root-client.key");
        shell("mv out/pki/requests/root-client.csr offsite/", cluster.folder.path());
        cluster.succeeds();
        assert_eq!(read(&cluster, "pki/requests/root-client.key"), key);
        // What was signed there is the answer to the one that was taken away.
        let sign = "cd offsite; openssl x509 -req -in root-client.csr -copy_extensions copyall -days 365 \
                    -CA ca.crt -CAkey ca.key -out ../out/pki/requests/root-client.crt";
        shell(sign, cluster.folder.path());
        cluster.succeeds();
        assert_eq!(read(&cluster, "clients/root/client.key"), key);
    }
}

#[test]
fn the_shared_certificate_is_one_request_and_goes_to_all_places() {
    let cluster = offsite(&SPEC.replace("[etcd]", "[tls]\nlayout = \"shared\"\n\n[etcd]"));
    cluster.succeeds();
    assert_eq!(
        requests(&cluster),
        ["root-client.csr", "root-client.key", "shared.csr", "shared.key"]
    );
    let key = read(&cluster, "pki/requests/shared.key");
    shell(SIGN, cluster.folder.path());
    cluster.succeeds();
    for member in ["pink", "orange", "camellia"] {
        assert_eq!(read(&cluster, &format!("members/{member}/certs/server.key")), key);
    }
    assert_eq!(requests(&cluster), [""; 0]);
    writes_nothing(&cluster);
}

#[test]
fn a_change_to_it_goes_through_the_phases_and_ends_when_everything_is_signed() {
    let cluster = Cluster::built(SPEC);
    shell(OFFSITE, cluster.folder.path());
    let with = |ca: &str| format!("{SPEC}\n[ca]\n{ca}\n{}", CA.replace("number = 1", "number = 2"));
    cluster.write(with("issue = 2\ntrust = [1, 2]"));
    assert!(cluster.fails().contains("CA 2, `Corp CA`, is to issue certificates, but"));
    cluster.write(with("trust = [1, 2]"));
    cluster.succeeds();
    cluster.write(with("issue = 2\ntrust = [1, 2]"));
    assert!(cluster.succeeds().contains("7 certificates must be signed"));
    cluster.write(with("issue = 2\ntrust = [2]"));
    assert!(cluster.fails().contains("is trusted no more, but issued 7 certificates in use"));
    cluster.write(with("issue = 2\ntrust = [1, 2]"));
    shell(SIGN, cluster.folder.path());
    cluster.succeeds();
    cluster.write(with("issue = 2\ntrust = [2]"));
    cluster.succeeds();
    assert_eq!(
        read(&cluster, "clients/root/ca.crt"),
        fs::read_to_string(cluster.path("ca.crt")).unwrap()
    );
}

#[test]
fn the_request_of_a_client_that_is_gone_goes_and_its_key_stays() {
    let cluster = offsite(SPEC);
    cluster.succeeds();
    let key = read(&cluster, "pki/requests/root-client.key");
    let without = SPEC.replace("\n[[client]]\nname = \"root\"\n", "");
    cluster.write(format!("{without}{CA}"));
    let said = cluster.succeeds();
    assert!(said.contains("root-client.key"), "{said}");
    assert!(!requests(&cluster).contains(&"root-client.csr".to_owned()));
    cluster.write(format!("{SPEC}{CA}"));
    cluster.succeeds();
    assert_eq!(read(&cluster, "pki/requests/root-client.key"), key);
    assert!(requests(&cluster).contains(&"root-client.csr".to_owned()));
}
