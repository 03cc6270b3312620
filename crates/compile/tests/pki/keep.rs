//! What is issued once is kept.

use crate::cluster::{DAY, NOW, Out, dns, wanted};
use bouquet_compile::pki::{Decision, KeyFault, Reason};
use bouquet_model::cluster::{KeyKind, Layout};

#[test]
fn every_certificate_that_was_issued_is_kept() {
    for layout in Layout::ALL {
        for key in KeyKind::ALL {
            let wanted = wanted(*layout, *key);
            let (out, first) = Out::first(&wanted, *key);
            assert!(first.ca.minted.is_some());
            let second = out.build(&wanted, *key, NOW + DAY).unwrap();
            assert!(second.ca.minted.is_none());
            assert_eq!(second.ca.certificate, first.ca.certificate);
            assert_eq!(second.ca.facts, first.ca.facts);
            assert_eq!(second.warnings, []);
            for (leaf, before) in second.leaves.iter().zip(&first.leaves) {
                assert_eq!(before.decision, Decision::Issue(Reason::Missing));
                assert_eq!(leaf.decision, Decision::Keep);
                assert_eq!(leaf.stale, [0; 0]);
                assert_eq!(leaf.facts, before.facts);
                assert_eq!(leaf.certificate, before.certificate);
                assert_eq!(leaf.key.expose(), before.key.expose());
            }
            assert_eq!(second.leaves.len(), wanted.len());
        }
    }
}

#[test]
fn the_order_of_many_results_is_that_of_what_was_wanted() {
    let all = wanted(Layout::Combined, KeyKind::EcdsaP256);
    let client = all.last().expect("a client");
    let many: Vec<_> = (0..100)
        .map(|i| {
            let mut client = client.clone();
            client.common_name = format!("client-{i}");
            client
        })
        .collect();
    let (mut out, first) = Out::first(&many, KeyKind::EcdsaP256);
    out.pairs[50] = Vec::new();
    let pki = out.build(&many, KeyKind::EcdsaP256, NOW).expect("a build");
    for (i, (leaf, before)) in pki.leaves.iter().zip(&first.leaves).enumerate() {
        assert_eq!(leaf.facts.common_name, format!("client-{i}"));
        assert_eq!(leaf.certificate == before.certificate, i != 50);
    }
    let serials: std::collections::BTreeSet<_> =
        first.leaves.iter().map(|leaf| leaf.facts.serial.clone()).collect();
    assert_eq!(serials.len(), 100);
}

/// A first build, and its proofs for the next.
fn proven() -> (Vec<bouquet_model::certificate::Wanted>, Out) {
    let wanted = wanted(Layout::Separate, KeyKind::EcdsaP256);
    let (mut out, first) = Out::first(&wanted, KeyKind::EcdsaP256);
    out.proofs = first.leaves.iter().map(|leaf| Some(leaf.proof)).collect();
    (wanted, out)
}

#[test]
fn a_proof_is_the_same_whether_it_was_issued_or_computed() {
    let (wanted, mut out) = proven();
    let proofs = std::mem::take(&mut out.proofs);
    let pki = out.build(&wanted, KeyKind::EcdsaP256, NOW).expect("a build");
    let computed: Vec<_> = pki.leaves.iter().map(|leaf| Some(leaf.proof)).collect();
    assert_eq!(computed, proofs);
}

#[test]
fn a_proof_does_not_cover_what_changed_since() {
    let (mut wanted, mut out) = proven();
    wanted[0].sans.push(dns("new.example"));
    let other_key = out.pairs[2][0].1.clone();
    out.pairs[1][0].1 = other_key;
    let other_proof = out.proofs[4];
    out.proofs[3] = other_proof;
    let pki = out.build(&wanted, KeyKind::EcdsaP256, NOW).expect("a build");
    assert!(matches!(pki.leaves[0].decision, Decision::Issue(Reason::Sans { .. })));
    assert_eq!(pki.leaves[1].decision, Decision::Issue(Reason::Key(KeyFault::Mismatch)));
    assert!(pki.leaves[2..].iter().all(|leaf| leaf.decision == Decision::Keep));
    let late = out.build(&wanted, KeyKind::EcdsaP256, NOW + 300 * DAY).expect("a build");
    assert!(late.leaves.iter().all(|leaf| leaf.decision != Decision::Keep));
}

#[test]
fn a_proof_is_for_one_ca() {
    let (wanted, mut out) = proven();
    let (other, _) = Out::first(&wanted, KeyKind::EcdsaP256);
    (out.ca_certificate, out.ca_key) = (other.ca_certificate, other.ca_key);
    assert!(out.build(&wanted, KeyKind::EcdsaP256, NOW).is_err());
}
