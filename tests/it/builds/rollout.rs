//! What a build says has to be done on the machines.

use crate::support::cluster::{Cluster, SPEC};
use std::fs;

const RESTART: &str = "each uses them from its next start on";
const COPY: &str = "copy the new certificates to their machines; no restart is needed";

/// What building says of a spec that was another one before.
fn said_of(before: &str, after: &str) -> String {
    let cluster = Cluster::built(before);
    cluster.write(after);
    cluster.succeeds()
}

/// Data that is there is not to be moved for it.
#[test]
fn a_folder_of_data_that_may_be_a_mount_point_is_told_until_a_member_has_it() {
    let spec = |folder: &str| SPEC.replace("/data/etcd", folder);
    for (folder, below) in [("/data", "/data/etcd"), ("/mnt/ssd", "/mnt/ssd/etcd")] {
        let cluster = Cluster::new(spec(folder));
        for _ in 0..2 {
            let said = cluster.succeeds();
            assert_eq!(said.matches("may be where a disk is mounted").count(), 1, "{said}");
            assert!(said.contains(&format!("write `data-dir = \"{below}\"`")), "{said}");
            assert!(said.contains("cluster.toml:7:"), "{said}");
        }
        cluster.record();
        assert_eq!(cluster.succeeds(), "");
    }
    for folder in ["/data/etcd", "/var/lib/etcd", "/srv/etcd", "/mnt/ssd/etcd"] {
        let said = Cluster::new(spec(folder)).succeeds();
        assert!(!said.contains("mounted"), "{folder}: {said}");
    }
}

#[test]
fn a_first_build_has_nobody_to_restart() {
    let said = Cluster::new(SPEC).succeeds();
    assert!(!said.contains("restart") && !said.contains(RESTART), "{said}");
}

#[test]
fn an_option_counts_from_the_next_start_of_whoever_has_it() {
    let all = said_of(SPEC, &SPEC.replace("[etcd]", "[etcd]\nsnapshot-count = 20000"));
    assert!(
        all.contains("the files that 3 members start from changed on ") && all.contains(RESTART),
        "{all}"
    );

    let own = "ip = \"10.0.0.2\"\n[member.etcd]\nsnapshot-count = 20000";
    let one = said_of(SPEC, &SPEC.replace("ip = \"10.0.0.2\"", own));
    assert!(one.contains("the files that 1 member starts from changed on "), "{one}");
}

#[test]
fn clients_are_told_where_the_cluster_is_now() {
    let moved = |spec: &str| spec.replace("ip = \"10.0.0.2\"", "ip = \"10.0.0.9\"");
    let two = format!("{SPEC}\n[[client]]\nname = \"kube-apiserver\"\n");
    let said = said_of(&two, &moved(&two));
    assert!(said.contains("the files by which 2 clients find the cluster changed on "), "{said}");
    let said = said_of(SPEC, &moved(SPEC));
    assert!(said.contains("the files by which 1 client finds the cluster changed on "), "{said}");
    let said = said_of(SPEC, &SPEC.replace("[etcd]", "[etcd]\nsnapshot-count = 20000"));
    assert!(!said.contains("the cluster changed on"), "{said}");
}

/// As the files of a release that had no digest in them, or another one.
#[test]
fn new_comments_in_the_head_of_a_file_need_no_restart() {
    let cluster = Cluster::built(SPEC);
    for (member, files) in [("pink", &["etcd.sh", "etcd.service"][..]), ("orange", &["etcd.env"])] {
        for file in files {
            let path = cluster.path(&format!("out/members/{member}/{file}"));
            let text = fs::read_to_string(&path).unwrap();
            let without = text.lines().filter(|line| !line.starts_with("# definition "));
            fs::write(path, without.flat_map(|line| [line, "\n"]).collect::<String>()).unwrap();
        }
    }
    let said = cluster.succeeds();
    assert!(said.contains("the files that 2 members start from changed on "), "{said}");
    assert!(said.contains("no restart is needed") && !said.contains(RESTART), "{said}");
    assert_eq!(cluster.succeeds(), "");

    // One whose options are new as well needs it, and is counted once.
    let path = cluster.path("out/members/pink/etcd.sh");
    let text = fs::read_to_string(&path).unwrap().replace("# definition ", "# was ");
    fs::write(path, text).unwrap();
    cluster.write(SPEC.replace("[etcd]", "[etcd]\nsnapshot-count = 20000"));
    let said = cluster.succeeds();
    assert!(said.contains("the files that 3 members start from changed on "), "{said}");
    assert!(said.contains(RESTART) && !said.contains("no restart"), "{said}");
}

