//! What a build of an earlier release has left that was killed.

use super::super::places::temporary;
use super::*;
use std::os::unix::fs::symlink;

const CERTS: &str = "members/orange/certs";

/// Makes what such a build leaves that replaces `1` by `2`, adds a client, and writes a file elsewhere;
/// `was_decided` tells when it was killed.
fn killed(was_decided: bool) -> (Place, Output) {
    let place = place();
    let (before, mut after) = ["1", "2"].map(|issue| cluster(&["orange"], &[], issue)).into();
    build(&place.out, &before).unwrap();
    pair(&mut after, "clients/root/client", "2");
    let made = place.folder.path().join("made");
    build(&made, &after).unwrap();
    for (path, content) in contents(&made) {
        let known = fs::read_to_string(place.out.join(&path)).ok();
        if path == "manifest" || known.as_ref() == Some(&content) || path.starts_with("clients") {
            continue;
        }
        fs::rename(made.join(&path), temporary(&place.out.join(&path))).unwrap();
    }
    fs::rename(made.join("clients"), place.out.join(".bouquet-tmp.clients")).unwrap();
    let mark = "# unfinished: a build is putting these into place\n";
    let manifest =
        text(made.join("manifest")).replacen("cluster.rs\n", &format!("{mark}cluster.rs\n"), 1);
    let name = if was_decided { "manifest" } else { ".bouquet-tmp.manifest" };
    fs::write(place.out.join(name), manifest).unwrap();
    fs::write(temporary(&beside(&place.out)), "of this build").unwrap();
    fs::remove_dir_all(made).unwrap();
    (place, after)
}

/// Opens the folder as a build does first, and returns what is in it then.
fn opened(out: &Path) -> BTreeMap<String, String> {
    drop(Out::open(out, &[&beside(out)], hold(out)).unwrap());
    let all = listing(out);
    assert!(!all.iter().any(|path| path.contains(".bouquet-")), "{all:?}");
    assert!(!temporary(&beside(out)).exists());
    contents(out)
}

#[test]
fn a_build_that_had_not_decided_is_undone() {
    let (place, _) = killed(false);
    let before: BTreeMap<_, _> =
        contents(&place.out).into_iter().filter(|(path, _)| !path.contains(".bouquet-")).collect();
    assert_eq!(opened(&place.out), before);
    assert!(!beside(&place.out).exists());
}

#[test]
fn a_build_that_had_decided_is_completed() {
    let (place, after) = killed(true);
    assert!(crate::is_unfinished(&place.out).unwrap());
    let files = opened(&place.out);
    assert!(!crate::is_unfinished(&place.out).unwrap());
    assert_eq!(files["pki/ca.key"], "KEY pki/ca 2");
    assert_eq!(files["clients/root/client.key"], "KEY clients/root/client 2");
    assert_eq!(text(beside(&place.out)), "of this build");
    let report = build(&place.out, &after).unwrap();
    assert_eq!((report.written, report.pruned), (vec![], vec![]));
}

/// At each of its moments: the stand-in is being made, is in place, and was in place.
#[test]
fn a_folder_that_changed_places_with_a_stand_in_has_its_pairs_and_what_others_put_there() {
    for moment in ["made", "in place", "in place alone", "was in place"] {
        let (place, after) = killed(true);
        let certs = place.out.join(CERTS);
        let aside = certs.with_file_name(".bouquet-swap.certs");
        fs::write(certs.join("notes.txt"), "mine").unwrap();
        fs::create_dir(&aside).unwrap();
        set_mode(&aside, 0o700);
        let mut stand_in = aside.clone();
        if moment != "made" {
            fs::write(aside.join(".bouquet-stand-in"), "").unwrap();
        }
        for name in ["notes.txt", "ca.crt", "server.crt", "server.key", "peer.crt", "peer.key"] {
            let staged = temporary(&certs.join(name));
            let from = if staged.exists() && moment != "made" { staged } else { certs.join(name) };
            fs::hard_link(from, aside.join(name)).unwrap();
        }
        if moment.starts_with("in place") {
            let third = certs.with_file_name("third");
            for (from, to) in [(&aside, &third), (&certs, &aside), (&third, &certs)] {
                fs::rename(from, to).unwrap();
            }
            stand_in = certs.clone();
            fs::write(certs.join("more-notes.txt"), "mine too").unwrap();
        }
        if moment == "in place alone" {
            fs::remove_dir_all(&aside).unwrap();
        }
        assert!(stand_in.exists());
        let files = opened(&place.out);
        assert_eq!(files[&format!("{CERTS}/notes.txt")], "mine", "{moment}");
        assert_eq!(
            files.contains_key(&format!("{CERTS}/more-notes.txt")),
            moment.starts_with("in")
        );
        let report = build(&place.out, &after).unwrap();
        assert_eq!((report.written, report.notices), (vec![], vec![]), "{moment}");
    }
}

#[test]
fn links_under_the_names_of_a_stand_in_are_not_followed() {
    let (place, _) = killed(true);
    let outside = place.folder.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("server.key"), "precious").unwrap();
    let before = state(&outside);
    symlink(&outside, place.out.join("members/orange/.bouquet-swap.certs")).unwrap();
    symlink(&outside, place.out.join(CERTS).join(".bouquet-stand-in")).unwrap();
    opened(&place.out);
    assert_eq!(state(&outside), before);
}

#[test]
fn its_lock_and_its_digest_of_all_files_go() {
    let place = place();
    fs::create_dir(&place.out).unwrap();
    for name in [".lock", ".seal"] {
        fs::write(place.out.join(name), "1764000000 0f").unwrap();
    }
    build(&place.out, &cluster(&["orange"], &[], "1")).unwrap();
    assert!(!listing(&place.out).iter().any(|path| [".lock", ".seal"].contains(&path.as_str())));
}
