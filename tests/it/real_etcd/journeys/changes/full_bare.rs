//! The same changes by etcdctl, systemctl and copies of files, as fast as etcd takes them: nothing is looked at or waited
//! for but the end of each command. How long no write succeeds is what `apply` is compared with.

use super::super::journey::Journey;
use super::super::spec::{Member, THREE};
use super::change::{CAMELLIA, GENTIAN, LATER};
use super::cluster::Spec;
use super::story::Story;
use crate::support::scope::RELEASES;

#[test]
fn the_same_changes_by_etcdctl() {
    for release in RELEASES.into_iter().filter(|release| *release != "3.5.1") {
        let mut story = Story::begin(Spec::of(release, &THREE));
        by_hand(&mut story, "camellia comes for daffodil", |story| {
            comes(story, CAMELLIA, "daffodil");
        });
        by_hand(&mut story, "the leader is replaced", |story| {
            // Those that etcdctl asks here have to stay.
            let leader = story.journey.leader(&LATER);
            if leader == "orange" {
                let id = story.journey.id("pink");
                let said = story.journey.etcdctl(&["orange"], &format!("move-leader {id}"));
                assert!(said.ok, "{}", said.stderr);
            }
            let leader = story.journey.leader(&LATER);
            comes(story, GENTIAN, leader);
        });
        by_hand(&mut story, "an option restarts all", |story| {
            story.spec.etcd = "snapshot-count = 5000\n";
            story.journey.builds(&story.spec.text());
            for (name, _) in story.spec.members.clone() {
                story.journey.brings(name);
                restarts(&story.journey, name);
            }
        });
        story.ends();
    }
}

fn by_hand(story: &mut Story, what: &str, change: impl Fn(&mut Story)) {
    story.begins_to_measure();
    change(story);
    let _ = story.has_measured(&format!("etcd {}: {what}, by hand", story.spec.release));
}

/// A member comes, and another goes.
fn comes(story: &mut Story, new: Member, gone: &'static str) {
    story.joins(new);
    story.spec.replaces(gone, new);
    story.journey.builds(&story.spec.text());
    story.journey.brings(new.0);
    story.journey.adds(new);
    story.journey.installed(new.0, "");
    story.journey.promotes(new.0);
    story.client_gets_files();
    story.journey.removes(gone);
    let host = story.journey.host(gone);
    story.journey.typed(&format!("ssh root@{host} systemctl disable --now etcd"));
    story.journey.leaves(gone);
    story.journey.typed(&format!(
        "./bouquet done --yes --replaced {} 2>&1 || ./bouquet done --yes 2>&1",
        new.0
    ));
}

fn restarts(journey: &Journey, name: &'static str) {
    let said = journey.types_for(
        name,
        &format!("ssh HOST 'cp {name}/etcd.service /etc/systemd/system/ && systemctl daemon-reload && systemctl restart etcd'"),
    );
    assert!(said.ok, "{}", said.stderr);
}
