//! The head of every generated file.

/// The first line of every generated file, behind the mark of a comment: a reader and the compiled
/// binary know one by it.
pub const GENERATED: &str = "@generated from cluster.toml; edit that and run `cargo build`";

/// Returns the first lines of a generated file: what it is, where it comes from, what to do instead
/// of editing it.
pub(super) fn header(what: &str) -> String {
    format!("# {GENERATED}\n# {what}\n")
}
