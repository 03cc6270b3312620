//! A member that asks for no certificate, and whose users log in by their passwords.

use super::fleet::{Fleet, Told};
use crate::support::releases::releases;
use crate::support::run::etcd;
use crate::support::side_by_side::with_each;

/// It goes on in the table `[tls]`.
const ONE: &str = "client-auth = false\n[[member]]\nname = \"orange\"\nip = \"10.0.0.1\"\n\
     [[client]]\nname = \"root\"\n";

const ROOT: [(&str, &str); 2] = [("ETCDCTL_USER", "root"), ("ETCDCTL_PASSWORD", "hu5h:7f3a")];

const USERS: [&[&str]; 5] = [
    &["user", "add", "root:hu5h:7f3a"],
    &["role", "add", "root"],
    &["user", "grant-role", "root", "root"],
    &["user", "add", "visitor:op3n-9c1d"],
    &["auth", "enable"],
];

/// Releases that tell how a member is to who is no user, too.
const TELL_ALL: [&str; 2] = ["3.4.23", "3.5.1"];

/// Parts of the passwords that are typed.
const SECRETS: [&str; 3] = ["7f3a", "wr0ng", "op3n"];

#[test]
fn users_log_in_by_the_passwords_of_the_environment() {
    with_each(&releases(), |release| {
        let fleet = Fleet::run(release, &[ONE]);
        for words in USERS {
            fleet.succeeds("orange", words);
        }
        let snapshot = ["snapshot", "refused.db"];
        let is_refused = |variables: &[(&str, &str)], parts: &[&str]| {
            let said = says(&fleet, &snapshot, variables);
            assert_eq!(said.code, 1, "{said:?}");
            for part in [&["orange"], parts].concat() {
                assert!(said.stderr.contains(part), "{part}: {said:?}");
            }
        };
        is_refused(&[], &["user name is empty", "`ETCDCTL_USER` and `ETCDCTL_PASSWORD`"]);
        let wrong = [("ETCDCTL_USER", "root:wr0ng")];
        is_refused(&wrong, &["authentication failed", "it has another password"]);
        let visitor = [("ETCDCTL_USER", "visitor:op3n-9c1d")];
        is_refused(&visitor, &["permission denied", "a user with the role root"]);
        is_refused(&ROOT[1..], &["ETCDCTL_PASSWORD is set, and ETCDCTL_USER is not"]);

        for words in [&["status"][..], &["done", "--yes"], &["plan"], &["snapshot", "root.db"]] {
            let said = says(&fleet, words, &ROOT);
            assert_eq!(said.code, 0, "{words:?}: {said:?}");
        }
        // It is well, and nothing of it may be ended for want of a user.
        let words = if TELL_ALL.contains(&release.as_str()) {
            "nothing is to be rescued"
        } else {
            "orange refuses to tell this client anything: etcdserver: user name is empty"
        };
        let said = says(&fleet, &["rescue", "--lost", "orange", "--yes"], &[]);
        assert!(said.code == 1 && said.stderr.contains(words), "{said:?}");
        // A drill has a client of its own, and asks for no password.
        let programs = etcd(release).join("etcd").display().to_string();
        let drill = ["restore", "root.db", "--drill", "--etcd", &programs];
        let said = says(&fleet, &drill, &[]);
        assert_eq!(said.code, 0, "{said:?}");
    });
}

fn says(fleet: &Fleet, words: &[&str], variables: &[(&str, &str)]) -> Told {
    let said = fleet.says_with(0, words, variables);
    for secret in SECRETS {
        assert!(!said.stdout.contains(secret) && !said.stderr.contains(secret), "{said:?}");
    }
    said
}
