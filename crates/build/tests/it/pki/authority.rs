//! The CA: minted once, never where another was, and refused when something is wrong with it.

use super::cluster::{DAY, NOW, Out, ca, days, inputs, tls, wanted};
use super::forge;
use bouquet_build::pki::{ExistingCa, Inputs, Pair, Pki, Reason, ca_common_name, certify};
use bouquet_lock::Entry;
use bouquet_model::certificate::Subject;
use bouquet_model::cluster::{KeyKind, Layout, San};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::Secret;

const KEY: KeyKind = KeyKind::EcdsaP256;

/// The one error of a build, as text with its help.
fn refusal(result: Result<Pki, Vec<Diagnostic>>) -> String {
    let errors = result.expect_err("an error");
    assert_eq!(errors.len(), 1, "{errors:?}");
    let lines = [vec![errors[0].message.clone()], errors[0].help.clone()].concat();
    lines.join("\n")
}

fn built() -> (Vec<bouquet_model::certificate::Wanted>, Out, Pki) {
    let wanted = wanted(Layout::Separate, KEY);
    let (out, pki) = Out::first(&wanted, KEY);
    (wanted, out, pki)
}

#[test]
fn a_lost_ca_is_not_replaced() {
    let (wanted, mut out, _) = built();
    (out.ca_certificate, out.ca_key) = (None, None);
    let text = refusal(out.build(&wanted, KEY, NOW));
    let message = "`out/pki/ca.crt` and `out/pki/ca.key` are missing, but `out/` holds the work of \
                   the CA `etcd-cluster-1 etcd CA 01234567`\n";
    assert!(text.starts_with(message), "{text}");
}

#[test]
fn a_ca_is_not_minted_where_the_caller_knows_of_one() {
    let wanted = wanted(Layout::Separate, KEY);
    let authorities = vec![ca(None, None, true)];
    let result = certify(Inputs { authorities, ..inputs(&wanted, &tls(KEY), NOW) });
    assert!(refusal(result).contains("holds the work of an earlier CA"));
}

#[test]
fn a_key_without_its_certificate_is_refused() {
    let (wanted, mut out, _) = built();
    out.ca_certificate = None;
    let text = refusal(out.build(&wanted, KEY, NOW));
    assert!(
        text.contains("in any `out/members/*/certs/ca.crt`: copy that to `out/pki/ca.crt`"),
        "{text}"
    );
    out.pairs.clear();
    refusal(out.build(&wanted, KEY, NOW));
}

#[test]
fn without_the_key_what_is_good_is_kept() {
    let (wanted, mut out, first) = built();
    out.ca_key = None;
    let pki = out.build(&wanted, KEY, NOW).expect("nothing to issue");
    assert!(pki.leaves().into_iter().all(|leaf| leaf.reason.is_none()));
    assert_eq!(pki.authorities[0].certificate, first.authorities[0].certificate);
}

#[test]
fn without_the_key_what_must_be_issued_is_named_with_the_ca() {
    let (mut wanted, mut out, first) = built();
    out.ca_key = None;
    wanted[1].sans.push(San::Dns("new.example".into()));
    wanted[7].generation = 2;
    let text = refusal(out.build(&wanted, KEY, NOW));
    let ca = first.authorities[0].facts.fingerprint_text();
    let expected = [
        "2 certificates must be issued, but the CA's key `out/pki/ca.key` is missing",
        &format!("the CA is `etcd-cluster-1 etcd CA 01234567`, {ca}"),
        "members/camellia/certs/peer: SANs changed: + new.example",
        "clients/kube-apiserver/client: generation changed from 1 to 2",
        "bring the key here from a clone that has it: `cargo run -- secrets import < FILE`; or put it back \
         as `out/pki/ca.key`, build, and take it away again",
    ];
    assert_eq!(text, expected.join("\n"));
    assert!(ca.starts_with("sha256:") && ca.len() == 7 + 64);
}

