//! The changes.

use super::super::spec::Member;
use super::cluster::Spec;
use super::fault::Fault;
use super::story::Story;

/// One of them.
pub(super) struct Change {
    what: &'static str,
    /// What is done before, and what is built then.
    begins: fn(&mut Story, Spec) -> Next,
    /// What is done once it was carried out.
    ends: fn(&mut Story),
}

/// What is to be carried out.
struct Next {
    spec: Spec,
    options: &'static str,
    /// A member that stays, and is not what it is about.
    other: &'static str,
    /// The first member that is to start.
    starts: &'static str,
}

pub(super) const CAMELLIA: Member = ("camellia", 100);
const ELDER: Member = ("elder", 104);
const FERN: Member = ("fern", 105);
pub(super) const GENTIAN: Member = ("gentian", 106);
/// Those who are there once camellia came.
pub(super) const LATER: [&str; 3] = ["orange", "pink", "camellia"];
/// Where pink is later.
const PINK: Member = ("pink", 112);
/// Where orange is, once its machine was replaced.
const ORANGE: Member = ("orange", 121);

pub(super) const CHANGES: [Change; 10] = [
    Change { what: "three become five", begins: three_become_five, ends: |_| {} },
    Change {
        what: "five become three",
        begins: five_become_three,
        ends: |story| {
            story.journey.leaves("elder");
            story.journey.leaves("fern");
        },
    },
    Change {
        what: "camellia comes for daffodil",
        begins: camellia_comes,
        ends: |story| {
            story.journey.leaves("daffodil");
        },
    },
    Change {
        what: "pink gets another address",
        begins: pink_moves,
        // Without the restart, others would go on writing into connections that pink made from there.
        ends: |story| {
            story.journey.machine("pink").sh("ip address delete 192.168.65.102/8 dev eth0; ip address show eth0 | grep -q 192.168.65.112; systemctl restart etcd");
            story.journey.is_well();
        },
    },
    Change { what: "a dead one is replaced elsewhere", begins: orange_is_dead, ends: |_| {} },
    Change {
        what: "the leader is replaced",
        begins: the_leader_goes,
        ends: |story| {
            let gone = LATER.into_iter().find(|name| !story.spec.has(name));
            story.journey.leaves(gone.expect("the former leader"));
        },
    },
    Change {
        what: "another CA is trusted",
        begins: |story, spec| of_ca(story, spec, "trust = [1, 2]\nissue = 1\n"),
        ends: |_| {},
    },
    Change {
        what: "another CA issues",
        begins: |story, spec| of_ca(story, spec, "trust = [1, 2]\nissue = 2\n"),
        ends: |_| {},
    },
    Change {
        what: "the former CA goes",
        begins: |story, spec| of_ca(story, spec, "trust = [2]\nissue = 2\n"),
        ends: |_| {},
    },
    Change { what: "an option restarts all", begins: an_option, ends: |_| {} },
];

impl Change {
    pub(super) fn happens(&self, story: &mut Story, fault: Option<Fault>) {
        let spec = Spec { accept: None, ..story.spec.clone() };
        let Next { spec, options, other, starts } = (self.begins)(story, spec);
        story.becomes(self.what, (spec, options), (fault, other, starts));
        (self.ends)(story);
    }
}

fn three_become_five(story: &mut Story, mut spec: Spec) -> Next {
    for member in [ELDER, FERN] {
        story.joins(member);
        spec.members.push(member);
    }
    Next { spec, options: "", other: "pink", starts: "elder" }
}

fn five_become_three(_: &mut Story, mut spec: Spec) -> Next {
    spec.members.retain(|member| ![ELDER, FERN].contains(member));
    spec.accept = Some("remove elder fern");
    Next { spec, options: "", other: "pink", starts: "pink" }
}

fn camellia_comes(story: &mut Story, mut spec: Spec) -> Next {
    story.joins(CAMELLIA);
    spec.replaces("daffodil", CAMELLIA);
    Next { spec, options: "", other: "pink", starts: "camellia" }
}

fn pink_moves(story: &mut Story, mut spec: Spec) -> Next {
    let former = ("pink", 102);
    story.journey.is_also_at(former, PINK.1);
    spec.replaces("pink", PINK);
    spec.moved = Some(former);
    Next { spec, options: "", other: "orange", starts: "pink" }
}

/// With its disk.
fn orange_is_dead(story: &mut Story, mut spec: Spec) -> Next {
    let (journey, name) = (&mut story.journey, ORANGE.0);
    journey.machine(name).cut_power();
    journey.network.cut(name);
    let machine = journey.machine_at("orange-2", ORANGE);
    journey.replaces(ORANGE, machine);
    super::fault::has_a_disk(journey, name);
    spec.replaces(name, ORANGE);
    Next { spec, options: "--replace orange", other: "pink", starts: name }
}

fn the_leader_goes(story: &mut Story, mut spec: Spec) -> Next {
    story.joins(GENTIAN);
    let leader = story.journey.leader(&LATER);
    spec.replaces(leader, GENTIAN);
    let other = if leader == "pink" { "orange" } else { "pink" };
    Next { spec, options: "", other, starts: GENTIAN.0 }
}

fn of_ca(story: &mut Story, spec: Spec, ca: &'static str) -> Next {
    restarted(story, Spec { ca, ..spec })
}

fn an_option(story: &mut Story, spec: Spec) -> Next {
    restarted(story, Spec { etcd: "snapshot-count = 5000\n", ..spec })
}

/// Followers come first.
fn restarted(story: &mut Story, spec: Spec) -> Next {
    let names: Vec<&'static str> = spec.members.iter().map(|(name, _)| *name).collect();
    let leader = story.journey.leader(&names);
    let mut followers = names.into_iter().filter(|name| *name != leader);
    let (starts, other) = (followers.next().expect("two"), followers.next().expect("two"));
    Next { spec, options: "", other, starts }
}
