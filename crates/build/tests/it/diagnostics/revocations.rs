//! `[[revoked]]`.

use super::support::{finds, silent, spec};

const DAY: &str = "date = \"2026-11-22\"";

#[test]
fn revocations_by_name_and_by_serial_are_accepted() {
    silent(&spec().also(&format!(
        "[[revoked]]\nname = \"gone\"\n{DAY}\n[[revoked]]\nserial = \"0A:1B\"\n{DAY}"
    )));
    silent(&spec().tls("generation = 2").also(&format!("[[revoked]]\nname = \"root\"\n{DAY}")));
}

#[test]
fn revoked_client_that_is_to_have_a_certificate_is_refused() {
    finds!(spec().also(&format!("[[revoked]]\nname = «\"root\"»\n{DAY}")));
}

#[test]
fn revocation_of_nothing_and_of_two_things_is_refused() {
    let both = format!("[[revoked]]\nname = \"gone\"\nserial = «\"0a\"»\n{DAY}");
    finds!(spec().also(&format!("«[[revoked]]»\n{DAY}\n{both}")));
}

#[test]
fn day_that_never_was_is_refused() {
    finds!(spec().also("[[revoked]]\nname = \"gone\"\ndate = «\"2026-02-29\"»"));
}

#[test]
fn serial_that_is_none_is_refused() {
    finds!(spec().also(&format!("[[revoked]]\nserial = «\"12g4\"»\n{DAY}")));
}

#[test]
fn reason_that_is_none_gets_the_nearest() {
    finds!(
        spec()
            .also(&format!("[[revoked]]\nname = \"gone\"\n{DAY}\nreason = «\"key-compromised\"»"))
    );
}

#[test]
fn list_that_nobody_checks_is_refused() {
    finds!(spec().also(&format!("[ca]\ncrl = «false»\n[[revoked]]\nname = \"gone\"\n{DAY}")));
}

#[test]
fn list_of_somebody_else_is_refused() {
    finds!(spec().etcd("client-crl-file = «\"/etc/etcd/crl.der\"»").also("[ca]\ncrl = true"));
}

#[test]
fn list_and_a_format_that_cannot_carry_it_are_refused() {
    finds!(
        spec()
            .cluster("token = \"t\"\netcd = \"3.5.30\"\nformats = [\"yaml\"]")
            .also("[ca]\ncrl = «true»")
    );
}

#[test]
fn list_that_an_old_etcd_would_not_look_at_is_refused() {
    finds!(
        spec()
            .etcd("listen-client-http-urls = «[\"https://127.0.0.1:2382\"]»")
            .also("[ca]\ncrl = true")
    );
}