#[test]
fn many_needs_are_counted_not_listed() {
    let (mut wanted, mut out, _) = built();
    out.ca_key = None;
    wanted = std::iter::repeat_n(wanted, 5).flatten().collect();
    wanted.iter_mut().skip(8).for_each(|wanted| wanted.generation = 2);
    let text = refusal(out.build(&wanted, KEY, NOW));
    assert!(text.starts_with("32 certificates must"), "{text}");
    assert!(text.contains("\n… and 22 more\n"), "{text}");
}

#[test]
fn another_ca_in_the_place_of_theirs_is_refused() {
    let (wanted, mut out, _) = built();
    let mut other = Out::default();
    let authorities = vec![ExistingCa::none(1, "intruder")];
    let pki = certify(Inputs { authorities, ..inputs(&[], &tls(KEY), NOW) });
    other.write(&[], &pki.expect("a CA"));
    (out.ca_certificate, out.ca_key) = (other.ca_certificate, other.ca_key);
    let text = refusal(out.build(&wanted, KEY, NOW));
    let message = "the CA in `out/pki/ca.crt` signed none of the certificates in `out/`, which are \
                   of the CA `etcd-cluster-1 etcd CA 01234567`\nthe CA is `intruder`, sha256:";
    assert!(text.starts_with(message), "{text}");
    // Once it signed one, the others are foreign, and replaced one by one.
    let good = out.clone();
    out.pairs[0][0] = forge::sign(&good, &forge::client("camellia"));
    let pki = out.build(&wanted, KEY, NOW).expect("a build");
    let Some(reason) = &pki.leaves()[1].reason else { panic!("kept") };
    let text = "issued by another CA, `etcd-cluster-1 etcd CA 01234567`";
    assert_eq!(reason.to_string(), text);
}

#[test]
fn another_ca_of_the_same_name_is_refused_too() {
    let (wanted, mut out, _) = built();
    let (other, _) = Out::first(&wanted, KEY);
    (out.ca_certificate, out.ca_key) = (other.ca_certificate.clone(), other.ca_key.clone());
    assert!(refusal(out.build(&wanted, KEY, NOW)).contains("signed none of the certificates"));
    out.pairs[0].clone_from(&other.pairs[0]);
    let pki = out.build(&wanted, KEY, NOW).expect("a build");
    assert_eq!(pki.leaves()[0].reason, None);
    assert_eq!(pki.leaves()[1].reason, Some(Reason::Signature));
    let text = Reason::Signature.to_string();
    assert_eq!(text, "signature does not verify");
}

#[test]
fn files_that_are_not_a_ca_are_refused() {
    let (wanted, out, _) = built();
    let (other, _) = Out::first(&wanted, KEY);
    let (ca, key) = (out.ca_certificate.clone(), out.ca_key.clone());
    let text = |text: &str| Some(text.as_bytes().to_vec());
    let twice = |file: &Option<Vec<u8>>| file.as_ref().map(|file| file.repeat(2));
    let legacy = "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: \
                  AES-256-CBC,00\n\nAAAA\n-----END EC PRIVATE KEY-----\n";
    let cases = [
        (text(""), key.clone(), "`out/pki/ca.crt` holds no certificate: it is empty"),
        (text("-----BEGIN CERTIFICATE-----\nAA"), key.clone(), "`out/pki/ca.crt` is not sound PEM"),
        (Some(forge::pem("CERTIFICATE", b"0\x01")), key.clone(), "`out/pki/ca.crt` is damaged"),
        (
            twice(&ca),
            key.clone(),
            "the CA in `out/pki/ca.crt`, `etcd-cluster-1 etcd CA 01234567`, is in its file twice",
        ),
        (key.clone(), ca.clone(), "`out/pki/ca.crt` holds a private key instead of a certificate"),
        (
            out.pairs[0][0].0.clone(),
            out.pairs[0][0].1.clone(),
            "`out/pki/ca.crt` is not a CA's certificate, but `camellia`: its basicConstraints says \
             CA:FALSE",
        ),
        (ca.clone(), text(""), "`out/pki/ca.key` holds no key: it is empty"),
        (ca.clone(), ca.clone(), "`out/pki/ca.key` holds a certificate instead of a private key"),
        (ca.clone(), twice(&key), "`out/pki/ca.key` holds more than one key"),
        (ca.clone(), text("-----BEGIN PRIVATE KEY-----\n!"), "`out/pki/ca.key` is damaged"),
        (ca.clone(), Some(forge::pem("PRIVATE KEY", b"0\x01")), "`out/pki/ca.key` is damaged"),
        (ca.clone(), text(legacy), "`out/pki/ca.key` is encrypted in OpenSSL's older form"),
        (
            ca.clone(),
            other.ca_key.clone(),
            "`out/pki/ca.key` is not the key of the CA in `out/pki/ca.crt`",
        ),
    ];
    for (certificate, key, message) in cases {
        let out = Out { ca_certificate: certificate, ca_key: key, ..out.clone() };
        let text = refusal(out.build(&wanted, KEY, NOW));
        let (first, help) = text.split_once('\n').expect("help");
        assert_eq!(first, message);
        assert!(!help.is_empty());
    }
}

