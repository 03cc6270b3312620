//! Any bytes are a request for a certificate or not, and what asks for one thing does not ask for another.

use crate::parts::{pair, secret, signed};
use bouquet_model::certificate::{Kind, Subject};
use bouquet_model::cluster::{KeyKind, San};
use bouquet_x509::{Leaf, NewKey, asks_for, pem, prove_request};

pub(crate) fn run(bytes: &[u8]) {
    judge(bytes);
    judge(pem::encode("CERTIFICATE REQUEST", bytes).as_bytes());
    if let Some(again) = signed(bytes, &pair(1)) {
        judge(pem::encode("CERTIFICATE REQUEST", &again).as_bytes());
    }
}

fn judge(file: &[u8]) {
    let [one, two] = [1, 2].map(secret);
    let of_one = prove_request(file, one.expose()).is_ok();
    assert!(!of_one || prove_request(file, two.expose()).is_err(), "it is of two keys");
    let key = NewKey::read(&one, KeyKind::Ed25519).expect("any bytes are a key");
    let subjects = ["pink", "orange"].map(|name| Subject::CommonName(name.to_owned()));
    let sans = [San::Dns("pink.example.org".into())];
    let asks = subjects.each_ref().map(|subject| {
        let leaf = Leaf { kind: Kind::Server, subject, sans: &sans };
        asks_for(file, &leaf, KeyKind::Ed25519, &key.public)
    });
    assert_ne!(asks, [true, true], "it asks for two names");
    assert!(of_one || asks == [false, false], "it is believed without a signature");
}
