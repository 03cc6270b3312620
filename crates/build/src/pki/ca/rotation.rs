//! Changing over from one CA to another: which steps are safe, and which one is next.
//!
//! Everybody has to trust a CA before anything is shown that it issued, and nothing may be shown
//! any more that it issued once it is no longer trusted. What is recorded of a member or client stands for
//! what it trusts and shows. Of others, `out/`, as the last build left it, stands for what they have, and
//! `cluster.lock` for what `out/` does not tell: after an import of keys it has no files of CAs yet, and it
//! may be older than what a colleague rolled out.

use super::authority::Authority;
use super::foreign;
use super::machines::{is_of, owner};
use crate::issuing::CaSpans;
use crate::pki::context::Context;
use crate::pki::existing::{Bundle, Retired, Slot};
use bouquet_lock::Issued;
use bouquet_model::certificate::{Kind, Wanted};
use bouquet_model::diagnostic::{Diagnostic, Span};
use bouquet_model::trust::{Side, Trust};
use bouquet_x509::{ParsedCertificate, fingerprint, pem};
use std::collections::{BTreeMap, BTreeSet};

/// `out/` as the last build left it, and what this one has.
pub(in crate::pki) struct State<'a> {
    pub(in crate::pki) context: Context<'a>,
    pub(in crate::pki) authorities: &'a [Authority],
    pub(in crate::pki) retired: &'a [Retired],
    pub(in crate::pki) bundles: &'a [Bundle],
    pub(in crate::pki) slots: &'a [Slot],
    pub(in crate::pki) issued: &'a Issued,
    /// The folders of those whose step is accepted by name: it is not held against them.
    pub(in crate::pki) excused: &'a BTreeSet<String>,
    /// The CAs of the certificates that machines have by what is recorded, by their folders.
    pub(in crate::pki) issuers: BTreeMap<(String, Kind), u32>,
}

/// A certificate that is out there and the CA behind it, which is to be trusted no more.
struct Orphan {
    kind: Kind,
    /// The file, or whose certificate it is by cluster.lock.
    shown: String,
    /// The number of the CA, if it is known, and its name, likewise.
    number: Option<u32>,
    ca: Option<String>,
    /// Whether cluster.lock has a later one that stays trusted.
    is_replaced: bool,
}

