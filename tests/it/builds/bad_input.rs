//! What a build does with what is wrong: it says so, fails, and leaves `out/` and every key alone.

use crate::support::cluster::{Cluster, SPEC, all, with_clients};
use crate::support::programs::{compile_step, in_own_mounts, shell, verify};
use crate::support::snapshot::{difference, snapshot};
use bouquet_outdir::Hold;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Builds as a process, and requires that it fails, says this, and changes nothing.
fn refused(cluster: &Cluster, what: &str) {
    let before = snapshot(&cluster.path("out"));
    compile_step();
    let started = Instant::now();
    let output = cluster.process();
    let said = all(&output);
    assert!(!output.status.success(), "it succeeds: {said}");
    assert!(said.contains(what), "it does not say {what:?}: {said}");
    // Cargo shows both streams of a script that fails, so what is on stdout would be said twice.
    assert!(output.stdout.is_empty(), "it is said twice: {said}");
    assert!(said.starts_with("error: ") || said.contains("\nerror: "), "nobody is told: {said}");
    assert!(!said.contains("panicked"), "{said}");
    assert!(started.elapsed() < Duration::from_secs(20), "it takes {:?}", started.elapsed());
    let after = snapshot(&cluster.path("out"));
    let changed = difference(&before, &after);
    assert!(changed.is_empty(), "out/ is not as before: {changed:?}");
}

/// Nobody may ever write into it, and the build holds the package.
#[test]
fn a_spec_that_is_a_pipe_is_not_waited_for() {
    let cluster = Cluster::built(SPEC);
    shell("rm cluster.toml && mkfifo cluster.toml", cluster.folder.path());
    refused(&cluster, "cluster.toml: it is a pipe, and not a file");
}

#[test]
fn files_that_are_no_spec_leave_everything_as_it_was() {
    let cluster = Cluster::built(SPEC);
    let many = |count: usize| {
        let member =
            |n| format!("[[member]]\nname = \"m{n}\"\nip = \"10.0.{}.{}\"\n", n / 250, n % 250);
        (0..count).map(member).collect::<String>()
    };
    let start = "[cluster]\ntoken = \"t\"\netcd = \"3.5\"\n";
    for (bytes, what) in [
        (Vec::new(), "the file is empty"),
        (b"# nothing\n".to_vec(), "error"),
        (b"\xff\xfe[\0c\0".to_vec(), "UTF-8"),
        (vec![b'a'; 10 << 20], "larger than 1 MiB"),
        (vec![b'['; 100_000], "error"),
        (format!("a = {}", "[".repeat(100_000)).into_bytes(), "error"),
        (format!("{start}[etcd]\na{} = 1", ".a".repeat(50_000)).into_bytes(), "error"),
        ([start.as_bytes(), b"\0"].concat(), "error"),
        (
            format!("{start}{}", many(10_000)).into_bytes(),
            "10000 members are more than a cluster can have",
        ),
        (
            format!("{start}{}", many(65)).into_bytes(),
            "65 members are more than a cluster can have",
        ),
    ] {
        cluster.write(&bytes);
        refused(&cluster, what);
    }
}

#[test]
fn names_that_something_else_would_read_leave_everything_as_it_was() {
    let cluster = Cluster::built(SPEC);
    for name in [
        "a=b",
        "a,b",
        "a'b",
        "a\\\"b",
        "a\\nb",
        "$(touch /tmp/owned)",
        "`id`",
        "é",
        "日本",
        "\\u202Eb",
        "a b",
        "../../etc",
        "-rf",
        ".hidden",
        "\\u0000",
        "",
    ] {
        cluster.write(SPEC.replace("\"pink\"", &format!("\"{name}\"")));
        refused(&cluster, "member name");
        cluster.write(SPEC.replace("\"root\"", &format!("\"{name}\"")));
        refused(&cluster, "client name");
    }
}

#[test]
fn spec_that_cannot_be_read_leaves_everything_as_it_was() {
    let cluster = Cluster::built(SPEC);
    fs::remove_file(cluster.path("cluster.toml")).unwrap();
    refused(&cluster, "cannot read cluster.toml");
    fs::create_dir(cluster.path("cluster.toml")).unwrap();
    refused(&cluster, "cannot read cluster.toml");
}

#[test]
fn out_that_is_a_file_is_left_alone() {
    let cluster = Cluster::new(SPEC);
    fs::write(cluster.path("out"), "mine").unwrap();
    refused(&cluster, "out");
}

#[test]
fn read_only_out_is_enough_to_prove_and_to_compile() {
    let cluster = Cluster::built(SPEC);
    let before = snapshot(&cluster.path("out"));
    fs::write(cluster.path("other.toml"), with_clients(1)).unwrap();
    let output = in_own_mounts(
        "mount --bind out out && mount -o remount,ro,bind out
         \"$COMPILE_STEP\" cluster.toml out
         cp cluster.lock other.lock
         \"$COMPILE_STEP\" other.toml out",
        cluster.folder.path(),
    );
    let said = all(&output);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("`out` cannot be written: this build proves and prints"), "{said}");
    assert!(said.contains("has not what cluster.toml asks for of `clients/client-0"), "{said}");
    assert!(difference(&before, &snapshot(&cluster.path("out"))).is_empty());
}

