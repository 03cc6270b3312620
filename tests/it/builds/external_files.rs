//! CAs that the operator has: their own files, chains, keys in other places, and pins.

use crate::support::cluster::{Cluster, SPEC, all, said};
use crate::support::programs::shell;
use std::fs;

/// An RSA root, and below it an RSA CA that issues for this cluster: `corp/etcd.crt` holds both.
const CORP: &str = r#"
mkdir corp && cd corp
openssl req -x509 -newkey rsa:2048 -noenc -keyout root.key -out root.crt -days 3650 -subj "/O=Corp/CN=Corp Root" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
openssl req -x509 -newkey rsa:3072 -noenc -keyout etcd.key -out ca.crt -days 1000 -subj "/O=Corp/CN=Corp etcd" \
    -CA root.crt -CAkey root.key \
    -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
cat ca.crt root.crt > etcd.crt
"#;

const OWN: &str = r#"
[[authority]]
number = 1
certificate = "corp/etcd.crt"
key = "corp/etcd.key"
"#;

fn corp(spec: &str) -> Cluster {
    let cluster = Cluster::new(spec);
    shell(CORP, cluster.folder.path());
    cluster
}

#[test]
fn an_intermediate_of_ones_own_issues_and_its_root_is_trusted() {
    let cluster = corp(&format!("{SPEC}{OWN}"));
    cluster.succeeds();
    let root = fs::read_to_string(cluster.path("corp/root.crt")).unwrap();
    let trusted = fs::read_to_string(cluster.path("out/members/pink/certs/ca.crt")).unwrap();
    assert_eq!(trusted.matches("BEGIN").count(), 1);
    assert_eq!(trusted, root);
    let script = "
        cd out/members/pink/certs
        test $(grep -c BEGIN server.crt) = 2
        openssl verify -x509_strict -purpose sslserver -CAfile ca.crt -untrusted server.crt server.crt
        openssl verify -x509_strict -purpose sslclient -CAfile ca.crt -untrusted server.crt \
            ../../../clients/root/client.crt";
    shell(script, cluster.folder.path());
    assert!(!cluster.path("out/pki/ca.key").exists(), "the key is not copied");
    assert_eq!(cluster.build().written(), []);
}

#[test]
fn the_files_of_a_ca_can_be_named_by_the_environment() {
    let own = OWN
        .replace("certificate = \"corp/etcd.crt\"", "certificate-env = \"CORP_CA\"")
        .replace("key = \"corp/etcd.key\"", "key-env = \"CORP_CA_KEY\"");
    let cluster = corp(&format!("{SPEC}{own}"));
    let output = cluster.process();
    assert!(!output.status.success());
    assert!(
        all(&output).contains("the environment variable `CORP_CA` is not set"),
        "{}",
        all(&output)
    );
    let files = [("CORP_CA", "corp/etcd.crt"), ("CORP_CA_KEY", "corp/etcd.key")];
    let mut command = cluster.command();
    command.envs(files.map(|(name, file)| (name, cluster.path(file))));
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", all(&output));
    for line in
        ["cargo::rerun-if-env-changed=CORP_CA\n", "cargo::rerun-if-env-changed=CORP_CA_KEY\n"]
    {
        assert!(all(&output).contains(line), "{}", all(&output));
    }
}

/// Whether an error shows the line of the spec that has this, and underlines something in it.
fn points_at(said: &str, what: &str) -> bool {
    let lines: Vec<&str> = said.lines().collect();
    lines.windows(2).any(|pair| {
        pair[0].contains(" | ")
            && pair[0].contains(what)
            && pair[1].contains("| ")
            && pair[1].contains('^')
    })
}

#[test]
fn a_chain_that_does_not_hold_is_refused() {
    for (script, message) in [
        (
            "cp corp/ca.crt corp/etcd.crt",
            "is below `Corp Root`, whose certificate is missing in its file",
        ),
        (
            "cat corp/root.crt corp/ca.crt > corp/etcd.crt; cp corp/root.key corp/etcd.key",
            "is its own issuer, and yet followed in its file by `Corp etcd`",
        ),
        (
            "cat corp/root.crt corp/ca.crt > corp/etcd.crt",
            "the key is that of `Corp etcd`, number 2 in the file: the CA's own certificate \
             comes first",
        ),
        // In the right order, it is the key that is wrong.
        ("cp corp/root.key corp/etcd.key", "is not the key of the CA in"),
        ("rm corp/etcd.crt", "etcd.crt`, the certificate of CA 1, is missing"),
        ("rm corp/etcd.key", "etcd.key`, the key of CA 1, is missing"),
        ("echo > corp/etcd.crt", "etcd.crt` holds no certificate"),
    ] {
        let cluster = corp(&format!("{SPEC}{OWN}"));
        shell(script, cluster.folder.path());
        let built = cluster.build();
        let said = said(&built);
        assert!(built.report.is_none() && said.contains(message), "{script}: {said}");
        assert!(points_at(&said, "corp/etcd."), "{script}: {said}");
        // Without a key it would be a CA that signs elsewhere.
        assert!(!said.contains("move the file away"), "{script}: {said}");
        assert!(!cluster.path("out").exists(), "{script}: a build that is refused leaves nothing");
    }
}

