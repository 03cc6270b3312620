use super::super::places;
use super::*;
use std::os::unix::fs::symlink;

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

/// As after a power failure, or made by anyone who may write here.
#[test]
fn remains_that_nobody_knows_of_are_removed() {
    let place = place();
    let staged = places::staged(&place.out);
    fs::create_dir_all(staged.join("pki/ca.key")).unwrap();
    fs::write(staged.join("cluster.rs"), "of a lost build").unwrap();
    build(&place.out, &cluster(&["orange"], &["root"], "1")).unwrap();
    assert!(!staged.exists() && !places::decided(&place.out).exists());
    assert_eq!(text(place.out.join("cluster.rs")), "pub static CLUSTER: () = ();\n");
}

/// A container that has the folder mounted goes on with it, and so does anyone who put files there.
#[test]
fn the_folder_of_a_pair_stays_the_same_with_all_that_is_not_ours() {
    let place = place();
    build(&place.out, &cluster(&["orange"], &[], "1")).unwrap();
    let certs = place.out.join("members/orange/certs");
    fs::write(certs.join("notes.txt"), "mine").unwrap();
    symlink("nowhere", certs.join("link")).unwrap();
    set_mode(&certs, 0o500);
    let (before, folder) = (state(&place.out), certs.symlink_metadata().unwrap().ino());
    build(&place.out, &cluster(&["orange"], &[], "2")).unwrap();
    let after = state(&place.out);
    for name in ["notes.txt", "link"] {
        let path = format!("members/orange/certs/{name}");
        assert_eq!(before[&path], after[&path], "{path}");
    }
    assert_eq!((certs.symlink_metadata().unwrap().ino(), mode(&certs)), (folder, 0o500));
    assert_eq!(text(certs.join("server.key")), "KEY members/orange/certs/server 2");
}
