//! What was recorded: in the `cluster.lock` of the package, in another file, or in a commit.

use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::package::{find as find_package, lock};
use bouquet_lock::{COPY, NAME, Origin};
use bouquet_model::cluster::{ClusterId, MemberId};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::running::Running;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// A record of what runs.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Recorded {
    pub(crate) running: Running,
    /// The members' IDs, by their names then, as far as they are known.
    pub(crate) ids: BTreeMap<String, MemberId>,
    /// The cluster's ID, where it is known.
    pub(crate) cluster_id: Option<ClusterId>,
    /// The token of the restore that is in force, from which these follow.
    pub(crate) token: Option<String>,
    /// Where it is, for a person.
    pub(crate) name: String,
}

/// Reads the record that was asked for; one that is not there says nothing of any member.
///
/// # Errors
/// If there is no package, or the lock cannot be read, or is another cluster's.
pub(crate) fn find(
    compiled: &Compiled<'_>,
    from: Option<&str>,
    named: Option<&Path>,
    environment: &Environment<'_>,
) -> Result<Recorded, Diagnostic> {
    let Found { place, name, bytes, copy } = match from {
        None => of_package(named, environment)?,
        Some(from) => other(from, named, environment)?,
    };
    let Some(bytes) = bytes else {
        let (running, ids) = (Running::default(), BTreeMap::new());
        return Ok(Recorded { running, ids, cluster_id: None, token: None, name });
    };
    let origin = from.map_or(Origin::Package(copy.as_deref()), |_| Origin::Other);
    let lock = lock(Some(&bytes), &place, origin, &compiled.cas(), "what runs is recorded in it")?;
    let ids = lock.identity.members.keys();
    let ids = ids.filter_map(|name| Some((name.clone(), lock.id(name)?)));
    let (running, ids) = (lock.recorded.running(), ids.collect());
    let cluster_id = lock.identity.cluster_id;
    let token = lock.identity.restored.map(|restored| restored.token);
    Ok(Recorded { running, ids, cluster_id, token, name })
}

/// A lock before it is understood.
struct Found {
    place: PathBuf,
    name: String,
    bytes: Option<Vec<u8>>,
    /// The copy that takes its place where it is damaged.
    copy: Option<PathBuf>,
}

fn of_package(named: Option<&Path>, environment: &Environment<'_>) -> Result<Found, Diagnostic> {
    let package = find_package(named, environment)?;
    let place = package.folder.join(NAME);
    let copy = package.out.join(COPY);
    let copy = Some(copy).filter(|copy| (environment.stat)(copy).is_ok());
    let bytes = read(&place, environment)?;
    Ok(Found { place, name: NAME.to_owned(), bytes, copy })
}

/// Reads the lock that `--from` names, as a file or else in a revision of git: no branch is named
/// as a file that is there.
fn other(
    from: &str,
    named: Option<&Path>,
    environment: &Environment<'_>,
) -> Result<Found, Diagnostic> {
    let place = environment.current_dir.join(from);
    if let Some(bytes) = read(&place, environment)? {
        return Ok(Found { place, name: from.to_owned(), bytes: Some(bytes), copy: None });
    }
    let folder = find_package(named, environment)?.folder;
    let bytes = (environment.committed)(&folder, from).map_err(|why| {
        Diagnostic::error(format!("`{from}` is neither a file nor a revision of git with a {NAME}"))
            .note(why.to_string())
            .help(format!("name another {NAME}, or a commit, branch or tag: `HEAD~1`, `v2`"))
    })?;
    let name = format!("{NAME} of {from}");
    Ok(Found { place: PathBuf::from(&name), name, bytes: Some(bytes), copy: None })
}

fn read(place: &Path, environment: &Environment<'_>) -> Result<Option<Vec<u8>>, Diagnostic> {
    match (environment.read)(place) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound
                    | io::ErrorKind::IsADirectory
                    | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(Diagnostic::error(format!("cannot read `{}`: {error}", place.display()))),
    }
}
