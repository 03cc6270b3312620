//! What a format cannot carry, or has to name.

use super::support::{finds, silent, spec};

#[test]
fn yaml_cannot_carry_revocation() {
    finds!(spec().etcd("client-crl-file = «\"/etc/etcd/crl.der\"»"));
}

#[test]
fn yaml_cannot_carry_raft_timeouts() {
    finds!(spec().etcd("raft-read-timeout = «\"10s\"»"));
}

#[test]
fn yaml_cannot_carry_socket_options_before_3_5_10() {
    finds!(spec().version("3.5.9").etcd("socket-reuse-port = «true»"));
}

#[test]
fn yaml_carries_socket_options_since_3_5_10() {
    silent(&spec().version("3.5.10").etcd("socket-reuse-port = true\nsocket-reuse-address = true"));
}

#[test]
fn yaml_cannot_carry_allowed_names_before_3_5_14() {
    finds!(
        spec()
            .version("3.5.13")
            .tls("layout = \"shared\"\ncommon-name = \"etcd\"")
            .etcd("peer-cert-allowed-cn = «[\"etcd\"]»")
    );
}

#[test]
fn what_yaml_cannot_carry_is_accepted_without_it() {
    silent(
        &spec()
            .cluster("token = \"t\"\netcd = \"3.5.30\"\nformats = [\"command\", \"systemd\"]")
            .etcd("raft-read-timeout = \"10s\""),
    );
}

#[test]
fn a_static_pod_names_a_release() {
    finds!(
        spec().cluster("token = \"t\"\netcd = «\"3.5\"»\nformats = [\"command\", \"static-pod\"]")
    );
    silent(
        &spec()
            .cluster("token = \"t\"\netcd = \"3.5.33\"\nformats = [\"command\", \"static-pod\"]"),
    );
}

#[test]
fn format_that_is_none_is_corrected() {
    finds!(spec().cluster("token = \"t\"\netcd = \"3.5\"\nformats = [«\"yml\"», \"env\"]"));
}
