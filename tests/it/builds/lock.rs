//! `cluster.lock` in every state in which a build may find it.

use crate::support::cluster::{Cluster, SPEC, all};
use crate::support::git::{commit, git};
use crate::support::programs::{compile_step, shell};
use crate::support::snapshot::{difference, snapshot};
use std::fs;

/// The spec with one more client, whose name is the last.
fn with(client: &str) -> String {
    format!("{SPEC}\n[[client]]\nname = \"{client}\"\n")
}

/// The first line of the lock that holds this.
fn line<'a>(lock: &'a str, what: &str) -> &'a str {
    lock.lines().find(|line| line.contains(what)).unwrap_or_else(|| panic!("no {what} in {lock}"))
}

/// The text between two others.
pub(super) fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("no {from} in {text}"));
    rest.split_once(to).unwrap_or_else(|| panic!("no {to} in {text}")).0
}

#[test]
fn a_client_that_is_added_is_one_line_of_the_lock() {
    let cluster = Cluster::built(SPEC);
    let folder = cluster.folder.path();
    commit(folder, &["cluster.toml", "cluster.lock"]);
    cluster.write(with("zinnia"));
    cluster.succeeds();
    let lock = cluster.lock();
    let changed = git(folder, &["diff", "--unified=0", "--", "cluster.lock"]);
    let changed: Vec<&str> = changed
        .lines()
        .filter(|line| {
            line.starts_with(['+', '-']) && !line.starts_with("+++") && !line.starts_with("---")
        })
        .collect();
    assert_eq!(changed, [format!("+{}", line(&lock, "owner = \"zinnia\""))]);

    cluster.write(SPEC);
    cluster.succeeds();
    let removed = line(&cluster.lock(), "owner = \"zinnia\"").to_owned();
    assert!(removed.contains("removed = true"), "{removed}");
    cluster.write(with("zinnia"));
    cluster.succeeds();
    assert_eq!(cluster.lock(), lock, "it is as it was, since its key was still there");
}

#[test]
fn a_lock_of_which_nothing_changes_is_not_touched() {
    let cluster = Cluster::built(SPEC);
    let before = snapshot(cluster.folder.path());
    cluster.succeeds();
    cluster.write(SPEC);
    fs::remove_file(cluster.path("out/members/pink/etcd.sh")).unwrap();
    cluster.succeeds();
    let lock = cluster.path("cluster.lock");
    assert!(!difference(&before, &snapshot(cluster.folder.path())).contains(&lock));
}

#[test]
fn a_lock_that_ends_too_early_is_told_as_that_wherever_it_ends() {
    let cluster = Cluster::built(SPEC);
    let lock = cluster.lock();
    let ends = lock.match_indices('\n').map(|(at, _)| at + 1).filter(|end| *end < lock.len());
    for end in ends.chain([0]) {
        fs::write(cluster.path("cluster.lock"), &lock[..end]).unwrap();
        let said = cluster.fails();
        assert!(said.contains("cluster.lock:") && said.contains("is cut off"), "{end}: {said}");
        assert!(
            said.contains(" checkout cluster.lock` ") && said.contains("is damaged too: `cp "),
            "{end}: {said}"
        );
    }
    let line = line(&lock, "owner = \"root\"");
    let at = lock.find(line).expect("the line");
    for end in at..at + line.len() {
        fs::write(cluster.path("cluster.lock"), &lock[..end]).unwrap();
        assert!(cluster.fails().contains("is cut off"), "{}", &lock[..end]);
    }
    // The help is right.
    let said = cluster.fails();
    let copy = between(&said, "is damaged too: `", "`");
    shell(copy, cluster.folder.path());
    assert_eq!(cluster.succeeds(), "");
    assert_eq!(cluster.lock(), lock);
}

#[test]
fn a_lock_that_is_gone_is_put_back_and_said_once() {
    let cluster = Cluster::built(SPEC);
    let lock = cluster.lock();
    fs::remove_file(cluster.path("cluster.lock")).unwrap();
    let said = cluster.succeeds();
    assert!(said.contains("cluster.lock` was gone: put back from "), "{said}");
    assert!(said.contains("commit it"), "{said}");
    assert_eq!(cluster.lock(), lock);
    assert_eq!(cluster.succeeds(), "");
}

#[test]
fn a_lock_that_is_gone_with_its_copy_is_begun_again_from_what_is_in_place() {
    let cluster = Cluster::built(SPEC);
    let lock = cluster.lock();
    let before = snapshot(&cluster.path("out"));
    for file in ["cluster.lock", "out/pki/cluster.lock"] {
        fs::remove_file(cluster.path(file)).unwrap();
    }
    let said = cluster.succeeds();
    assert!(said.contains("cluster.lock` was not there: begun again on"), "{said}");
    assert!(said.contains("what runs, and the IDs of its members, are unknown now"), "{said}");
    assert!(said.contains("take it from there first: `git -C /"), "{said}");
    assert_eq!(cluster.lock(), lock, "all that it told is in the certificates");
    let changed = difference(&before, &snapshot(&cluster.path("out")));
    assert!(changed.iter().all(|path| !path.to_string_lossy().contains("certs/")), "{changed:?}");
    assert_eq!(cluster.succeeds(), "");
}

