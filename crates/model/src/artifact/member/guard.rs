//! The guard: shell that keeps etcd from starting where it has run and its data is missing.
//!
//! On an empty folder etcd begins again without a word, as where a disk was not mounted: of a cluster
//! whose members all do so nothing is left but its name, and one member that forgot what it acknowledged
//! takes that from the others. So a [mark](crate::mark) tells that it has run.
//!
//! An interrupted first start is left alone. etcd 3.4.23, 3.5.33, 3.6.16 and 3.7.3, killed at every
//! operation on files, leave a database without a log, and go on from that; never a log without a
//! database, nor a snapshot without either. A log alone they replay, as long as no snapshot is there.
//!
//! Nor does a log begin in a mount point, which etcd empties before it fails (`renameWAL` in its `wal/wal.go`), or behind a
//! link: etcd removes the link without a word, and nothing behind it (seen on 3.4.23, 3.5.33, 3.6.16 and 3.7.3), and its log is
//! on another disk than an operator thinks.
//!
//! The scripts are one for the unit and `etcd.sh`. They have no single quotes, and each line may be
//! followed by a blank as well as by the end of a line. Theirs are the variables `mark`, `member`, `data`
//! and `wal`, and `undo`, the mark as a word for a shell.

use crate::artifact::quote::shell_word;
use crate::cluster::{Cluster, Member};
use crate::mark::mark;
use crate::node_path::NodePath;
use crate::option::Value;
use crate::places::{Usage, log, places};

/// The shell functions that both scripts need.
pub(super) const WORDS: &str = r#"any() { [ -e "$1" ]; };
line() { printf "%s\n" "$*" >&2; };
"#;

