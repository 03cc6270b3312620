//! Whatever is handed in, it is a spec or a refusal with a way out.

use crate::adopt::adopt_any;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

const SEEDS: [&str; 5] = [
    include_str!("../../../../../fuzz/seeds/adopt/etcd.env"),
    include_str!("../../../../../fuzz/seeds/adopt/etcd.conf.yml"),
    include_str!("../../../../../fuzz/seeds/adopt/etcd.service"),
    include_str!("../../../../../fuzz/seeds/adopt/etcd.yaml"),
    include_str!("../../../../../fuzz/seeds/adopt/etcd.sh"),
];

/// What ends words, lines, quotes and lists somewhere.
const PIECES: [&str; 24] = [
    "\"",
    "'",
    "\\",
    "\n",
    "$(",
    "${A}",
    "`",
    "{",
    "[",
    "]",
    ":",
    ",",
    "=",
    "%",
    "%%",
    "#",
    "--",
    "&a",
    "*a",
    "\0",
    "é",
    "\u{202e}",
    "ETCD_NAME=x\n",
    "https://[::",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn damaged_configurations_are_read_or_refused(
        seed in select(&SEEDS[..]),
        changes in vec((any::<Index>(), 0_usize..12, select(&PIECES[..])), 0..8),
    ) {
        let mut bytes = seed.as_bytes().to_vec();
        for (at, gone, piece) in changes {
            let at = at.index(bytes.len() + 1);
            let end = (at + gone).min(bytes.len());
            bytes.splice(at..end, piece.bytes());
        }
        let read = adopt_any(&bytes);
        if let Err(errors) = read {
            prop_assert!(!errors.is_empty());
            for error in errors {
                prop_assert!(!error.help.is_empty(), "{error:?}");
                prop_assert!(!error.to_string().contains(char::is_control), "{error:?}");
            }
        }
    }
}

#[test]
fn the_seeds_themselves_are_read() {
    for seed in SEEDS {
        adopt_any(seed.as_bytes()).unwrap_or_else(|errors| panic!("{errors:#?}\n{seed}"));
    }
}
