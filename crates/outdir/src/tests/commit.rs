use super::*;

#[test]
fn a_second_commit_writes_nothing() {
    let place = place();
    let wanted = cluster(&["orange", "pink"], &["root"], "1");
    let first = build(&place.out, &wanted).unwrap();
    let before = state(&place.out);
    let second = build(&place.out, &wanted).unwrap();
    assert_eq!(first.written.len(), wanted.files().count());
    assert_eq!(second, Report { unchanged: first.written.len(), ..Report::default() });
    assert_eq!(state(&place.out), before);
}

#[test]
fn keys_are_private_and_the_rest_is_not() {
    let place = place();
    build(&place.out, &cluster(&["orange"], &["root"], "1")).unwrap();
    let modes = |path: &str| mode(place.out.join(path));
    assert_eq!(modes("pki"), 0o700);
    assert_eq!(modes("pki/ca.key"), 0o600);
    assert_eq!(modes("pki/ca.crt"), 0o644);
    assert_eq!(modes("members"), 0o755);
    assert_eq!(modes("members/orange/etcd.sh"), 0o755);
    assert_eq!(modes("members/orange/etcd.env"), 0o644);
    assert_eq!(modes("members/orange/certs"), 0o700);
    assert_eq!(modes("members/orange/certs/server.key"), 0o600);
    assert_eq!(modes("clients/root"), 0o700);
}

#[test]
fn nothing_of_ours_is_left_beside_the_files() {
    let place = place();
    build(&place.out, &cluster(&["orange"], &[], "1")).unwrap();
    build(&place.out, &cluster(&["orange"], &["root"], "2")).unwrap();
    let hidden = |path: &String| path.split('/').any(|part| part.starts_with('.'));
    let hidden: Vec<_> = listing(&place.out).into_iter().filter(hidden).collect();
    assert_eq!(hidden, [""; 0]);
}

/// As after a power failure, of which the manifest does not know.
#[test]
fn remains_that_nobody_knows_of_are_replaced() {
    let place = place();
    fs::create_dir_all(place.out.join(".bouquet-tmp.pki/ca.key")).unwrap();
    fs::create_dir_all(place.out.join("clients/root")).unwrap();
    fs::write(place.out.join("clients/root/.bouquet-tmp.client.key"), "KEY of a lost build")
        .unwrap();
    fs::write(place.out.join(".bouquet-tmp.members"), "").unwrap();
    build(&place.out, &cluster(&["orange"], &["root"], "1")).unwrap();
    let found = listing(&place.out);
    assert!(!found.iter().any(|path| path.contains("bouquet-tmp")), "{found:?}");
    assert_eq!(text(place.out.join("clients/root/client.key")), "KEY clients/root/client 1");
}
