//! PEM (RFC 7468), read and written so that a private key's copies are wiped.

use data_encoding::BASE64;
use zeroize::Zeroizing;

/// The label of a certificate's block.
pub const CERTIFICATE: &str = "CERTIFICATE";

/// One `-----BEGIN …-----` block, decoded.
pub struct Block<'a> {
    /// Such as `CERTIFICATE` or `PRIVATE KEY`.
    pub label: &'a str,
    /// What it holds; wiped on drop, as it may be a key.
    pub der: Zeroizing<Vec<u8>>,
}

/// Returns every block of a file, or `None` where the text is not PEM: bytes that are not UTF-8, a
/// block that does not end, a body that is not base64. A file without any block has none.
///
/// Boundaries stand on lines of their own, because Go's reader, which is etcd's, sees no others.
pub fn blocks(pem: &[u8]) -> Option<Vec<Block<'_>>> {
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

/// Returns every certificate of a file, in DER.
///
/// # Errors
/// Says what the file is instead.
pub fn certificates(file: &[u8]) -> Result<Vec<Zeroizing<Vec<u8>>>, &'static str> {
    let blocks = blocks(file).ok_or("is not sound PEM")?;
    let mut all = Vec::with_capacity(blocks.len());
    for block in blocks {
        match block.label {
            CERTIFICATE => all.push(block.der),
            label if label.ends_with("PRIVATE KEY") => {
                return Err("holds a private key instead of a certificate");
            }
            _ => return Err("holds something else than certificates"),
        }
    }
    if all.is_empty() { Err("holds no certificate") } else { Ok(all) }
}

/// Returns the certificates among whatever else a file holds, in DER; `None` where it is not PEM.
/// The text around them may be in any encoding.
pub fn certificates_among(file: &[u8]) -> Option<Vec<Zeroizing<Vec<u8>>>> {
    let text = String::from_utf8_lossy(file);
    let blocks = blocks(text.as_bytes())?.into_iter();
    Some(blocks.filter(|block| block.label == CERTIFICATE).map(|block| block.der).collect())
}

/// Returns the uppermost certificate of a CA's file, in PEM, which is what others are given to trust; `None` where
/// it holds anything else than certificates.
pub fn anchor(file: &str) -> Option<String> {
    Some(certificate(certificates(file.as_bytes()).ok()?.last()?))
}

/// Writes a certificate, which is in DER.
pub fn certificate(der: &[u8]) -> String {
    encode(CERTIFICATE, der)
}

/// Writes bytes as a block of that label, in lines of 64 characters.
pub fn encode(label: &str, der: &[u8]) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_are_found_among_all_else_whatever_its_encoding() {
        let [one, two] = [b"one", b"two"].map(|der| certificate(der));
        let key = encode("PRIVATE KEY", b"hush");
        let (head, between) = (b"subject=O = M\xfcller\n".as_slice(), b"\r\n\t# two\n".as_slice());
        let file = [head, one.as_bytes(), key.as_bytes(), between, two.as_bytes()].concat();
        let found = certificates_among(&file).expect("PEM");
        assert_eq!(found.iter().map(|der| der.as_slice()).collect::<Vec<_>>(), [b"one", b"two"]);
        // Where there is to be nothing else, that is said.
        assert_eq!(certificates(&file), Err("is not sound PEM"));
        let file = [one, key].concat();
        assert_eq!(
            certificates(file.as_bytes()),
            Err("holds a private key instead of a certificate")
        );
    }

    #[test]
    fn a_block_that_is_cut_off_is_no_pem() {
        let file = certificate(b"one").repeat(2);
        for cut in [file.len() - 2, file.len() - 30] {
            assert!(certificates_among(&file.as_bytes()[..cut]).is_none(), "{cut}");
        }
        assert_eq!(certificates_among(b"nothing at all").map(|found| found.len()), Some(0));
    }
}