/// Ends the shell where data is missing, or would be removed. Who may not look into a folder lets etcd say so.
pub(super) const CHECK: &str = r#"snap=$data/member/snap missing="";
if ! any "$wal"/*.wal; then missing="log in $wal";
elif ! any "$snap/db"; then missing="database in $snap";
fi;
for folder in "$data" "${wal%/*}"; do
    [ ! -d "$folder" ] || [ -x "$folder" ] || missing="";
done;
mounted() {
    place=$1;
    until any "$place"; do place=${place%/*}; place=${place:-/}; done;
    findmnt -rfno TARGET,FSTYPE,SOURCE -T "$place" 2>/dev/null || echo "unknown";
};
if [ -n "$missing" ] && { any "$mark" || any "$snap"/*.snap; }; then
    line "etcd does not start: there is no $missing. Without its data it would begin with nothing.";
    if any "$mark"; then
        line "$member has run here with its data in these folders, as $mark tells:";
        sed -n "s|^[a-z]*-dir /|/|p" "$mark" 2>/dev/null;
    else
        line "$snap has a snapshot, so $member has run here. Its folders are:";
        printf "%s\n" "$data" "$wal";
    fi | while IFS= read -r folder; do line "    $folder (mounted there: $(mounted "$folder"))"; done;
    line "Mount what is missing, or move it back: data of a restored snapshot does as well.";
    line "Where a disk is mounted over it: unmount that, and take it out of /etc/fstab, or remove its unit.";
    ! any "$mark" ||
        line "Only if $member is to begin with nothing, as one that was removed from its cluster and added again: rm $undo";
    exit 1;
fi;
if [ "$missing" = "log in $wal" ] && [ -h "$wal" ]; then
    line "etcd does not start: $wal is a symlink, and no log can begin there.";
    line "etcd would remove the link, and begin its log on the disk of the folder above.";
    line "To have the log where the link leads, name a folder in that as wal-dir in cluster.toml; build, and install:";
    line "    $(readlink -f "$wal" 2>/dev/null || echo "unknown")";
    line "To have it on the disk of the folder above, remove the link.";
    exit 1;
fi;
if [ "$missing" = "log in $wal" ] && [ -r "$wal" ] && mountpoint -q "$wal" 2>/dev/null; then
    line "etcd does not start: $wal is a mount point, and no log can begin there.";
    line "etcd would remove all that is in it, and end with: device or resource busy.";
    line "Keep what is there, unmount it, and take it out of /etc/fstab, or remove its unit, which would mount it again:";
    line "etcd then begins on the disk of the folder above.";
    place="name a folder in it, such as $wal/wal,";
    [ "${wal#"$data"/member/}" = "$wal" ] || place="mount it outside $data/member, and name a folder in it";
    line "To have the log on that disk, $place as wal-dir in cluster.toml; build, and install.";
    exit 1;
fi;
"#;

/// Defines `text`, what the mark says, and `keep`, which writes it where there is a log.
///
/// Root may write into a folder of another account: so it goes by a new file, and never through a link.
pub(super) const KEEP: &str = r##"text() {
    echo "# etcd has run here. While this file is there, it does not start without its data.";
    printf "%s\n" "member $member" "data-dir $data";
    [ "$wal" = "$data/member/wal" ] || printf "%s\n" "wal-dir $wal";
};
is_kept() { [ "$(text)" = "$(cat "$mark" 2>/dev/null)" ]; };
keep() {
    if is_kept || ! any "$wal"/*.wal; then return 0; fi;
    if [ -d "$mark" ] || ! new=$(mktemp "$mark.XXXXXX"); then return 1; fi;
    if text >"$new" && chmod 0644 "$new" && mv -f "$new" "$mark"; then return 0; fi;
    rm -f "$new";
    return 1;
};
"##;

/// The command that reports, once, that there is no place for the mark.
pub(super) const NOT_KEPT: &str = r#"line "$mark cannot be written: if the data of $member is missing at a later start, etcd begins with nothing""#;

/// Holds what the scripts are about.
pub(super) struct Guarded {
    pub(super) mark: NodePath,
    /// As `data-dir` has it, or where the unit has it by default.
    pub(super) data: NodePath,
    /// `wal-dir`, or `None` where the log is in the data.
    wal: Option<NodePath>,
}

impl Guarded {
    pub(super) fn of(cluster: &Cluster, member: &Member) -> Self {
        let places = places(cluster, member);
        let path = |usage| places.iter().find(|place| place.usage == usage).map(|p| p.path.clone());
        let data = path(Usage::Data).expect("every member has data");
        Self { mark: mark(cluster, member), data, wal: path(Usage::Wal) }
    }

    pub(super) fn wal(&self) -> NodePath {
        log(&self.data, self.wal.as_ref())
    }

    /// Returns the mark as a word for a shell.
    pub(super) fn undo(&self) -> String {
        shell_word(self.mark.as_str()).into_owned()
    }
}

/// Returns the guard of `etcd.sh`, which runs as its caller. etcd takes the place of the shell, so that
/// another process waits for the log and writes the mark; it is nobody's child, holds nothing open, which
/// `exec` alone makes sure of in every shell, and ends with etcd.
/// Whether it may is tried: not every shell's `-w` knows of a file system that is read-only.
pub(super) fn shell(cluster: &Cluster, member: &Member) -> String {
    let guarded = Guarded::of(cluster, member);
    let word = |path: &NodePath| shell_word(path.as_str()).into_owned();
    let data = match member.option("data-dir") {
        Some(Value::Path(path)) => word(path),
        _ => format!("\"$PWD\"/{}.etcd", member.name),
    };
    let wal = guarded.wal.as_ref().map_or_else(|| "$data/member/wal".to_owned(), word);
    let scripts = [WORDS, CHECK, KEEP].concat().replace(";\n", "\n");
    format!(
        "# It does not start where it has run and its data is missing: docs/guide.md, \"Missing data\".\n\
         mark={mark}\nundo={undo}\nmember={member}\ndata={data}\nwal={wal}\n\
         {scripts}\
         watch() {{\n    \
             until any \"$wal\"/*.wal; do\n        \
                 kill -0 \"$$\" || exit 0\n        \
                 sleep 1\n    \
             done\n    \
             keep\n\
         }}\n\
         if ! is_kept; then\n    \
             if new=$(mktemp \"$mark.XXXXXX\" 2>/dev/null); then\n        \
                 rm -f \"$new\"\n        \
                 (exec </dev/null >/dev/null 2>&1; watch &)\n    \
             else\n        \
                 {NOT_KEPT}\n    \
             fi\n\
         fi\n",
        mark = word(&guarded.mark),
        undo = shell_word(&guarded.undo()),
        member = member.name,
    )
}
