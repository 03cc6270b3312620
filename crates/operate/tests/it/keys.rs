//! `bouquet certs --dir`: the keys beside certificates, and who may read them.

use crate::common::node::{DIR, Node, UNIT, issue};
use bouquet_operate::Exit;

const KEY: &str = "/opt/etcd/certs/server.key";

/// What is said on stderr without a monitor.
fn talk(node: &Node) -> String {
    let outcome = node.ask(&["certs", "orange", "--dir", DIR]);
    assert_eq!(outcome.exit, Exit::Done);
    assert!(outcome.stdout.contains("server.crt"), "{}", outcome.stdout);
    outcome.stderr
}

#[test]
fn keys_that_fit_and_are_their_owners_alone_are_fine() {
    Node::installed().says("CERTS OK - 3 certificates", Exit::Done);
    assert_eq!(talk(&Node::installed()), "");
}

#[test]
fn a_key_that_does_not_fit_is_critical() {
    let other = issue("orange", 0, 365, false).key;
    let node = Node::orange().with("server.key", other);
    let text = format!("{KEY} does not fit server.crt: every handshake fails");
    node.says(&format!("CERTS CRITICAL - {text}"), Exit::Critical);
    let help = "help: copy it and server.crt again, together, from out/\n";
    assert_eq!(talk(&node), format!("error: {text}\n{help}"));
}

#[test]
fn a_file_that_is_no_key_says_what_it_is() {
    let cut = issue("orange", 0, 365, false).key[..100].to_owned();
    let encrypted =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    let certificate = Node::orange().file("server.crt");
    for (content, said) in [
        (b"junk".to_vec(), "holds no key"),
        (cut.into_bytes(), "is damaged"),
        (encrypted.into(), "is encrypted"),
        (certificate, "holds no key"),
    ] {
        let text = format!("CERTS CRITICAL - {KEY}, the key of server.crt, {said}");
        Node::orange().with("server.key", content).says(&text, Exit::Critical);
    }
}

#[test]
fn nothing_of_a_key_is_ever_printed() {
    let secret = issue("orange", 0, 365, false).key;
    let node = Node::orange().with("server.key", &secret).with("peer.key", &secret[..150]);
    for line in [&["certs", "--dir", DIR][..], &["certs", "--check", "--dir", DIR]] {
        let outcome = node.ask(line);
        let printed = outcome.stdout + &outcome.stderr;
        let body = secret.lines().nth(1).unwrap();
        assert!(!printed.contains(&body[..40]), "{printed}");
    }
}

#[test]
fn a_key_that_may_not_be_read_is_unknown_and_root_can() {
    let mut node = Node::orange();
    node.world = node.world.denying(KEY);
    node.says(&format!("CERTS UNKNOWN - {KEY} cannot be read: permission denied"), Exit::Unknown);
    assert!(talk(&node).ends_with("\nhelp: run it as the user that etcd runs as, or as root\n"));
}

#[test]
fn a_key_that_others_may_read_is_a_warning() {
    for (mode, said) in [
        (0o644, "is open to everybody (mode 0644)"),
        (0o602, "is open to everybody (mode 0602)"),
        (0o660, "may be written by its group (mode 0660)"),
    ] {
        let node = Node::orange().with_status(KEY, 1000, 1000, mode);
        node.says(&format!("CERTS WARNING - {KEY} {said}"), Exit::Warning);
        assert!(talk(&node).contains(&format!("\nhelp: `chmod g-w,o= {KEY}`\n")));
    }
    Node::orange().with_status(KEY, 1000, 1000, 0o640).says("CERTS OK", Exit::Done);
}

/// Doing as it is told must not take the key away from etcd, which reads it at every handshake.
#[test]
fn closing_a_key_leaves_it_to_etcd() {
    let chmod = format!("`chmod g-w,o= {KEY}`");
    let chown = format!("`chown etcd {KEY} && chmod g-w,o= {KEY}`");
    // etcd is 998, its group 997, and it is in 110 too.
    for (uid, gid, mode, help, after) in [
        (998, 997, 0o644, &chmod, (998, 0o640)),
        (0, 997, 0o664, &chmod, (0, 0o640)),
        (0, 110, 0o645, &chmod, (0, 0o640)),
        (0, 0, 0o644, &chown, (998, 0o640)),
        (0, 997, 0o604, &chown, (998, 0o600)),
    ] {
        let node = Node::installed().with_status(KEY, uid, gid, mode);
        assert!(talk(&node).contains(&format!("\nhelp: {help}\n")), "{mode:o}: {}", talk(&node));
        let (uid, mode) = after;
        Node::installed().with_status(KEY, uid, gid, mode).says("CERTS OK", Exit::Done);
    }
    // Nothing tells as whom etcd runs.
    let node = Node::orange().with_status(DIR, 0, 0, 0o755).with_status(KEY, 0, 0, 0o644);
    let help = format!("\nhelp: {chmod}, once it belongs to the user that reads it\n");
    assert!(talk(&node).contains(&help), "{}", talk(&node));
}

#[test]
fn a_folder_into_which_others_may_write_is_a_warning() {
    let node = Node::orange().with_status(DIR, 1000, 1000, 0o777);
    let text = format!("CERTS WARNING - {DIR} may be written by everybody (mode 0777)");
    node.says(&text, Exit::Warning);
    assert!(talk(&node).contains(&format!("\nhelp: `chmod go-w {DIR}`\n")));
    Node::orange().with_status(DIR, 1000, 1000, 0o755).says("CERTS OK", Exit::Done);
    let file = format!("{DIR}/ca.crt");
    let node = Node::orange().with_status(&file, 1000, 1000, 0o666);
    node.says("ca.crt may be written by everybody (mode 0666)", Exit::Warning);
    Node::orange().with_status(&file, 1000, 1000, 0o664).says("CERTS OK", Exit::Done);
}

