//! The story of a build: read, prove, decide, render, commit, say.

use super::advice::{Changes, alike, flags, kubeadm, mount_points, rollout};
use super::certify::{Certified, certify};
use super::existing::around::around;
use super::existing::lock::{self as lock_file, File as LockFile, Known};
use super::existing::{external, last};
use super::held::Held;
use super::job::{Job, seconds};
use super::log::{self, Entered};
use super::observe::observed;
use super::typed::typed;
use super::writes::{self, Reason};
use crate::change::told;
use crate::check::{Proven, prove};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lock::{Settled, after, compare, founds_again, settle};
use crate::page::{self, View};
use crate::pki::{self, LEDGER, LINES, Pki, Typed};
use crate::spec::LARGEST;
use crate::{constants, render};
use bouquet_lock::{COPY, Lock};
use bouquet_model::cluster::{Cluster, Member};
use bouquet_model::running::Running;
use bouquet_model::time::Date;
use bouquet_outdir::{Hold, Out, OutPath, Output, Report, write_if_changed};
use bouquet_outdir::{here, inspect};
use bouquet_x509::crl;
use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::path::Path;

/// Holds what a build did, if it did anything.
#[derive(Debug)]
pub struct Built {
    /// Errors and warnings.
    pub found: Diagnostics,
    /// The text that they point into.
    pub source: String,
    /// What became of `out/`; `None` where an error came before that.
    pub report: Option<Report>,
    /// What cargo has to watch besides the spec and `out/`, as its instructions.
    pub watched: Vec<String>,
    /// The entries of `accept`, as the program is handed them.
    pub accept: String,
    /// Where `ssh` reaches the node of each member, as the program is handed it: the variables with their values.
    pub ssh: Vec<(String, String)>,
}

impl Built {
    /// Returns the files below `out/` that are new or changed.
    pub fn written(&self) -> &[OutPath] {
        self.report.as_ref().map_or(&[], |report| &report.written)
    }

    /// Returns what is left without a cluster: there is nothing to watch but the spec.
    fn refused(found: Diagnostics, source: String) -> Self {
        Self {
            found,
            source,
            report: None,
            watched: Vec::new(),
            accept: String::new(),
            ssh: Vec::new(),
        }
    }
}

/// Proves the spec, issues what is due, and writes what differs.
///
/// Without a report, `out` is usually as it was before. If files could not be put into place, the error names one, and
/// the next build completes it.
pub fn build(job: Job<'_>) -> Built {
    let mut found = Diagnostics::new();
    // First, because the spec may change while this build waits for another one.
    let hold = Hold::take(package(job.spec), wait);
    // At most a byte more than a spec may have, so that a mistaken path costs no memory.
    let bytes = match inspect::read_start(job.spec, LARGEST as u64 + 1) {
        Ok(bytes) => bytes,
        Err(error) => {
            found.push(unreadable(job.spec, &error));
            return Built::refused(found, String::new());
        }
    };
    let (proven, diagnostics) = prove(&bytes);
    found.append(diagnostics);
    let source = String::from_utf8_lossy(&bytes).into_owned();
    let Some(mut proven) = proven else { return Built::refused(found, source) };
    proven.cluster.program = job.program.to_owned().into();
    let watched = external::instructions(&proven.issuing, job.spec);
    if let Some(package) = std::path::absolute(job.spec).ok().as_deref().and_then(Path::parent) {
        found.extend(alike(&proven.cluster, package));
    }
    let report = produce(&proven, hold, job, &lock_file::place(job.spec), &mut found);
    let report = report.map_err(|errors| found.append(errors)).ok();
    let ssh = ssh(&proven.cluster);
    let accept = proven.cluster.accept.into_owned();
    Built { found, source, report, watched, accept, ssh }
}

/// Returns the variables of all members: one that is not set would be that of the shell which calls cargo.
fn ssh(cluster: &Cluster) -> Vec<(String, String)> {
    let members = cluster.members.iter().enumerate();
    let destination = |member: &Member| member.ssh.clone().unwrap_or_default().into_owned();
    members.map(|(at, member)| (constants::ssh_variable(at), destination(member))).collect()
}

