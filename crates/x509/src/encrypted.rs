//! Private keys under a passphrase: PKCS#8's `EncryptedPrivateKeyInfo` (RFC 5958, section 3) by
//! PBES2 (RFC 8018, section 6.2), which is what openssl and certtool write.

use crate::der::{Der, INTEGER, OCTETS, OID, SEQUENCE};
use crate::error::Error;
use crate::key::KeyFault;
use crate::pem;
use crate::secret::Secret;
use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use aes::{Aes128, Aes192, Aes256};
use core::num::NonZeroU32;
use ring::pbkdf2;
use ring::rand::{SecureRandom as _, SystemRandom};
use zeroize::Zeroizing;

const ENCRYPTED: &str = "ENCRYPTED PRIVATE KEY";
const PLAIN: &str = "PRIVATE KEY";

/// What OWASP advises for PBKDF2-HMAC-SHA256, and certtool takes.
const ITERATIONS: [u8; 3] = [0x09, 0x27, 0xc0];

/// The most iterations of PBKDF2 that are made for a file: some seconds.
const MOST_ITERATIONS: u64 = 5_000_000;

/// The most that scrypt may cost, as N·r·p: 128 MiB of memory, and half a second. OpenSSL itself
/// neither writes nor reads more than a quarter of it.
const MOST_SCRYPT: u64 = 1 << 20;

/// The longest key that is encrypted, in bytes: RSA of 16,384 bits has 9,300.
const LONGEST: usize = 1 << 14;

const PBES2: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d";
const PBKDF2: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c";
const SCRYPT: &[u8] = b"\x2b\x06\x01\x04\x01\xda\x47\x04\x0b";
const HMAC_SHA1: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x02\x07";
const HMAC_SHA256: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x02\x09";
const HMAC_SHA384: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x02\x0a";
const HMAC_SHA512: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x02\x0b";
const AES_128_CBC: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01\x02";
const AES_192_CBC: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01\x16";
const AES_256_CBC: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01\x2a";

/// Tells whether a file holds a key that [`decrypt`] could open. OpenSSL's older form, with the header
/// `Proc-Type: 4,ENCRYPTED`, is none: its passphrase is hashed but once, by MD5.
pub fn is_encrypted(file: &[u8]) -> bool {
    pem::blocks(file).is_some_and(|blocks| blocks.iter().any(|block| block.label == ENCRYPTED))
}

/// Opens a key: from PEM to PEM.
///
/// # Errors
/// Says what the file is instead. What would cost minutes or gigabytes is unsupported, as is what
/// PBES2 can name but nobody uses. A file that was damaged where it is encrypted cannot be told
/// from another passphrase.
pub fn decrypt(file: &[u8], passphrase: &Secret) -> Result<Secret, KeyFault> {
    let blocks = pem::blocks(file).ok_or(KeyFault::Damaged)?;
    let mut keys = blocks.iter().filter(|block| block.label.ends_with(PLAIN));
    let key = match (keys.next(), keys.next()) {
        (Some(key), None) if key.label == ENCRYPTED => key,
        (Some(_), Some(_)) => return Err(KeyFault::Several),
        _ => return Err(KeyFault::NotAKey),
    };
    let pkcs8 = open(&key.der, passphrase.expose())?;
    Ok(Secret::from(pem::encode(PLAIN, &pkcs8)))
}

/// Seals a key: from PEM to PEM, by PBKDF2-HMAC-SHA256 and AES-256-CBC.
///
/// # Errors
/// Where it is not one key in PKCS#8, or the system has no random numbers.
pub fn encrypt(key: &Secret, passphrase: &Secret) -> Result<Secret, Error> {
    let blocks = pem::blocks(key.expose()).ok_or(Error::NotPkcs8)?;
    let [block] = blocks.as_slice() else { return Err(Error::NotPkcs8) };
    if block.label != PLAIN || !is_pkcs8(&block.der) || block.der.len() > LONGEST {
        return Err(Error::NotPkcs8);
    }
    let (mut salt, mut iv) = ([0; 16], [0; 16]);
    let random = SystemRandom::new();
    let filled = random.fill(&mut salt).and_then(|()| random.fill(&mut iv));
    filled.map_err(|ring::error::Unspecified| Error::NoRandomNumbers)?;
    Ok(Secret::from(pem::encode(ENCRYPTED, &seal(&block.der, passphrase.expose(), &salt, &iv))))
}

