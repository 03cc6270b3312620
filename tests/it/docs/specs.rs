//! Every `toml` block is a spec, or a part of one, that compiles; a `toml wrong` block is one that
//! does not, for the reason that the block after it shows.

use super::PAGES;
use super::page::{Block, Page};
use super::writes;
use bouquet_build::diagnostic::{Source, Style};
use bouquet_build::prove;

/// What a fragment lacks is taken from here.
const BASE: &[(&str, &str)] = &[
    ("[cluster]", "[cluster]\ntoken = \"docs-1\"\netcd = \"3.5.33\"\n"),
    (
        "[[member]]",
        "[[member]]\nname = \"daffodil\"\nip = \"192.168.65.103\"\n\
         [[member]]\nname = \"pink\"\nip = \"192.168.65.102\"\n\
         [[member]]\nname = \"orange\"\nip = \"192.168.65.101\"\n",
    ),
    ("[[client]]", "[[client]]\nname = \"root\"\n"),
];

#[test]
fn every_spec_and_fragment_compiles() {
    for page in PAGES.iter().copied().map(Page::read) {
        for block in page.blocks() {
            let spec = match block.info {
                "toml" => block.text.to_owned(),
                "toml fragment" => completed(block.text),
                _ => continue,
            };
            let (cluster, found) = prove(spec.as_bytes());
            let errors = found.render(Source::new("cluster.toml", &spec), Style::Plain);
            assert!(cluster.is_some(), "{}:{}:\n{spec}\n{errors}", page.path, block.line);
        }
    }
}

#[test]
fn every_wrong_spec_fails_as_shown() {
    let mut page = Page::read("docs/spec.md");
    let mut rewritten = Vec::new();
    let blocks = page.blocks();
    for pair in blocks.windows(2).filter(|pair| pair[0].info == "toml wrong") {
        let printed = failure(&pair[0]);
        if !writes() {
            let place = format!("{}:{}", page.path, pair[1].line);
            assert_eq!(pair[1].text, printed, "{place}: another message");
        }
        rewritten.push((pair[1].range.clone(), printed));
    }
    assert!(!rewritten.is_empty(), "no wrong spec is shown");
    if writes() {
        for (range, text) in rewritten.into_iter().rev() {
            page.text.replace_range(range, &text);
        }
        page.write();
    }
}

/// The messages without the summary.
fn failure(block: &Block<'_>) -> String {
    let spec = completed(block.text);
    let (cluster, found) = prove(spec.as_bytes());
    assert!(cluster.is_none(), "docs/spec.md:{}: it compiles", block.line);
    let shown = found.render(Source::new("cluster.toml", &spec), Style::Plain);
    let (messages, _) = shown.rsplit_once("\n\n").expect("a summary follows the messages");
    format!("{messages}\n")
}

/// A fragment first, so that lines keep their numbers; then what it lacks.
fn completed(fragment: &str) -> String {
    let lacks = |header: &str| fragment.lines().all(|line| !line.trim_start().starts_with(header));
    let rest: Vec<&str> = BASE.iter().filter(|(h, _)| lacks(h)).map(|(_, text)| *text).collect();
    format!("{fragment}\n{}", rest.concat())
}
