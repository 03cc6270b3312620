//! What restarted members run with until all were restarted: another wait for a leader, and plain peers.

use super::commands::Edit;
use super::work::Work;
use crate::running::{Running, RunningMember};
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

const HEARTBEAT: &str = "heartbeat-interval";
const ELECTION: &str = "election-timeout";

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

/// Where both timeouts are raised, the wait for a leader goes first on all members; where both are
/// lowered, the heartbeat does. Otherwise a leader with a long heartbeat is deposed by a member that waits
/// as briefly as before.
fn held(work: &Work, before: &Running, after: &Running) -> Option<Edit> {
    let mut members = after.members.iter().filter(|(name, _)| work.restarts(name));
    members.find_map(|(name, is)| {
        let was = before.members.get(work.old_name(name))?;
        let (beat, wait) = (HEARTBEAT, ELECTION);
        let [old_beat, new_beat] = [was, is].map(|member| milliseconds(member, beat, 100));
        let [old_wait, new_wait] = [was, is].map(|member| milliseconds(member, wait, 1000));
        let option = if new_beat > old_beat && new_wait > old_wait {
            beat
        } else if new_beat < old_beat && new_wait < old_wait {
            wait
        } else {
            return None;
        };
        let value = if option == beat { old_beat } else { old_wait };
        Some(Edit::Holds {
            option,
            value: value.to_string(),
            is_there: is.option(option).is_some(),
        })
    })
}

/// etcd's defaults are the same in all versions.
fn milliseconds(member: &RunningMember, option: &str, default: u64) -> u64 {
    member.option(option).and_then(|text| text.parse().ok()).unwrap_or(default)
}