#[test]
fn a_ca_outside_its_time_is_refused() {
    let (wanted, out, first) = built();
    let text = refusal(out.build(&wanted, KEY, first.authorities[0].facts.not_after + 1));
    assert!(text.contains("` expired on 2036-11-19\n"), "{text}");
    let text = refusal(out.build(&wanted, KEY, first.authorities[0].facts.not_before - DAY));
    assert!(text.contains("this machine's clock says 2026-11-20"), "{text}");
}

#[test]
fn a_clock_that_is_a_little_behind_counts_as_that_of_the_newest_certificate() {
    let (wanted, out, first) = built();
    let issued = first.leaves()[0].facts.not_before + 300;
    for (behind, is_told) in [(0, false), (300, false), (301, true), (DAY, true)] {
        let pki = out.build(&wanted, KEY, issued - behind).expect("a build");
        assert!(pki.leaves().into_iter().all(|leaf| leaf.reason.is_none()), "{behind}");
        let said: Vec<_> = pki.warnings.iter().map(ToString::to_string).collect();
        assert_eq!(
            said.iter().any(|said| said.contains("this machine's clock")),
            is_told,
            "{said:?}"
        );
    }
    let text = refusal(out.build(&wanted, KEY, issued - DAY - 1));
    assert!(text.contains("`out/pki/ca.crt` was issued at 2026-11-22 00:00 UTC"), "{text}");
    // What the lock tells of certificates that are elsewhere is no word on the time.
    let mut damaged = out.clone();
    let (serial, entry) = out.issued.iter().next().expect("a certificate");
    let later =
        Entry { not_before: NOW + 3650 * DAY, not_after: NOW + 7300 * DAY, ..entry.clone() };
    damaged.issued.enter(&format!("1{serial}"), Entry { owner: Some("other".to_owned()), ..later });
    let pki = damaged.build(&wanted, KEY, NOW).expect("a build");
    assert_eq!(pki.warnings, []);
}

