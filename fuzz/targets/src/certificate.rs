//! Any bytes are a certificate or not, whatever is asked about it. Several are a chain, or it is told where it breaks.

use crate::parts::{NOW, pair, signed};
use bouquet_model::certificate::Kind;
use bouquet_x509::{Broken, Chain, Limits, ParsedCertificate, fingerprint, kind_of, pem};
use zeroize::Zeroizing;

pub(crate) fn run(bytes: &[u8]) {
    let _ = kind_of(bytes);
    judge(bytes);
    // As if that was a CA which signed itself.
    if let Some(again) = signed(bytes, &pair(1)) {
        judge(&again);
    }
    if let Ok(blocks) = pem::certificates(bytes) {
        chain(&blocks);
    }
}

fn judge(der: &[u8]) {
    let Some(certificate) = ParsedCertificate::parse(der) else { return };
    for kind in [Kind::Ca, Kind::Server, Kind::Client] {
        let facts = certificate.facts(kind, Some("pink"));
        assert_eq!(facts.fingerprint, fingerprint(der));
        assert!(facts.serial.chars().all(|c| c.is_ascii_hexdigit()), "{}", facts.serial);
    }
    let _ = (certificate.subject_text(), certificate.issuer_text());
    let _ =
        (certificate.leaf_subject(), certificate.is_plainly_named(), certificate.is_self_issued());
    let _ = certificate.is_signed_by(certificate.public_key());
    if let Limits::Known(constraints) = &certificate.extensions.constraints {
        assert!(constraints.permit_all_of(constraints));
        for san in &certificate.extensions.sans {
            let _ = constraints.allows(san);
        }
    }
    chain(&[Zeroizing::new(der.to_vec())]);
}

fn chain(blocks: &[Zeroizing<Vec<u8>>]) {
    match Chain::of(blocks, NOW) {
        Ok(chain) => {
            assert!(!chain.anchor.is_empty());
            assert!(chain.anchor_facts.not_after >= chain.first_to_end.not_after);
        }
        Err(Broken::Links(why)) => assert!(!why.is_empty()),
        Err(Broken::Refused(refusals)) => {
            assert!(!refusals.is_empty());
            assert!(refusals.iter().all(|refusal| refusal.at <= blocks.len()));
        }
    }
}
