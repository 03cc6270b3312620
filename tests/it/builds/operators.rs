//! Three people, each with a clone and an `out/` of their own, and one repository between them.

use crate::support::cluster::{Cluster, SPEC, all};
use crate::support::git::{commit, git};
use crate::support::package::Package;
use crate::support::programs::{shell, verify};
use crate::support::snapshot::files;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Clients have some lines between them, so that git merges what two people add.
fn spec(clients: &[(&str, u32)], more: &str) -> String {
    let client = |(name, generation): &(&str, u32)| {
        format!(
            "\n[[client]]\nname = \"{name}\"\n# For the greenhouse.\ngeneration = {generation}\n# Ends here.\n"
        )
    };
    SPEC.to_owned() + &clients.iter().map(client).collect::<String>() + more
}

struct Team {
    /// The bare repository.
    origin: tempfile::TempDir,
    /// Every key that was in an `out/`, by the digest of its text, with its place.
    keys: BTreeMap<String, String>,
}

impl Team {
    fn clone(&self) -> Cluster {
        let cluster = Cluster::new("");
        fs::remove_file(cluster.path("cluster.toml")).unwrap();
        let place = self.origin.path().display().to_string();
        git(cluster.folder.path(), &["init", "--quiet", "--initial-branch=main"]);
        git(cluster.folder.path(), &["remote", "add", "origin", &place]);
        pull(&cluster);
        cluster
    }

    /// Notes every key that somebody has.
    fn note(&mut self, who: &Cluster) {
        for key in files(&who.path("out"), ".key") {
            let text = fs::read_to_string(&key).unwrap();
            let place = key.strip_prefix(who.folder.path()).unwrap().display().to_string();
            self.keys.insert(text, place);
        }
    }

    /// Holds them to it that each key is still somewhere, but for those that were replaced on purpose.
    fn lost(&self, all: &[&Cluster], good: &dyn Fn(&str) -> bool) -> Vec<String> {
        let there: BTreeSet<String> = all
            .iter()
            .flat_map(|cluster| files(&cluster.path("out"), ".key"))
            .map(|key| fs::read_to_string(key).unwrap())
            .collect();
        let lost = self.keys.iter().filter(|(text, place)| !there.contains(*text) && good(place));
        lost.map(|(_, place)| place.clone()).collect()
    }
}

fn pull(cluster: &Cluster) {
    git(cluster.folder.path(), &["pull", "--quiet", "--no-rebase", "--no-edit", "origin", "main"]);
}

fn push(cluster: &Cluster) {
    commit(cluster.folder.path(), &["cluster.toml", "cluster.lock"]);
    git(cluster.folder.path(), &["push", "--quiet", "origin", "HEAD:main"]);
}

/// Builds, which must succeed and leave the lock and its copy the same; what it says.
fn build(cluster: &Cluster) -> String {
    let output = cluster.process();
    let said = all(&output);
    assert!(output.status.success(), "{said}");
    if cluster.path("out").exists() {
        cluster.lock();
    }
    said
}

/// The serial number of a certificate in place.
fn serial(cluster: &Cluster, place: &str) -> String {
    let script =
        format!("openssl x509 -noout -serial -in out/{place}.crt | cut -d= -f2 | tr A-F a-f");
    shell(&script, cluster.folder.path()).trim().to_owned()
}

/// All of them, by their places.
fn serials(cluster: &Cluster) -> BTreeMap<String, String> {
    let out = cluster.path("out");
    let place = |file: &Path| {
        let below = file.strip_prefix(&out).unwrap().with_extension("");
        below.display().to_string()
    };
    files(&out, ".crt")
        .iter()
        .map(|file| place(file))
        .filter(|place| !place.ends_with("ca"))
        .map(|place| (place.clone(), serial(cluster, &place)))
        .collect()
}

/// The fingerprint of the CA and the ID of the cluster, as the lock has them and as the program does.
fn identity(cluster: &Cluster) -> (String, String) {
    let lock = cluster.read("cluster.lock");
    let find = |name: &str| {
        let line = lock.lines().find(|line| line.starts_with(name)).expect(name);
        line.split('"').nth(1).expect("a text").to_owned()
    };
    assert_eq!(lock.matches("[[identity.authority]]").count(), 1, "{lock}");
    let (sha256, id) = (find("sha256"), find("cluster-id"));
    let module = cluster.read("target/cluster.rs").replace('_', "");
    assert!(module.contains(&id), "the program is another cluster's");
    (sha256, id)
}

