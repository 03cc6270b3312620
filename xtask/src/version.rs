//! Versions of three numbers, as etcd and Go print them.

use std::fmt;

/// `major.minor.patch`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(pub(crate) u32, pub(crate) u32, pub(crate) u32);

impl Version {
    /// Finds the first version in a line such as `etcd Version: 3.6.16`, `go version go1.26.8
    /// linux/amd64` or Debian's `2:1.19~1`. A missing patch number is 0; what follows the numbers
    /// is ignored.
    pub(crate) fn find(text: &str) -> Option<Self> {
        text.split([' ', '\n', ':']).find_map(Self::parse)
    }

    fn parse(word: &str) -> Option<Self> {
        let word = word.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let end = word.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(word.len());
        let mut numbers = word[..end].split('.').map(str::parse);
        let major = numbers.next()?.ok()?;
        let minor = numbers.next()?.ok()?;
        let patch = numbers.next().map_or(Some(0), Result::ok)?;
        Some(Self(major, minor, patch))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_programs_print() {
        for (text, version) in [
            ("etcd Version: 3.6.16\nGit SHA: Not provided", Version(3, 6, 16)),
            ("go version go1.26.8 linux/amd64", Version(1, 26, 8)),
            ("go version go1.27rc1 linux/amd64", Version(1, 27, 0)),
            ("2:1.19~1", Version(1, 19, 0)),
            ("3.4.23+dfsg-4", Version(3, 4, 23)),
        ] {
            assert_eq!(Version::find(text), Some(version), "{text}");
        }
        assert_eq!(Version::find("(none)"), None);
    }

    #[test]
    fn versions_order_by_number() {
        assert!(Version(1, 26, 0) > Version(1, 9, 9));
    }
}
