//! What `bouquet check-node` says of a node.

use super::node::Node;
use bouquet_operate::{Exit, Outcome};

/// The text of a form of a member's options.
pub fn form(node: &Node, member: &str, form: &str) -> String {
    node.ask(&["command", member, "-o", form]).stdout
}

pub fn unit(node: &Node) -> String {
    form(node, "orange", "systemd")
}

/// The state of a file in a table.
pub fn state<'a>(outcome: &'a Outcome, file: &str) -> &'a str {
    let row = |line: &'a str| line.strip_prefix(file)?.strip_prefix("  ");
    let rest = outcome.stdout.lines().find_map(row);
    let rest = rest.unwrap_or_else(|| panic!("no {file} in\n{}", outcome.stdout));
    rest.trim_start().split_once("  ").unwrap().1.trim_start()
}

/// Asks the node itself, of which something is wrong.
pub fn wrong(node: &Node) -> Outcome {
    let outcome = node.ask(&["check-node"]);
    assert_eq!(outcome.exit, Exit::Failed, "{outcome:?}");
    outcome
}
