//! The head of every generated file.

use crate::cluster::Member;
use crate::digest::SHOWN;

/// The first line of every generated file, behind the mark of a comment: a reader and the compiled
/// binary know one by it.
pub const GENERATED: &str = "@generated from cluster.toml; edit that and run `cargo build`";

/// What stands before a digest in a head.
pub const DEFINITION: &str = "definition ";

/// Returns the first lines of a generated file: what it is, where it comes from, what to do instead
/// of editing it.
pub(super) fn header(what: &str) -> String {
    format!("# {GENERATED}\n# {what}\n")
}

/// Returns the first lines of a member's file, with the digest of what it is defined as.
pub(super) fn member_header(member: &Member, what: &str) -> String {
    let Member { name, digest, .. } = member;
    format!("# {GENERATED}\n# {DEFINITION}{digest}\n# etcd member {name}: {what}\n")
}

/// Returns the digest in the head of a member's file, as a [`Digest`](crate::digest::Digest) is
/// shown; `None` where there is none, as in files of releases that had none, and of others.
pub fn definition_in(text: &str) -> Option<&str> {
    let mut head = text.lines().map_while(|line| line.strip_prefix('#'));
    head.find(|line| line.trim_start() == GENERATED)?;
    let digest = head.next()?.trim_start().strip_prefix(DEFINITION)?;
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (digest.len() == SHOWN && digest.bytes().all(is_digit)).then_some(digest)
}

/// Returns what follows the head of a file: all but the comments that it begins with.
pub fn body(text: &str) -> &str {
    let mut rest = text;
    while rest.starts_with('#') {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_is_read_from_a_head_and_from_nowhere_else() {
        let head = format!("#!/bin/sh\n# {GENERATED}\n");
        let of = |rest: &str| definition_in(&(head.clone() + rest)).map(str::to_owned);
        assert_eq!(of("# definition 0123456789abcdef\n"), Some("0123456789abcdef".into()));
        assert_eq!(of("# definition 0123456789abcdef\r\nx"), Some("0123456789abcdef".into()));
        for other in [
            "",
            "\n# definition 0123456789abcdef\n",
            "# etcd member pink\n# definition 0123456789abcdef\n",
            "# definition 0123456789abcde\n",
            "# definition 0123456789abcdef0\n",
            "# definition 0123456789ABCDEF\n",
            "# definition 0123456789abcdeé\n",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
        assert_eq!(definition_in("# definition 0123456789abcdef\n"), None);
    }

    #[test]
    fn the_body_is_all_that_follows_the_head() {
        assert_eq!(body("#!/bin/sh\n# a\nset -eu\n# b\n"), "set -eu\n# b\n");
        assert_eq!(body("# a\n\n# b\n"), "\n# b\n");
        assert_eq!((body("# a"), body("")), ("", ""));
    }
}
