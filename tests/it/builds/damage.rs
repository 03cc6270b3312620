//! Files in `out/` that are damaged, cut off, emptied or replaced: a build puts them right from what is
//! whole, or names them. Whatever it says, nobody is led to another CA.

use crate::support::cluster::{Cluster, SPEC, said};
use crate::support::programs::{shell, verify};
use crate::support::scope;
use crate::support::snapshot::files;
use bouquet_build::diagnostic::Severity;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A cluster with a list of revoked certificates, and all that is in its `out/`; in a default run one file of each name
/// within `pki/` and outside.
fn whole() -> (Cluster, Vec<PathBuf>) {
    let cluster = Cluster::built(format!("{SPEC}\n[ca]\ncrl = true\n"));
    let (out, pki) = (cluster.path("out"), cluster.path("out/pki"));
    let mut all = files(&out, "");
    let mut names = BTreeSet::new();
    all.retain(|file| {
        let name = file.file_name().map(ToOwned::to_owned);
        names.insert((file.starts_with(&pki), name)) || scope::is_full()
    });
    (cluster, all)
}

/// Builds after a change to one file, and puts `out/` back as it was.
fn after(cluster: &Cluster, file: &Path, content: &[u8], what: &str) {
    let ca = cluster.ca().unwrap();
    shell("rm -rf kept; cp -a out kept", cluster.folder.path());
    fs::write(file, content).unwrap();
    let built = cluster.build();
    let said = said(&built);
    let shown = format!("{} {what}: {said}", file.display());
    for lead in ["trust = [", "issue =", "change over", "aside", "made a certificate authority"] {
        assert!(!said.contains(lead), "it leads to another CA by `{lead}`: {shown}");
    }
    let mut errors = built.found.iter().filter(|found| found.severity == Severity::Error);
    assert!(
        errors.all(|found| found.primary.is_none()),
        "it says that cluster.toml is wrong: {shown}"
    );
    if built.report.is_some() {
        assert_eq!(cluster.ca().unwrap(), ca, "{shown}");
        verify(&cluster.path("out"));
        let again = cluster.build();
        assert!(again.report.is_some() && again.written().is_empty(), "{shown}");
    } else {
        let errors = built.found.iter().filter(|found| found.severity == Severity::Error);
        let path = file.display().to_string();
        // Where a certificate and its key do not fit, either may be the damaged one.
        let pair = path.replace("ca.crt", "ca.key");
        let names = |text: &String| text.contains(&path) || text.contains(&pair);
        let mut texts = errors.flat_map(|found| [&found.message].into_iter().chain(&found.help));
        assert!(texts.any(names), "it does not name the file: {shown}");
        assert_eq!(fs::read(file).unwrap(), content, "it is as it was found: {shown}");
    }
    shell("rm -rf out; mv kept out", cluster.folder.path());
}

#[test]
fn a_byte_that_is_damaged_is_put_right_or_its_file_is_named() {
    let (cluster, all) = whole();
    for (nth, file) in all.iter().enumerate() {
        let good = fs::read(file).unwrap();
        // Prime steps, and another start in each file: in the copies of one text, other bytes.
        for at in (nth * 13 % 37..good.len()).step_by(scope::cases(9_973, 53) as usize) {
            let mut bad = good.clone();
            bad[at] ^= 1 << (at % 7);
            after(&cluster, file, &bad, &format!("with bit {} of byte {at} flipped", at % 7));
        }
    }
}

#[test]
fn a_file_that_is_cut_off_or_emptied_is_put_right_or_named() {
    let (cluster, all) = whole();
    for file in &all {
        let good = fs::read(file).unwrap();
        let all = [good.len() / 2, 0, good.len().saturating_sub(1)];
        for keep in &all[..scope::cases(2, 3) as usize] {
            after(&cluster, file, &good[..*keep], &format!("cut off after {keep} bytes"));
        }
    }
}

