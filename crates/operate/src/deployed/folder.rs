//! The files of a folder, one by one.

use super::access::{of_key, of_other};
use super::compare::{Deployed, compare};
use super::facts::certificates;
use super::key::{fault, is_of_a_ca};
use super::missing::missing;
use super::place::Place;
use super::trouble::{Cause, Trouble};
use crate::account::{Account, of_units};
use crate::compiled::Compiled;
use crate::environment::{Environment, Status};
use crate::unit;
use bouquet_model::certificate::Certificate;
use bouquet_model::settings::CRL;
use bouquet_x509::{FileKind, Secret, crl, kind_of};
use std::io;
use std::path::{Path, PathBuf};

/// Holds what was found in folders.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) certificates: Vec<Deployed>,
    /// The keys and lists that nothing is wrong with.
    pub(crate) sound: Vec<PathBuf>,
    pub(crate) troubles: Vec<Trouble>,
}

/// Returns the certificates in the `.crt` files of some folders, in the order of the folders and
/// names, and what is wrong with the files and the keys beside them. `is_theirs` tells which of the
/// build's may be there; with an `owner`, all of those must be.
pub(crate) fn read(
    compiled: &Compiled<'_>,
    is_theirs: &dyn Fn(&Certificate) -> bool,
    owner: Option<&str>,
    folders: &[PathBuf],
    environment: &Environment<'_>,
) -> Found {
    let mut found = Found::default();
    for shown in folders {
        let path = environment.current_dir.join(shown);
        let files = match (environment.list)(&path) {
            Ok(files) => files,
            Err(error) => {
                found.trouble(shown, Cause::Unreadable(error));
                continue;
            }
        };
        let account = account(compiled, owner, &path, environment);
        let status = (environment.stat)(&path).ok();
        let folder = Folder { shown, path, files, status, account, environment };
        let has = |name: &str| folder.has(name);
        let is_in_place = is_place(compiled, &folder.path);
        let missing = owner.map(|owner| missing(compiled, is_theirs, (owner, is_in_place), &has));
        folder.judge_itself(&mut found);
        folder.judge_certificates(compiled, is_theirs, &mut found);
        folder.judge_list(compiled, &mut found);
        folder.judge_keys_of_cas(&mut found);
        for (file, cause) in missing.unwrap_or_default() {
            found.trouble(&shown.join(file), cause);
        }
    }
    found
}

/// Returns the account that reads a folder: where it is the members', and a unit is there, the unit's.
fn account(
    compiled: &Compiled<'_>,
    owner: Option<&str>,
    folder: &Path,
    environment: &Environment<'_>,
) -> Option<Account> {
    is_place(compiled, folder).then(|| of_units(&unit::places(owner), environment)).flatten()
}

/// Tells whether it is where members find their certificates.
fn is_place(compiled: &Compiled<'_>, folder: &Path) -> bool {
    let tls = compiled.cluster.tls.as_ref();
    tls.is_some_and(|tls| folder == Path::new(tls.certs_dir.as_str()))
}

impl Found {
    fn trouble(&mut self, path: &Path, cause: Cause) {
        self.troubles.push(Trouble::new(path, cause));
    }
}

/// A folder and what is in it.
struct Folder<'a> {
    /// As it was asked for, perhaps relative.
    shown: &'a Path,
    path: PathBuf,
    files: Vec<PathBuf>,
    status: Option<Status>,
    account: Option<Account>,
    environment: &'a Environment<'a>,
}

