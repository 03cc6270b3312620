//! What holds for every text.

use proptest::prelude::*;

use super::super::parse_bytes;
use super::{GOOD, OPTIONS};
use crate::diagnostic::{Source, Style};

/// Makes pieces that break specs.
fn pieces() -> impl Strategy<Value = Vec<String>> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "[", "]", "[[", "]]", "{", "}", "=", ",", ".", "#", "\"", "'", "\"\"\"", "'''", "\\",
            "\n", "\r\n", "\r", "\t", " ", "\u{feff}", "\u{202e}", "\u{7}", "“", "é", "日本",
            "token", "member", "[[member]]\n", "[cluster]\n", "[member]\n", "[etcd]\n", "ip = ",
            "name = \"x\"\n", "1", "true", "10.0.0.1", "2020-01-01", "0x", "1e9", "nan", "_", "//",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[ -~\n]{0,20}",
    ];
    prop::collection::vec(piece, 0..40)
}

fn check(bytes: &[u8]) -> Result<(), TestCaseError> {
    let (spec, found) = parse_bytes(bytes, OPTIONS);
    prop_assert!(spec.is_some() || found.has_errors(), "refused without a reason");
    let text = String::from_utf8_lossy(bytes);
    let source = Source::new("cluster.toml", &text);
    let plain = found.render(source, Style::Plain);
    let odd = |c: char| c.is_control() && c != '\n';
    prop_assert!(!plain.contains(odd), "{plain:?}");
    prop_assert_eq!(plain.is_empty(), found.is_empty());
    found.render(source, Style::Coloured);
    for (_, line) in found.one_lines(source) {
        prop_assert!(!line.contains(|c: char| c.is_control()), "{line:?}");
        prop_assert!(line.starts_with("cluster.toml:"), "{line}");
    }
    for diagnostic in &found {
        prop_assert!(!diagnostic.message.ends_with('.'), "{}", diagnostic.message);
        let label = diagnostic.primary.as_ref();
        prop_assert!(label.is_some_and(|label| label.span.end <= text.len()), "{diagnostic:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        check(&bytes)?;
    }

    #[test]
    fn any_pieces_are_answered(pieces in pieces()) {
        check(pieces.concat().as_bytes())?;
    }

    #[test]
    fn a_good_spec_with_a_hole_is_answered(
        at in 0..GOOD.len(),
        length in 0_usize..20,
        pieces in pieces(),
    ) {
        let rest = (at + length).min(GOOD.len());
        check(format!("{}{}{}", &GOOD[..at], pieces.concat(), &GOOD[rest..]).as_bytes())?;
    }
}
