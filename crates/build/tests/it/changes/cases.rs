//! Edits that went wrong, as an operator is told of them.

use super::{SPEC, between, edited, told};

/// Compares what is told of an edit with the snapshot that is named as the test is.
macro_rules! tells {
    ($before:expr, $after:expr) => {
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(told(&between(&$before, &$after)));
        })
    };
}

/// Returns [`SPEC`] without a member.
fn without(name: &str) -> String {
    let start = SPEC.find(&format!("[[member]]\nname = \"{name}\"")).expect("a member");
    let end = start + SPEC[start..].find("\n\n").expect("more behind it") + 2;
    [&SPEC[..start], &SPEC[end..]].concat()
}

const PLAIN: (&str, &str) = ("[[member]]", "[tls]\nenabled = false\n\n[[member]]");
const CAMELLIA: &str = "[[member]]\nname = \"camellia\"\nip = \"10.0.0.4\"\n\n[[client]]";

#[test]
fn a_comment_or_another_order_asks_for_nothing() {
    let turned = edited(&[
        (
            "name = \"daffodil\"\nip = \"10.0.0.3\"",
            "name = \"orange\" # first now\nip = \"10.0.0.1\"",
        ),
        ("\"orange\"\nip = \"10.0.0.1\"", "\"daffodil\"\nip = \"10.0.0.3\""),
    ]);
    assert_eq!(told(&between(SPEC, &turned)), "");
}

/// One edited line and a restart of all was an empty cluster.
#[test]
fn another_data_dir() {
    tells!(SPEC, edited(&[("/data/etcd", "/srv/etcd")]));
}

#[test]
fn another_token() {
    tells!(SPEC, edited(&[("flowers", "garden")]));
}

/// Case 08: it looks like another address, and is often another machine.
#[test]
fn one_member_at_a_new_address() {
    tells!(SPEC, edited(&[("10.0.0.3", "10.0.9.3")]));
}

/// Case 09.
#[test]
fn the_whole_cluster_in_another_subnet() {
    tells!(SPEC, SPEC.replace("10.0.0.", "10.0.9."));
}

#[test]
fn two_members_that_swap_their_addresses() {
    let swapped = SPEC.replace("10.0.0.3", "10.0.0.9").replace("10.0.0.2", "10.0.0.3");
    tells!(SPEC, swapped.replace("10.0.0.9", "10.0.0.2"));
}

#[test]
fn one_address_under_another_name() {
    tells!(SPEC, edited(&[("\"orange\"", "\"tulip\"")]));
}

/// Case 10: clients learn of the new one after its promotion, and forget the former before its removal.
#[test]
fn one_member_for_another() {
    tells!(SPEC, edited(&[("daffodil", "camellia"), ("10.0.0.3", "10.0.0.4")]));
}

#[test]
fn a_member_that_is_added() {
    tells!(SPEC, edited(&[("[[client]]", CAMELLIA)]));
}

#[test]
fn two_members_of_three_that_go() {
    let one = without("pink");
    let start = one.find("[[member]]\nname = \"daffodil\"").unwrap();
    let end = one.find("[[member]]\nname = \"orange\"").unwrap();
    tells!(SPEC, [&one[..start], &one[end..]].concat());
}

/// Case 15.
#[test]
fn a_quota_that_is_lowered() {
    tells!(
        edited(&[("[etcd]\n", "[etcd]\nquota-backend-bytes = \"8GiB\"\n")]),
        edited(&[("[etcd]\n", "[etcd]\nquota-backend-bytes = \"4GiB\"\n")])
    );
}

#[test]
fn a_quota_that_is_raised() {
    tells!(SPEC, edited(&[("[etcd]\n", "[etcd]\nquota-backend-bytes = \"8GiB\"\n")]));
}

/// Case 31.
#[test]
fn tls_that_is_switched_on() {
    tells!(edited(&[PLAIN]), SPEC);
}

#[test]
fn tls_that_is_switched_off() {
    tells!(SPEC, edited(&[PLAIN]));
}

#[test]
fn a_minor_that_is_skipped() {
    tells!(SPEC, edited(&[("3.5.33", "3.7")]));
}

#[test]
fn a_minor_that_is_gone_back_to() {
    tells!(edited(&[("3.5.33", "3.6.16")]), SPEC);
}

#[test]
fn the_next_minor() {
    tells!(edited(&[("3.5.33", "3.5")]), edited(&[("3.5.33", "3.6.16")]));
}

#[test]
fn a_second_phase_of_a_change_of_ca() {
    let phase = |lines: &str| edited(&[("[[member]]", &format!("[ca]\n{lines}\n\n[[member]]"))]);
    tells!(SPEC, phase("trust = [1, 2]\nissue = 2"));
}

#[test]
fn the_first_phase_of_a_change_of_ca() {
    let phase = |lines: &str| edited(&[("[[member]]", &format!("[ca]\n{lines}\n\n[[member]]"))]);
    tells!(SPEC, phase("trust = [1, 2]\nissue = 1"));
}

#[test]
fn a_client_port_that_changes() {
    tells!(SPEC, SPEC.replace("ip = ", "client-port = 4001\nip = "));
}

#[test]
fn a_client_that_goes() {
    tells!(edited(&[("[[client]]", "[[client]]\nname = \"alice\"\n\n[[client]]")]), SPEC);
}

#[test]
fn writes_that_are_not_synced() {
    tells!(SPEC, edited(&[("[etcd]\n", "[etcd]\nunsafe-no-fsync = true\n")]));
}
