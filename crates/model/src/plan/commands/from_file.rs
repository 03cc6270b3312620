//! What is done on a member's node where all members are restored from one file.

use super::data::{RUNS, below, refuse};
use super::node::{Node, has_version};
use crate::artifact::shell_word;
use crate::version::Minor;

/// A file of a snapshot, and what a restore from it is given.
#[derive(Debug, Clone, Copy)]
pub struct Snapshot<'a> {
    /// The file, as it is typed on the control host.
    pub file: &'a str,
    /// In bytes.
    pub size: u64,
    /// Its checksum, SHA-256 in hexadecimal, which stands behind its database.
    pub sha256: &'a str,
    /// `--initial-cluster-token`: another for each restore.
    pub token: &'a str,
    /// `--initial-cluster`: all that are restored.
    pub list: &'a str,
    /// Whether an alarm is in it.
    pub has_alarm: bool,
    /// Whether that is CORRUPT: until it is off, nothing is compacted.
    pub is_corrupt: bool,
}

/// By how much revisions go up, so that those who watch see that they lost their place: more than a cluster
/// writes between two snapshots.
pub const BUMP: i64 = 1_000_000_000;

/// The flags that do so, and mark what was before as compacted: of etcdutl from 3.5.10 on.
pub const RAISES: [&str; 2] = ["--bump-revision=1000000000", "--mark-compacted"];

/// What a restore takes besides the size of the file, in bytes: a log has 64 MB at once (`SegmentSizeBytes` in
/// etcd's `wal/wal.go`), and etcd makes the next one beside it.
const ROOM: u64 = 128 << 20;

/// The file in a member's data with the token by which it was restored; etcd does not look at it.
const TOKEN: &str = "restored";

/// What is looked for where a unit starts the member.
const HAS_UNIT: &str = "systemctl cat etcd >/dev/null";

/// Returns what a member's data is restored with besides its folder and what all have alike, by its options.
pub fn restore_options(
    name: &str,
    option: &dyn Fn(&str) -> Option<String>,
) -> Vec<(&'static str, String)> {
    let options = ["wal-dir", "initial-advertise-peer-urls"];
    let options = options.into_iter().filter_map(|name| Some((name, option(name)?)));
    std::iter::once(("name", name.to_owned())).chain(options).collect()
}

/// Returns the word for a file: what begins with a dash is an option otherwise, and `scp` takes what is before a
/// colon for a host.
pub(in crate::plan) fn file_word(file: &str) -> String {
    let head = file.split('/').next().unwrap_or(file);
    let is_taken = file.starts_with('-') || head.contains(':');
    let file = if is_taken { format!("./{file}") } else { file.to_owned() };
    shell_word(&file).into_owned()
}

