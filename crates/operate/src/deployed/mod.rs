//! Certificates as they are on a machine, compared with those of the build.

mod compare;
mod facts;
mod missing;
mod place;
mod trouble;

pub(crate) use compare::{Deployed, Difference};
pub(crate) use trouble::Trouble;

use crate::compiled::Compiled;
use crate::environment::Environment;
use bouquet_model::certificate::Certificate;
use compare::compare;
use facts::certificates;
use missing::missing;
use std::path::{Path, PathBuf};
use trouble::Cause;

/// The certificates in the `.crt` files of some folders, in the order of the folders and names.
/// `is_theirs` tells which of the build's may be there; with an `owner`, all of those must be.
pub(crate) fn read(
    compiled: &Compiled<'_>,
    is_theirs: &dyn Fn(&Certificate) -> bool,
    owner: Option<&str>,
    folders: &[PathBuf],
    environment: &Environment<'_>,
) -> (Vec<Deployed>, Vec<Trouble>) {
    let (mut found, mut troubles) = (Vec::new(), Vec::new());
    let mut trouble = |path: &Path, cause| troubles.push(Trouble::new(path, cause));
    for folder in folders {
        let mut files = match (environment.list)(&environment.current_dir.join(folder)) {
            Ok(files) => files,
            Err(error) => {
                trouble(folder, Cause::Unreadable(error));
                continue;
            }
        };
        let has = |name: &str| files.iter().any(|file| file.file_name() == Some(name.as_ref()));
        let missing = owner.map(|owner| missing(compiled, is_theirs, owner, &has));
        files.retain(|file| file.extension().is_some_and(|extension| extension == "crt"));
        files.sort();
        if files.is_empty() {
            trouble(folder, Cause::NoFiles);
        }
        for file in files {
            // As it was asked for: relative where the folder was.
            let shown = folder.join(file.file_name().unwrap_or_default());
            match (environment.read)(&file) {
                Err(error) => trouble(&shown, Cause::Unreadable(error)),
                Ok(pem) => match certificates(&pem) {
                    Some(there) => found.extend(compare(compiled, is_theirs, &shown, there)),
                    None => trouble(&shown, Cause::NoCertificate),
                },
            }
        }
        for (file, cause) in missing.unwrap_or_default() {
            trouble(&folder.join(file), cause);
        }
    }
    (found, troubles)
}
