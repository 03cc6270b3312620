//! Valid specs, damaged at random: no panic, every finding in its place, the same answer twice.

use bouquet_build::diagnostic::{Source, Style};
use bouquet_build::prove;
use proptest::collection::vec;
use proptest::prelude::*;

const SPECS: [&str; 8] = [
    include_str!("../../../../../cluster.toml"),
    include_str!("../../../../../examples/behind-nat/cluster.toml"),
    include_str!("../../../../../examples/two-networks/cluster.toml"),
    include_str!("../../../../../examples/kubernetes/cluster.toml"),
    include_str!("../../../../../examples/one-machine/cluster.toml"),
    include_str!("../../../../../examples/plain/cluster.toml"),
    include_str!("../../../../../examples/shared/cluster.toml"),
    include_str!("../../../../../examples/stateful-set/cluster.toml"),
];

/// What is put where something else was: TOML's own signs, and words that mean something.
const SCRAPS: [&str; 24] = [
    "",
    "\"",
    "'",
    "[",
    "]",
    "[[",
    "=",
    "\n",
    "#",
    "{",
    "}",
    ",",
    "\\",
    "\u{202e}",
    "0",
    "-1",
    "true",
    "\"\"",
    "[etcd]\n",
    "[[member]]\n",
    "etcd = {}\n",
    "\"3.6\"",
    "99999999999999999999",
    "\"::\"",
];

/// One change: what is taken away from where, and what comes there.
#[derive(Debug, Clone)]
struct Change {
    at: usize,
    length: usize,
    scrap: usize,
}

fn change() -> impl Strategy<Value = Change> {
    (any::<usize>(), 0..40_usize, 0..SCRAPS.len()).prop_map(|(at, length, scrap)| Change {
        at,
        length,
        scrap,
    })
}

fn mutated(text: &str, changes: &[Change]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for Change { at, length, scrap } in changes {
        let at = at % (bytes.len() + 1);
        let end = (at + length).min(bytes.len());
        bytes.splice(at..end, SCRAPS[*scrap].bytes());
    }
    bytes
}

/// Lines that change their places, are doubled or lost: still TOML, for the most part.
fn shuffled(text: &str, swaps: &[(usize, usize, u8)]) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    for (a, b, what) in swaps {
        let (a, b) = (a % lines.len(), b % lines.len());
        match what {
            0 => lines.swap(a, b),
            1 => lines[a] = lines[b],
            _ => lines[a] = "",
        }
    }
    lines.join("\n")
}

fn hold_to_it(source: &[u8]) {
    let (cluster, found) = prove(source);
    let text = String::from_utf8_lossy(source);
    let said = found.render(Source::new("cluster.toml", &text), Style::Plain);
    assert_eq!(cluster.is_none(), found.has_errors(), "{said}");
    let (again, found_again) = prove(source);
    assert_eq!(cluster, again);
    assert_eq!(said, found_again.render(Source::new("cluster.toml", &text), Style::Plain));
}

#[test]
fn examples_are_accepted() {
    for text in SPECS {
        let (cluster, found) = prove(text.as_bytes());
        let said = found.render(Source::new("cluster.toml", text), Style::Plain);
        assert!(cluster.is_some() && !found.has_errors(), "{said}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_specs_never_panic(which in 0..SPECS.len(), changes in vec(change(), 1..6)) {
        hold_to_it(&mutated(SPECS[which], &changes));
    }

    #[test]
    fn rearranged_specs_never_panic(
        which in 0..SPECS.len(),
        swaps in vec((any::<usize>(), any::<usize>(), 0..3_u8), 1..8),
    ) {
        hold_to_it(shuffled(SPECS[which], &swaps).as_bytes());
    }
}
