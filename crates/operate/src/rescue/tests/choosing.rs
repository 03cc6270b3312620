//! What is refused, and whose data goes on.

use crate::failure::shown;
use crate::live::tests::scene::flowers::CLUSTER;
use crate::node::rescue::{Copied, Database, Held, Log, Remains};
use crate::rescue::answers::{Answer, Answers, none_answers};
use crate::rescue::choose::{Known, Whose, begins, chosen};
use crate::rescue::ended::{is_ended_on, says_ended};
use crate::rescue::told::{announced, left};
use crate::rescue::word::{Told, Word};
use bouquet_model::diagnostic::Diagnostic;

const NAMES: [&str; 5] = ["daffodil", "orange", "pink", "rose", "tulip"];

fn url(name: &str) -> String {
    format!("https://{name}:2380")
}

fn known() -> Known<'static> {
    Known {
        id: Some("c1".to_owned()),
        ids: NAMES.map(|name| (name, name.to_owned())).into(),
        peers: NAMES.map(|name| (name, vec![url(name)])).into(),
        from: None,
        notes_all: true,
        moved: false,
        answers: Answers::default(),
        units: NAMES.map(|name| (name, "etcd".to_owned())).into(),
        program: "flowers",
        on_node: "flowers",
    }
}

fn lost(name: &str) -> Told {
    Told { name: name.to_owned(), word: Word::Lost }
}

/// Returns a member that has ended, with data up to that revision and that entry.
fn has(name: &str, revision: i64, applied: u64) -> Told {
    let database = Database {
        revision,
        keys: 5,
        applied,
        since: 0,
        history: u32::try_from(revision).unwrap(),
        size: 20_480,
        peers: NAMES.map(url).to_vec(),
        voters: 5,
    };
    let held = Held {
        cluster_id: Some("c1".to_owned()),
        member_id: Some(name.to_owned()),
        log: Some(Log { term: 2, committed: applied, last: applied + 1, written: 1_795_873_610 }),
        database: Some(database),
        unread: None,
        restored: None,
    };
    let remains = Remains {
        member: name.to_owned(),
        up: false,
        enabled: false,
        open: false,
        data: Some(held),
        copy: None,
    };
    Told { name: name.to_owned(), word: Word::Node(Box::new(remains)) }
}

fn changed(mut told: Told, change: impl FnOnce(&mut Held)) -> Told {
    if let Word::Node(remains) = &mut told.word {
        change(remains.data.as_mut().unwrap());
    }
    told
}

fn message<T>(done: Result<T, Diagnostic>) -> String {
    done.map(drop).expect_err("a refusal").message
}

