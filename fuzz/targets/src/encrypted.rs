//! Any bytes are a key under a passphrase or get a reason why not, and never take long.

use bouquet_x509::encrypted::{decrypt, is_encrypted};
use bouquet_x509::{Secret, pem};

pub(crate) fn run(bytes: &[u8]) {
    judge(bytes);
    // Base64 would keep most of what is tried from being anything.
    judge(pem::encode("ENCRYPTED PRIVATE KEY", bytes).as_bytes());
}

fn judge(file: &[u8]) {
    let opened = decrypt(file, &Secret::from("rosebud".to_owned()));
    if let Ok(key) = opened {
        assert!(is_encrypted(file));
        assert!(!is_encrypted(key.expose()));
    }
}
