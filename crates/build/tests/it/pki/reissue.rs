//! What changes is reissued, for the reason that changed; what does not is kept.

use super::cluster::{DAY, NOW, Out, dns, ip, wanted};
use super::forge;
use bouquet_build::pki::Reason;
use bouquet_model::certificate::{Kind, Subject, Wanted};
use bouquet_model::cluster::{KeyKind, Layout, San};
use proptest::prelude::*;
use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, SanType};
use time::{Duration, OffsetDateTime};

const KEY: KeyKind = KeyKind::EcdsaP256;

/// Something that the spec, or the calendar, changes about one certificate.
#[derive(Debug, Clone, Copy)]
enum Change {
    CommonName,
    Key,
    AddSan,
    RemoveSan,
    Kind,
    Nothing,
}

impl Change {
    /// Makes the change; the reason that it is expected to give, as text.
    fn make(self, wanted: &mut Wanted) -> Option<String> {
        match self {
            Self::CommonName => {
                let other = Subject::CommonName("someone-else".into());
                let was = std::mem::replace(&mut wanted.subject, other);
                Some(format!("common name changed from `{was}` to `someone-else`"))
            }
            Self::Key => {
                let was = wanted.key;
                let others = KeyKind::ALL.iter().copied();
                wanted.key = others.cycle().skip_while(|k| *k != was).nth(1).expect("another");
                Some(format!("key kind changed from {was} to {}", wanted.key))
            }
            Self::AddSan => {
                wanted.sans.push(ip("10.0.0.4"));
                Some("SANs changed: + 10.0.0.4".into())
            }
            Self::RemoveSan => {
                let san = wanted.sans.pop()?;
                Some(format!("SANs changed: - {san}"))
            }
            Self::Kind if wanted.kind == Kind::Client => {
                wanted.kind = Kind::Server;
                Some("EKU changed from clientAuth to serverAuth, clientAuth".into())
            }
            Self::Kind => {
                wanted.kind = Kind::Client;
                Some("EKU changed from serverAuth, clientAuth to clientAuth".into())
            }
            Self::Nothing => {
                // Neither the order of names nor the file's place is in a certificate.
                wanted.sans.reverse();
                None
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_change_gives_its_reason_and_touches_no_other_certificate(
        layout in prop::sample::select(Layout::ALL),
        key in prop::sample::select([KeyKind::EcdsaP256, KeyKind::Ed25519].as_slice()),
        index in any::<prop::sample::Index>(),
        change in prop::sample::select([
            Change::CommonName, Change::Key, Change::AddSan, Change::RemoveSan, Change::Kind,
            Change::Nothing,
        ].as_slice()),
    ) {
        let mut wanted = wanted(layout, key);
        let (out, _) = Out::first(&wanted, key);
        let index = index.index(wanted.len());
        let reason = change.make(&mut wanted[index]);
        let pki = out.build(&wanted, key, NOW + DAY).expect("a build");
        for (i, leaf) in pki.leaves().into_iter().enumerate() {
            match (&leaf.reason, &reason) {
                (Some(why), Some(reason)) if i == index => {
                    prop_assert_eq!(&why.to_string(), reason);
                }
                (None, _) => prop_assert!(i != index || reason.is_none()),
                other => prop_assert!(false, "{}: {:?}", i, other),
            }
        }
    }
}

/// Builds with another certificate in the place of a client's, and says why it is reissued.
fn reason_for(forged: impl FnOnce(&mut CertificateParams)) -> Option<Reason> {
    let wanted = wanted(Layout::Separate, KEY);
    let (mut out, _) = Out::first(&wanted, KEY);
    let (index, client) = wanted.iter().enumerate().next_back().expect("a client");
    let mut params = forge::client(client.subject.name());
    forged(&mut params);
    out.pairs[index] = vec![forge::sign(&out, &params)];
    let pki = out.build(&wanted, KEY, NOW).expect("a build");
    pki.leaves()[index].reason.clone()
}

#[test]
fn a_certificate_that_says_what_is_wanted_is_kept_whoever_made_it() {
    assert_eq!(reason_for(|_| {}), None);
}

#[test]
fn extended_key_usage_must_be_exact() {
    let more = reason_for(|p| p.extended_key_usages.push(ExtendedKeyUsagePurpose::CodeSigning));
    let text = more.expect("a reason").to_string();
    assert_eq!(text, "EKU changed from clientAuth, codeSigning to clientAuth");
    let none = reason_for(|p| p.extended_key_usages.clear()).expect("a reason");
    assert_eq!(none.to_string(), "EKU changed from none to clientAuth");
}

#[test]
fn a_leaf_must_not_be_able_to_sign_certificates() {
    let ca = reason_for(|p| p.is_ca = IsCa::Ca(BasicConstraints::Unconstrained));
    assert_eq!(ca, Some(Reason::KeyUsage));
    let usage = reason_for(|p| p.key_usages.push(rcgen::KeyUsagePurpose::KeyCertSign));
    assert_eq!(usage, Some(Reason::KeyUsage));
    assert_eq!(reason_for(|p| p.key_usages.clear()), Some(Reason::KeyUsage));
}

#[test]
fn the_subject_is_a_common_name_and_nothing_else() {
    let more =
        reason_for(|p| p.distinguished_name.push(DnType::OrganizationName, "system:masters"));
    assert!(matches!(more, Some(Reason::Subject { .. })), "{more:?}");
}

#[test]
fn names_of_other_kinds_are_not_wanted() {
    let uri = SanType::URI("https://a.example".try_into().expect("a URI"));
    let reason = reason_for(|p| p.subject_alt_names.push(uri)).expect("a reason").to_string();
    assert_eq!(reason, r#"SANs changed: - URI("https://a.example")"#);
}

#[test]
fn a_certificate_of_the_future_is_reissued() {
    let tomorrow = OffsetDateTime::from_unix_timestamp(NOW).expect("a date") + Duration::DAY;
    let reason = reason_for(|p| p.not_before = tomorrow).expect("a reason").to_string();
    assert_eq!(reason, "not valid before 2026-11-23");
}

#[test]
fn a_certificate_is_renewed_when_less_than_renew_before_is_left() {
    let wanted = wanted(Layout::Separate, KEY);
    let (out, first) = Out::first(&wanted, KEY);
    let end = first.leaves()[0].facts.not_after;
    assert_eq!(end, NOW + 365 * DAY);
    let at = |now| out.build(&wanted, KEY, now).expect("a build").leaves()[0].reason.clone();
    let text = |now| match at(now) {
        None => "kept".to_owned(),
        Some(reason) => reason.to_string(),
    };
    assert_eq!(text(end - 121 * DAY), "kept");
    assert_eq!(text(end - 121 * DAY + 1), "expires on 2027-11-22, in 120 days");
    assert_eq!(text(end - DAY), "expires on 2027-11-22, in 1 day");
    assert_eq!(text(end), "expires on 2027-11-22, in 0 days");
    assert_eq!(text(end + 1), "expired on 2027-11-22");
}

#[test]
fn reasons_name_what_came_and_what_went() {
    let mut wanted = wanted(Layout::Combined, KEY);
    let (out, _) = Out::first(&wanted, KEY);
    wanted[0].sans.retain(|san| *san != San::Dns("camellia.zyxasr.io".into()));
    wanted[0].sans.extend([ip("10.0.0.4"), dns("new.example")]);
    let pki = out.build(&wanted, KEY, NOW).expect("a build");
    let Some(reason) = &pki.leaves()[0].reason else { panic!("kept") };
    let text = "SANs changed: + new.example, + 10.0.0.4, - camellia.zyxasr.io";
    assert_eq!(reason.to_string(), text);
}

#[test]
fn files_that_are_missing_damaged_or_swapped_are_replaced() {
    let wanted = wanted(Layout::Separate, KEY);
    let (out, first) = Out::first(&wanted, KEY);
    let (server, peer) = (&out.pairs[0][0], &out.pairs[1][0]);
    let key_of = |kind| Out::first(&super::cluster::wanted(Layout::Separate, kind), kind).0;
    let other = key_of(KeyKind::Ed25519);
    let text = |text: &str| Some(text.as_bytes().to_vec());
    let encrypted =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----";
    let cases = [
        ((None, server.1.clone()), "the one that cluster.lock tells of is not here"),
        ((server.0.clone(), None), "private key is missing"),
        ((None, None), "the one that cluster.lock tells of is not here"),
        ((text("garbage"), server.1.clone()), "certificate file holds no certificate"),
        ((text(""), server.1.clone()), "certificate file holds no certificate"),
        ((Some(vec![0xff; 9]), server.1.clone()), "certificate file is not sound PEM"),
        (
            (server.1.clone(), server.0.clone()),
            "certificate file holds a private key instead of a certificate",
        ),
        ((server.0.clone(), server.0.clone()), "private key file holds no key"),
        ((server.0.clone(), text("garbage")), "private key file holds no key"),
        ((server.0.clone(), text(encrypted)), "private key is encrypted"),
        ((server.0.clone(), peer.1.clone()), "private key does not match"),
        ((server.0.clone(), other.pairs[0][0].1.clone()), "private key does not match"),
        (
            (Some(first.authorities[0].certificate.clone().into_bytes()), server.1.clone()),
            "common name changed from `etcd-cluster-1 etcd CA 01234567` to `camellia`",
        ),
    ];
    for (pair, reason) in cases {
        let mut out = Out { pairs: out.pairs.clone(), ..out.clone() };
        out.pairs[0][0] = pair;
        let pki = out.build(&wanted, KEY, NOW).expect("a build");
        let Some(why) = &pki.leaves()[0].reason else { panic!("kept: {reason}") };
        assert_eq!(why.to_string(), reason);
        assert!(pki.leaves()[1..].iter().all(|leaf| leaf.reason.is_none()));
    }
}

#[test]
fn what_else_a_file_holds_is_taken_out_of_it() {
    let wanted = wanted(Layout::Separate, KEY);
    let (mut out, first) = Out::first(&wanted, KEY);
    let both: Vec<u8> =
        [&out.pairs[0][0].0, &out.pairs[1][0].0].into_iter().flatten().flatten().copied().collect();
    out.pairs[0][0].0 = Some(both);
    let pki = out.build(&wanted, KEY, NOW).expect("a build");
    assert_eq!(pki.leaves()[0].reason, None);
    assert_eq!(
        (&pki.leaves()[0].certificate, &pki.leaves()[0].stale),
        (&first.leaves()[0].certificate, &wanted[0].places)
    );
}
