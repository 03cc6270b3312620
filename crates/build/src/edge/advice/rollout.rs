//! What has to be done with files of `out/` that hold something else than before: on machines of which nothing
//! is recorded. What is to be done on the others follows from what is recorded of them.

use crate::diagnostic::Diagnostic;
use crate::issuing::Issuing;
use crate::pki::Pki;
use bouquet_lock::Identity;
use bouquet_model::artifact::{CLIENT_FILES, FORMATS};
use bouquet_model::cluster::{Client, Cluster, Member};
use bouquet_model::option::{EtcdOption, OnChange, find};
use bouquet_model::running::{Running, RunningMember};
use bouquet_model::settings::{CRL, crl_place};
use bouquet_model::time::Date;
use bouquet_model::trust_file::trust_files;
use bouquet_outdir::{OutPath, Report};
use std::collections::{BTreeMap, BTreeSet};

/// Holds what a build changes about certificates that the names of files do not tell.
pub(in crate::edge) struct Changes {
    /// Where a certificate took the place of one that was there, or had been; here and below, of those of
    /// whom nothing is recorded.
    reissued: BTreeSet<String>,
    /// Members that the last build had at other peer URLs.
    moved: BTreeSet<String>,
    /// Whether there is anything on the list of revoked certificates.
    revokes: bool,
    /// Paths of what was damaged in `out/` and right at the last build: machines have it.
    put_right: Vec<String>,
    /// Whether other CAs are trusted than cluster.lock had as trusted before.
    trusts_others: bool,
    /// Members that are to have the same options as before; of those that are recorded, but for those that
    /// count at a first start.
    same_options: BTreeSet<String>,
    /// Files in which something else is new than what follows from cluster.toml.
    around: BTreeSet<String>,
    /// Members and clients of which it is recorded what they have.
    recorded_members: BTreeSet<String>,
    recorded_clients: BTreeSet<String>,
}

impl Changes {
    /// Compares the build with the state before it: `before` is what cluster.lock had of the cluster before the build,
    /// `recorded` what it has of the machines.
    pub(in crate::edge) fn of(
        pki: Option<&Pki>,
        issuing: &Issuing,
        before: &Identity,
        recorded: &Running,
    ) -> Self {
        let trusted: BTreeSet<u32> =
            pki.iter().flat_map(|pki| pki.authorities.iter().map(|ca| ca.number)).collect();
        let was = before.authorities.iter().filter(|(_, ca)| !ca.removed);
        let was: BTreeSet<u32> = was.map(|(number, _)| *number).collect();
        let mut changes = Self {
            reissued: BTreeSet::new(),
            moved: BTreeSet::new(),
            revokes: !issuing.revoked.is_empty(),
            put_right: pki.map(|pki| pki.put_right.clone()).unwrap_or_default(),
            trusts_others: !was.is_empty() && !trusted.is_empty() && was != trusted,
            same_options: BTreeSet::new(),
            around: BTreeSet::new(),
            recorded_members: recorded.members.keys().cloned().collect(),
            recorded_clients: recorded.clients.keys().cloned().collect(),
        };
        let reissued = pki.map(Pki::reissued).unwrap_or_default();
        let places = reissued.iter().flat_map(|leaf| &leaf.wanted.places);
        changes.reissued = places.filter(|at| !changes.is_recorded(at)).cloned().collect();
        changes
    }

    /// Takes in what the last build was for, and in which files more than that is new.
    pub(in crate::edge) fn since(
        mut self,
        last: Option<&Cluster>,
        cluster: &Cluster,
        around: BTreeSet<String>,
    ) -> Self {
        let Some(last) = last else { return self };
        let [last, after] = [last, cluster].map(|of| Running::of(of, &[]).members);
        for (name, member) in &after {
            let is_recorded = self.recorded_members.contains(name);
            let options = |of: &RunningMember| -> BTreeMap<String, String> {
                let counts = |name: &str| {
                    let on_change = find(name).map(EtcdOption::on_change);
                    !is_recorded || on_change != Some(OnChange::Bootstrap)
                };
                of.options.clone().into_iter().filter(|(name, _)| counts(name)).collect()
            };
            let Some(last) = last.get(name) else { continue };
            if options(last) == options(member) {
                self.same_options.insert(name.clone());
            }
            if !is_recorded && last.peer_urls() != member.peer_urls() {
                self.moved.insert(name.clone());
            }
        }
        self.around = around;
        self
    }

    /// Tells whether a file is of a member at other peer URLs.
    fn is_moved(&self, path: &str) -> bool {
        let name = path.strip_prefix("members/").and_then(|path| path.split('/').next());
        name.is_some_and(|name| self.moved.contains(name))
    }

