//! What is found, as a table and as JSON, and how it ends.

use super::report::{exit, json, text};
use crate::exit::Exit;
use crate::node::checks::tests::scene::{PAGE, but, disk, well};

#[test]
fn a_node_of_which_all_is_well_is_a_table_and_what_it_does_not_tell() {
    let checks = well().checks();
    let text = anstream::adapter::strip_str(&text(&checks, "bouquet")).to_string();
    assert!(
        PAGE.contains(&format!("```text\n{text}```\n")),
        "docs/commands.md shows another one than\n{text}"
    );
    assert_eq!(exit(&checks), Exit::Done);
}

#[test]
fn errors_come_before_warnings_and_either_is_a_failure() {
    let mut scene = disk(|disk| disk.free = 1 << 30);
    assert_eq!(exit(&scene.checks()), Exit::Failed);
    scene.facts.account = Ok(None);
    let checks = scene.checks();
    let text = anstream::adapter::strip_str(&text(&checks, "bouquet")).to_string();
    let at = |word: &str| text.find(word).unwrap_or_else(|| panic!("{word} in {text}"));
    assert!(at("\nerror: there is no account") < at("\nwarning: 1.0 GiB are free"), "{text}");
    assert_eq!(exit(&checks), Exit::Failed);
}

#[test]
fn programs_are_told_the_same() {
    let scene = but(|facts| facts.account = Ok(None));
    let checks = scene.checks();
    let value: serde_json::Value = serde_json::from_str(&json("orange", &checks)).expect("JSON");
    assert_eq!((&value["member"], &value["exit"]), (&"orange".into(), &1.into()));
    assert_eq!(value["checks"].as_array().expect("a list").len(), checks.len());
    let finding = &value["findings"][0];
    assert_eq!((&finding["check"], &finding["severity"]), (&"account".into(), &"error".into()));
    assert!(finding["help"][0].as_str().expect("a text").contains("bouquet install orange"));
}
