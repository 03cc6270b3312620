//! The certificates of a build: what is there is read, what is due is issued, and what was done is
//! put into words.

use super::existing::{clock, external, files, passphrase};
use super::job::{Job, seconds};
use super::log;
use crate::check::Proven;
use crate::diagnostic::Diagnostics;
use crate::pki::{
    self, Bundle, Ca, Context, Existing, ExistingCa, Inputs, Leaf, Pki, Place, Reason, Retired,
    Slot, Typed,
};
use bouquet_lock::{Issued, Lock};
use bouquet_model::certificate::{Wanted, wanted};
use bouquet_model::cluster::{Cluster, Tls};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::settings::crl_place;
use bouquet_model::time::Date;
use bouquet_model::trust::ca_place;
use bouquet_model::trust_file::earlier_trust_files;
use bouquet_outdir::Out;
use std::path::Path;

/// The certificates of a cluster, and what is worth saying of them.
pub(super) struct Certified {
    /// `None` where TLS is off.
    pub(super) pki: Option<Pki>,
    /// Every certificate that was issued, to be written into the lock.
    pub(super) issued: Issued,
    /// Files of CAs that stay as they are, whether or not they are trusted any more.
    pub(super) kept: Vec<String>,
    pub(super) said: Vec<Diagnostic>,
}

/// Keeps the certificates that are good and issues the others. Without TLS there are none, and all
/// that there is of CAs stays.
pub(super) fn certify(
    proven: &Proven,
    (lock, lock_is_newer): (Lock, bool),
    accepts_cas: bool,
    out: &Out,
    (job, typed): (Job<'_>, Typed<'_>),
) -> Result<Certified, Diagnostics> {
    let Some(tls) = &proven.cluster.tls else {
        let kept = files::everything_of_cas(out)?;
        return Ok(Certified { pki: None, issued: lock.issued, kept, said: Vec::new() });
    };
    let (spec, shown, now) = (job.spec, job.out, seconds(job.started));
    let Proven { cluster, issuing, .. } = proven;
    let behind = clock::behind_program(now)?;
    let authorities = authorities(proven, tls, out, spec)?;
    let numbers = files::authorities(out)?.into_iter();
    let retired: Vec<u32> = numbers.filter(|number| !tls.authorities().contains(number)).collect();
    let bundles = bundles(cluster, out)?;
    // Peers may have CA 2 from the first day on, but then there is CA 1 as well.
    let is_first = bundles.is_empty()
        && !tls.authorities().contains(&1)
        && lock.identity.authorities.is_empty();
    let (passphrase, weak) = passphrase(issuing, spec)?;
    let mut pki = pki::certify(Inputs {
        context: Context {
            tls,
            issuing,
            now,
            locked: job.asked.locked,
            out: &shown.display().to_string(),
            typed,
        },
        slots: slots(cluster, out)?,
        authorities,
        retired: certificates(out, &retired)?,
        bundles,
        lock,
        lock_is_newer,
        accepts_cas,
        lists: lists(cluster, out)?,
        signed_list: out.read_file(pki::SIGNED_LIST)?,
        passphrase,
    })?;
    let mut said = pki.warnings.clone();
    said.extend(retired.iter().filter_map(|number| destroy(out, *number, shown)));
    said.extend(behind);
    said.extend(weak);
    said.extend(external::exposed(issuing, spec));
    said.extend(
        pki.authorities.iter().filter(|ca| is_first && ca.is_new).filter_map(out_of_nowhere),
    );
    said.extend(done(&pki, shown, Date(now)));
    let kept = files::kept(out, &retired)?;
    let issued = std::mem::take(&mut pki.issued);
    Ok(Certified { pki: Some(pki), issued, kept, said })
}

/// Returns every CA that the spec trusts, with what is there of it.
fn authorities(
    proven: &Proven,
    tls: &Tls,
    out: &Out,
    spec: &Path,
) -> Result<Vec<ExistingCa>, Diagnostics> {
    let Proven { cluster, issuing, .. } = proven;
    let mut all = Vec::new();
    for number in tls.authorities() {
        let source = issuing.sources.iter().find(|source| source.number == number);
        let external = source.map(|source| external::read(source, spec)).transpose()?.flatten();
        all.push(if let Some(external) = external {
            external
        } else {
            let name = pki::ca_common_name(&cluster.token)?;
            minted(out, number, name)?
        });
    }
    if all.iter().all(|ca| ca.pair.certificate.is_none()) {
        let trace = files::trace(out)?.is_some();
        for ca in all.iter_mut().filter(|ca| ca.number == 1) {
            ca.expected |= trace;
        }
    }
    Ok(all)
}

/// Returns every certificate that the cluster needs, with what is there of it.
fn slots(cluster: &Cluster, out: &Out) -> Result<Vec<Slot>, Diagnostic> {
    let wanted = wanted(cluster);
    let places = wanted.iter().flat_map(|w| w.places.iter().map(String::as_str));
    let mut pairs = files::pairs(out, places)?;
    let mut requests = files::requests(out, &wanted)?;
    let slot = |wanted: Wanted| {
        let request = requests.remove(&pki::request_place(&wanted)).unwrap_or_default();
        let place = |path: &String| Some(Place { path: path.clone(), pair: pairs.remove(path)? });
        let places = wanted.places.iter().filter_map(place).collect();
        Slot { wanted, existing: Existing { places, request } }
    };
    Ok(wanted.into_iter().map(slot).collect())
}

