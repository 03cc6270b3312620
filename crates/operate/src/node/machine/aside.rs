//! What of a member's folders gets another name when it gives way.

use super::folders::Folders;
use bouquet_model::node_path::NodePath;

/// A part of a member's folders.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A file, or a folder with all that is in it.
    Whole(NodePath),
    /// The files of a log or of a database in a folder, which stays.
    Files(NodePath),
}

/// Returns what gets another name of a member's data and of its log, where these places are `mounted`, or an operator's own
/// links or volumes: a mount point cannot be renamed, and goes along with a folder above it. So such folders stay, and what is
/// etcd's in them goes. The log is first, since etcd starts from a log alone, and not from a database whose member has run.
pub(super) fn given_way(folders: &Folders, mounted: &[NodePath]) -> Vec<Part> {
    let is_whole = |path: &NodePath| !mounted.iter().any(|place| place.is_within(path));
    let part = |path: NodePath| {
        if is_whole(&path) { Part::Whole(path) } else { Part::Files(path) }
    };
    let (data, log) = (&folders.data, folders.log());
    let member = data.join("member");
    let goes = [data, &member].into_iter().find(|it| is_whole(it)).cloned();
    let is_beside = !goes.as_ref().is_some_and(|goes| log.is_within(goes));
    let log = is_beside.then(|| part(log));
    let rest = match goes {
        Some(whole) => vec![Part::Whole(whole)],
        None => vec![part(member.join("snap")), Part::Whole(member.join("restored"))],
    };
    log.into_iter().chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(path: &str) -> NodePath {
        NodePath::parse(path).expect(path)
    }

    fn parts(data: &str, log: Option<&str>, mounted: &[&str]) -> Vec<Part> {
        let mounted: Vec<_> = mounted.iter().map(|it| path(it)).collect();
        let (data, wal) = (path(data), log.map(path));
        given_way(&Folders { required: data.clone(), data, wal }, &mounted)
    }

    fn whole(it: &str) -> Part {
        Part::Whole(path(it))
    }

    fn files(it: &str) -> Part {
        Part::Files(path(it))
    }

    #[test]
    fn a_folder_gives_way_as_a_whole_with_what_is_in_it() {
        assert_eq!(parts("/data", None, &["/", "/other"]), [whole("/data")]);
        assert_eq!(parts("/data", Some("/data/log"), &[]), [whole("/data")]);
        assert_eq!(parts("/data", Some("/log"), &[]), [whole("/log"), whole("/data")]);
    }

    #[test]
    fn of_a_mount_point_gives_way_what_is_in_it() {
        assert_eq!(parts("/data", None, &["/data"]), [whole("/data/member")]);
        let all = [whole("/data/log"), whole("/data/member")];
        assert_eq!(parts("/data", Some("/data/log"), &["/data"]), all);
        assert_eq!(
            parts("/data", Some("/log"), &["/data"]),
            [whole("/log"), whole("/data/member")]
        );
    }

    #[test]
    fn a_log_that_is_mounted_gives_way_wherever_it_is() {
        assert_eq!(parts("/data", Some("/log"), &["/log"]), [files("/log"), whole("/data")]);
        for mounted in [&["/data/log"][..], &["/data", "/data/log"]] {
            let all = [files("/data/log"), whole("/data/member")];
            assert_eq!(parts("/data", Some("/data/log"), mounted), all);
        }
    }

    #[test]
    fn no_folder_takes_along_what_is_mounted_in_it() {
        let all = [whole("/data/log/wal"), whole("/data/member")];
        assert_eq!(parts("/data", Some("/data/log/wal"), &["/data/log"]), all);
        assert_eq!(parts("/data", None, &["/data/backup"]), [whole("/data/member")]);
        let rest = [whole("/data/member/snap"), whole("/data/member/restored")];
        for (place, log) in [
            ("/data/member", whole("/data/member/wal")),
            ("/data/member/wal", files("/data/member/wal")),
        ] {
            let all = parts("/data", None, &[place]);
            assert_eq!((&all[0], &all[1..]), (&log, &rest[..]), "{place}");
        }
        let all = parts("/data", None, &["/data/member/snap"]);
        assert_eq!(all[..2], [whole("/data/member/wal"), files("/data/member/snap")]);
    }
}