    fn is_recorded(&self, path: &str) -> bool {
        let mut parts = path.split('/');
        let owners = match parts.next() {
            Some("members") => &self.recorded_members,
            Some("clients") => &self.recorded_clients,
            _ => return false,
        };
        parts.next().is_some_and(|name| owners.contains(name))
    }
}

/// Says who has to be restarted, and who is only to be given new files.
///
/// The date is there because cargo repeats the words of a build until the next one.
pub(in crate::edge) fn rollout(
    cluster: &Cluster,
    report: &Report,
    changes: &Changes,
    day: Date,
) -> Vec<Diagnostic> {
    let Changes { revokes, put_right, trusts_others, .. } = changes;
    let reissued = !changes.reissued.is_empty();
    let replaced = report.replaced.iter().map(OutPath::as_str);
    let all: BTreeSet<&str> =
        replaced.filter(|path| !put_right.iter().any(|right| right == path)).collect();
    let replaced: BTreeSet<&str> =
        all.iter().copied().filter(|path| !changes.is_recorded(path)).collect();
    if all.is_empty() && !reissued && !*trusts_others {
        return Vec::new();
    }
    // A step of another kind, with files of its own.
    let replaced: BTreeSet<&str> =
        replaced.into_iter().filter(|path| !changes.is_moved(path)).collect();
    let trusted: BTreeSet<String> =
        trust_files(cluster).into_iter().map(|file| file.path).collect();
    let members = |is: &dyn Fn(&Member, &str) -> bool| {
        let has = |member: &&Member| replaced.iter().any(|path| is(member, path));
        cluster.members.iter().filter(has).count()
    };
    let trust = changed_trust(cluster, report, &replaced, changes);
    let is_options = |member: &Member, path: &str| {
        is_of(member, path) && FORMATS.iter().any(|format| path.ends_with(format.file))
    };
    let is_same = |member: &Member| changes.same_options.contains(member.name.as_str());
    let options = members(&|member, path| is_options(member, path) && !is_same(member));
    let around = |member: &&Member| {
        is_same(member) && changes.around.iter().any(|path| is_options(member, path))
    };
    let around = cluster.members.iter().filter(around).count();
    let list = members(&|member, path| path == crl_place(member));
    let is_of_any =
        |path: &OutPath| cluster.members.iter().any(|member| is_of(member, path.as_str()));
    let is_leaf = |path: &&str| {
        path.strip_suffix(".crt").is_some() && !path.starts_with("pki/") && !trusted.contains(*path)
    };
    let leaf =
        changes.reissued.iter().any(|path| !changes.is_moved(path)) || replaced.iter().any(is_leaf);
    let mut said: Vec<Diagnostic> = said_of_moved(&changes.moved, day).into_iter().collect();
    if trust > 0 {
        said.push(
            Diagnostic::warning(format!(
                "the trusted CAs of {} changed on {day}: each needs a restart",
                counted(trust, "member")
            ))
            .help("copy the new files to all of them, then restart one after another")
            .help("etcd reads its CA file when it starts, and not again"),
        );
    }
    if options > 0 {
        let start = if options == 1 { "starts" } else { "start" };
        said.push(
            Diagnostic::warning(format!(
                "the files that {} {start} from changed on {day}: each uses them from its next \
                 start on",
                counted(options, "member")
            ))
            .help(if report.pruned.iter().any(|path| is_in_certs(path) && is_of_any(path)) {
                "stop a member, give it all its new files, start it, and only then go on to the \
                 next: until its restart it needs files that `certs/` does not have any more"
            } else {
                "copy `certs/` before the rest: an option may name a file that is new there"
            })
            .help("`initial-…` options count at the first start of a member only"),
        );
    }
    said.extend(said_of_what_is_around(around, day));
    said.extend(said_around_endpoints(changes, &all, day));
    said.extend(of_clients(cluster, &replaced, day));
    if leaf && trust + options == 0 {
        said.push(
            Diagnostic::warning(
                "copy the new certificates to their machines; no restart is needed",
            )
            .help("etcd reads certificate and key again at every handshake"),
        );
    }
    let is_list = |path: &OutPath| cluster.members.iter().any(|m| crl_place(m) == path.as_str());
    if *revokes && list == 0 && report.written.iter().any(is_list) {
        said.push(
            Diagnostic::warning(
                "members begin to look at the list of revoked certificates at that start only: until \
                 then, anyone who is on it gets in",
            )
            .help("restart them one after another as soon as they have their files"),
        );
    }
    if list > 0 {
        said.push(
            Diagnostic::warning(format!(
                "the list of revoked certificates changed on {day}: copy `certs/{CRL}` to every \
                 member; no restart is needed"
            ))
            .help("a member that does not have it yet still lets in anyone who is on it"),
        );
    }
    said
}

