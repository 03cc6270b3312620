use super::*;
use crate::certificate::ParsedCertificate;
use crate::issuer::Issuer;
use crate::key::NewKey;
use crate::pem;
use crate::private_key::prove;
use crate::tools::{folder, read as file, run, try_run, write};
use bouquet_model::cluster::KeyKind;
use bouquet_model::revocation::RevocationReason;
use proptest::prelude::*;
use rcgen::{BasicConstraints, CertificateParams, IsCa};
use std::path::Path;

/// 2026-11-22.
const NOW: i64 = 1_795_305_600;
/// 30 days later.
const NEXT: i64 = NOW + 30 * 86_400;

fn key(kind: KeyKind) -> NewKey {
    NewKey::generate(kind).expect("random numbers")
}

/// Returns an issuer that has a key, and a certificate with no key usage.
fn issuer(key: &NewKey) -> Issuer {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let certificate = params.self_signed(&key.pair().expect("a key")).expect("a certificate");
    let certificate = ParsedCertificate::parse(certificate.der()).expect("a certificate");
    Issuer::new(&certificate, key.pair().expect("a key")).expect("a plain name")
}

fn entry(serial: &[u8], date: i64, reason: RevocationReason) -> Revoked {
    Revoked { serial: serial.to_vec(), date, reason }
}

/// Makes a CA of openssl's with that key.
fn ca(folder: &Path, kind: KeyKind, options: &str) -> (NewKey, Issuer) {
    let key = key(kind);
    write(folder, "ca.key", key.secret.expose());
    let make = "openssl req -x509 -new -key ca.key -out ca.crt -days 3650 -subj /O=Us/CN=Our~CA";
    run(folder, &format!("{make} {options}"));
    let der = certificate(folder);
    let parsed = ParsedCertificate::parse(&der).expect("a certificate");
    let pair = prove(key.secret.expose(), parsed.public_key()).expect("its key");
    let issuer = Issuer::new(&parsed, pair).expect("a plain name");
    (key, issuer)
}

fn certificate(folder: &Path) -> Vec<u8> {
    pem::certificates(&file(folder, "ca.crt")).expect("a certificate").remove(0).to_vec()
}

#[test]
fn openssl_accepts_a_list_and_reads_the_same_from_it() {
    for kind in KeyKind::ALL {
        let folder = folder();
        let folder = folder.path();
        let (key, issuer) = ca(folder, *kind, "");
        let serial = [0xab; 16];
        let entries: Vec<_> = RevocationReason::ALL
            .iter()
            .zip(1..)
            .map(|(reason, i)| entry(&[i], NOW - 86_400 * i64::from(i), *reason))
            .chain([entry(&serial, 0, RevocationReason::Superseded)])
            .collect();
        let list = issue(&entries, &issuer, NOW, NEXT).expect("a list");
        write(folder, "x.crl", &list);
        let show = "openssl crl -inform DER -in x.crl -text -noout -CAfile ca.crt -verify";
        let text = run(folder, show);
        let text: Vec<_> = text.lines().map(str::trim).collect();
        let said = |what: &str| assert!(text.contains(&what), "{what}: {text:#?}");
        said("Version 2 (0x1)");
        said("Issuer: O = Us, CN = Our CA");
        said("Last Update: Nov 22 00:00:00 2026 GMT");
        said("Next Update: Dec 22 00:00:00 2026 GMT");
        said(&NOW.to_string());
        said(&format!("Serial Number: {}", "AB".repeat(16)));
        said("Revocation Date: Jan  1 00:00:00 1970 GMT");
        for reason in [
            "Key Compromise",
            "CA Compromise",
            "Affiliation Changed",
            "Superseded",
            "Cessation Of Operation",
            "Privilege Withdrawn",
        ] {
            said(reason);
        }
        assert!(!text.contains(&"Unspecified"), "absence says it");
        let list = read(&list).expect("a list");
        let der = certificate(folder);
        let ca = ParsedCertificate::parse(&der).expect("a certificate");
        assert_eq!((list.issuer, &list.entries), (ca.subject(), &entries));
        assert!(list.is_signed_by(key.public_key()));
        assert!(!list.is_signed_by(self::key(*kind).public_key()));
    }
}

