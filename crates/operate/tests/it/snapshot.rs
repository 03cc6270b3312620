//! `snapshot`, as far as a command line goes.

use crate::common::World;
use bouquet_operate::{Exit, Work};

#[test]
fn what_is_no_place_for_a_snapshot_is_refused_before_anything_is_asked() {
    let world = World::built().with_file("/backups/notes.txt", b"mine");
    let refused = |line: &[&str]| {
        let outcome = world.flowers(&[&["snapshot"], line].concat());
        assert!(outcome.work.is_none(), "{line:?}: {:?}", outcome.work);
        (outcome.exit, outcome.stderr)
    };
    for file in ["/backups/new/", "/backups/new/.", "new/..", "/backups/notes.txt/"] {
        for line in [&[file][..], &[file, "--keep", "3"]] {
            let (exit, said) = refused(line);
            assert_eq!(exit, Exit::Failed, "{said}");
            assert!(said.contains(&format!("there is no folder `{file}`")), "{said}");
            assert!(said.contains("`mkdir -p`"), "{said}");
        }
    }
    assert_eq!(refused(&[""]).0, Exit::Misused);
    assert_eq!(refused(&["/backups/new", "--keep", "3"]).0, Exit::Misused);
    assert_eq!(refused(&["-", "--json"]).0, Exit::Misused);
}

#[test]
fn files_folders_and_standard_output_are_told_apart() {
    let world = World::built().with_file("/backups/notes.txt", b"mine");
    for (file, to) in [
        ("/backups", "Folder(\"/backups\")"),
        ("/backups/new", "File(\"/backups/new\")"),
        ("/backups/./new.db", "File("),
        ("../new.db", "File("),
        ("./-", "File(\"./-\")"),
        ("-", "Stdout"),
    ] {
        let Some(Work::Save(work)) = world.flowers(&["snapshot", file]).work else {
            panic!("{file}")
        };
        let work = format!("{work:?}");
        assert!(work.contains(&format!("to: {to}")), "{file}: {work}");
    }
}
