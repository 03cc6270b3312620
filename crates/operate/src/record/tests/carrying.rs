//! The files, before and after, and where the process ends in between.

use super::scene::{SPEC, lock, work};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::package::Package;
use crate::patience::Patience;
use crate::record::work::{Action, Recording};
use crate::record::{Talk, carry};
use bouquet_lock::{COPY, Lock, NAME, read};
use bouquet_outdir::{Hold, Out, Output, fault};
use std::cell::RefCell;
use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const PACKAGE: &str = "BOUQUET_TEST_RECORDED";

/// Writes a package with a lock, and an `out/` with its copy where that is asked for.
pub(super) fn package(folder: &Path, with_out: bool) {
    fs::write(folder.join("cluster.toml"), SPEC).unwrap();
    fs::write(folder.join(NAME), lock().text()).unwrap();
    if with_out {
        let mut output = Output::new();
        output.file("README.md", "as a build left it");
        output.file(COPY, lock().text());
        output.defined_by("0123456789abcdef");
        open(folder).commit(&output, SystemTime::now()).unwrap();
    }
}

fn open(folder: &Path) -> Out {
    let hold = Hold::take(folder, |_| {}).unwrap();
    Out::open(&folder.join("out"), &[&folder.join(NAME)], hold).unwrap()
}

pub(super) fn at(path: PathBuf) -> Lock {
    read(&fs::read(path).unwrap()).unwrap()
}

fn done(folder: &Path, yes: bool, answer: Option<bool>) -> (Result<Exit, Failure>, String, String) {
    let package = Package { folder: folder.to_owned(), out: folder.join("out") };
    let work = Recording { package, yes, ..work(Action::Record, &[]) };
    let (printed, said) = (RefCell::new(String::new()), RefCell::new(String::new()));
    let talk = Talk {
        print: &|text| printed.borrow_mut().push_str(text),
        say: &|text| said.borrow_mut().push_str(text),
        ask: &|question| {
            said.borrow_mut().push_str(question);
            answer
        },
        patience: Patience::default(),
    };
    let clock = || UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    let result = carry(&work, &clock, &talk, &|_, _| panic!("nobody is to be asked"));
    (result, printed.into_inner(), said.into_inner())
}

#[test]
fn the_lock_and_its_copy_say_the_same_and_nothing_else_changes() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    package(folder, true);
    let manifest = fs::read(folder.join("out/manifest")).unwrap();
    let (result, printed, said) = done(folder, true, None);
    assert!(matches!(result, Ok(Exit::Done)) && printed.contains("to be recorded"), "{printed}");
    assert!(said.starts_with("recorded 3 members and 1 client"), "{said}");
    let written = at(folder.join(NAME));
    assert_eq!(written.recorded.members.len(), 3);
    assert_eq!(at(folder.join("out").join(COPY)), written);
    // `.gitignore` is what this package had not.
    let manifest = String::from_utf8(manifest).unwrap();
    let now = fs::read_to_string(folder.join("out/manifest")).unwrap();
    assert!(manifest.lines().all(|line| now.lines().any(|other| other == line)), "{now}");
    assert_eq!(fs::read(folder.join("out/README.md")).unwrap(), b"as a build left it");
    let touched = fs::metadata(folder.join(NAME)).unwrap().modified().unwrap();
    assert_eq!(touched, UNIX_EPOCH + Duration::from_secs(1_800_000_000));
}

#[test]
fn a_lock_is_written_alone_where_there_is_no_out() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    package(folder, false);
    let (result, ..) = done(folder, true, None);
    assert!(matches!(result, Ok(Exit::Done)));
    assert_eq!(at(folder.join(NAME)).recorded.members.len(), 3);
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["cluster.lock", "cluster.toml"]);
}

