//! Other clusters of the same Cargo workspace, and what must not be the same in two of them.
//!
//! They are found as cargo finds them: from the nearest `Cargo.toml` above that has a `[workspace]`, by its
//! `members`. Only names, addresses and tokens are read of them, and what cannot be read is passed over: a
//! sibling's own build says what is wrong there. Nothing of theirs is watched, since whichever of two
//! clusters is built after they became alike tells of it.

use crate::diagnostic::Diagnostic;
use crate::spec::LARGEST;
use bouquet_model::cluster::Cluster;
use bouquet_outdir::inspect;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// Another `cluster.toml` of the workspace.
struct Sibling {
    path: PathBuf,
    spec: Table,
}

/// Warns of clusters of this workspace that share the token or a member's address with this one.
/// `package` is the folder of the package that is built.
pub(in crate::edge) fn alike(cluster: &Cluster, package: &Path) -> Vec<Diagnostic> {
    siblings(package).iter().filter_map(|sibling| clash(cluster, sibling)).collect()
}

fn clash(cluster: &Cluster, sibling: &Sibling) -> Option<Diagnostic> {
    let Sibling { path, spec } = sibling;
    let shown = path.display();
    let theirs =
        spec.get("cluster").and_then(|cluster| cluster.get("token")).and_then(Value::as_str);
    let members = spec.get("member").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let is_theirs = |member: &&bouquet_model::Member| {
        let port = member.initial_advertise_peer_urls[0].port;
        let key = if member.ip.is_some() { "ip" } else { "hostname" };
        members.iter().any(|other| {
            let other_port = other.get("peer-port").and_then(Value::as_integer).unwrap_or(2380);
            other.get(key).and_then(Value::as_str) == Some(member.node().as_str())
                && other_port == i64::from(port)
        })
    };
    let shared = cluster.members.iter().filter(|member| !member.is_local()).find(is_theirs);
    let (what, help) = match (theirs == Some(&*cluster.token), shared) {
        (true, Some(member)) => (
            format!("the token and the member at `{}` are also those of {shown}", member.node()),
            "two such clusters would take each other's members for their own: is one a copy of the other? \
             give it a token and addresses of its own",
        ),
        (true, None) => (
            format!("the token `{}` is also that of {shown}", cluster.token),
            "the token keeps clusters apart where an address is used again: give one of them another, as \
             long as it has not run",
        ),
        (false, Some(member)) => (
            format!("the member at `{}` is also one of {shown}", member.node()),
            "two members on one machine need ports and folders of their own: `peer-port`, `client-port`, \
             `data-dir`",
        ),
        (false, None) => return None,
    };
    Some(Diagnostic::warning(what).help(help))
}

/// Returns the other packages of the workspace; none, if the package is none of those that it lists.
fn siblings(package: &Path) -> Vec<Sibling> {
    let root = package.ancestors().find_map(|folder| {
        let manifest = read(&folder.join("Cargo.toml"))?;
        Some((folder, manifest.get("workspace")?.get("members")?.as_array()?.clone()))
    });
    let Some((root, members)) = root else { return Vec::new() };
    let patterns = members.iter().filter_map(Value::as_str);
    // The root may be a package itself.
    let folders: BTreeSet<PathBuf> =
        patterns.flat_map(|pattern| matching(root, pattern)).chain([root.to_owned()]).collect();
    if !folders.contains(package) {
        return Vec::new();
    }
    let sibling = |folder: &PathBuf| {
        let spec = read(&folder.join("cluster.toml"))?;
        let path = folder.strip_prefix(root).unwrap_or(folder).join("cluster.toml");
        Some(Sibling { path, spec })
    };
    folders.iter().filter(|folder| *folder != package).filter_map(sibling).collect()
}

/// Returns the folders that an entry of `members` means. A `*` stands for a whole part of the path, which is the
/// one form in use; cargo knows more.
fn matching(root: &Path, pattern: &str) -> Vec<PathBuf> {
    let mut folders = vec![root.to_owned()];
    for part in pattern.split('/') {
        folders = if part == "*" {
            folders.iter().flat_map(|folder| inside(folder)).collect()
        } else {
            folders.into_iter().map(|folder| folder.join(part)).collect()
        };
    }
    folders
}

#[expect(clippy::disallowed_methods, reason = "the workspace's other packages are found here")]
fn inside(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}

fn read(path: &Path) -> Option<Table> {
    String::from_utf8(inspect::read_linked(path, LARGEST as u64).ok()?).ok()?.parse().ok()
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test makes the files that it reads")]
mod tests {
    use super::*;
    use std::fs;

    const SPEC: &str = "[cluster]\ntoken = 'berlin'\netcd = '3.5'\n[tls]\nenabled = false\n\
                        [[member]]\nname = 'a'\nip = '10.0.0.1'\n";

    /// Returns what is said of `clusters/berlin` beside a `clusters/paris` with this spec.
    fn beside(paris: &str) -> Vec<String> {
        let root = tempfile::tempdir().expect("a folder");
        let write = |path: &str, text: &str| {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        };
        write("Cargo.toml", "[workspace]\nmembers = ['clusters/*', 'other']\n");
        write("clusters/berlin/Cargo.toml", "[package]\nname = 'berlin'\n");
        write("clusters/berlin/cluster.toml", SPEC);
        write("clusters/paris/cluster.toml", paris);
        let (proven, _) = crate::prove(SPEC.as_bytes());
        let cluster = proven.expect("a cluster").cluster;
        let found = alike(&cluster, &root.path().join("clusters/berlin"));
        found.into_iter().map(|one| one.message).collect()
    }

    #[test]
    fn a_copy_is_told() {
        let said = beside(SPEC);
        assert_eq!(
            said,
            [
                "the token and the member at `10.0.0.1` are also those of clusters/paris/cluster.toml"
            ]
        );
    }

    #[test]
    fn a_token_or_an_address_that_is_used_again_is_told() {
        let token = beside(&SPEC.replace("10.0.0.1", "10.0.0.2"));
        assert_eq!(token, ["the token `berlin` is also that of clusters/paris/cluster.toml"]);
        let address = beside(&SPEC.replace("berlin", "paris"));
        assert_eq!(
            address,
            ["the member at `10.0.0.1` is also one of clusters/paris/cluster.toml"]
        );
    }

    /// Nobody may ever write into it, and the build holds the package.
    #[test]
    fn a_pipe_is_not_waited_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = folder.path().join("Cargo.toml");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
        assert!(made.success());
        assert_eq!(read(&pipe), None);
    }

    #[test]
    fn other_clusters_and_what_is_none_go_without_a_word() {
        let other = SPEC.replace("berlin", "paris").replace("10.0.0.1", "10.0.0.2");
        let port =
            SPEC.replace("berlin", "paris").replace("'10.0.0.1'", "'10.0.0.1'\npeer-port = 2382");
        for paris in [&other, &port, "", "not TOML", "cluster = 1\nmember = 2\n"] {
            assert_eq!(beside(paris), Vec::<String>::new(), "{paris}");
        }
    }
}
