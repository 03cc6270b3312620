//! The folders of a unit: which it waits for, makes, and opens to etcd.

use super::script::{as_root, exec_words};
use crate::artifact::quote::path_word;
use crate::cluster::{Cluster, Member};
use crate::node_path::{NodePath, outermost};
use crate::places::{Place, WORKING_FOLDER, own_folders};
use crate::systemd::Account;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Has a folder made where there is none, an empty one taken, etcd's own left as it is, and a start
/// refused on any other: what is in it is someone's. A new disk is not empty, it has a `lost+found`.
const OWN: &str = r#"for folder do
    [ -d "$folder" ] || install -d -m 0700 OWNS "$folder";
    owner=$(stat -Lc %U "$folder");
    [ "$owner" != USER ] || continue;
    case $(ls -A "$folder") in ""|lost+found) ;; *)
        echo "$folder belongs to $owner and is not empty."
            "If it holds nothing but data of etcd, run: chown -R OWNER $folder" >&2;
        exit 1;;
    esac;
    chown OWNER "$folder";
    chmod 0700 "$folder";
done"#;

/// The same for the folders of log files, which need not be etcd's alone: one that is there, such as
/// `/var/log`, stays as it is.
const SHARED: &str = r#"for folder do
    [ -d "$folder" ] || install -d -m 0750 OWNS "$folder";
done"#;

/// Has the unit wait for mounts. A disk that `/etc/fstab` calls `nofail` may come late or never; without this, etcd
/// would then begin with an empty folder below the place of the disk, as a member that lost its data.
pub(super) fn mounts(places: &[Place]) -> String {
    let folders: BTreeSet<_> = places.iter().map(|place| &place.folder).collect();
    let line = |folder: &NodePath| format!("RequiresMountsFor={}\n", path_word(folder.as_str()));
    folders.into_iter().map(line).collect()
}

/// Returns the folders that etcd writes to. They are made before the sandbox is entered, which cannot open
/// what is not there; `+` runs that as root. Each becomes a mount point in the sandbox, which
/// `wal-dir` must not be: so etcd makes that, and `data-dir` where both are in one folder, itself.
pub(super) fn made(places: &[Place], cluster: &Cluster, member: &Member) -> String {
    let account = cluster.systemd.account();
    let own = own_folders(places);
    let inside = |folder: &NodePath| own.iter().any(|own| folder.is_within(own));
    let written = places.iter().filter(|place| place.is_written() && !place.is_own());
    let written: BTreeSet<_> = written.map(|place| &place.folder).collect();
    let (inner, outer): (Vec<_>, Vec<_>) = written.into_iter().cloned().partition(inside);

    let mut text = String::new();
    text.push_str(
        "# Made where it is missing, taken where it is empty, never taken from another.\n",
    );
    text.push_str(&prepare(OWN, account, &own));
    if !outer.is_empty() {
        text.push_str(&prepare(SHARED, account, &outer));
    }
    if !inner.is_empty() {
        let _ = writeln!(text, "ExecStartPre=mkdir -p{}", exec_words(paths(&inner)));
    }
    for folder in outermost(own.into_iter().chain(outer)) {
        let _ = writeln!(text, "ReadWritePaths=-{}", path_word(folder.as_str()));
    }
    if member.option("data-dir").is_none() {
        // etcd's default data-dir is `NAME.etcd` in the working directory. The `-` is for the first
        // start, which makes it.
        let _ = writeln!(text, "WorkingDirectory=-{WORKING_FOLDER}");
    }
    text
}

fn prepare(script: &str, account: Account<'_>, folders: &[NodePath]) -> String {
    let script = script.replace("OWNS", &account.owns()).replace("OWNER", &account.owner());
    as_root("ExecStartPre", &script.replace("USER", account.user), paths(folders))
}

fn paths(folders: &[NodePath]) -> impl Iterator<Item = &str> {
    folders.iter().map(NodePath::as_str)
}
