//! A build that is killed, or runs out of space, at every single operation.

use super::super::places;
use super::child::{
    FAILED, SURVIVED, assert_sound, assert_together, child_with_fault, copy, realistic, remove,
};
use super::*;
use std::os::unix::{fs::symlink, process::ExitStatusExt};

const SIGABRT: i32 = 6;

/// What is there before, and what is built then.
pub(super) struct Scenario {
    pub(super) before: fn(&Path),
    pub(super) spec: &'static str,
}

const FIRST_BUILD: Scenario = Scenario { before: |_| {}, spec: "m:orange c:root" };

/// Nothing is there but the folder of the CA, so that it cannot be moved into place as a whole.
const FOLDERS_ARE_THERE: Scenario = Scenario {
    before: |out| {
        fs::create_dir_all(out.join("pki")).unwrap();
        fs::create_dir_all(out.join("clients/root")).unwrap();
        fs::write(out.join("pki/notes.txt"), "where the backup is").unwrap();
    },
    spec: "m:orange c:root",
};

/// All certificates are renewed, a member goes, a client comes, another goes.
const CHANGE: Scenario = Scenario {
    before: |out| drop(realistic(out, "m:orange m:pink c:root c:old").unwrap()),
    spec: "m:orange c:root c:new renew",
};

/// Pairs are renewed in a folder with what others have put there.
const RENEWAL: Scenario = Scenario {
    before: |out| {
        realistic(out, "m:orange").unwrap();
        let certs = out.join("members/orange/certs");
        fs::write(certs.join("notes.txt"), "mine").unwrap();
        symlink("nowhere", certs.join("link")).unwrap();
        fs::create_dir(certs.join("more")).unwrap();
        fs::write(certs.join("more/notes.txt"), "mine too").unwrap();
    },
    spec: "m:orange renew",
};

/// A pair was signed elsewhere: one for a client that has none yet, one in the place of another.
const SIGNED: Scenario = Scenario {
    before: |out| {
        realistic(out, "m:orange c:old").unwrap();
        let folder = out.join("pki/requests");
        fs::create_dir(&folder).unwrap();
        let ca = text(out.join("pki/ca.crt"));
        for place in ["clients-root-client", "members-orange-certs-server"] {
            let certificate = format!("{ca} {} signed", place.replace('-', "/"));
            let key = folder.join(format!("{place}.key"));
            fs::write(&key, format!("KEY {certificate}")).unwrap();
            set_mode(&key, 0o600);
            fs::write(folder.join(format!("{place}.crt")), certificate).unwrap();
            fs::write(folder.join(format!("{place}.csr")), "request").unwrap();
        }
    },
    spec: "m:orange c:old c:root signed",
};

#[test]
fn an_answered_request_can_be_killed_anywhere() {
    killed_anywhere(&SIGNED);
}

#[test]
fn an_answered_request_can_run_out_of_space_anywhere() {
    fails_anywhere(&SIGNED);
}

#[test]
fn a_first_build_can_be_killed_anywhere() {
    killed_anywhere(&FIRST_BUILD);
}

#[test]
fn a_build_into_folders_that_are_there_can_be_killed_anywhere() {
    killed_anywhere(&FOLDERS_ARE_THERE);
}

#[test]
fn a_change_can_be_killed_anywhere() {
    killed_anywhere(&CHANGE);
}

#[test]
fn a_renewal_can_be_killed_anywhere_and_leaves_what_is_not_ours() {
    killed_anywhere(&RENEWAL);
}

#[test]
fn a_renewal_can_run_out_of_space_anywhere() {
    fails_anywhere(&RENEWAL);
}

#[test]
fn a_first_build_can_run_out_of_space_anywhere() {
    fails_anywhere(&FIRST_BUILD);
}

#[test]
fn a_change_can_run_out_of_space_anywhere() {
    fails_anywhere(&CHANGE);
}

/// After each kill someone adds a file, and replaces another.
#[test]
fn what_others_do_after_a_kill_stays() {
    let (place, mut decided) = (place(), 0);
    let before = place.folder.path().join("before");
    (RENEWAL.before)(&before);
    for at in 1.. {
        let out = start_over(&place, &before);
        let certs = out.join("members/orange/certs");
        let status = child_with_fault(&out, RENEWAL.spec, "die", at).status().unwrap();
        decided += usize::from(places::decided(&out).exists());
        fs::write(certs.join("new"), "after").unwrap();
        fs::rename(certs.join("new"), certs.join("notes.txt")).unwrap();
        fs::write(certs.join("more/more-notes.txt"), "after").unwrap();
        realistic(&out, "m:orange").unwrap();
        assert_sound(&out, "m:orange");
        for name in ["notes.txt", "more/more-notes.txt"] {
            assert_eq!(text(certs.join(name)), "after", "operation {at}");
        }
        if status.success() {
            break;
        }
    }
    assert!(decided > 5, "{decided}: nothing was tested");
}

