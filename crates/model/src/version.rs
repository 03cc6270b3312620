//! The etcd release a cluster runs, as `cluster.toml` names it: `3.5` or `3.5.30`.

use std::fmt;

/// A minor release line of etcd that this project knows, oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Minor {
    /// etcd 3.4
    V3_4,
    /// etcd 3.5
    V3_5,
    /// etcd 3.6
    V3_6,
    /// etcd 3.7
    V3_7,
}

impl Minor {
    /// Every known minor, oldest first.
    pub const ALL: [Self; 4] = [Self::V3_4, Self::V3_5, Self::V3_6, Self::V3_7];

    /// Returns the number after `3.`.
    pub const fn number(self) -> u8 {
        match self {
            Self::V3_4 => 4,
            Self::V3_5 => 5,
            Self::V3_6 => 6,
            Self::V3_7 => 7,
        }
    }
}

impl fmt::Display for Minor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "3.{}", self.number())
    }
}

/// A version of etcd. Without a patch it stands for *any* release of its minor,
/// so it has only what the very first of them has, and sorts before all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EtcdVersion {
    minor: Minor,
    patch: Option<u16>,
}

impl EtcdVersion {
    /// Makes a version or a whole minor: `new(Minor::V3_5, Some(30))` is 3.5.30, `new(Minor::V3_5,
    /// None)` any 3.5.
    pub const fn new(minor: Minor, patch: Option<u16>) -> Self {
        Self { minor, patch }
    }

    /// Reads `3.5` or `3.5.30`.
    ///
    /// # Errors
    /// When the text is no version number, or names a line of etcd that is not
    /// in [`Minor::ALL`].
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        let fault = |problem| VersionError { text: text.to_owned(), problem };
        if let Some(rest) = text.strip_prefix(['v', 'V'])
            && Self::parse(rest).is_ok()
        {
            return Err(fault(Problem::Prefixed(rest.to_owned())));
        }
        let numbers = text
            .split('.')
            .map(number)
            .collect::<Option<Vec<u16>>>()
            .ok_or_else(|| fault(Problem::Malformed))?;
        let (major, minor, patch) = match numbers[..] {
            [major, minor] => (major, minor, None),
            [major, minor, patch] => (major, minor, Some(patch)),
            _ => return Err(fault(Problem::Malformed)),
        };
        Minor::ALL
            .into_iter()
            .find(|known| major == 3 && minor == u16::from(known.number()))
            .map(|minor| Self { minor, patch })
            .ok_or_else(|| fault(Problem::Unsupported))
    }

    /// Returns the release line.
    pub const fn minor(self) -> Minor {
        self.minor
    }

    /// Returns the exact release within the line, if one is named.
    pub const fn patch(self) -> Option<u16> {
        self.patch
    }

    /// Returns the minors from this one to another: fewer than none, where that is an earlier one.
    pub(crate) fn steps_to(self, to: Self) -> i16 {
        i16::from(to.minor.number()) - i16::from(self.minor.number())
    }

    /// Tells whether this release is one of those that another version means.
    pub fn is_of(self, version: Self) -> bool {
        let is_any = version.patch.is_none();
        self.minor == version.minor && (is_any || self.patch == version.patch)
    }

    /// Returns the oldest patch release this version may mean.
    pub const fn floor(self) -> u16 {
        match self.patch {
            Some(patch) => patch,
            None => 0,
        }
    }
}

/// Reads decimal digits without sign or leading zero, so that no two texts are the same version.
fn number(text: &str) -> Option<u16> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    plain.then(|| text.parse().ok()).flatten()
}

impl fmt::Display for EtcdVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.minor)?;
        self.patch.map_or(Ok(()), |patch| write!(f, ".{patch}"))
    }
}

/// A text that is not a version of etcd.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionError {
    text: String,
    problem: Problem,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Problem {
    Malformed,
    Prefixed(String),
    Unsupported,
}

impl VersionError {
    /// Returns the version to write instead, in words.
    pub fn help(&self) -> String {
        match &self.problem {
            Problem::Prefixed(rest) => format!("drop the `v`: write `{rest}`"),
            Problem::Malformed => {
                "write a release line such as `3.5`, or one release such as `3.5.30`".to_owned()
            }
            Problem::Unsupported => "supported are 3.4, 3.5, 3.6 and 3.7".to_owned(),
        }
    }
}

impl fmt::Display for VersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problem {
            Problem::Malformed | Problem::Prefixed(_) => {
                write!(f, "`{}` is not a version of etcd", self.text)
            }
            Problem::Unsupported => write!(f, "etcd `{}` is not supported", self.text),
        }
    }
}

impl std::error::Error for VersionError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(text: &str) -> (String, String) {
        let error = EtcdVersion::parse(text).expect_err(text);
        (error.to_string(), error.help())
    }

    #[test]
    fn lines_and_releases_are_read_and_printed_alike() {
        for (text, minor, patch) in [
            ("3.4", Minor::V3_4, None),
            ("3.5.0", Minor::V3_5, Some(0)),
            ("3.6.14", Minor::V3_6, Some(14)),
            ("3.7", Minor::V3_7, None),
        ] {
            let version = EtcdVersion::parse(text).expect(text);
            assert_eq!(version, EtcdVersion::new(minor, patch));
            assert_eq!(version.to_string(), text);
        }
    }

    #[test]
    fn a_line_means_all_of_its_releases() {
        let version = |text: &str| EtcdVersion::parse(text).expect(text);
        for (spec, release, is_of) in [
            ("3.5", "3.5.33", true),
            ("3.5", "3.6.1", false),
            ("3.5.30", "3.5.30", true),
            ("3.5.30", "3.5.33", false),
        ] {
            assert_eq!(version(release).is_of(version(spec)), is_of, "{spec} {release}");
        }
    }

    #[test]
    fn versions_sort_by_age() {
        let sorted = ["3.4", "3.4.45", "3.5", "3.5.0", "3.5.9", "3.5.30", "3.6"];
        assert!(sorted.map(|text| EtcdVersion::parse(text).expect(text)).is_sorted());
    }

    #[test]
    fn a_leading_v_is_pointed_out() {
        assert_eq!(
            complaint("v3.5.30"),
            ("`v3.5.30` is not a version of etcd".into(), "drop the `v`: write `3.5.30`".into())
        );
    }

    #[test]
    fn other_lines_say_which_are_supported() {
        for text in ["3.3", "3.8", "4.0", "2.3.8", "3.50"] {
            let (message, help) = complaint(text);
            assert_eq!(message, format!("etcd `{text}` is not supported"));
            assert_eq!(help, "supported are 3.4, 3.5, 3.6 and 3.7");
        }
    }

    #[test]
    fn anything_else_is_no_version() {
        for text in [
            "",
            "3",
            "3.",
            "3.5.",
            "3.5.1.2",
            "3.05",
            "3.5.x",
            "+3.5",
            "3.5.99999",
            "latest",
            "v",
            "3.5 ",
        ] {
            assert_eq!(complaint(text).0, format!("`{text}` is not a version of etcd"));
        }
    }
}
