//! Further listeners: metrics, and clients over HTTP.

use super::support::{finds, silent, six, spec};

#[test]
fn metrics_on_the_loopback_are_accepted() {
    silent(&spec().etcd("listen-metrics-urls = [\"http://127.0.0.1:2381\"]"));
    silent(
        &spec().etcd("listen-metrics-urls = [\"http://localhost:2381\", \"http://[::1]:2381\"]"),
    );
}

#[test]
fn metrics_in_plain_text_beyond_the_loopback_are_worth_a_warning() {
    finds!(spec().etcd("listen-metrics-urls = [‹\"http://0.0.0.0:2381\"›]"));
}

#[test]
fn metrics_in_plain_text_on_ipv6_are_worth_a_warning() {
    finds!(spec().etcd("listen-metrics-urls = [‹\"http://[::]:2381\"›]"));
}

#[test]
fn metrics_over_tls_are_accepted_because_no_client_certificate_names_an_address() {
    silent(&spec().etcd("listen-metrics-urls = [\"https://0.0.0.0:2381\"]"));
}

/// etcd shows its certificate for clients there, which has the member's own addresses.
#[test]
fn what_is_listened_on_over_tls_is_in_the_certificate() {
    let apart = |option: &str, url: &str| {
        format!("name = \"orange\"\nip = \"10.0.0.2\"\netcd = {{ {option} = [{url}] }}")
    };
    let member = |option: &str, url: &str| spec().member(1, &apart(option, url));
    finds!(member("listen-metrics-urls", "«\"https://10.1.0.9:2381\"»"));
    finds!(member("listen-client-http-urls", "«\"https://[fd00::9]:2382\"»"));
    // Written for all, it is said once.
    finds!(spec().etcd("listen-metrics-urls = [«\"https://127.0.0.2:2381\"»]"));
    for url in
        ["10.0.0.2", "127.0.0.1", "localhost", "[::1]", "0.0.0.0", "[::]", "[::ffff:10.0.0.2]"]
    {
        for option in ["listen-metrics-urls", "listen-client-http-urls"] {
            silent(&member(option, &format!("\"https://{url}:2381\"")));
        }
    }
    let also = "name = \"orange\"\nip = \"10.0.0.2\"\nextra-sans = [\"10.1.0.9\"]\n\
                etcd = { listen-metrics-urls = [\"https://10.1.0.9:2381\"] }";
    silent(&spec().member(1, also));
    // Nobody verifies anything in plain text.
    let plain = apart("listen-metrics-urls", "‹\"http://10.1.0.9:2381\"›");
    let said = super::support::findings(&spec().member(1, &plain));
    assert!(!said.contains("vouch"), "{said}");
}

#[test]
fn one_address_for_all_members_is_refused() {
    finds!(spec().etcd("listen-metrics-urls = [«\"https://10.0.0.9:2381\"»]"));
}

#[test]
fn one_port_for_all_members_on_a_machine_is_refused() {
    finds!(
        spec()
            .etcd("listen-metrics-urls = [«\"http://127.0.0.1:2381\"»]")
            .member(2, "name = \"camellia\"\nip = \"10.0.0.1\"\npeer-port = 1\nclient-port = 2")
    );
}

#[test]
fn a_port_of_one_member_that_is_written_for_all_is_told_once_and_where_it_is_written() {
    for url in ["https://10.0.0.2:2380", "https://[::ffff:10.0.0.1]:2379", "https://10.0.0.3:1"] {
        let all = spec().etcd(&format!("listen-metrics-urls = [«\"{url}\"»]"));
        let said = super::support::findings(&all);
        assert!(said.contains("cluster.toml: 1 error"), "{url}: {said}");
    }
    finds!(spec().etcd("listen-metrics-urls = [«\"https://10.0.0.2:2380\"»]"));
}

#[test]
fn metrics_over_tls_without_tls_are_refused() {
    finds!(
        spec()
            .tls("enabled = ‹false›")
            .clients("")
            .etcd("listen-metrics-urls = [«\"https://127.0.0.1:2381\"»]")
    );
}

#[test]
fn metrics_on_the_port_for_clients_are_refused() {
    finds!(spec().member(
        0,
        "name = \"pink\"\nip = \"10.0.0.1\"\netcd = { listen-metrics-urls = [«\"http://127.0.0.1:2379\"»] }"
    ));
}

#[test]
fn metrics_on_every_address_collide_with_the_port_for_peers() {
    finds!(spec().member(
        0,
        "name = \"pink\"\nip = \"10.0.0.1\"\netcd = { listen-metrics-urls = [«‹\"http://0.0.0.0:2380\"›»] }"
    ));
}

