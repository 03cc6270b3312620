//! Whether members may have other data than one another, by what they say of themselves.
//!
//! Members apply one log, and an entry of it makes one revision or none. So of two members, the one that has
//! applied more entries is at a revision that is higher by as many at most, and never lower. etcd reads the two
//! numbers one after the other: in a healthy cluster under load, one reading in a few hundred does not fit.

use super::observed::Seen;
use std::collections::BTreeSet;

/// Holds what a member says of its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    /// Of its cluster.
    pub(super) cluster: u64,
    /// How much of the log it has applied.
    pub(super) applied: u64,
    pub(super) revision: i64,
}

impl Reading {
    /// Returns what a member answered, if it did.
    pub(super) fn of(seen: &Seen) -> Option<Self> {
        let status = seen.status.as_ref().ok()?;
        let header = status.header?;
        let applied = status.raft_applied_index;
        Some(Self { cluster: header.cluster_id, applied, revision: header.revision })
    }

    /// Tells whether two members of one cluster can have the same data.
    pub(super) fn fits(self, other: Self) -> bool {
        let (less, more) =
            if self.applied <= other.applied { (self, other) } else { (other, self) };
        let entries = i128::from(more.applied) - i128::from(less.applied);
        let revisions = i128::from(more.revision) - i128::from(less.revision);
        self.cluster != other.cluster || (0..=entries).contains(&revisions)
    }
}

/// Returns the pairs that do not fit, by their places.
pub(super) fn doubtful(readings: &[Option<Reading>]) -> BTreeSet<(usize, usize)> {
    let known = readings.iter().enumerate().filter_map(|(at, reading)| Some((at, (*reading)?)));
    let known: Vec<(usize, Reading)> = known.collect();
    let pairs = known.iter().enumerate().flat_map(|(at, (one, reading))| {
        let others = known[at + 1..].iter().filter(|(_, other)| !reading.fits(*other));
        others.map(|(other, _)| (*one, *other))
    });
    pairs.collect()
}

/// Returns readings with those that were read again, and the pairs that do not fit by them either. One that had no
/// answer this time stays in doubt: it may be slow, and no reason to call its data alike.
pub(super) fn again_doubtful(
    before: &[Option<Reading>],
    now: &[Option<Reading>],
    pairs: &BTreeSet<(usize, usize)>,
) -> (Vec<Option<Reading>>, BTreeSet<(usize, usize)>) {
    let latest: Vec<_> = before.iter().zip(now).map(|(before, now)| now.or(*before)).collect();
    let is_open = |(one, other): &&(usize, usize)| {
        now[*one].is_none() || now[*other].is_none() || !fits(&latest, *one, *other)
    };
    let pairs = pairs.iter().filter(is_open).copied().collect();
    (latest, pairs)
}

fn fits(readings: &[Option<Reading>], one: usize, other: usize) -> bool {
    readings[one].zip(readings[other]).is_none_or(|(one, other)| one.fits(other))
}

/// Returns the pairs that cannot have the same data, by two readings of each, one after the other.
///
/// In whatever order a member reads its two numbers: what it had applied at the first reading is in the revision of
/// the second one, and the revision of the first one is in what it had applied at the second. So whatever is written
/// meanwhile, one that was at a higher revision first has to be accounted for by what the other one had applied, and
/// by what came after that.
pub(super) fn certain(
    first: &[Option<Reading>],
    second: &[Option<Reading>],
) -> BTreeSet<(usize, usize)> {
    let both = first.iter().zip(second).enumerate();
    let both = both.filter_map(|(at, (first, second))| Some((at, (*first)?, (*second)?)));
    let both: Vec<(usize, Reading, Reading)> = both.collect();
    let pairs = both.iter().enumerate().flat_map(|(at, (one, first, second))| {
        let others = both[at + 1..].iter().filter(move |(_, other_first, other_second)| {
            first.cluster == other_first.cluster
                && (exceeds((*first, *second), (*other_first, *other_second))
                    || exceeds((*other_first, *other_second), (*first, *second)))
        });
        others.map(|(other, ..)| (*one, *other))
    });
    pairs.collect()
}

