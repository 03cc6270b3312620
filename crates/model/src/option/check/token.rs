//! `auth-token`: how etcd makes the tokens of logged-in users
//! (`decomposeOpts` in etcd's `auth/store.go`, `jwtOptions` in `auth/options.go`).

use super::text::{normal_path, one_of};
use crate::diagnostic::Diagnostic;
use crate::option::duration::GoDuration;
use crate::option::etcd_option::EtcdOption;
use crate::option::kind::Word;
use crate::option::value::Value;
use crate::option::versions::Versions;
use crate::version::{EtcdVersion, Minor};

const METHODS: [Word; 13] = [
    Word::new("HS256"),
    Word::new("HS384"),
    Word::new("HS512"),
    Word::new("RS256"),
    Word::new("RS384"),
    Word::new("RS512"),
    Word::new("PS256"),
    Word::new("PS384"),
    Word::new("PS512"),
    Word::new("ES256"),
    Word::new("ES384"),
    Word::new("ES512"),
    Word::only("EdDSA", Versions::since(Minor::V3_6)),
];
const PARAMETERS: &[&str] = &["sign-method", "priv-key", "pub-key", "ttl"];

const TTL: &str = "write `ttl=5m`, for example, or leave it out";

impl EtcdOption {
    pub(super) fn token_provider(
        &self,
        text: &str,
        version: EtcdVersion,
    ) -> Result<Value, Diagnostic> {
        self.printable(text)?;
        let mut parts = text.split(',');
        match parts.next() {
            Some("simple") if text == "simple" => {}
            Some("simple") => {
                return Err(Diagnostic::error("`simple` tokens take no parameters")
                    .help(format!("write `{} = \"simple\"`", self.name)));
            }
            Some("jwt") => jwt(parts, version)?,
            _ => {
                return Err(Diagnostic::error(format!("`{text}` is no way to make tokens")).help(
                    "write `simple`, or `jwt,sign-method=ES256,priv-key=/…` with what else it takes",
                ));
            }
        }
        Ok(Value::Text(text.to_owned().into()))
    }
}

fn jwt<'a>(parts: impl Iterator<Item = &'a str>, version: EtcdVersion) -> Result<(), Diagnostic> {
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for part in parts {
        let (key, value) = part
            .split_once('=')
            .filter(|(_, value)| !value.is_empty() && !value.contains('='))
            .ok_or_else(|| {
                Diagnostic::error(format!("`{part}` is no parameter of `jwt`"))
                    .help("write a name, one `=` and a value, such as `priv-key=/etc/etcd/jwt.key`")
            })?;
        if !PARAMETERS.contains(&key) {
            return Err(Diagnostic::error(format!("`jwt` has no parameter `{key}`"))
                .help(format!("it takes {}", one_of(PARAMETERS))));
        }
        if seen.iter().any(|(other, _)| *other == key) {
            return Err(
                Diagnostic::error(format!("`jwt` has `{key}` twice")).help("keep one of them")
            );
        }
        parameter(key, value, version)?;
        seen.push((key, value));
    }
    let of = |key| seen.iter().find(|(seen, _)| *seen == key).map(|(_, value)| *value);
    let has = |key| of(key).is_some();
    let Some(method) = of("sign-method") else {
        return Err(
            Diagnostic::error("`jwt` has no `sign-method`").help("such as `sign-method=ES256`")
        );
    };
    if !has("priv-key") && !has("pub-key") {
        return Err(
            Diagnostic::error("`jwt` has no key").help("such as `priv-key=/etc/etcd/jwt.key`")
        );
    }
    // `hmacKey` in etcd's `auth/options.go`.
    if method.starts_with("HS") && !has("priv-key") {
        return Err(Diagnostic::error(format!("`{method}` has no secret to sign with"))
            .note("one secret both signs and verifies, and etcd takes it as `priv-key`")
            .help("write `priv-key=/…` in place of `pub-key`, or a method with two keys, such as `ES256`"));
    }
    if method.starts_with("HS") && has("pub-key") {
        return Err(Diagnostic::error(format!("`{method}` has one secret, and no public key"))
            .help("remove `pub-key`: etcd reads the file, and does nothing with it"));
    }
    Ok(())
}

fn parameter(key: &str, value: &str, version: EtcdVersion) -> Result<(), Diagnostic> {
    match key {
        "sign-method" => {
            let known: Vec<&str> = Word::of(&METHODS, version).collect();
            if known.contains(&value) {
                return Ok(());
            }
            let finding =
                Diagnostic::error(format!("etcd {version} cannot sign a token by `{value}`"));
            Err(finding.help(format!("write {}", one_of(&known))))
        }
        "priv-key" | "pub-key" => normal_path(value),
        "ttl" => match GoDuration::parse(value) {
            Ok(ttl) if ttl > GoDuration::ZERO => Ok(()),
            Ok(_) => {
                Err(Diagnostic::error(format!("`{value}` is no time for a token to be valid"))
                    .help(TTL))
            }
            Err(error) => {
                Err(Diagnostic::error(format!("`{value}` is not a duration: {error}")).help(TTL))
            }
        },
        _ => Ok(()),
    }
}
