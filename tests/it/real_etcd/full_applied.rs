//! Larger changes that `apply` carries out while a client writes, and what may happen to it meanwhile.

use super::site::{Site, Spec};
use crate::support::side_by_side::{on_each as on, with_each};
use std::thread::sleep;
use std::time::Duration;

/// One of each line.
const ALL: [&str; 4] = ["3.4.23", "3.5.33", "3.6.16", "3.7.3"];

#[test]
fn changes_of_members_are_carried_out() {
    on(&ALL, &[grown_and_shrunk, of_one, another_address, two_for_two]);
}

#[test]
fn encryption_begins_and_another_ca_is_trusted() {
    on(&ALL, &[encrypted, with_certificates, of_another_ca]);
}

#[test]
fn another_minor_is_carried_out() {
    with_each(&[("3.4.23", "3.5.33"), ("3.5.33", "3.6.16"), ("3.6.16", "3.7.3")], another_minor);
}

#[test]
fn one_that_is_killed_leaves_nothing_to_put_right() {
    on(&ALL, &[killed]);
}

#[test]
fn a_member_that_goes_down_meanwhile_ends_it_or_is_waited_for() {
    on(&ALL, &[one_goes_down]);
}

#[test]
fn what_keeps_etcd_from_giving_a_lock_is_ended_alone() {
    on(&ALL, &[without_space, without_a_quorum]);
    // Before 3.6 the alarm names no member, and does not end with the one that differs.
    on(&ALL[2..], &[with_other_data]);
}

const FIVE: [(&str, u8); 5] =
    [("camellia", 1), ("daffodil", 4), ("elder", 5), ("orange", 2), ("pink", 3)];

/// Builds this, and has it carried out.
fn becomes(site: &mut Site, spec: &Spec) {
    site.build(spec);
    let applied = site.applies("");
    assert_eq!(applied.code, 0, "etcd {}: {}", spec.release, applied.stderr);
}

/// Nothing that was acknowledged is lost, and all is as compiled and recorded.
fn ends(site: &mut Site) {
    site.end();
    let applied = site.applies("");
    assert_eq!((applied.code, applied.asked.len()), (0, 0), "{}{}", applied.stdout, applied.stderr);
}

fn grown_and_shrunk(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.write();
    becomes(&mut site, &spec.clone().members(&FIVE));
    becomes(&mut site, &spec.accepting(&["remove daffodil elder"]));
    ends(&mut site);
}

fn of_one(release: &str) {
    let spec = Spec::of(release).members(&[("orange", 2)]);
    let mut site = Site::start(&spec);
    site.write();
    becomes(&mut site, &Spec::of(release));
    ends(&mut site);
}

fn another_address(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.write();
    becomes(&mut site, &spec.members(&[("camellia", 11), ("orange", 2), ("pink", 3)]));
    ends(&mut site);
}

fn two_for_two(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.write();
    let other = spec.members(&[("daffodil", 4), ("elder", 5), ("pink", 3)]);
    becomes(&mut site, &other.accepting(&["remove camellia orange"]));
    ends(&mut site);
}

/// Clients are cut off until they have their files; members never lose each other.
fn encrypted(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec.clone().with("[tls]\nenabled = false\n"));
    site.write();
    becomes(&mut site, &spec.accepting(&["client-urls = https"]));
    ends(&mut site);
}

/// Those that show a certificate notice nothing; others are cut off.
fn with_certificates(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec.clone().with("[tls]\nclient-auth = false\n"));
    site.write();
    assert!(site.lets_anybody_in());
    site.build(&spec);
    let applied = site.applies("");
    assert_eq!(applied.code, 0, "etcd {release}: {}", applied.stderr);
    assert_eq!(applied.asked.first().map(String::as_str), Some("look"), "{}", applied.stdout);
    assert!(!site.lets_anybody_in());
    ends(&mut site);
}

/// Each phase is recorded before the next.
fn of_another_ca(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.write();
    let issuer = site.issuer(2, 2379);
    for phase in
        ["trust = [1, 2]\nissue = 1", "trust = [1, 2]\nissue = 2", "trust = [2]\nissue = 2"]
    {
        becomes(&mut site, &spec.clone().with(&format!("[ca]\n{phase}\n")));
    }
    assert_ne!(site.issuer(2, 2379), issuer);
    ends(&mut site);
}

fn another_minor((from, to): &(&str, &str)) {
    let spec = Spec::of(from);
    let mut site = Site::start(&spec);
    site.write();
    becomes(&mut site, &spec.on(to));
    ends(&mut site);
}

