//! What is found, and what is not.

use super::scene::{Authority, NOW, PINK, Scene};
use crate::live::beside::ClientEnd;
use crate::package::BUILD_AGAIN;
use bouquet_etcd::{Error, Reach};
use bouquet_model::time::DAY;

#[test]
fn an_alarm_is_told_once_with_its_member_also_with_one_that_is_gone() {
    let mut scene = Scene::healthy();
    scene.alarm("NOSPACE", PINK);
    scene.tells(1, "NOSPACE of pink: etcd takes no write");
    let mut scene = Scene::healthy();
    scene.alarm("CORRUPT", 0xabc);
    scene.tells(1, "CORRUPT of abc, which is no member: its data differ from the leader's, and etcd takes no write");
    let mut scene = Scene::healthy();
    scene.status("orange").errors =
        vec!["etcdserver: no leader".to_owned(), "etcdserver: something new".to_owned()];
    scene.tells(1, "etcd says of orange: etcdserver: something new");
    // Another cluster's alarms are none of this one.
    scene.alarm("CORRUPT", 0xabc);
    for name in ["daffodil", "pink", "orange"] {
        let seen = scene.member(name);
        seen.status.as_mut().unwrap().header.as_mut().unwrap().cluster_id = 0xbad;
    }
    let (_, told) = scene.told();
    assert!(!told.iter().any(|told| told.contains("CORRUPT")), "{told:?}");
}

/// From 3.5.7 on etcd raises it so where a quorum cannot tell which member differs; 3.5's regular check always does.
#[test]
fn an_alarm_of_no_member_is_one_of_the_cluster_and_nobody_is_to_be_replaced_for_it() {
    let mut scene = Scene::healthy();
    scene.every_status(|status| status.errors.push("alarm:CORRUPT ".to_owned()));
    scene.tells(1, "error: CORRUPT of the cluster: etcd does not know which member differs, and takes no write");
    let report = scene.report();
    assert_eq!(report.doubts, report.findings);
    assert!(!report.findings[0].help.iter().any(|help| help.contains("replace")), "{report:?}");
    let mut scene = Scene::healthy();
    scene.every_status(|status| status.errors.push("alarm:NOSPACE".to_owned()));
    scene.tells(1, "NOSPACE of the cluster: etcd takes no write");
    assert!(scene.report().is_full);
    // Words that have an alarm in them are none.
    let mut scene = Scene::healthy();
    scene.every_status(|status| status.errors = vec!["etcdserver: alarm:CORRUPT".to_owned()]);
    scene.tells(1, "etcd says of daffodil, pink, orange: etcdserver: alarm:CORRUPT");
}

#[test]
fn members_with_different_hashes_at_one_revision_have_diverged() {
    let mut scene = Scene::healthy();
    scene.doubt("pink", Ok((1, 5)), false);
    scene.doubt("orange", Ok((2, 5)), false);
    scene.doubt("daffodil", Ok((1, 5)), false);
    scene.tells(1, "error: members have DIVERGED: daffodil, pink against orange");
}

#[test]
fn under_an_alarm_the_sides_are_told_with_the_reason() {
    let mut scene = Scene::healthy();
    scene.alarm("CORRUPT", PINK);
    for (name, hash) in [("pink", 1), ("orange", 2), ("daffodil", 1)] {
        scene.doubt(name, Ok((hash, 5)), false);
    }
    let told = |scene: &Scene| {
        let [corrupt, sides] = scene.report().findings.try_into().expect("two findings");
        assert!(corrupt.message.starts_with("CORRUPT of pink"), "{corrupt:?}");
        (sides.message, sides.notes)
    };
    let (message, notes) = told(&scene);
    assert!(message.contains("daffodil, pink against orange"), "{message}");
    assert_eq!(notes, ["the hashes of their keys at one revision differ"]);
    scene.doubt("orange", Err(Error::Unknown("no answer within the deadline".to_owned())), false);
    let (message, notes) = told(&scene);
    assert_eq!(message, "members may have diverged: daffodil, pink, orange");
    assert!(notes[0].starts_with("etcd has raised the alarm"), "{notes:?}");
}

