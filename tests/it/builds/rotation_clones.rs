//! A change of CA where more than one clone has keys: the steps that would cut someone off are refused in each
//! of them, also right after an import, when `out/` has none of the files that a build makes.

use crate::support::cluster::{Cluster, SPEC};
use crate::support::programs::shell;

const FIRST: &str = "trust = [1, 2]";
const SECOND: &str = "issue = 2\ntrust = [1, 2]";
const THIRD: &str = "issue = 2";

/// The spec with that `[ca]`.
fn with_ca(ca: &str) -> String {
    format!("{SPEC}\n[ca]\n{ca}\n")
}

/// A clone that has imported the keys of a cluster after those phases, and was not built since.
fn imported_after(phases: &[&str]) -> Cluster {
    let cluster = Cluster::built(SPEC);
    for phase in phases {
        cluster.write(with_ca(phase));
        cluster.succeeds();
    }
    let made = "! -path 'members/*/certs/ca.crt' ! -path 'clients/*/ca.crt'";
    let files = format!("find pki members clients -name '*.key' -o -name '*.crt' {made}");
    shell(
        &format!("mv out built && mkdir out && cd built && cp --parents $({files}) ../out"),
        cluster.folder.path(),
    );
    cluster
}

#[test]
fn no_phase_is_left_out_after_an_import() {
    for too_early in [SECOND, THIRD] {
        let clone = imported_after(&[]);
        clone.write(with_ca(too_early));
        let said = clone.fails();
        assert!(said.contains("CA 2 is to issue certificates, but is not trusted yet"), "{said}");
        assert!(said.contains("by 4 files, such as `"), "{said}");
        assert!(said.contains("members/pink/certs/ca.crt`"), "{said}");
    }
    let clone = imported_after(&[FIRST]);
    clone.write(with_ca(THIRD));
    let said = clone.fails();
    assert!(said.contains("is trusted no more, but issued 7 certificates in use"), "{said}");
    clone.write(with_ca(SECOND));
    clone.succeeds();
}

#[test]
fn a_change_of_what_is_trusted_right_after_an_import_takes_a_restart() {
    let clone = imported_after(&[]);
    assert_eq!(clone.succeeds(), "", "nothing is new to the machines");
    for (before, phase) in [(&[][..], FIRST), (&[FIRST, SECOND], THIRD)] {
        let clone = imported_after(before);
        clone.write(with_ca(phase));
        let said = clone.succeeds();
        assert!(said.contains("the trusted CAs of 3 members changed"), "{said}");
    }
}

#[test]
fn a_clone_that_missed_the_phases_takes_them_from_the_lock() {
    let cluster = Cluster::built(SPEC);
    shell("cp -a out older", cluster.folder.path());
    for phase in [FIRST, SECOND, THIRD] {
        cluster.write(with_ca(phase));
        cluster.succeeds();
    }
    shell("mv out newer && cp -a older out", cluster.folder.path());
    // Before the import, nothing leads back, and nothing is issued.
    let said = cluster.build();
    let said = crate::support::cluster::said(&said);
    assert!(!said.contains("issue = 1") && !said.contains("aside"), "{said}");
    assert!(said.contains("cargo run -- secrets import"), "{said}");
    assert!(!said.contains("reissued"), "{said}");

    let keys =
        "cp --parents $(find pki members clients -name '*.key' -o -name '*.crt' ! -name ca.crt)";
    shell(
        &format!("rm -r out && mv older out && cd newer && {keys} ../out"),
        cluster.folder.path(),
    );
    let said = cluster.succeeds();
    assert!(!said.contains("reissued"), "{said}");
    let [ours, theirs] =
        ["out", "newer"].map(|out| cluster.read(&format!("{out}/members/pink/certs/ca.crt")));
    assert_eq!(ours, theirs);
}

#[test]
fn a_ca_that_a_colleague_issues_by_is_not_dropped_where_out_is_older() {
    let cluster = Cluster::built(SPEC);
    cluster.write(with_ca(FIRST));
    cluster.succeeds();
    shell("cp -a out older", cluster.folder.path());
    cluster.write(with_ca(SECOND));
    cluster.succeeds();
    shell("mv out newer && mv older out", cluster.folder.path());

    for back in [SPEC.to_owned(), with_ca("trust = [1]")] {
        cluster.write(back);
        let said = cluster.fails();
        assert!(said.contains("CA 2, `"), "{said}");
        assert!(said.contains("is trusted no more, but issued 7 certificates in use"), "{said}");
        assert!(said.contains("that of `members/pink/certs/server` in cluster.lock"), "{said}");
    }
    cluster.write(with_ca(THIRD));
    let said = cluster.fails();
    assert!(said.contains("cluster.lock has later ones"), "{said}");
    assert!(said.contains("`BOUQUET_WRITE=0 cargo run -- secrets import < FILE`"), "{said}");

    shell("mv out older && mv newer out", cluster.folder.path());
    cluster.succeeds();
}
