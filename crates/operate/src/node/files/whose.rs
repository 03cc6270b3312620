//! Whose node it is, by the files that are there.

use super::head;
use crate::compiled::Compiled;
use crate::deployed::{self, Found};
use crate::environment::Environment;
use bouquet_model::Cluster;
use bouquet_model::certificate::Kind;
use std::path::{Path, PathBuf};

/// A file, and the member whose it says to be.
pub(crate) struct Sign {
    pub(crate) file: PathBuf,
    pub(crate) member: String,
}

/// Returns the member that a file of options is of: by its head, else by the option itself. The name
/// in a file that no build made, such as a distribution's, counts only where it is a member's.
pub(crate) fn of_artifact(cluster: &Cluster, file: &Path, text: &str) -> Option<Sign> {
    let by_head = head::member(text).filter(|_| head::is_generated(text)).map(|(name, _)| name);
    let is_known = |name: &&str| cluster.member(name).is_some();
    let member = by_head.or_else(|| by_option(text).filter(is_known))?.to_owned();
    Some(Sign { file: file.to_owned(), member })
}

/// Returns the members that the certificates of a folder are of.
pub(crate) fn of_certificates(
    compiled: &Compiled<'_>,
    folder: &Path,
    environment: &Environment<'_>,
) -> Vec<Sign> {
    let Found { certificates, .. } =
        deployed::read(compiled, &|_| true, None, &[folder.to_owned()], environment);
    let leaves = certificates.into_iter().filter(|found| {
        matches!(found.certificate.kind, Kind::Server | Kind::Peer | Kind::ServerAndPeer)
    });
    let sign = |found: deployed::Deployed| {
        let member = found.certificate.owner?.into_owned();
        Some(Sign { file: found.file, member })
    };
    leaves.filter_map(sign).collect()
}

/// Returns the value of `--name`, `ETCD_NAME` or `name:`.
fn by_option(text: &str) -> Option<&str> {
    let is_quote = |c| matches!(c, '"' | '\'');
    let words = || text.split(char::is_whitespace).map(|word| word.trim_matches(is_quote));
    let by_flag = words().find_map(|word| word.strip_prefix("--name="));
    let by_variable = || words().find_map(|word| word.strip_prefix("ETCD_NAME="));
    let by_key = || text.lines().find_map(|line| line.strip_prefix("name:"));
    let name = by_flag.or_else(by_variable).or_else(by_key)?.trim().trim_matches(is_quote);
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_in_each_form_of_the_options() {
        for text in [
            "exec etcd \\\n    --name=pink \\\n    --a=b\n",
            "ExecStart=etcd \"--name=pink\" --a=b\n",
            "A=b\nETCD_NAME=pink\n",
            "a: b\nname: \"pink\"\n",
            "    name: \"etcd\"\n    command:\n      - \"etcd\"\n      - \"--name=pink\"\n",
        ] {
            assert_eq!(by_option(text), Some("pink"), "{text}");
        }
        for text in ["", "--name", "--name=", "host-name: pink", "name:"] {
            assert_eq!(by_option(text), None, "{text}");
        }
    }
}
