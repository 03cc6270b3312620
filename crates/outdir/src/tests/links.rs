//! What happens where someone has put a link, or opened what should be closed.

use super::super::{inspect, notice, places};
use super::child::child;
use super::*;
use std::os::unix::fs::symlink;
use std::process::Command;

#[test]
fn a_link_in_the_place_of_a_file_is_replaced_and_not_followed() {
    let place = place();
    let outside = place.folder.path().join("precious");
    build(&place.out, &cluster(&["orange"], &["root"], "1")).unwrap();
    for path in ["members/orange/etcd.sh", "clients/root/client.key", "manifest", "pki/ca.crt"] {
        fs::write(&outside, "text").unwrap();
        let path = place.out.join(path);
        fs::remove_file(&path).unwrap();
        symlink(&outside, &path).unwrap();
        let made = build(&place.out, &cluster(&["orange"], &["root"], "2"));
        if path.ends_with("manifest") {
            assert!(made.unwrap_err().to_string().ends_with("it is a symbolic link"));
            fs::remove_file(&path).unwrap();
            build(&place.out, &cluster(&["orange"], &["root"], "2")).unwrap();
        } else {
            made.unwrap();
        }
        assert_eq!(text(&outside), "text");
        assert!(path.symlink_metadata().unwrap().is_file());
    }
}

#[test]
fn a_link_under_a_name_of_ours_is_not_followed() {
    let place = place();
    build(&place.out, &cluster(&["orange"], &[], "1")).unwrap();
    let outside = place.folder.path().join("outside");
    fs::create_dir_all(outside.join("pki")).unwrap();
    fs::write(outside.join("pki/ca.key"), "of another").unwrap();
    let before = state(&outside);
    for (issue, at) in
        [places::staged(&place.out), places::decided(&place.out)].into_iter().enumerate()
    {
        for target in [outside.clone(), outside.join("nothing")] {
            symlink(target, &at).unwrap();
            let wanted = cluster(&["orange"], &["root"], &format!("{issue} again"));
            build(&place.out, &wanted).unwrap();
            assert_eq!(state(&outside), before);
            assert!(at.symlink_metadata().is_err(), "left");
            assert_eq!(text(place.out.join("pki/ca.key")), format!("KEY pki/ca {issue} again"));
        }
    }
}

#[test]
fn a_key_behind_a_link_is_refused() {
    let place = place();
    build(&place.out, &cluster(&["orange"], &[], "1")).unwrap();
    let key = place.out.join("members/orange/certs/server.key");
    let outside = place.folder.path().join("other.key");
    fs::rename(&key, &outside).unwrap();
    symlink(&outside, &key).unwrap();
    let out = Out::open(&place.out, &[], hold(&place.out)).unwrap();
    let failure = out.read_file("members/orange/certs/server.key").unwrap_err();
    let shown = format!("cannot read `{}`: it is a symbolic link", key.display());
    assert_eq!(failure.to_string(), shown);
    assert_eq!(failure.help, ["replace the link by the file itself, or remove it"]);
}

#[test]
fn a_linked_folder_below_out_is_refused_for_reading_and_writing() {
    for linked in ["pki", "members", "members/orange", "members/orange/certs", "clients/root"] {
        let place = place();
        build(&place.out, &cluster(&["orange"], &["root"], "1")).unwrap();
        let folder = place.out.join(linked);
        let elsewhere = place.folder.path().join("elsewhere");
        fs::rename(&folder, &elsewhere).unwrap();
        symlink(&elsewhere, &folder).unwrap();
        let before = state(&elsewhere);
        let expected = format!(
            "cannot use `{}`: a symbolic link is in the place of a folder",
            folder.display()
        );
        let failure = build(&place.out, &cluster(&["orange"], &["root"], "2")).unwrap_err();
        assert_eq!(failure.to_string(), expected);
        let out = Out::open(&place.out, &[], hold(&place.out)).unwrap();
        let read = out.read_file("members/orange/certs/server.crt");
        let read = read.and_then(|_| out.read_file("clients/root/client.crt"));
        let read = read.and_then(|_| out.read_file("pki/ca.crt"));
        assert_eq!(read.unwrap_err().to_string(), expected);
        assert_eq!(state(&elsewhere), before);
    }
}

#[test]
fn out_itself_may_be_a_link() {
    let place = place();
    let real = place.folder.path().join("real");
    fs::create_dir(&real).unwrap();
    symlink(&real, &place.out).unwrap();
    build(&place.out, &cluster(&["orange"], &[], "1")).unwrap();
    assert!(real.join("pki/ca.key").exists());
}

#[test]
fn a_stale_file_behind_a_linked_folder_stays() {
    let place = place();
    build(&place.out, &cluster(&["orange", "pink"], &[], "1")).unwrap();
    let elsewhere = place.folder.path().join("elsewhere");
    fs::rename(place.out.join("members/pink"), &elsewhere).unwrap();
    symlink(&elsewhere, place.out.join("members/pink")).unwrap();
    build(&place.out, &cluster(&["orange"], &[], "1")).unwrap();
    assert!(elsewhere.join("etcd.sh").exists());
}

