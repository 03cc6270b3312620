//! The build step as a whole: read, prove, decide, render, commit, say.

use super::seal::{self, Origin};
use super::{Failure, Notice, Out, Report, watch, write_if_changed};
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Style};
use crate::output::OutPath;
use crate::pki::{self, CaFound, Decision, Pki, PkiError, Reason};
use crate::spec::LARGEST;
use crate::{constants, prove, render};
use bouquet_model::certificate::{Certificate, Kind, Wanted, wanted};
use bouquet_model::cluster::{Cluster, Tls};
use bouquet_model::time::Date;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

/// More lines than this about one matter are summed up: cargo shows every one of them, in every
/// build.
const LINES: usize = 20;

/// What a build is made from and where it goes.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// `cluster.toml`.
    pub spec: &'a Path,
    /// The folder of certificates and artifacts.
    pub out: &'a Path,
    /// The generated module.
    pub constants: &'a Path,
    /// When the build began.
    pub started: SystemTime,
}

/// What a build did, if it did anything.
#[derive(Debug)]
pub struct Built {
    /// Errors and warnings.
    pub found: Diagnostics,
    /// The text that they point into.
    pub source: String,
    /// What became of `out/`; `None` where an error kept it as it was.
    pub report: Option<Report>,
}

/// The whole of a `build.rs`: `bouquet_compile::cargo::run("cluster.toml", "out")`.
///
/// Paths are relative to the package. Says in cargo's own terms on stdout what is worth a warning.
/// Where there is an error, all that was found is on stderr alone, with its places, and the build
/// fails: cargo then shows stderr, and whatever is on stdout besides, so that an error that was
/// also a `cargo::error` would be there three times. It needs no watched paths then either, as it
/// runs a script that failed again.
#[expect(clippy::disallowed_methods, reason = "cargo says by its environment where to write")]
#[expect(clippy::print_stdout, reason = "cargo listens on stdout")]
pub fn run(spec: &str, out: &str) -> ExitCode {
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
    for (_, warning) in built.found.one_lines(source) {
        println!("cargo::warning={warning}");
    }
    ExitCode::SUCCESS
}

/// One build: proves the spec, issues what is due, writes what differs.
///
/// `out` is as it was before unless there is a report.
pub fn build(job: Job<'_>) -> Built {
    let mut found = Diagnostics::new();
    let built = |source, found, report| Built { found, source, report };
    let bytes = match read(job.spec) {
        Ok(bytes) => bytes,
        Err(error) => {
            found.push(unreadable(job.spec, &error));
            return built(String::new(), found, None);
        }
    };
    let (cluster, proven) = prove(&bytes);
    found.append(proven);
    let source = String::from_utf8_lossy(&bytes).into_owned();
    let Some(cluster) = cluster else { return built(source, found, None) };
    let program = std::env::current_exe().ok();
    let origin = Origin { spec: &bytes, program: program.as_deref() };
    match produce(&cluster, job, origin, &mut found) {
        Ok(report) => built(source, found, Some(report)),
        Err(errors) => {
            found.extend(errors);
            built(source, found, None)
        }
    }
}

/// From the proven cluster to the files, under the lock of `out/`.
fn produce(
    cluster: &Cluster,
    job: Job<'_>,
    origin: Origin<'_>,
    found: &mut Diagnostics,
) -> Result<Report, Vec<Diagnostic>> {
    let failed = |failure: Failure| vec![broken(&failure)];
    let now = seconds(job.started);
    let out = Out::open(job.out, wait).map_err(failed)?;
    if seal::holds(&out, origin, now)
        && let Some(constants) = seal::constants(&out).map_err(failed)?
    {
        write_if_changed(job.constants, &constants).map_err(failed)?;
        return Ok(Report { unchanged: out.manifest().paths.len(), ..Report::default() });
    }
    let wanted = wanted(cluster);
    let pki = match &cluster.tls {
        Some(tls) => Some(certify(cluster, tls, &wanted, &out, job)?),
        None => None,
    };
    let facts: Vec<Certificate> = pki.iter().flat_map(facts).collect();
    if let Some(pki) = &pki {
        let warnings = pki.warnings.iter().map(|warning| advise(Diagnostic::warning, warning));
        found.extend(warnings.chain(issued(pki, &wanted, job.out, Date(now))));
    }
    // A warning is to be said by every build, until there is no reason for it.
    let calm = pki.as_ref().is_none_or(|pki| pki.warnings.is_empty());
    let before = cluster.tls.as_ref().map_or(0, |tls| tls.renew_before.as_secs().cast_signed());
    let leaves = facts.iter().filter(|certificate| certificate.kind != Kind::Ca);
    let due = leaves.map(|leaf| leaf.not_after - before).min().unwrap_or(i64::MAX);
    let has_key = job.out.join("pki/ca.key").exists();
    let constants = constants::module(cluster, &facts);
    let mut output = render::render(cluster, pki, &constants);
    if has_key {
        output.keep("pki/ca.key");
    }
    let report = out.commit(&output, job.started).map_err(failed)?;
    write_if_changed(job.constants, &constants).map_err(failed)?;
    found.extend(report.notices.iter().take(LINES).map(notice));
    if let Some(more) = report.notices.len().checked_sub(LINES).filter(|more| *more > 0) {
        let message = format!("the same is true of {more} more files and folders in out/");
        found.push(Diagnostic::warning(message).help("see to the others first; then build again"));
    }
    if calm && report.notices.is_empty() {
        seal::leave(&out, origin, now, due).map_err(failed)?;
    }
    Ok(report)
}

