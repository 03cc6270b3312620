//! `out/manifest`: what builds have written, so that a later one can remove what is stale.

use super::path::OutPath;
use bouquet_model::artifact::{DEFINITION, GENERATED, definition_in};
use std::collections::BTreeSet;

/// The files that builds have written below `out/`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    /// Their paths; sorted, so that equal sets are equal texts.
    pub paths: BTreeSet<OutPath>,
    /// The digest of the cluster that they are of, as it is shown.
    pub definition: Option<String>,
}

const EXPLANATION: &str = "\
# The files that cargo build has written here. One that is listed and no longer wanted is removed
# by the next build, but never a private key; files that are not listed are left alone.
";

impl Manifest {
    /// Reads a manifest. Lines that are not paths below `out/` are passed over: at worst a stale
    /// file stays.
    pub fn parse(text: &str) -> Self {
        Self {
            paths: text.lines().filter_map(OutPath::parse_line).collect(),
            definition: definition_in(text).map(str::to_owned),
        }
    }

    /// Returns the text of the file.
    pub fn text(&self) -> String {
        let length: usize = self.paths.iter().map(|path| path.as_str().len() + 1).sum();
        let mut text = String::with_capacity(EXPLANATION.len() + 256 + length);
        text.push_str("# ");
        text.push_str(GENERATED);
        text.push('\n');
        if let Some(digest) = &self.definition {
            text.extend(["# ", DEFINITION, digest, "\n"]);
        }
        text.push_str(EXPLANATION);
        for path in &self.paths {
            text.push_str(path.as_str());
            text.push('\n');
        }
        text
    }
}

impl OutPath {
    fn parse_line(line: &str) -> Option<Self> {
        if line.starts_with('#') { None } else { Self::parse(line) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(paths: &[&str]) -> Manifest {
        let paths = paths.iter().filter_map(|path| OutPath::parse(path)).collect();
        Manifest { paths, definition: None }
    }

    #[test]
    fn a_manifest_reads_back() {
        for definition in [None, Some("0123456789abcdef".to_owned())] {
            let before = Manifest { definition, ..manifest(&["pki/ca.key", "cluster.rs"]) };
            assert_eq!(Manifest::parse(&before.text()), before);
        }
    }

    #[test]
    fn a_manifest_is_sorted_and_marked_as_generated() {
        let text = manifest(&["pki/ca.key", "cluster.rs"]).text();
        assert!(text.starts_with("# @generated from cluster.toml; "));
        assert!(text.ends_with("\ncluster.rs\npki/ca.key\n"), "{text}");
    }

    #[test]
    fn lines_that_leave_out_are_passed_over() {
        let text = "../../etc/passwd\n/etc/passwd\n\n.lock\nmanifest\ncluster.rs\r\n";
        assert_eq!(Manifest::parse(text), manifest(&["cluster.rs"]));
    }
}
