//! Each change of a cluster, carried out by `apply` by `ssh` on a release of each line, while clients write and read: as
//! it is, and with something that goes wrong meanwhile. What they were answered is judged as a whole at the end.

mod change;
mod cluster;
mod fault;
mod full_bare;
mod full_changes;
mod full_faults_earlier;
mod full_faults_later;
mod full_upgrades;
mod story;

use super::spec::THREE;
use change::CHANGES;
use cluster::Spec;
use fault::Fault;
use story::Story;

/// One change after the other; with a turn, each with the next fault, which is another one on each release.
fn all(release: &'static str, turn: Option<usize>) {
    let mut story = Story::begin(Spec::of(release, &THREE));
    for (at, change) in CHANGES.iter().enumerate() {
        let fault = turn.map(|turn| Fault::ALL[(at + turn) % Fault::ALL.len()]);
        change.happens(&mut story, fault);
    }
    story.ends();
}
