//! What restarted members run with until all were restarted: another wait for a leader, and plain peers.

use super::commands::Edit;
use super::work::Work;
use crate::effective::{ELECTION, HEARTBEAT, timeout};
use crate::running::Running;
use crate::url::Scheme;

/// One restart of every member that needs one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Round {
    /// What the unit says for now, other than the built one.
    pub(super) edits: Vec<Edit>,
    /// The unit is that which is there already.
    pub(super) is_old: bool,
    /// The list gets the new peer URLs in this round.
    pub(super) readdresses: bool,
    /// Why there is a further round.
    pub(super) why: Option<&'static str>,
}

/// Returns the rounds of restarts, the last of which has the built units.
pub(super) fn rounds(work: &Work, before: &Running, after: &Running) -> Vec<Round> {
    let mut last = Round::default();
    let mut rounds = Vec::new();
    let hold = held(work, before, after);
    match work.schemes.values().next() {
        // A member that has the files of TLS dials those that have changed already, and those that have not.
        Some(Scheme::Https) => {
            let plain = Edit::Plain { option: "listen-peer-urls" };
            rounds.push(Round {
                edits: hold.into_iter().chain([plain]).collect(),
                why: Some(
                    "peers go on in plain text in this round; all members get the files of TLS first, so \
                     that each can dial those that change before it",
                ),
                ..Round::default()
            });
            last.readdresses = true;
        }
        Some(Scheme::Http) => {
            rounds.push(Round {
                edits: vec![Edit::Plain { option: "listen-peer-urls" }],
                is_old: true,
                readdresses: true,
                why: Some("members keep the files of TLS until all listen in plain text"),
            });
            rounds.extend(hold.map(held_round));
        }
        None => rounds.extend(hold.map(held_round)),
    }
    rounds.push(last);
    rounds
}

fn held_round(edit: Edit) -> Round {
    let why = "the timeouts change in two rounds: in between, no member's heartbeat may be longer than \
               another one's wait for it";
    Round { edits: vec![edit], why: Some(why), ..Round::default() }
}

/// Returns the option that keeps its former value until the other one has its new value on all members. Where both
/// timeouts are raised, the wait for a leader goes first; where both are lowered, the heartbeat does. Otherwise a
/// leader with a long heartbeat is deposed by a member that waits as briefly as before. A single member is deposed by
/// nobody.
pub(super) fn held(work: &Work, before: &Running, after: &Running) -> Option<Edit> {
    if after.members.len() == 1 {
        return None;
    }
    let mut members = after.members.iter().filter(|(name, _)| work.restarts(name));
    members.find_map(|(name, is)| {
        let was = before.members.get(work.old_name(name))?;
        let both = |option| [was, is].map(|member| timeout(option, member.option(option)));
        let ([old_beat, new_beat], [old_wait, new_wait]) = (both(HEARTBEAT), both(ELECTION));
        let (option, value) = if new_beat > old_beat && new_wait > old_wait {
            (HEARTBEAT, old_beat)
        } else if new_beat < old_beat && new_wait < old_wait {
            (ELECTION, old_wait)
        } else {
            return None;
        };
        Some(Edit::Holds {
            option,
            value: value.to_string(),
            is_there: is.option(option).is_some(),
        })
    })
}
