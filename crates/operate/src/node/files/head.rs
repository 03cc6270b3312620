//! The comments that a generated file begins with.

use bouquet_model::artifact::GENERATED;

/// What stands before a member's name.
const MEMBER: &str = "etcd member ";

/// Returns `true` where a file is one that a build writes, perhaps edited since.
pub(super) fn is_generated(text: &str) -> bool {
    lines(text).any(|line| line == GENERATED)
}

/// Returns whose file it is, and the words in which it says what it is.
pub(super) fn member(text: &str) -> Option<(&str, &str)> {
    lines(text).find_map(|line| line.strip_prefix(MEMBER)?.split_once(": "))
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map_while(|line| line.strip_prefix('#')).map(str::trim)
}
