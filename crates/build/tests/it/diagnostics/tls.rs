//! `[tls]`, TLS versions, cipher suites, and what is of no use without TLS.

use super::support::{findings, finds, silent, spec};

const AES_128: &str = "\"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256\"";

#[test]
fn tls_turned_off_is_worth_a_warning() {
    finds!(spec().tls("enabled = ‹false›").clients(""));
}

#[test]
fn tls_is_on_where_nothing_is_said() {
    silent(&spec());
}

#[test]
fn tls_turned_off_in_other_words_is_refused() {
    finds!(spec().tls("enabled = «\"off\"»"));
}

#[test]
fn options_of_tls_without_tls_are_refused() {
    finds!(
        spec()
            .tls("enabled = ‹false›")
            .clients("")
            .etcd(&format!("tls-min-version = «\"TLS1.2\"»\ncipher-suites = «[{AES_128}]»"))
    );
}

#[test]
fn clients_that_need_no_certificate_are_worth_a_warning() {
    finds!(spec().tls("client-auth = ‹false›"));
}

#[test]
fn options_that_look_at_certificates_of_clients_need_them() {
    finds!(spec().tls("client-auth = ‹false›").etcd(
        "client-crl-file = «\"/etc/etcd/list.crl\"»\nclient-cert-allowed-hostname = «[\"ops\"]»"
    ));
}

#[test]
fn layout_that_is_none_is_corrected() {
    finds!(spec().tls("layout = «\"combine\"»"));
}

#[test]
fn kind_of_key_that_is_none_is_refused() {
    finds!(spec().tls("key = «\"ecdsa-p521\"»"));
}

#[test]
fn rsa_is_refused_in_words_of_its_own() {
    finds!(spec().tls("key = «\"rsa-2048\"»"));
    assert!(
        findings(&spec().tls("key = «\"RSA\"»")).contains("no member or client gets an RSA key")
    );
}

#[test]
fn length_of_time_that_is_none_is_refused() {
    finds!(
        spec().tls("valid-for = «\"1 year\"»\nca-valid-for = «\"0d\"»\nrenew-before = «\"101y\"»")
    );
}

#[test]
fn renewing_before_a_certificate_begins_is_refused() {
    finds!(spec().tls("valid-for = \"30d\"\nrenew-before = «\"30d\"»"));
}

#[test]
fn authority_that_ends_before_its_certificates_is_refused() {
    finds!(spec().tls("valid-for = \"365d\"\nca-valid-for = «\"30d\"»"));
}

#[test]
fn common_name_of_separate_certificates_is_refused() {
    finds!(spec().tls("common-name = «\"*.example\"»"));
}

#[test]
fn common_name_longer_than_certificates_allow_is_refused() {
    let name = "x".repeat(65);
    finds!(spec().tls(&format!("layout = \"shared\"\ncommon-name = «\"{name}\"»")));
}

#[test]
fn least_version_above_the_most_is_refused() {
    finds!(spec().etcd("tls-min-version = «\"TLS1.3\"»\ntls-max-version = \"TLS1.2\""));
}

#[test]
fn cipher_suites_with_tls_1_3_alone_are_refused() {
    finds!(spec().etcd(&format!("tls-min-version = \"TLS1.3\"\ncipher-suites = «[{AES_128}]»")));
}

#[test]
fn cipher_suite_that_go_does_not_know_gets_the_nearest_name() {
    finds!(spec().etcd("cipher-suites = [«\"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA265\"»]"));
}

#[test]
fn cipher_suite_of_tls_1_3_cannot_be_chosen() {
    finds!(spec().etcd("cipher-suites = [«\"TLS_AES_128_GCM_SHA256\"»]"));
}

#[test]
fn cipher_suites_for_rsa_fit_no_key_of_ours() {
    finds!(spec().etcd("cipher-suites = «[\"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\"]»"));
}

#[test]
fn cipher_suites_without_the_one_of_http2_are_refused() {
    finds!(
        spec()
            .tls("key = \"ed25519\"")
            .etcd("cipher-suites = «[\"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384\"]»")
    );
}

#[test]
fn insecure_cipher_suite_beside_the_demanded_one_is_worth_a_warning() {
    finds!(
        spec()
            .etcd(&format!("cipher-suites = [{AES_128}, ‹\"TLS_ECDHE_ECDSA_WITH_RC4_128_SHA\"›]"))
    );
}

#[test]
fn cipher_suites_out_of_order_are_refused_where_go_is_old() {
    let suites = format!("cipher-suites = [\"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA\", «{AES_128}»]");
    finds!(spec().version("3.5").etcd(&suites));
}

#[test]
fn cipher_suites_out_of_order_are_fine_where_go_is_newer() {
    let cbc = "\"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA\"";
    for version in ["3.4.20", "3.5.7", "3.6.16", "3.7.3"] {
        silent(&spec().version(version).etcd(&format!("cipher-suites = [{cbc}, {AES_128}]")));
    }
    for version in ["3.4", "3.5"] {
        silent(&spec().version(version).etcd(&format!("cipher-suites = [{AES_128}, {cbc}]")));
    }
}

