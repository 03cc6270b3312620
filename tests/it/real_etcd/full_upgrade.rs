//! From 3.4 by way of 3.5 to 3.6, as the guide has it, on clusters with little data: the case in which
//! members are lost (`docs/guide.md`, "Upgrading etcd").

use crate::support::build::Output;
use crate::support::machines::machines;
use crate::support::place::Block;
use std::fs;

/// Three members, each of which is stopped and started with another release in turn. `journalctl` and
/// `bouquet` stand for the guide's own.
const GUIDE: &str = r#"
bouquet() { shift 2; ask "$@"; }
journalctl() { cat "$FOLDER"/log.*; }
roll() { RELEASE=$1; for member in a b c; do stop $member; run $member "$@"; healthy; done; }
for member in a b c; do run $member "$RELEASE" "$FIRST"; done
healthy
ask put bouquet of-flowers
"#;

#[test]
fn a_small_cluster_of_3_4_keeps_members_and_data_on_the_way_of_the_guide() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let block = Block::claim();
    let build = |release: &str, more: &str| {
        let members = [("a", 1), ("b", 2), ("c", 3)]
            .map(|(name, i)| format!("[[member]]\nname = \"{name}\"\nip = \"10.0.0.{i}\"\n"))
            .concat();
        let data = folder.path().join("data");
        let spec = format!(
            "[cluster]\ntoken = \"small\"\netcd = \"{release}\"\n[tls]\nenabled = false\n\
             [etcd]\ndata-dir = \"{}\"\n{more}{members}",
            data.display()
        );
        Output::of(&block.relocate(&spec, release))
    };
    let [old, middle, new] = ["3.4.23", "3.5.33", "3.6.16"];
    let (first, low) = (build(old, ""), build(old, "snapshot-count = 100\n"));
    let (second, third) = (build(middle, ""), build(new, ""));
    let [look, write, search] = commands();
    let data = folder.path().join("data/$member").display().to_string();
    let look = look.replace("/data/etcd", &data);
    let of = |output: &Output| output.path("").display().to_string();
    let script = format!(
        "FIRST={}\n{GUIDE}\
         for member in a b c; do if {look}; then echo a snapshot too early; exit 1; fi; done\n\
         roll {old} {}\n{write}\n\
         for member in a b c; do {look}; done\n\
         roll {middle} {}\n\
         if {search}; then exit 1; fi\n\
         roll {new} {}\n\
         sleep 5\nhealthy\n\
         [ \"$(ask member list | wc -l)\" = 3 ]\n\
         [ \"$(ask get bouquet --print-value-only)\" = of-flowers ]\n\
         for member in a b c; do lives $member; done\n",
        of(&first),
        of(&low),
        of(&second),
        of(&third),
    );
    let endpoints: Vec<_> = first.cluster.endpoints().iter().map(ToString::to_string).collect();
    machines(folder.path(), &[old, middle, new], &endpoints.join(","), &script);
}

/// What the guide has people type: to look for a snapshot, to have one made, to search the logs.
fn commands() -> [String; 3] {
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/guide.md");
    let guide = fs::read_to_string(guide).expect("the guide");
    let (_, section) =
        guide.split_once("\n### Before the first member starts\n").expect("a section");
    let (section, _) = section.split_once("\n## ").expect("its end");
    let blocks = section.split("```sh\n").skip(1);
    let blocks = blocks.map(|rest| rest.split_once("\n```").expect("an end").0.to_owned());
    blocks.collect::<Vec<_>>().try_into().expect("three blocks")
}
