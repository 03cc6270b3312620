//! The commit of git that a cluster is built from, where there is one.
//!
//! Nothing of it is an error: a build does the same without git, without a repository, and with one
//! that does not answer. It costs one process, and none where there is no repository.
#![expect(clippy::disallowed_methods, reason = "the repository's own files are read here alone")]

use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::git::VARIABLES;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;
use std::{fs, thread};

/// As many digits of a commit as git shows of it in a large repository.
const DIGITS: usize = 12;

/// How long git may take to answer: its repository may be on a disk that is away.
const PATIENCE: Duration = Duration::from_secs(5);

/// Holds what git knows of a spec.
#[derive(Debug, Default)]
pub(super) struct Revision {
    /// The first digits of the commit, and `-dirty` where it does not hold the spec that was built. What a
    /// build writes itself, the lock and `out/`, has no part in it.
    pub(super) commit: Option<String>,
    /// What changes with the next commit.
    pub(super) watched: Vec<PathBuf>,
    /// What has to be said.
    pub(super) said: Option<Diagnostic>,
}

/// Asks git of a spec.
pub(super) fn revision(spec: &Path) -> Revision {
    let asked = || {
        let spec = std::path::absolute(spec).ok()?;
        let (folder, name) = (spec.parent()?, spec.file_name()?.to_str()?);
        let repository = repository(folder)?;
        let lock = Path::new(name).with_extension("lock");
        let names = Names { spec: name, lock: lock.to_str()? };
        let status = status(folder, names).unwrap_or_default();
        let known = known(&String::from_utf8_lossy(&status), names);
        let mut watched = if known.is_apart { Vec::new() } else { watched(&repository) };
        let said = known.ignores_lock.then(|| {
            // Where this is put right without a commit, it is to be seen.
            watched.push(folder.join(".gitignore"));
            ignored(names.lock)
        });
        Some(Revision { commit: known.commit, watched, said })
    };
    asked().unwrap_or_default()
}

/// The names of the two files.
#[derive(Clone, Copy)]
struct Names<'a> {
    spec: &'a str,
    lock: &'a str,
}

/// Holds what an answer of git says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Known {
    commit: Option<String>,
    /// Git ignores the spec: the repository is another project's, which a package lies in.
    is_apart: bool,
    /// Git ignores the file that has to be committed, and not the spec.
    ignores_lock: bool,
}

/// Reads what `git status --porcelain=v2 --branch -z` says of a spec and of the lock beside it.
fn known(status: &str, names: Names<'_>) -> Known {
    let mut known = Known::default();
    let (mut oid, mut is_tracked, mut is_dirty) = (None, true, false);
    for record in status.split_terminator('\0') {
        match record.split_once(' ') {
            Some(("#", header)) => oid = oid.or(header.strip_prefix("branch.oid ")),
            Some((mark @ ("?" | "!"), path)) => match path.rsplit('/').next() {
                Some(file) if file == names.lock => known.ignores_lock |= mark == "!",
                // A folder ends with a slash, and has all that is in it.
                Some(file) if file == names.spec || file.is_empty() => {
                    is_tracked = false;
                    known.is_apart |= mark == "!";
                }
                _ => {}
            },
            // The build itself writes the lock.
            Some(_) => {
                let folder = record.strip_suffix(names.lock);
                is_dirty |= !folder.is_some_and(|folder| folder.ends_with([' ', '/']));
            }
            None => {}
        }
    }
    known.ignores_lock &= !known.is_apart;
    // Before the first commit it is the word `(initial)`.
    let digits = oid.filter(|oid| oid.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let digits = digits.and_then(|oid| oid.get(..DIGITS)).filter(|_| is_tracked);
    known.commit = digits.map(|digits| digits.to_owned() + if is_dirty { "-dirty" } else { "" });
    known
}

fn ignored(lock: &str) -> Diagnostic {
    Diagnostic::warning(format!(
        "git ignores `{lock}`, and the identity of the cluster that is in it must be committed"
    ))
    .help(format!("add the line `!{lock}` to the end of `.gitignore` beside it, and commit both"))
}

/// Asks git for what it knows of the two files; `None` where it does not answer.
///
/// It looks into this repository whatever the environment says, as that of a hook of git does; it
/// writes nothing, asks nobody, fetches nothing, and starts no watcher.
fn status(folder: &Path, names: Names<'_>) -> Option<Vec<u8>> {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).args([
        "--literal-pathspecs",
        "-c",
        "core.fsmonitor=false",
        "-c",
        "protocol.allow=never",
        "status",
        "--porcelain=v2",
        "--branch",
        "--no-ahead-behind",
        "--untracked-files=all",
        "--ignored=matching",
        "--no-renames",
        "-z",
        "--",
        names.spec,
        names.lock,
    ]);
    for variable in VARIABLES {
        git.env_remove(variable);
    }
    git.env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_NO_LAZY_FETCH", "1");
    git.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = git.spawn().ok()?;
    let mut stdout = child.stdout.take()?;
    let (answer, answered) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = stdout.read_to_end(&mut bytes).map(|_| bytes);
        // Nobody listens any more where it took too long.
        let _ = answer.send(read);
    });
    let Ok(read) = answered.recv_timeout(PATIENCE) else {
        let _ = child.kill();
        return None;
    };
    read.ok().filter(|_| child.wait().is_ok_and(|status| status.success()))
}