#[test]
fn one_of_three_goes_on_where_the_others_are_lost() {
    let all = [lost("daffodil"), has("orange", 40, 50), lost("pink")];
    assert_eq!(begins(&all, &known()), Ok(()));
    let chosen = chosen(&all, &known()).unwrap();
    assert_eq!(chosen.name, "orange");
    let said = anstream::adapter::strip_str(&announced(chosen, &all, &known())).to_string();
    assert!(said.contains("kept: all that was acknowledged up to revision 40\n"), "{said}");
    let words = "lost: what was acknowledged after revision 40, of which orange never knew: daffodil or pink had it\n";
    assert!(said.contains(words), "{said}");
    assert!(said.contains("lost: entry 51 of its log, acknowledged or not"), "{said}");
    assert!(!said.contains("did not reach its database"), "{said}");
    let table = anstream::adapter::strip_str(&left(&all, &known())).to_string();
    insta::assert_snapshot!(table, @r"
    MEMBER    ETCD              DATA     REVISION  KEYS  AGREED ON  IN ITS LOG  WRITTEN LAST
    daffodil  never comes back  –        –         –     –          –           –
    orange    ended             its own  40        5     50         51          2026-11-28T13:46:50Z
    pink      never comes back  –        –         –     –          –           –
    ");
}

#[test]
fn the_one_that_has_most_goes_on() {
    let all =
        [lost("daffodil"), has("orange", 40, 50), lost("pink"), lost("rose"), has("tulip", 41, 51)];
    assert_eq!(begins(&all, &known()), Ok(()));
    assert_eq!(chosen(&all, &known()).unwrap().name, "tulip");
    let told = Known { from: Some("orange"), ..known() };
    assert_eq!(chosen(&all, &told).unwrap().name, "orange");
}

#[test]
fn nothing_is_begun_where_a_quorum_has_its_data() {
    let all = [lost("daffodil"), has("orange", 40, 50), has("pink", 40, 50)];
    let problem = begins(&all, &known()).unwrap_err();
    assert!(problem.message.starts_with("2 of 3 members have their data, and 2 are a quorum"));
    let said = anstream::adapter::strip_str(&shown(&problem)).to_string();
    let start = "start them, and nothing is lost: `systemctl enable --now --no-block etcd` on each of their nodes\n";
    assert!(said.contains(start), "{said}");
    assert!(
        said.contains("if one does not start: `flowers doctor` on its node says why"),
        "{said}"
    );
    // Where two are on one machine.
    let unit = |name: &'static str| (name, format!("etcd-{name}"));
    let shared = Known { units: [unit("orange"), unit("pink")].into(), ..known() };
    let said = begins(&all, &shared).unwrap_err().help.concat();
    assert!(said.contains("--no-block etcd-pink` on the node of `pink`"), "{said}");
}

#[test]
fn where_all_have_moved_the_old_addresses_are_the_first_way() {
    let away = |name: &str| {
        changed(has(name, 40, 50), |held| {
            held.database.as_mut().unwrap().peers =
                NAMES.map(|name| url(&format!("old-{name}"))).to_vec();
        })
    };
    let all = [away("daffodil"), away("orange"), away("pink")];
    let said = shown(&begins(&all, &known()).unwrap_err());
    assert!(said.contains("give each machine its old address besides"), "{said}");
    let moved = Known { moved: true, ..known() };
    assert_eq!(begins(&all, &moved), Ok(()));
    // One that has not says otherwise.
    let all = [away("daffodil"), has("orange", 40, 50), away("pink")];
    assert_eq!(
        message(begins(&all, &moved)),
        "`orange` has not moved: it is at the address that its data has"
    );
}

#[test]
fn nobody_goes_on_while_one_was_not_heard() {
    let silent = |name: &str| Told {
        name: name.to_owned(),
        word: Word::Nothing(Box::new(Diagnostic::error(format!("{name}: no way")).note("why"))),
    };
    let all = [silent("daffodil"), has("orange", 40, 50), silent("pink")];
    let problem = begins(&all, &known()).unwrap_err();
    assert_eq!(problem.message, "what is left of `daffodil`, `pink` is not known");
    assert_eq!(problem.notes[..4], ["daffodil: no way", "why", "pink: no way", "why"]);
}

/// Its etcd is up, and ssh to its node is not.
#[test]
fn one_that_answers_is_never_to_be_called_lost() {
    let silent = |name: &str| Told {
        name: name.to_owned(),
        word: Word::Nothing(Box::new(Diagnostic::error(format!("{name}: no way")))),
    };
    let url = "https://192.168.65.101:2379".to_owned();
    let answers: Answers = [("orange".to_owned(), Answer { url, saves: true })].into();
    let words = "orange answers at https://192.168.65.101:2379: it is not lost; \
                 `flowers snapshot left-orange.db --from orange --force` saves what it has";
    let known = Known { answers: answers.clone(), ..known() };

    let said = begins(&[lost("daffodil"), silent("orange"), lost("pink")], &known).unwrap_err();
    assert_eq!(said.help[0], words);
    assert!(!said.help.concat().contains("--lost"), "{said}");
    // Another one may be lost.
    let said = begins(&[silent("daffodil"), silent("orange"), lost("pink")], &known).unwrap_err();
    assert_eq!(said.help[0], words);
    assert!(said.help[1].ends_with("the same with `--lost daffodil`"), "{said}");

    let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let refused = none_answers(&named(&["daffodil", "orange"]), &answers, "flowers").unwrap_err();
    assert_eq!(refused.message, "orange answers, and is said to be lost");
    assert_eq!(
        (refused.help, refused.notes),
        (vec![words.to_owned()], vec!["nothing was done".to_owned()])
    );
    assert_eq!(none_answers(&named(&["daffodil", "pink"]), &answers, "flowers"), Ok(()));
}

/// The machines are there, and this program needs a C library.
#[test]
fn one_on_whose_node_the_program_does_not_run_is_not_to_be_called_lost() {
    let unfit = |name: &str| Told {
        name: name.to_owned(),
        word: Word::Unfit(Box::new(Diagnostic::error("it needs a library").help("make another"))),
    };
    let said = begins(&[unfit("daffodil"), unfit("orange"), unfit("pink")], &known()).unwrap_err();
    assert_eq!(said.notes, ["it needs a library"], "one cause is told once");
    assert_eq!(said.help[0], "make another");
    assert!(!said.help.concat().contains("--lost"), "{said}");
    assert_eq!(said.help.len(), 2, "{said}");
}

#[test]
fn data_of_another_cluster_or_member_is_nobodys() {
    let other = changed(has("orange", 40, 50), |held| held.cluster_id = Some("c2".to_owned()));
    assert!(matches!(known().whose(&other), Whose::Other(_)));
    let clone = changed(has("orange", 40, 50), |held| held.member_id = Some("pink".to_owned()));
    assert!(matches!(known().whose(&clone), Whose::Other(_)));
    let nameless = changed(has("orange", 40, 50), |held| {
        (held.cluster_id, held.member_id, held.log) = (None, None, None);
    });
    assert_eq!(known().whose(&nameless), Whose::Nameless);
    for orange in [other, clone, nameless.clone()] {
        let all = [lost("daffodil"), orange, lost("pink")];
        assert_eq!(message(begins(&all, &known())), "no member has data of this cluster");
    }
    let told = Known { from: Some("orange"), ..known() };
    let all = [lost("daffodil"), nameless, lost("pink")];
    assert_eq!(begins(&all, &told), Ok(()));
    assert_eq!(chosen(&all, &told).unwrap().name, "orange");
}

/// Its data was set aside, and nothing is in its place yet.
#[test]
fn one_that_was_saved_and_not_restored_is_gone_on_with_where_that_is_said() {
    let mut orange = has("orange", 40, 50);
    if let Word::Node(remains) = &mut orange.word {
        remains.data = None;
        remains.copy = Some(Copied {
            file: "/root/rescue-orange.db".to_owned(),
            size: 20_512,
            sha256: "ab".repeat(32),
            revision: 40,
            written: 1_795_873_610,
        });
    }
    let all = [lost("daffodil"), orange, lost("pink")];
    let said = shown(&begins(&all, &known()).unwrap_err());
    assert!(said.contains("/root/rescue-orange.db: `--from orange` goes on with it"), "{said}");
    let told = Known { from: Some("orange"), ..known() };
    assert_eq!(begins(&all, &told), Ok(()));
    let said = announced(chosen(&all, &told).unwrap(), &all, &told);
    assert!(said.contains("up to revision 40"), "{said}");
}

#[test]
fn members_that_differ_at_one_place_have_diverged() {
    let five = |one: Told, other: Told| [one, other, lost("pink"), lost("rose"), lost("daffodil")];
    let entry = five(has("orange", 40, 50), has("tulip", 41, 50));
    let hash = five(
        has("orange", 40, 50),
        changed(has("tulip", 40, 52), |held| held.database.as_mut().unwrap().history = 1),
    );
    for all in [entry, hash] {
        let said = message(chosen(&all, &known()));
        assert_eq!(said, "orange and tulip have diverged: their data is not the same");
    }
    // History that was compacted away on one is no difference.
    let compacted = five(
        has("orange", 40, 50),
        changed(has("tulip", 40, 52), |held| {
            let database = held.database.as_mut().unwrap();
            (database.since, database.history) = (30, 1);
        }),
    );
    assert_eq!(chosen(&compacted, &known()).unwrap().name, "tulip");
}

#[test]
fn a_database_that_cannot_be_read_ends_it() {
    let torn = changed(has("orange", 40, 50), |held| {
        (held.database, held.unread) = (None, Some("page 3 is none".to_owned()));
    });
    let all = [lost("daffodil"), torn, lost("pink")];
    let said = chosen(&all, &known()).unwrap_err();
    assert_eq!(said.message, "no database of this cluster's can be read");
    assert_eq!(said.notes[0], "orange: page 3 is none");
}

/// The etcd that was to take it in could not be started.
#[test]
fn what_a_quorum_had_and_the_database_has_not_is_said() {
    let orange = changed(has("orange", 40, 50), |held| {
        held.log.as_mut().unwrap().committed = 57;
        held.log.as_mut().unwrap().last = 60;
    });
    let all = [lost("daffodil"), orange, lost("pink")];
    let said = |known: &Known<'_>| {
        anstream::adapter::strip_str(&announced(&all[1], &all, known)).to_string()
    };
    let words =
        "lost: entries 51 to 57 of its log, which a quorum had: that did not reach its database\n";
    assert!(said(&known()).contains(words), "{}", said(&known()));
    assert!(said(&known()).contains("lost: entries 58 to 60 of its log"), "{}", said(&known()));
    // Before 3.5 a database does not note all that it has.
    let earlier = Known { notes_all: false, ..known() };
    assert!(!said(&earlier).contains("entries 51"), "{}", said(&earlier));
}

