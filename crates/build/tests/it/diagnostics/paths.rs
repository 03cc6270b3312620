//! Paths, and texts that become part of a command line: how they are spelt, and how long.

use super::support::{Spec, finds, silent, spec};

fn data(path: &str) -> Spec {
    spec().etcd(&format!("data-dir = {path}"))
}

#[test]
fn a_path_through_dots_is_refused_with_the_one_that_is_meant() {
    finds!(
        spec()
            .etcd("data-dir = «\"/var/lib/x/../etcd\"»")
            .tls("certs-dir = «\"/etc/./etcd/certs/\"»")
    );
}

#[test]
fn a_path_that_cannot_be_opened_is_refused() {
    let name = "n".repeat(256);
    finds!(data(&format!("«\"/data/{name}\"»")));
    let long = "/data".repeat(900);
    let said = super::support::findings(&data(&format!("«\"{long}\"»")));
    assert!(said.contains("has 4500 bytes"), "{said}");
}

#[test]
fn a_token_of_more_than_some_hundred_bytes_is_refused() {
    let token = |length| format!("token = «\"{}\"»\netcd = \"3.5.30\"", "y".repeat(length));
    let said = super::support::findings(&spec().cluster(&token(140_000)));
    assert!(said.contains("the token has 140000 bytes, and at most 255"), "{said}");
    silent(&spec().cluster(&token(255).replace(['«', '»'], "")));
}

#[test]
fn an_option_that_no_command_line_takes_is_refused() {
    let origins: Vec<String> =
        (0..5_000).map(|i| format!("\"https://origin-{i}.example.org:8443\"")).collect();
    let said =
        super::support::findings(&spec().etcd(&format!("cors = «[{}]»", origins.join(", "))));
    assert!(said.contains("bytes of a command line, and at most 131071"), "{said}");
}
