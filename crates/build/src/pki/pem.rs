//! PEM (RFC 7468), read and written so that a private key's copies are wiped.

use data_encoding::BASE64;
use zeroize::Zeroizing;

/// One `-----BEGIN …-----` block, decoded.
pub(super) struct Block<'a> {
    /// Such as `CERTIFICATE` or `PRIVATE KEY`.
    pub(super) label: &'a str,
    /// What it holds; wiped on drop, as it may be a key.
    pub(super) der: Zeroizing<Vec<u8>>,
}

/// Every block of a file, or `None` where the text is not PEM: bytes that are not UTF-8, a block
/// that does not end, a body that is not base64. A file without any block has none.
///
/// Boundaries stand on lines of their own, because Go's reader, which is etcd's, sees no others.
pub(super) fn blocks(pem: &[u8]) -> Option<Vec<Block<'_>>> {
    let text = core::str::from_utf8(pem).ok()?;
    let mut lines = text.lines().map(|line| line.trim_end_matches([' ', '\t']));
    let mut blocks = Vec::with_capacity(1);
    while let Some(line) = lines.next() {
        let Some(label) = boundary(line, "-----BEGIN ") else { continue };
        // Reserved at once: a buffer that grows leaves copies of a key behind.
        let mut body = Zeroizing::new(Vec::with_capacity(text.len()));
        loop {
            let line = lines.next()?;
            match boundary(line, "-----END ") {
                Some(end) if end == label => break,
                Some(_) => return None,
                None => body.extend_from_slice(line.as_bytes()),
            }
        }
        blocks.push(Block { label, der: decode(&body)? });
    }
    Some(blocks)
}

/// Bytes as a block of that label, in lines of 64 characters.
pub(super) fn encode(label: &str, der: &[u8]) -> String {
    let lines = der.len().div_ceil(48);
    let mut text = String::with_capacity(2 * (label.len() + 18) + lines * 65);
    text.extend(["-----BEGIN ", label, "-----\n"]);
    for line in der.chunks(48) {
        BASE64.encode_append(line, &mut text);
        text.push('\n');
    }
    text.extend(["-----END ", label, "-----\n"]);
    text
}

fn boundary<'a>(line: &'a str, begin: &str) -> Option<&'a str> {
    line.strip_prefix(begin)?.strip_suffix("-----")
}

fn decode(base64: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut der = Zeroizing::new(vec![0; BASE64.decode_len(base64.len()).ok()?]);
    let length = BASE64.decode_mut(base64, &mut der).ok()?;
    der.truncate(length);
    Some(der)
}
