//! What is done, from what is there to what is wanted.

use crate::node::install::deeds::{Deed, Placing, There, Wanted, deeds, reasons};
use crate::node::install::ends::kept;
use crate::node::install::work::Aim;
use crate::node::machine::{Process, Service};

const UNIT: &str = "[Service]\nUser=etcd\nGroup=certs\n";

/// Returns a member that runs as wanted.
fn as_wanted() -> (Wanted, There) {
    let flags = vec!["etcd".to_owned(), "--name=a".to_owned(), "--initial-cluster=a=x".to_owned()];
    let wanted = Wanted {
        unit_place: "/etc/etcd.service".into(),
        unit: UNIT.to_owned(),
        join_place: "/etc/join.conf".into(),
        join: None,
        flags: flags.clone(),
        restores: None,
        etcd: None,
        aim: Aim::Runs,
        aside: Vec::new(),
        folders: vec!["/data/etcd".into()],
    };
    let there = There {
        has_account: true,
        has_certificates: true,
        cas_since: Some(1_000),
        unit: Some(UNIT.to_owned()),
        join: None,
        service: Service {
            active: "active".to_owned(),
            is_enabled: true,
            process: Some(Process { id: 7, arguments: flags, since: 2_000 }),
            ..Service::default()
        },
        has_other_cas: false,
        was_replaced: false,
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
        was_replaced: false,
    };
    let Wanted { unit_place, unit, .. } = &wanted;
    let all = [
        Deed::MakeAccount { user: "etcd".to_owned(), group: "certs".to_owned() },
        Deed::PutCertificates,
        Deed::Write { place: unit_place.clone(), before: None, text: unit.clone() },
        Deed::Reload,
        Deed::Enable,
        Deed::Start,
    ];
    assert_eq!(deeds(&wanted, &there), all);
    let wanted = Wanted { aim: Aim::Placed, ..wanted };
    assert_eq!(deeds(&wanted, &there), all[..3]);
    // What is given another name before the member is added.
    let aside = vec![("/data/etcd".into(), "/data/etcd.former".into())];
    let wanted = Wanted { aside: aside.clone(), ..wanted };
    assert_eq!(deeds(&wanted, &there), [&all[..3], &[Deed::SetAside(aside)]].concat());
}

/// Killed between its place and the restart, the same again finds what runs; so does a plain one after `--no-restart`.
#[test]
fn another_etcd_takes_its_place_behind_the_unit_and_is_restarted_for() {
    let (mut wanted, mut there) = as_wanted();
    let placing = Placing {
        version: "3.6.16".to_owned(),
        programs: vec![("/usr/local/bin/.etcd.next".into(), "/usr/local/bin/etcd".into())],
        former: None,
    };
    wanted.etcd = Some(placing.clone());
    wanted.unit = UNIT.to_owned() + "Restart=no\n";
    let write = Deed::Write {
        place: wanted.unit_place.clone(),
        before: there.unit.clone(),
        text: wanted.unit.clone(),
    };
    let restart = Deed::Restart(vec!["its etcd".to_owned()]);
    let all = [write, Deed::PutEtcd(placing), Deed::Reload, restart.clone()];
    assert_eq!(deeds(&wanted, &there), all);
    wanted.aim = Aim::Kept;
    assert_eq!(deeds(&wanted, &there), all[..3]);
    wanted.aim = Aim::Placed;
    assert_eq!(deeds(&wanted, &there), all[..2]);

    (wanted, there) = as_wanted();
    there.was_replaced = true;
    assert_eq!(deeds(&wanted, &there), [restart]);
    // A drop-in that says how etcd is started says which.
    there.service.is_overridden = true;
    assert_eq!(deeds(&wanted, &there), []);
}

#[test]
fn data_goes_to_the_account_of_the_new_unit_before_that_is_written() {
    let (mut wanted, there) = as_wanted();
    wanted.unit = UNIT.replace("User=etcd", "User=kube");
    let give = Deed::Give { owner: "kube:certs".to_owned(), folders: vec!["/data/etcd".into()] };
    let write = Deed::Write {
        place: wanted.unit_place.clone(),
        before: there.unit.clone(),
        text: wanted.unit.clone(),
    };
    assert_eq!(deeds(&wanted, &there), [give, write.clone(), Deed::Reload, Deed::Start]);
    // Where etcd goes on as it is, nothing is taken from it.
    wanted.aim = Aim::Kept;
    assert_eq!(deeds(&wanted, &there), [write.clone(), Deed::Reload]);
    // What is set aside is not what it starts with.
    wanted.aim = Aim::Runs;
    wanted.aside = vec![("/data/etcd".into(), "/data/etcd.1".into())];
    let aside = Deed::SetAside(wanted.aside.clone());
    let restart = Deed::Restart(vec!["its unit".to_owned()]);
    let all = deeds(&wanted, &there);
    assert_eq!(all[..3], [write, Deed::Reload, aside]);
    assert!(all.len() == 3 || all[3] == restart, "{all:?}");
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

/// With `--no-restart`: the next plain one finds what the process has not read.
#[test]
fn what_is_let_be_gets_its_files_and_is_restarted_for_them_later() {
    let (mut wanted, there) = as_wanted();
    let Wanted { unit_place, join_place, .. } = &wanted;
    let put = [
        Deed::PutCertificates,
        Deed::Write {
            place: unit_place.clone(),
            before: there.unit.clone(),
            text: UNIT.to_owned() + "Restart=no\n",
        },
        Deed::Remove { place: join_place.clone() },
        Deed::Reload,
    ];
    let before = There {
        has_certificates: false,
        has_other_cas: true,
        join: Some("list".to_owned()),
        ..there
    };
    wanted.unit = UNIT.to_owned() + "Restart=no\n";
    wanted.flags.push("--snapshot-count=5".to_owned());
    let restart = Deed::Restart(vec!["snapshot-count".to_owned(), "its CAs".to_owned()]);
    wanted.aim = Aim::Kept;
    assert_eq!(deeds(&wanted, &before), put);
    // Its files are there, and newer than the process.
    let after = There {
        has_certificates: true,
        has_other_cas: false,
        cas_since: Some(3_000),
        unit: Some(wanted.unit.clone()),
        join: None,
        ..before
    };
    assert_eq!(deeds(&wanted, &after), []);
    let said = kept(&after.service, &reasons(&wanted, &after));
    assert_eq!(
        said,
        "is in its place; etcd runs on, until it is restarted for snapshot-count, its CAs"
    );
    wanted.aim = Aim::Runs;
    assert_eq!(deeds(&wanted, &after), [restart]);
}

#[test]
fn one_that_is_down_and_let_be_is_neither_started_nor_to_start_with_the_machine() {
    let (mut wanted, mut there) = as_wanted();
    wanted.aim = Aim::Kept;
    there.unit = None;
    there.service = Service { active: "failed".to_owned(), ..Service::default() };
    let write =
        Deed::Write { place: wanted.unit_place.clone(), before: None, text: wanted.unit.clone() };
    assert_eq!(deeds(&wanted, &there), [write, Deed::Reload]);
    let said = kept(&there.service, &reasons(&wanted, &there));
    assert_eq!(said, "is in its place; etcd does not run, and was not started");
    there.service = as_wanted().1.service;
    there.unit = Some(wanted.unit.clone());
    let said = kept(&there.service, &reasons(&wanted, &there));
    assert_eq!(said, "is in its place; etcd runs on, and needs no restart");
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
    wanted.unit = UNIT.to_owned() + "Restart=no\n";
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
