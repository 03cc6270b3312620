//! No command: the cluster at a glance.

use super::members;
use crate::cli::Cli;
use crate::compiled::{Compiled, REFUSED};
use crate::environment::Environment;
use crate::expiry::{Validity, described, first_to_end, renew_before, validity};
use crate::out::{self, Miss};
use crate::outcome::Outcome;
use crate::package;
use crate::show::{BAD, DIM, GOOD, HEAD, NAME, WARN, date, distance, instant, json, paint, wrap};
use crate::typed::{on_node, typed};
use bouquet_model::Cluster;
use bouquet_model::artifact;
use bouquet_model::cluster::Layout;
use serde::Serialize;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Clients beyond these are counted.
const CLIENT_LINES: usize = 2;

pub(super) fn run(
    compiled: &Compiled<'_>,
    cli: &Cli,
    program: &str,
    environment: &Environment<'_>,
) -> Outcome {
    let out = out::find(compiled, cli.out.as_deref(), environment);
    let stdout = if cli.overview.json {
        json(&view(compiled, out.ok(), environment.now))
    } else {
        let lock = lock(compiled, cli.out.as_deref(), environment);
        let here = typed(program, environment);
        text(compiled, out, lock, &here, environment.now)
    };
    Outcome::data(stdout)
}

/// What the package's lock asks for next.
#[derive(Clone, Copy)]
struct LockFacts {
    /// Whether anything is recorded as running.
    is_recorded: bool,
    /// Whether git has it as it is.
    is_committed: bool,
}

/// Returns what is to be known of the package's lock; `None` where there is no lock of this cluster at hand.
fn lock(
    compiled: &Compiled<'_>,
    named: Option<&Path>,
    environment: &Environment<'_>,
) -> Option<LockFacts> {
    let package = package::find(named, environment).ok()?;
    let bytes = (environment.read)(&package.folder.join(bouquet_lock::NAME)).ok()?;
    let lock = bouquet_lock::read(&bytes).ok()?;
    let is_ours = lock.identity.token == compiled.cluster.token;
    let committed = || (environment.committed)(&package.folder, "HEAD").ok();
    is_ours.then(|| LockFacts {
        is_recorded: !lock.recorded.is_empty(),
        is_committed: committed().is_some_and(|committed| committed == bytes),
    })
}

/// The cluster in JSON.
#[derive(Serialize)]
struct ClusterView<'a> {
    /// `initial-cluster-token`.
    token: &'a str,
    /// etcd's version.
    etcd: String,
    /// In hexadecimal, as etcdctl prints it; null for a cluster that was there before its spec.
    cluster_id: Option<String>,
    /// SHA-256 of what members and clients are defined as.
    digest: String,
    /// The commit of git that this was built from, if it is known.
    revision: Option<&'a str>,
    /// Null where TLS is off.
    tls: Option<TlsView<'a>>,
    members: Vec<members::MemberView<'a>>,
    clients: Vec<ClientView<'a>>,
    certificates: CertificatesView,
    /// The folder that `cargo build` wrote, if it is at hand.
    out: Option<PathBuf>,
}

#[derive(Serialize)]
struct TlsView<'a> {
    layout: &'static str,
    certs_dir: &'a str,
}

#[derive(Serialize)]
struct ClientView<'a> {
    name: &'a str,
    certs_dir: &'a str,
}

#[derive(Serialize)]
struct CertificatesView {
    count: usize,
    expiring: usize,
    expired: usize,
    not_yet_valid: usize,
    /// When the first of them ends; RFC 3339, in UTC.
    first_not_after: Option<String>,
}

