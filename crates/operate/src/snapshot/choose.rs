//! Which member is asked, and whether what it has is worth keeping.

use crate::live::{BEHIND, Report, Role, Row, State, Writes};
use crate::login::{self, AS_ROOT};
use bouquet_model::diagnostic::{Diagnostic, quoted};
use core::cmp::Reverse;
use std::collections::BTreeSet;

/// The member that is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) name: String,
    pub(super) role: Role,
}

/// Chooses a member: a follower that has caught up and knows a leader, so that the leader has no more to do; else the
/// leader. `leaderless` are those who know none, and `program` is its name, as it is typed.
///
/// # Errors
/// If no member can be asked, or the one that is `named` cannot.
pub(super) fn choose(
    report: &Report,
    leaderless: &BTreeSet<&str>,
    named: Option<&str>,
    program: &str,
) -> Result<Chosen, Diagnostic> {
    let able = || report.rows.iter().filter_map(able);
    if let Some(named) = named {
        let row = report.rows.iter().find(|row| row.name == named);
        return able().map(|(chosen, _)| chosen).find(|chosen| chosen.name == named).ok_or_else(
            || {
                let (state, why) =
                    row.map_or(("unknown", ""), |row| (row.state.as_str(), reason(row)));
                let state =
                    if why.is_empty() { state.to_owned() } else { format!("{state}: {why}") };
                Diagnostic::error(format!("no snapshot can be taken of {}: {state}", quoted(named)))
                    .help(match row {
                        Some(row) if refuses(row) => login(row),
                        _ => "leave out `--from`: the best member is taken",
                    })
            },
        );
    }
    let latest = able().map(|(_, applied)| applied).max().unwrap_or_default();
    let caught_up = able().filter(|(_, applied)| applied.saturating_add(BEHIND) >= latest);
    // Of two that are alike the first.
    let best = caught_up.min_by_key(|(chosen, applied)| {
        let is_led = !leaderless.contains(chosen.name.as_str());
        Reverse((is_led, chosen.role == Role::Voter, *applied))
    });
    best.map(|(chosen, _)| chosen).ok_or_else(|| {
        let rows = report.rows.iter();
        let mut problem = Diagnostic::error("no member that answers can give a snapshot");
        problem.notes.extend(rows.map(|row| {
            let why = reason(row);
            let colon = if why.is_empty() { "" } else { ": " };
            format!("{}: {}{colon}{why}", row.name, row.state.as_str())
        }));
        let is_foreign = |row: &Row| row.state == State::Foreign;
        if report.rows.iter().any(is_foreign) {
            return problem.help(
                "this program is of another cluster, or older than a restore: build again, and copy it to each machine \
                 that takes snapshots",
            );
        }
        problem.help(format!("`{program} status` says what is wrong with each of them")).help(
            // One that refuses runs, and has all of its data.
            if let Some(row) = report.rows.iter().find(|row| refuses(row)) {
                login(row)
            } else {
                "if no member comes back: what is left is the database of one, `member/snap/db` \
                 in its data folder"
            },
        )
    })
}

/// Returns a member that can be asked, with the entry up to which it has applied raft's log.
fn able(row: &Row) -> Option<(Chosen, u64)> {
    let role = row.role.filter(|role| *role != Role::Learner && row.state == State::Up)?;
    Some((Chosen { name: row.name.clone(), role }, row.applied?))
}

/// Tells whether it answers, and tells this client nothing. 3.5.28 and 3.6.9 do so where authentication is on.
fn refuses(row: &Row) -> bool {
    row.state == State::Refusing
}

/// Returns what helps where it does so.
fn login(row: &Row) -> &'static str {
    login::help(reason(row)).unwrap_or(AS_ROOT)
}

fn reason(row: &Row) -> &str {
    row.reason.as_deref().unwrap_or_default()
}