impl State<'_> {
    /// Refuses what would cut someone off. Anyone who puts other files in the place of a CA's is told
    /// so, and not how to change over.
    ///
    /// # Errors
    /// CAs that took the place of others, issuing from one that not everybody trusts yet, and
    /// dropping one that is still in use.
    pub(in crate::pki) fn check(&self) -> Result<(), Vec<Diagnostic>> {
        let Self { context, authorities, retired, slots, .. } = self;
        let is_excused = slots.iter().all(|slot| is_of(slot, self.excused));
        let swapped = if self.knows_issuer() || is_excused {
            // Members were given this very CA: what it did not sign is damaged, or another's work. Or it is
            // accepted that they were given another one.
            Ok(())
        } else {
            foreign::are_theirs(slots, authorities, retired, context)
        };
        let swapped = swapped.map_err(|error| vec![error]);
        if self.knows_none() {
            swapped.and_then(|()| self.check_step())
        } else {
            self.check_step().and(swapped)
        }
    }

    fn check_step(&self) -> Result<(), Vec<Diagnostic>> {
        let clients = self.issues_early(Side::Clients);
        let peers = self.issues_early(Side::Peers);
        // Where both sides have the same CAs, one of them is enough to be told.
        let peers = peers
            .filter(|_| clients.is_none() || self.context.tls.peers != self.context.tls.clients);
        let mut errors: Vec<_> = clients.into_iter().chain(peers).collect();
        errors.extend(self.drops_early());
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Tells whether all of these CAs were there before, and nobody was given any of them: then
    /// they were not meant to take over from others, but put in their place.
    fn knows_none(&self) -> bool {
        let given: BTreeSet<_> =
            self.bundles.iter().flat_map(|b| fingerprints(&b.content)).collect();
        let unknown = |ca: &Authority| {
            !ca.is_new && !given.contains(&ca.signer.chain.anchor_facts.fingerprint)
        };
        self.authorities.iter().all(unknown)
    }

    /// Tells whether everybody was given the CA that issues to clients, as it is.
    fn knows_issuer(&self) -> bool {
        let number = self.context.tls.clients.issue;
        let issuer = self.authorities.iter().find(|ca| ca.signer.number == number);
        let given = |bundle: &Bundle| {
            issuer.is_some_and(|ca| {
                fingerprints(&bundle.content).contains(&ca.signer.facts.fingerprint)
            })
        };
        !self.bundles.is_empty() && self.bundles.iter().all(given)
    }

    /// Returns what everybody was given whose step is not accepted.
    fn held(&self) -> impl Iterator<Item = &Bundle> {
        self.bundles.iter().filter(|bundle| !self.excused.contains(owner(&bundle.path)))
    }

    /// Returns the certificates of those whose step is not accepted. Where it is recorded that a machine has another
    /// one, of a CA that stays trusted, what was built since is not in use.
    fn held_slots(&self) -> impl Iterator<Item = &Slot> {
        let is_unused = |wanted: &Wanted| {
            let place = wanted.places.first().map(|place| owner(place).to_owned());
            let issuer = place.and_then(|place| self.issuers.get(&(place, wanted.kind)));
            issuer.is_some_and(|ca| self.trusts(wanted, *ca))
        };
        self.slots.iter().filter(move |slot| !is_of(slot, self.excused) && !is_unused(&slot.wanted))
    }

    /// Names the next phase of each side that trusts more than one CA.
    pub(in crate::pki) fn next(&self) -> Vec<Diagnostic> {
        let Context { tls, issuing, .. } = self.context;
        let spans = &issuing.spans;
        let peers = (tls.clients != tls.peers)
            .then(|| next_phase("peer-", &tls.peers, spans.peer_trust))
            .flatten();
        next_phase("", &tls.clients, spans.trust).into_iter().chain(peers).collect()
    }

    /// Returns the fingerprints of the CAs that a side is to trust.
    fn anchors(&self, side: Side) -> BTreeSet<[u8; 32]> {
        let trust = &self.context.tls.side(side).trust;
        let trusted = self.authorities.iter().filter(|ca| trust.contains(&ca.signer.number));
        trusted.map(|ca| ca.signer.chain.anchor_facts.fingerprint).collect()
    }

    /// Finds a CA that issues although a member or client was not given it yet.
    fn issues_early(&self, side: Side) -> Option<Diagnostic> {
        let number = self.context.tls.side(side).issue;
        let ca = self.authorities.iter().find(|ca| ca.signer.number == number)?;
        let lacks = |bundle: &&Bundle| {
            let known = fingerprints(&bundle.content);
            bundle.side == side
                && !known.is_empty()
                && !known.contains(&ca.signer.chain.anchor_facts.fingerprint)
        };
        let lacking: Vec<&Bundle> = self.held().filter(lacks).collect();
        let first = lacking.first()?;
        let key = self.prefix(side);
        let old = self.number_in(first).filter(|old| *old != number);
        let first = format!("`{}/{}`", self.context.out, first.path);
        let who = match lacking.len() {
            1 => first,
            count => format!("{count} files, such as {first}"),
        };
        let mut trust: BTreeSet<u32> = self.context.tls.side(side).trust.iter().copied().collect();
        let other = || trust.iter().copied().find(|other| *other != number);
        let old = old.or_else(other).unwrap_or(if number > 1 { number - 1 } else { 2 });
        trust.insert(old);
        let before = format!("`{key}issue = {old}` and `{key}trust = [{}]`", list(&trust));
        let name =
            if ca.is_new { String::new() } else { format!(", `{}`,", ca.signer.facts.common_name) };
        let error = Diagnostic::error(format!(
            "CA {number}{name} is to issue certificates, but is not trusted yet by {who}"
        ))
        .at_if(issue_of(&self.context.issuing.spans, side), "too early");
        let error = if ca.is_new {
            error.help(format!(
                "it is not in `{out}/pki/`: if it was made before, this `{out}/` is older than \
                 cluster.toml; bring the last one here",
                out = self.context.out
            ))
        } else {
            error
        };
        Some(
            error.help(format!(
                "write {before} first, build, and roll that out with a restart of each member"
            ))
            .help(format!(
                "then write `{key}issue = {number}`: anyone who has the new file accepts both"
            ))
            .help(format!(
                "if nobody uses these files yet, move `{}/` aside: the next build tells how to begin again",
                self.context.out
            )),
        )
    }

    /// Returns what stands before the keys of a side: nothing, where both sides have had the same
    /// CAs and go on having them.
    fn prefix(&self, side: Side) -> &'static str {
        let own = |bundle: &Bundle| bundle.path.ends_with("/peer-ca.crt");
        let apart =
            self.context.tls.peers != self.context.tls.clients || self.bundles.iter().any(own);
        if side == Side::Peers && apart { "peer-" } else { "" }
    }

    /// Returns the number of the CA that a member was given, as far as there are files of it.
    fn number_in(&self, bundle: &Bundle) -> Option<u32> {
        let given = fingerprints(&bundle.content);
        let trusted = self.authorities.iter();
        let trusted =
            trusted.map(|ca| (ca.signer.number, Some(ca.signer.chain.anchor_facts.fingerprint)));
        let retired = self.retired.iter().map(|ca| (ca.number, ca.fingerprint()));
        let is_given =
            |fingerprint: Option<[u8; 32]>| fingerprint.is_some_and(|f| given.contains(&f));
        trusted.chain(retired).find(|(_, f)| is_given(*f)).map(|(number, _)| number)
    }

    /// Finds CAs that are no longer trusted, although what they issued is in use.
    fn drops_early(&self) -> Option<Diagnostic> {
        let mut dropped: BTreeMap<[u8; 32], Vec<u8>> = BTreeMap::new();
        let mut sides: BTreeMap<[u8; 32], BTreeSet<Side>> = BTreeMap::new();
        for bundle in self.held() {
            let kept = self.anchors(bundle.side);
            for der in pem::certificates(&bundle.content).unwrap_or_default() {
                let fingerprint = fingerprint(&der);
                if !kept.contains(&fingerprint) {
                    dropped.insert(fingerprint, der.to_vec());
                    sides.entry(fingerprint).or_default().insert(bundle.side);
                }
            }
        }
        let mut orphans = Vec::new();
        for (fingerprint, der) in &dropped {
            let Some(ca) = ParsedCertificate::parse(der) else { continue };
            let sides = &sides[fingerprint];
            let number = self.retired.iter().find(|ca| ca.fingerprint() == Some(*fingerprint));
            let slots = self.held_slots();
            for Slot { wanted, existing } in slots {
                if !shown_to(wanted.kind).iter().any(|side| sides.contains(side)) {
                    continue;
                }
                for place in &existing.places {
                    let file = place.pair.certificate.as_deref();
                    if file.is_some_and(|file| hangs_on(file, &ca)) {
                        orphans.push(Orphan {
                            kind: wanted.kind,
                            shown: format!("`{}/{}.crt`", self.context.out, place.path),
                            number: number.map(|ca| ca.number),
                            ca: Some(ca.subject_text()),
                            is_replaced: self
                                .current_ca(wanted)
                                .is_some_and(|ca| self.trusts(wanted, ca)),
                        });
                    }
                }
            }
        }
        if orphans.is_empty() {
            let slots = self.held_slots();
            orphans.extend(slots.filter_map(|slot| self.orphan_elsewhere(&slot.wanted)));
        }
        let first = orphans.first()?;
        let among_peers = orphans.iter().all(|orphan| orphan.kind == Kind::Peer);
        let side = if among_peers { Side::Peers } else { Side::Clients };
        let key = self.prefix(side);
        let without =
            first.number.map_or("without it".to_owned(), |number| format!("without CA {number}"));
        let named = first.ca.as_ref().map(|name| format!("`{name}`"));
        let number = first.number.map(|number| format!("CA {number}"));
        let ca = match (number, named) {
            (Some(number), Some(name)) => format!("{number}, {name}"),
            (Some(one), None) => one,
            (None, name) => format!("the CA {}", name.unwrap_or_default()),
        };
        let count = orphans.len();
        let what =
            if count == 1 { "a certificate".to_owned() } else { format!("{count} certificates") };
        let error = Diagnostic::error(format!(
            "{ca} is trusted no more, but issued {what} in use, such as {}",
            first.shown
        ))
        .at_if(trust_of(&self.context.issuing.spans, side), without);
        Some(if orphans.iter().all(|orphan| orphan.is_replaced) {
            error
                .help(format!(
                    "cluster.lock has later ones: `{}/` is older than it",
                    self.context.out
                ))
                .help("bring the keys here: `BOUQUET_WRITE=0 cargo run -- secrets import < FILE`; then build again")
        } else {
            error
                .help(format!(
                    "keep its number in `{key}trust` for now, so that this build can reissue them"
                ))
                .help(format!("roll those out; then take the number out of `{key}trust`"))
        })
    }

    /// Returns a certificate that `out/` has not, because a colleague issued it, and that would be cut off.
    fn orphan_elsewhere(&self, wanted: &Wanted) -> Option<Orphan> {
        let number = self.current_ca(wanted).filter(|ca| !self.trusts(wanted, *ca))?;
        let place = wanted.places.first()?;
        let ca = self.retired.iter().find(|ca| ca.number == number);
        Some(Orphan {
            kind: wanted.kind,
            shown: format!("that of `{place}` in cluster.lock"),
            number: Some(number),
            ca: ca.and_then(Retired::name),
            is_replaced: false,
        })
    }

    /// Returns the number of the CA that issued the current certificate, by cluster.lock.
    fn current_ca(&self, wanted: &Wanted) -> Option<u32> {
        let (_, entry) = self.issued.current(wanted.owner.as_deref(), wanted.kind)?;
        let is_in_use = !entry.removed && entry.is_valid(self.context.now);
        Some(entry.facts.as_ref().filter(|_| is_in_use)?.ca)
    }

    /// Tells whether everybody who sees that certificate goes on trusting that CA.
    fn trusts(&self, wanted: &Wanted, number: u32) -> bool {
        let tls = self.context.tls;
        shown_to(wanted.kind).iter().all(|side| tls.side(*side).trust.contains(&number))
    }
}

