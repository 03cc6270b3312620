//! A restore that is tried here.

use super::ended::script;
use super::program::Place;
use crate::support::build::example;
use crate::support::releases::releases;
use crate::support::run::{Said, etcd};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Keys with a history, some of which are gone, and a compaction.
const KEYS: &str = "{ echo; for i in $(seq 1 20); do echo \"put k$i a$i\"; done; echo; echo; } | etcdctl txn >/dev/null
for i in 1 2 3; do etcdctl put k1 b$i; done
etcdctl del k2; etcdctl del k3; etcdctl put k3 again; etcdctl compact 4; etcdctl del k4; etcdctl put k5 late";

/// Snapshots of trials, and the programs that they are of.
pub(super) struct Saved {
    place: Place,
    programs: PathBuf,
    pub(super) folder: TempDir,
}

impl Saved {
    pub(super) fn new(place: Place, release: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { place, programs: etcd(release), folder }
    }

    /// Writes by a script in a trial, saves what there is then, and returns the number of keys.
    pub(super) fn save(&self, name: &str, script: &str) -> u64 {
        let file = self.path(name);
        let script = format!(
            "set -e\n{script}\nETCDCTL_ENDPOINTS=${{ETCDCTL_ENDPOINTS%%,*}} etcdctl snapshot save {} >&2\netcdctl get '' --prefix --keys-only | grep -c .",
            file.display()
        );
        let mut command = self.place.try_with(&self.programs, &["--", "sh", "-c", &script]);
        let (said, code) = self.place.ended(command.env("ETCDCTL_API", "3"));
        assert_eq!(code, Some(0), "{}{}", said.stdout, said.stderr);
        let last = said.stdout.lines().last().expect("a count");
        last.parse().expect("a count")
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, name: &str, words: &[&str]) -> Command {
        let mut command = self.place.command(&self.programs);
        command.arg("restore").arg(self.path(name)).arg("--drill").args(words);
        command
    }

    pub(super) fn drill(&self, name: &str, words: &[&str]) -> (Said, Option<i32>) {
        self.place.ended(&mut self.command(name, words))
    }
}

/// A release whose tool is etcdutl: the last of them.
fn with_etcdutl() -> String {
    releases().pop().expect("a release")
}

#[test]
fn what_a_snapshot_has_is_on_every_member_of_a_cluster_that_was_restored_here() {
    for release in releases() {
        let saved = Saved::new(Place::new(), &release);
        let keys = saved.save("a.db", KEYS);
        assert_eq!(keys, 18);
        let (said, code) = saved.drill("a.db", &["--json"]);
        assert_eq!(code, Some(0), "{release}: {}{}", said.stdout, said.stderr);
        let came: Value = serde_json::from_str(&said.stdout).expect("JSON");
        assert_eq!((&came["good"], &came["etcd"]), (&Value::Bool(true), &release.into()), "{came}");
        let members = came["members"].as_array().expect("members");
        assert_eq!(members.len(), 3);
        for member in members {
            assert_eq!(member["keys"].as_u64(), Some(keys), "{came:#}");
            assert_eq!(member["hash"], members[0]["hash"], "{came:#}");
            assert!(member["revision"].as_i64() >= came["revision"].as_i64(), "{came:#}");
        }
    }
}

/// Members that were restored from two snapshots form a cluster where they are given one token, and etcd says nothing.
#[test]
fn members_that_do_not_have_it_are_told() {
    let saved = Saved::new(Place::new(), &with_etcdutl());
    saved.save("a.db", KEYS);
    saved.save("b.db", &format!("{KEYS}\netcdctl put other 1"));
    let (other, tool) = (saved.path("b.db"), saved.programs.join("etcdutl"));
    let wrong = script(
        &saved.place,
        &format!(
            "case \"$*\" in *--name=pink*) shift 3; exec {tool} snapshot restore {other} \"$@\" ;; esac\nexec {tool} \"$@\"",
            tool = tool.display(),
            other = other.display()
        ),
    );
    let folder = tempfile::tempdir().expect("a folder");
    fs::rename(wrong, folder.path().join("etcdutl")).expect("a tool");
    let server = folder.path().join("etcd");
    std::os::unix::fs::symlink(saved.programs.join("etcd"), &server).expect("a link");
    let (said, code) = saved.drill("a.db", &["--etcd", &server.display().to_string()]);
    assert_eq!(code, Some(1), "{}{}", said.stdout, said.stderr);
    for words in [
        "error: the restored cluster is not as it has to be\n",
        "note: pink has 19 keys, and the snapshot 18\n",
        "note: members have different hashes of their keys\n",
    ] {
        assert!(said.stderr.contains(words), "{words}: {}", said.stderr);
    }
    assert!(!said.stdout.contains("it can be restored"), "{}", said.stdout);
}

