//! What is left of a replacement elsewhere, at each moment at which it may be planned again.

use super::super::cluster::{flowers, readdressed};
use super::{plan_with, seen, told};
use crate::cluster::MemberId;
use crate::plan::next::Life;
use crate::plan::{Seen, Wishes};
use insta::assert_snapshot;

#[test]
fn a_member_that_is_replaced_elsewhere_is_known_by_its_new_place() {
    let after = readdressed(flowers(), "daffodil", 104);
    let wishes = Wishes { replaced: ["daffodil".to_owned()].into(), ..Wishes::default() };
    let left = |seen: &Seen| told(&plan_with(&flowers(), &after, seen, &wishes));

    let mut removed = seen(&flowers());
    removed.loses("daffodil");
    assert_snapshot!(left(&removed), @r"
    add daffodil as learner: 2 2 0
    install and start daffodil: 2 2 0
    promote daffodil: 3 2 1
    client root: 3 2 1
    record it: 3 2 1
    ");
    let with = |life, is_learner| {
        let mut seen = removed.clone();
        seen.gains(&after, "daffodil", life, is_learner);
        seen
    };
    assert_snapshot!(left(&with(Life::New, true)), @r"
    install and start daffodil: 2 2 0
    promote daffodil: 3 2 1
    client root: 3 2 1
    record it: 3 2 1
    ");
    assert_snapshot!(left(&with(Life::Up, true)), @r"
    promote daffodil: 3 2 1
    client root: 3 2 1
    record it: 3 2 1
    ");
    assert_snapshot!(left(&with(Life::Up, false)), @r"
    client root: 3 2 1
    record it: 3 2 1
    ");

    // Before it was ever told to be replaced, or by someone who does not say so any more.
    let plain = |seen: &Seen| told(&plan_with(&flowers(), &after, seen, &Wishes::default()));
    assert_snapshot!(plain(&with(Life::New, true)), @r"
    install and start daffodil: 2 2 0
    promote daffodil: 3 2 1
    client root: 3 2 1
    record it: 3 2 1
    ");

    // What is in neither place is nobody's.
    let mut stray = with(Life::New, true);
    let other = stray.members.iter_mut().find(|member| member.id == MemberId(0xbeef));
    other.expect("it is listed").peer_urls = vec!["https://192.168.65.109:2380".to_owned()];
    assert_snapshot!(left(&stray), @r"
    remove beef: 2 2 0
    add daffodil as learner: 2 2 0
    install and start daffodil: 2 2 0
    promote daffodil: 3 2 1
    client root: 3 2 1
    record it: 3 2 1
    ");
}