/// Killed again and again, each time a little later, with whoever does the rest.
fn killed(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.write();
    let other = spec.option("snapshot-count = 5000");
    site.build(&other.members(&[("camellia", 1), ("daffodil", 4), ("pink", 3)]));
    for seconds in [1, 3, 6, 9, 12, 15] {
        let applied = site.applies_for(Duration::from_secs(seconds));
        if applied.is_some_and(|code| code == 0) {
            break;
        }
    }
    // Its lock in etcd ends with its lease.
    for _ in 0..14 {
        let applied = site.applies("");
        if applied.code == 0 {
            return ends(&mut site);
        }
        assert!(
            applied.stderr.contains("another `apply` changes this cluster"),
            "{}",
            applied.stderr
        );
        sleep(Duration::from_secs(5));
    }
    panic!("nobody gets the lock");
}

/// A member that the change does not touch.
fn one_goes_down(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.write();
    site.build(&spec.clone().members(&[
        ("camellia", 1),
        ("daffodil", 4),
        ("orange", 2),
        ("pink", 3),
    ]));
    let mut child = site.begins_to_apply("--wait 20s");
    while site.does_what_is_asked().is_none() {
        assert!(child.try_wait().expect("a process").is_none(), "it has ended");
        sleep(Duration::from_millis(20));
    }
    site.kill("pink");
    let code = child.wait().expect("a process").code();
    assert_eq!(code, Some(1), "{}", site.applied());
    site.types(&format!("ssh root@{} systemctl start --no-block etcd", site.address(3)));
    site.types("until bouquet etcdctl pink -- endpoint health; do sleep 0.3; done");
    let applied = site.applies("");
    assert_eq!(applied.code, 0, "{}", applied.stderr);
    ends(&mut site);
}

/// What etcd gives no lock for is said, and nothing is begun; nobody else runs, and it is ended.
fn alone(site: &mut Site, options: &str) -> Vec<String> {
    let refused = site.applies(options);
    assert_eq!((refused.code, refused.asked.len()), (1, 0), "{}", refused.stderr);
    for words in ["etcd gives no lock", "the same with `--alone`"] {
        assert!(refused.stderr.contains(words), "{words} in {}", refused.stderr);
    }
    let applied = site.applies(&format!("{options} --alone"));
    assert_eq!(applied.code, 0, "{}", applied.stderr);
    let said = applied.stderr.matches("without a lock, which etcd does not give").count();
    assert!(said > 0, "{}", applied.stderr);
    applied.asked
}

/// It takes writes again, and nothing is left to do.
fn takes_writes(site: &mut Site) {
    site.write();
    sleep(Duration::from_secs(3));
    ends(site);
}

/// The quota is raised: each member is restarted with it, and the alarm is switched off.
fn without_space(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec.clone().option("quota-backend-bytes = 4194304"));
    site.fill();
    site.build(&spec.option("quota-backend-bytes = 67108864"));
    assert_eq!(alone(&mut site, ""), ["restart", "restart", "restart"]);
    takes_writes(&mut site);
}

/// With the first that is started etcd gives it again.
fn without_a_quorum(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.write();
    // So long that something is acknowledged.
    sleep(Duration::from_secs(2));
    for last in [1, 2] {
        site.types(&format!("ssh root@{} systemctl stop etcd", site.address(last)));
    }
    assert_eq!(alone(&mut site, ""), ["start", "start"]);
    ends(&mut site);
}

/// By etcd's own check. The snapshot before the removal is of one that has the data of the others.
fn with_other_data(release: &str) {
    let is_later = ["3.6", "3.7"].iter().any(|line| release.starts_with(line));
    let prefix = if is_later { "" } else { "experimental-" };
    let spec = Spec::of(release).option(&format!("{prefix}corrupt-check-time = \"2s\""));
    let mut site = Site::start(&spec);
    // Its files are those of one that joins from then on.
    site.build(&spec);
    site.types("bouquet etcdctl -- put odd before-the-flip; sleep 1");
    site.flips("pink", b"before-the-flip");
    let corrupt =
        "until bouquet status --json 2>talk >told; grep -q CORRUPT told; do sleep 0.5; done";
    site.types(corrupt);
    assert_eq!(alone(&mut site, "--replace pink"), ["start"]);
    let said = site.applied();
    let saved = said.lines().find(|line| line.starts_with("saved "));
    assert!(saved.is_some_and(|line| !line.contains(" of pink ")), "{said}");
    takes_writes(&mut site);
    let (ok, said) = site.client_says("root", &["endpoint", "hashkv"]);
    let hashes: Vec<_> = said.lines().filter_map(|line| line.split(", ").nth(1)).collect();
    assert!(ok && hashes.len() == 3 && hashes.iter().all(|hash| *hash == hashes[0]), "{said}");
}