pub(super) fn killed_anywhere(scenario: &Scenario) {
    let place = place();
    let before = place.folder.path().join("before");
    (scenario.before)(&before);
    for at in 1.. {
        let out = start_over(&place, &before);
        let status = child_with_fault(&out, scenario.spec, "die", at).status().unwrap();
        if status.success() {
            assert!(at > 20, "only {at} operations: nothing was tested");
            break;
        }
        assert_eq!(status.signal(), Some(SIGABRT), "operation {at}");
        assert_keys_are_private(&out);
        assert_in_order(&before, &out);
        assert_nothing_signed_is_lost(&before, &out);
        assert_foreign(&before, &out);
        let copy_of = place.folder.path().join("recovered");
        copy(&out, &copy_of);
        drop(Out::open(&copy_of, &[&beside(&copy_of)], hold(&copy_of)).unwrap());
        assert_recovered(&copy_of);
        assert_foreign(&before, &copy_of);
        remove(&copy_of);
        let visible = fs::read_to_string(out.join("pki/ca.crt")).ok();
        // The build that recovers is killed as well, a little further on each time.
        let again = child_with_fault(&out, scenario.spec, "die", at % 29 + 1).status().unwrap();
        assert!(again.success() || again.signal() == Some(SIGABRT), "operation {at}");
        assert_keys_are_private(&out);
        realistic(&out, scenario.spec).unwrap();
        let ca = assert_sound(&out, scenario.spec);
        assert_foreign(&before, &out);
        assert!(visible.is_none_or(|visible| visible == ca), "operation {at}: another CA");
    }
}

pub(super) fn fails_anywhere(scenario: &Scenario) {
    let place = place();
    let before = place.folder.path().join("before");
    (scenario.before)(&before);
    for (kind, at) in (1..).flat_map(|at| [("full", at), ("fill", at)]) {
        let out = start_over(&place, &before);
        let there = || if fs::exists(&out).unwrap() { contents(&out) } else { BTreeMap::new() };
        let mut known = there();
        let listed = fs::read(beside(&out)).ok();
        let status = child_with_fault(&out, scenario.spec, kind, at).status().unwrap();
        if status.success() {
            assert!(at > 20, "only {at} operations: nothing was tested");
            break;
        }
        assert_keys_are_private(&out);
        assert_nothing_signed_is_lost(&before, &out);
        assert_foreign(&before, &out);
        if status.code() == Some(SURVIVED) {
            assert_sound(&out, scenario.spec);
            continue;
        }
        assert_eq!(status.code(), Some(FAILED), "{kind}:{at}");
        // A folder in which nothing could be written is gone again.
        let mut now = there();
        let decided = places::decided(&out).exists();
        if kind == "full" && !decided {
            now.remove(".gitignore");
            known.remove(".gitignore");
            // Once the files are in place, what remains is to remove stale ones.
            let last = format!("# {}\n", scenario.spec);
            let late = now.get("members/orange/etcd.sh") == Some(&last);
            assert!(late || now == known, "operation {at}: {now:?}");
            assert!(late || fs::read(beside(&out)).ok() == listed, "operation {at}");
        }
        realistic(&out, scenario.spec).unwrap();
        assert_sound(&out, scenario.spec);
    }
}

fn start_over(place: &Place, before: &Path) -> PathBuf {
    let out = place.folder.path().join("out");
    remove(&out);
    copy(before, &out);
    out
}

/// Asserts that what others have put into `out/` is there, and is the same file.
fn assert_foreign(before: &Path, out: &Path) {
    if !before.exists() {
        return;
    }
    let foreign = |path: &str| path.ends_with("notes.txt") || path.ends_with("link");
    let now = state(out);
    for (path, known) in state(before).iter().filter(|(path, _)| foreign(path)) {
        assert!(now.get(path).is_some_and(|now| (now.0, &now.3) == (known.0, &known.3)), "{path}");
    }
}

/// Asserts that a new certificate is in place only where its key is, and only where its CA is.
fn assert_in_order(before: &Path, out: &Path) {
    let files = contents(out);
    let before = if before.exists() { contents(before) } else { BTreeMap::new() };
    for (path, content) in files.iter().filter(|(path, _)| !path.contains(".bouquet-")) {
        if let Some(place) = path.strip_suffix(".crt").filter(|_| before.get(path) != Some(content))
        {
            assert!(files.contains_key("pki/ca.crt"), "{path} without its CA");
            if place.rsplit('/').next() != Some("ca") {
                assert_eq!(files.get(&format!("{place}.key")), Some(&format!("KEY {content}")));
            }
        }
    }
}

/// Asserts that a pair that was signed elsewhere is in one place or the other, whole: it cannot be
/// had again.
fn assert_nothing_signed_is_lost(before: &Path, out: &Path) {
    let signed = |folder: &Path| {
        let files = if folder.exists() { contents(folder) } else { BTreeMap::new() };
        let visible = |path: &str| !path.contains(".bouquet-");
        let pair = |(path, content): (&String, &String)| {
            let place = path.strip_suffix(".crt").filter(|path| visible(path))?;
            let whole = files.get(&format!("{place}.key")) == Some(&format!("KEY {content}"));
            (whole && content.ends_with(" signed")).then(|| content.clone())
        };
        files.iter().filter_map(pair).collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(signed(before), signed(out));
}

/// Asserts what holds as soon as the remains are put right, whatever is built then.
fn assert_recovered(out: &Path) {
    assert_together(out);
    let files = contents(out);
    for (path, content) in &files {
        assert!(!path.contains(".bouquet-") && !content.contains("unfinished"), "left: {path}");
        if let Some(place) = path.strip_suffix(".key") {
            let certificate = files.get(&format!("{place}.crt"));
            if certificate.is_none() && place.starts_with("pki/requests/") {
                // The certificate was removed before the key; the pair is in its place.
                continue;
            }
            assert_eq!(Some(content), certificate.map(|c| format!("KEY {c}")).as_ref(), "{path}");
        }
    }
}

/// Asserts that nobody else can read a key at any moment, nor git take it in, wherever it lies.
fn assert_keys_are_private(out: &Path) {
    if !out.exists() {
        return;
    }
    for (path, (mode, .., content)) in state(out) {
        if content.starts_with(b"KEY") || path.strip_suffix(".key").is_some() {
            assert_eq!(mode & 0o077, 0, "{path}");
            assert_eq!(text(out.join(".gitignore")), "*\n", "{path}");
        }
    }
}