/// Says of members at other peer URLs that etcd comes first.
fn said_of_moved(moved: &BTreeSet<String>, day: Date) -> Option<Diagnostic> {
    let (first, others) = (moved.first()?, moved.len() - 1);
    let whose = if others == 0 { first.clone() } else { format!("{first} and {others} more") };
    let said = Diagnostic::warning(format!(
        "the peer URLs of {whose} changed on {day}: where such a member runs, etcd is told before its files, \
         `certs/` too, are copied"
    ))
    .note(
        "the other members refuse a certificate that does not have the address from which its member dials \
         them: `does not match any of DNSNames`",
    );
    Some(said.help(
        "if it runs: take this change back, build, and `cargo run -- done`, which records what runs; then make \
         it again, and `cargo run -- plan --offline` has the commands in their order",
    ))
}

/// Counts members that have other CAs in a file that machines have already.
fn changed_trust(
    cluster: &Cluster,
    report: &Report,
    replaced: &BTreeSet<&str>,
    changes: &Changes,
) -> usize {
    let files = trust_files(cluster);
    let written = report.written.iter().map(OutPath::as_str);
    let written: BTreeSet<&str> = written.filter(|path| !changes.is_recorded(path)).collect();
    // Where keys were just imported, what machines have is not here to be replaced.
    let files_of = if changes.trusts_others { &written } else { replaced };
    let of_members =
        files.iter().map(|file| file.path.as_str()).filter(|path| path.starts_with("members/"));
    let others: Vec<&str> = of_members.filter(|path| files_of.contains(path)).collect();
    let has = |member: &&Member| others.iter().any(|path| is_of(member, path));
    cluster.members.iter().filter(has).count()
}

/// Says that nobody has to hurry for what Bouquet writes around the options: comments, the sandbox, the
/// guard; also where a new release of it does.
fn said_of_what_is_around(members: usize, day: Date) -> Option<Diagnostic> {
    let start = if members == 1 { "starts" } else { "start" };
    (members > 0).then(|| {
        Diagnostic::warning(format!(
            "the files that {} {start} from changed on {day} outside their options: no restart is \
             needed",
            counted(members, "member")
        ))
        .help("copy them when it suits: they count from the next start on, with the same options as before")
    })
}

/// Says the same of the files of clients. Of those that are not recorded, all that is new in them is told.
fn said_around_endpoints(
    changes: &Changes,
    replaced: &BTreeSet<&str>,
    day: Date,
) -> Option<Diagnostic> {
    let is_of_client = |path: &str| path.strip_prefix("clients/").is_some();
    changes.around.iter().find(|path| is_of_client(path) && changes.is_recorded(path))?;
    let is_file = |path: &str| CLIENT_FILES.iter().any(|file| path.ends_with(file.file));
    let files = replaced.iter().filter(|path| is_of_client(path) && is_file(path));
    let clients: BTreeSet<_> = files.filter_map(|path| path.split('/').nth(1)).collect();
    let clients = clients.iter().filter(|name| changes.recorded_clients.contains(**name)).count();
    (clients > 0).then(|| {
        Diagnostic::warning(format!(
            "the files of {} changed on {day} outside their endpoints",
            counted(clients, "client")
        ))
        .help("copy them when it suits: they lead to the same as before")
    })
}

/// Says that clients are to be told where the cluster is.
fn of_clients(cluster: &Cluster, replaced: &BTreeSet<&str>, day: Date) -> Option<Diagnostic> {
    let is_told = |client: &&Client| {
        let place = |file: &str| format!("clients/{}/{file}", client.name);
        let mut files = CLIENT_FILES.iter().filter(|file| file.leads);
        files.any(|file| replaced.contains(place(file.file).as_str()))
    };
    let told = cluster.clients.iter().filter(is_told).count();
    let find = if told == 1 { "finds" } else { "find" };
    (told > 0).then(|| {
        Diagnostic::warning(format!(
            "the files by which {} {find} the cluster changed on {day}",
            counted(told, "client")
        ))
        .help("copy them from `clients/NAME/`; who uses them reads them at its start")
    })
}

/// Tells whether a file belongs to that member.
fn is_of(member: &Member, path: &str) -> bool {
    let below =
        path.strip_prefix("members/").and_then(|path| path.strip_prefix(member.name.as_str()));
    below.is_some_and(|rest| rest.starts_with('/'))
}

/// Tells whether a file belongs into a node's `certs-dir`.
fn is_in_certs(path: &OutPath) -> bool {
    path.folder().strip_prefix("members/").is_some_and(|rest| rest.ends_with("/certs"))
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
