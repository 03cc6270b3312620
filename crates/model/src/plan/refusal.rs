//! Why nothing is done, in words.

use super::next::{Place, Refusal};
use super::withheld::Withheld;
use crate::artifact::shell_word;
use crate::cluster::MemberId;
use std::collections::BTreeMap;

/// Returns in words why nothing is done, and what has to be done first. `names` are those of the members, `program` and
/// `on_node` are how the program is typed here and there, and `new_ids` has those that have replaced others already.
pub(super) fn refused(
    refusal: Refusal,
    names: &[String],
    new_ids: &BTreeMap<String, MemberId>,
    (program, on_node): (&str, &str),
) -> Withheld {
    let name = |at: Place| names.get(at).map_or("a member", String::as_str);
    let replace = |at: Place| match new_ids.get(name(at)) {
        Some(id) => format!("`{program} etcdctl -- member remove {id}`, and plan again"),
        None => format!("`{program} plan --replace {}`", shell_word(name(at))),
    };
    let (why, way) = match refusal {
        Refusal::Quorum => (
            "too few members are up for anything to be changed".to_owned(),
            format!(
                "start those that are down; {}, as \"Lost quorum\" in docs/on-fire.md has it",
                last_way(program)
            ),
        ),
        Refusal::Leaderless => (
            "enough members are up, and none of them leads".to_owned(),
            format!("`{program} status` says who sees whom: each has to reach the peer port of each other one"),
        ),
        Refusal::Twice(at) => (
            format!("two processes run as {}", name(at)),
            "stop the one whose machine is not the member's, and set its data aside".to_owned(),
        ),
        Refusal::Corrupt => (
            "members have different data, and nothing shows whose is right".to_owned(),
            format!(
                "`{program} status` compares the data of those that are up, with a longer `--deadline` where they are \
                 slow; once you know which is wrong: `{program} plan --replace MEMBER`"
            ),
        ),
        Refusal::Odd(at) => (
            format!("{} has other data than most, or older data than it had", name(at)),
            format!("replace it: {}", replace(at)),
        ),
        Refusal::Silent(at) => (
            format!("{} does not answer", name(at)),
            format!("bring it back; or, where it will not come back, replace it: {}", replace(at)),
        ),
        Refusal::Behind(at) => (
            format!("{} answers and does not keep up with the leader", name(at)),
            format!("`{on_node} doctor` on its node says why; or replace it: {}", replace(at)),
        ),
        Refusal::Needed(at) => (
            format!("{} is not to stay, and without it there is no quorum now", name(at)),
            "start it again; it leaves once the others are up".to_owned(),
        ),
        Refusal::Only(at) => (
            format!("{} is the only member, and has the only data", name(at)),
            "let another one join first, at an address of its own".to_owned(),
        ),
        Refusal::Downtime(at) => (
            format!("while {} is restarted, nothing can be written", name(at)),
            format!("`{program} plan --accept-downtime`, or a third member first"),
        ),
        Refusal::TwoChanges(at) => (
            format!("{} goes, another one comes, and all are to get another minor of etcd", name(at)),
            "write the former version for now, roll that out and record it; then change the version"
                .to_owned(),
        ),
        Refusal::Clock(at) => (
            format!("the clock of {}'s machine is wrong for its new certificate", name(at)),
            "set it right".to_owned(),
        ),
        Refusal::Held(at) => (
            format!("the place of {} is that of another member, which does not leave it", name(at)),
            "give one of them another address in cluster.toml".to_owned(),
        ),
    };
    Withheld { why, way }
}

/// Says what is left where a quorum is lost for good.
pub fn last_way(program: &str) -> String {
    format!(
        "only if too many of them never come back: `{program} rescue` goes on with what is left of one"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_a_lost_quorum_the_last_way_is_named_and_not_the_first() {
        let typed = ("./flowers", "flowers");
        let Withheld { way, .. } = refused(Refusal::Quorum, &[], &BTreeMap::new(), typed);
        assert!(way.starts_with("start those that are down; only if "), "{way}");
        assert!(way.contains("never come back: `./flowers rescue` goes on"), "{way}");
    }

    #[test]
    fn each_place_has_the_program_as_it_is_typed_there() {
        let names = ["pink".to_owned()];
        let typed = ("cargo run --", "flowers");
        let Withheld { way, .. } = refused(Refusal::Behind(0), &names, &BTreeMap::new(), typed);
        assert_eq!(
            way,
            "`flowers doctor` on its node says why; or replace it: `cargo run -- plan --replace pink`"
        );
    }
}
