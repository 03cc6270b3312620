//! Certificates: what is wanted, what is there, and what must be issued.
//!
//! ```text
//! existing ─ ca: plan, carry_out ─→ CAs ─ plan (check, history, external) ─→ Plan ─ issue ─→ Outcomes
//! ```
//!
//! Each folder is entered by its `mod.rs`, and knows none of those after it:
//! - `existing`: what is there, as bytes of files;
//! - `signer`: a CA, as far as certificates are held against it and signed by it;
//! - `clock`: whether the machine's time can be believed;
//! - `ca`: which CAs there are, and whether a change of them would cut someone off;
//! - `history`: what was issued before, and what of it is revoked;
//! - `check`: whether a certificate that is there can be kept;
//! - `external`: requests to external CAs, whose key is elsewhere, and their answers;
//! - `plan`: what is to be done about each certificate;
//! - `issue`: doing it.
//!
//! Pure but for random numbers: files are read and written, and the clock is asked, by the caller.

mod ca;
mod check;
mod clock;
mod context;
mod existing;
mod external;
mod fault;
mod history;
mod issue;
mod plan;
mod signer;

pub use ca::ca_common_name;
pub use check::Reason;
pub use clock::{Lag, Minute};
pub use context::{Context, LINES, Typed};
pub use existing::{
    Bundle, Existing, ExistingCa, ExistingRequest, Origin, Pair, Passphrase, Place, Retired, Slot,
};
pub use external::{FOLDER as REQUESTS, Requested, SIGNED_LIST, request_place};
pub use history::{LEDGER, read_ledger};
pub use issue::{Elsewhere, Leaf, Outcome};

use crate::issuing::Issuing;
use bouquet_lock::{Issued, Lock};
use bouquet_model::certificate::Certificate;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::{Chain, Constraints, ParsedCertificate, Secret};
use ca::{Authority, State};
use history::{History, Serials};
use signer::Signer;
use std::collections::BTreeSet;

/// Everything that certificates are made from.
#[derive(Debug)]
pub struct Inputs<'a> {
    /// The spec and the moment.
    pub context: Context<'a>,
    /// Every leaf that the cluster needs, with what is there of it.
    pub slots: Vec<Slot>,
    /// Every CA that the spec trusts, with what is there of it.
    pub authorities: Vec<ExistingCa>,
    /// Those in `pki/` that it does not trust.
    pub retired: Vec<Retired>,
    /// The files of trusted CAs, as they are there.
    pub bundles: Vec<Bundle>,
    /// What is known of the cluster from before.
    pub lock: Lock,
    /// Whether it tells of all that the last build here knew, and of more.
    pub lock_is_newer: bool,
    /// Whether a change of CA that is refused of those who are recorded is accepted by name.
    pub accepts_cas: bool,
    /// The lists of revoked certificates that are there, in DER.
    pub lists: Vec<Vec<u8>>,
    /// The bytes of [`SIGNED_LIST`], if it is there.
    pub signed_list: Option<Vec<u8>>,
    /// The passphrase for the CAs' keys.
    pub passphrase: Passphrase,
}

impl<'a> Inputs<'a> {
    /// Returns those of a build that knows nothing from before, and finds nothing but this.
    pub fn first(context: Context<'a>, slots: Vec<Slot>, authorities: Vec<ExistingCa>) -> Self {
        Self {
            context,
            slots,
            authorities,
            retired: Vec::new(),
            bundles: Vec::new(),
            lock: Lock::default(),
            lock_is_newer: false,
            accepts_cas: false,
            lists: Vec::new(),
            signed_list: None,
            passphrase: Passphrase::None,
        }
    }
}

/// Everything that belongs in `out/`.
#[derive(Debug)]
pub struct Pki {
    /// The CAs, in the order of their numbers.
    pub authorities: Vec<Ca>,
    /// The outcome for each wanted certificate, in their order.
    pub outcomes: Vec<Outcome>,
    /// What was issued, with what was issued just now.
    pub issued: Issued,
    /// The list of revoked certificates in DER, where members check one.
    pub list: Option<Vec<u8>>,
    /// The paths of copies of CAs that were damaged or replaced, and are written again.
    pub put_right: Vec<String>,
    /// Warnings for the operator; the next phase of a change of CA comes last.
    pub warnings: Vec<Diagnostic>,
}