/// Without certificates nothing but the list of files tells that there was one.
#[test]
fn a_lock_that_is_gone_with_its_copy_is_missed_without_tls_too() {
    let cluster = Cluster::built(format!("{SPEC}\n[tls]\nenabled = false\n"));
    cluster.record();
    for file in ["cluster.lock", "out/pki/cluster.lock"] {
        fs::remove_file(cluster.path(file)).unwrap();
    }
    let said = cluster.succeeds();
    assert!(said.contains("cluster.lock` was not there: begun again on"), "{said}");
    assert!(said.contains("are unknown now") && !said.contains("from the certificates"), "{said}");
    assert!(!said.contains("[[revoked]]"), "{said}");
}

/// The lock is gone, and what is in its place in `out/` is in no git.
#[test]
fn a_copy_that_is_damaged_is_not_to_be_checked_out() {
    let cluster = Cluster::built(SPEC);
    fs::remove_file(cluster.path("cluster.lock")).unwrap();
    fs::write(cluster.path("out/pki/cluster.lock"), "version = 1\n").unwrap();
    let said = cluster.fails();
    assert!(
        said.contains("which is gone: `git -C /")
            && said.contains("checkout cluster.lock`, then build"),
        "{said}"
    );
    assert!(!said.contains("brings back the committed one"), "{said}");
}

/// Each is what somebody may do with an editor, of a certificate that is in `out/`.
#[test]
fn a_line_that_was_edited_is_refused() {
    let cluster = Cluster::built(SPEC);
    let lock = cluster.lock();
    let root = line(&lock, "owner = \"root\"");
    let field = |name: &str| {
        let value = root.split_once(&format!(" {name} = ")).expect(name).1;
        value.split([',', ' ']).next().expect("a value").to_owned()
    };
    let (serial, sha256) = (field("serial"), field("sha256"));
    let flipped = |text: &str| match text.as_bytes().get(5) {
        Some(b'0') => format!("{}1{}", &text[..5], &text[6..]),
        _ => format!("{}0{}", &text[..5], &text[6..]),
    };
    let edits = [
        ("owner", "\"root\"".to_owned(), "\"rose\"".to_owned()),
        ("generation", "1".to_owned(), "2".to_owned()),
        ("common-name", "\"root\"".to_owned(), "\"boot\"".to_owned()),
        ("serial", serial.clone(), flipped(&serial)),
        ("sha256", sha256.clone(), flipped(&sha256)),
        ("not-before", field("not-before"), "2026-01-01T00:00:00Z".to_owned()),
        ("not-after", field("not-after"), "2099-01-01T00:00:00Z".to_owned()),
    ];
    for (name, old, new) in edits {
        for with_copy in [true, false] {
            let edited = root.replace(&format!(" {name} = {old}"), &format!(" {name} = {new}"));
            assert_ne!(edited, root, "{name}");
            fs::write(cluster.path("cluster.lock"), lock.replace(root, &edited)).unwrap();
            let copy = if with_copy { lock.clone() } else { cluster.read("cluster.lock") };
            fs::write(cluster.path("out/pki/cluster.lock"), copy).unwrap();
            if name == "generation" && !with_copy {
                // Nothing else tells of it.
                continue;
            }
            let said = cluster.fails();
            assert!(said.contains("was edited"), "{name} {with_copy}: {said}");
            assert!(said.contains(" checkout cluster.lock`"), "{name} {with_copy}: {said}");
        }
    }
    let member = line(&lock, "owner = \"pink\"");
    let edited = member.replace("10.0.0.1", "10.0.0.9");
    fs::write(cluster.path("cluster.lock"), lock.replace(member, &edited)).unwrap();
    let said = cluster.fails();
    assert!(said.contains("was edited"), "{said}");
}

