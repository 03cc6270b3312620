//! Plans that `apply` carries out on clusters that run, while a client writes.

use super::site::{Site, Spec};
use crate::support::releases::releases;
use crate::support::side_by_side::{Story, on_each};

/// Side by side, because each waits most of the time.
#[test]
fn apply_makes_the_live_cluster_the_compiled_one() {
    let stories: [Story; 3] = [one_for_one, an_option, one_that_is_dead];
    on_each(&releases(), &stories);
}

fn one_for_one(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.write();
    site.build(&spec.members(&[("daffodil", 4), ("orange", 2), ("pink", 3)]));
    let applied = site.applies("");
    assert_eq!(applied.code, 0, "{}", applied.stderr);
    assert_eq!(applied.asked, ["start", "clients", "retire"]);
    assert!(!site.is_running("camellia"), "the member that is gone still runs");
    is_done(&mut site);
}

fn an_option(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.write();
    site.build(&spec.clone().option("snapshot-count = 5000"));
    let key = format!("bouquet/v1/{:x}/lock", site.cluster_ids()[0]);
    let held =
        r#"{"who":"root","host":"control-2","since":"2026-01-02T03:04:05Z","plan":"3 steps"}"#;
    assert!(site.client_says("root", &["put", &key, held]).0);
    let refused = site.applies("");
    assert_eq!((refused.code, refused.asked.len()), (1, 0), "{}", refused.stderr);
    let who = "root on control-2, since 2026-01-02T03:04:05Z";
    assert!(refused.stderr.contains(who), "{}", refused.stderr);
    assert!(site.client_says("root", &["del", &key]).0);
    // One first, which is recorded; the others wait.
    let first = site.applies("--only pink");
    assert_eq!((first.code, first.asked), (2, vec!["restart".to_owned()]), "{}", first.stderr);
    assert!(first.stderr.contains("recorded 1 member\n"), "{}", first.stderr);
    let applied = site.applies("");
    assert_eq!(applied.code, 0, "{}", applied.stderr);
    assert_eq!(applied.asked, ["restart", "restart"]);
    for (member, _) in spec.members {
        assert!(site.runs_with(member, "--snapshot-count=5000"), "{member}");
    }
    is_done(&mut site);
}

/// Its data is gone: a new member takes its place, and the lock knows that it is another one.
fn one_that_is_dead(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    // Its files are those of one that joins from then on.
    site.build(&spec);
    site.write();
    site.types(&format!("ssh root@{} systemctl stop etcd", site.address(3)));
    let applied = site.applies("--replace pink");
    assert_eq!(applied.code, 0, "{}", applied.stderr);
    assert_eq!(applied.asked, ["start"]);
    is_done(&mut site);
}

/// Nothing that was acknowledged is lost, all is as compiled, and it is recorded.
fn is_done(site: &mut Site) {
    site.end();
    let applied = site.applies("");
    assert_eq!((applied.code, applied.asked.len()), (0, 0), "{}{}", applied.stdout, applied.stderr);
    assert!(applied.stdout.contains("nothing to do"), "{}", applied.stdout);
}
