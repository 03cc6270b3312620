//! `auth-token`: the keys that tokens are signed with.

use bouquet_model::cluster::KeyKind;
use bouquet_model::node_path::NodePath;

/// An option for tokens, with a key of the trial's own.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// The option's value.
    pub(super) text: String,
    /// The file of the key.
    pub(super) path: NodePath,
    /// The key that is to be in it.
    pub(super) key: TokenKey,
    /// What is other than in the spec.
    pub(super) note: Option<String>,
}

/// A key that signs tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKey {
    /// A secret of HMAC.
    Secret,
    /// A private key.
    Private(KeyKind),
}

/// Returns the option with a key in that folder; `None` where it needs none. All members have the same one, as
/// each has to verify what another signed.
///
/// A public key is left out: etcd takes it from the private one (`ecKey` in its `auth/options.go`). `ring` makes
/// no keys of RSA or P-521; where the spec wants one, tokens are signed by ES256.
pub(super) fn moved(text: &str, folder: &NodePath) -> Option<Token> {
    let parameters: Vec<(&str, &str)> =
        text.strip_prefix("jwt,")?.split(',').filter_map(|part| part.split_once('=')).collect();
    let (_, wanted) = parameters.iter().find(|(name, _)| *name == METHOD)?;
    let (method, key) = match *wanted {
        "ES256" => ("ES256", TokenKey::Private(KeyKind::EcdsaP256)),
        "ES384" => ("ES384", TokenKey::Private(KeyKind::EcdsaP384)),
        "EdDSA" => ("EdDSA", TokenKey::Private(KeyKind::Ed25519)),
        hmac if hmac.starts_with("HS") => (hmac, TokenKey::Secret),
        _ => ("ES256", TokenKey::Private(KeyKind::EcdsaP256)),
    };
    let path = folder.join(&format!("{method}.key"));
    let mut text = format!("jwt,{METHOD}={method},priv-key={path}");
    for (name, value) in parameters.iter().filter(|(name, _)| !REPLACED.contains(name)) {
        text.extend([",", name, "=", value]);
    }
    let note = (method != *wanted).then(|| {
        format!("tokens are signed by {method} here: this program makes no key for {wanted}")
    });
    Some(Token { text, path, key, note })
}

const METHOD: &str = "sign-method";

const REPLACED: [&str; 3] = [METHOD, "priv-key", "pub-key"];
