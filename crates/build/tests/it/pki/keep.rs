//! What is issued once is kept.

use super::cluster::{DAY, NOW, Out, wanted};
use bouquet_build::pki::Reason;
use bouquet_model::certificate::Subject;
use bouquet_model::cluster::{KeyKind, Layout};

#[test]
fn every_certificate_that_was_issued_is_kept() {
    for layout in Layout::ALL {
        for key in KeyKind::ALL {
            let wanted = wanted(*layout, *key);
            let (out, first) = Out::first(&wanted, *key);
            assert!(first.authorities[0].new_key.is_some());
            let second = out.build(&wanted, *key, NOW + DAY).unwrap();
            assert!(second.authorities[0].new_key.is_none());
            assert_eq!(second.authorities[0].certificate, first.authorities[0].certificate);
            assert_eq!(second.authorities[0].facts, first.authorities[0].facts);
            assert_eq!(second.warnings, []);
            for (leaf, before) in second.leaves().into_iter().zip(first.leaves()) {
                assert_eq!(before.reason, Some(Reason::Missing));
                assert_eq!(leaf.reason, None);
                assert!(leaf.stale.is_empty());
                assert_eq!(leaf.facts, before.facts);
                assert_eq!(leaf.certificate, before.certificate);
                assert_eq!(leaf.key.expose(), before.key.expose());
            }
            assert_eq!(second.leaves().len(), wanted.len());
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
            client.subject = Subject::CommonName(format!("client-{i}"));
            client
        })
        .collect();
    let (mut out, first) = Out::first(&many, KeyKind::EcdsaP256);
    out.pairs[50] = Vec::new();
    let pki = out.build(&many, KeyKind::EcdsaP256, NOW).expect("a build");
    for (i, (leaf, before)) in pki.leaves().into_iter().zip(first.leaves()).enumerate() {
        assert_eq!(leaf.facts.common_name, format!("client-{i}"));
        assert_eq!(leaf.certificate == before.certificate, i != 50);
    }
    let serials: std::collections::BTreeSet<_> =
        first.leaves().into_iter().map(|leaf| leaf.facts.serial.clone()).collect();
    assert_eq!(serials.len(), 100);
}
