//! The build step as a whole: read, prove, decide, render, commit, say.

use crate::certify::{Certified, LINES, certify};
use crate::check::{Proven, prove};
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Style};
use crate::job::{Job, seconds};
use crate::outdir::here;
use crate::outdir::stamp::{self, Origin};
use crate::outdir::{Out, OutPath, Report, watch, write_if_changed};
use crate::pki::Reason;
use crate::rollout::rollout;
use crate::spec::LARGEST;
use crate::upgrade::{last_version, upgrade};
use crate::{constants, external, former, render, siblings};
use bouquet_model::certificate::Kind;
use bouquet_model::time::Date;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

/// What a build did, if it did anything.
#[derive(Debug)]
pub struct Built {
    /// Errors and warnings.
    pub found: Diagnostics,
    /// The text that they point into.
    pub source: String,
    /// What became of `out/`; `None` where an error kept it as it was.
    pub report: Option<Report>,
    /// What cargo has to watch besides the spec and `out/`, as its instructions.
    pub watched: Vec<String>,
}

impl Built {
    /// Returns the files below `out/` that are new or changed.
    pub fn written(&self) -> &[OutPath] {
        self.report.as_ref().map_or(&[], |report| &report.written)
    }
}

/// Compiles the cluster that `spec` describes: into the folder `out`, and into the constants that the
/// program includes.
///
/// Paths are relative to the package. Says in cargo's own terms on stdout what is worth a warning.
/// Where there is an error, all that was found is on stderr alone, with its places, and the build
/// fails: cargo then shows stderr, and whatever is on stdout besides, so that an error that was
/// also a `cargo::error` would be there three times. It needs no watched paths then either, as it
/// runs a script that failed again.
#[expect(clippy::disallowed_methods, reason = "cargo says by its environment where to write")]
#[expect(clippy::print_stdout, reason = "cargo listens on stdout")]
pub fn compile(spec: &str, out: &str) -> ExitCode {
    let started = SystemTime::now();
    let Some(folder) = std::env::var_os("OUT_DIR").map(PathBuf::from) else {
        let _ = writeln!(io::stderr(), "OUT_DIR is not set: call this from build.rs, run by cargo");
        return ExitCode::FAILURE;
    };
    let constants = folder.join("cluster.rs");
    let job = Job { spec: Path::new(spec), out: Path::new(out), constants: &constants, started };
    let built = build(job);
    let source = Source::new(spec, &built.source);
    if built.report.is_none() {
        let _ = writeln!(io::stderr(), "{}", built.found.render(source, Style::Plain));
        return ExitCode::FAILURE;
    }
    println!("cargo::rerun-if-changed={spec}");
    for path in watch(job.out).unwrap_or_default() {
        println!("cargo::rerun-if-changed={}", path.display());
    }
    for instruction in &built.watched {
        println!("{instruction}");
    }
    for (_, warning) in built.found.one_lines(source) {
        println!("cargo::warning={warning}");
    }
    ExitCode::SUCCESS
}

/// Proves the spec, issues what is due, and writes what differs.
///
/// `out` is as it was before unless there is a report.
pub fn build(job: Job<'_>) -> Built {
    let mut found = Diagnostics::new();
    let mut watched = Vec::new();
    let bytes = match read(job.spec) {
        Ok(bytes) => bytes,
        Err(error) => {
            found.push(unreadable(job.spec, &error));
            return Built { found, source: String::new(), report: None, watched };
        }
    };
    let (proven, diagnostics) = prove(&bytes);
    found.append(diagnostics);
    let source = String::from_utf8_lossy(&bytes).into_owned();
    let Some(proven) = proven else { return Built { found, source, report: None, watched } };
    watched.extend(external::instructions(&proven.issuing, job.spec));
    let program = std::env::current_exe().ok();
    let origin = Origin { spec: &bytes, program: program.as_deref() };
    if let Some(package) = std::path::absolute(job.spec).ok().as_deref().and_then(Path::parent) {
        found.extend(siblings::alike(&proven.cluster, package));
    }
    let report = produce(&proven, job, origin, &mut found);
    let report = report.map_err(|errors| found.extend(errors)).ok();
    Built { found, source, report, watched }
}

