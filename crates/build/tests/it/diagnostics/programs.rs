//! Clients that are programs which need something of the cluster.

use super::support::{Spec, findings, finds, silent, spec};
use bouquet_model::program::PROGRAMS;

/// With a client that is this program.
fn with(program: &str) -> Spec {
    let client = format!("[[client]]\nname = \"it\"\nfor = «\"{program}\"»");
    spec().clients(&client)
}

/// The same, without a mark.
fn fitting(program: &str) -> Spec {
    spec().clients(&format!("[[client]]\nname = \"it\"\nfor = \"{program}\""))
}

#[test]
fn every_program_has_what_it_needs_where_nothing_is_written() {
    for program in PROGRAMS {
        silent(&fitting(program.name));
        silent(&fitting(program.name).etcd("tls-min-version = \"TLS1.3\""));
    }
}

#[test]
fn a_client_of_the_gateway_needs_it_on() {
    finds!(with("patroni").etcd("enable-grpc-gateway = false"));
}

#[test]
fn a_client_of_the_gateway_needs_it_on_at_every_member() {
    let off = "name = \"orange\"\nip = \"10.0.0.2\"\netcd = { enable-grpc-gateway = false }";
    finds!(with("apisix").member(1, off));
    let on = off.replace("false", "true");
    silent(&fitting("apisix").member(1, &on));
}

#[test]
fn a_client_of_the_gateway_needs_it_at_the_endpoints() {
    finds!(with("apisix").etcd("listen-client-http-urls = [\"https://127.0.0.1:2382\"]"));
}

#[test]
fn what_asks_for_metrics_needs_http_at_the_endpoints() {
    let apart = "listen-client-http-urls = [\"https://127.0.0.1:2382\"]";
    finds!(with("prometheus").etcd(apart));
    assert!(findings(&with("kubeadm").etcd(apart)).contains("`kubeadm` speaks HTTP to etcd"));
    silent(&fitting("kubernetes").etcd(apart));
}

#[test]
fn milvus_needs_tls_1_3() {
    finds!(with("milvus").etcd("tls-max-version = \"TLS1.2\""));
    silent(&fitting("milvus").etcd("tls-max-version = \"TLS1.3\""));
}

#[test]
fn boringssl_needs_a_ca_that_does_not_limit_addresses() {
    finds!(with("grpc").also("[ca]\nname-constraints = \"dns+ip\""));
    silent(&fitting("grpc").also("[ca]\nname-constraints = \"dns\""));
}

#[test]
fn boringssl_needs_keys_of_ecdsa() {
    finds!(with("grpc").tls("key = \"ed25519\""));
    silent(&fitting("grpc").tls("key = \"ecdsa-p384\""));
    silent(&fitting("kubernetes").tls("key = \"ed25519\""));
}

#[test]
fn others_need_none_of_this() {
    for (program, etcd) in [
        ("kubernetes", "enable-grpc-gateway = false"),
        ("kubernetes", "tls-max-version = \"TLS1.2\""),
        ("patroni", "tls-max-version = \"TLS1.2\""),
    ] {
        silent(&fitting(program).etcd(etcd));
    }
    silent(&fitting("coredns").also("[ca]\nname-constraints = \"dns+ip\""));
}

/// Without TLS there is nothing to verify, and no version.
#[test]
fn without_tls_there_is_no_need_of_it() {
    let plain = fitting("grpc").tls("enabled = ‹false›");
    let said = findings(&plain);
    assert!(said.contains("enabled = false") && !said.contains("BoringSSL"), "{said}");
}

#[test]
fn a_program_that_is_not_known_is_named_with_all_that_are() {
    finds!(spec().clients("[[client]]\nname = \"it\"\nfor = «\"kubeadmin\"»"));
}

/// What each reads in a path, by its own code.
#[test]
fn a_path_that_a_program_would_read_as_something_else_is_refused() {
    let at = |program: &str, folder: &str| {
        let client =
            format!("[[client]]\nname = \"it\"\nfor = \"{program}\"\ncerts-dir = {folder}");
        spec().clients(&client)
    };
    finds!(at("coredns", "«'/srv/{$HOME}'»"));
    finds!(at("kubeadm", "«'/srv/$(HOME)'»"));
    finds!(at("apisix", "«'/srv/my certs'»"));
    for (program, folders) in [
        ("coredns", &["{%HOME%}", r#"a\"b"#] as &[&str]),
        ("rke2", &["$(A)", "$$"]),
        ("kubeadm", &["a$$b"]),
        ("kubernetes", &["$(A)", "a$$b"]),
        ("apisix", &["a;b", "${{A}}", r"a\b"]),
    ] {
        for folder in folders {
            let said = findings(&at(program, &format!("«'/srv/{folder}'»")));
            assert!(said.contains(" in the path of its certificate as "), "{program}: {said}");
        }
    }
    // It is below that of members where the client has none.
    let below = "[[client]]\nname = \"it\"\nfor = \"coredns\"";
    finds!(spec().clients(below).tls("certs-dir = «'/srv/{$HOME}'»"));
    for program in PROGRAMS {
        let has_rules = !program.misreads.is_empty();
        let odd = if has_rules { "é'b%#d$e" } else { r#"é '${"b"}' #d: $(g), $$ \\ 100%"# };
        silent(&at(program.name, &format!("'''/srv/{odd}'''")));
    }
    // Without TLS there is no file.
    let plain = at("coredns", "'/srv/{$HOME}'").tls("enabled = ‹false›");
    assert!(!findings(&plain).contains("{$"));
}