fn certify(
    cluster: &Cluster,
    tls: &Tls,
    wanted: &[Wanted],
    out: &Out,
    job: Job<'_>,
) -> Result<Pki, Vec<Diagnostic>> {
    let places = wanted.iter().flat_map(|w| w.places.iter().map(String::as_str));
    let mut existing = out.read(places).map_err(|failure| vec![broken(&failure)])?;
    let mut take = |place: &String| existing.leaves.remove(place).unwrap_or_default();
    let found = wanted.iter().map(|w| w.places.iter().map(&mut take).collect()).collect();
    let as_errors = |errors: Vec<PkiError>| {
        errors.iter().map(|error| advise(Diagnostic::error, error)).collect::<Vec<_>>()
    };
    let name = pki::ca_common_name(&cluster.token).map_err(|error| as_errors(vec![error]))?;
    pki::certify(pki::Request {
        wanted,
        found,
        ca: CaFound {
            certificate: existing.ca.certificate,
            key: existing.ca.key,
            expected: existing.trace.is_some(),
        },
        ca_common_name: &name,
        tls,
        now: seconds(job.started),
        out: &job.out.display().to_string(),
    })
    .map_err(as_errors)
}

fn facts(pki: &Pki) -> impl Iterator<Item = Certificate> {
    std::iter::once(pki.ca.facts.clone()).chain(pki.leaves.iter().map(|leaf| leaf.facts.clone()))
}

/// What is worth saying of the certificates: that there is a new CA, and which certificates had to
/// be replaced. One that is simply new goes without saying.
///
/// The date is there because cargo repeats the words of a build until the next one.
fn issued(pki: &Pki, wanted: &[Wanted], out: &Path, day: Date) -> Vec<Diagnostic> {
    let mut said = Vec::new();
    if pki.ca.minted.is_some() {
        let key = out.join("pki/ca.key");
        said.push(
            Diagnostic::warning(format!(
                "made a certificate authority on {day}: {}",
                pki.ca.facts.common_name
            ))
            .help(format!("back up `{}`, and let nobody else read it", key.display())),
        );
    }
    let replaced: Vec<_> = wanted
        .iter()
        .zip(&pki.leaves)
        .filter_map(|(wanted, leaf)| match &leaf.decision {
            Decision::Keep | Decision::Issue(Reason::Missing) => None,
            Decision::Issue(reason) => Some((wanted, reason)),
        })
        .collect();
    for (wanted, reason) in replaced.iter().take(LINES) {
        let place = out.join(wanted.places.first().map_or("", String::as_str));
        said.push(Diagnostic::warning(format!(
            "issued {}.crt anew on {day}: {reason}",
            place.display()
        )));
    }
    if let Some(more) = replaced.len().checked_sub(LINES).filter(|more| *more > 0) {
        said.push(Diagnostic::warning(format!("issued {more} more certificates anew on {day}")));
    }
    said
}

fn advise(kind: impl Fn(String) -> Diagnostic, error: &PkiError) -> Diagnostic {
    error.help.iter().fold(kind(error.message.clone()), |d, line| d.help(line.clone()))
}

fn broken(failure: &Failure) -> Diagnostic {
    Diagnostic::error(failure.to_string()).help(failure.help())
}

fn notice(notice: &Notice) -> Diagnostic {
    Diagnostic::warning(notice.to_string()).help(notice.help())
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::error(format!("cannot read {}: {error}", path.display()))
        .help("it describes the cluster; docs/spec.md explains it, and examples/ has several")
}

/// At most a byte more than a spec may have, so that a mistaken path costs no memory.
#[expect(clippy::disallowed_methods, reason = "the spec is read here and nowhere else")]
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn wait(message: &str) {
    let _ = writeln!(io::stderr(), "{message}");
}

fn seconds(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// The files that a build wrote, by their path below `out/`.
impl Built {
    /// The files that are new or changed.
    pub fn written(&self) -> &[OutPath] {
        self.report.as_ref().map_or(&[], |report| &report.written)
    }
}
