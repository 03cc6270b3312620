//! JSON for programs.

use serde::Serialize;

/// Returns the value over several lines, with a line break at the end.
pub(crate) fn json(value: &impl Serialize) -> String {
    // Derived serializers of texts, numbers and lists have nothing that could fail.
    let text = serde_json::to_string_pretty(value).expect("texts, numbers and lists serialize");
    text + "\n"
}
