//! The names of snapshots in a folder: `TOKEN-CLUSTERID-rREVISION-DATE.db`, and `….doubtful.db` where it was in doubt
//! what they have. Those are counted by nobody: they are neither kept in the place of a good one, nor removed.

use bouquet_model::time::Instant;
use std::num::NonZeroUsize;

/// Holds what a name tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) cluster: u64,
    pub(super) revision: i64,
    /// `20261128T134650Z`: sorted as texts they are in order, as far as the clock was right.
    pub(super) date: String,
}

/// Returns the name of a snapshot. Of the token, which may hold anything, the cluster's ID is what counts.
pub(super) fn name(
    (token, cluster): (&str, u64),
    (revision, now): (i64, i64),
    is_doubtful: bool,
) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' };
    let token: String = token.chars().take(64).map(plain).collect();
    let date = Instant(now).basic();
    let end = if is_doubtful { ".doubtful.db" } else { ".db" };
    format!("{}-{cluster:016x}-r{revision}-{date}{end}", token.trim_start_matches('.'))
}

/// Reads such a name; another one is not ours.
pub(super) fn read(name: &str) -> Option<Named> {
    let mut parts = name.strip_suffix(".db")?.rsplitn(4, '-');
    let (date, revision, cluster, _token) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let is_date = date.len() == 16 && date.ends_with('Z') && date.as_bytes()[8] == b'T';
    let is_plain = date.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let revision = revision.strip_prefix('r')?;
    let is_revision = revision.bytes().all(|byte| byte.is_ascii_digit());
    let is_id = cluster.len() == 16 && cluster.bytes().all(|byte| byte.is_ascii_hexdigit());
    (is_date && is_plain && is_revision && is_id).then_some(())?;
    Some(Named {
        cluster: u64::from_str_radix(cluster, 16).ok()?,
        revision: revision.parse().ok()?,
        date: date.to_owned(),
    })
}

/// Returns the latest revision among a cluster's snapshots.
pub(super) fn latest<'a>(names: impl Iterator<Item = &'a str>, cluster: u64) -> Option<i64> {
    names.filter_map(read).filter(|it| it.cluster == cluster).map(|it| it.revision).max()
}

/// Returns the names of the cluster's snapshots that are too many beside a new one, which is not among them: those of
/// the lowest revisions, and of one revision the oldest. Other files are nobody's.
///
/// By dates, one that was taken while a clock was ahead would stay for good, and newer ones go in its place. The
/// revision of a cluster only grows, and a new one whose revision is lower than another's is in doubt, so that nothing
/// goes for it; a restore makes another cluster, with an ID of its own.
pub(super) fn surplus<'a>(
    names: impl Iterator<Item = &'a str>,
    cluster: u64,
    keep: NonZeroUsize,
) -> Vec<&'a str> {
    let ours = names.filter_map(|name| read(name).map(|is| (is, name)));
    let mut ours: Vec<_> = ours.filter(|(is, _)| is.cluster == cluster).collect();
    ours.sort_by(|(one, _), (other, _)| {
        (other.revision, &other.date).cmp(&(one.revision, &one.date))
    });
    ours.into_iter().skip(keep.get() - 1).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_what_it_was_made_of() {
        let name = name(("etcd-cluster-1", 0x9a99_e213_7be1_9e70), (81204, 1_795_873_610), false);
        assert_eq!(name, "etcd-cluster-1-9a99e2137be19e70-r81204-20261128T134650Z.db");
        let read = read(&name).unwrap();
        assert_eq!((read.cluster, read.revision), (0x9a99_e213_7be1_9e70, 81204));
    }

    #[test]
    fn a_token_makes_no_path_and_no_hidden_file() {
        let name = name(("../a b/ü", 1), (2, 0), false);
        assert!(!name.contains('/') && !name.starts_with('.'), "{name}");
        assert_eq!(read(&name).unwrap().revision, 2);
    }

    #[test]
    fn other_names_are_nobodys() {
        for other in [
            "backup.db",
            "a-b-c-d.db",
            "t-000000000000000x-r1-20261128T134650Z.db",
            "t-0000000000000001-1-20261128T134650Z.db",
            &name(("t", 1), (1, 1_795_873_610), true),
            "t-0000000000000001-r1-2026.db",
            "t-0000000000000001-r1-20261128T134650Z.db.bak",
            "t-0000000000000001-r-1-20261128T134650Z.db",
            "",
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn the_oldest_of_this_cluster_go_and_nothing_else() {
        let of = |cluster, revision, now| name(("t", cluster), (revision, now), false);
        let all =
            [of(1, 10, 100), of(1, 30, 300), of(2, 5, 50), of(1, 20, 200), "notes.txt".to_owned()];
        let names = || all.iter().map(String::as_str);
        let keep = |count| surplus(names(), 1, NonZeroUsize::new(count).unwrap());
        assert_eq!(
            keep(1),
            [all[1].as_str(), all[3].as_str(), all[0].as_str()],
            "with the new one"
        );
        assert_eq!(keep(2), [all[3].as_str(), all[0].as_str()]);
        assert_eq!(keep(3), [all[0].as_str()]);
        assert!(keep(4).is_empty());
        assert_eq!((latest(names(), 1), latest(names(), 3)), (Some(30), None));
    }

    /// Of 2099, and of 1970, where the machine has no clock of its own.
    #[test]
    fn a_clock_that_was_wrong_keeps_no_former_one_and_removes_no_later_one() {
        let of = |revision, now| name(("t", 1), (revision, now), false);
        let ahead = of(10, 4_070_908_800);
        let behind = of(40, 0);
        let of_one_revision = [of(30, 1_795_873_610), of(30, 1_795_873_611)];
        let all = [&behind, &ahead, &of_one_revision[0], &of_one_revision[1]];
        let names = || all.iter().map(|name| name.as_str());
        let keep = |count| surplus(names(), 1, NonZeroUsize::new(count).unwrap());
        assert_eq!(keep(2), [&of_one_revision[1], &of_one_revision[0], &ahead]);
        assert_eq!(keep(3), [&of_one_revision[0], &ahead]);
        assert_eq!(keep(4), [&ahead]);
    }
}