#[test]
fn without_a_unit_key_and_folder_have_one_owner() {
    let node = Node::orange().with_status(KEY, 0, 0, 0o600);
    let text = format!("{KEY} belongs to root, its folder to user 1000");
    node.says(&format!("CERTS WARNING - {text}"), Exit::Warning);
    let help = format!("help: `chown --reference={DIR} {KEY}`\n");
    assert_eq!(talk(&node), format!("warning: {text}\n{help}"));
    // etcd need not be able to write there.
    Node::orange().with_status(DIR, 0, 0, 0o755).says("CERTS OK", Exit::Done);
}

#[test]
fn what_the_units_user_cannot_read_is_critical() {
    let node = Node::installed().with_status(KEY, 0, 0, 0o600);
    let text = format!("{KEY} cannot be read by `etcd`, the user of the unit");
    node.says(&format!("CERTS CRITICAL - {text}"), Exit::Critical);
    assert_eq!(talk(&node), format!("error: {text}\nhelp: `chown etcd {KEY}`\n"));
    for path in [DIR.to_owned(), format!("{DIR}/ca.crt")] {
        let node = Node::installed().with_status(&path, 0, 0, 0o600);
        node.says(&format!("CERTS CRITICAL - {path} cannot be read by `etcd`"), Exit::Critical);
    }
    // By its group, or the unit's, which is usual.
    let unit = "[Service]\nUser=1500\nSupplementaryGroups=ssl-cert\n";
    let mut node = Node::installed().with_unit(unit).with_status(DIR, 0, 0, 0o711);
    for file in ["ca.crt", "server.crt", "peer.crt", "server.key", "peer.key"] {
        node = node.with_status(&format!("{DIR}/{file}"), 0, 110, 0o640);
    }
    node.says("CERTS OK", Exit::Done);
    Node::installed().with_status(KEY, 0, 110, 0o640).says("CERTS OK", Exit::Done);
    // Each line adds some, and an empty one takes all back (systemd.exec(5)).
    let lines = |more: &str| {
        let lines = format!("[Service]\nUser=1500\nSupplementaryGroups=ssl-cert\n{more}");
        let mut node = Node::installed().with_unit(&lines).with_status(DIR, 0, 0, 0o711);
        for file in ["ca.crt", "server.crt", "peer.crt", "server.key", "peer.key"] {
            node = node.with_status(&format!("{DIR}/{file}"), 0, 110, 0o640);
        }
        node
    };
    lines("SupplementaryGroups=etcd\n").says("CERTS OK", Exit::Done);
    lines("SupplementaryGroups=\n").says("cannot be read by `1500`", Exit::Critical);
    // The unit's group takes the place of the one that the user has in /etc/passwd.
    let unit = "[Service]\nUser=etcd\nGroup=ssl-cert\n";
    let node = Node::installed().with_unit(unit).with_status(KEY, 0, 997, 0o640);
    node.says(&format!("{KEY} cannot be read by `etcd`"), Exit::Critical);
}

#[test]
fn a_key_of_another_user_is_a_warning_though_etcd_may_read_it() {
    let node = Node::installed().with_status(KEY, 1001, 997, 0o640);
    let text = format!("{KEY} belongs to user 1001, not to `etcd`, the user of the unit");
    node.says(&format!("CERTS WARNING - {text}"), Exit::Warning);
    assert_eq!(talk(&node), format!("warning: {text}\nhelp: `chown etcd {KEY}`\n"));
}

#[test]
fn the_user_is_that_of_the_unit_with_its_drop_ins() {
    let with = |drop_in: &str| {
        let mut node = Node::installed();
        let path = format!("{UNIT}.d/user.conf");
        node.world = node.world.with_file(&path, drop_in.as_bytes());
        node
    };
    with("[Service]\nUser=1001\n").says("cannot be read by `1001`", Exit::Critical);
    with("[Unit]\nUser=1001\n").says("CERTS OK", Exit::Done);
    // Nothing is known of a user that is not in /etc/passwd.
    with("[Service]\nUser=elsewhere\n").says("CERTS OK", Exit::Done);
    with("[Service]\nUser=\n").says("belongs to user 998, not to `root`", Exit::Warning);
}

#[test]
fn the_key_of_a_ca_beside_a_certificate_is_critical() {
    let ca = issue("etcd-cluster-1", 0, 365, true);
    for name in ["ca.key", "forgotten.key"] {
        let node = Node::orange().with("ca.crt", &ca.pem).with(name, &ca.key);
        let text = format!("{DIR}/{name} is the key of a CA, which no node may have");
        node.says(&format!("CERTS CRITICAL - {text}"), Exit::Critical);
        assert!(talk(&node).contains("change the CA"));
    }
    // One under a passphrase, by its name.
    let encrypted =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    Node::orange().with("ca.key", encrypted).says("ca.key is the key of a CA", Exit::Critical);
    // A folder of CAs alone is where it belongs.
    let mut node = Node::orange().with("ca.crt", &ca.pem).with("ca.key", &ca.key);
    for file in ["server.crt", "server.key", "peer.crt", "peer.key"] {
        node = node.without(file);
    }
    assert!(!node.check().0.contains("key of a CA"));
}

#[test]
fn a_list_that_is_none_is_critical() {
    let mut node = Node::orange().with("revoked.crl", "junk");
    node.says("CERTS OK", Exit::Done);
    node.cluster.tls.as_mut().unwrap().crl = true;
    let text = format!("CERTS CRITICAL - {DIR}/revoked.crl holds no list of revoked certificates");
    node.says(&text, Exit::Critical);
}