#[test]
fn ipv6_metrics_on_the_port_of_clients_are_refused() {
    finds!(six().member(
        0,
        "name = \"pink\"\nip = \"fd00::1\"\netcd = { listen-metrics-urls = [«\"http://[::1]:2379\"»] }"
    ));
}

#[test]
fn http_requests_on_the_url_for_clients_are_refused() {
    finds!(spec().member(
        0,
        "name = \"pink\"\nip = \"10.0.0.1\"\netcd = { listen-client-http-urls = [«\"https://10.0.0.1:2379\"»] }"
    ));
}

#[test]
fn http_requests_without_tls_are_refused() {
    finds!(spec().etcd("listen-client-http-urls = [«\"http://127.0.0.1:2382\"»]"));
}

#[test]
fn http_requests_over_tls_without_tls_are_refused() {
    finds!(
        spec()
            .tls("enabled = ‹false›")
            .clients("")
            .etcd("listen-client-http-urls = [«\"https://127.0.0.1:2382\"»]")
    );
}

#[test]
fn ipv4_address_that_is_written_as_ipv6_is_the_ipv4_socket() {
    finds!(spec().etcd("listen-metrics-urls = [«\"http://[::ffff:127.0.0.1]:2379\"»]"));
    silent(&spec().etcd("listen-metrics-urls = [\"http://[::ffff:127.0.0.1]:2381\"]"));
}

#[test]
fn metrics_on_a_unix_socket_would_be_on_another() {
    finds!(spec().etcd("listen-metrics-urls = [«\"unix:///run/etcd/metrics.sock\"»]"));
}

#[test]
fn http_requests_on_a_unix_socket_without_tls_are_refused() {
    finds!(spec().etcd("listen-client-http-urls = [«\"unix:///run/etcd/http.sock\"»]"));
}

#[test]
fn http_requests_on_a_unix_socket_over_tls_are_accepted() {
    silent(&spec().etcd("listen-client-http-urls = [\"unixs:///run/etcd/http.sock\"]"));
}

#[test]
fn one_unix_socket_for_two_members_on_a_machine_is_refused() {
    finds!(
        spec()
            .etcd("listen-client-http-urls = [«\"unixs:///run/etcd/http.sock\"»]")
            .member(2, "name = \"camellia\"\nip = \"10.0.0.1\"\npeer-port = 1\nclient-port = 2")
    );
}

#[test]
fn port_that_all_members_have_taken_is_told_once() {
    finds!(spec().etcd("listen-metrics-urls = [«\"http://127.0.0.1:2379\"»]"));
}

#[test]
fn http_requests_apart_let_revoked_clients_in() {
    finds!(
        spec()
            .cluster("token = \"t\"\netcd = \"3.5.30\"\nformats = [\"command\"]")
            .etcd("client-crl-file = \"/etc/etcd/crl.der\"\nlisten-client-http-urls = «[\"https://127.0.0.1:2382\"]»")
    );
}

#[test]
fn urls_that_etcd_would_refuse_are_refused() {
    for (url, why) in [
        ("http://127.0.0.1:2381/", "more than a scheme, a host and a port"),
        ("http://127.0.0.1", "has no port"),
        ("ftp://127.0.0.1:2381", "neither http nor https"),
        ("http://pink.example:2381", "does not name an IP address"),
        ("http://:2381", "has no host"),
        ("http://::1:2381", "without brackets"),
        ("127.0.0.1:2381", "not a URL"),
        ("HTTP://127.0.0.1:2381", "a scheme in capitals"),
        ("http://u:p@127.0.0.1:2381", "more than a scheme, a host and a port"),
        ("http://127.0.0.1:2381?x", "more than a scheme, a host and a port"),
        ("http://127.0.0.1:02381", "not a port"),
        ("http://127.0.0.1:+2381", "not a port"),
        ("http://127.1:2381", "not an IP address"),
        ("http://0x7f.0.0.1:2381", "not an IP address"),
        ("http://010.0.0.1:2381", "not an IP address"),
        ("http://[127.0.0.1]:2381", "not an IPv6 address"),
        ("http://[0:0:0:0:0:0:0:1]:2381", "not how this address is written"),
        ("http://[fe80::1%2]:2381", "names the zone of an address"),
        ("http://[fe80::1%25eth0]:2381", "names the zone of an address"),
        ("http://[fe80::1]:2381", "a link-local address"),
        ("http://224.0.0.1:2381", "an address of many machines"),
    ] {
        let said =
            super::support::findings(&spec().etcd(&format!("listen-metrics-urls = [«\"{url}\"»]")));
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn url_with_a_path_is_shown_without_it() {
    finds!(spec().etcd("listen-metrics-urls = [«\"http://127.0.0.1:2381/metrics\"»]"));
}
