//! What members answer, held against what is in the file.

use serde::Serialize;

/// What every member has to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Expected {
    /// The latest revision; that of the file, and what the tool raised it by.
    pub(super) revision: i64,
    /// How many keys there are.
    pub(super) keys: u64,
    /// At most so many of them end with leases, which go on once there is a leader.
    pub(super) leased: u64,
}

impl Expected {
    /// Tells whether a member that has this many keys may be at this revision. What a lease ends is taken away at one
    /// revision, whether that is one key or several.
    fn is_revision(self, revision: i64, keys: u64) -> bool {
        let ended = self.keys.saturating_sub(keys).min(self.leased);
        let at = |ended: u64| self.revision.saturating_add_unsigned(ended);
        (at(ended.min(1))..=at(ended)).contains(&revision)
    }

    fn are_keys(self, keys: u64) -> bool {
        (self.keys.saturating_sub(self.leased)..=self.keys).contains(&keys)
    }
}

/// What a member answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Answer {
    pub(super) name: String,
    /// Its latest revision.
    pub(super) revision: i64,
    /// The revision up to which history was compacted.
    pub(super) compacted: i64,
    pub(super) keys: u64,
    /// `HashKV` at its latest revision.
    pub(super) hash: u32,
}

/// Returns what is not as it has to be, in sentences; nothing where all is.
pub(super) fn faults(expected: Expected, answers: &[Answer]) -> Vec<String> {
    let mut faults = Vec::new();
    for Answer { name, revision, keys, .. } in answers {
        if !expected.is_revision(*revision, *keys) {
            faults.push(format!(
                "{name} is at revision {revision}, and not at {}",
                expected.revision
            ));
        }
        if !expected.are_keys(*keys) {
            faults.push(format!("{name} has {keys} keys, and the snapshot {}", expected.keys));
        }
    }
    faults.extend(
        (!is_one(answers)).then(|| "members have different hashes of their keys".to_owned()),
    );
    faults
}

/// Says that keys have ended with their leases since the restore, where they have.
pub(super) fn ended(expected: Expected, answers: &[Answer]) -> Option<String> {
    let least = answers.iter().map(|answer| answer.keys).min()?;
    let count = expected.keys.checked_sub(least).filter(|count| *count > 0)?;
    let keys = if count == 1 { "key has" } else { "keys have" };
    Some(format!("{count} {keys} ended since then, with leases of the snapshot"))
}

/// Tells whether all have the same keys, by their hashes.
pub(super) fn is_one(answers: &[Answer]) -> bool {
    let hash = |answer: &Answer| (answer.hash, answer.compacted);
    answers.windows(2).all(|two| hash(&two[0]) == hash(&two[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPECTED: Expected = Expected { revision: 9, keys: 3, leased: 0 };

    fn answer(name: &str, (revision, keys, hash): (i64, u64, u32)) -> Answer {
        Answer { name: name.to_owned(), revision, compacted: 2, keys, hash }
    }

    #[test]
    fn members_that_have_what_the_file_has_are_well() {
        let all = ["a", "b", "c"].map(|name| answer(name, (9, 3, 77)));
        assert_eq!(faults(EXPECTED, &all), Vec::<String>::new());
        assert_eq!(faults(EXPECTED, &all[..1]), Vec::<String>::new());
    }

    #[test]
    fn what_ends_with_a_lease_is_no_fault_and_nothing_else_is_missing() {
        let leased = Expected { leased: 2, ..EXPECTED };
        let of = |revision, keys| faults(leased, &[answer("a", (revision, keys, 77))]).len();
        assert_eq!([of(9, 3), of(10, 2), of(10, 1), of(11, 1)], [0; 4]);
        // No key has ended; keys have, at no revision; more than there were leases; and there are more.
        assert_eq!([of(8, 3), of(10, 3), of(9, 2), of(11, 2), of(11, 0), of(9, 4)], [1; 6]);
        let said = |revision, keys| ended(leased, &[answer("a", (revision, keys, 77))]);
        assert_eq!(said(9, 3), None);
        let one = "1 key has ended since then, with leases of the snapshot";
        assert_eq!(said(10, 2).as_deref(), Some(one));
        assert_eq!(faults(EXPECTED, &[answer("a", (10, 2, 77))]).len(), 2, "there are no leases");
    }

    #[test]
    fn another_revision_another_count_and_another_hash_are_each_told() {
        let of = |other| faults(EXPECTED, &[answer("a", (9, 3, 77)), answer("b", other)]);
        assert_eq!(of((8, 3, 77)), ["b is at revision 8, and not at 9"]);
        assert_eq!(of((9, 2, 77)), ["b has 2 keys, and the snapshot 3"]);
        assert_eq!(of((9, 3, 78)), ["members have different hashes of their keys"]);
        let mut all = ["a", "b", "c"].map(|name| answer(name, (9, 3, 77)));
        all[2].compacted = 3;
        assert!(!is_one(&all), "a hash counts with what it was compacted to");
    }
}