fn seal(pkcs8: &[u8], passphrase: &[u8], salt: &[u8], iv: &[u8; 16]) -> Vec<u8> {
    let prf = element(SEQUENCE, &[&element(OID, &[HMAC_SHA256]), &[0x05, 0]]);
    let iterations = element(INTEGER, &[&ITERATIONS]);
    let costs = element(SEQUENCE, &[&element(OCTETS, &[salt]), &iterations, &prf]);
    let kdf = element(SEQUENCE, &[&element(OID, &[PBKDF2]), &costs]);
    let cipher = element(SEQUENCE, &[&element(OID, &[AES_256_CBC]), &element(OCTETS, &[iv])]);
    let both = element(SEQUENCE, &[&kdf, &cipher]);
    let scheme = element(SEQUENCE, &[&element(OID, &[PBES2]), &both]);

    let [a, b, c] = ITERATIONS;
    let iterations = NonZeroU32::new(u32::from_be_bytes([0, a, b, c])).unwrap_or(NonZeroU32::MAX);
    let mut key = Zeroizing::new([0; 32]);
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, iterations, salt, passphrase, key.as_mut());
    // Room for the padding is made first: a buffer that grows leaves a copy of the key behind.
    let mut buffer = Zeroizing::new(vec![0; pkcs8.len() + 16]);
    buffer[..pkcs8.len()].copy_from_slice(pkcs8);
    let sealed = cbc::Encryptor::<Aes256>::new((&*key).into(), iv.into())
        .encrypt_padded::<Pkcs7>(&mut buffer, pkcs8.len())
        .expect("there is room for one block of padding");
    element(SEQUENCE, &[&scheme, &element(OCTETS, &[sealed])])
}

fn open(der: &[u8], passphrase: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
    let (scheme, sealed) = envelope(der).ok_or(KeyFault::Damaged)?;
    let (name, mut both) = algorithm(scheme).ok_or(KeyFault::Damaged)?;
    if name != PBES2 {
        return Err(KeyFault::UnsupportedEncryption);
    }
    let (kdf, cipher) = pair(&mut both).ok_or(KeyFault::Damaged)?;
    let (cipher, mut iv) = algorithm(cipher).ok_or(KeyFault::Damaged)?;
    let length = match cipher {
        AES_128_CBC => 16,
        AES_192_CBC => 24,
        AES_256_CBC => 32,
        _ => return Err(KeyFault::UnsupportedEncryption),
    };
    // Whole blocks of AES, and one of padding at least.
    if sealed.is_empty() || !sealed.len().is_multiple_of(16) {
        return Err(KeyFault::Damaged);
    }
    let iv = iv.take(OCTETS).and_then(|iv| iv.try_into().ok()).ok_or(KeyFault::Damaged)?;
    let mut key = Zeroizing::new([0; 32]);
    let key = &mut key[..length];
    Kdf::read(kdf, length)?.derive(passphrase, key);

    let mut buffer = Zeroizing::new(sealed.to_vec());
    let length = unseal(cipher, key, iv, &mut buffer).ok_or(KeyFault::WrongPassphrase)?;
    buffer.truncate(length);
    // One in 256 wrong passphrases gives sound padding.
    if is_pkcs8(&buffer) { Ok(buffer) } else { Err(KeyFault::WrongPassphrase) }
}

/// Decrypts in place; gives the length without the padding.
fn unseal(cipher: &[u8], key: &[u8], iv: &[u8; 16], buffer: &mut [u8]) -> Option<usize> {
    macro_rules! unseal {
        ($cipher:ty) => {
            cbc::Decryptor::<$cipher>::new_from_slices(key, iv)
                .ok()?
                .decrypt_padded::<Pkcs7>(buffer)
                .ok()?
        };
    }
    let plain = match cipher {
        AES_128_CBC => unseal!(Aes128),
        AES_192_CBC => unseal!(Aes192),
        _ => unseal!(Aes256),
    };
    Some(plain.len())
}

