//! `cluster.lock` in git: merged, gone back to, pulled.

use crate::support::cluster::{Cluster, SPEC};
use crate::support::git::{commit, git, merges};
use crate::support::programs::{shell, verify};
use std::fs;

/// Several clients, between whose names others have room.
fn spec(clients: &[&str]) -> String {
    let client = |name: &&str| format!("\n[[client]]\nname = \"{name}\"\n# It blooms.\n\n");
    SPEC.to_owned() + &clients.iter().map(client).collect::<String>()
}

/// Commits what a package has in git.
fn save(cluster: &Cluster) {
    commit(cluster.folder.path(), &["cluster.toml", "cluster.lock"]);
}

/// Every file of a certificate, with its text.
fn certificates(cluster: &Cluster) -> Vec<(String, String)> {
    let out = cluster.path("out");
    let files = crate::support::snapshot::files(&out, ".crt");
    files
        .iter()
        .map(|file| (file.display().to_string(), fs::read_to_string(file).unwrap()))
        .collect()
}

#[test]
fn two_branches_that_each_add_a_client_merge_and_keep_every_certificate() {
    let cluster = Cluster::built(spec(&["beech", "maple", "willow"]));
    let folder = cluster.folder.path();
    save(&cluster);
    git(folder, &["checkout", "--quiet", "-b", "side"]);
    cluster.write(spec(&["alder", "beech", "maple", "willow"]));
    cluster.succeeds();
    save(&cluster);
    // Another machine: what was issued there is not here.
    let moved = cluster.path("out/clients/alder");
    git(folder, &["checkout", "--quiet", "-"]);
    fs::rename(&moved, cluster.path("target/alder")).unwrap();
    fs::copy(cluster.path("cluster.lock"), cluster.path("out/pki/cluster.lock")).unwrap();
    cluster.write(spec(&["beech", "maple", "willow", "yew"]));
    cluster.succeeds();
    save(&cluster);
    let kept = certificates(&cluster);

    assert!(merges(folder, "side"), "{}", git(folder, &["diff"]));
    let merged = cluster.read("cluster.lock");
    assert!(merged.contains("\"alder\"") && merged.contains("\"yew\""), "{merged}");
    // The side with the key of one of them.
    fs::create_dir_all(cluster.path("out/clients")).unwrap();
    fs::rename(cluster.path("target/alder"), &moved).unwrap();
    assert_eq!(cluster.succeeds(), "");
    assert_eq!(cluster.lock(), merged);
    for (file, text) in kept {
        assert_eq!(fs::read_to_string(&file).unwrap(), text, "{file}");
    }
    verify(&cluster.path("out"));
}

#[test]
fn a_merge_that_conflicts_is_told_and_both_sides_are_kept_by_hand() {
    let cluster = Cluster::built(spec(&["maple"]));
    let folder = cluster.folder.path();
    save(&cluster);
    git(folder, &["checkout", "--quiet", "-b", "side"]);
    cluster.write(spec(&["maple", "yarrow"]));
    cluster.succeeds();
    save(&cluster);
    git(folder, &["checkout", "--quiet", "-"]);
    cluster.succeeds();
    cluster.write(spec(&["maple", "yew"]));
    cluster.succeeds();
    // What git has of the other branch is not here.
    let lock = cluster.lock();
    let lock: String = lock.split_inclusive('\n').filter(|line| !line.contains("yarrow")).collect();
    fs::write(cluster.path("cluster.lock"), lock).unwrap();
    save(&cluster);
    assert!(!merges(folder, "side"));
    git(folder, &["checkout", "--quiet", "--ours", "cluster.toml"]);
    cluster.write(spec(&["maple", "yarrow", "yew"]));
    let conflicted = cluster.read("cluster.lock");
    let at = conflicted.lines().position(|line| line.starts_with("<<<<<<<")).expect("markers") + 1;

    let said = cluster.fails();
    assert!(said.contains("cluster.lock` holds the conflict markers"), "{said}");
    assert!(said.contains(&format!("cluster.lock:{at}\n")), "{said}");
    assert!(said.contains("keep every line of `certificates` and of"), "{said}");
    let markers = ["<<<<<<<", "=======", ">>>>>>>"];
    let is_marker = |line: &&str| markers.iter().any(|marker| line.starts_with(marker));
    let by_hand: String =
        conflicted.split_inclusive('\n').filter(|line| !is_marker(line)).collect();
    fs::write(cluster.path("cluster.lock"), &by_hand).unwrap();
    let kept = certificates(&cluster);
    let said = cluster.succeeds();
    assert_eq!(said, "");
    for (file, text) in kept {
        assert_eq!(fs::read_to_string(&file).unwrap(), text, "{file}");
    }
    for name in ["yarrow", "yew"] {
        assert_eq!(cluster.lock().matches(&format!("owner = \"{name}\"")).count(), 1);
    }
}

