//! What rendering does with any text and any spans.

use insta::assert_snapshot;
use proptest::prelude::*;

use super::{Diagnostic, Diagnostics, Severity, Source, Span, Style};

const TEXT: &str = "[[member]]\nname = \"pink\"\n\n[[member]]\nname = \"orange\"\n\n\n\n[[member]]\n\tname = \"pink\"\n";

fn render(text: &str, found: Diagnostic) -> String {
    Diagnostics::from(found).render(Source::new("cluster.toml", text), Style::Plain)
}

fn twice() -> Diagnostic {
    let (first, again) = (TEXT.find("\"pink\""), TEXT.rfind("\"pink\""));
    let span = |start: Option<usize>| start.map_or(Span::at(0), |at| Span::new(at, at + 6));
    Diagnostic::error("two members are called `pink`")
        .at(span(again), "again here")
        .also(span(first), "first used here")
        .note("a member's name is its key in `--initial-cluster`")
        .help("give each its own:\n\nname = \"daffodil\"")
}

#[test]
fn a_finding_shows_its_places_its_reason_and_its_remedy() {
    assert_snapshot!(render(TEXT, twice()), @r#"
    error: two members are called `pink`
      --> cluster.toml:10:9
       |
     2 | name = "pink"
       |        ------ first used here
    ...
    10 |     name = "pink"
       |            ^^^^^^ again here
       |
       = note: a member's name is its key in `--initial-cluster`
       = help: give each its own:

               name = "daffodil"

    error: cluster.toml: 1 error
    "#);
}

#[test]
fn cargo_gets_one_line_with_the_first_line_of_the_help() {
    let all = Diagnostics::from(twice());
    let lines = all.one_lines(Source::new("cluster.toml", TEXT));
    let line = "cluster.toml:10:9: two members are called `pink` (help: give each its own)";
    assert_eq!(lines, [(Severity::Error, line.to_owned())]);
}

#[test]
fn a_finding_about_another_file_shows_that_one() {
    let cut = || Diagnostic::error("`cluster.lock` is cut off");
    assert_snapshot!(render(TEXT, cut().about("cluster.lock", Some(25))), @r"
    error: `cluster.lock` is cut off
    --> cluster.lock:25
     |

    error: cluster.toml: 1 error
    ");
    assert_snapshot!(render(TEXT, cut().about("a\u{1b}/cluster.lock", None)), @r"
    error: `cluster.lock` is cut off
    --> a\u{1b}/cluster.lock
     |

    error: cluster.toml: 1 error
    ");
    let all = Diagnostics::from(vec![cut().about("cluster.lock", Some(25)), cut()]);
    let lines = all.one_lines(Source::new("cluster.toml", TEXT));
    let lines: Vec<_> = lines.iter().map(|(_, line)| line.as_str()).collect();
    let told =
        ["cluster.lock:25: `cluster.lock` is cut off", "cluster.toml: `cluster.lock` is cut off"];
    assert_eq!(lines, told);
}

#[test]
fn colours_come_only_when_asked_for() {
    let all = Diagnostics::from(twice());
    let source = Source::new("cluster.toml", TEXT);
    assert!(all.render(source, Style::Coloured).contains("\u{1b}["));
    assert!(!all.render(source, Style::Plain).contains('\u{1b}'));
}

#[test]
fn the_summary_counts_errors_and_warnings() {
    let summary = |errors: usize, warnings: usize| {
        let mut all = Diagnostics::new();
        all.extend((0..errors).map(|n| Diagnostic::error(format!("{n}"))));
        all.extend((0..warnings).map(|n| Diagnostic::warning(format!("{n}"))));
        let shown = all.render(Source::new("cluster.toml", ""), Style::Plain);
        shown.lines().last().unwrap_or_default().to_owned()
    };
    assert_eq!(summary(0, 0), "");
    assert_eq!(summary(0, 1), "warning: cluster.toml: 1 warning");
    assert_eq!(summary(3, 1), "error: cluster.toml: 3 errors, 1 warning");
    assert_eq!(summary(120, 2), "error: cluster.toml: 120 errors, 2 warnings (100 shown)");
}

#[test]
fn of_too_many_findings_the_errors_are_shown() {
    let mut all = Diagnostics::new();
    all.extend((0..200).map(|n| Diagnostic::warning(format!("{n}")).at(n..n, "")));
    all.push(Diagnostic::error("the one that counts").at(300..300, ""));
    let lines = all.one_lines(Source::new("cluster.toml", &" ".repeat(400)));
    assert_eq!(lines[0].0, Severity::Error);
    assert_eq!(lines.len(), 101);
}

#[test]
fn labels_far_apart_are_both_shown() {
    let text = format!("{TEXT}{}name = \"pink\"\n", "# \n".repeat(10_000));
    let last = text.len() - 7;
    let far = Diagnostic::error("far").at(Span::new(last, last + 6), "again").also(18..24, "first");
    assert_snapshot!(render(&text, far), @r#"
    error: far
         --> cluster.toml:10011:8
          |
    10011 | name = "pink"
          |        ^^^^^^ again
          |
         ::: cluster.toml:2:8
          |
        2 | name = "pink"
          |        ------ first

    error: cluster.toml: 1 error
    "#);
}

#[test]
fn a_name_with_control_characters_is_escaped() {
    let all = Diagnostics::from(Diagnostic::error("a\nb\u{1b}[31m").help("c\u{1b}\nd"));
    let source = Source::new("x\u{1b}]0;\n.toml", "");
    let shown = all.render(source, Style::Plain);
    assert!(!shown.contains('\u{1b}'), "{shown:?}");
    assert!(shown.starts_with("error: a\\nb\\u{1b}[31m\n"), "{shown}");
    assert_eq!(all.one_lines(source)[0].1, r"x\u{1b}]0;\n.toml: a\nb\u{1b}[31m (help: c\u{1b})");
}

proptest! {
    #[test]
    fn any_spans_in_any_text_are_shown(
        text in prop_oneof![
            any::<String>(),
            "[ -~\t\r\n\u{feff}é日\u{200b}\u{1F600}]{0,80}",
            ("[a\n]{0,20}", "[é\u{301}日]{900,1100}", "[b\r\n]{0,20}").prop_map(|(a, b, c)| a + &b + &c),
        ],
        spans in prop::collection::vec((0_usize..4_000, 0_usize..4_000), 0..5),
        far in any::<bool>(),
        message in any::<String>(),
    ) {
        let text = if far { format!("{text}{}{text}", "\n".repeat(2_000)) } else { text };
        let mut found = Diagnostic::error(message.clone()).help(message.clone()).note(message.clone());
        for (n, (start, end)) in spans.iter().enumerate() {
            let span = Span::new(*start, *end);
            found = if n == 1 { found.at(span, message.clone()) } else { found.also(span, message.clone()) };
        }
        let all = Diagnostics::from(found);
        let source = Source::new("cluster.toml", &text);
        let shown = all.render(source, Style::Plain);
        prop_assert!(!shown.contains(|c: char| c.is_control() && c != '\n'), "{shown:?}");
        prop_assert!(all.render(source, Style::Coloured).len() >= shown.len());
        for (_, line) in all.one_lines(source) {
            prop_assert!(!line.contains(|c: char| c.is_control()), "{line:?}");
        }
    }
}
