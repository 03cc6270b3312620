use crate::secrets::place::{Part, Place};

#[test]
fn the_places_of_keys_are_known_and_no_others() {
    for path in [
        "pki/ca.key",
        "pki/ca-2.crt",
        "pki/requests/orange-server.csr",
        "pki/requests/a-b-client.key",
        "pki/requests/shared.crt",
        "pki/requests/revoked.crl",
        "members/orange/certs/server.key",
        "members/orange/certs/peer.crt",
        "members/orange/certs/revoked.crl",
        "clients/a.b/client.key",
    ] {
        let (place, part) = Place::of(path).expect(path);
        assert_eq!(place.path(part), path);
    }
    let long = format!("members/{}/certs/server.key", "x".repeat(65));
    for path in [
        "",
        ".key",
        "ca.key",
        "/pki/ca.key",
        "../pki/ca.key",
        "pki/../pki/ca.key",
        "pki/./ca.key",
        "pki//ca.key",
        "pki/ca-1.key",
        "pki/ca.csr",
        "pki/ca.KEY",
        "pki/issued",
        "pki/cluster.lock",
        "pki/requests/orange-ca.key",
        "pki/requests/-server.key",
        "pki/requests/a/b-server.key",
        "pki/requests/revoked.key",
        "pki/requests/shared.crl",
        "members/orange/certs/ca.crt",
        "members/orange/certs/server.csr",
        "members/orange/server.key",
        "members/../certs/server.key",
        "members/./certs/server.key",
        "members/.x/certs/server.key",
        "members/a b/certs/server.key",
        "members/a\n/certs/server.key",
        "clients/root/client.crl",
        "clients/root/client.key/x.key",
        "manifest",
        ".gitignore",
        &long,
    ] {
        assert_eq!(Place::of(path), None, "{path:?}");
    }
    assert_eq!(Place::of("pki/ca-7.key"), Some((Place::Ca(7), Part::Key)));
}