#[test]
fn nothing_is_recorded_without_an_answer_or_by_another_one() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    package(folder, true);
    let (result, printed, said) = done(folder, false, Some(false));
    assert!(matches!(result, Ok(Exit::Failed)) && printed.contains("`a`"), "{printed}");
    assert_eq!(said, "record this? [y/N] nothing was recorded");
    let (result, ..) = done(folder, false, None);
    let failure = result.unwrap_err();
    assert_eq!(failure.exit, Exit::Failed);
    assert!(failure.to_string().contains("standard input is no terminal"), "{failure}");
    assert_eq!(at(folder.join(NAME)), lock());
    let (result, _, said) = done(folder, false, Some(true));
    assert!(matches!(result, Ok(Exit::Done)) && said.contains("recorded 3 members"), "{said}");
    let (result, printed, said) = done(folder, false, None);
    assert!(matches!(result, Ok(Exit::Done)) && printed.is_empty(), "{printed}");
    assert_eq!(said, "nothing to record: cluster.lock has what is compiled");
}

#[test]
fn an_answer_that_came_after_a_change_records_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    package(folder, true);
    let package = Package { folder: folder.to_owned(), out: folder.join("out") };
    let work = Recording { package, yes: false, ..work(Action::Record, &[]) };
    let talk = Talk {
        print: &|_| {},
        say: &|_| {},
        ask: &|_| {
            // No build is kept waiting meanwhile.
            let (result, ..) = done(folder, true, None);
            Some(result.is_ok())
        },
        patience: Patience::default(),
    };
    let failure =
        carry(&work, &SystemTime::now, &talk, &|_, _| panic!("nobody is to be asked")).unwrap_err();
    assert!(failure.to_string().contains("was changed meanwhile"), "{failure}");
}

/// Not a test of its own: the other process.
#[test]
fn records_if_asked() {
    let Ok(folder) = std::env::var(PACKAGE) else { return };
    assert!(done(Path::new(&folder), true, None).0.is_ok());
}

fn child(folder: &Path, fault: u64) -> ExitStatus {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "--test-threads=1", "record::tests::carrying::records_if_asked"]);
    command.env(PACKAGE, folder).env(fault::VARIABLE, format!("die:{fault}"));
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap()
}

#[test]
fn a_process_that_ends_at_any_operation_leaves_all_of_it_or_nothing() {
    const SIGABRT: i32 = 6;
    for with_out in [true, false] {
        let (mut none, mut all) = (0, 0);
        for operation in 1.. {
            let folder = tempfile::tempdir().unwrap();
            let folder = folder.path();
            package(folder, with_out);
            let status = child(folder, operation);
            let killed = status.signal() == Some(SIGABRT);
            assert!(killed || status.success(), "{status}");
            if with_out {
                // As the next build does.
                drop(open(folder));
                assert_eq!(at(folder.join(NAME)), at(folder.join("out").join(COPY)), "{operation}");
            }
            let is_recorded = !at(folder.join(NAME)).recorded.is_empty();
            none += usize::from(!is_recorded);
            all += usize::from(is_recorded);
            assert!(done(folder, true, None).0.is_ok());
            assert_eq!(at(folder.join(NAME)).recorded.members.len(), 3);
            if !killed {
                break;
            }
        }
        assert!(none > 1 && all > 1, "{none} before it, {all} after it");
    }
}

/// A build follows the one and refuses the other.
#[test]
fn a_spec_that_is_a_link_is_read_and_an_out_that_leads_nowhere_is_to_be_mounted() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    package(folder, true);
    fs::rename(folder.join("cluster.toml"), folder.join("of-all.toml")).unwrap();
    symlink("of-all.toml", folder.join("cluster.toml")).unwrap();
    let (result, _, said) = done(folder, true, None);
    assert!(matches!(result, Ok(Exit::Done)), "{said}");

    let lock = fs::read(folder.join(NAME)).unwrap();
    fs::rename(folder.join("out"), folder.join("away")).unwrap();
    symlink("disk/out", folder.join("out")).unwrap();
    let (result, ..) = done(folder, true, None);
    let failure = result.expect_err("a failure").problem;
    assert!(failure.message.ends_with("it is a link to `disk/out`, where nothing is"), "{failure}");
    assert!(failure.help[0].contains("mount it"), "{failure:?}");
    assert_eq!(fs::read(folder.join(NAME)).unwrap(), lock);
}
