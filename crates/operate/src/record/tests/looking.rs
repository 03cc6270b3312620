//! What members are seen to run, before it is recorded.

use super::carrying::{at, package};
use super::scene::{NOW, lock, work};
use crate::client::Speaker;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::live::Evidence;
use crate::package::Package;
use crate::patience::Patience;
use crate::record::work::{Action, Looking, Recording, RestoredFrom, Restoring};
use crate::record::{Talk, carry};
use bouquet_lock::{NAME, Restored};
use bouquet_model::diagnostic::Diagnostic;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::SystemTime;

/// Makes a record, and returns what came of it, what was said, and how often members were asked.
fn done(
    folder: &Path,
    names: &[&str],
    looking: Looking,
    seen: &Result<Evidence, Diagnostic>,
) -> (Result<Exit, Failure>, String, u32) {
    let package = Package { folder: folder.to_owned(), out: folder.join("out") };
    let work = Recording { package, looking, ..work(Action::Record, names) };
    let (said, asked) = (RefCell::new(String::new()), Cell::new(0));
    let talk = Talk {
        print: &|_| {},
        say: &|text| said.borrow_mut().push_str(text),
        ask: &|_| panic!("it has --yes"),
        patience: Patience::default(),
    };
    let result = carry(&work, &SystemTime::now, &talk, &|speaker, _| {
        assert_eq!(Looking::As(speaker.clone()), with_root());
        asked.set(asked.get() + 1);
        seen.clone()
    });
    let said = anstream::adapter::strip_str(&said.into_inner()).to_string();
    (result, said, asked.get())
}

fn with_root() -> Looking {
    let files = Some("/p/out/clients/root".into());
    Looking::As(Speaker { files, ..Speaker::default() })
}

/// Returns what is seen where these members answer, and run what is compiled but for what is said
/// of them.
fn answering(names: &[&str], against: &[(&str, &str)]) -> Evidence {
    Evidence {
        against: against
            .iter()
            .map(|(name, clause)| ((*name).to_owned(), vec![(*clause).to_owned()]))
            .collect(),
        answering: names.iter().map(ToString::to_string).collect(),
        ..Evidence::default()
    }
}

#[test]
fn a_member_that_is_seen_to_run_something_else_is_not_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    package(folder, true);
    let clause = "runs etcd 3.5.30, and not 3.5.33";
    let seen = Ok(answering(&["a", "b", "c"], &[("b", clause)]));
    let (result, said, _) = done(folder, &[], with_root(), &seen);
    let failure = result.unwrap_err();
    assert_eq!((failure.exit, said.as_str()), (Exit::Failed, ""));
    assert_eq!(failure.problem.notes, ["`b` runs etcd 3.5.30, and not 3.5.33"]);
    assert!(failure.problem.help[1].ends_with("`bouquet done --offline`"), "{failure}");
    assert_eq!(at(folder.join(NAME)), lock(), "nothing was written");
    // One who knows better.
    let (result, said, asked) = done(folder, &[], Looking::Not, &seen);
    assert!(matches!(result, Ok(Exit::Done)) && asked == 0, "{said}");
    assert_eq!(at(folder.join(NAME)).recorded.members.len(), 3);
}

#[test]
fn what_is_said_of_a_member_that_is_not_recorded_now_is_no_matter() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    package(folder, true);
    assert!(done(folder, &[], Looking::Not, &Ok(Evidence::default())).0.is_ok());
    // All is recorded: what single members run is for `status` to say.
    let against = ("b", "is no member: it is in no list of members");
    let elsewhere = BTreeSet::from(["b".to_owned()]);
    for (names, elsewhere) in [(vec!["b"], BTreeSet::new()), (vec!["a", "b"], elsewhere)] {
        let seen = Ok(Evidence { elsewhere, ..answering(&names, &[against]) });
        let (result, said, _) = done(folder, &[], with_root(), &seen);
        assert!(
            matches!(result, Ok(Exit::Done)) && said.starts_with("nothing to record"),
            "{said}"
        );
    }
}