/// Of a cluster that nobody has started yet, so that its ID is another on each side.
#[test]
fn members_that_two_people_added_are_kept_by_what_the_build_says() {
    let with = |names: &[(&str, u8)]| {
        let member = |(name, last): &(&str, u8)| {
            format!("\n[[member]]\nname = \"{name}\"\nip = \"10.0.0.{last}\"\n# It blooms.\n")
        };
        SPEC.to_owned() + &names.iter().map(member).collect::<String>()
    };
    let cluster = Cluster::built(SPEC);
    let folder = cluster.folder.path();
    save(&cluster);
    git(folder, &["checkout", "--quiet", "-b", "side"]);
    cluster.write(with(&[("rose", 31)]));
    cluster.succeeds();
    save(&cluster);
    git(folder, &["checkout", "--quiet", "-"]);
    shell("mv out/members/rose target; cp cluster.lock out/pki", folder);
    cluster.write(with(&[("sage", 32)]));
    cluster.succeeds();
    save(&cluster);
    shell("mv target/rose out/members", folder);
    let kept = certificates(&cluster);
    assert!(!merges(folder, "side"));
    cluster.write(with(&[("rose", 31), ("sage", 32)]));

    let said = cluster.fails();
    let says = "keep every line of `certificates` and of `[identity.members]` of both sides";
    assert!(said.contains(says), "{said}");
    assert!(said.contains("of a `cluster-id` or an ID of a member that is there twice"), "{said}");
    let mut has_id = false;
    let by_hand: String = cluster
        .read("cluster.lock")
        .split_inclusive('\n')
        .filter(|line| !["<<<<<<<", "=======", ">>>>>>>"].iter().any(|m| line.starts_with(m)))
        .filter(|line| !line.starts_with("cluster-id") || !std::mem::replace(&mut has_id, true))
        .collect();
    fs::write(cluster.path("cluster.lock"), &by_hand).unwrap();
    let said = cluster.succeeds();
    assert!(!said.contains("reissued"), "{said}");
    for (file, text) in kept {
        let now = fs::read_to_string(&file).unwrap();
        assert!(now == text || file.ends_with("ca.crt"), "{file}");
    }
    let lock = cluster.lock();
    for name in ["rose", "sage"] {
        assert_eq!(lock.matches(&format!("\n{name} = ")).count(), 1, "{lock}");
        assert_eq!(lock.matches(&format!("owner = \"{name}\"")).count(), 2, "{lock}");
    }
}

#[test]
fn of_two_cas_that_two_people_made_one_is_taken_with_its_whole_file() {
    let (ours, theirs) = (Cluster::built(SPEC), Cluster::built(SPEC));
    let folder = ours.folder.path();
    commit(folder, &["cluster.toml"]);
    git(folder, &["checkout", "--quiet", "-b", "side"]);
    let own = ours.lock();
    fs::write(ours.path("cluster.lock"), theirs.lock()).expect("their lock");
    save(&ours);
    git(folder, &["checkout", "--quiet", "-"]);
    fs::write(ours.path("cluster.lock"), &own).expect("our lock");
    save(&ours);
    assert!(!merges(folder, "side"));
    let said = ours.fails();
    assert!(said.contains("take the whole file of the cluster that the members run"), "{said}");
    let take = said.split('`').find(|word| word.contains("checkout --ours "));
    let take = take.expect("a line to type").to_owned();

    // Both are kept, as if both sides said the same: no lock comes of that. The conflict comes back.
    let conflicted = ours.read("cluster.lock");
    let markers = ["<<<<<<<", "=======", ">>>>>>>"];
    let is_marker = |line: &&str| markers.iter().any(|marker| line.starts_with(marker));
    let mixed: String = conflicted.split_inclusive('\n').filter(|line| !is_marker(line)).collect();
    fs::write(ours.path("cluster.lock"), mixed).expect("a mixed lock");
    let said = ours.fails();
    let line = said.split('`').find(|word| word.contains("checkout --merge "));
    shell(line.expect("a line to type"), folder);
    assert!(ours.fails().contains("holds the conflict markers"));

    shell(&take, folder);
    assert_eq!(ours.succeeds(), "");
    assert_eq!(ours.lock(), own);
}