/// Returns the CAs that everybody was given by the last build.
fn bundles(cluster: &Cluster, out: &Out) -> Result<Vec<Bundle>, Diagnostic> {
    let mut bundles = Vec::new();
    for (side, paths) in earlier_trust_files(cluster) {
        for path in paths {
            if let Some(content) = out.read_file(&path)? {
                bundles.push(Bundle { side, path, content });
                break;
            }
        }
    }
    Ok(bundles)
}

/// Returns the lists of revoked certificates that members were given.
fn lists(cluster: &Cluster, out: &Out) -> Result<Vec<Vec<u8>>, Diagnostic> {
    let mut lists: Vec<Vec<u8>> = Vec::new();
    for member in cluster.members.iter() {
        let found = out.read_file(&crl_place(member))?;
        // All members have the same one.
        lists.extend(found.filter(|list| !lists.contains(list)));
    }
    Ok(lists)
}

/// Returns what is there of a CA that the build makes itself.
fn minted(out: &Out, number: u32, common_name: String) -> Result<ExistingCa, Diagnostic> {
    let place = ca_place(number);
    let pair = files::pair(out, &place)?;
    let expected = pair.certificate.is_none() && files::was_written(out, &place);
    Ok(ExistingCa { pair, expected, ..ExistingCa::none(number, common_name) })
}

/// Returns the certificates of CAs that are there.
fn certificates(out: &Out, numbers: &[u32]) -> Result<Vec<Retired>, Diagnostic> {
    let mut all = Vec::new();
    for number in numbers {
        let found = out.read_file(&format!("{}.crt", ca_place(*number)))?;
        all.extend(found.map(|certificate| Retired { number: *number, certificate }));
    }
    Ok(all)
}

/// Warns that a later CA is made although nothing tells of an earlier one: perhaps `out/` is somewhere else.
fn out_of_nowhere(ca: &Ca) -> Option<Diagnostic> {
    let number = ca.number;
    (number > 1).then(|| {
        Diagnostic::warning(format!(
            "cluster.toml names CA {number}, and `out/` had none: it was made just now"
        ))
        .help("if this cluster runs already, bring the `out/` of its last build here instead")
    })
}

/// Asks for the key of a CA that is no longer trusted to be destroyed: it can do harm, and no good.
fn destroy(out: &Out, number: u32, shown: &Path) -> Option<Diagnostic> {
    let key = shown.join(format!("{}.key", ca_place(number)));
    files::has_key(out, number).then(|| {
        Diagnostic::warning(format!("CA {number} is no longer trusted, and its key still exists"))
            .help("once every member was restarted with its new files, nothing needs it")
            .help(format!("then destroy it, with its backups: `shred -u {}`", key.display()))
    })
}

/// Returns what is worth saying of what was done: that there is a new CA, and which certificates
/// had to be replaced. A certificate that is simply new goes without saying.
///
/// The date is there because cargo repeats the words of a build until the next one.
fn done(pki: &Pki, out: &Path, day: Date) -> Vec<Diagnostic> {
    let mut said = Vec::new();
    for ca in pki.authorities.iter().filter(|ca| ca.is_new) {
        let key = out.join(format!("{}.key", ca_place(ca.number)));
        let name = &ca.facts.common_name;
        let made = Diagnostic::warning(format!("made a certificate authority on {day}: {name}"))
            .help(format!("back up `{}`, and let nobody else read it", key.display()))
            .help("commit cluster.lock: it tells every clone which CA this cluster has");
        let is_limited = |ca: &Ca| !ca.limits.is_empty();
        let mut limits = ca.limits.iter().map(|limits| format!("it can certify {limits} alone"));
        let limits = limits.next_back().or_else(|| {
            let others = pki.authorities.iter().any(|other| !other.is_new && is_limited(other));
            others.then(|| {
                "unlike the one before, it is not limited: `name-constraints` under [ca] is for \
                 new CAs"
                    .to_owned()
            })
        });
        said.push(match limits {
            Some(limits) => made.help(limits),
            None => made,
        });
    }
    for ca in pki.authorities.iter().filter(|ca| !ca.is_new && ca.new_key.is_some()) {
        let key = out.join(format!("{}.key", ca_place(ca.number)));
        said.push(
            Diagnostic::warning(format!("encrypted `{}` on {day}", key.display()))
                .help("its backups are still in clear: encrypt or destroy them too"),
        );
    }
    said.extend(reissued(pki, out, day));
    said
}

/// Says in one line what took the place of another one; the log names each.
fn reissued(pki: &Pki, out: &Path, day: Date) -> Option<Diagnostic> {
    let replaced = pki.reissued();
    let Leaf { wanted, reason, .. } = replaced.first()?;
    let place = out.join(wanted.places.first().map_or("", String::as_str));
    let reason = reason.iter().map(ToString::to_string).collect::<String>();
    let said = match replaced.len() {
        1 => Diagnostic::warning(format!("reissued {}.crt on {day}: {reason}", place.display())),
        count => Diagnostic::warning(format!(
            "reissued {count} certificates on {day}, such as {}.crt: {reason}",
            place.display()
        ))
        .help(format!("`{}` names each, and why", out.join(log::SHOWN).display())),
    };
    let is_lost = replaced.iter().any(|leaf| leaf.reason == Some(Reason::Lost));
    Some(if is_lost {
        said.help(
            "one that another clone has comes by `BOUQUET_WRITE=0 cargo run -- secrets import < FILE`, \
             before a build that writes",
        )
    } else {
        said
    })
}
