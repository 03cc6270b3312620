//! Why a file is no lock, in words for a person.

use crate::git::{git, show};
use crate::literal::key;
use crate::read::{UNKNOWN_KEY, Unreadable};
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::Diagnostic;
use std::path::Path;

/// Which file it is that was to be a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin<'a> {
    /// The `cluster.lock` of the package, which is in git, with its copy in `out/`, if that is there.
    Package(Option<&'a Path>),
    /// Any other file, which a person named. It may be no lock at all, and hold work that is nowhere else.
    Other,
}

impl Unreadable {
    /// Explains it. No help tells to overwrite a file that is not the lock of the package.
    pub fn explain(&self, place: &Path, origin: Origin<'_>) -> Diagnostic {
        let line = match self {
            Self::Conflict(line)
            | Self::Cut(line)
            | Self::Twice(line, _)
            | Self::Mixed(line, _)
            | Self::OtherIds(line, _)
            | Self::Wrong(line, _) => Some(*line),
            Self::Newer(_) => None,
        };
        let shown = place.display().to_string();
        let error = Diagnostic::error(format!("`{shown}` {self}")).about(&shown, line);
        let copy = match (self, origin) {
            (Self::Newer(_), _) => None,
            (_, Origin::Package(copy)) => copy,
            (_, Origin::Other) => return error,
        };
        match self {
            Self::Newer(_) => error.help(
                "build with that version of Bouquet, or a later one: nothing is lost until then",
            ),
            Self::Conflict(_) => error
                .help(
                    "remove the markers, and keep every line of `certificates` and of \
                     `[identity.members]` of both sides",
                )
                .help(
                    "of `running`, keep for each member and client the side that was rolled out last: it has \
                     the later `since`",
                )
                .help(format!("of a `cluster-id` or an ID of a member that is there twice, {IDS}"))
                .help(format!(
                    "where the sides have another certificate for one CA, and no CA is the same on both, one of \
                     them began another cluster: then take the whole file of the cluster that the members run, \
                     and no line of the other: `{}`, or `--theirs`",
                    git("checkout --ours", place)
                ))
                .help(AUTHORITY),
            Self::Twice(_, key) => error.help(which(key)).help(format!(
                "in the middle of a merge, `{}` brings back the conflict",
                git("checkout --merge", place)
            )),
            Self::Mixed(_, name) => error
                .note("git merges the lines that one side alone has changed, without a conflict")
                .help(format!(
                    "keep all its lines in `running` as the side has them that was rolled out last: {}",
                    sides(place)
                ))
                .help(format!(
                    "where its lines are what runs, as you edited them: remove `{}.checksum`",
                    key(name)
                )),
            Self::OtherIds(_, name) => error
                .note(
                    "on one side the list of members was changed, as of a cluster that does not run, while the \
                     other recorded that it runs: git merges both without a conflict",
                )
                .help(format!(
                    "make `cluster-id` and all lines below `[identity.members]` what they are on the side that \
                     recorded, and keep all else: {}; the build then takes the change of the list for one of a \
                     cluster that runs",
                    sides(place)
                ))
                .help(format!(
                    "where they are what etcd has, as you edited them: remove `{}.checksum`",
                    key(name)
                )),
            Self::Cut(_) | Self::Wrong(..) => {
                let is_later = matches!(self, Self::Wrong(_, what) if what.starts_with(UNKNOWN_KEY));
                let error = if is_later {
                    error.help("where a later version of Bouquet wrote it, build with that version: nothing is lost until then")
                } else {
                    error
                };
                let error = error
                    .help(format!("`{}` brings back the committed one", git("checkout", place)))
                    .help(format!(
                        "in the middle of a merge, `{}` brings back the conflict",
                        git("checkout --merge", place)
                    ));
                match copy {
                    Some(copy) => error.help(format!(
                        "where the committed one is damaged too: `cp {} {}`; it lacks what others issued \
                         since the last build here",
                        shell_word(&copy.display().to_string()),
                        shell_word(&shown)
                    )),
                    None => error,
                }
            }
        }
    }
}

/// Which `cluster-id`, or which ID of a member, is to stay.
const IDS: &str = "where `[running.members]` has lines, keep the one of the side that recorded them; where it has \
                   none, keep either: the build computes it again";

/// What is to be done where two people made a CA of one number.
const AUTHORITY: &str = "where the sides have another certificate for one CA, and another CA is the same on both, \
                         two people began a change of CA: of that CA, and of the certificates with its number in \
                         `ca`, keep the side whose CA the machines were given; keep all other lines of both";

/// Says how to see both sides of a merge, which may be committed already.
fn sides(place: &Path) -> String {
    format!(
        "`{}`, or `HEAD^2`; before the merge is committed, `HEAD` or `MERGE_HEAD`",
        show("HEAD^1", place)
    )
}

/// Says which of two values is to stay. Both sides of a merge are one below the other in each place: that of the
/// branch that was merged into is the first.
fn which(key: &str) -> String {
    let member = key.strip_prefix("running.members.").and_then(|key| match key.strip_prefix('"') {
        Some(rest) => rest.find('"').and_then(|end| key.get(..end + 2)),
        None => key.split('.').next(),
    });
    if key == "identity.token" {
        return "two tokens are of two clusters: take the whole file of the one that the members run"
            .to_owned();
    }
    match member {
        Some(member) => format!(
            "a merge kept both sides: of the lines of {member} that are there twice, keep those of one side, in \
             each pair the upper ones or in each the lower ones: the side with the later `{member}.since`, which \
             was recorded last"
        ),
        None if key == "identity.cluster-id" || key.starts_with("identity.members.") => {
            format!("a merge kept both sides: {IDS}")
        }
        None => "a merge kept both sides: keep one of the two".to_owned(),
    }
}