#[test]
fn a_file_that_was_replaced_by_another_is_put_right_or_named() {
    let (cluster, all) = whole();
    let other = Cluster::built(SPEC);
    let [leaf, key] = ["server.crt", "server.key"]
        .map(|file| fs::read(cluster.path(&format!("out/members/pink/certs/{file}"))).unwrap());
    let theirs = other.ca().unwrap();
    let copies = all.iter().filter(|file| !file.starts_with(cluster.path("out/pki")));
    for file in copies.filter(|file| file.extension().is_some_and(|e| e == "crt" || e == "key")) {
        for (what, content) in [("a leaf", &leaf), ("a key", &key), ("a foreign CA", &theirs)] {
            if fs::read(file).unwrap() != *content {
                after(&cluster, file, content, &format!("replaced by {what}"));
            }
        }
    }
}

/// Both phases in which there are two CAs. Readers pass over a block whose first line is damaged; and a
/// member that lacked the CA which issues would accept nobody.
#[test]
fn a_copy_that_has_lost_one_of_two_cas_is_put_right() {
    let cluster = Cluster::built(SPEC);
    for phase in ["trust = [1, 2]", "trust = [1, 2]\nissue = 2"] {
        cluster.write(format!("{SPEC}\n[ca]\n{phase}\n"));
        cluster.succeeds();
        for copy in ["out/members/pink/certs/ca.crt", "out/clients/root/ca.crt"] {
            let path = cluster.path(copy);
            let good = fs::read(&path).unwrap();
            let other = if phase.contains("issue") { "out/pki/ca.crt" } else { "out/pki/ca-2.crt" };
            let without_issuer = fs::read(cluster.path(other)).unwrap();
            let mark = [b"\xef\xbb\xbf".as_slice(), &good].concat();
            let first_line = [b"-----begin".as_slice(), &good[10..]].concat();
            for bad in [mark, first_line, without_issuer] {
                fs::write(&path, bad).unwrap();
                let said = cluster.succeeds();
                assert!(
                    said.contains(&format!("{copy}` was damaged or replaced, and is put right")),
                    "{said}"
                );
                assert!(!said.contains("each needs a restart"), "{said}");
                assert_eq!(fs::read(&path).unwrap(), good);
            }
        }
    }
}

#[test]
fn nobody_is_told_to_overwrite_the_only_key_of_a_ca() {
    let cluster = Cluster::built(SPEC);
    for script in [
        "mv out/pki/ca.crt x; mv out/pki/ca.key out/pki/ca.crt; mv x out/pki/ca.key",
        "mv out/pki/ca.key out/pki/ca.crt",
        "cat out/pki/ca.key >> out/pki/ca.crt; rm out/pki/ca.key",
        "openssl pkey -in out/pki/ca.key -outform der -out out/pki/ca.crt; rm out/pki/ca.key",
    ] {
        shell(&format!("rm -rf kept; cp -a out kept; {script}"), cluster.folder.path());
        let said = said(&cluster.build());
        let first = said.find("move it aside first").unwrap_or_else(|| panic!("{script}: {said}"));
        assert!(said.find("put the right one back").is_some_and(|then| first < then), "{said}");
        shell("rm -rf out; mv kept out", cluster.folder.path());
    }
}

#[test]
fn the_only_leaf_of_a_cluster_may_be_damaged() {
    let spec = "[cluster]\ntoken = \"t\"\netcd = \"3.5.30\"\n[tls]\nlayout = \"combined\"\n[[member]]\n\
                name = \"pink\"\nip = \"10.0.0.1\"\n";
    let cluster = Cluster::built(spec);
    let file = cluster.path("out/members/pink/certs/server.crt");
    let good = fs::read(&file).unwrap();
    for at in (0..good.len()).step_by(23) {
        let mut bad = good.clone();
        bad[at] ^= 2;
        after(&cluster, &file, &bad, &format!("with byte {at} damaged"));
    }
}

#[test]
fn a_copy_that_is_put_right_is_named_and_nobody_is_restarted_for_it() {
    let cluster = Cluster::built(SPEC);
    let copy = cluster.path("out/members/orange/certs/ca.crt");
    fs::write(&copy, "").unwrap();
    let said = cluster.succeeds();
    assert!(
        said.contains("orange/certs/ca.crt` was damaged or replaced, and is put right"),
        "{said}"
    );
    assert!(!said.contains("each needs a restart"), "{said}");
    assert_eq!(fs::read(copy).ok(), cluster.ca());
    assert_eq!(cluster.succeeds(), "");
}
