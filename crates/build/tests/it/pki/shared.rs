//! One certificate in several places.

use super::cluster::{NOW, Out, wanted};
use bouquet_build::pki::Reason;
use bouquet_model::certificate::Wanted;
use bouquet_model::cluster::{KeyKind, Layout};

const KEY: KeyKind = KeyKind::EcdsaP256;

/// Those of the first certificate's places.
fn places(wanted: &[Wanted], which: &[usize]) -> Vec<String> {
    which.iter().map(|i| wanted[0].places[*i].clone()).collect()
}

#[test]
fn all_places_get_the_pair_of_the_first_one_that_is_good() {
    let wanted = wanted(Layout::Shared, KEY);
    let (mut out, first) = Out::first(&wanted, KEY);
    assert_eq!(first.leaves()[0].stale, wanted[0].places);
    let (_, other) = Out::first(&wanted, KEY);
    out.pairs[0][0] = (None, None);
    out.pairs[0][2].1 = Some(other.leaves()[0].key.expose().to_vec());
    let pki = out.build(&wanted, KEY, NOW).expect("a build");
    assert_eq!(pki.leaves()[0].reason, None);
    assert_eq!(pki.leaves()[0].stale, places(&wanted, &[0, 2]));
    assert_eq!(pki.leaves()[0].certificate, first.leaves()[0].certificate);
    out.write(&wanted, &pki);
    let again = out.build(&wanted, KEY, NOW).expect("a build");
    assert_eq!(again.leaves()[0].stale, places(&wanted, &[]));
}

#[test]
fn a_place_that_the_caller_did_not_look_at_is_stale() {
    let wanted = wanted(Layout::Shared, KEY);
    let (mut out, _) = Out::first(&wanted, KEY);
    out.pairs[0].truncate(1);
    let pki = out.build(&wanted, KEY, NOW).expect("a build");
    assert_eq!(pki.leaves()[0].reason, None);
    assert_eq!(pki.leaves()[0].stale, places(&wanted, &[1, 2]));
}

#[test]
fn the_reason_is_that_of_a_place_that_held_something() {
    let wanted = wanted(Layout::Shared, KEY);
    let (mut out, _) = Out::first(&wanted, KEY);
    out.pairs[0] = vec![(None, None), (out.pairs[0][1].0.clone(), None), (None, None)];
    let pki = out.build(&wanted, KEY, NOW).expect("a build");
    assert_eq!(pki.leaves()[0].reason, Some(Reason::KeyMissing));
    assert_eq!(pki.leaves()[0].stale, wanted[0].places);
}

#[test]
fn the_wildcard_is_the_common_name_and_not_a_san() {
    let wanted = wanted(Layout::Shared, KEY);
    let (_, pki) = Out::first(&wanted, KEY);
    let facts = &pki.leaves()[0].facts;
    assert_eq!(facts.common_name, "*.zyxasr.io");
    assert!(facts.sans.iter().all(|san| !san.to_string().contains('*')));
}
