//! Any bytes are PEM or not; each block of it is written as what is read as the same.

use bouquet_x509::{FileKind, kind_of, pem};

pub(crate) fn run(bytes: &[u8]) {
    let kind = kind_of(bytes);
    let Some(blocks) = pem::blocks(bytes) else {
        assert!(pem::certificates(bytes).is_err());
        return;
    };
    for block in &blocks {
        let text = pem::encode(block.label, &block.der);
        let again = pem::blocks(text.as_bytes()).expect("what was written is PEM");
        assert_eq!(again.len(), 1, "{text:?}");
        assert_eq!((again[0].label, &again[0].der), (block.label, &block.der));
        assert!(block.der.len() * 4 <= bytes.len() * 3, "more came out than in");
    }
    let among = pem::certificates_among(bytes).expect("PEM");
    match pem::certificates(bytes) {
        Ok(certificates) => {
            assert_eq!(certificates, among);
            assert!(kind == FileKind::Certificates || kind == FileKind::Utf16, "{kind:?}");
            let text = core::str::from_utf8(bytes).expect("PEM is text");
            assert!(pem::anchor(text).is_some());
        }
        Err(_) => assert_ne!(kind, FileKind::Certificates),
    }
}