fn view<'a>(compiled: &Compiled<'a>, out: Option<PathBuf>, now: i64) -> ClusterView<'a> {
    let cluster = compiled.cluster;
    let client = |client: &'a bouquet_model::Client| ClientView {
        name: client.name.as_str(),
        certs_dir: client.certs_dir.as_str(),
    };
    let tls = cluster.tls.as_ref();
    let window = renew_before(compiled);
    let count = |wanted| {
        let all = compiled.certificates.iter();
        all.filter(|c| validity(c, now, window) == wanted).count()
    };
    ClusterView {
        token: &cluster.token,
        etcd: cluster.version.to_string(),
        cluster_id: cluster.id.map(|id| id.to_string()),
        digest: cluster.digest.full(),
        revision: cluster.revision.as_deref(),
        tls: tls
            .map(|tls| TlsView { layout: tls.layout.as_str(), certs_dir: tls.certs_dir.as_str() }),
        members: members::view(cluster),
        clients: cluster.clients.iter().map(client).collect(),
        certificates: CertificatesView {
            count: compiled.certificates.len(),
            expiring: count(Validity::Expiring),
            expired: count(Validity::Expired),
            not_yet_valid: count(Validity::NotYetValid),
            first_not_after: first_to_end(compiled.certificates).map(|c| instant(c.not_after)),
        },
        out,
    }
}

fn text(
    compiled: &Compiled<'_>,
    out: Result<PathBuf, Vec<Miss>>,
    lock: Option<LockFacts>,
    program: &str,
    now: i64,
) -> String {
    let cluster = compiled.cluster;
    let mut text = format!("{}\n\n", paint(HEAD, &cluster.token));
    let mut fact = |name: &str, lines: Vec<String>| {
        let mut name = name;
        for line in lines {
            let _ = writeln!(text, "  {}  {line}", paint(DIM, format!("{name:<12}")));
            name = "";
        }
    };
    fact("etcd", vec![cluster.version.to_string()]);
    let id = cluster
        .id
        .map_or_else(|| "– (it was there before cluster.toml)".into(), |id| id.to_string());
    fact("cluster ID", vec![id]);
    fact("definition", vec![definition(cluster)]);
    fact("TLS", [Some(tls(compiled)), limits(compiled)].into_iter().flatten().collect());
    fact("clients", clients(compiled));
    fact("certificates", certificates(compiled, now));
    fact("artifacts", artifacts(compiled, out));
    text.push('\n');
    text += &members::text(cluster);
    text.push('\n');
    text += &next(compiled, lock, program);
    text
}

/// Returns the digest of the definition, and the commit that it stands in.
fn definition(cluster: &Cluster) -> String {
    let git = cluster.revision.as_ref().map(|revision| format!(" (git {revision})"));
    format!("{}{}", cluster.digest, git.unwrap_or_default())
}

fn tls(compiled: &Compiled<'_>) -> String {
    let Some(tls) = &compiled.cluster.tls else {
        let off = paint(WARN, "off");
        return format!("{off}: anyone who reaches a member reads and writes everything");
    };
    let layout = match tls.layout {
        Layout::Separate => "each member has a server and a peer certificate",
        Layout::Combined => "each member has one certificate for both uses",
        Layout::Shared => "all members share one certificate",
    };
    if !tls.client_auth {
        let whose = paint(WARN, "of members alone");
        return format!("{whose}, clients show no certificate; {layout}");
    }
    format!("{}, {layout}", paint(GOOD, "mutual"))
}

/// Says who cannot connect where a CA limits addresses.
fn limits(compiled: &Compiled<'_>) -> Option<String> {
    let limits = compiled.certificates.iter().any(|certificate| certificate.limits_addresses);
    limits.then(|| format!("{}: {REFUSED}", paint(WARN, "CA limits addresses")))
}

fn clients(compiled: &Compiled<'_>) -> Vec<String> {
    let clients = &compiled.cluster.clients;
    if clients.is_empty() {
        return vec![paint(DIM, "none")];
    }
    let names: Vec<String> = clients.iter().map(|client| client.name.to_string()).collect();
    let mut lines = wrap(&names, 64);
    if lines.len() > CLIENT_LINES {
        let shown: usize = lines[..CLIENT_LINES].iter().map(|line| line.matches(',').count()).sum();
        lines.truncate(CLIENT_LINES);
        lines.push(format!("and {} more", clients.len() - shown));
    }
    lines
}

