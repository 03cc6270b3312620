//! What the unit says besides options.

use super::support::{Spec, findings, finds, silent, spec};
use bouquet_build::prove;

fn with(lines: &str) -> Spec {
    spec().also(&format!("[systemd]\n{lines}"))
}

#[test]
fn a_program_an_account_and_variables_are_taken() {
    let spec = with(
        "binary = \"/opt/kube/bin/etcd\"\nuser = \"kube\"\n\
         environment = [\"GOMAXPROCS=2\", \"ETCD_UNSUPPORTED_ARCH=arm64\", \"A=b c\"]",
    );
    silent(&spec);
    let systemd = prove(spec.text().as_bytes()).0.expect("a cluster").cluster.systemd;
    assert_eq!(
        (systemd.program(), systemd.account().owner()),
        ("/opt/kube/bin/etcd", "kube:kube".into())
    );
    assert_eq!(systemd.environment.len(), 3);
    silent(&with("group = \"certs\""));
    silent(&with(""));
}

#[test]
fn an_account_is_named_as_commands_take_it() {
    finds!(with("user = «\"Etcd\"»\ngroup = «\"997\"»"));
}

#[test]
fn a_program_has_a_path() {
    finds!(with("binary = «\"bin/etcd\"»"));
}

#[test]
fn variables_are_no_options_and_no_proxies() {
    finds!(with(
        "environment = [«\"ETCD_DATA_DIR=/data\"», «\"ETCD_NAME=pink\"», «\"ETCD_DATADIR=/data\"», \
         «\"https_proxy=http://10.0.0.1:3128\"», «\"GOGC\"», \"A=1\", «\"A=2\"»]"
    ));
}

#[test]
fn root_is_more_than_etcd_needs() {
    finds!(with("user = ‹\"root\"›"));
}

#[test]
fn a_unit_that_is_not_written_says_nothing() {
    let spec = spec()
        .cluster("token = \"tok-1\"\netcd = \"3.5.30\"\nformats = [\"env\"]")
        .also("‹[systemd]›\nuser = \"kube\"");
    assert!(findings(&spec).contains("`[systemd]` is about a unit, and none is written"));
}