/// As those of Kubernetes do (`masterleases`), where a database is large or a machine slow.
#[test]
fn keys_that_end_with_leases_meanwhile_are_no_fault() {
    let saved = Saved::new(Place::new(), &with_etcdutl());
    let leased = "lease=$(etcdctl lease grant 5 | cut -d ' ' -f 2)
etcdctl put short 1 --lease=$lease; etcdctl put brief 1 --lease=$lease";
    saved.save("a.db", &format!("{KEYS}\n{leased}"));
    // Two are a quorum, under which leases go on.
    let folder = tempfile::tempdir().expect("a folder");
    let late = script(
        &saved.place,
        &format!(
            "case \"$*\" in *--name=pink*) sleep 15 ;; esac\nexec {} \"$@\"",
            saved.programs.join("etcd").display()
        ),
    );
    let server = folder.path().join("etcd");
    fs::rename(late, &server).expect("an etcd");
    let tool = folder.path().join("etcdutl");
    std::os::unix::fs::symlink(saved.programs.join("etcdutl"), tool).expect("a link");
    let (said, code) = saved.drill("a.db", &["--json", "--etcd", &server.display().to_string()]);
    assert_eq!(code, Some(0), "{}{}", said.stdout, said.stderr);
    let came: Value = serde_json::from_str(&said.stdout).expect("JSON");
    assert_eq!((&came["keys"], &came["leased"]), (&20.into(), &2.into()), "{came:#}");
    let members = came["members"].as_array().expect("members");
    assert!(members.iter().all(|member| member["keys"] == 18), "they ended: {came:#}");
    let note = "note: 2 keys have ended since then, with leases of the snapshot\n";
    assert!(said.stderr.contains(note), "{}", said.stderr);
}

/// What makes a database full of the history of one key.
pub(super) const FULL_OF_HISTORY: &str = "big=$(head -c 100000 /dev/zero | tr '\\0' x)
for i in $(seq 1 60); do etcdctl put big \"$big\" >/dev/null 2>&1 || break; done
etcdctl alarm list | grep NOSPACE >&2";

/// A spec under which that takes not long.
pub(super) fn small() -> String {
    let spec = example("plain").replace("[tls]", "[etcd]\nquota-backend-bytes = 4194304\n\n[tls]");
    assert!(spec.contains("quota"), "{spec}");
    spec
}

/// Space is made as the step of a restore makes it.
#[test]
fn a_snapshot_that_is_full_of_history_can_be_restored_under_its_quota() {
    let saved = Saved::new(Place::of(&small()), &with_etcdutl());
    assert_eq!(saved.save("full.db", FULL_OF_HISTORY), 1);
    let (said, code) = saved.drill("full.db", &[]);
    assert_eq!(code, Some(0), "{}{}", said.stdout, said.stderr);
    assert!(said.stderr.contains("taken under the alarm NOSPACE"), "{}", said.stderr);
}

/// Raises the alarm that data differs, of no member, as etcd does where it cannot tell which one differs.
pub(super) const CORRUPT: &str = "curl --silent --show-error --fail --cacert $ETCDCTL_CACERT --cert $ETCDCTL_CERT --key $ETCDCTL_KEY \
--data '{\"action\": \"ACTIVATE\", \"alarm\": \"CORRUPT\"}' ${ETCDCTL_ENDPOINTS%%,*}/v3/maintenance/alarm >&2
etcdctl alarm list | grep CORRUPT >&2; ! etcdctl put refused 1 >&2";