/// Says why what the chosen member has may not be what the cluster has; each of these is refused unless it is wanted. That
/// members have different data is none of them where this one is known to have the right data.
pub(super) fn doubts(
    report: &Report,
    leaderless: &BTreeSet<&str>,
    (chosen, is_right): (&Chosen, bool),
) -> Vec<Diagnostic> {
    let old = "a member that is cut off still gives a snapshot, of the time when it was cut off";
    let quorum = match report.votes {
        None => Some("no member says who the members are, or whether there is a quorum".to_owned()),
        Some(votes) => match votes.writes() {
            Writes::Taken => None,
            Writes::NoLeader => {
                Some("NO LEADER: no member says which of them has all writes".to_owned())
            }
            Writes::NoQuorum | Writes::Unknown => Some(format!(
                "NO QUORUM is seen: {} of {} voters know a leader, and it takes {}",
                votes.up, votes.voters, votes.quorum
            )),
        },
    };
    let has_quorum = quorum.is_none();
    let quorum = quorum.map(|message| Diagnostic::error(message).note(old));
    let name = &chosen.name;
    let cut_off = (has_quorum && leaderless.contains(name.as_str()))
        .then(|| Diagnostic::error(format!("{name} knows no leader, but others do")).note(old));
    let applied = |row: &Row| able(row).map(|(_, applied)| applied);
    let latest = report.rows.iter().filter_map(applied).max().unwrap_or_default();
    let row = report.rows.iter().find(|row| row.name == *name);
    let lacks = latest - row.and_then(applied).unwrap_or(latest);
    let behind = (cut_off.is_none() && lacks > BEHIND)
        .then(|| Diagnostic::error(format!("{name} is {lacks} entries behind")).note(old));
    let others = report.doubts.iter().filter(|_| !is_right).cloned();
    quorum.into_iter().chain(cut_off).chain(behind).chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::tests::scene::{PINK, Scene};
    use bouquet_etcd::{Error, Reach};

    fn chosen(scene: &Scene, named: Option<&str>) -> Result<String, String> {
        let chosen = choose(&scene.report(), &BTreeSet::new(), named, "bouquet");
        chosen.map(|chosen| chosen.name).map_err(|problem| problem.to_string())
    }

    #[test]
    fn a_follower_is_asked_and_the_leader_where_there_is_no_other() {
        // Pink leads.
        let first = chosen(&Scene::healthy(), None).unwrap();
        assert_ne!(first, "pink");
        let other = ["orange", "daffodil"].into_iter().find(|name| **name != first).unwrap();
        let one_down = Scene::healthy().gone(&first, Reach::Silent);
        assert_eq!(chosen(&one_down, None).unwrap(), other);
        let both_down = one_down.gone(other, Reach::NoListener);
        assert_eq!(chosen(&both_down, None).unwrap(), "pink");
        let all_down = both_down.gone("pink", Reach::Silent);
        let said = chosen(&all_down, None).unwrap_err();
        assert!(said.contains("no member that answers can give a snapshot"), "{said}");
    }

    /// They are well: nothing is lost, and nobody is to copy their files.
    #[test]
    fn where_members_refuse_this_client_another_one_is_the_help() {
        let helps = |scene: &Scene, named: Option<&str>| {
            let chosen = choose(&scene.report(), &BTreeSet::new(), named, "bouquet");
            chosen.unwrap_err().help.concat()
        };
        let mut scene = Scene::healthy().gone("daffodil", Reach::Silent);
        let refused = Error::Refused("auth: permission denied".to_owned());
        for name in ["pink", "orange"] {
            scene.member(name).status = Err(refused.clone());
        }
        for named in [None, Some("orange")] {
            let said = helps(&scene, named);
            assert!(said.contains("`--client NAME`"), "{said}");
            assert!(!said.contains("member/snap/db") && !said.contains("--from"), "{said}");
        }
        let lost = scene.gone("pink", Reach::Silent).gone("orange", Reach::Silent);
        let said = helps(&lost, None);
        assert!(said.contains("member/snap/db") && !said.contains("--client"), "{said}");
        let down = helps(&lost, Some("daffodil"));
        assert!(down.contains("`--from`") && !down.contains("`--client NAME`"), "{down}");
    }

    /// As after a restore, by a program that was built before it: all are well.
    #[test]
    fn where_members_are_of_another_cluster_the_program_is_to_be_built_again() {
        let mut scene = Scene::healthy();
        for name in ["daffodil", "pink", "orange"] {
            let status = scene.status(name);
            status.header.as_mut().expect("a head").cluster_id = 0xbad;
        }
        let chosen = choose(&scene.report(), &BTreeSet::new(), None, "bouquet");
        let said = chosen.unwrap_err().help.concat();
        assert!(said.contains("build again") && !said.contains("member/snap/db"), "{said}");
    }

    #[test]
    fn one_that_knows_no_leader_is_not_asked_where_another_does() {
        let report = Scene::healthy().report();
        let first = choose(&report, &BTreeSet::new(), None, "bouquet").unwrap().name;
        let other = choose(&report, &[first.as_str()].into(), None, "bouquet").unwrap();
        assert!(other.name != first && other.role == Role::Voter, "{other:?}");
        assert_eq!(
            choose(&report, &[first.as_str()].into(), Some(&first), "bouquet").unwrap().name,
            first
        );
    }

    #[test]
    fn one_that_is_far_behind_is_not_asked_unless_it_is_named() {
        let mut scene = Scene::healthy();
        let first = chosen(&scene, None).unwrap();
        let ahead = scene.status("pink").raft_applied_index + BEHIND + 1;
        scene.every_status(|status| status.raft_applied_index = ahead);
        scene.status(&first).raft_applied_index = ahead - BEHIND - 1;
        assert_ne!(chosen(&scene, None).unwrap(), first);
        assert_eq!(chosen(&scene, Some(&first)).unwrap(), first);
        scene.status(&first).raft_applied_index = ahead - BEHIND;
        let other = chosen(&scene, None).unwrap();
        assert!(other != "pink" && other != first, "the one that has most: {other}");
    }

    #[test]
    fn a_learner_and_a_member_that_is_down_are_refused_by_name() {
        let mut scene = Scene::healthy();
        scene.status("orange").is_learner = true;
        assert!(chosen(&scene, Some("orange")).unwrap_err().contains("`orange`"));
        let down = Scene::healthy().gone("orange", Reach::NoListener);
        let said = chosen(&down, Some("orange")).unwrap_err();
        assert!(said.contains("down") && said.contains("nobody listens"), "{said}");
        assert!(chosen(&down, Some("tulip")).unwrap_err().contains("unknown"));
    }

    #[test]
    fn what_is_in_doubt_is_said() {
        let orange = Chosen { name: "orange".to_owned(), role: Role::Voter };
        let words_with = |scene: &Scene, leaderless: &[&str]| {
            let leaderless = leaderless.iter().copied().collect();
            let doubts = doubts(&scene.report(), &leaderless, (&orange, false));
            doubts.iter().map(|it| it.message.clone()).collect::<Vec<_>>()
        };
        let words = |scene: &Scene| words_with(scene, &[]);
        let cut_off = words_with(&Scene::healthy(), &["orange"]);
        assert_eq!(cut_off, ["orange knows no leader, but others do"]);
        assert_eq!(words_with(&Scene::healthy(), &["pink"]), Vec::<String>::new());
        let mut behind = Scene::healthy();
        behind.status("pink").raft_applied_index += 2 * BEHIND;
        assert!(words(&behind)[0].starts_with("orange is "), "{:?}", words(&behind));
        assert_eq!(words(&Scene::healthy()), Vec::<String>::new());
        let lost = Scene::healthy().without_leader();
        let lost = lost.gone("pink", Reach::Silent).gone("orange", Reach::Silent);
        let said = words(&lost);
        assert!(
            matches!(&said[..], [one] if one.starts_with("NO QUORUM is seen: 0 of 3")),
            "{said:?}"
        );
        let mut corrupt = Scene::healthy();
        corrupt.alarm("CORRUPT", PINK);
        assert!(words(&corrupt)[0].starts_with("CORRUPT of pink"));
        let mut full = Scene::healthy();
        full.alarm("NOSPACE", PINK);
        assert_eq!(
            words(&full),
            Vec::<String>::new(),
            "it is in the snapshot, and no reason against it"
        );
        let mut diverged = Scene::healthy();
        diverged.doubt("pink", Ok((1, 0)), false);
        diverged.doubt("orange", Ok((2, 0)), false);
        assert!(words(&diverged)[0].contains("DIVERGED"));
        diverged.doubt("orange", Err(Error::Refused("permission denied".to_owned())), false);
        assert!(words(&diverged)[0].contains("may have diverged"));
    }

    /// As the one that a plan takes it of, before another one is replaced.
    #[test]
    fn that_others_have_other_data_is_no_reason_against_one_that_is_right() {
        let orange = Chosen { name: "orange".to_owned(), role: Role::Voter };
        let words = |scene: &Scene| {
            let doubts = doubts(&scene.report(), &BTreeSet::new(), (&orange, true));
            doubts.into_iter().map(|it| it.message).collect::<Vec<_>>()
        };
        let mut corrupt = Scene::healthy();
        corrupt.alarm("CORRUPT", PINK);
        corrupt.doubt("pink", Ok((1, 0)), true);
        corrupt.doubt("orange", Ok((2, 0)), true);
        assert_eq!(words(&corrupt), Vec::<String>::new());
        // All else is.
        corrupt.status("pink").raft_applied_index += 2 * BEHIND;
        assert!(words(&corrupt)[0].starts_with("orange is "), "{:?}", words(&corrupt));
    }
}
