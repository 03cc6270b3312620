//! Keys for tokens.

use super::spec::FOLDER;
use crate::trial::token::{Token, TokenKey, moved};
use bouquet_model::cluster::KeyKind;

#[test]
fn tokens_are_signed_by_a_key_of_the_trials_own() {
    for (text, value, key) in [
        (
            "jwt,pub-key=/a,priv-key=/b,sign-method=ES384,ttl=5m",
            "jwt,sign-method=ES384,priv-key=/tmp/trial/ES384.key,ttl=5m",
            TokenKey::Private(KeyKind::EcdsaP384),
        ),
        (
            "jwt,sign-method=EdDSA,pub-key=/a",
            "jwt,sign-method=EdDSA,priv-key=/tmp/trial/EdDSA.key",
            TokenKey::Private(KeyKind::Ed25519),
        ),
        (
            "jwt,sign-method=HS512,priv-key=/a",
            "jwt,sign-method=HS512,priv-key=/tmp/trial/HS512.key",
            TokenKey::Secret,
        ),
    ] {
        let token = moved(text, &FOLDER).expect(text);
        assert_eq!((token.text.as_str(), token.key, token.note), (value, key, None));
    }
    assert_eq!(moved("simple", &FOLDER), None);
}

#[test]
fn where_no_such_key_can_be_made_it_is_said() {
    for method in ["RS256", "PS512", "ES512"] {
        let text = format!("jwt,sign-method={method},priv-key=/a");
        let Token { text, note, .. } = moved(&text, &FOLDER).unwrap();
        assert_eq!(text, "jwt,sign-method=ES256,priv-key=/tmp/trial/ES256.key");
        assert!(note.unwrap().contains(method));
    }
}
