//! Certificates as they are on a machine, compared with those of the build.

use crate::Compiled;
use crate::failure::Failure;
use crate::outside::Outside;
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::cluster::San;
use bouquet_model::trust::{Side, trusted};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fmt::Write as _;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::{fmt, io};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer as _;

/// A certificate that a file holds.
pub(crate) struct Deployed {
    pub(crate) file: PathBuf,
    pub(crate) certificate: Certificate,
    pub(crate) difference: Option<Difference>,
}

/// How a file is not what the build has for its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Difference {
    /// The build has another, and did not make this one later.
    Older,
    /// It was issued after the build's.
    Newer,
    /// The build has none for such a place and name.
    Stranger,
}

/// Reads on after the file's name.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Older => "differs from the build: not rolled out?",
            Self::Newer => "is newer than the build of this program: is the program out of date?",
            Self::Stranger => {
                "is not of this build: is it another machine's, or another cluster's?"
            }
        })
    }
}

/// A place that could not be judged.
pub(crate) struct Trouble {
    path: PathBuf,
    cause: Cause,
}

enum Cause {
    Unreadable(io::Error),
    NoFiles,
    NoCertificate,
}

impl Trouble {
    /// Whether etcd cannot use the file either; otherwise only this program is at a loss.
    pub(crate) fn is_fatal(&self) -> bool {
        matches!(self.cause, Cause::NoCertificate)
    }

    /// As a failure, with what helps.
    pub(crate) fn failure(&self) -> Failure {
        let failure = Failure::new(self.to_string());
        match &self.cause {
            Cause::Unreadable(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                failure.help("run it as the user that etcd runs as, or as root")
            }
            Cause::Unreadable(_) | Cause::NoFiles => {
                failure.help("name the folder with the machine's certificates")
            }
            Cause::NoCertificate => failure.help("copy it again from out/"),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.cause {
            Cause::Unreadable(error) => write!(f, "{path} cannot be read: {error}"),
            Cause::NoFiles => write!(f, "{path} holds no .crt file"),
            Cause::NoCertificate => write!(f, "{path} holds no certificate in PEM form"),
        }
    }
}

/// The certificates in the `.crt` files of some folders, in the order of the folders and names.
/// `is_theirs` tells which of the build's may be there.
pub(crate) fn read(
    compiled: &Compiled<'_>,
    is_theirs: &dyn Fn(&Certificate) -> bool,
    folders: &[PathBuf],
    outside: &Outside<'_>,
) -> (Vec<Deployed>, Vec<Trouble>) {
    let (mut found, mut troubles) = (Vec::new(), Vec::new());
    let mut trouble = |path: &Path, cause| troubles.push(Trouble { path: path.to_owned(), cause });
    for folder in folders {
        let mut files = match (outside.list)(&outside.current_dir.join(folder)) {
            Ok(files) => files,
            Err(error) => {
                trouble(folder, Cause::Unreadable(error));
                continue;
            }
        };
        files.retain(|file| file.extension().is_some_and(|extension| extension == "crt"));
        files.sort();
        if files.is_empty() {
            trouble(folder, Cause::NoFiles);
        }
        for file in files {
            // As it was asked for: relative where the folder was.
            let shown = folder.join(file.file_name().unwrap_or_default());
            match (outside.read)(&file) {
                Err(error) => trouble(&shown, Cause::Unreadable(error)),
                Ok(pem) => match certificates(&pem) {
                    Some(there) => found.extend(compare(compiled, is_theirs, &shown, there)),
                    None => trouble(&shown, Cause::NoCertificate),
                },
            }
        }
    }
    (found, troubles)
}

/// All certificates of a PEM file, as far as this program cares; `None` where there is none, or one
/// that cannot be read.
fn certificates(pem: &[u8]) -> Option<Vec<Certificate>> {
    let ders: Vec<_> = CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().ok()?;
    let all: Vec<Certificate> = ders.iter().map(|der| facts(der)).collect::<Option<_>>()?;
    (!all.is_empty()).then_some(all)
}

/// What a certificate says of itself; its kind as far as that can be told without its place.
fn facts(der: &[u8]) -> Option<Certificate> {
    let (_, x509) = X509Certificate::from_der(der).ok()?;
    let common_name = x509.subject().iter_common_name().find_map(|name| name.as_str().ok());
    let names = x509.subject_alternative_name().ok()?;
    let sans = names.iter().flat_map(|names| &names.value.general_names).filter_map(san);
    let usage = x509.extended_key_usage().ok()?;
    let kind = match usage {
        _ if x509.is_ca() => Kind::Ca,
        Some(usage) if usage.value.server_auth => Kind::ServerAndPeer,
        _ => Kind::Client,
    };
    Some(Certificate {
        kind,
        owner: None,
        common_name: Cow::Owned(printable(common_name.unwrap_or_default())),
        sans: sans.collect(),
        serial: Cow::Owned(hexadecimal(x509.raw_serial())),
        fingerprint: Sha256::digest(der).into(),
        not_before: x509.validity().not_before.timestamp(),
        not_after: x509.validity().not_after.timestamp(),
    })
}

fn san(name: &GeneralName<'_>) -> Option<San> {
    match *name {
        GeneralName::DNSName(name) => Some(San::Dns(printable(name).into())),
        GeneralName::IPAddress(bytes) => <[u8; 4]>::try_from(bytes)
            .map(IpAddr::from)
            .or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from))
            .ok()
            .map(San::Ip),
        _ => None,
    }
}

