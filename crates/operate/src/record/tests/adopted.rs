//! A cluster that another tool has set up: what is recorded of it, and of which none is.

use super::scene::{NOW, files, lock, recorded, refused, work, written};
use crate::record::work::{Action, Recording};
use bouquet_model::certificate::Kind;
use bouquet_model::systemd::{ANOTHERS, MADE_BY};

/// Records as `done --adopted` does, of members whose spec says that they run already.
fn adopting() -> Recording {
    let mut work = work(Action::Record, &[]);
    for member in work.compiled.members.values_mut() {
        member.options.insert("initial-cluster-state".into(), "existing".into());
        member.certificates.insert(Kind::Server, "1f".into());
        member.crl = Some(3);
    }
    Recording { adopted: true, compiled: work.compiled.adopted(), ..work }
}

#[test]
fn members_are_recorded_with_their_options_and_nothing_that_a_build_made() {
    let mut unknown = lock();
    unknown.identity.members.values_mut().for_each(|id| *id = None);
    let (lock, shown, said) = written(&adopting(), &files(&unknown), NOW);
    let running = lock.recorded.running();
    assert_eq!(running.members.keys().collect::<Vec<_>>(), ["a", "b", "c"]);
    // Which files its clients have nobody knows.
    assert!(running.clients.is_empty());
    for member in running.members.values() {
        assert_eq!(member.option("initial-cluster-state"), Some("existing"));
        assert!(member.certificates.is_empty() && member.crl.is_none());
        assert_eq!(member.unit[MADE_BY], ANOTHERS);
    }
    assert_eq!(shown, "members `a`, `b`, `c`\n  to be recorded\n");
    assert_eq!(
        said,
        "recorded 3 members\n\
         next: `bouquet plan` shows how they get what was built, and `bouquet apply` does it\n\
         then: commit cluster.lock"
    );
}

#[test]
fn what_is_recorded_already_is_not_taken_over() {
    let said = refused(&adopting(), &files(&recorded(&[])));
    assert!(said.starts_with("error: cluster.lock records that `a` runs\n"), "{said}");
    assert!(said.contains("once all is: `bouquet done`"), "{said}");
}

#[test]
fn a_spec_that_founds_a_cluster_describes_none_that_runs() {
    let mut work = adopting();
    for member in work.compiled.members.values_mut() {
        member.options.insert("initial-cluster-state".into(), "new".into());
    }
    let said = refused(&work, &files(&lock()));
    assert!(said.starts_with("error: cluster.toml has `a` found the cluster\n"), "{said}");
    assert!(said.contains("write `state = \"existing\"` under [cluster]"), "{said}");
}

#[test]
fn the_build_that_it_takes_first_is_followed_by_the_same() {
    let mut other = files(&lock());
    other.spec = b"edited since".to_vec();
    let said = refused(&adopting(), &other);
    assert!(said.contains("`cargo run -- done --adopted`"), "{said}");
}
