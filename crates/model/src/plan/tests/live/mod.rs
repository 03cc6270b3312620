//! Plans for clusters that were seen.

mod called;
mod halfway;
mod rest;
mod seen;
mod who;

use super::cluster::{all_accepted, cluster, ids, lines};
use crate::cluster::MemberId;
use crate::plan::next::{Data, Life};
use crate::plan::{Known, Plan, Seen, SeenMember, Wishes, live};
use crate::running::Running;
use std::collections::BTreeMap;

/// Returns the cluster as it was recorded, all up, and led by the last.
fn seen(running: &Running) -> Seen {
    let ids = ids(running);
    let urls = |running: &Running, name: &str, option: &str| -> Vec<String> {
        running.members[name].urls(option).map(str::to_owned).collect()
    };
    let last = running.members.keys().next_back();
    let member = |name: &String| SeenMember {
        id: ids[name],
        name: name.clone(),
        peer_urls: urls(running, name, "initial-advertise-peer-urls"),
        client_urls: urls(running, name, "advertise-client-urls"),
        is_learner: false,
        life: Life::Up,
        data: Data::Own,
        leads: Some(name) == last,
        version: Some(running.members[name].version),
        has_wrong_clock: false,
        has_free_space: false,
    };
    Seen { members: running.members.keys().map(member).collect(), ..Seen::default() }
}

impl Seen {
    fn of(&mut self, name: &str) -> &mut SeenMember {
        self.members.iter_mut().find(|member| member.name == name).expect("it is listed")
    }

    fn loses(&mut self, name: &str) {
        self.members.retain(|member| member.name != name);
    }

    /// Adds one that nobody recorded, as `after` has it.
    fn gains(&mut self, after: &Running, name: &str, life: Life, is_learner: bool) {
        let mut member = seen(after).of(name).clone();
        member.id = MemberId(0xbeef);
        (member.life, member.is_learner, member.leads) = (life, is_learner, false);
        if life == Life::New {
            member.name.clear();
            member.client_urls.clear();
        }
        self.members.push(member);
    }
}

/// Returns the cluster in which camellia comes and daffodil goes.
fn replaced() -> Running {
    cluster(&[("camellia", 100), ("orange", 101), ("pink", 102)], &["root"])
}

fn plan_with(before: &Running, after: &Running, seen: &Seen, wishes: &Wishes) -> Plan {
    plan_by(&ids(before), (before, after), seen, wishes)
}

/// Plans where these IDs are recorded.
fn plan_by(
    ids: &BTreeMap<String, MemberId>,
    (before, after): (&Running, &Running),
    seen: &Seen,
    wishes: &Wishes,
) -> Plan {
    let accepted = &all_accepted(before, after);
    let files = &["etcd.service"];
    let known = Known {
        program: "bouquet",
        on_node: "flowers",
        ids,
        token: None,
        files,
        secrets: &[],
        accepted,
    };
    live(before, after, &known, seen, wishes)
}

fn plan(before: &Running, after: &Running, seen: &Seen) -> Plan {
    plan_with(before, after, seen, &Wishes::default())
}

fn told(plan: &Plan) -> String {
    let withheld = plan.withheld.iter().map(|it| format!("no further: {}\n", it.why));
    lines(&plan.steps) + &withheld.collect::<String>()
}