#[test]
fn a_committed_lock_of_another_cluster_gives_way_to_that_of_out() {
    let (ours, theirs) = (Cluster::built(SPEC), Cluster::built(SPEC));
    let own = ours.lock();
    fs::write(ours.path("cluster.lock"), theirs.lock()).expect("their lock");
    save(&ours);
    let said = ours.fails();
    assert!(!said.contains("members and clients trust"), "nobody knows that here: {said}");
    assert!(said.contains("`openssl x509 -noout -fingerprint -sha256 -in /"), "{said}");
    let line = said.split('`').find(|word| word.starts_with("cp "));
    shell(line.expect("a line to type"), ours.folder.path());
    assert_eq!(ours.succeeds(), "");
    assert_eq!(ours.lock(), own);
}

#[test]
fn a_lock_of_an_earlier_commit_gets_its_lines_back_with_their_cas() {
    let cluster = Cluster::built(SPEC);
    let folder = cluster.folder.path();
    save(&cluster);
    for phase in ["trust = [1, 2]", "issue = 2\ntrust = [1, 2]"] {
        cluster.write(format!("{SPEC}\n[ca]\n{phase}\n"));
        cluster.succeeds();
    }
    let last = cluster.lock();
    git(folder, &["checkout", "--quiet", "--", "cluster.lock"]);
    let said = cluster.succeeds();
    assert!(said.contains("lacked") && said.contains("put back on"), "{said}");
    assert_eq!(cluster.lock(), last);

    // The spec of that commit as well: it trusts no CA 2, which issued what is in place.
    git(folder, &["checkout", "--quiet", "--", "cluster.lock"]);
    cluster.write(SPEC);
    let said = cluster.fails();
    assert!(said.contains("CA 2"), "{said}");
    cluster.write(format!("{SPEC}\n[ca]\ntrust = [1, 2]\n"));
    let said = cluster.succeeds();
    assert!(said.contains("put back on"), "{said}");
    cluster.write(SPEC);
    git(folder, &["checkout", "--quiet", "--", "cluster.lock"]);
    cluster.succeeds();
    let lock = cluster.lock();
    assert!(lock.contains("number = 2\nremoved = true"), "{lock}");
    assert!(lock.contains("ca = 2"), "{lock}");
    assert!(!cluster.succeeds().contains("cluster.lock"), "the next build can read it");
    assert_eq!(cluster.lock(), lock);
}

/// With `merge=union`, git keeps both sides without a word.
#[test]
fn of_two_records_of_one_member_the_help_says_which_is_to_stay() {
    let cluster = Cluster::built(SPEC);
    let folder = cluster.folder.path();
    cluster.record();
    fs::write(cluster.path(".gitattributes"), "cluster.lock merge=union\n").unwrap();
    commit(folder, &["cluster.toml", "cluster.lock", ".gitattributes"]);
    let option = |count: &str| SPEC.replace("[etcd]", &format!("[etcd]\nsnapshot-count = {count}"));
    git(folder, &["checkout", "--quiet", "-b", "side"]);
    let recorded = |count: &str, since: i64| {
        cluster.write(option(count));
        cluster.succeeds();
        cluster.record();
        cluster.recorded(|recorded| {
            recorded.members.values_mut().for_each(|record| record.since = since);
        });
        save(&cluster);
    };
    recorded("20000", 100);
    git(folder, &["checkout", "--quiet", "-"]);
    fs::copy(cluster.path("cluster.lock"), cluster.path("out/pki/cluster.lock")).unwrap();
    recorded("30000", 200);
    let ours = cluster.lock();
    assert!(!merges(folder, "side"), "cluster.toml conflicts");
    cluster.write(option("30000"));
    let said = cluster.fails();
    assert!(said.contains("cluster.lock` has `running.members.camellia."), "{said}");
    assert!(said.contains("in each pair the upper ones or in each the lower ones"), "{said}");
    assert!(said.contains("the side with the later `camellia.since`"), "{said}");

    // Ours is the later one, and the upper one of each pair.
    let merged = cluster.read("cluster.lock");
    let mut keys = std::collections::BTreeSet::new();
    let is_kept = |line: &&str| {
        let key = line.split_once(" = ").map(|(key, _)| key);
        let key = key.filter(|key| key.split_once('.').is_some_and(|(name, _)| name != "#"));
        key.is_none_or(|key| keys.insert(key.to_owned()))
    };
    let by_hand: String = merged.split_inclusive('\n').filter(is_kept).collect();
    fs::write(cluster.path("cluster.lock"), by_hand).unwrap();
    cluster.succeeds();
    let running = |lock: &str| lock[lock.find("[running.members]").unwrap()..].to_owned();
    assert!(
        running(&ours).starts_with(running(&cluster.lock()).split("\n[issued]").next().unwrap())
    );
}