/// Of five, one was chosen, its data was set aside, and its node lost its power; another one has less.
#[test]
fn a_copy_that_was_saved_is_not_passed_over() {
    let mut orange = has("orange", 100, 110);
    if let Word::Node(remains) = &mut orange.word {
        remains.copy = Some(Copied {
            file: "/root/rescue-orange.db".to_owned(),
            size: 20_512,
            sha256: "ab".repeat(32),
            revision: 100,
            written: 1_795_873_610,
        });
        remains.data = None;
    }
    let all = [lost("daffodil"), orange, lost("pink"), lost("rose"), has("tulip", 90, 95)];
    assert_eq!(begins(&all, &known()), Ok(()));
    let said = shown(&chosen(&all, &known()).unwrap_err());
    assert!(said.contains("it is of revision 100, saved at 2026-11-28T13:46:50Z"), "{said}");
    for from in ["orange", "tulip"] {
        let told = Known { from: Some(from), ..known() };
        assert_eq!(chosen(&all, &told).unwrap().name, from);
    }
}

/// Four are recorded, and one of them has no vote.
#[test]
fn a_quorum_is_that_of_the_members_with_a_vote() {
    let three = |told: Told| changed(told, |held| held.database.as_mut().unwrap().voters = 3);
    let all =
        [lost("daffodil"), three(has("orange", 40, 50)), three(has("pink", 40, 50)), lost("rose")];
    let said = message(begins(&all, &known()));
    assert!(said.starts_with("2 of 3 members have their data, and 2 are a quorum"), "{said}");
}

