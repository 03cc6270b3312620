//! The certificates of a build: what is there is read, what is due is issued, and what was done is
//! put into words.

use crate::check::Proven;
use crate::diagnostic::Diagnostic;
use crate::external;
use crate::issuing::Issuing;
use crate::job::{Job, seconds};
use crate::outdir::Out;
use crate::pki::{self, Bundle, Ca, CaFound, Decision, Found, Pki, PkiError, Reason, Retired};
use bouquet_model::certificate::{Wanted, wanted};
use bouquet_model::cluster::{Cluster, Tls};
use bouquet_model::settings::crl_place;
use bouquet_model::time::Date;
use bouquet_model::trust::{ca_place, earlier_trust_files};
use std::path::Path;

/// More lines than this about one matter are summed up: cargo shows every one of them, in every
/// build.
pub(crate) const LINES: usize = 20;

/// The certificates of a cluster, and what is worth saying of them.
pub(crate) struct Certified {
    pub(super) pki: Pki,
    /// Files of CAs that stay as they are, whether or not they are trusted any more.
    pub(super) kept: Vec<String>,
    pub(super) said: Vec<Diagnostic>,
    /// Whether the next build has to say something of it again.
    pub(super) restless: bool,
}

/// Keeps the certificates that are good and issues the others.
pub(crate) fn certify(
    proven: &Proven,
    tls: &Tls,
    out: &Out,
    job: Job<'_>,
) -> Result<Certified, Vec<Diagnostic>> {
    let failed = |error: Diagnostic| vec![error];
    let Proven { cluster, issuing } = proven;
    let wanted = wanted(cluster);
    let places = wanted.iter().flat_map(|w| w.places.iter().map(String::as_str));
    let mut leaves = out.read(places).map_err(failed)?;
    let mut take = |place: &String| leaves.remove(place).unwrap_or_default();
    let found = wanted.iter().map(|w| w.places.iter().map(&mut take).collect()).collect();
    let bundles = bundles(cluster, out).map_err(failed)?;
    let numbers = out.authorities().map_err(failed)?;
    let mut authorities = Vec::new();
    for number in tls.authorities() {
        let source = issuing.sources.iter().find(|source| source.number == number);
        let own = source.map(|source| external::read(source, job.spec)).transpose()?.flatten();
        let pin = source.and_then(|source| source.fingerprint);
        let pin = pin.or(issuing.fingerprint.filter(|_| number == tls.clients.issue));
        let name = pki::ca_common_name(&cluster.token)
            .map_err(|error| vec![advise(Diagnostic::error, &error)])?;
        authorities.push(match own {
            Some(own) => CaFound { pin, ..own },
            None => CaFound { pin, ..minted(out, number, name).map_err(failed)? },
        });
    }
    if authorities.iter().all(|ca| ca.certificate.is_none()) {
        let trace = out.trace().map_err(failed)?.is_some();
        for ca in authorities.iter_mut().filter(|ca| ca.number == 1) {
            ca.expected |= trace;
        }
    }
    let retired: Vec<u32> =
        numbers.iter().copied().filter(|number| !tls.authorities().contains(number)).collect();
    // Peers may have CA 2 from the first day on, but then there is CA 1 as well.
    let is_first = bundles.is_empty() && !tls.authorities().contains(&1);
    let pki = pki::certify(pki::Request {
        wanted: &wanted,
        found,
        retired: certificates(out, &retired).map_err(failed)?,
        requests: out.requests(&wanted).map_err(failed)?,
        authorities,
        bundles,
        ledger: out.read_file(pki::LEDGER).map_err(failed)?,
        lists: lists(cluster, out).map_err(failed)?,
        signed_list: out.read_file(pki::SIGNED_LIST).map_err(failed)?,
        issuing,
        tls,
        passphrase: external::passphrase(issuing.passphrase.as_ref(), job.spec)?,
        now: seconds(job.started),
        out: &job.out.display().to_string(),
    })
    .map_err(|errors| errors.iter().map(|e| advise(Diagnostic::error, e)).collect::<Vec<_>>())?;
    let mut said: Vec<_> = pki.warnings.iter().map(|w| advise(Diagnostic::warning, w)).collect();
    said.extend(retired.iter().filter_map(|number| destroy(out, *number, job.out)));
    said.extend(external::exposed(issuing, job.spec));
    let restless = !said.is_empty() || !issuing.sources.is_empty();
    said.extend(
        pki.authorities.iter().filter(|ca| is_first && ca.is_new).filter_map(out_of_nowhere),
    );
    said.extend(done(&pki, issuing, &wanted, job.out, Date(seconds(job.started))));
    let kept = out.kept(&retired).map_err(failed)?;
    Ok(Certified { pki, kept, said, restless })
}

