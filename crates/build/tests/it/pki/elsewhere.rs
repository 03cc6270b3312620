//! A CA whose key is elsewhere, without any file.

use super::cluster::{DAY, NOW, Out, files, inputs, slots, tls, wanted};
use bouquet_build::pki::{
    ExistingCa, ExistingRequest, Inputs, Origin, Pair, Pki, Reason, certify, request_place,
};
use bouquet_model::certificate::Wanted;
use bouquet_model::cluster::{KeyKind, Layout};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::Secret;
use std::collections::BTreeSet;

const KEY: KeyKind = KeyKind::EcdsaP256;

/// A build with the CA of `out`, whose key is elsewhere.
fn build(
    out: &Out,
    wanted: &[Wanted],
    requests: Vec<ExistingRequest>,
    now: i64,
) -> Result<Pki, Vec<Diagnostic>> {
    let tls = tls(KEY);
    let origin = Origin::Files { certificate: "corp.crt".to_owned(), key: None };
    let pair = files(&(out.ca_certificate.clone(), None));
    let ca = ExistingCa { pair, origin, ..ExistingCa::none(1, "") };
    let mut slots = slots(wanted, &out.pairs);
    for (slot, request) in slots.iter_mut().zip(requests) {
        slot.existing.request = request;
    }
    certify(Inputs { authorities: vec![ca], slots, ..inputs(wanted, &tls, now) })
}

/// What a build leaves of its requests.
fn left(pki: &Pki, wanted: &[Wanted], before: &[ExistingRequest]) -> Vec<ExistingRequest> {
    let mut all: Vec<_> = wanted.iter().map(|_| ExistingRequest::default()).collect();
    for (i, outcome) in pki.outcomes.iter().enumerate() {
        let Some(requested) = outcome.requested() else { continue };
        let old = || before.get(i).and_then(|request| request.pair.key.clone());
        let key = requested.new_key.clone().or_else(old);
        let text = Some(requested.request.clone().into_bytes());
        all[i] = ExistingRequest { text, pair: Pair { certificate: None, key } };
    }
    all
}

/// Which certificates came from a request that has no use any more.
fn answered(pki: &Pki) -> Vec<usize> {
    let leaves = pki.leaves().into_iter().enumerate();
    leaves.filter(|(_, leaf)| leaf.answered).map(|(i, _)| i).collect()
}

/// The CA alone.
fn nothing_issued(wanted: &[Wanted]) -> Out {
    let (mut out, _) = Out::first(wanted, KEY);
    out.pairs.clear();
    out
}

#[test]
fn what_is_asked_once_is_asked_in_the_same_words() {
    for layout in Layout::ALL {
        for key in KeyKind::ALL {
            let wanted = wanted(*layout, *key);
            let out = nothing_issued(&wanted);
            let first = build(&out, &wanted, Vec::new(), NOW).expect("requests");
            assert!(first.leaves().is_empty());
            assert_eq!(first.requested().len(), wanted.len());
            assert_eq!(first.facts().len(), 1, "the CA alone");
            let before = left(&first, &wanted, &[]);
            let second =
                build(&out, &wanted, left(&first, &wanted, &[]), NOW + DAY).expect("the same");
            for (a, b) in first.requested().into_iter().zip(second.requested()) {
                assert!(a.new_key.is_some() && b.new_key.is_none());
                assert_eq!((&a.request, &a.reason), (&b.request, &Reason::Missing));
            }
            assert_eq!(left(&second, &wanted, &before).len(), wanted.len());
        }
    }
}

#[test]
fn every_request_has_a_name_of_its_own() {
    for layout in Layout::ALL {
        let mut wanted = wanted(*layout, KEY);
        // A client that is named as a member's certificate is.
        let mut client = wanted.last().expect("a client").clone();
        client.owner = Some("orange-server".to_owned());
        client.places = vec!["clients/orange-server/client".to_owned()];
        wanted.push(client);
        let names: BTreeSet<_> = wanted.iter().map(request_place).collect();
        assert_eq!(names.len(), wanted.len(), "{names:?}");
    }
}