#[test]
fn a_clock_that_is_far_ahead_is_doubted() {
    let (wanted, out, _) = built();
    let said = |days| {
        let pki = out.build(&wanted, KEY, NOW + days * DAY).expect("a build");
        pki.warnings.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(said(365 + 31), ["every certificate had expired, the last one on 2027-11-22"]);
    assert_eq!(said(365 + 29), [""; 0]);
}

#[test]
fn what_is_wrong_is_told_at_once() {
    let (mut wanted, mut out, _) = built();
    out.ca_key = Some(b"garbage".to_vec());
    wanted[0].subject = Subject::CommonName("x".repeat(65));
    wanted[1].subject = Subject::CommonName(String::new());
    for wanted in &mut wanted {
        wanted.sans.push(San::Dns("blüte.example".into()));
    }
    let errors = out.build(&wanted, KEY, NOW).expect_err("errors");
    let messages: Vec<_> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(messages.len(), 4, "{messages:?}");
    assert!(messages[0].contains("has 65 characters"));
    assert_eq!(messages[1], "`blüte.example` has letters that a certificate cannot carry");
    assert_eq!(messages[2], "a certificate's common name must not be empty");
    assert_eq!(messages[3], "`out/pki/ca.key` holds no key");
}

#[test]
fn a_leaf_ends_with_its_ca_and_is_not_issued_again_for_that() {
    let (wanted, mut out, first) = built();
    let end = first.authorities[0].facts.not_after;
    let now = end - 200 * DAY;
    let pki = out.build(&wanted, KEY, now).expect("a build");
    assert!(pki.leaves().into_iter().all(|leaf| leaf.facts.not_after == end));
    let warnings: Vec<_> = pki.warnings.iter().map(ToString::to_string).collect();
    let expected = [
        "the CA `etcd-cluster-1 etcd CA 01234567` expires on 2036-11-19, in 200 days",
        "8 new certificates end on 2036-11-19, with the CA `etcd-cluster-1 etcd CA 01234567`, \
         before their `valid-for`",
    ];
    assert_eq!(warnings[..2], expected);
    out.write(&wanted, &pki);
    // Far inside `renew-before`: a new one would not last a second longer.
    let later = out.build(&wanted, KEY, end - DAY).expect("a build");
    assert!(later.leaves().into_iter().all(|leaf| leaf.reason.is_none()));
    assert_eq!(later.warnings.len(), 1);
}

#[test]
fn a_short_lived_ca_does_not_warn_from_its_first_day() {
    let mut tls = tls(KEY);
    (tls.valid_for, tls.ca_valid_for) = (days(7), days(90));
    let mut wanted = wanted(Layout::Combined, KEY);
    for wanted in &mut wanted {
        (wanted.valid_for, wanted.renew_before) = (days(7), days(2));
    }
    let pki = certify(inputs(&wanted, &tls, NOW));
    assert_eq!(pki.expect("a build").warnings, []);
}

#[test]
fn dates_past_the_last_year_are_refused() {
    let mut tls = tls(KEY);
    tls.ca_valid_for = days(u64::MAX / 86_400);
    assert!(refusal(certify(inputs(&[], &tls, NOW))).contains("past the year 9999"));
}

#[test]
fn a_new_ca_has_a_name_of_its_own() {
    let name = ca_common_name("etcd-cluster-1").expect("random numbers");
    let digits = name.strip_prefix("etcd-cluster-1 etcd CA ").expect("the token");
    assert!(digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_hexdigit()), "{name}");
    assert_ne!(ca_common_name("etcd-cluster-1").expect("random numbers"), name);
    let long = ca_common_name(&"ü".repeat(100)).expect("random numbers");
    assert_eq!(long.chars().count(), 64);
}

#[test]
fn nothing_printed_holds_a_key() {
    let (wanted, mut out, pki) = built();
    let debug = format!("{pki:?}");
    assert!(debug.contains("Secret(…)") && !debug.contains("PRIVATE KEY"));
    let key = Secret::from(out.ca_key.clone().expect("a key"));
    let pair = Pair { certificate: None, key: Some(key) };
    assert!(format!("{pair:?}").contains("Secret(…)"));
    let body = core::str::from_utf8(out.ca_key.as_ref().expect("a key")).expect("text");
    let line = body.lines().nth(1).expect("a line").to_owned();
    out.ca_certificate.clone_from(&out.pairs[0][0].0);
    let errors = out.build(&wanted, KEY, NOW).expect_err("errors");
    assert!(!format!("{errors:?}").contains(&line));
}