/// A file may hold anything, and a terminal or a monitor must not obey it.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || c == '|' { '\u{fffd}' } else { c }).collect()
}

/// As the build writes serial numbers: without the zero bytes that DER may have in front.
fn hexadecimal(serial: &[u8]) -> String {
    serial.iter().skip_while(|byte| **byte == 0).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What a file holds, beside what the build has for it.
fn compare(
    compiled: &Compiled<'_>,
    is_theirs: &dyn Fn(&Certificate) -> bool,
    file: &Path,
    there: Vec<Certificate>,
) -> Vec<Deployed> {
    let place = Place::of(file);
    let wanted = |c: &&Certificate| place.takes(c.kind) && is_theirs(c);
    let built: Vec<&Certificate> = match (place, &compiled.cluster.tls) {
        (Place::Ca(side), Some(tls)) => trusted(tls, compiled.certificates, side),
        _ => compiled.certificates.iter().filter(wanted).collect(),
    };
    let deployed = |certificate: Certificate, difference| Deployed {
        file: file.to_owned(),
        certificate,
        difference,
    };
    let same = |c: &Certificate| built.iter().find(|b| b.fingerprint == c.fingerprint).copied();
    if matches!(place, Place::Ca(_)) {
        // All that the build trusts must be there; what is trusted besides is not ours to judge.
        let complete = built.iter().all(|b| there.iter().any(|c| c.fingerprint == b.fingerprint));
        if complete && !built.is_empty() {
            return built.iter().map(|b| deployed((*b).clone(), None)).collect();
        }
        let differs = |c: Certificate| {
            let difference = difference(&c, built.first().copied());
            deployed(c, Some(difference))
        };
        return there.into_iter().map(differs).collect();
    }
    // What follows a leaf is its chain, which is none of the build's.
    let Some(mut leaf) = there.into_iter().next() else { return Vec::new() };
    if let Some(same) = same(&leaf) {
        return vec![deployed(same.clone(), None)];
    }
    let meant = built.iter().find(|b| b.common_name == leaf.common_name).copied();
    if let Some(meant) = meant {
        (leaf.kind, leaf.owner) = (meant.kind, meant.owner.clone());
    }
    // A file of another name may be anybody's.
    let differs = (meant.is_some() || place != Place::Other).then(|| difference(&leaf, meant));
    vec![deployed(leaf, differs)]
}

fn difference(there: &Certificate, built: Option<&Certificate>) -> Difference {
    match built {
        None => Difference::Stranger,
        Some(built) if there.not_before > built.not_before => Difference::Newer,
        Some(_) => Difference::Older,
    }
}

/// What a file's name says of the certificate in it; the names are those that the build writes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Ca(Side),
    Server,
    Peer,
    Client,
    Other,
}

impl Place {
    fn of(file: &Path) -> Self {
        match file.file_stem().and_then(|stem| stem.to_str()) {
            Some("ca") => Self::Ca(Side::Clients),
            Some("peer-ca") => Self::Ca(Side::Peers),
            Some("server") => Self::Server,
            Some("peer") => Self::Peer,
            Some("client") => Self::Client,
            _ => Self::Other,
        }
    }

    fn takes(self, kind: Kind) -> bool {
        match self {
            Self::Ca(_) => kind == Kind::Ca,
            Self::Server => matches!(kind, Kind::Server | Kind::ServerAndPeer),
            Self::Peer => kind == Kind::Peer,
            Self::Client => kind == Kind::Client,
            Self::Other => true,
        }
    }
}