#[test]
fn full_disk_leaves_everything_as_it_was_and_the_next_build_succeeds() {
    let cluster = Cluster::new(SPEC);
    fs::create_dir(cluster.path("out")).unwrap();
    fs::write(cluster.path("other.toml"), with_clients(30)).unwrap();
    let output = in_own_mounts(
        "mount -t tmpfs -o size=1600k none out
         list() { find out -path out/filler -prune -o -type f -printf '%p %m %T@ ' -exec sha256sum {} ';' | sort; }
         \"$COMPILE_STEP\" cluster.toml out
         dd if=/dev/zero of=out/filler bs=1k 2>&1 || true
         truncate -s -100k out/filler
         list > before
         if \"$COMPILE_STEP\" other.toml out; then exit 7; fi
         list > after
         diff before after
         rm out/filler
         \"$COMPILE_STEP\" other.toml out
         list > grown
         test \"$(grep -c client.crt grown)\" = 31
         grep ' out/pki/ca' before > ca; grep ' out/pki/ca' grown | diff ca -",
        cluster.folder.path(),
    );
    let said = all(&output);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("the disk is full"), "{said}");
}

#[test]
fn half_written_files_are_made_whole() {
    let cluster = Cluster::built(SPEC);
    let (ca, whole) = (cluster.ca(), snapshot(&cluster.path("out")));
    for path in ["out/manifest", "out/members/pink/etcd.sh", "out/clients/root/ca.crt"] {
        let text = fs::read(cluster.path(path)).unwrap();
        fs::write(cluster.path(path), &text[..text.len() / 2]).unwrap();
    }
    for path in ["out/members/pink/certs/peer.crt", "out/members/orange/certs/server.key"] {
        let text = fs::read(cluster.path(path)).unwrap();
        fs::write(cluster.path(path), &text[..text.len() / 2]).unwrap();
    }
    fs::write(cluster.path("out/members/pink/.bouquet-tmp.etcd.env"), "half").unwrap();
    let said = cluster.succeeds();
    assert!(said.contains("reissued 2 certificates"), "{said}");
    let log = cluster.read("out/log/build.jsonl");
    let again: Vec<&str> =
        log.lines().filter(|line| !line.ends_with("\"reason\":\"new\"}")).collect();
    let is_of = |line: &&str, kind: &str, owner: &str| {
        line.contains(&format!("\"kind\":\"{kind}\",\"owner\":\"{owner}\""))
    };
    assert_eq!(again.len(), 2, "{log}");
    assert!(again.iter().any(|line| is_of(line, "peer", "pink")), "{log}");
    assert!(again.iter().any(|line| is_of(line, "server", "orange")), "{log}");
    assert_eq!(cluster.ca(), ca);
    verify(&cluster.path("out"));
    let text = |path: &str| fs::read(cluster.path(path)).unwrap();
    for path in ["out/manifest", "out/members/pink/etcd.sh", "out/clients/root/ca.crt"] {
        let content = whole[&cluster.path(path)].0.as_deref();
        assert_eq!(Some(text(path).as_slice()), content, "{path}");
    }
}

#[test]
fn a_build_that_waits_for_another_one_takes_the_spec_as_it_is_then() {
    let cluster = Cluster::built(SPEC);
    let hold = Hold::take(cluster.folder.path(), |_| {}).unwrap();
    let mut build = cluster.command().stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let mut stderr = BufReader::new(build.stderr.take().unwrap());
    stderr.read_line(&mut line).unwrap();
    assert!(line.contains("waiting for another build"), "{line}");
    cluster.write(with_clients(1));
    drop(hold);
    std::io::copy(&mut stderr, &mut std::io::sink()).unwrap();
    assert!(build.wait().unwrap().success());
    assert!(cluster.path("out/clients/client-0/client.crt").exists());
}

#[test]
fn two_builds_at_once_make_one_authority() {
    for _ in 0..10 {
        let cluster = Cluster::new(SPEC);
        let start = |folder: &str| {
            fs::create_dir(cluster.path(folder)).unwrap();
            cluster
                .command()
                .env("OUT_DIR", cluster.path(folder))
                .stdout(Stdio::null())
                .spawn()
                .unwrap()
        };
        let builds = [start("one"), start("two")];
        for mut build in builds {
            assert!(build.wait().unwrap().success());
        }
        verify(&cluster.path("out"));
        let constants = |folder: &str| fs::read(cluster.path(folder).join("cluster.rs")).unwrap();
        assert_eq!(constants("one"), constants("two"));
    }
}
