//! The passphrase of the CAs' keys: read from its file or variable, and held to what a passphrase is.

use super::external::{beside, content};
use crate::issuing::{self, Issuing};
use crate::pki::Passphrase;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::Secret;
use std::path::Path;

/// The most bytes that are read: a file with more is no passphrase.
const LARGEST: u64 = 1 << 10;

/// The fewest characters that OpenSSL takes (`crypto/pem/pem_lib.c`, `MIN_LENGTH`).
const FEWEST: usize = 4;

/// The fewest characters that are not weak: with fewer, every passphrase is tried in a day on a single machine,
/// whatever PBKDF2 costs.
const ENOUGH: usize = 8;

/// Reads the passphrase, and warns of one that is too short. One that is not there is only missed where
/// it is needed.
///
/// # Errors
/// A file that is there and cannot be read, and what no passphrase is.
pub(in crate::edge) fn passphrase(
    issuing: &Issuing,
    spec: &Path,
) -> Result<(Passphrase, Option<Diagnostic>), Vec<Diagnostic>> {
    let at = |found: Diagnostic| found.at_if(issuing.spans.passphrase, "named here");
    let (bytes, shown) = match &issuing.passphrase {
        None => return Ok((Passphrase::None, None)),
        Some(issuing::Passphrase::Variable(name)) => {
            let shown = format!("the environment variable `{name}`");
            let missing = || Passphrase::Missing(format!("{shown} is not set"));
            let Some(bytes) = variable(name) else { return Ok((missing(), None)) };
            (bytes, shown)
        }
        Some(issuing::Passphrase::File(file)) => {
            let path = beside(spec, file);
            let shown = format!("`{}`", path.display());
            match content(&path, LARGEST).map_err(|error| vec![at(error)])? {
                Some(bytes) => (Secret::from(bytes), shown),
                None => return Ok((Passphrase::Missing(format!("{shown} is missing")), None)),
            }
        }
    };
    let line = bytes.expose().split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let length = length(line).map_err(|what| {
        let error = Diagnostic::error(format!("{shown} {what}"));
        vec![at(error.help("it encrypts the CA's key; its first line counts"))]
    })?;
    let weak = (length < ENOUGH).then(|| {
        at(Diagnostic::warning(format!("{shown} holds a passphrase of {length} characters"))
            .help(
                "anyone who has a copy of the CA's key can try all passphrases that short in a day",
            )
            .help(format!(
                "take {ENOUGH} at least, better twice as many: Bouquet's page on certificates \
                 tells how to change it"
            )))
    });
    Ok((Passphrase::Given(Secret::from(line.to_vec())), weak))
}

/// Reads a variable. One that is empty is one that is not set: so CI systems hand on a secret that they lack.
#[expect(clippy::disallowed_methods, reason = "the passphrase is read here alone")]
fn variable(name: &str) -> Option<Secret> {
    let value = std::env::var_os(name).filter(|value| !value.is_empty())?;
    Some(Secret::from(value.into_encoded_bytes()))
}

/// Returns the number of characters of a passphrase.
///
/// # Errors
/// What is wrong with one that is none; continues the name of its place.
fn length(line: &[u8]) -> Result<usize, String> {
    if line.is_empty() {
        return Err("holds no passphrase".to_owned());
    }
    if line.len() as u64 > LARGEST {
        return Err(format!("holds more than {LARGEST} bytes: that is no passphrase"));
    }
    let text = core::str::from_utf8(line);
    let text = text.map_err(|_| "holds no passphrase: it is not text in UTF-8".to_owned())?;
    if text.starts_with('\u{feff}') {
        return Err("begins with a byte order mark, which nobody can type".to_owned());
    }
    if text.starts_with("-----BEGIN ") {
        return Err("holds PEM: everybody knows how that begins".to_owned());
    }
    if text.trim().is_empty() {
        return Err("holds no passphrase: there are only blanks in it".to_owned());
    }
    if text.chars().any(char::is_control) {
        return Err("holds no passphrase: there are control characters in it".to_owned());
    }
    match text.chars().count() {
        count @ ..FEWEST => Err(format!(
            "holds a passphrase of {count}: OpenSSL takes none of fewer than {FEWEST} characters"
        )),
        count => Ok(count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_passphrase_is_told() {
        for (line, said) in [
            (b"".as_slice(), "holds no passphrase"),
            (b"abc", "a passphrase of 3: OpenSSL takes none of fewer than 4"),
            ("äöü".as_bytes(), "a passphrase of 3"),
            (b"rose\0bud", "control characters"),
            (b"rose\tbud", "control characters"),
            (&[0; 1024], "control characters"),
            (b"rose\xffbud", "not text in UTF-8"),
            ("\u{feff}a rose".as_bytes(), "a byte order mark"),
            (b"-----BEGIN PRIVATE KEY-----", "holds PEM"),
            (b"          ", "only blanks"),
            (&[b'a'; 1025], "more than 1024 bytes"),
        ] {
            let error = length(line).expect_err("none");
            assert!(error.contains(said), "{error}");
        }
        for (line, count) in [("rosebud", 7), ("a long one, with blanks", 23), ("äöüß", 4)] {
            assert_eq!(length(line.as_bytes()), Ok(count));
        }
    }
}
