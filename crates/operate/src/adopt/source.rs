//! The files that are handed in, and those that they name.

use super::read::{Form, Read, read, words};
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::version::EtcdVersion;
use bouquet_x509::{FileKind, kind_of};
use std::collections::BTreeMap;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

/// All that is known of a cluster, and where the rest may be found.
pub(crate) struct Sources<'a> {
    /// The files, as they were typed.
    pub(crate) files: Vec<PathBuf>,
    /// A command line, in place of a file.
    pub(crate) command: Vec<String>,
    /// The form of all files, where it was named.
    pub(crate) form: Option<Form>,
    pub(crate) version: Option<EtcdVersion>,
    /// Addresses of members, by their names.
    pub(crate) ips: BTreeMap<String, IpAddr>,
    /// Folders with copies of certificates.
    pub(crate) certs: Vec<PathBuf>,
    /// Where relative paths begin.
    pub(crate) here: PathBuf,
    /// The folder of the `cluster.toml` that is written.
    pub(crate) package: PathBuf,
    pub(crate) content: &'a dyn Fn(&Path) -> io::Result<Vec<u8>>,
}

/// A configuration that was read.
pub(super) struct Found {
    /// The file, as it was typed.
    pub(super) shown: String,
    /// The folder that it is in.
    pub(super) near: PathBuf,
    pub(super) form: Form,
    pub(super) read: Read,
}

impl Sources<'_> {
    /// Reads every file.
    ///
    /// # Errors
    /// With what is wrong in each.
    pub(super) fn read(&self) -> Result<Vec<Found>, Vec<Diagnostic>> {
        let (mut all, mut errors) = (Vec::new(), Vec::new());
        for file in &self.files {
            let shown = file.display().to_string();
            match self.one(&shown, &self.here.join(file)) {
                Ok(found) => all.push(found),
                Err(error) => errors.push(about(error, &shown)),
            }
        }
        if !self.command.is_empty() {
            let shown = "the command line".to_owned();
            match words(&self.command) {
                Ok(read) => {
                    all.push(Found { shown, near: self.here.clone(), form: Form::Command, read });
                }
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() { Ok(all) } else { Err(errors) }
    }

    fn one(&self, shown: &str, path: &Path) -> Result<Found, Diagnostic> {
        let bytes = (self.content)(path).map_err(|error| unreadable(path, &error))?;
        let text = text(bytes)?;
        let near = path.parent().unwrap_or(&self.here).to_owned();
        let other = |named: &str| {
            let bytes =
                beside(&near, named).into_iter().find_map(|path| (self.content)(&path).ok())?;
            self::text(bytes).ok()
        };
        let (form, read) = read(&text, self.form, &other)?;
        Ok(Found { shown: shown.to_owned(), near, form, read })
    }

    /// Finds a certificate that an option of a member names: among the copies, else beside its file, else where it is on
    /// the node. Returns its path, too, as a `cluster.toml` would name it.
    pub(super) fn find(&self, near: &Path, member: &str, named: &str) -> Option<(String, Vec<u8>)> {
        let name = Path::new(named).file_name()?;
        let copies = self.certs.iter().map(|folder| self.here.join(folder));
        let copies = copies.flat_map(|folder| [folder.join(member).join(name), folder.join(name)]);
        let mut paths: Vec<PathBuf> = copies.collect();
        if paths.is_empty() {
            paths = beside(near, named);
        }
        paths.into_iter().find_map(|path| {
            let content = (self.content)(&path).ok()?;
            let place = path.strip_prefix(&self.package).unwrap_or(&path);
            Some((place.display().to_string(), content))
        })
    }
}

/// Returns where a file that another one names may be: beside it, where it was copied from a node, or at its own place.
fn beside(near: &Path, named: &str) -> Vec<PathBuf> {
    let named = Path::new(named);
    let copy = named.file_name().map(|name| near.join(name));
    copy.into_iter().chain(named.is_absolute().then(|| named.to_owned())).collect()
}

/// Says which file a finding is about, where it does not say so itself.
pub(super) fn about(finding: Diagnostic, shown: &str) -> Diagnostic {
    if finding.file.is_some() { finding } else { finding.about(shown, None) }
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    let shown = quoted(&path.display().to_string());
    let refused = Diagnostic::error(format!("{shown} cannot be read: {error}"));
    match error.kind() {
        io::ErrorKind::IsADirectory => {
            refused.help("give the files in it that say how members run")
        }
        io::ErrorKind::PermissionDenied => refused.help("do this as root, or copy the file"),
        _ => refused.help("give a file that says how a member runs"),
    }
}

/// Takes a file for a text. Nothing of a key is shown.
fn text(bytes: Vec<u8>) -> Result<String, Diagnostic> {
    let refuse = |what: &str| {
        Err(Diagnostic::error(format!("it {what}, and no configuration")).help(
            "give the file that says how the member runs: its unit, etcd.env or etcd.conf.yml",
        ))
    };
    match kind_of(&bytes) {
        FileKind::Empty => return refuse("is empty"),
        FileKind::Key
        | FileKind::OpenSsh
        | FileKind::KeyDer
        | FileKind::Pkcs12
        | FileKind::CertificatesAndKeys => return refuse("is a private key"),
        FileKind::Certificates | FileKind::CertificateDer | FileKind::Trusted => {
            return Err(Diagnostic::error("it is a certificate, and no configuration")
                .help("`--certs DIR` names the folder with copies of certificates"));
        }
        FileKind::Utf16 => {
            return Err(Diagnostic::error("it is text in UTF-16")
                .help("save it as UTF-8: `iconv -f UTF-16 -t UTF-8 FILE`"));
        }
        _ => {}
    }
    if bytes.contains(&0) {
        return refuse("is a program or other data");
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(_) => refuse("is no text in UTF-8"),
    }
}