/// Makes the files of a proven cluster, while no other build does, or the constants alone where nothing
/// else may be written.
fn produce(
    proven: &Proven,
    hold: Result<Hold, Diagnostic>,
    job: Job<'_>,
    lock_place: &Path,
    found: &mut Diagnostics,
) -> Result<Report, Diagnostics> {
    let package = package(job.spec);
    let hold = hold?;
    let mut why = writes::forbidden(job, package)?;
    // What a killed build has left is put right before anything is read.
    let out = if why.is_none() && is_there(job.out) {
        Ok(Out::open(job.out, &[lock_place], hold)?)
    } else {
        Err(hold)
    };
    let absolute = typed(job, lock_place);
    let typed = match &absolute {
        Some([lock, out]) => Typed { lock, out },
        None => Typed { lock: lock_place, out: job.out },
    };
    let file = lock_file::file(lock_place, job.out, typed)?;
    let known = file.as_ref().map(|file| &file.lock);
    let settled = || settle(proven, known, seconds(job.started));
    if job.asked.locked {
        let settled = settled()?;
        let cluster = &settled.proven.cluster;
        let mut errors = compare(cluster, known, &revoked(proven, known, job));
        if !errors.is_empty() {
            errors.extend(Held::new(&settled.proven, known).refused());
            return Err(errors.into());
        }
    }
    if why.is_none() && writes::has_no_secrets(job, &proven.cluster, known)? {
        let is_ca_elsewhere = !proven.issuing.sources.is_empty();
        let away = inspect::leads_nowhere(job.out)?.map(Reason::Away);
        why = Some(away.unwrap_or(Reason::NoSecrets { is_ca_elsewhere }));
    }
    let Some(why) = why else {
        if out.is_err() {
            // Before there is a folder. Where there is one, its copy may have later records than the file.
            Held::new(&settled()?.proven, known).check()?;
        }
        let out = out.or_else(|hold| Out::open(job.out, &[lock_place], hold))?;
        return issue(proven, job, (lock_place, typed), &out, file, found);
    };
    // Where nothing may be written, a lock that is gone cannot be put back.
    let copy = if file.is_none() { lock_file::copy(lock_place, job.out) } else { None };
    let (copy, said) = copy.unzip();
    found.extend(said);
    let known = known.or(copy.as_ref());
    if known.is_none() {
        if matches!(why, Reason::Packed) {
            return Err(writes::packed_without_lock().into());
        }
        founds_no_other(proven, last::module_in(job.out).as_deref(), typed)?;
    }
    let Settled { proven, said } = settle(proven, known, seconds(job.started))?;
    found.extend(said);
    let against = Held::new(&proven, known);
    against.check()?;
    observed(&against, known, &revoked(&proven, known, job), &why, job, found)?;
    found.extend(kubeadm(&proven.cluster, against.recorded(), &proven.places));
    Ok(Report::default())
}