/// A CA.
#[derive(Debug)]
pub struct Ca {
    /// Its number in the spec.
    pub number: u32,
    /// PEM: as it was found, or new, with the CAs over it.
    pub certificate: String,
    /// PEM: what others are given to trust, which is the uppermost of them.
    pub anchor: String,
    /// Whether it was made just now.
    pub is_new: bool,
    /// What its key's file is to hold, where the CA is new or its key was encrypted just now;
    /// otherwise the file stays as it is.
    ///
    /// Certificate and key must appear together and before any leaf, as by renaming a folder that
    /// holds both: one without the other is refused by the next build, which cannot know whether
    /// something depends on it.
    pub new_key: Option<Secret>,
    /// What is known of it.
    pub facts: Certificate,
    /// What is known of the anchor.
    pub anchor_facts: Certificate,
    /// What it, and those over it, are limited to.
    pub limits: Vec<Constraints>,
}

impl Pki {
    /// Returns the content of a file that trusts those CAs.
    pub fn bundle(&self, trust: &[u32]) -> String {
        let trusted = self.authorities.iter().filter(|ca| trust.contains(&ca.number));
        trusted.map(|ca| ca.anchor.as_str()).collect()
    }

    /// Returns what is known of every certificate that is there to be handed out, those to trust
    /// first.
    pub fn facts(&self) -> Vec<Certificate> {
        let authorities = self.authorities.iter().map(|ca| &ca.anchor_facts);
        authorities.chain(self.outcomes.iter().filter_map(Outcome::facts)).cloned().collect()
    }

    /// Returns the leaves that are there, kept or new.
    pub fn leaves(&self) -> Vec<&Leaf> {
        self.outcomes.iter().filter_map(Outcome::leaf).collect()
    }

    /// Returns the leaves that took the place of one that was there, or had been.
    pub fn reissued(&self) -> Vec<&Leaf> {
        self.leaves().into_iter().filter(|leaf| leaf.is_again()).collect()
    }

    /// Returns what has to be signed elsewhere.
    pub fn requested(&self) -> Vec<&Requested> {
        self.outcomes.iter().filter_map(Outcome::requested).collect()
    }
}

