//! A CA whose key is elsewhere, without any file.

use crate::cluster::{DAY, NOW, Out, request, tls, wanted};
use bouquet_build::pki::{
    CaFound, Decision, Found, Origin, Pending, Pki, PkiError, Reason, Request, certify,
    request_place,
};
use bouquet_model::certificate::Wanted;
use bouquet_model::cluster::{KeyKind, Layout};
use bouquet_x509::Secret;
use std::collections::BTreeSet;

const KEY: KeyKind = KeyKind::EcdsaP256;

/// A build with the CA of `out`, whose key is elsewhere.
fn build(
    out: &Out,
    wanted: &[Wanted],
    requests: Vec<Pending>,
    now: i64,
) -> Result<Pki, Vec<PkiError>> {
    let tls = tls(KEY);
    let found = |(certificate, key): &(Option<Vec<u8>>, Option<Vec<u8>>)| Found {
        certificate: certificate.clone(),
        key: key.clone().map(Secret::from),
    };
    let origin = Origin::Own { certificate: "corp.crt".to_owned(), key: None };
    let ca = CaFound { certificate: out.ca_certificate.clone(), origin, ..CaFound::none(1, "") };
    certify(Request {
        authorities: vec![ca],
        found: out.pairs.iter().map(|places| places.iter().map(found).collect()).collect(),
        requests,
        ..request(wanted, &tls, now)
    })
}

/// What a build leaves of its requests.
fn left(pki: &Pki, wanted: &[Wanted], before: &[Pending]) -> Vec<Pending> {
    let mut all: Vec<_> = wanted.iter().map(|_| Pending::default()).collect();
    for waiting in &pki.waiting {
        let old = || before.get(waiting.of).and_then(|pending| pending.pair.key.clone());
        let key = waiting.new_key.clone().or_else(old);
        all[waiting.of] = Pending {
            request: Some(waiting.request.clone().into_bytes()),
            pair: Found { certificate: None, key },
        };
    }
    all
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
            assert!(first.leaves.is_empty() && first.answered.is_empty());
            assert_eq!(first.waiting.len(), wanted.len());
            assert_eq!(first.facts().len(), 1, "the CA alone");
            let before = left(&first, &wanted, &[]);
            let second =
                build(&out, &wanted, left(&first, &wanted, &[]), NOW + DAY).expect("the same");
            for (a, b) in first.waiting.iter().zip(&second.waiting) {
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
    let answer = |i: usize| Found {
        certificate: issued.pairs[i][0].0.clone(),
        key: issued.pairs[i][0].1.clone().map(Secret::from),
    };
    let mut out = issued.clone();
    out.pairs.clear();
    let answers =
        || wanted.iter().enumerate().map(|(i, _)| Pending { request: None, pair: answer(i) });
    let pki = build(&out, &wanted, answers().collect(), NOW).expect("an installation");
    assert_eq!(pki.answered, (0..wanted.len()).collect::<Vec<_>>());
    assert_eq!(pki.facts(), first.facts());
    for (leaf, before) in pki.leaves.iter().zip(&first.leaves) {
        assert_eq!(leaf.decision, Decision::Issue(Reason::Missing));
        assert_eq!(leaf.certificate, before.certificate);
        assert_eq!(leaf.key.expose(), before.key.expose());
        assert!(pki.ledger.contains(&*leaf.facts.serial));
    }

    // In place already, and the requests are still there, or what is left of them.
    let again = build(&issued, &wanted, answers().collect(), NOW).expect("a build");
    assert_eq!(again.answered, (0..wanted.len()).collect::<Vec<_>>());
    assert!(again.leaves.iter().all(|leaf| leaf.decision == Decision::Keep));
    let keys = answers().map(|pending| Pending {
        request: None,
        pair: Found { certificate: None, ..pending.pair },
    });
    let again = build(&issued, &wanted, keys.collect(), NOW).expect("a build");
    assert_eq!(again.answered.len(), wanted.len());

    // Another key, or another certificate for the same one, is not what was installed.
    let (other, _) = Out::first(&wanted, KEY);
    let mut others: Vec<_> = answers().collect();
    others[0].pair.key = other.pairs[0][0].1.clone().map(Secret::from);
    others[1].pair.certificate = other.pairs[1][0].0.clone();
    let again = build(&issued, &wanted, others, NOW).expect("a build");
    assert_eq!(again.answered, (2..wanted.len()).collect::<Vec<_>>());
}

#[test]
fn a_key_that_is_in_use_is_not_asked_for_again() {
    let wanted = wanted(Layout::Combined, KEY);
    let (out, first) = Out::first(&wanted, KEY);
    let later = first.leaves[0].facts.not_after - 100 * DAY;
    let pending = |i: usize| Pending {
        request: None,
        pair: Found { certificate: None, key: out.pairs[i][0].1.clone().map(Secret::from) },
    };
    let requests = (0..wanted.len()).map(pending).collect();
    let pki = build(&out, &wanted, requests, later).expect("requests");
    assert_eq!(pki.waiting.len(), wanted.len());
    for (waiting, wanted) in pki.waiting.iter().zip(&wanted) {
        assert!(matches!(waiting.reason, Reason::Expires { .. }));
        let key = waiting.new_key.as_ref().expect("a new key");
        assert_ne!(Some(key.expose()), out.pairs[waiting.of][0].1.as_deref());
        let place = &wanted.places[0];
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
        Pending { request: None, pair: Found { certificate, key: key.map(Secret::from) } }
    });
    let errors = build(&out, &wanted, answers.collect(), NOW).expect_err("errors");
    assert_eq!(errors.len(), count, "{errors:?}");
    for (error, wanted) in errors.iter().zip(&wanted) {
        let place = request_place(wanted);
        assert!(error.message.starts_with(&format!("`out/{place}.crt` ")), "{error}");
        assert!(error.help.iter().any(|line| line.contains(&format!("{place}.csr"))), "{error:?}");
    }
}