#[test]
fn openssl_refuses_what_is_on_the_list_and_nothing_else() {
    // The identifiers of this CA's key are not those that this program would choose.
    let folder = folder();
    let folder = folder.path();
    write(folder, "config", b"[req]\ndistinguished_name=d\n[d]\n");
    let options = "-config config -addext basicConstraints=critical,CA:TRUE \
                   -addext keyUsage=critical,keyCertSign,cRLSign \
                   -addext subjectKeyIdentifier=0102030405";
    let (_, issuer) = ca(folder, KeyKind::EcdsaP256, options);
    assert_eq!(issuer.key_id(), Some([1, 2, 3, 4, 5].as_slice()));
    run(folder, "openssl req -new -key ca.key -subj /CN=x -out x.csr");
    for serial in ["4660", "4661"] {
        run(
            folder,
            &format!(
                "openssl x509 -req -in x.csr -CA ca.crt -CAkey ca.key -set_serial {serial} \
                 -days 3000 -out {serial}.crt"
            ),
        );
    }
    let verify = |serial: &str| {
        let at = NOW + 365 * 86_400;
        let verify = "openssl verify -x509_strict -crl_check -CAfile ca.crt -CRLfile x.pem";
        try_run(folder, &format!("{verify} -attime {at} {serial}.crt"))
    };
    let publish = |entries: &[Revoked]| {
        let list = issue(entries, &issuer, NOW, NOW + 400 * 86_400).expect("a list");
        write(folder, "x.crl", &list);
        run(folder, "openssl crl -inform DER -in x.crl -out x.pem -CAfile ca.crt -verify");
    };
    publish(&[]);
    verify("4660").expect("an empty list revokes nothing");
    publish(&[entry(&[0x12, 0x34], NOW, RevocationReason::KeyCompromise)]);
    let said = verify("4660").expect_err("revoked");
    assert!(said.contains("certificate revoked"), "{said}");
    verify("4661").expect("another");
}

#[test]
fn certtool_accepts_a_list() {
    let folder = folder();
    let folder = folder.path();
    let (_, issuer) = ca(folder, KeyKind::EcdsaP256, "");
    for entries in [vec![], vec![entry(&[0x80, 1], NOW, RevocationReason::KeyCompromise)]] {
        let list = issue(&entries, &issuer, NOW, NEXT).expect("a list");
        write(folder, "x.crl", &list);
        let text = run(folder, "certtool --crl-info --inder --infile x.crl");
        assert!(text.contains("Issuer: CN=Our CA,O=Us"), "{text}");
        assert_eq!(text.contains("Serial Number (hex): 008001"), !entries.is_empty(), "{text}");
        run(folder, "openssl crl -inform DER -in x.crl -out x.pem");
        let said = run(folder, "certtool --verify-crl --load-ca-certificate ca.crt --infile x.pem");
        assert!(said.contains("Verified."), "{said}");
    }
}

#[test]
fn an_empty_list_has_no_list_at_all() {
    let key = key(KeyKind::Ed25519);
    let list = issue(&[], &issuer(&key), NOW, NEXT).expect("a list");
    let folder = folder();
    write(folder.path(), "x.crl", &list);
    let text = run(folder.path(), "openssl crl -inform DER -in x.crl -text -noout");
    assert!(text.contains("No Revoked Certificates."), "{text}");
    let list = read(&list).expect("a list");
    assert_eq!((list.next_update, list.entries.len()), (NEXT, 0));
}

#[test]
fn a_long_list_is_read_too() {
    let key = key(KeyKind::EcdsaP256);
    let reason = RevocationReason::CessationOfOperation;
    let entries: Vec<_> =
        (0..5000u16).map(|i| entry(&[&[1], &i.to_be_bytes()[..]].concat(), NOW, reason)).collect();
    let list = issue(&entries, &issuer(&key), NOW, NEXT).expect("a list");
    assert!(list.len() > 1 << 16);
    let list = read(&list).expect("a list");
    assert!(list.is_signed_by(key.public_key()) && list.entries == entries);
}

#[test]
fn what_cannot_be_on_a_list_is_an_error() {
    let key = key(KeyKind::EcdsaP256);
    let issuer = issuer(&key);
    issue(&[], &issuer, NOW, NOW).expect_err("no time left");
    issue(&[], &issuer, NOW, i64::MAX).expect_err("past the last year");
    let never = entry(&[1], i64::MAX, RevocationReason::Superseded);
    issue(&[never], &issuer, NOW, NEXT).expect_err("past the last year");
}