/// The program of the cluster, made where there are no secrets.
fn program(of: &Cluster) -> Package {
    let package = Package::new(&of.read("cluster.toml"));
    fs::copy(of.path("cluster.lock"), package.path("cluster.lock")).unwrap();
    assert!(package.build().contains("holds no key"));
    assert!(!package.path("out").exists());
    package
}

/// Hands over all keys, as one person does to another; what the program says.
fn give(from: &Cluster, to: &Cluster) -> String {
    let program = Package::target().join("debug/flowers").display().to_string();
    shell(
        &format!(
            "unset CARGO_MANIFEST_DIR BOUQUET_OUT; cd '{}'; '{program}' secrets export > '{to}/target/stream'; cd '{to}'
             '{program}' secrets import 2>&1 < target/stream; rm target/stream",
            from.folder.path().display(),
            to = to.folder.path().display(),
        ),
        to.folder.path(),
    )
}

/// A repository, and the clone of the one who described the cluster and pushed it.
fn begin(spec: &str) -> (Team, Cluster) {
    let team = Team { origin: tempfile::tempdir().unwrap(), keys: BTreeMap::new() };
    git(team.origin.path(), &["init", "--quiet", "--bare", "--initial-branch=main"]);
    let first = Cluster::new(spec);
    git(first.folder.path(), &["init", "--quiet", "--initial-branch=main"]);
    let origin = team.origin.path().display().to_string();
    git(first.folder.path(), &["remote", "add", "origin", &origin]);
    build(&first);
    push(&first);
    (team, first)
}

#[test]
fn three_people_share_one_cluster_by_git() {
    let (mut team, first) = begin(&spec(&[("birch", 1), ("maple", 1), ("willow", 1)], ""));
    team.note(&first);
    let (second, third) = (team.clone(), team.clone());
    // The second gets the secrets, the third has none.
    let _program = program(&first);
    give(&first, &second);
    assert!(!build(&second).contains("reissued"));
    assert_eq!(serials(&first), serials(&second));
    assert!(build(&third).contains("holds no key"));
    assert!(!third.path("out").exists());
    let one = identity(&first);
    assert_eq!([identity(&second), identity(&third)], [one.clone(), one.clone()]);

    issue(&mut team, [&first, &second, &third]);
    for cluster in [&first, &second, &third] {
        assert_eq!(identity(cluster), one);
    }
    revoke([&first, &second, &third]);
    lose(&first, &second);
    for cluster in [&first, &second, &third] {
        assert_eq!(identity(cluster), one);
    }
    let is_good = |place: &str| !place.contains("alder");
    assert_eq!(team.lost(&[&first, &second], &is_good), Vec::<String>::new());
}

/// Two people issue at once, and hand over what the other one needs.
fn issue(team: &mut Team, [first, second, third]: [&Cluster; 3]) {
    // Both issue, for two clients.
    let before = serials(first);
    first.write(spec(&[("alder", 1), ("birch", 1), ("maple", 1), ("willow", 1)], ""));
    build(first);
    push(first);
    second.write(spec(&[("birch", 1), ("maple", 1), ("willow", 1), ("yew", 1)], ""));
    build(second);
    team.note(first);
    team.note(second);
    commit(second.folder.path(), &["cluster.toml", "cluster.lock"]);
    pull(second);
    // The first one's client is not here, and this one can issue: another certificate for it.
    let said = build(second);
    assert!(!said.contains("members/"), "{said}");
    push(second);
    pull(first);
    let said = build(first);
    assert!(said.contains("is older than cluster.lock: of `clients/alder/client`"), "{said}");
    push(first);
    let mine = serials(first);
    for (place, serial) in &before {
        assert_eq!(mine.get(place), Some(serial), "{place} was reissued");
        assert_eq!(serials(second).get(place), Some(serial), "{place} was reissued");
    }
    team.note(first);
    team.note(second);
    pull(third);
    build(third);
    assert_eq!(team.lost(&[first, second], &|_| true), Vec::<String>::new());

    // Each hands over what is later by the lock of what both issued.
    give(second, first);
    pull(second);
    give(first, second);
    // The earlier ones are replaced on purpose.
    team.keys.clear();
    team.note(first);
    team.note(second);
    let said = build(first);
    assert!(!said.contains("is older than") && !said.contains("reissued"), "{said}");
    build(second);
    assert_eq!(serials(first), serials(second));
}