#[test]
fn a_lock_with_the_line_ends_of_windows_is_the_same() {
    let cluster = Cluster::built(format!("{SPEC}\n[ca]\ntrust = [1, 2]\nissue = 1\n"));
    let crlf = cluster.lock().replace('\n', "\r\n");
    fs::write(cluster.path("cluster.lock"), &crlf).unwrap();
    assert!(!cluster.succeeds().contains("cluster.lock"));
    assert_eq!(cluster.lock(), crlf);
    let before = snapshot(cluster.folder.path());
    cluster.succeeds();
    assert!(difference(&before, &snapshot(cluster.folder.path())).is_empty());
    // One CA is trusted no more, so that its certificate comes from the lock alone.
    let retired = Cluster::built(format!("{SPEC}\n[ca]\ntrust = [1, 2]\nissue = 1\n"));
    retired.write(SPEC);
    retired.succeeds();
    let crlf = retired.lock().replace('\n', "\r\n");
    fs::write(retired.path("cluster.lock"), &crlf).unwrap();
    retired.succeeds();
    assert_eq!(retired.lock(), crlf);
    retired.write(with("zinnia"));
    retired.succeeds();
    assert!(!retired.lock().contains('\r'));
}

#[test]
fn a_lock_of_a_later_version_is_left_alone() {
    let cluster = Cluster::built(SPEC);
    let newer = cluster.lock().replace("version = 1", "version = 2\nidentity-of-tomorrow = true");
    fs::write(cluster.path("cluster.lock"), &newer).unwrap();
    let said = cluster.fails();
    assert!(said.contains("was written by a later version of Bouquet"), "{said}");
    assert_eq!(cluster.read("cluster.lock"), newer);
}

#[test]
fn a_lock_of_another_cluster_is_refused_and_its_copy_tells_nothing() {
    let (cluster, other) = (Cluster::built(SPEC), Cluster::built(SPEC));
    let lock = cluster.lock();
    fs::copy(other.path("cluster.lock"), cluster.path("cluster.lock")).unwrap();
    let said = cluster.fails();
    assert!(said.contains("is another CA than CA 1 of cluster.lock"), "{said}");

    fs::write(cluster.path("cluster.lock"), &lock).unwrap();
    fs::copy(other.path("cluster.lock"), cluster.path("out/pki/cluster.lock")).unwrap();
    assert_eq!(cluster.succeeds(), "");
    assert_eq!(cluster.lock(), lock);
}

#[test]
fn a_lock_that_is_no_file_is_told_as_what_it_is() {
    let cluster = Cluster::built(SPEC);
    let lock = cluster.lock();
    for (make, told) in [
        ("mkdir cluster.lock", "a folder is in its place"),
        ("mkfifo cluster.lock", "it is not a regular file"),
        ("ln -s out/pki/cluster.lock cluster.lock", "it is a symbolic link"),
        ("ln -s nowhere cluster.lock", "it is a symbolic link"),
        ("truncate -s 70M cluster.lock", "it is far larger than such a file can be"),
        ("printf '\\377\\376' > cluster.lock", "it is not text in UTF-8"),
    ] {
        shell(&format!("rm -rf cluster.lock; {make}"), cluster.folder.path());
        let said = cluster.fails();
        assert!(said.contains("cluster.lock") && said.contains(told), "{make}: {said}");
        let output = cluster.command().env("BOUQUET_WRITE", "0").output().unwrap();
        assert!(!output.status.success(), "{make}");
    }
    shell("rm cluster.lock", cluster.folder.path());
    cluster.succeeds();
    assert_eq!(cluster.lock(), lock);
}

/// What a build says was put back is there.
#[test]
fn a_build_that_fails_does_not_say_that_it_put_a_lock_back() {
    let cluster = Cluster::built(SPEC);
    let older = cluster.lock();
    cluster.record();
    let newer = cluster.lock();
    cluster.write(SPEC.replace("/data/etcd", "/srv/etcd"));
    fs::write(cluster.path("cluster.lock"), &older).unwrap();
    let said = cluster.fails();
    assert!(said.contains("has no record of the member `camellia`, and "), "{said}");
    assert!(said.contains("which counts, and so of 3 more"), "{said}");
    assert!(said.contains("a build that writes puts it back"), "{said}");
    assert!(!said.contains("put back"), "{said}");
    assert_eq!(cluster.read("cluster.lock"), older);

    fs::remove_file(cluster.path("cluster.lock")).unwrap();
    let said = cluster.fails();
    assert!(said.contains("cluster.lock` is gone, and `"), "{said}");
    assert!(!said.contains("put back"), "{said}");
    cluster.write(with("zinnia"));
    cluster.succeeds();
    let lines: Vec<String> = cluster.lock().lines().map(str::to_owned).collect();
    let lacking: Vec<_> = lines.iter().filter(|line| !line.contains("zinnia")).cloned().collect();
    fs::write(cluster.path("cluster.lock"), lacking.join("\n") + "\n").unwrap();
    cluster.write(with("zinnia").replace("/data/etcd", "/srv/etcd"));
    let said = cluster.fails();
    assert!(said.contains("lacks a certificate of `") && !said.contains("put back"), "{said}");
    // It is said once it is done, and not where the lock may not change.
    cluster.write(SPEC);
    fs::write(cluster.path("cluster.lock"), &newer).unwrap();
    let locked = bouquet_build::Asked { locked: true, ..bouquet_build::Asked::default() };
    let built = cluster.build_as(locked, std::time::SystemTime::now());
    let said = crate::support::cluster::said(&built);
    assert!(built.report.is_some() && said.contains("lacks a certificate of `"), "{said}");
    assert_eq!(cluster.read("cluster.lock"), newer);
    assert!(cluster.succeeds().contains("lacked a certificate: put back on"));
}

