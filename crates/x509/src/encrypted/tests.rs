use super::*;
use crate::tools::{folder, read, run, try_run, write};
use proptest::prelude::*;

fn secret(text: &str) -> Secret {
    Secret::from(text.to_owned())
}

/// Returns what openssl makes of an encrypted key: its PKCS#8 form.
fn opened(folder: &std::path::Path, name: &str) -> Vec<u8> {
    run(folder, &format!("openssl pkcs8 -in {name} -passin pass:hush -out opened.pem"));
    read(folder, "opened.pem")
}

const KEYS: [&str; 4] = [
    "-algorithm EC -pkeyopt ec_paramgen_curve:P-256",
    "-algorithm EC -pkeyopt ec_paramgen_curve:P-384",
    "-algorithm ED25519",
    "-algorithm RSA -pkeyopt rsa_keygen_bits:3072",
];

#[test]
fn what_others_encrypted_is_read() {
    let folder = folder();
    let folder = folder.path();
    for key in KEYS {
        run(folder, &format!("openssl genpkey {key} -out plain.pem"));
        for how in [
            "openssl pkcs8 -topk8 -in plain.pem -passout pass:hush -out x.pem",
            "openssl pkcs8 -topk8 -in plain.pem -passout pass:hush -out x.pem -v2 aes-128-cbc",
            "openssl pkcs8 -topk8 -in plain.pem -passout pass:hush -out x.pem -v2 aes-192-cbc",
            "openssl pkcs8 -topk8 -in plain.pem -passout pass:hush -out x.pem -scrypt",
            "openssl pkcs8 -topk8 -in plain.pem -passout pass:hush -out x.pem -v2prf hmacWithSHA1",
            "openssl pkcs8 -topk8 -in plain.pem -passout pass:hush -out x.pem -v2prf hmacWithSHA384",
            "openssl pkcs8 -topk8 -in plain.pem -passout pass:hush -out x.pem -v2prf hmacWithSHA512",
            "openssl pkcs8 -topk8 -in plain.pem -passout pass:hush -out x.pem -iter 1",
            "openssl pkey -in plain.pem -aes256 -passout pass:hush -out x.pem",
            "certtool --to-p8 --load-privkey plain.pem --password hush --outfile x.pem",
            "certtool --to-p8 --load-privkey plain.pem --password hush --outfile x.pem \
             --pkcs-cipher aes-256",
        ] {
            run(folder, how);
            let file = read(folder, "x.pem");
            assert!(is_encrypted(&file), "{how}");
            let plain = decrypt(&file, &secret("hush"));
            let plain = plain.unwrap_or_else(|fault| panic!("{how}: {fault:?}"));
            assert_eq!(plain.expose(), opened(folder, "x.pem"), "{how}");
            assert_eq!(decrypt(&file, &secret("Hush")), Err(KeyFault::WrongPassphrase), "{how}");
        }
    }
}

#[test]
fn what_is_encrypted_others_read() {
    let folder = folder();
    let folder = folder.path();
    for key in KEYS {
        run(folder, &format!("openssl genpkey {key} -out plain.pem"));
        let plain = Secret::from(read(folder, "plain.pem"));
        let sealed = encrypt(&plain, &secret("hush")).expect("a key");
        write(folder, "x.pem", sealed.expose());
        assert_eq!(opened(folder, "x.pem"), plain.expose());
        for tool in [
            "openssl pkcs8 -in x.pem -passin pass:",
            "certtool --key-info --infile x.pem --password ",
        ] {
            run(folder, &format!("{tool}hush"));
            try_run(folder, &format!("{tool}Hush")).expect_err("another passphrase");
        }
        let parsed = run(folder, "openssl asn1parse -in x.pem");
        for what in ["PBES2", "PBKDF2", ":0927C0", "hmacWithSHA256", "aes-256-cbc"] {
            assert!(parsed.contains(what), "{parsed}");
        }
        assert_eq!(decrypt(sealed.expose(), &secret("hush")), Ok(plain.clone()));
        assert_eq!(decrypt(sealed.expose(), &secret("")), Err(KeyFault::WrongPassphrase));
        let again = encrypt(&plain, &secret("hush")).expect("a key");
        assert_ne!(again, sealed, "salt and IV are random");
    }
}