/// Returns git's own folder for a folder of a work tree, as git finds it: `.git` there or above, or
/// where that file leads, as it does in a further work tree and in a submodule.
fn repository(folder: &Path) -> Option<PathBuf> {
    let above = folder.ancestors().find(|above| above.join(".git").exists())?;
    let git = above.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    let text = git.is_file().then(|| fs::read_to_string(git))?.ok()?;
    Some(above.join(text.strip_prefix("gitdir:")?.trim()))
}

/// Returns what git writes at each commit and each checkout: the log of where HEAD was. It may be
/// switched off, and there is none before the first commit.
fn watched(repository: &Path) -> Vec<PathBuf> {
    let there = |name: &&str| repository.join(name).exists();
    // The second is where a repository keeps its branches in tables.
    let log = ["logs/HEAD", "reftable/tables.list"].into_iter().find(|name| there(name));
    let names = log.map_or_else(|| vec!["HEAD", "refs/heads"], |log| vec![log]);
    names.into_iter().filter(there).map(|name| repository.join(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLEAN: &str =
        "# branch.oid 8d0a7b1c2d3e4f5061728394a5b6c7d8e9f00112\0# branch.head main\0";

    const NAMES: Names<'_> = Names { spec: "cluster.toml", lock: "cluster.lock" };

    /// Returns what is known of `cluster.toml` where git has more to say.
    fn of(more: &str) -> Known {
        known(&(CLEAN.to_owned() + more), NAMES)
    }

    fn commit(text: &str) -> Known {
        Known { commit: Some(text.to_owned()), ..Known::default() }
    }

    #[test]
    fn a_commit_that_holds_what_is_built_is_its_first_digits() {
        assert_eq!(of(""), commit("8d0a7b1c2d3e"));
    }

    #[test]
    fn what_differs_from_its_commit_is_dirty() {
        let zeros = "0".repeat(40);
        for more in [
            format!("1 .M N... 100644 100644 100644 {zeros} {zeros} a b/cluster.toml\0"),
            format!("1 A. N... 000000 100644 100644 {zeros} {zeros} cluster.toml\0"),
        ] {
            assert_eq!(of(&more), commit("8d0a7b1c2d3e-dirty"), "{more}");
        }
    }

    #[test]
    fn a_lock_that_the_build_wrote_makes_nothing_dirty() {
        let zeros = "0".repeat(40);
        for more in [
            format!("1 M. N... 100644 100644 100644 {zeros} {zeros} cluster.lock\0"),
            format!("1 .M N... 100644 100644 100644 {zeros} {zeros} a b/cluster.lock\0"),
            "? flowers/cluster.lock\0".to_owned(),
        ] {
            assert_eq!(of(&more), commit("8d0a7b1c2d3e"), "{more}");
            let spec = format!("1 .M N... 100644 100644 100644 {zeros} {zeros} cluster.toml\0");
            assert_eq!(of(&(more + &spec)), commit("8d0a7b1c2d3e-dirty"));
        }
        let names = Names { spec: "of all.toml", lock: "of all.lock" };
        let more = format!("1 .M N... 100644 100644 100644 {zeros} {zeros} of all.lock\0");
        assert_eq!(known(&(CLEAN.to_owned() + &more), names), commit("8d0a7b1c2d3e"));
    }

    #[test]
    fn a_spec_that_is_not_in_the_repository_has_no_commit() {
        assert_eq!(of("? flowers/cluster.toml\0"), Known::default());
        let zeros = "0".repeat(40);
        let gone = format!("1 D. N... 100644 000000 000000 {zeros} {zeros} cluster.toml\0");
        assert_eq!(of(&(gone + "? cluster.toml\0")), Known::default());
        let apart = Known { is_apart: true, ..Known::default() };
        for ignored in ["! cluster.toml\0", "! target/\0", "! cluster.lock\0! cluster.toml\0"] {
            assert_eq!(of(ignored), apart, "{ignored}");
        }
    }

    #[test]
    fn a_lock_that_is_ignored_is_told() {
        let told = Known { ignores_lock: true, ..commit("8d0a7b1c2d3e") };
        assert_eq!(of("! flowers/cluster.lock\0"), told);
        assert_eq!(of("? cluster.toml\0! cluster.lock\0"), Known { commit: None, ..told });
    }

    #[test]
    fn an_answer_without_a_commit_is_none() {
        for answer in
            ["", "# branch.oid (initial)\0# branch.head main\0", "# branch.oid 8d0a\0", "\0"]
        {
            assert_eq!(known(answer, NAMES), Known::default(), "{answer}");
        }
    }
}
