//! Whatever lies in `out/`, a build neither panics nor keeps what nobody signed.

use super::cluster::{NOW, Out, Pair, wanted};
use super::forge;
use bouquet_model::certificate::Wanted;
use bouquet_model::cluster::{KeyKind, Layout};
use proptest::prelude::*;
use std::sync::OnceLock;

/// A change to the bytes of a file.
#[derive(Debug, Clone)]
enum Damage {
    Flip(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Insert(prop::sample::Index, u8),
    Remove(prop::sample::Index),
    Replace(Vec<u8>),
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        4 => (any::<prop::sample::Index>(), 1..=255u8).prop_map(|(at, bits)| Damage::Flip(at, bits)),
        1 => any::<prop::sample::Index>().prop_map(Damage::Cut),
        1 => (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(at, b)| Damage::Insert(at, b)),
        1 => any::<prop::sample::Index>().prop_map(Damage::Remove),
        1 => prop::collection::vec(any::<u8>(), 0..200).prop_map(Damage::Replace),
    ]
}

impl Damage {
    fn to(&self, file: &mut Vec<u8>) {
        match self {
            Self::Flip(at, bits) => {
                let at = at.index(file.len());
                file[at] ^= bits;
            }
            Self::Cut(at) => file.truncate(at.index(file.len())),
            Self::Insert(at, byte) => file.insert(at.index(file.len()), *byte),
            Self::Remove(at) => {
                file.remove(at.index(file.len()));
            }
            Self::Replace(bytes) => file.clone_from(bytes),
        }
    }

    /// Damages the file's text, or what the text encodes.
    fn apply(&self, label: &str, inside: bool, file: &[u8]) -> Vec<u8> {
        let mut bytes = if inside { forge::der(file) } else { file.to_vec() };
        self.to(&mut bytes);
        if inside { forge::pem(label, &bytes) } else { bytes }
    }
}

/// What a first build with keys of that kind wrote.
fn out(key: KeyKind) -> &'static (Vec<Wanted>, Out) {
    static ALL: [OnceLock<(Vec<Wanted>, Out)>; 3] = [const { OnceLock::new() }; 3];
    let index = KeyKind::ALL.iter().position(|kind| *kind == key).expect("a kind");
    ALL[index].get_or_init(|| {
        let wanted = wanted(Layout::Combined, key);
        let (out, _) = Out::first(&wanted, key);
        (wanted, out)
    })
}

const KINDS: [KeyKind; 2] = [KeyKind::EcdsaP256, KeyKind::Ed25519];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_damaged_certificate_is_kept_only_if_it_still_says_the_same(
        key in prop::sample::select(KINDS.as_slice()),
        damage in damage(),
        inside in any::<bool>(),
    ) {
        let (wanted, out) = out(key);
        let mut out = out.clone();
        let good = out.pairs[0][0].0.clone().expect("a certificate");
        let bad = damage.apply("CERTIFICATE", inside, &good);
        out.pairs[0][0].0 = Some(bad.clone());
        let pki = out.build(wanted, key, NOW).expect("a build");
        let leaf = pki.leaves()[0];
        if leaf.reason.is_none() {
            // Text around the block, or an end of line, may change; what it encodes may not.
            prop_assert_eq!(forge::der(&good), forge::der(leaf.certificate.as_bytes()));
        }
    }

    #[test]
    fn a_damaged_key_is_kept_only_if_it_is_the_same_key(
        key in prop::sample::select(KINDS.as_slice()),
        damage in damage(),
        inside in any::<bool>(),
    ) {
        let (wanted, out) = out(key);
        let mut out = out.clone();
        let good = out.pairs[0][0].1.clone().expect("a key");
        let bad = damage.apply("PRIVATE KEY", inside, &good);
        out.pairs[0][0].1 = Some(bad.clone());
        let pki = out.build(wanted, key, NOW).expect("a build");
        let leaf = pki.leaves()[0];
        if leaf.reason.is_none() {
            prop_assert_eq!(without_version(&good), without_version(&bad));
        }
    }

    #[test]
    fn a_damaged_ca_is_an_error_or_the_same_ca(
        key in prop::sample::select(KINDS.as_slice()),
        damage in damage(),
        inside in any::<bool>(),
        of_key in any::<bool>(),
    ) {
        let (wanted, out) = out(key);
        let mut out = out.clone();
        let (file, label) = if of_key {
            (&mut out.ca_key, "PRIVATE KEY")
        } else {
            (&mut out.ca_certificate, "CERTIFICATE")
        };
        let good = file.clone().expect("a file");
        *file = Some(damage.apply(label, inside, &good));
        if let Ok(pki) = out.build(wanted, key, NOW) {
            prop_assert!(pki.leaves().into_iter().all(|leaf| leaf.reason.is_none()));
            prop_assert!(of_key || forge::der(&good) == forge::der(pki.authorities[0].certificate.as_bytes()));
        }
    }

    #[test]
    fn files_in_the_wrong_places_do_not_panic(
        places in prop::collection::vec(any::<prop::sample::Index>(), 6),
        key in prop::sample::select(KINDS.as_slice()),
    ) {
        let (wanted, sound) = out(key);
        let other = &out(KeyKind::EcdsaP384).1;
        let pair = |out: &Out, i: usize| -> Pair { out.pairs[i][0].clone() };
        let mut files = vec![None, sound.ca_certificate.clone(), sound.ca_key.clone()];
        files.extend([other.ca_certificate.clone(), other.ca_key.clone()]);
        for (out, i) in [(sound, 0), (sound, 1), (other, 0)] {
            let (certificate, key) = pair(out, i);
            files.extend([certificate, key]);
        }
        let mut pick = places.iter().map(|index| files[index.index(files.len())].clone());
        let mut next = || pick.next().flatten();
        let mut out = Out { ca_certificate: next(), ca_key: next(), ..sound.clone() };
        out.pairs[0] = vec![(next(), next())];
        out.pairs[1] = vec![(next(), next())];
        let _ = out.build(wanted, key, NOW);
    }
}

/// A PKCS#8 file without its version, which is 0 or 1 and means nothing to its readers.
fn without_version(file: &[u8]) -> Vec<u8> {
    let mut der = forge::der(file);
    let version = der.windows(3).position(|bytes| bytes[..2] == [2, 1]).expect("a version");
    der.remove(version + 2);
    der
}
