//! Looking for private keys where they must not be.

use super::snapshot::files;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What of a private key must be nowhere else: its lines, its bytes, and the secret number in them.
pub(crate) struct Secret {
    pub(crate) file: PathBuf,
    pub(crate) texts: Vec<Vec<u8>>,
}

/// Every private key below a folder.
pub(crate) fn secrets(out: &Path) -> Vec<Secret> {
    let keys = files(out, ".key");
    assert!(!keys.is_empty(), "there is no key in {}", out.display());
    keys.into_iter().map(secret).collect()
}

fn secret(file: PathBuf) -> Secret {
    let text = fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("-----")).collect();
    assert!(!lines.is_empty() && text.contains("PRIVATE KEY"), "{}", file.display());
    let output = Command::new("openssl")
        .args(["pkey", "-noout", "-text", "-in"])
        .arg(&file)
        .output()
        .expect("this test needs the command openssl: install it");
    let shown = String::from_utf8(output.stdout).unwrap();
    let shown_number: String = shown
        .lines()
        .skip_while(|line| !line.starts_with("priv"))
        .skip(1)
        .take_while(|line| line.starts_with(' '))
        .collect();
    let number: Vec<u8> = shown_number
        .split(':')
        .map(|byte| u8::from_str_radix(byte.trim(), 16).expect("openssl shows hexadecimal"))
        .collect();
    assert!(number.len() >= 32, "openssl shows no private key in {}", file.display());
    // A part of the number is enough: as bytes, which DER holds as they are, in hexadecimal, and as a
    // list of numbers, as `Debug` shows bytes.
    let part = &number[8..24];
    let digits: String = shown_number.chars().filter(char::is_ascii_hexdigit).collect();
    let hex = digits[16..48].to_owned();
    let list = format!("{part:?}");
    // The first half of the first line is the same in all keys of a kind. Later than this comes the
    // public key, which is in the certificate too.
    let second = lines.get(1).and_then(|line| line.get(..24));
    let mut texts: Vec<Vec<u8>> =
        lines[0].get(32..).into_iter().chain(second).map(|text| text.as_bytes().to_vec()).collect();
    texts.extend([part.to_vec(), hex.to_uppercase().into(), hex.into()]);
    texts.push(list.trim_matches(['[', ']']).into());
    Secret { file, texts }
}

/// Whether a part of any of these keys is there.
pub(crate) fn holds(secrets: &[Secret], bytes: &[u8]) -> bool {
    find(secrets, bytes).is_some()
}

/// Fails where a part of any of these keys is there.
pub(crate) fn assert_absent(secrets: &[Secret], place: &str, bytes: &[u8]) {
    if let Some(Secret { file, .. }) = find(secrets, bytes) {
        panic!("a part of {} is in {place}", file.display());
    }
}

/// One pass over what may be a large file: most places are ruled out by their first two bytes.
fn find<'a>(secrets: &'a [Secret], bytes: &[u8]) -> Option<&'a Secret> {
    let mut begins = vec![false; 1 << 16];
    let pair = |bytes: &[u8]| usize::from(bytes[0]) << 8 | usize::from(bytes[1]);
    for text in secrets.iter().flat_map(|secret| &secret.texts) {
        begins[pair(text)] = true;
    }
    for at in 0..bytes.len().saturating_sub(1) {
        if !begins[pair(&bytes[at..])] {
            continue;
        }
        let is_here = |secret: &&Secret| secret.texts.iter().any(|t| bytes[at..].starts_with(t));
        if let Some(secret) = secrets.iter().find(is_here) {
            return Some(secret);
        }
    }
    None
}
