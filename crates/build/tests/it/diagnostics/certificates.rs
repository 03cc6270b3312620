//! Who would refuse whose certificate.

use super::support::{finds, silent, spec};

#[test]
fn common_name_that_is_not_allowed_names_both_ends() {
    finds!(spec().etcd("peer-cert-allowed-cn = «[\"pink\", \"orange\"]»"));
}

#[test]
fn common_names_that_are_all_allowed_are_accepted() {
    silent(&spec().etcd("peer-cert-allowed-cn = [\"pink\", \"orange\", \"camellia\"]"));
}

#[test]
fn one_common_name_for_all_is_for_the_shared_certificate() {
    silent(
        &spec()
            .tls("layout = \"shared\"\ncommon-name = \"etcd\"")
            .etcd("peer-cert-allowed-cn = [\"etcd\"]"),
    );
}

#[test]
fn host_name_that_no_certificate_carries_names_both_ends() {
    finds!(spec().etcd("peer-cert-allowed-hostname = «[\"etcd.example\"]»"));
}

#[test]
fn host_name_that_every_certificate_carries_is_accepted() {
    silent(
        &spec()
            .tls("extra-sans = [\"etcd.example\"]")
            .etcd("peer-cert-allowed-hostname = [\"etcd.example\"]"),
    );
}

#[test]
fn allowed_name_and_host_name_exclude_each_other() {
    finds!(spec().tls("extra-sans = [\"etcd.example\"]").etcd(
        "peer-cert-allowed-cn = «[\"pink\", \"orange\", \"camellia\"]»\n\
         peer-cert-allowed-hostname = [\"etcd.example\"]"
    ));
}

#[test]
fn one_member_that_allows_too_few_names_both_ends() {
    finds!(spec().member(
        2,
        "name = \"camellia\"\nip = \"10.0.0.3\"\netcd = { peer-cert-allowed-cn = «[\"orange\"]» }"
    ));
}

#[test]
fn members_of_two_families_would_refuse_each_other() {
    finds!(
        spec()
            .member(1, "name = \"orange\"\nip = \"10.0.0.2\"\nhostname = \"orange.example\"")
            .member(0, "name = \"pink\"\nip = «\"10.0.0.1\"»")
            .member(2, "name = \"camellia\"\nip = «\"fd00::3\"»")
    );
}

#[test]
fn members_of_two_families_are_accepted_where_their_certificates_name_both() {
    silent(
        &spec()
            .member(0, "name = \"pink\"\nip = \"10.0.0.1\"\nextra-sans = [\"fd00::1\"]")
            .member(1, "name = \"orange\"\nip = \"10.0.0.2\"\nhostname = \"orange.example\"")
            .member(2, "name = \"camellia\"\nip = \"fd00::3\"\nextra-sans = [\"10.0.0.3\"]"),
    );
}

#[test]
fn host_name_demanded_of_clients_shuts_them_out() {
    finds!(spec().etcd("client-cert-allowed-hostname = «[\"ops.example\"]»"));
}

#[test]
fn host_name_demanded_of_clients_shuts_out_the_gateway_where_there_are_none() {
    let demanded = "client-cert-allowed-hostname = «[\"ops.example\"]»";
    finds!(spec().clients("").etcd(demanded));
}

#[test]
fn names_that_no_member_has_are_told_once() {
    finds!(spec().etcd("peer-cert-allowed-cn = «[\"etcd\"]»"));
}

#[test]
fn host_name_demanded_of_clients_by_one_member_names_it() {
    finds!(
        spec()
            .clients("[[client]]\nname = \"root\"\n\n[[client]]\nname = \"ops\"")
            .member(
                1,
                "name = \"orange\"\nip = \"10.0.0.2\"\netcd = { enable-grpc-gateway = false, client-cert-allowed-hostname = «[\"ops.example\"]» }"
            )
    );
}