#[test]
fn lists_that_are_not_ours_are_none() {
    let folder = folder();
    let folder = folder.path();
    ca(folder, KeyKind::EcdsaP256, "");
    let config = "[ca]\ndefault_ca=x\n[x]\ndatabase=db\ndefault_md=sha256\ncrlnumber=n\n";
    write(folder, "config", config.as_bytes());
    let list = |reason: &str, options: &str| {
        let line = format!("R\t361119000000Z\t261122000000Z{reason}\t1234\tunknown\t/CN=x\n");
        write(folder, "db", line.as_bytes());
        write(folder, "n", b"01\n");
        let make = "openssl ca -gencrl -config config -keyfile ca.key -cert ca.crt -out x.pem";
        run(folder, &format!("{make} {options}"));
        run(folder, "openssl crl -in x.pem -outform DER -out x.crl");
        file(folder, "x.crl")
    };
    let good = list("", "-crldays 30");
    let entries = read(&good).expect("a list").entries;
    assert_eq!(entries, [entry(&[0x12, 0x34], NOW, RevocationReason::Unspecified)]);
    let entries = list(",keyCompromise", "-crldays 30");
    let entries = read(&entries).expect("a list").entries;
    assert_eq!(entries, [entry(&[0x12, 0x34], NOW, RevocationReason::KeyCompromise)]);
    assert!(read(&list(",certificateHold", "-crldays 30")).is_none());
    write(
        folder,
        "config",
        format!("{config}[i]\nissuingDistributionPoint=critical,@j\n[j]\nindirectCRL=TRUE\n")
            .as_bytes(),
    );
    assert!(read(&list("", "-crldays 30 -crlexts i")).is_none());
    for bytes in [&[][..], b"0", b"0\0", &file(folder, "ca.crt"), &good[..good.len() - 1]] {
        assert!(read(bytes).is_none());
    }
}

/// What no signature covers: the tags and lengths around it, the algorithm beside it.
#[test]
fn no_byte_of_a_list_can_be_another() {
    let key = key(KeyKind::Ed25519);
    let entry = entry(&[0x12, 0x34], NOW, RevocationReason::KeyCompromise);
    for entries in [0, 1, 12].map(|count| vec![entry.clone(); count]) {
        let good = issue(&entries, &issuer(&key), NOW, NEXT).expect("a list");
        for at in 0..good.len() {
            for bit in 0..8 {
                let mut list = good.clone();
                list[at] ^= 1 << bit;
                let taken = read(&list).is_some_and(|list| list.is_signed_by(key.public_key()));
                assert!(!taken, "bit {bit} of byte {at}");
            }
        }
    }
}

fn entries() -> impl Strategy<Value = Vec<Revoked>> {
    let serial = prop::collection::vec(any::<u8>(), 0..20);
    let serial = serial.prop_filter("no leading zero", |serial| serial.first() != Some(&0));
    // From 1900 to 9999.
    let date = -2_208_988_800..253_402_300_800i64;
    let reason = prop::sample::select(RevocationReason::ALL);
    let entry = (serial, date, reason);
    let entry = entry.prop_map(|(serial, date, reason)| Revoked { serial, date, reason });
    prop::collection::vec(entry, 0..20)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_issued_is_read(entries in entries(), now in 0..253_402_300_000i64, more in 1..700i64) {
        let key = key(KeyKind::Ed25519);
        let list = issue(&entries, &issuer(&key), now, now + more).expect("a list");
        let list = read(&list).expect("a list");
        prop_assert!(list.is_signed_by(key.public_key()));
        prop_assert_eq!(list.next_update, now + more);
        prop_assert_eq!(list.entries, entries);
    }

    #[test]
    fn a_damaged_list_is_not_kept(entries in entries(), at in any::<prop::sample::Index>(), bits in 1..=255u8) {
        let key = key(KeyKind::Ed25519);
        let mut list = issue(&entries, &issuer(&key), NOW, NEXT).expect("a list");
        let at = at.index(list.len());
        list[at] ^= bits;
        prop_assert!(!read(&list).is_some_and(|list| list.is_signed_by(key.public_key())));
    }
}
