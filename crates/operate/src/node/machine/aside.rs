//! What of a member's folders gets another name when it gives way.

use bouquet_model::node_path::{NodePath, outermost};

/// A part of a member's folders.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A folder, with all that is in it.
    Folder(NodePath),
    /// The files of a log in a folder, which stays.
    Log(NodePath),
}

/// Returns what gets another name of the folders of a member's data and of its log. A mount point cannot be renamed,
/// what is in it is.
pub(super) fn given_way(own: &[NodePath], is_mounted: &dyn Fn(&NodePath) -> bool) -> Vec<Part> {
    let part = |folder: &NodePath| {
        if is_mounted(folder) { Part::Log(folder.clone()) } else { Part::Folder(folder.clone()) }
    };
    let inside = |folder: &NodePath| {
        let member = folder.join("member");
        // A log of its own in there stays otherwise, and etcd would start from it.
        let is_beside =
            |it: &&NodePath| *it != folder && it.is_within(folder) && !it.is_within(&member);
        let beside: Vec<Part> = own.iter().filter(is_beside).map(part).collect();
        [Part::Log(folder.clone()), Part::Folder(member)].into_iter().chain(beside)
    };
    let all = outermost(own.iter().cloned()).into_iter();
    all.flat_map(|folder| match part(&folder) {
        Part::Log(_) => inside(&folder).collect(),
        whole @ Part::Folder(_) => vec![whole],
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(own: &[&str], mounted: &[&str]) -> Vec<Part> {
        let own: Vec<NodePath> = own.iter().map(|it| NodePath::parse(it).expect(it)).collect();
        given_way(&own, &|folder| mounted.contains(&folder.as_str()))
    }

    fn folder(path: &str) -> Part {
        Part::Folder(NodePath::parse(path).expect(path))
    }

    fn log(path: &str) -> Part {
        Part::Log(NodePath::parse(path).expect(path))
    }

    #[test]
    fn a_folder_gives_way_as_a_whole_with_what_is_in_it() {
        assert_eq!(parts(&["/data", "/data/log"], &[]), [folder("/data")]);
        assert_eq!(parts(&["/data", "/log"], &[]), [folder("/data"), folder("/log")]);
    }

    #[test]
    fn of_a_mount_point_gives_way_what_is_in_it() {
        let inside = [log("/data"), folder("/data/member")];
        assert_eq!(parts(&["/data"], &["/data"]), inside);
        let all = parts(&["/data", "/data/log"], &["/data"]);
        assert_eq!(all, [log("/data"), folder("/data/member"), folder("/data/log")]);
    }

    #[test]
    fn a_log_that_is_mounted_gives_way_wherever_it_is() {
        let all = parts(&["/data", "/log"], &["/log"]);
        assert_eq!(all, [folder("/data"), log("/log"), folder("/log/member")]);
        let all = parts(&["/data", "/data/log"], &["/data", "/data/log"]);
        assert_eq!(all, [log("/data"), folder("/data/member"), log("/data/log")]);
    }
}
