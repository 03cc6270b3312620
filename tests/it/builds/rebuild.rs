//! When cargo runs the build again, and what that changes: nothing, unless something has changed.

use crate::support::cluster::{Cluster, SPEC, all};
use crate::support::package::Package;
use crate::support::snapshot::{difference, snapshot};
use std::fs;
use std::process::{Child, Output};

/// Everything that cargo is to notice, on one package: each build takes seconds.
#[test]
fn cargo_runs_the_script_when_something_has_changed_and_only_then() {
    let spec = format!("{SPEC}\n[ca]\nname-constraints = true\npermit = [\"10.0.0.0/24\"]\n");
    let package = Package::new(&spec);
    package.build();
    let out = package.path("out");
    let before = snapshot(&out);
    assert!(!package.runs_the_script(), "a second build runs the script");
    assert!(difference(&before, &snapshot(&out)).is_empty(), "a second build writes");

    let artifact = package.path("out/members/pink/etcd.sh");
    let text = fs::read(&artifact).unwrap();
    fs::remove_file(&artifact).unwrap();
    assert!(package.runs_the_script(), "a file that is gone is not noticed");
    assert_eq!(fs::read(&artifact).unwrap(), text, "a file that is gone is not written again");
    assert!(!package.runs_the_script(), "a recovered file makes another run");

    fs::write(&artifact, "#!/bin/sh\nexec false\n").unwrap();
    assert!(package.runs_the_script(), "an edited file is not noticed");
    assert_eq!(fs::read(&artifact).unwrap(), text, "an edited file is not put right");
    assert!(!package.runs_the_script(), "a recovered file makes another run");

    let recovered = snapshot(&out);
    fs::File::open(&artifact).unwrap().set_modified(std::time::SystemTime::now()).unwrap();
    assert!(package.runs_the_script(), "a touched file is not noticed");
    let changed = difference(&recovered, &snapshot(&out));
    assert!(changed.iter().all(|path| *path == artifact), "{changed:?}");

    package.write(&spec.replace("10.0.0.3", "10.0.0.4"));
    assert!(package.runs_the_script(), "an edited spec is not noticed");
    assert!(fs::read_to_string(&artifact).unwrap().contains("10.0.0.4"));
    assert!(!package.runs_the_script(), "an edited spec makes two runs");

    let before = snapshot(&out);
    package.write(&spec.replace("10.0.0.3", "10.0.0.300"));
    let output = package.cargo("build").output().unwrap();
    let said = all(&output);
    assert!(!output.status.success(), "a wrong spec builds");
    assert!(said.contains("error: ") && said.contains("cluster.toml:19:6"), "{said}");
    assert!(said.contains("`10.0.0.300` is not an IP address"), "{said}");
    assert!(difference(&before, &snapshot(&out)).is_empty(), "a wrong spec changes out/");
}

#[test]
fn check_build_and_clippy_at_once_make_one_authority() {
    let package = Package::new(&SPEC.replace("faults", "at-once"));
    let commands: Vec<Child> =
        ["check", "build", "clippy"].map(|command| package.starts(command)).into();
    for command in commands {
        let output: Output = command.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", all(&output));
    }
    crate::support::programs::verify(&package.path("out"));
    let before = snapshot(&package.path("out"));
    package.build();
    assert!(difference(&before, &snapshot(&package.path("out"))).is_empty());
}

#[test]
fn second_build_writes_nothing_whatever_the_cluster() {
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
    let mut specs: Vec<String> = fs::read_dir(examples)
        .unwrap()
        .filter_map(|entry| fs::read_to_string(entry.unwrap().path().join("cluster.toml")).ok())
        .collect();
    assert!(specs.len() >= 5, "{} examples", specs.len());
    for layout in ["separate", "combined", "shared"] {
        for key in ["ecdsa-p256", "ecdsa-p384", "ed25519"] {
            specs.push(format!("{SPEC}\n[tls]\nlayout = \"{layout}\"\nkey = \"{key}\"\n"));
        }
    }
    for spec in specs {
        let cluster = Cluster::built(&spec);
        let folder = cluster.folder.path();
        let before = snapshot(folder);
        let built = cluster.build();
        assert!(built.written().is_empty(), "{:?}\n{spec}", built.written());
        let changed = difference(&before, &snapshot(folder));
        assert!(changed.is_empty(), "{changed:?}\n{spec}");
    }
}

/// The same spec at another hour, in another folder: the constants hold neither.
#[test]
fn constants_say_neither_when_nor_where_they_were_made() {
    let spec = format!("{SPEC}\n[tls]\nenabled = false\n");
    let constants = || {
        let cluster = Cluster::built(&spec);
        let text = fs::read_to_string(cluster.path("target/cluster.rs")).unwrap();
        assert!(!text.contains(&cluster.folder.path().display().to_string()));
        text
    };
    let first = constants();
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert_eq!(first, constants());
}
