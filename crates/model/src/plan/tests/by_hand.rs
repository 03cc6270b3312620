//! Members that are started by something other than the unit.

use super::cluster::{cluster, flowers, with};
use crate::change::Accepted;
use crate::plan::{Known, offline};
use insta::assert_snapshot;
use std::collections::BTreeMap;

#[test]
fn members_without_a_unit_are_seen_to_by_hand() {
    let ids = BTreeMap::new();
    let known =
        Known { program: "bouquet", ids: &ids, has_unit: false, accepted: &Accepted::default() };
    let plan = offline(&flowers(), &with(flowers(), "snapshot-count", "5000"), &known);
    let step = &plan.steps[1];
    assert_snapshot!(step.commands.join("\n"), @"
    until bouquet etcdctl -- endpoint health; do sleep 2; done &&
    ssh -n root@192.168.65.103 rm -rf /root/etcd-daffodil &&
    scp -r out/members/daffodil root@192.168.65.103:/root/etcd-daffodil
    # on daffodil: lay what is in /root/etcd-daffodil in its place, and restart etcd
    until bouquet etcdctl -- endpoint health && sleep 5 && bouquet etcdctl -- endpoint health; do sleep 2; done
    ");
}

/// It may be in a container: no command stops the addition.
#[test]
fn a_member_without_a_unit_is_asked_for_its_version_by_a_person() {
    let ids = BTreeMap::new();
    let known =
        Known { program: "bouquet", ids: &ids, has_unit: false, accepted: &Accepted::default() };
    let after =
        cluster(&[("camellia", 100), ("daffodil", 103), ("orange", 101), ("pink", 102)], &["root"]);
    let plan = offline(&flowers(), &after, &known);
    assert_eq!(plan.steps[0].commands[0], "# on camellia: see that its etcd is 3.5.33");
}