/// Says how a passphrase becomes a key.
enum Kdf<'a> {
    Pbkdf2 { prf: pbkdf2::Algorithm, salt: &'a [u8], iterations: NonZeroU32 },
    Scrypt { salt: &'a [u8], costs: scrypt::Params },
}

impl<'a> Kdf<'a> {
    fn read(identifier: &'a [u8], key_length: usize) -> Result<Self, KeyFault> {
        let (name, mut costs) = algorithm(identifier).ok_or(KeyFault::Damaged)?;
        let costs = Der(costs.take(SEQUENCE).ok_or(KeyFault::Damaged)?);
        match name {
            PBKDF2 => Self::pbkdf2(costs, key_length),
            SCRYPT => Self::scrypt(costs, key_length),
            _ => Err(KeyFault::UnsupportedEncryption),
        }
    }

    /// Reads `PBKDF2-params` (RFC 8018, appendix A.2).
    fn pbkdf2(mut costs: Der<'a>, key_length: usize) -> Result<Self, KeyFault> {
        let mut read = || {
            let salt = costs.take(OCTETS)?;
            let iterations = number(costs.take(INTEGER)?)?;
            fits(costs.optional(INTEGER), key_length)?;
            let prf = match costs.optional(SEQUENCE) {
                Some(prf) => algorithm(prf)?.0,
                None => HMAC_SHA1,
            };
            costs.end()?;
            Some((salt, iterations, prf))
        };
        let (salt, iterations, prf) = read().ok_or(KeyFault::Damaged)?;
        let prf = match prf {
            HMAC_SHA1 => pbkdf2::PBKDF2_HMAC_SHA1,
            HMAC_SHA256 => pbkdf2::PBKDF2_HMAC_SHA256,
            HMAC_SHA384 => pbkdf2::PBKDF2_HMAC_SHA384,
            HMAC_SHA512 => pbkdf2::PBKDF2_HMAC_SHA512,
            _ => return Err(KeyFault::UnsupportedEncryption),
        };
        if iterations > MOST_ITERATIONS {
            return Err(KeyFault::UnsupportedEncryption);
        }
        let iterations = u32::try_from(iterations).ok().and_then(NonZeroU32::new);
        Ok(Self::Pbkdf2 { prf, salt, iterations: iterations.ok_or(KeyFault::Damaged)? })
    }

    /// Reads `scrypt-params` (RFC 7914, section 7.1).
    fn scrypt(mut costs: Der<'a>, key_length: usize) -> Result<Self, KeyFault> {
        let mut read = || {
            let salt = costs.take(OCTETS)?;
            let (n, r) = (number(costs.take(INTEGER)?)?, number(costs.take(INTEGER)?)?);
            let p = number(costs.take(INTEGER)?)?;
            fits(costs.optional(INTEGER), key_length)?;
            costs.end()?;
            (n > 1 && n.is_power_of_two() && r > 0 && p > 0).then_some((salt, n, r, p))
        };
        let (salt, n, r, p) = read().ok_or(KeyFault::Damaged)?;
        let cost = n.checked_mul(r).and_then(|cost| cost.checked_mul(p));
        if cost.is_none_or(|cost| cost > MOST_SCRYPT) {
            return Err(KeyFault::UnsupportedEncryption);
        }
        let log_n = u8::try_from(n.ilog2()).ok();
        let (r, p) = (u32::try_from(r).ok(), u32::try_from(p).ok());
        let costs = log_n.zip(r).zip(p);
        let costs = costs.and_then(|((log_n, r), p)| scrypt::Params::new(log_n, r, p).ok());
        Ok(Self::Scrypt { salt, costs: costs.ok_or(KeyFault::UnsupportedEncryption)? })
    }

    fn derive(&self, passphrase: &[u8], key: &mut [u8]) {
        match self {
            Self::Pbkdf2 { prf, salt, iterations } => {
                pbkdf2::derive(*prf, *iterations, salt, passphrase, key);
            }
            // It does not wipe its working memory, from which no key follows without the passphrase.
            Self::Scrypt { salt, costs } => {
                scrypt::scrypt(passphrase, salt, costs, key).expect("a key is not empty");
            }
        }
    }
}

/// Returns the scheme and what is encrypted by it.
fn envelope(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut file = Der(der);
    let mut parts = Der(file.take(SEQUENCE)?);
    file.end()?;
    let (scheme, sealed) = (parts.take(SEQUENCE)?, parts.take(OCTETS)?);
    parts.end().map(|()| (scheme, sealed))
}

/// Reads `PBES2-params`: two algorithm identifiers.
fn pair<'a>(parameters: &mut Der<'a>) -> Option<(&'a [u8], &'a [u8])> {
    let mut both = Der(parameters.take(SEQUENCE)?);
    let pair = (both.take(SEQUENCE)?, both.take(SEQUENCE)?);
    both.end().map(|()| pair)
}

/// Returns the name of an algorithm; its parameters are still to be read.
fn algorithm(identifier: &[u8]) -> Option<(&[u8], Der<'_>)> {
    let mut parts = Der(identifier);
    Some((parts.take(OID)?, parts))
}

/// Returns an INTEGER that is not negative.
fn number(content: &[u8]) -> Option<u64> {
    let digits = match content {
        [0] | [1..=0x7f, ..] => content,
        [0, 0x80..=0xff, ..] => &content[1..],
        _ => return None,
    };
    let mut bytes = [0; 8];
    bytes[8usize.checked_sub(digits.len())?..].copy_from_slice(digits);
    Some(u64::from_be_bytes(bytes))
}

/// Tells whether a key length, if it is told, is the cipher's.
fn fits(told: Option<&[u8]>, key_length: usize) -> Option<()> {
    told.is_none_or(|told| number(told).is_some_and(|n| n == key_length as u64)).then_some(())
}

/// Tells whether it begins as `PrivateKeyInfo` does and ends where that says.
fn is_pkcs8(der: &[u8]) -> bool {
    let mut file = Der(der);
    let version = file.take(SEQUENCE).and_then(|key| Der(key).take(INTEGER));
    matches!(version, Some([0 | 1])) && file.end().is_some()
}

/// Returns an element of DER around the parts of its content: fewer than 65,536 bytes, with a key of
/// [`LONGEST`] in it.
fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let [.., high, low] = content.len().to_be_bytes();
    let head: &[u8] = match (high, low) {
        (0, 0..=0x7f) => &[tag, low],
        (0, _) => &[tag, 0x81, low],
        _ => &[tag, 0x82, high, low],
    };
    [head, &content].concat()
}

#[cfg(test)]
mod tests;