/// Issues what is due, and writes all that differs. What is said of what was done, is said once it is.
fn issue(
    proven: &Proven,
    job: Job<'_>,
    (lock_place, typed): (&Path, Typed<'_>),
    out: &Out,
    file: Option<LockFile>,
    found: &mut Diagnostics,
) -> Result<Report, Diagnostics> {
    let known = lock_file::known(file, out, typed, seconds(job.started))?;
    let (unwritten, before) = (known.unwritten.clone(), found.iter().count());
    let issued = issued(proven, job, (lock_place, typed), out, known, found);
    // An error that comes after the lock was written finds its words there.
    let was_written = found.iter().count() > before;
    issued.inspect_err(|_| found.extend(unwritten.into_iter().filter(|_| !was_written)))
}

fn issued(
    proven: &Proven,
    job: Job<'_>,
    (lock_place, typed): (&Path, Typed<'_>),
    out: &Out,
    known: Known,
    found: &mut Diagnostics,
) -> Result<Report, Diagnostics> {
    let now = seconds(job.started);
    let module = last::module(out)?;
    let Known { lock, bytes, is_newer, is_lost, said, unwritten } = known;
    let of_lock = if job.asked.locked { unwritten } else { said };
    if is_lost {
        founds_no_other(proven, module.as_deref(), typed)?;
    }
    let Settled { proven, said: of_states } = settle(proven, Some(&lock), now)?;
    let held = Held::new(&proven, Some(&lock));
    held.check()?;
    let (before, recorded) = (lock.identity.clone(), lock.recorded.clone());
    let revoked = revoked(&proven, Some(&lock), job);

    let Certified { pki, issued, kept, said: of_pki } =
        certify(&proven, (lock, is_newer), held.accepts_cas(), out, (job, typed))?;
    let proven = with_list(&proven, pki.as_ref());
    let held = held.of(&proven);
    let Proven { cluster, issuing, .. } = &proven;
    let facts = pki.as_ref().map(Pki::facts).unwrap_or_default();
    let changes = Changes::of(pki.as_ref(), issuing, &before, held.recorded());
    let cas = pki.as_ref().map(|pki| pki.authorities.as_slice()).unwrap_or_default();
    let merged = after(before, cluster, cas, issued, recorded, now).text();
    // It may know more than a lock that may not be written.
    let copy = job.asked.locked.then(|| merged.clone().into_bytes());
    let text = lock_text(merged, bytes, job);

    let constants = constants::module(cluster, &facts, ca_pem(cluster, pki.as_ref()).as_deref());
    let entered = Entered::of(pki.as_ref(), now);
    let running = Running::of(cluster, &facts);
    let page = page::page(&View {
        cluster,
        pki: pki.as_ref(),
        recorded: held.recorded(),
        changes: &told(held.recorded(), &running, cluster),
        today: Date(now),
    });
    let mut output = output(cluster, pki, &kept, (&constants, page));
    output.file(COPY, copy.unwrap_or_else(|| text.clone()));
    output.moved(LEDGER, COPY);
    output.extra(lock_place, text);
    for path in held.used() {
        output.used(&path);
    }

    let last = last::cluster(module.as_deref(), &constants, cluster);
    let is_damaged = module.is_some() && last.is_none();
    let around = last.as_deref().map(|last| around(out, &output, last)).unwrap_or_default();
    let changes = changes.since(last.as_deref(), cluster, around);
    let report = out.commit(&output, job.started)?;
    found.extend(of_lock);
    found.extend(of_pki);
    found.extend(log::enter(&entered, out));
    here::leave(out, job.started)?;
    write_if_changed(job.constants, &constants)?;

    found.extend(is_damaged.then(|| last::damaged(out, Date(now))));
    let said = held.said(last.as_deref(), &facts, &revoked, Date(now));
    let mut of_folders = mount_points(cluster, held.recorded(), &proven.places);
    of_folders.extend(kubeadm(cluster, held.recorded(), &proven.places));
    found.extend(said);
    found.extend(of_folders);
    found.extend(of_states);
    found.extend(rollout(cluster, &report, &changes, Date(now)));
    found.extend(flags(cluster, &report.pruned));
    found.extend(notices(&report));
    Ok(report)
}

/// Stops where neither the lock nor its copy is there, and the last build had the cluster as one that runs.
fn founds_no_other(
    proven: &Proven,
    last: Option<&str>,
    typed: Typed<'_>,
) -> Result<(), Diagnostic> {
    let last = last.and_then(constants::cluster_in);
    last.and_then(|last| founds_again(proven, &last, typed)).map_or(Ok(()), Err)
}

/// Returns the cluster with the number of the list of revoked certificates that members are given.
fn with_list(proven: &Proven, pki: Option<&Pki>) -> Proven {
    let list = pki.and_then(|pki| pki.list.as_deref());
    let crl = list.and_then(crl::read).and_then(|list| list.number);
    let mut proven = proven.clone();
    proven.cluster.crl = crl;
    proven
}

/// Returns what the lock is to hold: what it holds, where that is the same in the lines of Windows, or
/// where nothing of it may change.
fn lock_text(text: String, there: Option<Vec<u8>>, job: Job<'_>) -> Vec<u8> {
    match there {
        Some(bytes) if job.asked.locked || without_returns(&bytes) == text.as_bytes() => bytes,
        _ => text.into_bytes(),
    }
}

fn without_returns(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().filter(|byte| *byte != b'\r').collect()
}

/// Returns the serial numbers that are revoked, as far as cluster.toml and the lock tell.
fn revoked(proven: &Proven, lock: Option<&Lock>, job: Job<'_>) -> BTreeSet<String> {
    let of = |lock: &Lock| pki::revoked(&proven.issuing, &lock.issued, seconds(job.started));
    lock.map(of).unwrap_or_default()
}

/// Tells whether `out/` is there. A link that leads nowhere is none: the disk that has the keys is not here.
fn is_there(out: &Path) -> bool {
    out.exists()
}

/// Returns the folder that the spec lies in.
fn package(spec: &Path) -> &Path {
    spec.parent().unwrap_or(Path::new(""))
}

/// Returns the CAs that a program trusts which includes the constants: those of the clients.
fn ca_pem(cluster: &Cluster, pki: Option<&Pki>) -> Option<String> {
    Some(pki?.bundle(&cluster.tls.as_ref()?.clients.trust))
}

/// Returns the complete content of `out/`.
fn output(
    cluster: &Cluster,
    pki: Option<Pki>,
    kept: &[String],
    (constants, page): (&str, String),
) -> Output {
    let mut output = render::render(cluster, pki, constants);
    output.file(page::FILE, page);
    for file in kept {
        // A key that was encrypted just now is there already.
        output.keep_if_absent(file);
    }
    output
}

/// Returns what the commit noticed of files and folders, the first of it in full.
fn notices(report: &Report) -> Vec<Diagnostic> {
    let mut said: Vec<Diagnostic> = report.notices.iter().take(LINES).cloned().collect();
    if let Some(more) = report.notices.len().checked_sub(LINES).filter(|more| *more > 0) {
        let message = format!("the same is true of {more} more files and folders in out/");
        said.push(
            Diagnostic::warning(message).help("put the others right first; then build again"),
        );
    }
    said
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::error(format!("cannot read {}: {error}", path.display())).help(
        "it describes the cluster; the guide of Bouquet begins with one, its page on the spec has every key",
    )
}

fn wait(message: &str) {
    let _ = writeln!(io::stderr(), "{message}");
}