/// The CAs that everybody was given by the last build.
fn bundles(cluster: &Cluster, out: &Out) -> Result<Vec<Bundle>, Diagnostic> {
    let mut bundles = Vec::new();
    for (side, paths) in earlier_trust_files(cluster) {
        for path in paths {
            if let Some(found) = out.read_file(&path)? {
                bundles.push(Bundle { side, path, found });
                break;
            }
        }
    }
    Ok(bundles)
}

/// The lists of revoked certificates that members were given.
fn lists(cluster: &Cluster, out: &Out) -> Result<Vec<Vec<u8>>, Diagnostic> {
    let mut lists: Vec<Vec<u8>> = Vec::new();
    for member in cluster.members.iter() {
        let found = out.read_file(&crl_place(member))?;
        // All members have the same one.
        lists.extend(found.filter(|list| !lists.contains(list)));
    }
    Ok(lists)
}

/// What is there of a CA that the build makes itself.
fn minted(out: &Out, number: u32, common_name: String) -> Result<CaFound, Diagnostic> {
    let place = ca_place(number);
    let Found { certificate, key } = out.read_pair(&place)?;
    let expected = certificate.is_none() && out.lists(&place);
    Ok(CaFound { certificate, key, expected, ..CaFound::none(number, common_name) })
}

/// Those of CAs that are there.
fn certificates(out: &Out, numbers: &[u32]) -> Result<Vec<Retired>, Diagnostic> {
    let mut all = Vec::new();
    for number in numbers {
        let found = out.read_file(&format!("{}.crt", ca_place(*number)))?;
        all.extend(found.map(|certificate| Retired { number: *number, certificate }));
    }
    Ok(all)
}

/// A later CA is made although nothing tells of an earlier one: perhaps `out/` is somewhere else.
fn out_of_nowhere(ca: &Ca) -> Option<Diagnostic> {
    let number = ca.number;
    (number > 1).then(|| {
        Diagnostic::warning(format!(
            "cluster.toml tells of CA {number}, and `out/` knew of none: it was made just now"
        ))
        .help("if this cluster runs already, bring the `out/` of its last build here instead")
    })
}

/// A CA that is trusted no more can do harm, and no good.
fn destroy(out: &Out, number: u32, shown: &Path) -> Option<Diagnostic> {
    let key = shown.join(format!("{}.key", ca_place(number)));
    out.has_key(number).then(|| {
        Diagnostic::warning(format!("CA {number} is trusted no more, and its key still exists"))
            .help("once every member was restarted with its new files, nothing needs it")
            .help(format!("then destroy it, with its backups: `shred -u {}`", key.display()))
    })
}

/// What is worth saying of what was done: that there is a new CA, and which certificates had to be
/// replaced. A certificate that is simply new goes without saying.
///
/// The date is there because cargo repeats the words of a build until the next one.
fn done(pki: &Pki, issuing: &Issuing, wanted: &[Wanted], out: &Path, day: Date) -> Vec<Diagnostic> {
    let mut said = Vec::new();
    for ca in pki.authorities.iter().filter(|ca| ca.is_new) {
        let key = out.join(format!("{}.key", ca_place(ca.number)));
        let name = &ca.facts.common_name;
        let made = Diagnostic::warning(format!("made a certificate authority on {day}: {name}"))
            .help(format!("back up `{}`, and let nobody else read it", key.display()));
        said.push(if issuing.name_constraints && issuing.permit.is_empty() {
            made.help(
                "it vouches for no other names than cluster.toml has now: see `permit` under [ca]",
            )
        } else {
            made
        });
    }
    for ca in pki.authorities.iter().filter(|ca| !ca.is_new && ca.new_key.is_some()) {
        let key = out.join(format!("{}.key", ca_place(ca.number)));
        said.push(
            Diagnostic::warning(format!("encrypted `{}` on {day}", key.display()))
                .help("its backups are still in clear: encrypt or destroy them too"),
        );
    }
    let replaced: Vec<_> = pki
        .leaves
        .iter()
        .filter_map(|leaf| match &leaf.decision {
            Decision::Keep | Decision::Issue(Reason::Missing) => None,
            Decision::Issue(reason) => Some((&wanted[leaf.of], reason)),
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