impl Node<'_> {
    /// Looks whether the account of its etcd is there.
    fn has_account(&self) -> String {
        format!("id {}", self.member.account().user)
    }

    /// Does that on the node: by `ssh`, or by a person where no unit starts the member.
    pub(in crate::plan) fn does(&self, lines: &[String]) -> String {
        if self.has_unit {
            return self.ssh(lines);
        }
        format!("# on {}:\n{}", self.name, self.seen_by_hand(lines).join("\n"))
    }

    /// Returns the same as it is pasted on the node. One that fails ends a shell of its own, and not the one that it
    /// was pasted into.
    pub(in crate::plan) fn pasted(&self, lines: &[String]) -> String {
        if self.has_unit {
            return format!("( set -e\n  {}\n)", lines.join("\n  "));
        }
        self.seen_by_hand(lines)
            .iter()
            .map(|line| format!("# {line}"))
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// Takes the file to the node.
    pub(in crate::plan) fn takes(&self, snapshot: &Snapshot<'_>) -> String {
        format!("scp {} {}", file_word(snapshot.file), self.to(&self.copy_of_snapshot()))
    }

    /// Looks, on the node, whether the file came whole, and whether there is all that restores it. Nothing is changed.
    pub(in crate::plan) fn can_restore(&self, snapshot: &Snapshot<'_>) -> Vec<String> {
        let (tool, flag) = self.tool();
        let copy = self.copy_of_snapshot();
        let mut lines = vec![
            format!("chmod 0600 {copy}"),
            format!(
                // As etcd's tool: all but its end. A database that was copied is longer than what is in use of it.
                "head -c -32 {copy} | sha256sum | grep -q ^{} || \
                 {{ echo \"{copy} is not the file that was read\" >&2; exit 1; }}",
                snapshot.sha256
            ),
            has_version(self.member),
        ];
        if flag {
            lines.push(format!(
                "{tool} snapshot restore --help | grep -q -e --bump-revision || \
                 {{ echo \"the {tool} of 3.5.10 or later is not installed here\" >&2; exit 1; }}"
            ));
        } else {
            lines.push(format!(
                "command -v {tool} || {{ echo \"{tool} is not installed here\" >&2; exit 1; }}"
            ));
        }
        lines.extend([self.has_account(), HAS_UNIT.to_owned()]);
        lines.push(self.can_give_way());
        lines.extend(has_room(&self.data(), snapshot.size.saturating_add(ROOM)));
        lines.extend(self.log().iter().flat_map(|log| has_room(log, ROOM)));
        lines
    }

    /// Looks, on the node, whether its data can be set aside: a disk that is mounted in it would go with it, and be
    /// back in the place of the new data when the machine starts again.
    pub(super) fn can_give_way(&self) -> String {
        format!(
            "member=$(readlink -m {}); ! grep -F -e \" $member \" -e \" $member/\" /proc/mounts || \
             {{ echo \"nothing was changed: what is mounted in $member cannot be set aside\" >&2; exit 1; }}",
            self.database()
        )
    }

    /// Stops it, on the node, and sets its data aside.
    pub(in crate::plan) fn gives_way(&self) -> Vec<String> {
        let mut lines = vec!["systemctl stop etcd".to_owned()];
        lines.extend(self.sets_aside());
        lines
    }

    /// Sets its data aside, on the node, under a dated name: nothing is deleted. Its folder stays, which may be a mount
    /// point, a link, or hold the log as well. The log comes first: where that was not set aside, the data is there, and
    /// nothing is restored beside it.
    pub(super) fn sets_aside(&self) -> Vec<String> {
        let mut lines = vec!["now=$(date +%Y%m%dT%H%M%S)".to_owned()];
        if let Some(log) = self.log() {
            lines.push(format!("log=$(readlink -m {})", shell_word(&log)));
            // Not into the folder where that can be helped: etcd removes it with all that is in it where it makes a
            // log (`renameWAL` in `wal/wal.go`). It reads nothing there that is not called `….wal`.
            lines.push(
                "if mountpoint -q \"$log\"; then mkdir \"$log\"/$now; \
                 find \"$log\" -maxdepth 1 -name '*.wal' -exec mv -t \"$log\"/$now {} +; \
                 elif [ -e \"$log\" ]; then mv -T \"$log\" \"$log\".$now; fi"
                    .to_owned(),
            );
        }
        let member = self.database();
        lines.push(format!("[ ! -e {member} ] || mv -T {member} {member}.$now"));
        lines
    }

    /// Restores its data, on the node, for etcd's account, and starts it; it does not wait until it is ready, as
    /// none is before a quorum was started. A file in the data has the token: by that it is known when this is done
    /// once more, whatever it ended at before.
    pub(in crate::plan) fn restores_from(&self, snapshot: &Snapshot<'_>) -> Vec<String> {
        let copy = self.copy_of_snapshot();
        let is_restored =
            format!("grep -qsFx -e {} {}/{TOKEN}", shell_word(snapshot.token), self.database());
        let mut lines = vec![
            format!(
                "if {RUNS} && {is_restored}; then rm -f {copy}; echo 'it is restored, and runs'; exit 0; fi"
            ),
            refuse(RUNS, "nothing was changed: etcd runs, and is to be stopped first"),
            format!("if ! {is_restored}; then"),
        ];
        let writes = self.writes_data(&copy, snapshot.list, snapshot.token);
        lines.extend(writes.iter().map(|line| format!("  {line}")));
        lines.push("fi".to_owned());
        lines.push("systemctl start --no-block etcd".to_owned());
        lines.push(format!("rm -f {copy}"));
        lines
    }

    /// Writes its data from the file, on the node, beside its place, and then puts it there: the log first, so that
    /// the data is there only where all is. What an attempt has left that failed is written over.
    pub(super) fn writes_data(&self, file: &str, list: &str, token: &str) -> Vec<String> {
        let (data, member) = (self.data(), self.database());
        let log = self.log();
        let new = shell_word(&format!("{data}/restoring")).into_owned();
        let mut lines = Vec::new();
        let why = "nothing was changed: the data that is there is to be set aside first";
        lines.push(refuse(&format!("[ -e {member} ]"), why));
        let (mut places, mut news) = (shell_word(&data).into_owned(), new.clone());
        if let Some(log) = &log {
            lines.push(format!("log=$(readlink -m {})", shell_word(log)));
            places.push_str(" \"$log\"");
            news.push_str(" \"$log\"/restoring");
        }
        lines.push(format!("mkdir -p -m 0700 {places}"));
        let owner = self.member.account().owner();
        lines.push(format!("chown {owner} {places}"));
        let writes_token = format!("printf \"%s\\n\" {}", shell_word(token));
        if log.is_some() {
            // One of this restore may be there, where an attempt ended right after it was put there.
            lines.push(format!(
                "grep -qsFx -e {} \"$log\"/{TOKEN} || ! ls \"$log\" | grep '\\.wal$' || \
                 {{ echo \"nothing was changed: the log that is there is to be set aside first\" >&2; exit 1; }}",
                shell_word(token)
            ));
        }
        lines.push(format!("rm -rf {news}"));
        let inside = || below(self.member.option("wal-dir")?, &data);
        let new_log = log
            .as_ref()
            .map(|_| "\"$log\"/restoring".to_owned())
            .or_else(|| Some(shell_word(&format!("{data}/restoring/{}", inside()?)).into_owned()));
        lines.push(self.restore_line(file, (&new, new_log.as_deref()), list, token));
        lines.push(format!("{writes_token} >{new}/member/{TOKEN}"));
        lines.push(format!("chown -R {owner} {news}"));
        if log.is_some() {
            lines.push(format!("{writes_token} >\"$log\"/{TOKEN}"));
            lines.push("mv -f \"$log\"/restoring/*.wal \"$log\"/".to_owned());
            news.extend([" \"$log\"/", TOKEN]);
        }
        lines.push(format!("mv -T {new}/member {member}"));
        lines.push(format!("rm -r {news}"));
        lines
    }

    /// Returns the lines as a person does them: whether etcd runs, and as whom, is for the person to see.
    fn seen_by_hand(&self, lines: &[String]) -> Vec<String> {
        let words = |line: &String| {
            let line = line.replace("systemctl stop etcd", "stop etcd");
            line.replace("systemctl start --no-block etcd", "start etcd")
        };
        let looks = [self.has_account(), HAS_UNIT.to_owned()];
        let asks = |line: &&String| line.contains(RUNS) || looks.contains(line);
        lines.iter().filter(|line| !asks(line)).map(words).collect()
    }

    /// Returns the command that writes its data from the file, with the data and the log there.
    pub(super) fn restore_line(
        &self,
        file: &str,
        (data, log): (&str, Option<&str>),
        list: &str,
        token: &str,
    ) -> String {
        let (tool, flag) = self.tool();
        let mut words = vec![format!("{tool} snapshot restore {file}")];
        let option = |name: &str| self.member.option(name).map(str::to_owned);
        for (name, value) in restore_options(self.name, &option) {
            if name != "wal-dir" {
                words.push(format!("--{name}={}", shell_word(&value)));
            }
        }
        words.push(format!("--data-dir={data}"));
        words.extend(log.map(|log| format!("--wal-dir={log}")));
        words.push(format!("--initial-cluster={}", shell_word(list)));
        words.push(format!("--initial-cluster-token={}", shell_word(token)));
        words.extend(RAISES.iter().filter(|_| flag).map(ToString::to_string));
        words.join(" ")
    }

    /// Returns what is set aside and restored, as a word of a shell: all that etcd has in the folder of its data, but
    /// for a log beside it.
    fn database(&self) -> String {
        shell_word(&format!("{}/member", self.data())).into_owned()
    }

    /// Returns the folder of its log, where that is not in what is set aside with the data.
    fn log(&self) -> Option<String> {
        let log = self.member.option("wal-dir")?;
        let member = format!("{}/member", self.data());
        below(log, &member).is_none().then(|| log.to_owned())
    }

    /// Returns the tool of the member's release, and whether it raises revisions: etcdutl from 3.5.10 on.
    fn tool(&self) -> (&'static str, bool) {
        let version = self.member.version;
        if version.minor() < Minor::V3_5 {
            return ("etcdctl", false);
        }
        let raises =
            version.minor() > Minor::V3_5 || version.patch().is_none_or(|patch| patch >= 10);
        ("etcdutl", raises)
    }

    /// Returns where the file is on the node meanwhile: on the disk of the account that pastes.
    fn copy_of_snapshot(&self) -> String {
        format!("/root/restore-{}.db", self.name)
    }
}

/// Looks whether there is that much space for a folder, in bytes, on the disk that it is on, or is to be on.
fn has_room(folder: &str, bytes: u64) -> [String; 2] {
    [
        format!(
            "room={}; until [ -d \"$room\" ]; do room=$(dirname \"$room\"); done",
            shell_word(folder)
        ),
        format!(
            "free=$(df --output=avail -B1 \"$room\" | tail -n 1 | tr -d ' '); [ \"$free\" -ge {bytes} ] || \
             {{ echo \"$room has $free bytes of space, and a restore takes {bytes}\" >&2; exit 1; }}"
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_neither_an_option_nor_on_a_host() {
        for (file, word) in [
            ("etcd-2026-11-28T13:46.db", "./etcd-2026-11-28T13:46.db"),
            ("-x.db", "./-x.db"),
            ("/var/a:b.db", "/var/a:b.db"),
            ("./a:b", "./a:b"),
            ("a b.db", "'a b.db'"),
        ] {
            assert_eq!(file_word(file), word);
        }
    }

    #[test]
    fn the_flag_raises_by_what_is_told() {
        assert_eq!(RAISES[0], format!("--bump-revision={BUMP}"));
    }
}