#[test]
fn what_was_signed_is_installed_and_an_interrupted_installation_is_seen() {
    let wanted = wanted(Layout::Separate, KEY);
    let (issued, first) = Out::first(&wanted, KEY);
    let answer = |i: usize| Pair {
        certificate: issued.pairs[i][0].0.clone(),
        key: issued.pairs[i][0].1.clone().map(Secret::from),
    };
    let mut out = issued.clone();
    out.pairs.clear();
    let answers =
        || wanted.iter().enumerate().map(|(i, _)| ExistingRequest { text: None, pair: answer(i) });
    let pki = build(&out, &wanted, answers().collect(), NOW).expect("an installation");
    assert_eq!(answered(&pki), (0..wanted.len()).collect::<Vec<_>>());
    assert_eq!(pki.facts(), first.facts());
    for (leaf, before) in pki.leaves().into_iter().zip(first.leaves()) {
        assert_eq!(leaf.reason, Some(Reason::Missing));
        assert_eq!(leaf.certificate, before.certificate);
        assert_eq!(leaf.key.expose(), before.key.expose());
        assert!(pki.issued.knows(&leaf.facts.serial));
    }

    // In place already, and the requests are still there, or what is left of them.
    let again = build(&issued, &wanted, answers().collect(), NOW).expect("a build");
    assert_eq!(answered(&again), (0..wanted.len()).collect::<Vec<_>>());
    assert!(again.leaves().into_iter().all(|leaf| leaf.reason.is_none()));
    let keys = answers().map(|request| ExistingRequest {
        text: None,
        pair: Pair { certificate: None, ..request.pair },
    });
    let again = build(&issued, &wanted, keys.collect(), NOW).expect("a build");
    assert_eq!(answered(&again).len(), wanted.len());

    // Another key, or another certificate for the same one, is not what was installed.
    let (other, _) = Out::first(&wanted, KEY);
    let mut others: Vec<_> = answers().collect();
    others[0].pair.key = other.pairs[0][0].1.clone().map(Secret::from);
    others[1].pair.certificate = other.pairs[1][0].0.clone();
    let again = build(&issued, &wanted, others, NOW).expect("a build");
    assert_eq!(answered(&again), (2..wanted.len()).collect::<Vec<_>>());
}

#[test]
fn a_key_that_is_in_use_is_not_asked_for_again() {
    let wanted = wanted(Layout::Combined, KEY);
    let (out, first) = Out::first(&wanted, KEY);
    let later = first.leaves()[0].facts.not_after - 100 * DAY;
    let pending = |i: usize| ExistingRequest {
        text: None,
        pair: Pair { certificate: None, key: out.pairs[i][0].1.clone().map(Secret::from) },
    };
    let requests = (0..wanted.len()).map(pending).collect();
    let pki = build(&out, &wanted, requests, later).expect("requests");
    assert_eq!(pki.requested().len(), wanted.len());
    for (waiting, pairs) in pki.requested().into_iter().zip(&out.pairs) {
        assert!(matches!(waiting.reason, Reason::Expires { .. }));
        let key = waiting.new_key.as_ref().expect("a new key");
        assert_ne!(Some(key.expose()), pairs[0].1.as_deref());
        let place = &waiting.wanted.places[0];
        assert_eq!(waiting.kept, [format!("{place}.crt"), format!("{place}.key")]);
    }
    assert_eq!(pki.facts(), first.facts(), "the old ones go on");
}

#[test]
fn every_wrong_answer_is_told_at_once() {
    let wanted = wanted(Layout::Separate, KEY);
    let (issued, _) = Out::first(&wanted, KEY);
    let mut out = issued.clone();
    out.pairs.clear();
    // Each has what another member or client asked for.
    let count = wanted.len();
    let answers = (0..count).map(|i| {
        let (certificate, key) = issued.pairs[(i + 2) % count][0].clone();
        ExistingRequest { text: None, pair: Pair { certificate, key: key.map(Secret::from) } }
    });
    let errors = build(&out, &wanted, answers.collect(), NOW).expect_err("errors");
    assert_eq!(errors.len(), count, "{errors:?}");
    for (error, wanted) in errors.iter().zip(&wanted) {
        let place = request_place(wanted);
        assert!(error.message.starts_with(&format!("`out/{place}.crt` ")), "{error}");
        assert!(error.help.iter().any(|line| line.contains(&format!("{place}.csr"))), "{error:?}");
    }
}
