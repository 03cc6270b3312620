//! What has to be done on the machines, now that files in `out/` hold something else than before.

use crate::diagnostic::Diagnostic;
use crate::issuing::Issuing;
use crate::pki::Pki;
use bouquet_lock::Identity;
use bouquet_model::artifact::{CLIENT_FILES, FORMATS};
use bouquet_model::cluster::{Client, Cluster, Member};
use bouquet_model::settings::{CRL, crl_place};
use bouquet_model::time::Date;
use bouquet_model::trust_file::trust_files;
use bouquet_outdir::{OutPath, Report};
use std::collections::BTreeSet;

/// What a build changes about certificates that the names of files do not tell.
pub(in crate::edge) struct Changes {
    /// Whether a certificate took the place of one that was there, or had been.
    reissued: bool,
    /// Whether there is anything on the list of revoked certificates.
    revokes: bool,
    /// Paths of what was damaged in `out/` and right at the last build: machines have it.
    put_right: Vec<String>,
    /// Whether other CAs are trusted than cluster.lock had as trusted before.
    trusts_others: bool,
    /// Files of members in which the comments at the beginning are new, and nothing else.
    pub(in crate::edge) in_head_alone: BTreeSet<OutPath>,
}

impl Changes {
    /// `before` is what cluster.lock had of the cluster before the build.
    pub(in crate::edge) fn of(pki: Option<&Pki>, issuing: &Issuing, before: &Identity) -> Self {
        let trusted: BTreeSet<u32> =
            pki.iter().flat_map(|pki| pki.authorities.iter().map(|ca| ca.number)).collect();
        let was = before.authorities.iter().filter(|(_, ca)| !ca.removed);
        let was: BTreeSet<u32> = was.map(|(number, _)| *number).collect();
        Self {
            reissued: pki.is_some_and(|pki| !pki.reissued().is_empty()),
            revokes: !issuing.revoked.is_empty(),
            put_right: pki.map(|pki| pki.put_right.clone()).unwrap_or_default(),
            trusts_others: !was.is_empty() && !trusted.is_empty() && was != trusted,
            in_head_alone: BTreeSet::new(),
        }
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
    let Changes { reissued, revokes, put_right, trusts_others, in_head_alone } = changes;
    let replaced = report.replaced.iter().map(OutPath::as_str);
    let replaced: BTreeSet<&str> =
        replaced.filter(|path| !put_right.iter().any(|right| right == path)).collect();
    if replaced.is_empty() && !*reissued && !*trusts_others {
        return Vec::new();
    }
    let trusted: BTreeSet<String> =
        trust_files(cluster).into_iter().map(|file| file.path).collect();
    let members = |is: &dyn Fn(&Member, &str) -> bool| {
        let has = |member: &&Member| replaced.iter().any(|path| is(member, path));
        cluster.members.iter().filter(has).count()
    };
    let trust = changed_trust(cluster, report, &replaced, *trusts_others);
    let is_options = |member: &Member, path: &str| {
        is_of(member, path) && FORMATS.iter().any(|format| path.ends_with(format.file))
    };
    let is_head = |path: &str| in_head_alone.iter().any(|head| head.as_str() == path);
    let options = members(&|member, path| is_options(member, path) && !is_head(path));
    let heads = members(&is_options) - options;
    let list = members(&|member, path| path == crl_place(member));
    let is_of_any =
        |path: &OutPath| cluster.members.iter().any(|member| is_of(member, path.as_str()));
    let is_leaf = |path: &&str| {
        path.strip_suffix(".crt").is_some() && !path.starts_with("pki/") && !trusted.contains(*path)
    };
    let leaf = *reissued || replaced.iter().any(is_leaf);
    let mut said = Vec::new();
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
                "stop a member, give it all its new files, start it, and only then see to the next: \
                 until its restart it needs files that `certs/` does not have any more"
            } else {
                "copy `certs/` before the rest: an option may name a file that is new there"
            })
            .help("`initial-…` options count at the first start of a member only"),
        );
    }
    said.extend(of_heads(heads, day));
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

/// How many members have other CAs in a file that machines have already.
fn changed_trust(
    cluster: &Cluster,
    report: &Report,
    replaced: &BTreeSet<&str>,
    trusts_others: bool,
) -> usize {
    let files = trust_files(cluster);
    let written: BTreeSet<&str> = report.written.iter().map(OutPath::as_str).collect();
    // Where keys were just imported, what machines have is not here to be replaced.
    let changed = if trusts_others { &written } else { replaced };
    let of_members =
        files.iter().map(|file| file.path.as_str()).filter(|path| path.starts_with("members/"));
    let changed: Vec<&str> = of_members.filter(|path| changed.contains(path)).collect();
    let has = |member: &&Member| changed.iter().any(|path| is_of(member, path));
    cluster.members.iter().filter(has).count()
}

/// Says that nobody has to hurry for comments.
fn of_heads(heads: usize, day: Date) -> Option<Diagnostic> {
    let start = if heads == 1 { "starts" } else { "start" };
    (heads > 0).then(|| {
        Diagnostic::warning(format!(
            "the files that {} {start} from changed on {day} in the comments at their beginning alone: \
             no restart is needed",
            counted(heads, "member")
        ))
        .help("copy them when it suits: a member that starts from the former ones does the same")
    })
}

/// Says that clients are to be told where the cluster is.
fn of_clients(cluster: &Cluster, replaced: &BTreeSet<&str>, day: Date) -> Option<Diagnostic> {
    let is_told = |client: &&Client| {
        let place = |file: &str| format!("clients/{}/{file}", client.name);
        CLIENT_FILES.iter().any(|file| replaced.contains(place(file.file).as_str()))
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