/// A workspace of several clusters in one repository, and a shell in any folder.
#[test]
fn a_command_of_git_is_right_where_it_is_typed() {
    let cluster = Cluster::built(SPEC);
    let folder = cluster.folder.path();
    commit(folder, &["cluster.toml", "cluster.lock"]);
    let lock = cluster.lock();
    let damage = || fs::write(cluster.path("cluster.lock"), &lock[..40]).unwrap();
    damage();
    let from_elsewhere = said_by(&cluster, "/");
    let typed =
        format!("git -C {} checkout cluster.lock", folder.canonicalize().unwrap().display());
    assert!(from_elsewhere.contains(&format!("`{typed}` brings back")), "{from_elsewhere}");
    shell(&typed, std::path::Path::new("/"));
    assert_eq!(cluster.read("cluster.lock"), lock);

    damage();
    let from_here = said_by(&cluster, &folder.display().to_string());
    assert!(from_here.contains("`git checkout cluster.lock` brings back"), "{from_here}");
    assert!(from_here.contains("`cp out/pki/cluster.lock cluster.lock`"), "{from_here}");
    // A package that is not the root of its repository is built from there as well.
    fs::rename(cluster.path(".git"), folder.join("target/.git")).unwrap();
    let below = said_by(&cluster, &folder.display().to_string());
    assert!(below.contains("`git -C /"), "{below}");
}

/// What a build says that was called in a folder, as cargo is.
fn said_by(cluster: &Cluster, folder: &str) -> String {
    let script = "cd \"$1\" && (cd \"$2\" && exec \"$3\" cluster.toml out); true";
    let mut sh = std::process::Command::new("sh");
    sh.args(["-c", script, "sh", folder]).arg(cluster.folder.path()).arg(compile_step());
    let output = sh.env("OUT_DIR", cluster.path("target")).output().unwrap();
    all(&output)
}

/// Its last build had it as running: nobody knows any more under which IDs.
#[test]
fn a_cluster_that_runs_is_not_founded_again_where_its_lock_is_gone_with_the_copy() {
    let fourth = "\n[[member]]\nname = \"tulip\"\nip = \"10.0.0.4\"\n";
    let cluster = Cluster::built(SPEC);
    cluster.record();
    cluster.write(format!("{SPEC}{fourth}"));
    cluster.succeeds();
    cluster.record();
    cluster.succeeds();
    let lock = cluster.lock();
    let states = |wanted: &str| {
        for member in ["pink", "tulip"] {
            let env = cluster.read(&format!("out/members/{member}/etcd.env"));
            assert!(env.contains(&format!("ETCD_INITIAL_CLUSTER_STATE={wanted}")), "{env}");
        }
    };
    states("existing");
    for file in ["cluster.lock", "out/pki/cluster.lock"] {
        fs::remove_file(cluster.path(file)).unwrap();
    }
    let said = cluster.fails();
    assert!(said.contains("cluster.lock` is gone, and so is its copy"), "{said}");
    assert!(said.contains("had `pink` as a member that runs"), "{said}");
    assert!(said.contains(" checkout cluster.lock`"), "{said}");
    assert!(!cluster.path("cluster.lock").exists());
    let unwritten = bouquet_build::Asked { write: Some(false), ..bouquet_build::Asked::default() };
    let built = cluster.build_as(unwritten, std::time::SystemTime::now());
    assert!(built.report.is_none(), "it is compiled as a new one");

    // The way without git.
    let joins =
        |spec: &str| spec.replacen("[cluster]", "[cluster]\nstate = \"existing\"", 1) + fourth;
    cluster.write(joins(SPEC));
    let said = cluster.succeeds();
    assert!(said.contains("begun again on"), "{said}");
    states("existing");
    assert!(!cluster.lock().contains("cluster-id"), "{}", cluster.lock());
    cluster.record();
    cluster.write(format!("{SPEC}{fourth}"));
    cluster.succeeds();
    states("existing");

    // The way with git.
    for file in ["cluster.lock", "out/pki/cluster.lock"] {
        fs::remove_file(cluster.path(file)).unwrap();
    }
    cluster.fails();
    fs::write(cluster.path("cluster.lock"), &lock).unwrap();
    cluster.succeeds();
    states("existing");
    let ids = |lock: &str| {
        lock.lines().filter(|line| line.contains("-id = ")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(ids(&cluster.lock()), ids(&lock));
}