impl Folder<'_> {
    fn has(&self, name: &str) -> bool {
        self.files.iter().any(|file| file.file_name() == Some(name.as_ref()))
    }

    fn read(&self, file: &Path) -> io::Result<Vec<u8>> {
        (self.environment.read)(file)
    }

    /// Returns the files of that ending, in the order of their names.
    fn with_extension(&self, extension: &str) -> Vec<PathBuf> {
        let has = |file: &&PathBuf| file.extension().is_some_and(|there| there == extension);
        let mut files: Vec<PathBuf> = self.files.iter().filter(has).cloned().collect();
        files.sort();
        files
    }

    /// Returns a file's name as it is shown.
    fn shown(&self, file: &Path) -> PathBuf {
        self.shown.join(file.file_name().unwrap_or_default())
    }

    fn judge_itself(&self, found: &mut Found) {
        let cause = self.status.as_ref().and_then(|s| of_other(s, self.account.as_ref()));
        if let Some(cause) = cause {
            found.trouble(self.shown, cause);
        }
    }

    /// Says where etcd cannot read a file that is no secret.
    fn judge_access(&self, file: &Path, found: &mut Found) {
        let status = (self.environment.stat)(file).ok();
        if let Some(cause) = status.and_then(|status| of_other(&status, self.account.as_ref())) {
            found.trouble(&self.shown(file), cause);
        }
    }

    fn judge_certificates(
        &self,
        compiled: &Compiled<'_>,
        is_theirs: &dyn Fn(&Certificate) -> bool,
        found: &mut Found,
    ) {
        let files = self.with_extension("crt");
        if files.is_empty() {
            found.trouble(self.shown, Cause::NoFiles);
        }
        for file in files {
            let shown = self.shown(&file);
            match self.read(&file) {
                Err(error) => found.trouble(&shown, Cause::Unreadable(error)),
                Ok(pem) => match certificates(&pem) {
                    None => found.trouble(&shown, Cause::NoCertificate),
                    Some(there) => {
                        found.certificates.extend(compare(compiled, is_theirs, &shown, there));
                        if Place::of(&file).is_of_a_leaf() {
                            self.judge_key(&file, &pem, found);
                        }
                    }
                },
            }
            self.judge_access(&file, found);
        }
    }

    /// Judges the key beside a certificate, if there is one: where it has to be, it is missing.
    fn judge_key(&self, certificate: &Path, pem: &[u8], found: &mut Found) {
        let key = certificate.with_extension("key");
        let name = |path: &Path| path.file_name().unwrap_or_default().display().to_string();
        if !self.has(&name(&key)) {
            return;
        }
        let mut causes = Vec::new();
        if let (Ok(key), Some(folder)) = ((self.environment.stat)(&key), &self.status) {
            causes.extend(of_key(&key, folder, self.account.as_ref()));
        }
        causes.extend(match self.read(&key).map(Secret::from) {
            Err(error) => Some(Cause::Unjudged(error)),
            Ok(key) => fault(&key, pem, &name(certificate)),
        });
        let key = self.shown(&key);
        if causes.is_empty() {
            found.sound.push(key);
        } else {
            for cause in causes {
                found.trouble(&key, cause);
            }
        }
    }

    /// Judges the list of revoked certificates, if there is one.
    fn judge_list(&self, compiled: &Compiled<'_>, found: &mut Found) {
        let is_read = compiled.cluster.tls.as_ref().is_some_and(|tls| tls.crl);
        if !is_read || !self.has(CRL) {
            return;
        }
        let file = self.path.join(CRL);
        let shown = self.shown.join(CRL);
        let is_one = |list: &[u8]| crl::der(list).is_some_and(|der| crl::read(&der).is_some());
        match self.read(&file) {
            Err(error) => found.trouble(&shown, Cause::Unjudged(error)),
            Ok(list) if !is_one(&list) => found.trouble(&shown, Cause::BrokenList),
            Ok(_) => found.sound.push(shown),
        }
        self.judge_access(&file, found);
    }

    /// Finds keys of CAs beside a certificate of a member or client, where none may be. One under a
    /// passphrase is told by its name.
    fn judge_keys_of_cas(&self, found: &mut Found) {
        let certificates = self.with_extension("crt");
        let is_ca = |file: &&PathBuf| matches!(Place::of(file), Place::Ca(_));
        if !certificates.iter().any(|file| Place::of(file).is_of_a_leaf()) {
            return;
        }
        let cas = certificates.iter().filter(is_ca).filter_map(|file| self.read(file).ok());
        let cas: Vec<Vec<u8>> = cas.collect();
        for file in self.with_extension("key") {
            let Ok(key) = self.read(&file).map(Secret::from) else { continue };
            let is_named_so = is_ca(&&file) && kind_of(key.expose()) == FileKind::Key;
            if is_named_so || cas.iter().any(|cas| is_of_a_ca(&key, cas)) {
                let shown = self.shown(&file);
                found.sound.retain(|sound| *sound != shown);
                found.trouble(&shown, Cause::CaKey);
            }
        }
    }
}