/// As after the one that differed was replaced.
#[test]
fn an_alarm_under_which_all_were_compared_and_are_alike_is_to_be_switched_off() {
    let alike = |id: u64| {
        let mut scene = Scene::healthy();
        scene.alarm("CORRUPT", id);
        for name in ["daffodil", "pink", "orange"] {
            scene.doubt(name, Ok((1, 5)), false);
        }
        scene
    };
    let disarm = ["all have the same data: `bouquet etcdctl -- alarm disarm`"];
    for id in [PINK, 0, 0xabc] {
        let scene = alike(id);
        scene.tells(1, "takes no write");
        assert_eq!(scene.report().findings[0].help, disarm, "{id:x}");
    }
    let before = |scene: &Scene| {
        let help = scene.report().findings.remove(0).help.concat();
        assert!(help.contains("hashkv") && !help.contains("disarm"), "{help}");
    };
    // One that nobody compared may be the odd one.
    let mut scene = alike(PINK);
    scene.member("orange").doubt = None;
    before(&scene);
    let mut scene = alike(0xabc);
    for name in ["daffodil", "orange"] {
        scene.member(name).doubt = None;
    }
    before(&scene);
}

/// One has all that the other has, and more: at the lower revision both are the same.
#[test]
fn members_that_cannot_be_at_their_revisions_have_diverged_whatever_their_hashes_are() {
    let mut scene = Scene::healthy();
    scene.status("orange").header.as_mut().unwrap().revision = 1100;
    scene.doubt("pink", Ok((1, 5)), true);
    scene.doubt("orange", Ok((1, 5)), true);
    scene.tells(1, "error: members have DIVERGED: orange against pink");
    // With a client that may not ask for hashes, too.
    let refused = || Err(Error::Refused("auth: permission denied".to_owned()));
    scene.doubt("pink", refused(), true);
    scene.doubt("orange", refused(), true);
    scene.tells(1, "error: members have DIVERGED");
}

#[test]
fn members_in_doubt_with_the_same_hash_have_the_same_data() {
    let mut scene = Scene::healthy();
    scene.doubt("pink", Ok((1, 5)), false);
    scene.doubt("orange", Ok((1, 5)), true);
    assert_eq!(scene.told(), (0, Vec::new()));
}

#[test]
fn members_whose_hashes_cannot_be_compared_may_have_diverged() {
    let mut scene = Scene::healthy();
    scene.doubt("pink", Ok((1, 5)), false);
    scene.doubt("orange", Err(Error::Refused("auth: permission denied".to_owned())), false);
    scene.tells(1, "warning: members may have diverged: pink, orange");
    scene.doubt("orange", Err(Error::Unknown("no answer within the deadline".to_owned())), false);
    scene.tells(1, "warning: members may have diverged: pink, orange");
    let finding = &scene.report().findings[0];
    assert!(finding.notes[1].ends_with("compared: no answer within the deadline"), "{finding:?}");
    assert!(finding.help[0].contains("`--deadline`"), "{finding:?}");
    scene.doubt("orange", Ok((2, 6)), false);
    scene.tells(1, "warning: members may have diverged: pink, orange");
}

#[test]
fn a_certificate_that_was_renewed_and_not_installed_is_other_than_compiled() {
    let mut scene = Scene::healthy();
    let older = scene.ca.issue("orange", 50, (-300, 200));
    scene.member("orange").peer_certificate = Some(Ok(vec![older]));
    scene.tells(
        2,
        "warning: orange's peer certificate was renewed, and the new one is not yet installed",
    );
    // Days before the old one ends, that is a fault.
    scene.observed.now += 126 * DAY;
    scene.tells(1, "orange's peer certificate was renewed, and the new one is not yet installed");
    scene.observed.now += 10 * DAY;
    let (code, told) = scene.told();
    assert!(
        code == 1
            && told[0] == "error: orange's peer certificate expired 24 hours ago, on 2027-02-16",
        "{told:?}"
    );
}

#[test]
fn a_certificate_that_is_due_is_told_and_is_a_fault_when_nobody_renewed_it() {
    let mut scene = Scene::healthy();
    scene.observed.now = NOW + 240 * DAY;
    let (code, told) = scene.told();
    assert_eq!((code, told.len()), (0, 6), "{told:?}");
    assert_eq!(told[0], "warning: daffodil's client certificate expires in 60 days, on 2027-07-31");
    scene.observed.now = NOW + 290 * DAY;
    assert_eq!(scene.told().0, 1);
}

#[test]
fn a_certificate_that_is_later_than_the_program_asks_for_another_build() {
    let mut scene = Scene::healthy();
    let later = scene.ca.issue("orange", 50, (60, 425));
    scene.member("orange").client_certificate = Some(Ok(vec![later]));
    scene.tells(2, "warning: orange's client certificate is newer than this program");
    let help = scene.report().findings.remove(0).help.concat();
    // A package may be in no repository, or in one without a remote: no `git pull` would end there.
    assert!(help == BUILD_AGAIN && !help.contains("git"), "{help}");
}