fn certificates(compiled: &Compiled<'_>, now: i64) -> Vec<String> {
    let all = compiled.certificates;
    let Some(first) = first_to_end(all) else { return vec![paint(DIM, "none")] };
    let style = match validity(first, now, renew_before(compiled)) {
        Validity::Valid => GOOD,
        Validity::Expiring => WARN,
        Validity::NotYetValid | Validity::Expired => BAD,
    };
    let verb = if first.not_after < now { "expired" } else { "expires" };
    let when = paint(style, format!("{verb} {}", distance(first.not_after, now)));
    vec![
        format!("{}, the first {when}, on {}", all.len(), date(first.not_after)),
        paint(DIM, format!("the {}", described(first))),
    ]
}

fn artifacts(compiled: &Compiled<'_>, out: Result<PathBuf, Vec<Miss>>) -> Vec<String> {
    let looked = match out {
        Ok(path) => return vec![path.display().to_string()],
        Err(looked) => looked,
    };
    let mut lines =
        vec![paint(DIM, "not here: `cargo build` writes them, and --out tells where they are")];
    if compiled.cluster.tls.is_some() {
        lines.push(paint(DIM, "a clone without keys gets them by `secrets import`"));
    }
    let telling = looked.iter().filter(|miss| !matches!(miss, Miss::Nowhere(_)));
    lines.extend(telling.map(|miss| paint(WARN, miss)));
    lines
}

/// Names the next steps. `program` is how it is typed here.
fn next(compiled: &Compiled<'_>, lock: Option<LockFacts>, program: &str) -> String {
    let cluster = compiled.cluster;
    let mut text = format!("{}\n", paint(HEAD, "NEXT"));
    let is_dirty = cluster.revision.as_ref().is_none_or(|commit| commit.ends_with("-dirty"));
    if is_dirty || lock.is_some_and(|lock| !lock.is_committed) {
        text += "  commit cluster.toml and cluster.lock\n";
    }
    let mut commands = Vec::new();
    if cluster.formats.contains(&"systemd") {
        text += "  copy this program and out/members/NAME/ to each node\n";
        commands.push((
            format!("{} install NAME", on_node(program, cluster)),
            "installs it there, and starts it",
        ));
    } else {
        text += &by_hand(cluster);
    }
    let member = cluster.members.first().map_or("MEMBER", |member| member.name.as_str());
    let health = (format!("{program} etcdctl -- endpoint health"), "asks every member how it is");
    // Until then, builds take it for a cluster that does not run.
    let done = (format!("{program} done"), "records that all of it runs, once it does");
    commands.push(health);
    commands.extend(lock.is_some_and(|lock| !lock.is_recorded).then_some(done));
    commands.push((format!("{program} command {member}"), "prints a member's etcd command"));
    commands.push((format!("{program} --help"), "has the rest"));
    let width = commands.iter().map(|(command, _)| command.len()).max().unwrap_or(0);
    for (command, what) in commands {
        let _ = writeln!(text, "  {}  {what}", paint(NAME, format!("{command:<width$}")));
    }
    text
}

/// Returns what to do on each node where there is no unit to install.
fn by_hand(cluster: &Cluster) -> String {
    let mut text = cluster.tls.as_ref().map_or_else(
        || "  copy out/members/NAME/ to each member's node\n".to_owned(),
        |tls| format!("  copy out/members/NAME/ to each node, its certs/ to {}\n", tls.certs_dir),
    );
    let files: Vec<_> = artifact::formats(cluster).map(|format| format.file).collect();
    if !files.is_empty() {
        let one = if files.len() > 1 { "one of " } else { "" };
        let _ = writeln!(text, "  start etcd there with {one}{}", files.join(", "));
    }
    text
}