#[test]
fn nothing_has_moved_where_that_cannot_be_read() {
    let torn = changed(has("orange", 40, 50), |held| held.database = None);
    let moved = Known { moved: true, ..known() };
    let said = message(begins(&[lost("daffodil"), torn, lost("pink")], &moved));
    assert_eq!(said, "whether `orange` has moved is not known: its database cannot be read now");
}

/// A person who interrupts what comes then has to know how etcd starts again.
#[test]
fn before_the_last_question_it_is_said_where_etcd_has_ended_and_how_it_starts_again() {
    let is = |up: bool| {
        let mut told = has("orange", 40, 50);
        if let Word::Node(remains) = &mut told.word {
            (remains.up, remains.enabled) = (up, up);
        }
        [lost("daffodil"), told, lost("pink")]
    };
    let plain = |text: &str| anstream::adapter::strip_str(text).to_string();
    let said = plain(&says_ended(&CLUSTER, (&is(true), &is(false))));
    let words = "note: etcd was ended on orange; no data was changed\n\
                 help: to start it there again: ";
    assert!(said.starts_with(words) && said.contains("systemctl enable --now"), "{said}");
    let problem = is_ended_on(&CLUSTER, (&is(true), &is(false)), Diagnostic::error("no"));
    let both = [problem.notes, problem.help].concat();
    assert!(both.iter().all(|text| said.contains(text.as_str())), "{both:?}");
    assert_eq!(says_ended(&CLUSTER, (&is(false), &is(false))), "", "it had ended before");
}