/// As that of each side is looked into, of members that differ.
#[test]
fn a_snapshot_under_the_alarm_that_data_differs_is_tried_and_the_alarm_switched_off_there() {
    for release in releases() {
        let saved = Saved::new(Place::new(), &release);
        let keys = saved.save("corrupt.db", &format!("{KEYS}\n{CORRUPT}"));
        let (said, code) = saved.drill("corrupt.db", &[]);
        assert_eq!((code, keys), (Some(0), 18), "{release}: {}{}", said.stdout, said.stderr);
        assert!(said.stderr.contains("taken under the alarm CORRUPT"), "{}", said.stderr);
        assert!(said.stderr.contains("note: the throw-away members are asked"), "{}", said.stderr);
    }
}

#[test]
fn what_cannot_be_restored_is_told_before_anything_runs() {
    let saved = Saved::new(Place::new(), &with_etcdutl());
    saved.save("a.db", "etcdctl put a 1");
    let whole = fs::read(saved.path("a.db")).expect("a snapshot");
    let mut flipped = whole.clone();
    flipped[9000] ^= 1;
    fs::write(saved.path("flipped.db"), flipped).expect("a file");
    let (said, code) = saved.drill("flipped.db", &[]);
    assert_eq!(code, Some(1));
    assert!(said.stderr.contains("its checksum does not match"), "{}", said.stderr);

    // There is an etcd, and no tool of its.
    let folder = tempfile::tempdir().expect("a folder");
    let server = folder.path().join("etcd");
    std::os::unix::fs::symlink(saved.programs.join("etcd"), &server).expect("a link");
    let words = ["--etcd", &server.display().to_string()];
    let mut command = saved.command("a.db", &words);
    let (said, code) = saved.place.ended(command.env("PATH", basics(folder.path())));
    assert_eq!(code, Some(1));
    assert!(
        said.stderr.contains("error: there is no `etcdutl` beside the etcd, nor in PATH\n"),
        "{}",
        said.stderr
    );
    // A tool that fails, and says why.
    let fails =
        script(&saved.place, "[ \"$3\" != --help ] || exit 0\necho 'no space left' >&2; exit 3");
    fs::rename(fails, folder.path().join("etcdutl")).expect("a tool");
    let (said, code) = saved.drill("a.db", &words);
    assert_eq!(code, Some(1));
    assert!(said.stderr.contains("cannot be restored: "), "{}", said.stderr);
    assert!(said.stderr.contains("note: no space left\n"), "{}", said.stderr);
}

/// A PATH that has a shell and nothing of etcd's.
fn basics(folder: &Path) -> PathBuf {
    let basics = folder.join("basics");
    fs::create_dir(&basics).expect("a folder");
    for program in ["sh", "rm", "sleep"] {
        std::os::unix::fs::symlink(Path::new("/bin").join(program), basics.join(program))
            .expect("a link");
    }
    basics
}

#[test]
fn a_signal_ends_it_while_it_restores() {
    let saved = Saved::new(Place::new(), &with_etcdutl());
    saved.save("a.db", "etcdctl put a 1");
    let mark = saved.path("mark");
    let hangs =
        format!("[ \"$3\" != --help ] || exit 0\necho >{}; exec sleep 1000", mark.display());
    let hangs = script(&saved.place, &hangs);
    let folder = tempfile::tempdir().expect("a folder");
    fs::rename(hangs, folder.path().join("etcdutl")).expect("a tool");
    let server = folder.path().join("etcd");
    std::os::unix::fs::symlink(saved.programs.join("etcd"), &server).expect("a link");
    let server = server.display().to_string();
    for (signal, code) in [("TERM", Some(143)), ("KILL", None)] {
        let started = saved.place.launched(&mut saved.command("a.db", &["--etcd", &server]));
        let begin = std::time::Instant::now();
        while !mark.exists() {
            assert!(begin.elapsed() < std::time::Duration::from_secs(60), "{}", started.said());
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        fs::remove_file(&mark).expect("a mark");
        started.signal(signal);
        assert_eq!(started.ends().0, code, "{signal}");
        saved.place.soon_nothing_is_left();
    }
}
