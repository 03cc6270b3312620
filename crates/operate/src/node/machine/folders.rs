//! Where a member's data and its log are.

use bouquet_model::node_path::NodePath;
use bouquet_model::places::{Usage, WORKING_FOLDER, log, places};
use bouquet_model::{Cluster, Member};

/// The folders of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Folders {
    pub(crate) data: NodePath,
    /// What etcd's unit requires to be mounted for its data: systemd mounts all that is meant for that, or for a folder above.
    pub(crate) required: NodePath,
    /// `wal-dir`, or `None` where the log is in the data.
    pub(crate) wal: Option<NodePath>,
}

impl Folders {
    /// Returns those that are compiled.
    pub(crate) fn of(cluster: &Cluster, member: &Member) -> Self {
        let mut all = Self::given(member.name.as_str(), None, None);
        for place in places(cluster, member) {
            match place.usage {
                Usage::Data => (all.data, all.required) = (place.path, place.folder),
                Usage::Wal => all.wal = Some(place.path),
                _ => {}
            }
        }
        all
    }

    /// Returns those that a unit has with these arguments.
    pub(crate) fn of_unit(name: &str, arguments: &[String]) -> Self {
        let folder = |option| {
            let text = arguments.iter().find_map(|word| word.strip_prefix(option))?;
            NodePath::parse(text).ok()
        };
        Self::given(name, folder("--data-dir="), folder("--wal-dir="))
    }

    /// Returns the folders of a member; without a data folder, etcd's own is `NAME.etcd` in the one that it is started
    /// in.
    fn given(name: &str, data: Option<NodePath>, wal: Option<NodePath>) -> Self {
        let working = NodePath::from_static(WORKING_FOLDER);
        let (data, required) = match data {
            Some(data) => (data.clone(), data),
            None => (working.join(&format!("{name}.etcd")), working),
        };
        Self { data, required, wal }
    }

    /// Returns where the log is.
    pub(crate) fn log(&self) -> NodePath {
        log(&self.data, self.wal.as_ref())
    }

    /// Returns what the unit requires to be mounted for the log.
    pub(crate) fn required_for_log(&self) -> NodePath {
        self.wal.as_ref().map_or_else(|| self.required.clone(), NodePath::parent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folders_of_a_unit_are_those_that_it_names_or_etcds_own() {
        let of = |words: &[&str]| {
            let words: Vec<_> = words.iter().map(|it| (*it).to_owned()).collect();
            let found = Folders::of_unit("one", &words);
            [&found.data, &found.required, &found.log(), &found.required_for_log()]
                .map(ToString::to_string)
        };
        let own = "/var/lib/etcd/one.etcd";
        assert_eq!(of(&[]), [own, "/var/lib/etcd", &format!("{own}/member/wal"), "/var/lib/etcd"]);
        let both = of(&["--data-dir=/data", "--wal-dir=/log/wal"]);
        assert_eq!(both, ["/data", "/data", "/log/wal", "/log"]);
    }
}