#[test]
fn a_further_member_is_no_reason_to_restart_the_others() {
    let fourth = "\n[[member]]\nname = \"daffodil\"\nip = \"10.0.0.4\"\n";
    let ca = "\n[ca]\nname-constraints = true\npermit = [\"10.0.0.0/24\"]\n";
    let said = said_of(&format!("{SPEC}{ca}"), &format!("{SPEC}{fourth}{ca}"));
    assert!(said.contains("the files that 3 members start from changed"), "{said}");
    assert!(
        said.contains("`initial-…` options count at the first start of a member only"),
        "{said}"
    );
}

#[test]
fn a_list_of_revoked_certificates_is_there_before_its_option() {
    let said = said_of(SPEC, &format!("{SPEC}\n[ca]\ncrl = true\n"));
    assert!(
        said.contains("the files that 3 members start from changed") && said.contains(RESTART),
        "{said}"
    );
    assert!(said.contains("copy `certs/` before the rest"), "{said}");
}

#[test]
fn a_list_of_revoked_certificates_goes_after_its_option() {
    let said = said_of(&format!("{SPEC}\n[ca]\ncrl = true\n"), SPEC);
    assert!(
        said.contains("the files that 3 members start from changed") && said.contains(RESTART),
        "{said}"
    );
    assert!(said.contains("stop a member, give it all its new files, start it"), "{said}");
}

#[test]
fn new_certificates_and_comments_need_no_restart() {
    let said = said_of(SPEC, &SPEC.replace("name = \"pink\"", "name = \"pink\"\ngeneration = 2"));
    assert!(said.contains(COPY) && !said.contains(RESTART), "{said}");

    assert_eq!(said_of(SPEC, &format!("# A comment.\n{SPEC}")), "");
}

#[test]
fn a_file_that_was_lost_is_put_back_without_a_word() {
    let cluster = Cluster::built(SPEC);
    fs::remove_file(cluster.path("out/members/pink/etcd.sh")).unwrap();
    assert_eq!(cluster.succeeds(), "");
}

#[test]
fn a_member_that_went_takes_no_file_from_the_others() {
    let third = SPEC.find("[[member]]\nname = \"camellia\"").unwrap();
    let client = SPEC.find("[[client]]").unwrap();
    let said = said_of(SPEC, &format!("{}{}", &SPEC[..third], &SPEC[client..]));
    assert!(said.contains("the files that 2 members start from changed"), "{said}");
    assert!(!said.contains("until its restart"), "{said}");
}

#[test]
fn a_certificate_whose_file_was_removed_is_copied_as_one_that_was_renewed() {
    let cluster = Cluster::built(SPEC);
    for file in ["server.crt", "server.key"] {
        fs::remove_file(cluster.path("out/members/pink/certs").join(file)).unwrap();
    }
    let said = cluster.succeeds();
    assert!(
        said.contains("the one that cluster.lock tells of is not here") && said.contains(COPY),
        "{said}"
    );
}

/// Its certificate alone, copied first, would have it refused by its peers.
#[test]
fn a_member_at_another_address_is_told_to_etcd_before_anything_is_copied() {
    let said = said_of(SPEC, &SPEC.replace("10.0.0.2", "10.0.0.9"));
    assert!(said.contains("the peer URLs of orange changed on "), "{said}");
    assert!(said.contains("etcd is told before its files"), "{said}");
    assert!(said.contains("does not match any of DNSNames"), "{said}");
    assert!(said.contains("`cargo run -- plan --offline` has the commands"), "{said}");
    assert!(!said.contains(COPY), "{said}");
    assert!(said.contains("the files that 2 members start from changed"), "{said}");

    // What is new for others is told besides.
    let both = SPEC.replace("10.0.0.2", "10.0.0.9").replace("\"pink\"", "\"pink\"\ngeneration = 2");
    let said = said_of(SPEC, &both);
    assert!(said.contains("the peer URLs of orange changed on "), "{said}");
    assert!(
        !said_of(SPEC, &SPEC.replace("[etcd]", "[etcd]\nsnapshot-count = 20000"))
            .contains("peer URLs")
    );
}

/// A unit of the release before, or one that was edited, of a cluster that runs.
#[test]
fn the_units_of_snapshots_are_no_reason_to_restart_anything() {
    let cluster = Cluster::built(SPEC);
    let edit = |file: &str| {
        let path = cluster.path(&format!("out/clients/root/{file}"));
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, text.replace("[Unit]", "[Unit]\nDefaultDependencies=no")).unwrap();
    };
    let edit_all = || ["etcd-snapshot.service", "etcd-snapshot.timer"].map(edit);
    for is_recorded in [false, true] {
        if is_recorded {
            cluster.record();
            cluster.succeeds();
        }
        edit_all();
        let said = cluster.succeeds();
        assert!(!said.contains("start") && !said.contains("the cluster changed"), "{said}");
        for file in ["etcd-snapshot.service", "etcd-snapshot.timer"] {
            fs::remove_file(cluster.path(&format!("out/clients/root/{file}"))).unwrap();
        }
        assert_eq!(cluster.succeeds(), "");
    }
}
