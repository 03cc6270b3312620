//! A member's folder that comes as a tar.

use crate::node::install::source::unpacked;
use crate::secrets::write_tar;

const NAMES: [&str; 3] = ["one/certs/peer.crt", "one/certs/peer.key", "one/etcd.service"];

fn tar() -> Vec<u8> {
    let files = NAMES.map(|name| (name.to_owned(), name.as_bytes(), 0o600));
    write_tar(&files).unwrap().expose().to_vec()
}

/// Wherever a connection ended, also between two blocks.
#[test]
fn a_tar_that_is_cut_at_any_byte_is_refused() {
    let tar = tar();
    assert_eq!(unpacked(&tar, "bouquet").unwrap().len(), NAMES.len());
    for length in 0..tar.len() {
        assert!(unpacked(&tar[..length], "bouquet").is_err(), "the first {length} bytes");
    }
}

/// Nobody takes a part of it for the whole: what a changed bit leaves whole are contents, which are proven afterwards.
#[test]
fn a_tar_with_a_bit_that_changed_has_the_same_files_or_is_refused() {
    let tar = tar();
    let names = |files: std::collections::BTreeMap<std::path::PathBuf, _>| {
        files.into_keys().collect::<Vec<_>>()
    };
    let whole = names(unpacked(&tar, "bouquet").unwrap());
    for bit in 0..tar.len() * 8 {
        let mut changed = tar.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        if let Ok(files) = unpacked(&changed, "bouquet") {
            assert_eq!(names(files), whole, "bit {bit}");
        }
    }
}