/// Returns the place of the CA that issues for a side; peers have that of clients unless they have their own.
fn issue_of(spans: &CaSpans, side: Side) -> Option<Span> {
    spans.peer_issue.filter(|_| side == Side::Peers).or(spans.issue)
}

/// Returns the place of the CAs that a side trusts, or of the one that issues for it, where that is all.
fn trust_of(spans: &CaSpans, side: Side) -> Option<Span> {
    let own = spans.peer_trust.filter(|_| side == Side::Peers);
    own.or(spans.trust).or(issue_of(spans, side))
}

/// Returns the sides that see a certificate of that kind.
pub(super) const fn shown_to(kind: Kind) -> &'static [Side] {
    match kind {
        Kind::Peer => &[Side::Peers],
        Kind::ServerAndPeer => &[Side::Clients, Side::Peers],
        Kind::Ca | Kind::Server | Kind::Client => &[Side::Clients],
    }
}

/// Tells whether the last certificate of a leaf's file, the leaf itself or a CA over it, is that
/// CA's.
fn hangs_on(file: &[u8], ca: &ParsedCertificate<'_>) -> bool {
    let Ok(blocks) = pem::certificates(file) else { return false };
    let last = blocks.last().and_then(|der| ParsedCertificate::parse(der));
    last.is_some_and(|last| {
        last.issuer() == ca.subject() && last.is_signed_by(ca.public_key()) == Some(true)
    })
}