#[test]
fn secrets_of_ones_own_that_others_can_read_are_said_and_left_as_they_are() {
    let ca = "\n[ca]\npassphrase-file = \"corp/passphrase\"\n";
    let cluster = corp(&format!("{SPEC}{ca}{OWN}"));
    let files = [("corp/etcd.key", "0640"), ("corp/passphrase", "0604")];
    let set = "echo rosebud > corp/passphrase; chmod 640 corp/etcd.key; chmod 604 corp/passphrase";
    shell(set, cluster.folder.path());
    for _ in 0..2 {
        let said = cluster.succeeds();
        for (file, mode) in files {
            let path = cluster.path(file);
            let path = path.display();
            let words = format!("`{path}` can be read by others (mode {mode})");
            assert!(said.contains(&words), "{words}: {said}");
            assert!(said.contains(&format!("`chmod 600 {path}`")), "{said}");
            let now = shell(&format!("stat -c 0%a {file}"), cluster.folder.path());
            assert_eq!(now.trim(), mode, "it is not the build's file");
        }
    }
    shell("chmod 600 corp/*", cluster.folder.path());
    assert!(!cluster.succeeds().contains("others"));
}

#[test]
fn a_key_of_ones_own_stays_as_it_is_wherever_it_lies() {
    // The name begins as that of `out/` does.
    let own = OWN.replace("corp/etcd.key", "out.key");
    let ca = "\n[ca]\npassphrase-file = \"corp/passphrase\"\n";
    let cluster = corp(&format!("{SPEC}{ca}{own}"));
    shell("echo rosebud > corp/passphrase; mv corp/etcd.key out.key", cluster.folder.path());
    let said = cluster.succeeds();
    assert!(!said.contains("encrypted"), "{said}");
    assert!(!cluster.path("out/pki/ca.key").exists(), "the key is not copied");
}

#[test]
fn a_change_to_a_ca_of_ones_own_goes_through_the_same_phases() {
    let own = OWN.replace("number = 1", "number = 2");
    let cluster = corp(SPEC);
    cluster.succeeds();
    cluster.write(format!("{SPEC}\n[ca]\nissue = 2\ntrust = [1, 2]\n{own}"));
    assert!(cluster.fails().contains("CA 2, `Corp etcd`, is to issue certificates, but"));
    for ca in ["trust = [1, 2]", "issue = 2\ntrust = [1, 2]", "issue = 2"] {
        cluster.write(format!("{SPEC}\n[ca]\n{ca}\n{own}"));
        cluster.succeeds();
    }
    let trusted = fs::read_to_string(cluster.path("out/clients/root/ca.crt")).unwrap();
    assert_eq!(trusted, fs::read_to_string(cluster.path("corp/root.crt")).unwrap());
}

#[test]
fn a_pin_refuses_every_other_ca_and_a_new_one() {
    let built = Cluster::built(SPEC);
    let fingerprint = shell(
        "openssl x509 -noout -fingerprint -sha256 -in out/pki/ca.crt | cut -d= -f2",
        built.folder.path(),
    );
    let fingerprint = fingerprint.trim();
    let pinned = format!("{SPEC}\n[ca]\nfingerprint = \"{fingerprint}\"\n");
    built.write(&pinned);
    built.succeeds();

    let plain = fingerprint.replace(':', "").to_lowercase();
    let said = said(&Cluster::new(&pinned).build());
    assert!(said.contains("the CA that cluster.toml asks for is missing"), "{said}");
    assert!(said.contains(&format!("asked for: sha256:{plain}")), "{said}");
    assert!(points_at(&said, fingerprint), "{said}");

    let other = Cluster::built(SPEC);
    let theirs = shell(
        "openssl x509 -noout -fingerprint -sha256 -in out/pki/ca.crt | cut -d= -f2 | tr -d : | tr A-F a-f",
        other.folder.path(),
    );
    other.write(&pinned);
    let said = other.fails();
    assert!(said.contains("is not the CA that cluster.toml asks for"), "{said}");
    assert!(said.contains(&plain) && said.contains(theirs.trim()), "both fingerprints: {said}");
    assert!(points_at(&said, fingerprint), "{said}");
}
