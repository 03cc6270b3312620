//! What is done on a member's node where all members are restored from one file.

use super::data::{RUNS, refuse};
use super::node::{Node, has_version};
use crate::artifact::shell_word;
use crate::places::ACCOUNT;
use crate::version::Minor;

/// A file of a snapshot, and what a restore from it is given.
#[derive(Debug, Clone, Copy)]
pub struct Snapshot<'a> {
    /// The file, as it is typed on the control host.
    pub file: &'a str,
    /// Its checksum, SHA-256 in hexadecimal, which stands behind its database.
    pub sha256: &'a str,
    /// `--initial-cluster-token`: another for each restore.
    pub token: &'a str,
    /// `--initial-cluster`: all that are restored.
    pub list: &'a str,
    /// Whether an alarm is in it.
    pub has_alarm: bool,
}

/// By how much revisions go up, so that those who watch see that they lost their place: more than a cluster
/// writes between two snapshots.
pub const BUMP: i64 = 1_000_000_000;

/// The flags that do so, and mark what was before as compacted: of etcdutl from 3.5.10 on.
pub const RAISES: [&str; 2] = ["--bump-revision=1000000000", "--mark-compacted"];

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
    /// Does that on the node: by `ssh`, or by a person where no unit starts the member.
    pub(in crate::plan) fn does(&self, lines: &[String]) -> String {
        if self.has_unit {
            return self.ssh(lines);
        }
        let words = |line: &String| {
            let line = line.replace("systemctl stop etcd", "stop etcd");
            line.replace("systemctl start --no-block etcd", "start etcd")
        };
        // Whether it runs is for the person to see.
        let asks = |line: &&String| line.contains(RUNS);
        let lines: Vec<String> = lines.iter().filter(|line| !asks(line)).map(words).collect();
        format!("# on {}:\n{}", self.name, lines.join("\n"))
    }

    /// Takes the file to the node.
    pub(in crate::plan) fn takes(&self, snapshot: &Snapshot<'_>) -> String {
        format!("scp {} {}", file_word(snapshot.file), self.to(&self.copy_of_snapshot()))
    }

    /// Looks, on the node, whether the file came whole, and whether there is what restores it. Nothing is changed.
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
            has_version(self.member.version),
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
        lines
    }

    /// Stops it, on the node, and sets its data aside under a dated name: nothing is deleted. A mount point cannot
    /// be renamed: what is in it is.
    pub(in crate::plan) fn gives_way(&self) -> Vec<String> {
        let data = self.data();
        let paths = [data.clone(), format!("{data}/member")];
        let [data, inside] = paths.each_ref().map(|path| shell_word(path));
        let mut lines = vec![
            "systemctl stop etcd".to_owned(),
            "now=$(date +%Y%m%dT%H%M%S)".to_owned(),
            format!(
                "if mountpoint -q {data}; then [ ! -e {inside} ] || mv -T {inside} {inside}.$now; \
                 elif [ -e {data} ]; then mv -T {data} {data}.$now; fi"
            ),
        ];
        if let Some(wal) = self.member.option("wal-dir") {
            let wal = shell_word(wal);
            // etcd reads nothing there that is not called `….wal`.
            lines.push(format!(
                "if mountpoint -q {wal}; then mkdir {wal}/$now; \
                 find {wal} -maxdepth 1 -name '*.wal' -exec mv -t {wal}/$now {{}} +; \
                 elif [ -e {wal} ]; then mv -T {wal} {wal}.$now; fi"
            ));
        }
        lines
    }

    /// Restores its data, on the node, for etcd's account, and starts it; it does not wait until it is ready, as
    /// none is before a quorum was started. Until all is written it has another name, so that it can be done again.
    pub(in crate::plan) fn restores_from(&self, snapshot: &Snapshot<'_>) -> Vec<String> {
        let (data, copy) = (self.data(), self.copy_of_snapshot());
        let mut lines = vec![
            format!(
                "if {RUNS} && [ ! -e {copy} ]; then echo 'it is restored, and runs'; exit 0; fi"
            ),
            refuse(RUNS, "nothing was changed: etcd runs, and is to be stopped first"),
        ];
        let folders = [("to", Some(data.as_str())), ("wal", self.member.option("wal-dir"))];
        let folders: Vec<Folder> = folders
            .into_iter()
            .filter_map(|(variable, path)| Some(Folder::of(variable, path?)))
            .collect();
        lines.extend(folders.iter().flat_map(Folder::begins));
        lines.push(self.restore_line(&copy, snapshot));
        lines.extend(folders.iter().map(Folder::takes_its_place));
        lines.extend(
            folders
                .iter()
                .map(|Folder { place, .. }| format!("chown -R {ACCOUNT}:{ACCOUNT} {place}")),
        );
        lines.push(format!("rm {copy}"));
        lines.push("systemctl start --no-block etcd".to_owned());
        lines
    }

    /// The command that writes its data from the file, with the data in `$to`, and its log in `$wal`.
    fn restore_line(&self, file: &str, snapshot: &Snapshot<'_>) -> String {
        let (tool, flag) = self.tool();
        let mut words = vec![format!("{tool} snapshot restore {file}")];
        let option = |name: &str| self.member.option(name).map(str::to_owned);
        for (name, value) in restore_options(self.name, &option) {
            let value = shell_word(&value);
            words.push(if name == "wal-dir" {
                "--wal-dir=\"$wal\"".to_owned()
            } else {
                format!("--{name}={value}")
            });
        }
        words.push("--data-dir=\"$to\"".to_owned());
        words.push(format!("--initial-cluster={}", shell_word(snapshot.list)));
        words.push(format!("--initial-cluster-token={}", shell_word(snapshot.token)));
        words.extend(RAISES.iter().filter(|_| flag).map(ToString::to_string));
        words.join(" ")
    }

    /// The tool of the member's release, and whether it raises revisions: etcdutl from 3.5.10 on.
    fn tool(&self) -> (&'static str, bool) {
        let version = self.member.version;
        if version.minor() < Minor::V3_5 {
            return ("etcdctl", false);
        }
        let raises =
            version.minor() > Minor::V3_5 || version.patch().is_none_or(|patch| patch >= 10);
        ("etcdutl", raises)
    }

    /// Where the file is on the node meanwhile: on the disk of the account that pastes.
    fn copy_of_snapshot(&self) -> String {
        format!("/root/restore-{}.db", self.name)
    }
}