fn fingerprints(bundle: &[u8]) -> BTreeSet<[u8; 32]> {
    pem::certificates(bundle).unwrap_or_default().iter().map(|der| fingerprint(der)).collect()
}

/// Returns what is to follow where more than one CA is trusted: the newest one issues, then the
/// others go.
fn next_phase(key: &str, side: &Trust, span: Option<Span>) -> Option<Diagnostic> {
    let newest = side.trust.iter().copied().max().filter(|_| side.trust.len() > 1)?;
    let all: BTreeSet<u32> = side.trust.iter().copied().collect();
    let message = format!("`{key}trust = [{}]`: a change of CA is under way", list(&all));
    let said = Diagnostic::warning(message).at_if(span, "");
    Some(if side.issue == newest {
        said.help("copy the new files to every member and client; certificates need no restart")
            .help(format!("then write `{key}trust = [{newest}]`, the last phase"))
    } else {
        said.help(if key.is_empty() {
            "copy the new files, restart the members one after another, give clients `ca.crt`"
        } else {
            "copy the new files, the unit or etcd.sh among them, and restart one after another"
        })
        .help(format!("then write `{key}issue = {newest}`, the next phase"))
        .help(format!(
            "or stay with CA {issue}: write `{key}trust = [{issue}]`",
            issue = side.issue
        ))
    })
}

fn list(numbers: &BTreeSet<u32>) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
