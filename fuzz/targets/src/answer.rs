//! Any bytes are the certificate that an external CA signed for a request, or it is told what they are instead. What is
//! taken bears that CA's signature and is for the key that was asked for.

use crate::parts::{NOW, is_harmless, pair, secret, signed};
use bouquet_build::issuing::Issuing;
use bouquet_build::pki::{
    Context, Existing, ExistingCa, ExistingRequest, Inputs, Origin, Pair, Slot, Typed, certify,
};
use bouquet_model::certificate::{Kind, Subject, Wanted};
use bouquet_model::cluster::{KeyKind, Layout, Renew, San, Tls};
use bouquet_model::node_path::NodePath;
use bouquet_model::trust::Trust;
use bouquet_x509::pem;
use std::time::Duration;

/// The certificate of the CA: its key is that of the byte 3.
const CA: &[u8] = include_bytes!("../../seeds/certificate/external");

const YEAR: Duration = Duration::from_secs(365 * 86_400);
const MONTH: Duration = Duration::from_secs(30 * 86_400);

pub(crate) fn run(bytes: &[u8]) {
    let _ = is_taken(bytes);
    let unsigned = is_taken(pem::certificate(bytes).as_bytes());
    if let Some(again) = signed(bytes, &pair(3)) {
        let is_same = again == bytes;
        let _ = is_taken(pem::certificate(&again).as_bytes());
        assert!(is_same || !unsigned, "taken without the signature of the CA");
    }
}

/// Has a build look at a request with that answer beside it.
fn is_taken(answer: &[u8]) -> bool {
    let (tls, issuing) = (tls(), Issuing::default());
    let typed = Typed { lock: "cluster.lock".as_ref(), out: "out".as_ref() };
    let context =
        Context { tls: &tls, issuing: &issuing, now: NOW, locked: false, out: "out", typed };
    let origin = Origin::Files { certificate: "corp.crt".to_owned(), key: None };
    let files = Pair { certificate: Some(pem::certificate(CA).into_bytes()), key: None };
    let pair = Pair { certificate: Some(answer.to_vec()), key: Some(secret(4)) };
    let request = ExistingRequest { text: None, pair };
    let slot = Slot { wanted: wanted(), existing: Existing { places: Vec::new(), request } };
    let ca = ExistingCa { pair: files, origin, ..ExistingCa::none(1, "") };
    let pki = certify(Inputs::first(context, vec![slot], vec![ca]));
    match pki {
        Ok(pki) => {
            assert_eq!(pki.leaves().len(), 1, "an answer is taken or refused");
            true
        }
        Err(errors) => {
            assert!(!errors.is_empty(), "refused without a reason");
            for error in errors {
                assert!(!error.help.is_empty(), "refused without a way out: {error}");
                is_harmless(&error.to_string());
            }
            false
        }
    }
}

fn wanted() -> Wanted {
    Wanted {
        kind: Kind::Server,
        owner: Some("pink".to_owned()),
        subject: Subject::CommonName("pink".to_owned()),
        sans: vec![San::Dns("pink.example.org".into()), San::Ip([127, 0, 0, 1].into())],
        key: KeyKind::Ed25519,
        valid_for: YEAR,
        renew_before: MONTH,
        issuer: 1,
        generation: 1,
        renew: Renew::NewKey,
        places: vec!["members/pink/certs/server".to_owned()],
    }
}

fn tls() -> Tls {
    let only = Trust { issue: 1, trust: vec![1].into() };
    Tls {
        layout: Layout::Separate,
        certs_dir: NodePath::from_static("/opt/etcd/certs"),
        file_names: Vec::new().into(),
        key: KeyKind::Ed25519,
        valid_for: YEAR,
        ca_valid_for: 10 * YEAR,
        renew_before: MONTH,
        renew: Renew::NewKey,
        generation: 1,
        clients: only.clone(),
        peers: only,
        client_auth: true,
        crl: false,
        common_name: None,
        extra_sans: Vec::new().into(),
    }
}
