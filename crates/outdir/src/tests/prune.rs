use super::super::notice;
use super::*;
use crate::OutPath;

#[test]
fn what_is_no_longer_wanted_goes_with_its_empty_folders() {
    let place = place();
    let mut wanted = Output::new();
    for path in ["cluster.rs", "a/b/c/one", "a/b/two", "d/three"] {
        wanted.file(path, "text");
    }
    build(&place.out, &wanted).unwrap();
    let mut fewer = Output::new();
    fewer.file("cluster.rs", "text");
    let report = build(&place.out, &fewer).unwrap();
    let pruned: Vec<_> = report.pruned.iter().map(ToString::to_string).collect();
    assert_eq!(pruned, ["a/b/c/one", "a/b/two", "d/three"]);
    assert_eq!(listing(&place.out), ["cluster.rs", "manifest"]);
    assert!(text(place.out.join("manifest")).ends_with("\ncluster.rs\n"));
}

#[test]
fn a_folder_emptied_by_hand_goes_too() {
    let place = place();
    build(&place.out, &cluster(&["orange", "pink"], &[], "1")).unwrap();
    let pink = place.out.join("members/pink");
    fs::remove_dir_all(pink.join("certs")).unwrap();
    fs::create_dir(pink.join("certs")).unwrap();
    build(&place.out, &cluster(&["orange"], &[], "1")).unwrap();
    assert!(!pink.exists());
}

#[test]
fn a_removed_members_keys_stay_with_their_certificates_and_that_is_said_until_they_go() {
    let place = place();
    build(&place.out, &cluster(&["orange", "pink"], &[], "1")).unwrap();
    let pink = place.out.join("members/pink");
    for _ in 0..2 {
        let report = build(&place.out, &cluster(&["orange"], &[], "1")).unwrap();
        assert_eq!(
            listing(&pink.join("certs")),
            ["peer.crt", "peer.key", "server.crt", "server.key"]
        );
        assert_eq!(listing(&pink).len(), 5);
        assert_eq!(report.notices, [notice::left(&pink, std::slice::from_ref(&pink))]);
        let help = format!("if it is not coming back: `rm -r {}`", pink.display());
        assert_eq!(report.notices[0].help, [help]);
        assert!(text(place.out.join("manifest")).contains("members/pink/certs/server.key"));
    }
    fs::remove_dir_all(&pink).unwrap();
    let report = build(&place.out, &cluster(&["orange"], &[], "1")).unwrap();
    assert_eq!((report.notices, report.pruned), (vec![], vec![]));
    assert!(!text(place.out.join("manifest")).contains("pink"));
}

#[test]
fn a_member_that_comes_back_finds_its_keys() {
    let place = place();
    build(&place.out, &cluster(&["orange", "pink"], &[], "1")).unwrap();
    build(&place.out, &cluster(&["orange"], &[], "1")).unwrap();
    let report = build(&place.out, &cluster(&["orange", "pink"], &[], "1")).unwrap();
    let written: Vec<_> = report.written.iter().map(ToString::to_string).collect();
    let public = ["members/pink/certs/ca.crt", "members/pink/etcd.env", "members/pink/etcd.sh"];
    assert_eq!(written, public);
    assert_eq!(report.notices, []);
}

#[test]
fn a_key_left_in_a_folder_that_is_wanted_is_named_alone() {
    let place = place();
    build(&place.out, &cluster(&["orange"], &[], "1")).unwrap();
    let mut combined = Output::new();
    combined.file("members/orange/certs/ca.crt", "pki/ca 1");
    pair(&mut combined, "pki/ca", "1");
    pair(&mut combined, "members/orange/certs/server", "1");
    let report = build(&place.out, &combined).unwrap();
    let certs = place.out.join("members/orange/certs");
    let remove = vec![certs.join("peer.crt"), certs.join("peer.key")];
    let folder = place.out.join("members/orange");
    assert_eq!(report.notices, [notice::left(&folder, &remove)]);
    assert!(report.notices[0].help[0].contains("certs/peer.crt "), "{:?}", report.notices[0]);
}

#[test]
fn the_whole_folder_is_not_offered_where_it_holds_a_users_own_file() {
    let place = place();
    build(&place.out, &cluster(&["orange"], &["old"], "1")).unwrap();
    let old = place.out.join("clients/old");
    fs::write(old.join("notes.txt"), "whose this was").unwrap();
    let report = build(&place.out, &cluster(&["orange"], &[], "1")).unwrap();
    let remove = vec![old.join("client.crt"), old.join("client.key")];
    assert_eq!(report.notices, [notice::left(&old, &remove)]);
    assert_eq!(text(old.join("notes.txt")), "whose this was");
}

