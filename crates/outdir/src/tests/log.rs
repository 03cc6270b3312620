//! Lines that are added to a log.

use crate::log::append;
use crate::{Hold, Out};
use std::fs;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::Path;

fn out(root: &Path) -> Out {
    let hold = Hold::take(root.parent().expect("a folder"), |_| {}).expect("nobody else");
    Out::open(root, &[], hold).expect("a folder")
}

#[test]
fn lines_are_added_and_one_that_was_cut_off_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("out");
    let out = out(&root);
    append(&out, "build.jsonl", "one\n").unwrap();
    append(&out, "build.jsonl", "two\n").unwrap();
    let file = root.join("log/build.jsonl");
    assert_eq!(fs::read_to_string(&file).unwrap(), "one\ntwo\n");
    assert_eq!(file.metadata().unwrap().mode() & 0o777, 0o644);
    fs::write(&file, "one\ntw").unwrap();
    append(&out, "build.jsonl", "three\n").unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), "one\ntw\nthree\n");
}

#[test]
fn nothing_is_written_through_a_link_or_over_anything_else() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("out");
    let out = out(&root);
    let elsewhere = folder.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    symlink(&elsewhere, root.join("log")).unwrap();
    assert!(append(&out, "build.jsonl", "one\n").is_err());
    fs::remove_file(root.join("log")).unwrap();
    fs::create_dir(root.join("log")).unwrap();
    symlink(elsewhere.join("file"), root.join("log/build.jsonl")).unwrap();
    assert!(append(&out, "build.jsonl", "one\n").is_err());
    fs::remove_file(root.join("log/build.jsonl")).unwrap();
    fs::create_dir(root.join("log/build.jsonl")).unwrap();
    assert!(append(&out, "build.jsonl", "one\n").is_err());
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
}
