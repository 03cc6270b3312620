//! A private key's text, handled so that it does not spread.

use core::fmt;
use zeroize::Zeroizing;

/// The text of a private key file. It is wiped when it is dropped, prints as `Secret(..)`, and is
/// neither cloned nor displayed by accident.
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Takes what a key file holds, as it is.
    pub fn new(text: Vec<u8>) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text, for the one who writes the file. It must not reach a log or a message.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_print() {
        let secret = Secret::new(b"hush".to_vec());
        assert_eq!(format!("{secret:?} {:?}", Some(&secret)), "Secret(..) Some(Secret(..))");
    }
}