#[test]
fn the_ca_stays_when_tls_is_switched_off() {
    let place = place();
    build(&place.out, &cluster(&[], &[], "1")).unwrap();
    let ca = text(place.out.join("pki/ca.key"));
    let mut plain = Output::new();
    plain.file("cluster.rs", "");
    let report = build(&place.out, &plain).unwrap();
    assert_eq!(report.notices.len(), 1);
    assert!(!report.notices[0].help[0].contains("rm "), "{:?}", report.notices[0]);
    assert_eq!(text(place.out.join("pki/ca.key")), ca);
    assert_eq!(text(place.out.join("pki/ca.crt")), "pki/ca 1");
}

#[test]
fn a_ca_whose_key_is_elsewhere_stays_when_tls_is_switched_off() {
    let place = place();
    build(&place.out, &cluster(&[], &[], "1")).unwrap();
    fs::remove_file(place.out.join("pki/ca.key")).unwrap();
    assert_eq!(build(&place.out, &Output::new()).unwrap().notices, []);
    assert_eq!(listing(&place.out.join("pki")), ["ca.crt"]);
}

#[test]
fn files_that_are_not_listed_are_never_touched() {
    let place = place();
    build(&place.out, &cluster(&["orange", "pink"], &["root"], "1")).unwrap();
    let own = [
        "README.md",
        ".gitignore",
        "members/pink/notes.txt",
        "members/pink/.hidden",
        "members/violet/etcd.sh",
        "clients/root/client.p12",
        "elsewhere/x",
    ];
    for path in own {
        let path = place.out.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "mine").unwrap();
    }
    let before = state(&place.out);
    build(&place.out, &cluster(&["orange"], &[], "2")).unwrap();
    let after = state(&place.out);
    for path in own {
        assert_eq!(before[path], after[path], "{path}");
    }
}

#[test]
fn a_manifest_edited_by_a_bad_hand_leads_nowhere() {
    let place = place();
    let outside = place.folder.path().join("precious");
    fs::write(&outside, "text").unwrap();
    build(&place.out, &cluster(&["orange"], &[], "1")).unwrap();
    fs::write(place.out.join("notes"), "mine").unwrap();
    std::os::unix::fs::symlink(place.folder.path(), place.out.join("up")).unwrap();
    let lines =
        format!("../precious\n{}\nup/precious\n./notes\nnotes/../notes\n", outside.display());
    let manifest = place.out.join("manifest");
    fs::write(&manifest, text(&manifest) + &lines).unwrap();
    build(&place.out, &cluster(&["orange"], &[], "1")).unwrap();
    assert_eq!((text(&outside), text(place.out.join("notes"))), ("text".into(), "mine".into()));
}

#[test]
fn without_a_manifest_nothing_is_removed() {
    let place = place();
    build(&place.out, &cluster(&["orange", "pink"], &[], "1")).unwrap();
    for broken in [None, Some(&b""[..]), Some(b"\xff\xfe\0\n"), Some(b"members\n")] {
        let manifest = place.out.join("manifest");
        match broken {
            None => fs::remove_file(&manifest).unwrap(),
            Some(bytes) => fs::write(&manifest, bytes).unwrap(),
        }
        let report = build(&place.out, &cluster(&["orange"], &[], "1")).unwrap();
        assert_eq!((report.written, report.pruned), (vec![], vec![]));
        assert!(place.out.join("members/pink/etcd.sh").exists());
        assert!(text(&manifest).contains("members/orange/etcd.sh"));
    }
}

#[test]
fn a_key_that_was_moved_is_removed_with_what_lay_beside_it() {
    let place = place();
    let mut waiting = cluster(&["orange"], &[], "1");
    waiting.file("pki/requests/root-client.csr", "request");
    waiting.key("pki/requests/root-client.key", Secret::from("KEY 2".to_owned()));
    build(&place.out, &waiting).unwrap();
    let folder = place.out.join("pki/requests");
    fs::write(folder.join("root-client.crt"), "2").unwrap();
    let mut moved = cluster(&["orange"], &[], "1");
    moved.file("clients/root/client.crt", "2");
    moved.key("clients/root/client.key", Secret::from("KEY 2".to_owned()));
    for extension in ["csr", "crt", "key"] {
        let from = format!("pki/requests/root-client.{extension}");
        moved.moved(&from, "clients/root/client.key");
    }
    let report = build(&place.out, &moved).unwrap();
    let pruned: Vec<_> = report.pruned.iter().map(OutPath::name).collect();
    assert_eq!(pruned.last(), Some(&"root-client.key"), "the key last: {pruned:?}");
    assert_eq!((pruned.len(), report.notices), (3, vec![]));
    assert!(!folder.exists());
    assert_eq!(text(place.out.join("clients/root/client.key")), "KEY 2");
    let again = build(&place.out, &moved).unwrap();
    assert_eq!((again.written, again.pruned), (vec![], vec![]));
}