#[test]
fn older_name_of_a_cipher_suite_is_known_everywhere() {
    let old = "\"TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305\"";
    for version in ["3.4", "3.4.21", "3.5", "3.7.3"] {
        silent(&spec().version(version).etcd(&format!("cipher-suites = [{AES_128}, {old}]")));
    }
}

#[test]
fn newer_name_of_a_cipher_suite_is_refused_where_it_is_not_known() {
    let new = "\"TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256\"";
    finds!(spec().version("3.4.21").etcd(&format!("cipher-suites = [{AES_128}, «{new}»]")));
    silent(&spec().version("3.4.22").etcd(&format!("cipher-suites = [{AES_128}, {new}]")));
}

#[test]
fn cipher_suites_of_one_member_are_looked_at_too() {
    finds!(spec().member(
        1,
        "name = \"orange\"\nip = \"10.0.0.2\"\n\
         etcd = { cipher-suites = «[\"TLS_RSA_WITH_AES_128_GCM_SHA256\"]» }"
    ));
}

#[test]
fn members_without_a_common_tls_version_cannot_talk() {
    finds!(
        spec()
            .member(
                0,
                "name = \"pink\"\nip = \"10.0.0.1\"\netcd = { tls-min-version = \"TLS1.3\" }"
            )
            .member(
                1,
                "name = \"orange\"\nip = \"10.0.0.2\"\netcd = { tls-max-version = «\"TLS1.2\"» }"
            )
    );
}

#[test]
fn keys_of_tls_are_looked_at_without_tls_too() {
    finds!(
        spec()
            .clients("")
            .tls("enabled = ‹false›\nlayout = «\"common\"»\nextra-sans = [«\"a b\"»]")
    );
}

#[test]
fn length_of_time_without_its_unit_is_shown_with_one() {
    finds!(spec().tls("valid-for = «365»"));
}

/// As kubeasz and Kubespray have them.
#[test]
fn files_may_have_the_names_that_another_tool_gave_them() {
    let names = "trusted-ca-file = \"ca.pem\"\ncert-file = \"member-{name}.pem\"\nkey-file = \"member-{name}-key.pem\"";
    let spec =
        spec().tls(&format!("layout = \"combined\"\ncerts-dir = \"/etc/ssl/etcd/ssl\"\n{names}"));
    silent(&spec);
    let cluster = bouquet_build::prove(spec.text().as_bytes()).0.expect("a cluster").cluster;
    let settings = bouquet_model::settings::settings(&cluster, &cluster.members[0]);
    let file = |option: &str| {
        let setting = settings.iter().find(|setting| setting.name == option).expect(option);
        setting.value.flag_text()
    };
    for (option, name) in [
        ("trusted-ca-file", "ca.pem"),
        ("cert-file", "member-pink.pem"),
        ("key-file", "member-pink-key.pem"),
        ("peer-trusted-ca-file", "ca.pem"),
        ("peer-cert-file", "member-pink.pem"),
        ("peer-key-file", "member-pink-key.pem"),
    ] {
        assert_eq!(file(option), format!("/etc/ssl/etcd/ssl/{name}"));
    }
}

#[test]
fn a_file_has_a_name_of_its_own_in_certs_dir() {
    finds!(spec().tls(
        "trusted-ca-file = «\"/etc/ssl/ca.pem\"»\ncert-file = \"etcd.pem\"\nkey-file = «\"etcd.pem\"»\n\
         peer-cert-file = «\"peer-{host}.pem\"»\npeer-key-file = «\"server.key\"»"
    ));
    finds!(spec().tls("layout = \"combined\"\npeer-cert-file = «\"peer.pem\"»"));
}

/// What counts is what comes out for each member.
#[test]
fn a_name_that_a_member_fills_in_is_that_of_one_file() {
    finds!(spec().tls("cert-file = \"{name}.pem\"\nkey-file = «\"orange.pem\"»"));
    finds!(spec().tls("key-file = \"orange.pem\"\npeer-key-file = «\"{name}.pem\"»"));
    let peer = "name = \"peer\"\nip = \"10.0.0.2\"";
    finds!(spec().tls("cert-file = «\"{name}.crt\"»").member(1, peer));
    silent(&spec().tls("peer-cert-file = \"{name}.crt\"").member(1, peer));
    let long = format!("name = \"{}\"\nip = \"10.0.0.2\"", "n".repeat(64));
    let four = "{name}".repeat(4);
    finds!(spec().tls(&format!("cert-file = «\"{four}\"»")).member(1, &long));
    silent(&spec().tls(&format!("cert-file = \"{four}\"")));
    silent(&spec().tls("cert-file = \"{name}.pem\"\nkey-file = \"key-of-{name}.pem\""));
}

#[test]
fn a_file_of_cas_that_nobody_would_read_has_no_name() {
    let apart = "[ca]\ntrust = [1, 2]\npeer-issue = 2\npeer-trust = [2]\n";
    let named = |name: &str| spec().tls(&format!("peer-trusted-ca-file = {name}"));
    silent(&named("\"peers.pem\"").also(apart));
    finds!(named("«\"peers.pem\"»"));
    finds!(spec().tls("layout = \"combined\"\npeer-trusted-ca-file = «\"peers.pem\"»"));
}
