//! What is issued once is kept.

use crate::cluster::{DAY, NOW, Out, wanted};
use bouquet_compile::pki::{Decision, Reason};
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