#[test]
fn what_is_not_one_encrypted_key_is_told_apart() {
    let folder = folder();
    let folder = folder.path();
    run(folder, &format!("openssl genpkey {} -out plain.pem", KEYS[0]));
    let topk8 = "openssl pkcs8 -topk8 -in plain.pem -passout pass:hush -out x.pem";
    let made = |options: &str| {
        run(folder, &format!("{topk8} {options}"));
        read(folder, "x.pem")
    };
    let plain = read(folder, "plain.pem");
    run(folder, "openssl ec -in plain.pem -aes256 -passout pass:hush -out old.pem");
    let old = read(folder, "old.pem");
    let good = made("");
    let cases = [
        (made("-v2 des3"), KeyFault::UnsupportedEncryption),
        (made("-v1 PBE-SHA1-3DES"), KeyFault::UnsupportedEncryption),
        (made("-iter 5000001"), KeyFault::UnsupportedEncryption),
        (good.repeat(2), KeyFault::Several),
        ([good.clone(), plain.clone()].concat(), KeyFault::Several),
        (plain.clone(), KeyFault::NotAKey),
        (Vec::new(), KeyFault::NotAKey),
        (old.clone(), KeyFault::Damaged),
        (pem::encode(ENCRYPTED, b"0\x01").into_bytes(), KeyFault::Damaged),
    ];
    for (file, fault) in cases {
        assert_eq!(decrypt(&file, &secret("hush")), Err(fault), "{file:?}");
    }
    assert!(!is_encrypted(&plain) && !is_encrypted(&old) && !is_encrypted(b"\xff"));
    for file in [good, b"".to_vec(), plain.repeat(2), pem::encode(PLAIN, b"x").into_bytes()] {
        encrypt(&Secret::from(file), &secret("hush")).expect_err("not one key");
    }
}

/// A key derivation, its costs, and what is said of them.
type Case<'a> = (&'a [u8], Vec<&'a [u8]>, KeyFault);

/// Returns an encrypted key whose costs are those, as PBES2 would say them.
fn with_costs(kdf: &[u8], costs: &[&[u8]]) -> Vec<u8> {
    let kdf = element(SEQUENCE, &[&element(OID, &[kdf]), &element(SEQUENCE, costs)]);
    let cipher = element(SEQUENCE, &[&element(OID, &[AES_256_CBC]), &element(OCTETS, &[&[0; 16]])]);
    let scheme =
        element(SEQUENCE, &[&element(OID, &[PBES2]), &element(SEQUENCE, &[&kdf, &cipher])]);
    element(SEQUENCE, &[&scheme, &element(OCTETS, &[&[0; 48]])])
}

#[test]
fn a_file_cannot_ask_for_minutes_or_gigabytes() {
    let number = |digits: &[u8]| element(INTEGER, &[digits]);
    let salt = element(OCTETS, &[b"salt"]);
    let (one, eight, huge) = (number(&[1]), number(&[8]), number(&[0x7f; 8]));
    let n = number(&[0x40, 0]);
    let (most, wider) = (number(&[0x02, 0, 0]), number(&[0, 0xff, 0xff, 0xff, 0xff]));
    let refused: [Case<'_>; 12] = [
        (PBKDF2, vec![&salt, &huge], KeyFault::UnsupportedEncryption),
        (PBKDF2, vec![&salt, &wider], KeyFault::UnsupportedEncryption),
        (PBKDF2, vec![&salt, b"\x02\x01\x00"], KeyFault::Damaged),
        (PBKDF2, vec![&salt, b"\x02\x01\xff"], KeyFault::Damaged),
        (PBKDF2, vec![&salt, b"\x02\x02\x00\x01"], KeyFault::Damaged),
        (PBKDF2, vec![&salt, &one, &eight], KeyFault::Damaged),
        (SCRYPT, vec![&salt, &n, &huge, &one], KeyFault::UnsupportedEncryption),
        (SCRYPT, vec![&salt, &n, &eight, &huge], KeyFault::UnsupportedEncryption),
        (SCRYPT, vec![&salt, &most, &eight, &eight], KeyFault::UnsupportedEncryption),
        (SCRYPT, vec![&salt, &huge, &one, &one], KeyFault::Damaged),
        (SCRYPT, vec![&salt, &one, &eight, &one], KeyFault::Damaged),
        (SCRYPT, vec![&salt, &n, b"\x02\x01\x00", &one], KeyFault::Damaged),
    ];
    for (kdf, costs, fault) in refused {
        assert_eq!(open(&with_costs(kdf, &costs), b"x"), Err(fault), "{costs:x?}");
    }
    let fair = with_costs(SCRYPT, &[&salt, &n, &eight, &one]);
    assert_eq!(open(&fair, b"x"), Err(KeyFault::WrongPassphrase));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn damage_is_noticed(at in any::<prop::sample::Index>(), bits in 1..=255u8) {
        let salt = element(OCTETS, &[b"salt"]);
        let mut der = with_costs(PBKDF2, &[&salt, &element(INTEGER, &[&[2]])]);
        let at = at.index(der.len());
        der[at] ^= bits;
        prop_assert!(open(&der, b"x").is_err());
    }
}
