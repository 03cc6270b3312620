//! Keys that `cluster.toml` wants no more: as long as a machine runs with them, no build tells to remove them.

use crate::support::cluster::{Cluster, SPEC};
use std::time::SystemTime;

/// A cluster that was built and recorded, with another spec since.
fn changed(before: &str, after: &str) -> Cluster {
    let cluster = Cluster::built(before);
    cluster.record();
    cluster.write(after);
    cluster
}

/// Without the section of a member or client.
fn without(name: &str) -> String {
    let mut sections: Vec<&str> = SPEC.split("\n[[").collect();
    sections.retain(|section| !section.contains(&format!("name = \"{name}\"")));
    sections.join("\n[[")
}

#[test]
fn what_members_run_with_is_not_to_be_removed_before_tls_is_off_everywhere() {
    let off = format!("{SPEC}\n[tls]\nenabled = false\n");
    let cluster = changed(SPEC, &off);
    let said = cluster.fails();
    let line = said.rsplit("`accept = ").next().and_then(|rest| rest.split('`').next()).unwrap();
    cluster.write(off.replacen("[cluster]", &format!("[cluster]\naccept = {line}"), 1));
    for _ in 0..2 {
        let said = cluster.succeeds();
        assert!(said.contains("accepted, and to be done with care"), "{said}");
        assert!(!said.contains("`rm ") && !said.contains("no longer wants"), "{said}");
    }
    cluster.record();
    let said = cluster.succeeds();
    assert!(said.contains("if they are not coming back: `rm "), "{said}");
    assert!(said.contains("out/members/pink/certs/peer.key"), "{said}");
    assert!(said.contains("out/clients/root"), "{said}");
}

#[test]
fn the_files_of_a_removed_member_stay_until_it_is_recorded_as_gone() {
    let cluster = changed(SPEC, &without("camellia"));
    let said = cluster.succeeds();
    assert!(said.contains("camellia: removed"), "{said}");
    assert!(!said.contains("rm -r") && !said.contains("no longer wants"), "{said}");
    cluster.record();
    let said = cluster.succeeds();
    assert!(said.contains("if it is not coming back: `rm -r "), "{said}");
    assert!(said.contains("out/members/camellia"), "{said}");

    // One that was never recorded may run, or not: the help says when.
    let cluster = Cluster::built(SPEC);
    cluster.write(without("camellia"));
    assert!(cluster.succeeds().contains("if it is not coming back: `rm -r "));
}

#[test]
fn of_another_layout_the_former_pair_stays_until_it_is_recorded() {
    let combined = format!("{SPEC}\n[tls]\nlayout = \"combined\"\n");
    let cluster = changed(SPEC, &combined);
    let said = cluster.succeeds();
    assert!(!said.contains("`rm "), "{said}");
    cluster.record();
    let said = cluster.succeeds();
    assert!(said.contains("out/members/pink/certs/peer.key"), "{said}");
    assert!(!said.contains("out/members/pink/certs/server"), "{said}");
}

#[test]
fn a_removed_client_is_told_with_the_end_of_its_certificate_and_its_files_stay_until_it_is_recorded()
 {
    let cluster = changed(SPEC, &without("root"));
    let lock = cluster.lock();
    let line = lock.lines().find(|line| line.contains("owner = \"root\"")).expect("its line");
    let (_, end) = line.split_once("not-after = ").expect("an end");
    let (day, _) = end.split_once('T').expect("a day");
    let said = cluster.succeeds();
    let told = format!("client root: removed: former certificates are valid until {day}\n");
    assert!(said.contains(&told), "{told}: {said}");
    assert!(!said.contains("rm -r"), "{said}");

    // It is accepted, and there all the same.
    let accepted =
        without("root").replacen("[cluster]", "[cluster]\naccept = [\"remove client/root\"]", 1);
    cluster.write(accepted);
    let said = cluster.succeeds();
    assert!(!said.contains("removed") && !said.contains("rm -r"), "{said}");
    cluster.record();
    let said = cluster.succeeds();
    assert!(said.contains("out/clients/root") && said.contains("`rm -r "), "{said}");
}

#[test]
fn a_certificate_that_is_revoked_has_no_end_to_tell() {
    let with_list = format!("{SPEC}\n[ca]\ncrl = true\n");
    let cluster = Cluster::built(&with_list);
    cluster.record();
    let day = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let day = bouquet_model::time::Date(i64::try_from(day.as_secs()).unwrap());
    let revoked = format!("\n[ca]\ncrl = true\n\n[[revoked]]\nname = \"root\"\ndate = \"{day}\"\n");
    cluster.write(without("root") + &revoked);
    let said = cluster.succeeds();
    assert!(said.contains("client root: removed\n"), "{said}");
}

#[test]
fn a_former_name_of_a_client_is_told_with_its_end() {
    let cluster = changed(SPEC, &format!("{SPEC}common-name = false\n"));
    let said = cluster.succeeds();
    assert!(
        said.contains("client root: loses its common name: former certificates are valid until 20"),
        "{said}"
    );
}
