//! The path of a file below `out/`.

use core::fmt;

/// A path below `out/`: parts joined by `/`, none of them empty or hidden, so that it neither
/// leaves `out/` nor meets the files that builds use among themselves. The one hidden file is
/// [`OutPath::GITIGNORE`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutPath(String);

impl OutPath {
    /// Takes a text for such a path; `None` if it is none: a manifest may hold anything once it was
    /// edited.
    pub fn parse(text: &str) -> Option<Self> {
        if text == Self::GITIGNORE {
            return Some(Self(text.to_owned()));
        }
        // One walk over the bytes: a large manifest has thousands of lines, and build scripts run
        // unoptimised.
        let mut before = b'/';
        for byte in text.bytes() {
            let starts = before == b'/';
            if byte < b' '
                || byte == 0x7f
                || byte == b'\\'
                || (starts && matches!(byte, b'/' | b'.'))
            {
                return None;
            }
            before = byte;
        }
        (before != b'/' && text != Self::MANIFEST).then(|| Self(text.to_owned()))
    }

    /// The folder of what cannot be had again: CAs, and the list of what was issued.
    pub const PKI: &str = "pki";

    /// What keeps git from taking in a private key.
    pub const GITIGNORE: &str = ".gitignore";

    /// Its text: private keys lie here, and one `git add` in a hurry would publish them.
    pub const IGNORED: &str = "*\n!.gitignore\n!README.md\n";

    /// The manifest, which does not list itself.
    pub const MANIFEST: &str = "manifest";

    /// Returns the path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the folder that holds the file, relative to `out/`; empty for `out/` itself.
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Returns the file's own name.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&self.0, |(_, name)| name)
    }

    /// Tells whether it names a private key, which no build ever removes.
    pub fn is_key(&self) -> bool {
        self.0.strip_suffix(".key").is_some()
    }

    /// Returns the private key that belongs to this certificate, were it one.
    pub fn key(&self) -> Option<Self> {
        self.0.strip_suffix(".crt").map(|stem| Self(format!("{stem}.key")))
    }

    /// Tells whether a folder below `out/` is for private keys, be there one yet or not. A CA whose
    /// key is elsewhere takes its time, and nobody shall have been in there before a key is.
    pub fn is_for_keys(folder: &str) -> bool {
        let mut parts = folder.split('/');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(Self::PKI), ..) | (Some("clients"), Some(_), _) => true,
            (Some("members"), Some(_), within) => within == Some("certs"),
            _ => false,
        }
    }

    /// Tells whether it is a request for a certificate, which can be made again from its key.
    pub fn is_request(&self) -> bool {
        self.0.strip_suffix(".csr").is_some()
    }

    /// Tells whether it lies in [`OutPath::PKI`].
    pub fn is_pki(&self) -> bool {
        self.0.strip_prefix(Self::PKI).is_some_and(|rest| rest.starts_with('/'))
    }
}

impl fmt::Display for OutPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_below_out_are_paths() {
        for good in [
            "cluster.rs",
            "pki/ca.key",
            "members/orange/certs/ca.crt",
            "clients/a..b/x",
            ".gitignore",
        ] {
            assert!(OutPath::parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "/",
            "/etc/passwd",
            "..",
            "../x",
            "a/../b",
            "a//b",
            "a/",
            "./a",
            ".lock",
            "a/.b",
            "pki/.gitignore",
            ".gitignored",
            "a\nb",
            "a\0b",
            "a\\b",
            "manifest",
            "a\r",
        ] {
            assert!(OutPath::parse(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn folders_are_for_keys_or_not() {
        for folder in ["pki", "pki/requests", "clients/root", "members/pki/certs"] {
            assert!(OutPath::is_for_keys(folder), "{folder}");
        }
        for folder in ["", "clients", "members", "members/certs", "members/orange"] {
            assert!(!OutPath::is_for_keys(folder), "{folder}");
        }
    }

    #[test]
    fn a_path_knows_its_folder_and_its_key() {
        let path = OutPath::parse("members/orange/certs/server.crt").unwrap();
        assert_eq!((path.folder(), path.name()), ("members/orange/certs", "server.crt"));
        assert_eq!(path.key().unwrap().as_str(), "members/orange/certs/server.key");
        assert!(path.key().unwrap().is_key() && !path.is_key());
        assert_eq!(OutPath::parse("cluster.rs").unwrap().folder(), "");
    }
}