#[test]
fn a_certificate_of_another_ca_is_foreign_and_one_with_an_intermediate_is_not() {
    let mut scene = Scene::healthy();
    let other = Authority::new("another CA");
    let leaf = other.issue("orange", 50, (0, 365));
    scene.member("orange").client_certificate = Some(Ok(vec![leaf.clone()]));
    scene.tells(
        1,
        "error: orange's client certificate was issued by another CA than those that are compiled",
    );
    let intermediate = scene.ca.issue("another CA", 51, (0, 365));
    scene.member("orange").client_certificate = Some(Ok(vec![leaf, intermediate]));
    scene.tells(2, "orange's client certificate was renewed");
}

/// The folder `out/pki` was lost, and the CA made again.
#[test]
fn a_ca_of_our_name_with_another_key_is_foreign_where_our_certificate_is_at_hand() {
    let mut scene = Scene::healthy();
    let again = Authority::new("etcd-cluster-1 etcd CA").issue("orange", 50, (60, 425));
    scene.member("orange").client_certificate = Some(Ok(vec![again]));
    let words = "error: orange's client certificate was issued by another CA than those that are \
                 compiled";
    scene.tells(1, words);
    scene.beside.cas = std::mem::take(&mut scene.observed.cas);
    scene.tells(1, words);
    // By its name alone it cannot be told.
    scene.beside.cas.clear();
    scene.tells(2, "warning: orange's client certificate is newer than this program");
}

#[test]
fn one_fault_has_one_help_and_none_of_a_folder_that_is_not_there() {
    let untrusted = Reach::Untrusted("certificate expired".to_owned());
    let helps = |scene: &Scene| {
        let findings = scene.report().findings.into_iter();
        findings.flat_map(|it| it.help).filter(|it| it.contains("out/")).collect::<Vec<_>>()
    };
    let mut scene = Scene::healthy().gone("orange", untrusted.clone());
    assert_eq!(
        helps(&scene),
        ["copy `out/members/orange/certs` to its node: no restart is needed"]
    );
    let expired = scene.ca.issue("orange", 50, (-365, 60));
    scene.member("orange").client_certificate = Some(Ok(vec![expired]));
    let copy = "copy `out/members/orange/certs` to its node: no restart is needed";
    assert_eq!(helps(&scene), [copy]);
    assert_eq!(scene.told().1.len(), 2, "{:?}", scene.told());
    // One that was added by hand, with a certificate of its own.
    let mut scene = Scene::healthy().with_other("tulip", 7, false).gone("tulip", untrusted);
    let gone = "tulip is not compiled, and has no certificate in `out/`: describe it in cluster.toml, or remove it";
    assert_eq!(helps(&scene), [gone]);
    let expired = scene.ca.issue("tulip", 51, (-365, 60));
    scene.member("tulip").client_certificate = Some(Ok(vec![expired]));
    assert_eq!(helps(&scene), [gone]);
}

#[test]
fn a_certificate_of_tomorrow_is_a_matter_of_clocks() {
    let mut scene = Scene::healthy();
    let later = scene.ca.issue("orange", 50, (66, 425));
    scene.member("orange").client_certificate = Some(Ok(vec![later]));
    scene.tells(1, "error: orange's client certificate is not valid yet");
}

#[test]
fn one_certificate_for_both_ports_is_told_once() {
    let mut scene = Scene::healthy();
    let both = scene.ca.issue("orange", 50, (-300, 200));
    scene.member("orange").client_certificate = Some(Ok(vec![both.clone()]));
    scene.member("orange").peer_certificate = Some(Ok(vec![both]));
    scene.tells(2, "warning: orange's certificate was renewed");
}

#[test]
fn a_client_whose_certificate_ends_is_told_and_where_a_later_one_is() {
    let mut scene = Scene::healthy();
    let end = |days: i64, is_renewed| {
        vec![ClientEnd { name: "root".to_owned(), not_after: NOW + days * DAY, is_renewed }]
    };
    scene.beside.clients = end(20, true);
    assert_eq!(scene.told(), (0, Vec::new()));
    scene.beside.clients = end(3, true);
    scene.tells(1, "warning: the certificate of client root expires in 3 days, on 2026-10-07");
    assert!(scene.report().findings[0].help[1].contains("`bouquet done root` records it"));
    scene.beside.clients = end(-3, false);
    scene.tells(1, "error: the certificate of client root expired 3 days ago, on 2026-10-01");
    assert_eq!(
        scene.report().findings[0].help,
        ["build, then copy `out/clients/root` to its machine"]
    );
}

