//! What is done, from what is there to what is wanted.

use crate::node::install::deeds::{Deed, There, Wanted, deeds};
use crate::node::machine::{Process, Service};

/// A member that runs as wanted.
fn as_wanted() -> (Wanted, There) {
    let flags = vec!["etcd".to_owned(), "--name=a".to_owned(), "--initial-cluster=a=x".to_owned()];
    let wanted = Wanted {
        unit_place: "/etc/etcd.service".into(),
        unit: "unit".to_owned(),
        join_place: "/etc/join.conf".into(),
        join: None,
        flags: flags.clone(),
        restores: None,
        starts: true,
        aside: Vec::new(),
    };
    let there = There {
        has_account: true,
        has_certificates: true,
        cas_since: Some(1_000),
        unit: Some("unit".to_owned()),
        join: None,
        service: Service {
            active: "active".to_owned(),
            is_enabled: true,
            process: Some(Process { id: 7, arguments: flags, since: 2_000 }),
            ..Service::default()
        },
        has_other_cas: false,
    };
    (wanted, there)
}

#[test]
fn where_all_is_as_wanted_nothing_is_done() {
    let (wanted, there) = as_wanted();
    assert_eq!(deeds(&wanted, &there), []);
}

#[test]
fn a_bare_node_gets_all_of_it_in_order() {
    let (wanted, _) = as_wanted();
    let there = There {
        has_account: false,
        has_certificates: false,
        cas_since: None,
        unit: None,
        join: None,
        service: Service::default(),
        has_other_cas: false,
    };
    let Wanted { unit_place, unit, .. } = &wanted;
    let all = [
        Deed::MakeAccount,
        Deed::PutCertificates,
        Deed::Write { place: unit_place.clone(), before: None, text: unit.clone() },
        Deed::Reload,
        Deed::Enable,
        Deed::Start,
    ];
    assert_eq!(deeds(&wanted, &there), all);
    let wanted = Wanted { starts: false, ..wanted };
    assert_eq!(deeds(&wanted, &there), all[..3]);
}

#[test]
fn certificates_need_no_restart_and_cas_do() {
    let (wanted, there) = as_wanted();
    let leaf = There { has_certificates: false, ..there };
    assert_eq!(deeds(&wanted, &leaf), [Deed::PutCertificates]);
    let restart = Deed::Restart(vec!["its CAs".to_owned()]);
    let other = There { has_other_cas: true, ..leaf };
    assert_eq!(deeds(&wanted, &other), [Deed::PutCertificates, restart.clone()]);
    // It was killed between the two.
    let later =
        There { has_certificates: true, has_other_cas: false, cas_since: Some(3_000), ..other };
    assert_eq!(deeds(&wanted, &later), [restart]);
}

#[test]
fn options_that_are_read_at_the_start_restart_it_and_those_of_the_first_start_do_not() {
    let (mut wanted, there) = as_wanted();
    wanted.flags[2] = "--initial-cluster=a=x,b=y".to_owned();
    assert_eq!(deeds(&wanted, &there), []);
    wanted.flags.push("--snapshot-count=5".to_owned());
    assert_eq!(deeds(&wanted, &there), [Deed::Restart(vec!["snapshot-count".to_owned()])]);
}

#[test]
fn a_drop_in_with_which_it_joined_goes_once_it_is_not_wanted() {
    let (wanted, mut there) = as_wanted();
    there.join = Some("join".to_owned());
    let place = wanted.join_place.clone();
    assert_eq!(deeds(&wanted, &there), [Deed::Remove { place: place.clone() }, Deed::Reload]);
    let wanted = Wanted { join: there.join.clone(), ..wanted };
    assert_eq!(deeds(&wanted, &there), []);
}

#[test]
fn what_systemd_has_not_read_yet_is_read() {
    let (wanted, mut there) = as_wanted();
    there.service.is_stale = true;
    assert_eq!(deeds(&wanted, &there), [Deed::Reload]);
}

/// Between the fork and the start of the program, a few milliseconds.
#[test]
fn one_that_is_about_to_become_etcd_is_restarted_for_another_unit_alone() {
    let (mut wanted, mut there) = as_wanted();
    let process = there.service.process.as_mut().unwrap();
    process.arguments =
        vec!["/usr/lib/systemd/systemd-executor".to_owned(), "--deserialize=7".to_owned()];
    assert_eq!(deeds(&wanted, &there), []);
    wanted.unit = "another".to_owned();
    let restart = Deed::Restart(vec!["its unit".to_owned()]);
    assert_eq!(deeds(&wanted, &there).last(), Some(&restart));
}

#[test]
fn what_systemd_would_try_again_later_is_tried_now() {
    let (wanted, mut there) = as_wanted();
    there.service.active = "activating".to_owned();
    // It waits for the others.
    assert_eq!(deeds(&wanted, &there), []);
    there.service.process = None;
    assert_eq!(deeds(&wanted, &there), [Deed::Start]);
}

/// A drop-in of the operator's counts for more than the unit, and would do so after a restart.
#[test]
fn options_that_a_drop_in_overrides_are_no_reason_to_restart() {
    let (wanted, mut there) = as_wanted();
    let process = there.service.process.as_mut().unwrap();
    process.arguments.push("--log-level=debug".to_owned());
    assert_eq!(deeds(&wanted, &there).len(), 1);
    there.service.is_overridden = true;
    assert_eq!(deeds(&wanted, &there), []);
    there.has_other_cas = true;
    assert_eq!(deeds(&wanted, &there), [Deed::Restart(vec!["its CAs".to_owned()])]);
}

/// A machine that is switched off in between comes up with its data.
#[test]
fn data_is_set_aside_last_right_before_etcd_starts() {
    let (mut wanted, mut there) = as_wanted();
    let aside = vec![("/data".into(), "/data.now".into())];
    wanted.aside = aside.clone();
    wanted.join = Some("list".to_owned());
    there.service = Service::default();
    let all = deeds(&wanted, &there);
    assert_eq!(all[all.len() - 2..], [Deed::SetAside(aside), Deed::Start]);
}