/// One revokes by name what both have issued.
fn revoke([first, second, third]: [&Cluster; 3]) {
    // The first revokes by name what both of them issued for `alder`.
    let issued: Vec<String> = first
        .lock()
        .lines()
        .filter(|line| line.contains("owner = \"alder\""))
        .map(|line| {
            line.split("serial = \"").nth(1).unwrap().split('"').next().unwrap().to_uppercase()
        })
        .collect();
    assert_eq!(issued.len(), 2, "{issued:?}");
    let today = shell("date -u +%F", first.folder.path());
    let revoked = format!(
        "\n[ca]\ncrl = true\n\n[[revoked]]\nname = \"alder\"\ndate = \"{}\"\n",
        today.trim()
    );
    let all_clients = [("alder", 2), ("birch", 1), ("maple", 1), ("willow", 1), ("yew", 1)];
    first.write(spec(&all_clients, &revoked));
    build(first);
    push(first);
    let list = shell(
        "openssl crl -inform DER -in out/members/pink/certs/revoked.crl -noout -text",
        first.folder.path(),
    );
    for serial in &issued {
        assert!(list.contains(serial.as_str()), "{serial} is not on the list: {list}");
    }
    assert!(!list.contains(&serial(first, "clients/alder/client").to_uppercase()));
    // So does everybody's program, and the second one's list.
    pull(second);
    pull(third);
    give(first, second);
    let said = build(second);
    assert!(!said.contains("reissued"), "{said}");
    build(third);
    let theirs = shell(
        "openssl crl -inform DER -in out/members/pink/certs/revoked.crl -noout -text",
        second.folder.path(),
    );
    for serial in &issued {
        assert!(theirs.contains(serial.as_str()), "{serial} is not on the second one's list");
    }
    push(second);
    pull(first);
    build(first);
}

/// One loses `out/`, and the other the lock, and goes back in git and forth.
fn lose(first: &Cluster, second: &Cluster) {
    // The second loses `out/`, and gets it back from the first.
    let kept = serials(first);
    shell("rm -rf out", second.folder.path());
    assert!(build(second).contains("holds no key"));
    give(first, second);
    let said = build(second);
    assert!(!said.contains("reissued") && !said.contains("made a certificate authority"), "{said}");
    assert_eq!(serials(second), kept);
    verify(&second.path("out"));

    // The first loses the lock; and goes back in git, and forth.
    fs::remove_file(first.path("cluster.lock")).unwrap();
    assert!(build(first).contains("cluster.lock` was gone: put back"));
    assert_eq!(git(first.folder.path(), &["status", "--porcelain", "cluster.lock"]), "");
    git(
        first.folder.path(),
        &["checkout", "--quiet", "HEAD~4", "--", "cluster.lock", "cluster.toml"],
    );
    let said = build(first);
    assert!(said.contains("cluster.lock` lacked"), "{said}");
    git(
        first.folder.path(),
        &["checkout", "--quiet", "HEAD", "--", "cluster.lock", "cluster.toml"],
    );
    build(first);
    for (place, serial) in &kept {
        assert_eq!(serials(first).get(place), Some(serial), "{place} was reissued");
    }
}

/// Renewals of two people meet in one line after another: git cannot merge them, and people can.
#[test]
fn what_two_people_renewed_is_kept_by_hand() {
    let (team, first) = begin(&spec(&[], ""));
    let second = team.clone();
    let _program = program(&first);
    give(&first, &second);
    build(&second);
    let later = |cluster: &Cluster| {
        let output = Command::new("faketime")
            .args(["-f", "+350d"])
            .arg(crate::support::programs::compile_step())
            .args(["cluster.toml", "out"])
            .current_dir(cluster.folder.path())
            .env("OUT_DIR", cluster.path("target"))
            .output()
            .expect("this test needs the command faketime: install it");
        assert!(output.status.success(), "{}", all(&output));
        all(&output)
    };
    assert!(later(&first).contains("reissued"));
    assert!(later(&second).contains("reissued"));
    push(&first);
    commit(second.folder.path(), &["cluster.toml", "cluster.lock"]);
    git(second.folder.path(), &["fetch", "--quiet", "origin", "main"]);
    let merge = shell(
        "git -c user.name=Flora -c user.email=f@example.org merge FETCH_HEAD 2>&1 || true",
        second.folder.path(),
    );
    assert!(merge.contains("CONFLICT"), "{merge}");
    let output = second.process();
    assert!(
        !output.status.success() && all(&output).contains("conflict markers"),
        "{}",
        all(&output)
    );
    shell("sed -i -E '/^(<<<<<<<|=======|>>>>>>>)/d' cluster.lock", second.folder.path());
    let kept = serials(&second);
    let said = later(&second);
    assert!(!said.contains("reissued /") && !said.contains("reissued out"), "{said}");
    assert_eq!(serials(&second), kept);
    assert_eq!(second.lock().matches("owner = \"root\"").count(), 3, "{}", second.lock());
    assert_eq!(identity(&second), identity(&first));
}