#[test]
fn there_is_something_to_record_where_all_who_answer_are_of_another_cluster() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    package(folder, true);
    assert!(done(folder, &[], Looking::Not, &Ok(Evidence::default())).0.is_ok());
    let restored = answering(&["a", "c"], &[("a", "is a member of another cluster, bad")]);
    let seen = Ok(Evidence { elsewhere: restored.answering.clone(), ..restored });
    let (result, said, _) = done(folder, &[], with_root(), &seen);
    let problem = result.unwrap_err().problem;
    let message = "`a`, `c` are members of another cluster than cluster.lock records";
    assert_eq!((problem.message.as_str(), said.as_str()), (message, ""));
    assert!(problem.help[0].contains("`bouquet done --restored FILE --token TOKEN`"), "{problem}");
    // Nobody was asked, or could be.
    for (looking, seen) in [
        (Looking::Not, seen),
        (with_root(), Err(Diagnostic::error("cannot read `client.key`"))),
        (with_root(), Ok(Evidence::default())),
    ] {
        assert!(done(folder, &[], looking, &seen).0.is_ok());
    }
}

#[test]
fn members_that_do_not_answer_are_recorded_on_a_persons_word() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    package(folder, true);
    let (result, said, asked) = done(folder, &[], with_root(), &Ok(answering(&["a", "c"], &[])));
    assert!(matches!(result, Ok(Exit::Done)) && asked == 1, "{said}");
    assert!(
        said.starts_with("note: `b` did not answer, and what runs there was not seen"),
        "{said}"
    );
    assert_eq!(at(folder.join(NAME)).recorded.members.len(), 3);
}

#[test]
fn where_nobody_can_be_asked_one_line_says_why() {
    for (looking, seen, why) in [
        (with_root(), Ok(Evidence::default()), "no member answers"),
        (
            with_root(),
            Err(Diagnostic::error("cannot read `client.key`")),
            "cannot read `client.key`",
        ),
        (Looking::Cannot("no client".to_owned()), Ok(Evidence::default()), "no client"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        package(folder, true);
        let (result, said, _) = done(folder, &[], looking, &seen);
        assert!(matches!(result, Ok(Exit::Done)), "{said}");
        assert!(said.starts_with(&format!("note: what runs was not seen: {why}")), "{said}");
    }
}

#[test]
fn a_member_that_is_to_be_gone_is_not_listed_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    package(folder, true);
    assert!(done(folder, &[], Looking::Not, &Ok(Evidence::default())).0.is_ok());
    let gone = |seen: Evidence| {
        let package = Package { folder: folder.to_owned(), out: folder.join("out") };
        let mut work = Recording { package, looking: with_root(), ..work(Action::Record, &["c"]) };
        work.compiled.members.remove("c");
        let talk =
            Talk { print: &|_| {}, say: &|_| {}, ask: &|_| None, patience: Patience::default() };
        carry(&work, &SystemTime::now, &talk, &|_, _| Ok(seen.clone()))
    };
    let mut seen = answering(&["a", "b"], &[]);
    seen.still_listed.insert("c".to_owned());
    let failure = gone(seen).unwrap_err();
    assert_eq!(failure.problem.notes, ["`c` would be recorded as gone, and is still a member"]);
    assert!(gone(answering(&["a", "b"], &[])).is_ok());
    assert!(!at(folder.join(NAME)).recorded.runs("c"));
}

/// A build has their new IDs from then on.
#[test]
fn a_restore_is_not_recorded_while_no_member_answers() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    package(folder, true);
    assert!(done(folder, &[], Looking::Not, &Ok(Evidence::default())).0.is_ok());
    let token = Restored::token_of("flowers", &[1; 32], NOW);
    let restored = Restored::of("flowers", [1; 32], 5, &token).expect("its token");
    let restore = |looking| {
        let package = Package { folder: folder.to_owned(), out: folder.join("out") };
        let from = RestoredFrom::Known(restored.clone());
        let restoring = Some(Restoring { from, sole: None });
        let work = Recording { package, restoring, looking, ..work(Action::Restored, &[]) };
        let talk =
            Talk { print: &|_| {}, say: &|_| {}, ask: &|_| None, patience: Patience::default() };
        carry(&work, &SystemTime::now, &talk, &|_, _| Ok(Evidence::default()))
    };
    let problem = restore(with_root()).unwrap_err().problem;
    assert_eq!(problem.message, "no member answers: a restore is recorded once they run");
    assert!(problem.help[1].ends_with("--offline`"), "{:?}", problem.help);
    assert_eq!(at(folder.join(NAME)).identity.restored, None);
    assert!(restore(Looking::Not).is_ok());
    assert_eq!(at(folder.join(NAME)).identity.restored, Some(restored));
}