/// Tells whether the one was at a higher revision than the other one's log can explain.
fn exceeds(one: (Reading, Reading), other: (Reading, Reading)) -> bool {
    let later = i128::from(one.1.applied) - i128::from(other.0.applied);
    i128::from(one.0.revision) > i128::from(other.1.revision) + later.max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::unnecessary_wraps, reason = "all but those that did not answer have one")]
    fn reading(applied: u64, revision: i64) -> Option<Reading> {
        Some(Reading { cluster: 1, applied, revision })
    }

    #[test]
    fn one_applied_index_has_one_revision() {
        assert_eq!(doubtful(&[reading(9, 12), reading(9, 12), reading(9, 12)]), BTreeSet::new());
        let pairs = doubtful(&[reading(9, 12), None, reading(9, 22), reading(9, 12)]);
        assert_eq!(pairs, [(0, 2), (2, 3)].into());
    }

    #[test]
    fn more_entries_are_as_many_revisions_at_most_and_never_fewer() {
        for (applied, revision, fits) in [
            (100, 90, true),
            (101, 90, true),
            (101, 91, true),
            (101, 92, false),
            (101, 89, false),
            (99, 91, false),
        ] {
            let pairs = doubtful(&[reading(100, 90), reading(applied, revision)]);
            assert_eq!(pairs.is_empty(), fits, "{applied} {revision}");
        }
        assert!(!doubtful(&[reading(0, i64::MIN), reading(1, i64::MAX)]).is_empty());
    }

    #[test]
    fn two_readings_that_rest_are_certain_and_so_are_those_with_entries_that_are_no_writes() {
        let first = [reading(284, 11), reading(284, 21)];
        assert_eq!(certain(&first, &first), [(0, 1)].into());
        assert_eq!(certain(&first, &[reading(287, 11), reading(287, 21)]), [(0, 1)].into());
        assert_eq!(certain(&first, &[reading(294, 11), reading(294, 21)]), BTreeSet::new());
        assert_eq!(certain(&first, &[None, reading(284, 21)]), BTreeSet::new());
    }

    /// A member whose revision was read before ten entries were applied, and its index after that.
    #[test]
    fn what_is_read_in_the_middle_of_writes_is_not_certain() {
        let first = [reading(110, 90), reading(110, 100)];
        assert_eq!(doubtful(&first), [(0, 1)].into());
        assert_eq!(certain(&first, &[reading(110, 100), reading(110, 100)]), BTreeSet::new());
        let first = [reading(100, 100), reading(110, 100)];
        assert_eq!(certain(&first, &[reading(120, 110), reading(120, 110)]), BTreeSet::new());
    }

    #[test]
    fn a_pair_is_out_of_doubt_once_both_were_read_again_and_fit() {
        let (before, pairs) = ([reading(9, 12), reading(9, 22), reading(9, 12)], [(0, 1), (1, 2)]);
        let again = |now: &[Option<Reading>]| again_doubtful(&before, now, &pairs.into());
        let (readings, left) = again(&[reading(9, 12), reading(10, 13), reading(9, 9)]);
        assert_eq!((readings[1], left), (reading(10, 13), [(1, 2)].into()));
        // The second is too slow to say anything.
        let (readings, left) = again(&[reading(10, 13), None, reading(9, 12)]);
        assert_eq!((readings[1], left), (reading(9, 22), pairs.into()));
        // What is not in doubt is not read again.
        let (readings, left) = again_doubtful(&before, &[None, None, None], &BTreeSet::new());
        assert_eq!((readings, left), (before.to_vec(), BTreeSet::new()));
    }

    #[test]
    fn another_cluster_has_other_data() {
        let other = Some(Reading { cluster: 2, applied: 9, revision: 22 });
        assert_eq!(doubtful(&[reading(9, 12), other]), BTreeSet::new());
    }
}
