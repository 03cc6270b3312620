//! Rust in the documents is part of a program that is built and run.

use super::page::Page;
use super::root;

#[test]
fn the_readme_shows_the_example_that_embeds_its_cluster() {
    let example = std::fs::read_to_string(root().join("examples/embed/src/main.rs")).unwrap();
    let page = Page::read("README.md");
    let blocks = page.blocks();
    let shown: Vec<&str> =
        blocks.iter().filter(|b| b.info == "rust").flat_map(|b| b.text.split("\n\n")).collect();
    assert!(!shown.is_empty(), "the README shows no program");
    for part in shown {
        assert!(example.contains(part.trim_end()), "examples/embed has no\n{part}");
    }
}