/// Makes the files of a proven cluster, under the lock of `out/`.
fn produce(
    proven: &Proven,
    job: Job<'_>,
    origin: Origin<'_>,
    found: &mut Diagnostics,
) -> Result<Report, Vec<Diagnostic>> {
    let failed = |error: Diagnostic| vec![error];
    let now = seconds(job.started);
    let out = Out::open(job.out, &[], wait).map_err(failed)?;
    if stamp::holds(&out, origin, now)
        && let Some(constants) = stamp::constants(&out).map_err(failed)?
    {
        write_if_changed(job.constants, &constants).map_err(failed)?;
        here::leave(&out, job.started).map_err(failed)?;
        return Ok(Report { unchanged: out.manifest().paths.len(), ..Report::default() });
    }
    let cluster = &proven.cluster;
    let last = last_version(&out).map_err(failed)?;
    let certified = match &cluster.tls {
        Some(tls) => Some(certify(proven, tls, &out, job)?),
        None => None,
    };
    let facts = certified.as_ref().map(|c| c.pki.facts()).unwrap_or_default();
    // A warning is to be said by every build, until there is no reason for it.
    let must_rerun = certified.as_ref().is_some_and(|certified| certified.must_rerun);
    let before = cluster.tls.as_ref().map_or(0, |tls| tls.renew_before.as_secs().cast_signed());
    let leaves = facts.iter().filter(|certificate| certificate.kind != Kind::Ca);
    let due = leaves.map(|leaf| leaf.not_after - before).min().unwrap_or(i64::MAX);
    let ca_pem = certified.as_ref().zip(cluster.tls.as_ref());
    let ca_pem = ca_pem.map(|(certified, tls)| certified.pki.bundle(&tls.clients.trust));
    let constants = constants::module(cluster, &facts, ca_pem.as_deref());
    let reissued = certified.as_ref().is_some_and(|certified| {
        let reasons = certified.pki.leaves().into_iter().filter_map(|leaf| leaf.reason.as_ref());
        reasons.into_iter().any(|reason| *reason != Reason::Missing)
    });
    let put_right =
        certified.as_ref().map(|certified| certified.pki.put_right.clone()).unwrap_or_default();
    let record = certified.as_ref();
    let record = record.map(|made| former::record(&made.pki, &proven.issuing));
    let (pki, kept, said) = match certified {
        Some(Certified { pki, kept, said, .. }) => (Some(pki), kept, said),
        None => (None, out.everything_of_cas().map_err(failed)?, Vec::new()),
    };
    found.extend(said);
    let mut output = render::render(cluster, pki, &constants);
    for file in kept {
        // A key that was encrypted just now is there already.
        output.keep_if_absent(&file);
    }
    let report = out.commit(&output, job.started).map_err(failed)?;
    here::leave(&out, job.started).map_err(failed)?;
    write_if_changed(job.constants, &constants).map_err(failed)?;
    if let Some(record) = record {
        former::leave(job.constants, out.path(), &record).map_err(failed)?;
    }
    let revokes = !proven.issuing.revoked.is_empty();
    let step = last.and_then(|last| upgrade(last, cluster.version, proven.version, Date(now)));
    found.extend(step);
    found.extend(rollout(cluster, &report, reissued, revokes, &put_right, Date(now)));
    found.extend(report.notices.iter().take(LINES).cloned());
    if let Some(more) = report.notices.len().checked_sub(LINES).filter(|more| *more > 0) {
        let message = format!("the same is true of {more} more files and folders in out/");
        found.push(Diagnostic::warning(message).help("see to the others first; then build again"));
    }
    if !must_rerun && report.notices.is_empty() {
        stamp::leave(&out, origin, now, due).map_err(failed)?;
    }
    Ok(report)
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::error(format!("cannot read {}: {error}", path.display())).help(
        "it describes the cluster; README.md of Bouquet shows one, its page on the spec every key",
    )
}

/// Reads at most a byte more than a spec may have, so that a mistaken path costs no memory.
#[expect(clippy::disallowed_methods, reason = "the spec is read here and nowhere else")]
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn wait(message: &str) {
    let _ = writeln!(io::stderr(), "{message}");
}
