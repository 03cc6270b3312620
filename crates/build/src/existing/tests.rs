use super::*;

#[test]
fn what_an_earlier_build_wrote_is_read() {
    let place = place();
    build(&place.out, &cluster(&["orange"], &["root"], "1")).unwrap();
    fs::remove_file(place.out.join("clients/root/client.key")).unwrap();
    let out = Out::open(&place.out, |_| {}).unwrap();
    let places = ["members/orange/certs/server", "clients/root/client", "clients/new/client"];
    let existing = out.read(places).unwrap();
    let ca = out.read_pair("pki/ca").unwrap();
    assert_eq!(ca.certificate.unwrap(), b"pki/ca 1");
    assert_eq!(ca.key.unwrap().expose(), b"KEY pki/ca 1");
    let server = &existing[places[0]];
    assert_eq!(server.certificate.as_deref(), Some(&b"members/orange/certs/server 1"[..]));
    assert_eq!(server.key.as_ref().unwrap().expose(), b"KEY members/orange/certs/server 1");
    let root = &existing[places[1]];
    assert!(root.certificate.is_some() && root.key.is_none());
    let new = &existing[places[2]];
    assert!(new.certificate.is_none() && new.key.is_none());
}

#[test]
fn nothing_is_read_where_nothing_is() {
    let place = place();
    let out = Out::open(&place.out, |_| {}).unwrap();
    let existing = out.read(["members/orange/certs/server"]).unwrap();
    assert!(existing["members/orange/certs/server"].certificate.is_none());
    assert!(out.read_pair("pki/ca").unwrap().certificate.is_none());
    assert!(out.authorities().unwrap().is_empty() && out.trace().unwrap().is_none());
    assert_eq!(listing(&place.out), [".lock"]);
}

#[test]
fn many_places_come_back_under_their_own_names() {
    let place = place();
    let names: Vec<_> = (0..300).map(|n| format!("client-{n}")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    build(&place.out, &cluster(&[], &names, "1")).unwrap();
    let out = Out::open(&place.out, |_| {}).unwrap();
    let places: Vec<_> = names.iter().map(|name| format!("clients/{name}/client")).collect();
    let existing = out.read(places.iter().map(String::as_str)).unwrap();
    assert_eq!(existing.len(), 300);
    for (place, pair) in existing {
        assert_eq!(pair.certificate.unwrap(), format!("{place} 1").into_bytes());
    }
}

#[test]
fn any_certificate_or_key_is_a_trace_of_a_ca() {
    let left = [
        "pki/ca.key",
        "members/orange/certs/ca.crt",
        "members/gone/certs/peer.key",
        "clients/root/client.crt",
    ];
    for trace in left {
        let place = place();
        let path = place.out.join(trace);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "text").unwrap();
        let out = Out::open(&place.out, |_| {}).unwrap();
        assert_eq!(out.trace().unwrap(), Some(path));
    }
}

#[test]
fn a_manifest_that_lists_a_ca_is_a_trace_of_it() {
    let place = place();
    build(&place.out, &cluster(&["orange"], &[], "1")).unwrap();
    for folder in ["pki", "members"] {
        fs::remove_dir_all(place.out.join(folder)).unwrap();
    }
    let out = Out::open(&place.out, |_| {}).unwrap();
    assert!(out.lists("pki/ca") && !out.lists("pki/ca-2"));
}

#[test]
fn a_cluster_without_tls_leaves_no_trace() {
    let place = place();
    let mut plain = Output::new();
    plain.script("members/orange/etcd.sh", "exec etcd");
    build(&place.out, &plain).unwrap();
    let out = Out::open(&place.out, |_| {}).unwrap();
    assert!(out.trace().unwrap().is_none() && !out.lists("pki/ca"));
}

#[test]
fn a_file_that_is_too_large_is_refused_unread() {
    let place = place();
    build(&place.out, &cluster(&[], &[], "1")).unwrap();
    fs::File::options()
        .write(true)
        .open(place.out.join("pki/ca.crt"))
        .unwrap()
        .set_len(1 << 40)
        .unwrap();
    let out = Out::open(&place.out, |_| {}).unwrap();
    let failure = out.read_pair("pki/ca").unwrap_err();
    assert_eq!(failure.cause(), "it is far larger than such a file can be");
}
