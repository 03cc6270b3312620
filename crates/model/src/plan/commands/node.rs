//! What is done on a member's node, by `scp` and `ssh`.

use super::data::{MovedData, RUNS, refuse};
use super::edit::{Edit, UNIT, unjoins};
use crate::artifact::shell_word;
use crate::mark::mark_of;
use crate::running::RunningMember;
use crate::systemd::Account;
use crate::url::{Host, host_of};
use core::fmt::Write as _;
use std::net::IpAddr;

/// A member on its node.
#[derive(Debug, Clone, Copy)]
pub(in crate::plan) struct Node<'a> {
    /// Its name, which is that of its folder in `out/members/`.
    pub(in crate::plan) name: &'a str,
    /// What it is to be.
    pub(in crate::plan) member: &'a RunningMember,
    /// Whether the unit starts it there.
    pub(in crate::plan) has_unit: bool,
    /// The files in its folder of `out/`, by one of which it is started.
    pub(in crate::plan) files: &'a [&'a str],
}

impl Node<'_> {
    /// Lays certificates, CAs and the list of revoked ones, in one step for those who read them, into a
    /// folder that may be new; and the file that it starts from, for its next start.
    pub(in crate::plan) fn copy(&self, certificates: Option<bool>, file: bool) -> Vec<String> {
        if !self.has_unit {
            return self.by_hand(&[], "", "leave");
        }
        let mut lines = certificates.map(|is_new| self.certificates(is_new)).unwrap_or_default();
        if file {
            lines.extend(self.unit(&[]));
        }
        self.with_files(&lines)
    }

    /// Lays the file that it starts from, edited, and restarts it.
    pub(in crate::plan) fn restart(&self, edits: &[Edit], data: &MovedData) -> Vec<String> {
        if !self.has_unit {
            return self.by_hand_with(edits, data);
        }
        if data.is_empty() {
            let mut lines = self.unit(edits);
            lines.push("systemctl restart etcd".to_owned());
            return self.with_files(&lines);
        }
        // The unit comes after the data: where that cannot be moved, the unit that is there finds it.
        let mut lines = data.looks();
        lines.push("systemctl stop etcd".to_owned());
        lines.extend(data.moves());
        lines.extend(self.unit(edits));
        lines.push("systemctl start etcd".to_owned());
        self.with_files(&lines)
    }

    /// Edits the unit as it is, and restarts the member.
    pub(in crate::plan) fn restart_edited(&self, edits: &[Edit]) -> Vec<String> {
        if !self.has_unit {
            let name = self.name;
            let first = self.written(edits, &|file| format!("in the {file} that it has now,"));
            return vec![format!("{first}# on {name}: restart etcd")];
        }
        let mut lines: Vec<String> = edits.iter().map(Edit::command).collect();
        lines.push(unjoins());
        lines.extend(["systemctl daemon-reload", "systemctl restart etcd"].map(str::to_owned));
        vec![self.ssh(&lines)]
    }

    /// Restarts it, and nothing else.
    pub(in crate::plan) fn restart_alone(&self) -> Vec<String> {
        if self.has_unit {
            vec![self.ssh(&["systemctl restart etcd".to_owned()])]
        } else {
            vec![format!("# on {}: restart etcd as it is started there", self.name)]
        }
    }

    /// Starts it as it is there.
    pub(in crate::plan) fn start_again(&self) -> Vec<String> {
        if self.has_unit {
            vec![self.ssh(&["systemctl start --no-block etcd".to_owned()])]
        } else {
            vec![format!("# on {}: start etcd as it is started there", self.name)]
        }
    }

    /// Lays its certificates, stops it, lays its other files, and starts it.
    pub(in crate::plan) fn replace(
        &self,
        edits: &[Edit],
        certificates: Option<bool>,
        data: &MovedData,
    ) -> Vec<String> {
        if !self.has_unit {
            return self.by_hand_with(edits, data);
        }
        // Where they cannot be laid, etcd still runs.
        let mut lines = data.looks();
        lines.extend(certificates.map(|is_new| self.certificates(is_new)).unwrap_or_default());
        lines.push("systemctl stop etcd".to_owned());
        lines.extend(data.moves());
        lines.extend(self.unit(edits));
        lines.push("systemctl start etcd".to_owned());
        self.with_files(&lines)
    }

    /// Stops it, waits for the person who installs another etcd, lays its files and starts it.
    pub(in crate::plan) fn upgrade(&self, edits: &[Edit], data: &MovedData) -> Vec<String> {
        let install = self.installs();
        if !self.has_unit {
            let mut all = vec![install, self.has_version()];
            all.extend(self.by_hand_with(edits, data));
            return all;
        }
        // Pasted together, these lines come also where those that stop it did not get so far.
        let mut lines = vec![
            has_version(self.member),
            refuse(RUNS, "nothing was changed: etcd runs, and is to be stopped first"),
        ];
        lines.extend(data.moves());
        lines.extend(self.unit(edits));
        lines.push("systemctl start etcd".to_owned());
        let mut stop = data.looks();
        stop.push("systemctl stop etcd".to_owned());
        let mut all = vec![self.ssh(&stop), install];
        all.extend(self.with_files(&lines));
        all
    }

    /// Makes a node of a machine that had none, as in the guide, and starts the member. One that comes back,
    /// after it was removed as `former`, has data there and the mark of it, which it may not start with.
    pub(in crate::plan) fn install(
        &self,
        edits: &[Edit],
        former: Option<&RunningMember>,
    ) -> Vec<String> {
        if !self.has_unit {
            return self.by_hand(edits, "", "start");
        }
        let mut lines = vec!["systemctl disable --now etcd || true".to_owned()];
        if let Some(former) = former {
            lines.extend(Node { member: former, ..*self }.sets_aside());
            let mark = mark_of(self.name, former).to_string();
            lines.push(format!("rm -f {}", shell_word(&mark)));
        }
        let account = self.member.account();
        lines.push(account.made());
        if let Some(folder) = self.member.certs_dir() {
            lines.push(made(folder, account));
            lines.extend(self.lays_certificates(folder));
        }
        lines.extend(self.unit(edits));
        lines.push("systemctl enable --now etcd".to_owned());
        self.with_files(&lines)
    }

    /// Returns what a person does who installs another etcd.
    pub(super) fn installs(&self) -> String {
        format!("# on {}: install etcd {}", self.name, self.member.version)
    }

    /// Stops it for good.
    pub(in crate::plan) fn retire(&self) -> Vec<String> {
        if self.has_unit {
            vec![self.ssh(&["systemctl disable --now etcd".to_owned()])]
        } else {
            vec![format!("# on {}: stop etcd, and see that nothing starts it again", self.name)]
        }
    }

    /// Returns the folder of its data.
    pub(in crate::plan) fn data(&self) -> String {
        self.member.data_dir(self.name).into_owned()
    }

    /// Looks at something on it.
    pub(in crate::plan) fn look(&self, line: &str) -> String {
        self.ssh(&[line.to_owned()])
    }

    /// Looks whether it has the etcd that it is to have; in a container, where a person sees it alone.
    pub(in crate::plan) fn has_version(&self) -> String {
        if !self.has_unit {
            let Self { name, member, .. } = self;
            return format!("# on {name}: see that its etcd is {}", member.version);
        }
        self.ssh(&[has_version(self.member)])
    }

    /// Takes its files to the node. What they have to say other than they do is written first, file by file:
    /// which of them it is started from is known there alone. `before` is done before they are laid.
    pub(super) fn by_hand(&self, edits: &[Edit], before: &str, what: &str) -> Vec<String> {
        let (name, staged) = (self.name, self.staged());
        let first = self.written(edits, &|file| format!("in {staged}/{file}"));
        let [room, copy] = self.takes_files();
        let mut links = String::new();
        for (link, file) in self.member.links() {
            let _ = write!(links, ", with {link} as a link to {file}");
        }
        let lay = format!(
            "{first}# on {name}: {before}lay what is in {staged} in its place{links}, and {what} etcd"
        );
        vec![room, copy, lay]
    }

    /// Takes its files to the node, and restarts it with its data, where that has another place. As with a unit,
    /// the data is moved first: where it cannot be, the files that are there find it.
    fn by_hand_with(&self, edits: &[Edit], data: &MovedData) -> Vec<String> {
        if data.is_empty() {
            return self.by_hand(edits, "", "restart");
        }
        self.by_hand(edits, &format!("stop etcd, {}, ", data.forth()), "start")
    }

    /// Returns a line for each file by which it may be started, with what is to be written there; none,
    /// where there is nothing.
    fn written(&self, edits: &[Edit], place: &dyn Fn(&str) -> String) -> String {
        let mut lines = String::new();
        for file in self.files.iter().filter(|_| !edits.is_empty()) {
            let texts: Vec<_> = edits.iter().map(|edit| edit.words(file, self.member)).collect();
            let (name, place) = (self.name, place(file));
            let _ = writeln!(lines, "# on {name}: {place} write {}", texts.join(" and "));
        }
        lines
    }

    pub(super) fn unit(&self, edits: &[Edit]) -> Vec<String> {
        let mut lines = vec![format!("install -m 0644 {}/etcd.service {UNIT}", self.staged())];
        lines.extend(edits.iter().map(Edit::command));
        lines.extend([unjoins(), "systemctl daemon-reload".to_owned()]);
        lines
    }

    /// Exchanges the folder with a copy that has the new files too: no handshake finds half of them.
    pub(super) fn certificates(&self, is_new: bool) -> Vec<String> {
        let Some(folder) = self.member.certs_dir() else { return Vec::new() };
        let make = is_new.then(|| made(folder, self.member.account()));
        let [from, new, old] = [format!("{folder}/"), format!("{folder}.new"), folder.to_owned()]
            .map(|path| shell_word(&path).into_owned());
        let laid = self.lays_certificates(&format!("{folder}.new"));
        let swapped =
            [format!("mv -T {old} {old}.$(date +%Y%m%dT%H%M%S)"), format!("mv -T {new} {old}")];
        let copied = format!("cp -aT {from} {new}");
        make.into_iter().chain([copied]).chain(laid).chain(swapped).collect()
    }

    /// Lays the files of its certificates, and links to them where options have other names for them. A file that is the
    /// same keeps its time, by which `install` tells whether etcd has read its CAs.
    fn lays_certificates(&self, folder: &str) -> Vec<String> {
        let (owns, word) = (self.member.account().owns(), shell_word(folder));
        let links = self.member.links().into_iter().map(|(name, file)| {
            format!("ln -sfn {file} {}", shell_word(&format!("{folder}/{name}")))
        });
        let files = format!("install -C -m 0600 {owns} {}/certs/* {word}/", self.staged());
        std::iter::once(files).chain(links).collect()
    }

    /// Takes the member's folder to the node for as long as these lines run.
    pub(super) fn with_files(&self, lines: &[String]) -> Vec<String> {
        let mut all = vec![self.leaves_nothing()];
        all.extend(lines.iter().cloned());
        let [room, copy] = self.takes_files();
        vec![room, copy, self.ssh(&all)]
    }

    /// Takes the member's folder to the node.
    pub(super) fn takes_files(&self) -> [String; 2] {
        let copy =
            format!("scp -r out/members/{} {}", shell_word(self.name), self.to(&self.staged()));
        [self.room(), copy]
    }

    /// Removes it from the node when the lines after this one are done.
    pub(super) fn leaves_nothing(&self) -> String {
        format!("trap \"rm -r {}\" EXIT", self.staged())
    }

    /// Removes what an attempt before has left: `scp` would copy into it.
    fn room(&self) -> String {
        self.ssh(&[format!("rm -rf {}", self.staged())])
    }

    /// Runs lines by `ssh` without stdin: it would swallow what was pasted behind it, and leave the rest without
    /// its beginning.
    pub(super) fn ssh(&self, lines: &[String]) -> String {
        let host = address(self.member).unwrap_or_else(|| "HOST".to_owned());
        let [line] = lines else {
            let script = format!("set -e\n  {}", lines.join("\n  "));
            return format!("ssh -n root@{host} {}", shell_word(&script));
        };
        let is_plain = line.split(' ').all(|word| shell_word(word) == word);
        let line = if is_plain { line.into() } else { shell_word(line) };
        format!("ssh -n root@{host} {line}")
    }

    /// Returns that path on the node, as `scp` has it.
    pub(super) fn to(&self, path: &str) -> String {
        let host = host(self.member);
        let host = host.map_or("HOST".to_owned(), |host| match host {
            Host::Ip(IpAddr::V6(ip)) => format!("[{ip}]"),
            Host::Ip(ip) => ip.to_string(),
            Host::Name(name) => name.to_string(),
        });
        shell_word(&format!("root@{host}:{path}")).into_owned()
    }

    /// Returns where its files are on the node meanwhile.
    pub(super) fn staged(&self) -> String {
        format!("/root/etcd-{}", self.name)
    }
}

/// Goes no further with another etcd; any patch will do where none is named.
pub(super) fn has_version(member: &RunningMember) -> String {
    let (version, program) = (member.version, shell_word(member.program()));
    let (flags, dot) = if version.patch().is_some() { ("-Fx", "") } else { ("-F", ".") };
    format!(
        "{program} --version | grep {flags} \"etcd Version: {version}{dot}\" || \
         {{ echo \"etcd {version} is not installed here\" >&2; exit 1; }}"
    )
}

fn made(folder: &str, account: Account<'_>) -> String {
    let folder = shell_word(folder);
    format!("[ -d {folder} ] || install -d -m 0700 {} {folder}", account.owns())
}

/// Returns the same as `ssh` has it.
pub(in crate::plan) fn address(member: &RunningMember) -> Option<String> {
    host(member).map(|host| host.to_string())
}

/// Returns what a node is reached by: the host of its first peer URL.
fn host(member: &RunningMember) -> Option<Host> {
    host_of(member.peer_urls().first()?)
}