/// A folder that a restore writes, under another name until it is whole: beside it, or in a mount point, which cannot
/// be renamed. Each is a word of a shell.
struct Folder {
    variable: &'static str,
    place: String,
    beside: String,
    inside: String,
    /// What is put into a mount point.
    content: &'static str,
}

impl Folder {
    fn of(variable: &'static str, path: &str) -> Self {
        let word = |path: &str| shell_word(path).into_owned();
        Self {
            variable,
            place: word(path),
            beside: word(&format!("{path}.restoring")),
            inside: word(&format!("{path}/restoring")),
            content: if variable == "wal" { "*.wal" } else { "member" },
        }
    }

    /// Says where it is written; what was left there by an attempt that failed goes.
    fn begins(&self) -> [String; 2] {
        let Self { variable, place, beside, inside, .. } = self;
        [
            format!("{variable}={beside}; if mountpoint -q {place}; then {variable}={inside}; fi"),
            format!("rm -rf \"${variable}\""),
        ]
    }

    /// Puts it into its place.
    fn takes_its_place(&self) -> String {
        let Self { variable, place, inside, content, .. } = self;
        format!(
            "if [ \"${variable}\" = {inside} ]; then mv \"${variable}\"/{content} {place}/ && rm -r \"${variable}\"; \
             else mv -T \"${variable}\" {place}; fi"
        )
    }
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
