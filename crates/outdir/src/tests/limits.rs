//! Read-only folders, full disks, and things in the way.

use super::super::places;
use super::child::{this_test, unshare};
use super::*;

/// What is said of a build that could not be put into place as a whole.
pub(super) const PLACED_NEXT: &str = "the rest is decided: the next build puts it into place";

pub(super) const INSIDE: &str = "BOUQUET_TEST_INSIDE";

/// Returns the folder in which a test runs that was started in namespaces of its own.
pub(super) fn inside() -> Option<PathBuf> {
    std::env::var_os(INSIDE).map(PathBuf::from)
}

#[test]
fn a_full_disk_leaves_everything_as_it_was() {
    let Some(disk) = inside() else {
        let place = place();
        let mut again = this_test("limits::a_full_disk_leaves_everything_as_it_was");
        again.env(INSIDE, place.folder.path());
        return unshare(
            "mount -t tmpfs -o size=400k tmpfs \"$FOLDER\"",
            place.folder.path(),
            &again,
        );
    };
    let out = disk.join("out");
    build(&out, &cluster(&["orange"], &["root"], "1")).unwrap();
    let before = contents(&out);
    let names: Vec<_> = (0..200).map(|n| format!("client-{n}")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let failure = build(&out, &cluster(&["orange"], &names, "2")).unwrap_err();
    let [message, help] = said(&failure, &disk);
    assert!(message.ends_with("`: the disk is full"), "{message}");
    assert_eq!(help, "free some space, then build again");
    assert!(message.starts_with("cannot write `out/") && !message.contains("tmp."), "{message}");
    assert_eq!(contents(&out), before);
    build(&out, &cluster(&["orange"], &["root"], "2")).unwrap();
}

#[test]
fn a_read_only_out_is_enough_while_nothing_changes() {
    let Some(folder) = inside() else {
        let place = place();
        build(&place.out, &cluster(&["orange"], &["root"], "1")).unwrap();
        let mut again = this_test("limits::a_read_only_out_is_enough_while_nothing_changes");
        again.env(INSIDE, place.folder.path());
        let script = "mount --bind \"$FOLDER\" \"$FOLDER\"; mount -o remount,ro,bind \"$FOLDER\"";
        return unshare(script, place.folder.path(), &again);
    };
    let out = folder.join("out");
    let before = state(&out);
    let report = build(&out, &cluster(&["orange"], &["root"], "1")).unwrap();
    assert_eq!(report.written, []);
    let failure = build(&out, &cluster(&["orange"], &["root"], "2")).unwrap_err();
    assert!(failure.message.ends_with("`: the file system is read-only"), "{failure}");
    assert_eq!(state(&out), before);

    let failure = Out::open(&folder.join("new"), &[], hold(&folder.join("new"))).unwrap_err();
    let shown = format!("cannot create `{}/new`: the file system is read-only", folder.display());
    assert_eq!(failure.to_string(), shown);
}

#[test]
fn something_in_the_way_is_named_and_nothing_is_written() {
    let wanted = cluster(&["orange"], &["root"], "2");
    let cases: [(&str, bool, &str); 4] = [
        ("members", false, "cannot use `members`: a file is in the place of a folder"),
        (
            "members/orange/certs",
            false,
            "cannot use `members/orange/certs`: a file is in the place of a folder",
        ),
        (
            "clients/root/client.key",
            true,
            "cannot write `clients/root/client.key`: a folder is in its place",
        ),
        ("manifest", true, "cannot read `manifest`: a folder is in its place"),
    ];
    for (path, folder, message) in cases {
        let place = place();
        build(&place.out, &cluster(&["orange"], &["root"], "1")).unwrap();
        let at = place.out.join(path);
        if at.is_dir() {
            fs::remove_dir_all(&at).unwrap();
        } else {
            fs::remove_file(&at).unwrap();
        }
        if folder {
            fs::create_dir(&at).unwrap();
        } else {
            fs::write(&at, "text").unwrap();
        }
        let before = state(&place.out);
        let made = build(&place.out, &wanted);
        let shown = made.unwrap_err().to_string();
        assert_eq!(shown.replace(&format!("{}/", place.out.display()), ""), message);
        assert_eq!(state(&place.out), before, "{path}");
    }
}

#[test]
fn a_pipe_in_the_place_of_a_file_does_not_stop_the_build() {
    let place = place();
    build(&place.out, &cluster(&["orange"], &[], "1")).unwrap();
    let key = place.out.join("members/orange/certs/server.key");
    fs::remove_file(&key).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&key).status().unwrap().success());
    let out = Out::open(&place.out, &[], hold(&place.out)).unwrap();
    let failure = out.read_file("members/orange/certs/server.key").unwrap_err();
    assert!(failure.message.ends_with("`: it is not a regular file"), "{failure}");
    drop(out);
    build(&place.out, &cluster(&["orange"], &[], "1")).unwrap();
    assert_eq!(text(&key), "KEY members/orange/certs/server 1");
}

#[test]
fn a_kept_file_that_vanished_is_an_error() {
    let place = place();
    build(&place.out, &cluster(&[], &[], "1")).unwrap();
    for path in ["pki/gone.key", "new/gone.key"] {
        let mut wanted = Output::new();
        wanted.keep(path);
        let before = state(&place.out);
        let failure = build(&place.out, &wanted).unwrap_err();
        let shown =
            format!("cannot keep `{}`: it is no longer there", place.out.join(path).display());
        assert_eq!(failure.to_string(), shown);
        assert_eq!(state(&place.out), before);
    }
}