#[test]
fn a_pair_without_a_connection_is_told_where_both_are_up() {
    let mut scene = Scene::healthy();
    scene.member("orange").metrics.as_mut().unwrap().peers.insert(PINK, false);
    scene.tells(1, "orange has no connection to pink, and both are up");
    let again = "restart etcd on pink, which still has connections from there";
    assert!(scene.report().findings[0].help[1].ends_with(again));
    // One that it has not met since it started is not in its metrics.
    scene.member("orange").metrics.as_mut().unwrap().peers.remove(&PINK);
    scene.tells(1, "orange has no connection to pink, and both are up");
    let scene = scene.gone("pink", Reach::Silent);
    scene.tells(1, "pink is silent");
    assert_eq!(scene.row("orange").mesh.iter().filter(|(_, is_active)| !is_active).count(), 1);
}

#[test]
fn a_database_that_is_nearly_full_and_a_member_that_is_behind_are_told() {
    let mut scene = Scene::healthy();
    scene.status("orange").db_size = (2 << 30) - 1;
    scene.tells(1, "the database of orange is nearly as large as its quota");
    let help = |scene: &Scene| scene.report().findings[0].help.concat();
    assert!(help(&scene).ends_with(": at the quota etcd takes no write any more"));
    // As after a start with a lower one.
    scene.status("orange").db_size = 15 << 30;
    scene.tells(1, "the database of orange is at least as large as its quota");
    assert!(help(&scene).ends_with(": beyond the quota etcd takes no write any more"));
    let mut scene = Scene::healthy();
    scene.status("orange").raft_applied_index -= 5001;
    scene.tells(1, "orange is behind by 5001 entries of the log");
}

#[test]
fn two_seconds_between_two_clocks_are_none() {
    let mut scene = Scene::healthy();
    scene.member("pink").clock = Some(2);
    assert_eq!(scene.told(), (0, Vec::new()));
    scene.member("pink").clock = Some(3);
    scene.tells(1, "the clock of pink is 3 s ahead of that of this machine");
}

#[test]
fn what_the_list_has_and_is_not_compiled_is_told() {
    let mut scene = Scene::healthy();
    scene.lists(|members| members[1].name = "rose".to_owned());
    scene.tells(2, "the members call pink rose");
    let mut scene = Scene::healthy();
    scene.lists(|members| members[1].client_urls = vec!["https://10.0.0.1:2379".to_owned()]);
    scene.tells(
        2,
        "pink tells clients https://10.0.0.1:2379, and compiled is https://192.168.65.102:2379",
    );
    let mut scene = Scene::healthy();
    scene.lists(|members| members[1].peer_urls = vec!["https://10.0.0.1:2380".to_owned()]);
    scene.tells(2, "the members know pink at https://10.0.0.1:2380, and compiled is https://192.168.65.102:2380");
}

#[test]
fn versions_are_told_by_release_with_what_is_known_of_each() {
    let mut scene = Scene::healthy();
    scene.compiled_version("3.5.33");
    assert_eq!(scene.told(), (0, Vec::new()));
    scene.status("orange").version = "3.5.30".to_owned();
    scene.tells(2, "orange runs etcd 3.5.30, and compiled is 3.5.33");
    // A fault is a fact of what is compiled so.
    let mut scene = Scene::healthy();
    scene.every_status(|status| status.version = "3.5.5".to_owned());
    let (code, told) = scene.told();
    assert!(
        code == 0 && told[0].starts_with("warning: etcd 3.5.5, which daffodil, pink, orange run,"),
        "{told:?}"
    );
}

/// `etcd = "3.6"` is built whatever patch of 3.5 runs; here it is seen.
#[test]
fn a_patch_that_is_too_old_for_the_next_minor_is_told() {
    let mut scene = Scene::healthy();
    scene.compiled_version("3.6");
    scene.status("pink").version = "3.5.20".to_owned();
    let (code, told) = scene.told();
    assert_eq!(code, 2);
    let words = "warning: before 3.6, etcd 3.5.26 or later has to run on pink, where 3.5.20 runs";
    assert!(told.contains(&words.to_owned()), "{told:#?}");
    assert_eq!(told.len(), 3, "{told:#?}");
}