#[test]
fn a_hard_link_is_not_written_through() {
    let place = place();
    build(&place.out, &cluster(&["orange"], &[], "1")).unwrap();
    for path in ["members/orange/etcd.sh", "members/orange/certs/server.key", "pki/ca.key"] {
        let path = place.out.join(path);
        let other = place.folder.path().join("other");
        fs::write(&other, "text").unwrap();
        set_mode(&other, 0o640);
        fs::remove_file(&path).unwrap();
        fs::hard_link(&other, &path).unwrap();
        build(&place.out, &cluster(&["orange"], &[], "1")).unwrap();
        assert_eq!((text(&other).as_str(), mode(&other)), ("text", 0o640));
        assert_ne!(text(&path), "text");
        fs::remove_file(&other).unwrap();
    }
}

#[test]
fn a_key_with_a_second_name_becomes_a_file_of_its_own() {
    let place = place();
    build(&place.out, &cluster(&["orange"], &[], "1")).unwrap();
    let key = place.out.join("members/orange/certs/server.key");
    let other = place.folder.path().join("other");
    fs::hard_link(&key, &other).unwrap();
    let mut wanted = Output::new();
    wanted.keep("members/orange/certs/server.key");
    let report = build(&place.out, &wanted).unwrap();
    assert!(report.notices.contains(&notice::linked(&key)), "{report:?}");
    assert_eq!(key.symlink_metadata().unwrap().nlink(), 1);
    assert_eq!((text(&key), mode(&key)), (text(&other), 0o600));
}

#[test]
fn permissions_that_are_too_open_are_corrected_and_said() {
    let place = place();
    let wanted = cluster(&["orange"], &["root"], "1");
    build(&place.out, &wanted).unwrap();
    let key = place.out.join("pki/ca.key");
    let folder = place.out.join("clients/root");
    let script = place.out.join("members/orange/etcd.sh");
    set_mode(&key, 0o644);
    set_mode(&folder, 0o777);
    set_mode(&script, 0o666);
    let inode = key.symlink_metadata().unwrap().ino();
    let report = build(&place.out, &wanted).unwrap();
    let notices = [notice::too_open(&folder, 0o777, 0o700), notice::too_open(&key, 0o644, 0o600)];
    assert_eq!(report.notices, notices);
    assert_eq!((mode(&key), mode(&folder), mode(&script)), (0o600, 0o700, 0o755));
    assert_eq!(key.symlink_metadata().unwrap().ino(), inode, "nothing had to be written");
    assert_eq!(report.written, []);
    let said = format!("`{}` was open to others (mode 0644); it is 0600 now", key.display());
    assert_eq!(report.notices[1].to_string(), said);
}

#[test]
fn nobody_else_can_put_another_folder_in_the_place_of_ours() {
    let place = place();
    let wanted = cluster(&["orange"], &["root"], "1");
    build(&place.out, &wanted).unwrap();
    let [members, orange] = ["members", "members/orange"].map(|path| place.out.join(path));
    set_mode(&place.out, 0o777);
    set_mode(&members, 0o775);
    set_mode(&orange, 0o707);
    let report = build(&place.out, &wanted).unwrap();
    let notices = [
        notice::writable(&place.out.join(""), 0o777, 0o755),
        notice::writable(&orange, 0o707, 0o705),
    ];
    assert_eq!(report.notices, notices);
    assert_eq!((mode(&place.out), mode(&members), mode(&orange)), (0o755, 0o755, 0o705));
    assert_eq!(build(&place.out, &wanted).unwrap().notices, []);
}

#[test]
fn stricter_permissions_are_the_users_choice() {
    let place = place();
    let wanted = cluster(&["orange"], &[], "1");
    build(&place.out, &wanted).unwrap();
    set_mode(place.out.join("pki/ca.key"), 0o400);
    set_mode(place.out.join("members/orange/etcd.env"), 0o440);
    set_mode(place.out.join("members/orange"), 0o750);
    let before = state(&place.out);
    let report = build(&place.out, &wanted).unwrap();
    assert_eq!((report.written, report.notices), (vec![], vec![]));
    assert_eq!(state(&place.out), before);
}

#[test]
fn permissions_do_not_depend_on_the_umask() {
    let modes: Vec<_> = ["000", "022", "077", "777"].map(under_umask).into_iter().collect();
    assert_eq!(modes[0]["pki/ca.key"], 0o600);
    assert_eq!(modes[0]["out"], 0o755);
    assert_eq!(modes[0]["members/orange/etcd.sh"], 0o755);
    assert!(modes.iter().all(|other| *other == modes[0]), "{modes:#?}");
}

fn under_umask(umask: &str) -> BTreeMap<String, u32> {
    let place = place();
    let inner = child(&place.out, "m:orange c:root");
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("umask {umask}; exec \"$@\""), "sh"]);
    shell.arg(inner.get_program()).args(inner.get_args());
    shell.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
    assert!(shell.output().unwrap().status.success());
    let below = state(&place.out).into_iter().map(|(path, known)| (path, known.0 & 0o7777));
    below.chain([("out".to_owned(), mode(&place.out))]).collect()
}