/// Another file system, and one that is mounted a second time: nothing can be renamed into either.
#[test]
fn a_disk_inside_is_refused_before_anything_is_written() {
    let Some(folder) = inside() else {
        let place = place();
        build(&place.out, &cluster(&["orange"], &["root"], "1")).unwrap();
        fs::create_dir(place.out.join("notes")).unwrap();
        let mut again = this_test("limits::a_disk_inside_is_refused_before_anything_is_written");
        again.env(INSIDE, place.folder.path());
        // A folder that no build writes into is its owner's business.
        let script = "mount -t tmpfs tmpfs \"$FOLDER\"/out/notes";
        return unshare(script, place.folder.path(), &again);
    };
    let (out, wanted) = (folder.join("out"), cluster(&["orange"], &["root"], "2"));
    let certs = out.join("members/orange/certs");
    let run = |program: &str, words: &[&str]| {
        let mut command = std::process::Command::new(program);
        assert!(command.args(words).arg(&certs).status().unwrap().success(), "{program}");
    };
    let elsewhere = "it is on another file system than `out/`";
    let itself = certs.to_str().unwrap();
    for (how, cause) in [
        (["-t", "tmpfs", "tmpfs"].as_slice(), elsewhere),
        (["--bind", itself].as_slice(), "it is mounted apart from `out/`"),
    ] {
        run("mount", how);
        let before = contents(&out);
        let failure = build(&out, &wanted).unwrap_err();
        let help = "mount the whole of `out/` there, and nothing inside it";
        let message = format!("cannot use `members/orange/certs`: {cause}");
        assert_eq!(said(&failure, &out), [message, help.to_owned()]);
        assert_eq!(contents(&out), before);

        // Mounted since a build was killed that had decided.
        let decided = places::decided(&out).join("members/orange/certs");
        fs::create_dir_all(&decided).unwrap();
        fs::write(decided.join("ca.crt"), format!("decided: {cause}")).unwrap();
        let failure = build(&out, &wanted).unwrap_err();
        let message = format!("cannot write `members/orange/certs/ca.crt`: {elsewhere}");
        assert_eq!(said(&failure, &out), [message, format!("{help}; {PLACED_NEXT}")]);
        run("umount", &[]);
        drop(Out::open(&out, &[], hold(&out)).unwrap());
        assert_eq!(text(certs.join("ca.crt")), format!("decided: {cause}"));
    }
    build(&out, &wanted).unwrap();
}

/// The one kind of failure that comes after the decision: what is in place cannot be replaced.
#[test]
fn a_file_that_cannot_be_replaced_is_named_and_the_build_completed_once_it_can() {
    let Some(folder) = inside() else {
        let place = place();
        build(&place.out, &cluster(&["orange"], &["root"], "1")).unwrap();
        let mut again = this_test(
            "limits::a_file_that_cannot_be_replaced_is_named_and_the_build_completed_once_it_can",
        );
        again.env(INSIDE, place.folder.path());
        let script = "cd \"$FOLDER\"/out/members/orange; touch \"$FOLDER\"/other; \
                      mount --bind \"$FOLDER\"/other certs/server.crt; cd /";
        return unshare(script, place.folder.path(), &again);
    };
    let out = folder.join("out");
    let certificate = out.join("members/orange/certs/server.crt");
    for _ in 0..2 {
        let failure = build(&out, &cluster(&["orange"], &["root"], "2")).unwrap_err();
        let message =
            "cannot write `members/orange/certs/server.crt`: it is in use, as a mount point is";
        let help = format!("unmount it, then build again; {PLACED_NEXT}");
        assert_eq!(said(&failure, &out), [message, &help]);
    }
    let unmounted = std::process::Command::new("umount").arg(&certificate).status().unwrap();
    assert!(unmounted.success());
    // It does not matter what is built next: what was decided is completed first.
    drop(Out::open(&out, &[], hold(&out)).unwrap());
    assert_eq!(text(&certificate), "members/orange/certs/server 2");
    assert_eq!(
        text(out.join("members/orange/certs/server.key")),
        "KEY members/orange/certs/server 2"
    );
    assert_eq!(build(&out, &cluster(&["orange"], &["root"], "2")).unwrap().written, []);
}

#[test]
fn what_may_not_be_read_or_written_is_named() {
    let Some(folder) = inside() else {
        let place = place();
        build(&place.out, &cluster(&["orange"], &["root"], "1")).unwrap();
        let mut again = this_test("limits::what_may_not_be_read_or_written_is_named");
        again.env(INSIDE, place.folder.path());
        // Without its capabilities root is held by permissions as well.
        let script = "exec setpriv --bounding-set=-all --inh-caps=-all \"$@\"";
        return unshare(script, place.folder.path(), &again);
    };
    let out = folder.join("out");
    let wanted = |issue| {
        let mut wanted = cluster(&["orange"], &["root"], "1");
        wanted.file("members/orange/new", issue);
        wanted
    };
    let before = contents(&out);
    set_mode(out.join("members/orange"), 0o555);
    let shown = build(&out, &wanted("1")).unwrap_err().to_string();
    let path = out.join("members/orange/new");
    assert_eq!(shown, format!("cannot write `{}`: permission denied", path.display()));
    set_mode(out.join("members/orange"), 0o755);
    assert_eq!(contents(&out), before);

    let path = out.join("pki/ca.key");
    set_mode(&path, 0);
    let shown =
        Out::open(&out, &[], hold(&out)).unwrap().read_file("pki/ca.key").unwrap_err().to_string();
    assert_eq!(shown, format!("cannot read `{}`: permission denied", path.display()));
    set_mode(&path, 0o600);

    set_mode(out.join("clients"), 0);
    let shown = build(&out, &wanted("2")).unwrap_err().to_string();
    let path = out.join("clients/root");
    assert_eq!(shown, format!("cannot read `{}`: permission denied", path.display()));
    set_mode(out.join("clients"), 0o755);
    build(&out, &wanted("2")).unwrap();
}
