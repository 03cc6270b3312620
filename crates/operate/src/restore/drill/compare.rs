//! What members answer, held against what is in the file.

use serde::Serialize;

/// What every member has to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Expected {
    /// The latest revision; that of the file, and what the tool raised it by.
    pub(super) revision: i64,
    /// How many keys there are.
    pub(super) keys: u64,
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
        if *revision != expected.revision {
            faults.push(format!(
                "{name} is at revision {revision}, and not at {}",
                expected.revision
            ));
        }
        if *keys != expected.keys {
            faults.push(format!("{name} has {keys} keys, and the snapshot {}", expected.keys));
        }
    }
    faults.extend(
        (!is_one(answers)).then(|| "members have different hashes of their keys".to_owned()),
    );
    faults
}

/// Tells whether all have the same keys, by their hashes.
pub(super) fn is_one(answers: &[Answer]) -> bool {
    let hash = |answer: &Answer| (answer.hash, answer.compacted);
    answers.windows(2).all(|two| hash(&two[0]) == hash(&two[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPECTED: Expected = Expected { revision: 9, keys: 3 };

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