/// Anyone who may write where keys are staged knows their names. Nothing that waits there is written
/// into, read, or given other permissions.
#[test]
fn what_waits_where_keys_are_staged_is_neither_followed_nor_filled() {
    for what in ["symlink", "dangling", "hard link", "folder", "pipe", "file"] {
        let place = place();
        let outside = place.folder.path().join("precious");
        fs::create_dir(&outside).unwrap();
        let file = outside.join("file");
        fs::write(&file, "text").unwrap();
        set_mode(&file, 0o644);
        for (issue, name) in
            ["", "/pki/ca.key", "/members/orange/certs/server.key"].iter().enumerate()
        {
            let at = PathBuf::from(format!("{}{name}", places::staged(&place.out).display()));
            fs::create_dir_all(at.parent().unwrap()).unwrap();
            match what {
                "symlink" => symlink(&file, &at).unwrap(),
                "dangling" => symlink(outside.join("new"), &at).unwrap(),
                "hard link" => fs::hard_link(&file, &at).unwrap(),
                "folder" => fs::create_dir_all(at.join("below")).unwrap(),
                "pipe" => assert!(Command::new("mkfifo").arg(&at).status().unwrap().success()),
                _ => fs::write(&at, "").unwrap(),
            }
            let before = state(&outside);
            let issue = format!("{issue} {what}");
            build(&place.out, &cluster(&["orange"], &[], &issue)).unwrap();
            assert_eq!(state(&outside), before, "{what}");
            for key in ["pki/ca", "members/orange/certs/server"] {
                let path = place.out.join(format!("{key}.key"));
                assert_eq!(text(&path), format!("KEY {key} {issue}"), "{what}");
                let facts = path.symlink_metadata().unwrap();
                assert_eq!(
                    (facts.is_file(), facts.nlink(), mode(&path)),
                    (true, 1, 0o600),
                    "{what}"
                );
            }
            assert_eq!(listing(&place.out.join("pki")), ["ca.crt", "ca.key"], "{what}");
        }
    }
}

#[test]
fn the_key_of_the_ca_behind_a_link_is_refused_and_with_a_second_name_said() {
    let place = place();
    build(&place.out, &cluster(&["orange"], &[], "1")).unwrap();
    let key = place.out.join("pki/ca.key");
    let other = place.folder.path().join("other.key");
    fs::hard_link(&key, &other).unwrap();
    let mut wanted = cluster(&["orange"], &[], "1");
    wanted.file("members/orange/new", "text");
    let report = build(&place.out, &wanted).unwrap();
    assert_eq!(report.notices, [notice::linked(&key)]);
    assert!(report.notices[0].help[0].contains("make a new CA"), "{:?}", report.notices[0]);
    assert_eq!((key.symlink_metadata().unwrap().nlink(), mode(&key)), (1, 0o600));

    for target in [other, place.folder.path().join("dangling")] {
        fs::remove_file(&key).unwrap();
        symlink(&target, &key).unwrap();
        let failure = Out::open(&place.out, &[], hold(&place.out))
            .unwrap()
            .read_file("pki/ca.key")
            .unwrap_err();
        let shown = format!("cannot read `{}`: it is a symbolic link", key.display());
        assert_eq!(failure.message, shown);
    }
}

#[test]
fn an_out_on_a_disk_that_is_away_is_not_made_and_not_taken_for_none() {
    let place = place();
    let disk = place.folder.path().join("disk/out");
    symlink(&disk, &place.out).unwrap();
    for _ in 0..2 {
        let failure = Out::open(&place.out, &[], hold(&place.out)).unwrap_err();
        let cause = format!("it is a link to `{}`, where nothing is", disk.display());
        assert_eq!(failure.message, format!("cannot open `{}`: {cause}", place.out.display()));
        assert!(failure.help[0].contains("mount it"), "{failure:?}");
        assert_eq!(inspect::is_there(&place.out).unwrap_err(), failure);
    }
    assert!(!disk.exists());
    fs::create_dir_all(&disk).unwrap();
    assert_eq!(inspect::is_there(&place.out), Ok(true));
    build(&place.out, &cluster(&["orange"], &[], "1")).unwrap();
    assert!(disk.join("manifest").exists());
}

#[test]
fn a_folder_in_which_nothing_was_written_goes_with_the_build_that_made_it() {
    let place = place();
    drop(Out::open(&place.out, &[], hold(&place.out)).unwrap());
    assert!(!place.out.exists());
    fs::create_dir(&place.out).unwrap();
    drop(Out::open(&place.out, &[], hold(&place.out)).unwrap());
    assert!(place.out.exists(), "it was there before");
    fs::remove_dir(&place.out).unwrap();
    build(&place.out, &cluster(&["orange"], &[], "1")).unwrap();
    assert!(place.out.join("manifest").exists());
}