/// Keeps the certificates that are good and issues the others.
///
/// # Errors
/// Everything that is wrong with the CAs or with what is wanted, and a change of CA that would cut
/// someone off. Nothing was issued then.
pub fn certify(inputs: Inputs<'_>) -> Result<Pki, Vec<Diagnostic>> {
    let Inputs { mut context, slots, authorities, retired, bundles, lock, lists, .. } = inputs;
    let Lock { identity, mut issued, recorded } = lock;
    let excused = if inputs.accepts_cas { ca::owners(&recorded) } else { BTreeSet::new() };
    let alone = |error| vec![error];

    let judged = clock::judge(&authorities, &slots, &issued, &context);
    let (now, behind) = judged.map_err(alone)?;
    context.now = now;
    let Context { tls, issuing, now, out: _, typed: _, locked: _ } = context;
    let mut errors = issue::impossible_names(&slots);
    let (authorities, restored) = ca::recorded(authorities, &identity, &context)?;
    let cas = ca::plan(authorities, &slots, &retired, &inputs.passphrase, &context);
    let cas = match cas {
        Ok(cas) if errors.is_empty() => ca::carry_out(cas, &slots, &context)?,
        cas => {
            errors.extend(cas.err().into_iter().flatten());
            return Err(errors);
        }
    };
    let (authorities, slots) = (cas.as_slice(), slots.as_slice());
    // A colleague's build has written others since. The lock does not tell the two sides apart.
    let are_older = inputs.lock_is_newer && tls.peers == tls.clients;
    let here = if are_older { &[] } else { bundles.as_slice() };
    let elsewhere = ca::given(here, slots, &identity, &issued);
    let ca::Copies { sound: mut bundles, damaged } =
        ca::sort_copies(bundles, authorities, &retired, slots);
    if are_older {
        bundles.clear();
    }
    bundles.extend(elsewhere);
    let bundles = ca::as_recorded(bundles, &recorded, &identity);
    let (retired, bundles) = (retired.as_slice(), bundles.as_slice());
    let (so_far, excused, issuers) = (&issued, &excused, ca::issuers(&recorded, &issued));
    let state =
        State { context, authorities, slots, retired, bundles, issued: so_far, excused, issuers };
    // After it is known whose they are: of a foreign CA, its limits are not what is wrong.
    state.check()?;
    let next = state.next();
    let forbidden = ca::forbidden(authorities, slots, &context);
    if !forbidden.is_empty() {
        return Err(forbidden);
    }

    let issuer = |leaf: &ParsedCertificate<'_>| {
        let ca = authorities.iter().find(|ca| ca.signer.signed(leaf));
        ca.map(|ca| ca.signer.number)
    };
    if issued.is_empty() || !issuing.revoked.is_empty() {
        history::learn(&mut issued, slots, issuer);
    }
    let revocations = history::resolve(&issuing.revoked, &issued, &lists, now);
    let history = History { issued: &issued, revoked: &revocations.serials };
    let plan = plan::plan(slots, authorities, history, &context)?;
    let outcomes = issue::carry_out(&plan, &issued, &context)?;
    let list = tls.crl.then(|| {
        let ca = ca::signer(authorities, tls.clients.issue)?;
        let signed = inputs.signed_list.as_deref();
        list_of(&revocations.serials, ca, signed, &lists, &context)
    });
    let list = list.transpose().map_err(alone)?;

    let leaves = || outcomes.iter().filter_map(Outcome::leaf);
    let new = leaves().filter(|leaf| leaf.reason.is_some() && !leaf.answered);
    let ends: Vec<i64> = new.map(|leaf| leaf.facts.not_after).collect();
    let requested: Vec<_> = outcomes.iter().filter_map(Outcome::requested).collect();
    let mut warnings = ca::warnings(authorities, &ends, &context);
    warnings.extend(behind);
    warnings.extend(clock::ahead(&outcomes, now));
    warnings.extend(restored);
    warnings.extend(ca::put_right(&damaged, &context));
    warnings.extend(revocations.unknown);
    warnings.extend(issue::not_here(&outcomes, &context));
    warnings.extend(issue::due(&outcomes));
    let waiting = |ca: &Authority| external::waiting(&ca.signer, &requested, &context);
    warnings.extend(authorities.iter().flat_map(waiting));
    warnings.extend(ca::unheeded(authorities, &context));
    warnings.extend(ca::misread(authorities, slots));
    warnings.extend(next);

    let replaced =
        slots.iter().zip(&outcomes).filter(|(_, it)| it.leaf().is_some_and(Leaf::is_again));
    history::learn(&mut issued, replaced.map(|(slot, _)| slot), issuer);
    let edited = issue::enter(&mut issued, leaves(), &context);
    if !edited.is_empty() {
        return Err(edited);
    }
    issued.forget_expired(now);
    let authorities = cas.into_iter().map(Ca::from).collect();
    Ok(Pki { authorities, outcomes, issued, list, put_right: damaged, warnings })
}

/// Returns the list of revoked certificates that this CA signs, or has `signed` elsewhere.
fn list_of(
    revoked: &Serials,
    ca: &Signer,
    signed: Option<&[u8]>,
    lists: &[Vec<u8>],
    context: &Context<'_>,
) -> Result<Vec<u8>, Diagnostic> {
    if ca.is_external() {
        external::list(revoked, signed, lists, ca, context)
    } else {
        issue::list(revoked, lists, ca, context)
    }
}

/// Returns the serial numbers that are revoked, as far as cluster.toml and the lock tell.
pub fn revoked(issuing: &Issuing, issued: &Issued, now: i64) -> BTreeSet<String> {
    history::resolve(&issuing.revoked, issued, &[], now).serials.into_keys().collect()
}

impl From<Authority> for Ca {
    fn from(ca: Authority) -> Self {
        let Authority { signer, file, is_new, new_key, .. } = ca;
        let (number, facts) = (signer.number, signer.facts);
        let Chain { anchor, anchor_facts, constraints: limits, .. } = signer.chain;
        Self { number, certificate: file, anchor, is_new, new_key, facts, anchor_facts, limits }
    }
}
