//! Finding what `cargo build` wrote, and a client's certificates.

use crate::compiled::Compiled;
use crate::environment::Environment;
use bouquet_model::Client;
use bouquet_model::artifact::GENERATED;
use bouquet_model::certificate::Kind;
use bouquet_model::trust::ca_place;
use bouquet_x509::{fingerprint, pem};
use std::path::{Path, PathBuf};
use std::{fmt, io};

/// The environment variable that names the folder.
pub(crate) const VARIABLE: &str = "BOUQUET_OUT";

/// The variable in which `cargo run` names the folder of the package that it runs: from the root of a
/// workspace, nothing else leads there.
pub(crate) const PACKAGE: &str = "CARGO_MANIFEST_DIR";

/// The variable in which systemd names the folder of what `LoadCredential=` hands to a unit (systemd.exec(5)).
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

/// A place where someone looked in vain.
pub(crate) enum Miss {
    /// Neither the folder nor one above it holds an `out/`.
    Nowhere(PathBuf),
    /// There is a folder, and it does not serve.
    Unfit(PathBuf, Unfit),
    /// The folder that was asked for by an option or a variable does not serve.
    Named(PathBuf, &'static str, Unfit),
}

/// Returns the absolute path of the `out/` of this cluster: the one that was named; else that of the
/// package that cargo runs; else the nearest in or above the current directory; else the nearest above
/// the running program.
pub(crate) fn find(
    compiled: &Compiled<'_>,
    named: Option<&Path>,
    environment: &Environment<'_>,
) -> Result<PathBuf, Vec<Miss>> {
    let variable = |name| {
        let value = (environment.variable)(name).filter(|value| !value.is_empty());
        value.map(PathBuf::from)
    };
    let named = match named {
        Some(path) => Some(("--out", path.to_owned())),
        None => variable(VARIABLE).map(|path| (VARIABLE, path)),
    };
    if let Some((by, path)) = named {
        let path = environment.current_dir.join(path);
        return match check(compiled, &path, environment) {
            Ok(()) => Ok(path),
            Err(why) => Err(vec![Miss::Named(path, by, why)]),
        };
    }
    if let Some(out) = variable(PACKAGE).map(|package| package.join("out"))
        && check(compiled, &out, environment).is_ok()
    {
        return Ok(out);
    }
    let mut looked = Vec::new();
    let program = environment.executable.as_deref().and_then(Path::parent);
    let here = environment.current_dir.as_path();
    let starts = [Some(here), program.filter(|folder| *folder != here)];
    for start in starts.into_iter().flatten() {
        let mut met = false;
        for folder in start.ancestors() {
            let path = folder.join("out");
            match check(compiled, &path, environment) {
                Ok(()) => return Ok(path),
                Err(Unfit::NoManifest) => {}
                Err(why) => {
                    met = true;
                    looked.push(Miss::Unfit(path, why));
                }
            }
        }
        if !met {
            looked.push(Miss::Nowhere(start.to_owned()));
        }
    }
    Err(looked)
}

/// Returns why a folder does not serve as the `out/` of this cluster; nothing, where it does.
pub(crate) fn unfit(
    compiled: &Compiled<'_>,
    out: &Path,
    environment: &Environment<'_>,
) -> Option<Miss> {
    check(compiled, out, environment).err().map(|why| Miss::Unfit(out.to_owned(), why))
}

/// Returns the absolute folder of a client's `ca.crt`, `client.crt` and `client.key`: that of an `out/` as of
/// [`find`]; else, where none was named, what systemd hands to this unit, or the client's own folder.
pub(crate) fn client_folder(
    compiled: &Compiled<'_>,
    client: &Client,
    named: Option<&Path>,
    environment: &Environment<'_>,
) -> Result<PathBuf, Vec<Miss>> {
    let mut looked = Vec::new();
    match find(compiled, named, environment) {
        Ok(out) => {
            let folder = out.join("clients").join(client.name.as_str());
            match check_client(compiled, &folder, environment) {
                Ok(()) => return Ok(folder),
                Err(why) => looked.push(Miss::Unfit(folder, why)),
            }
        }
        Err(more) => looked.extend(more),
    }
    if named.is_none() {
        let handed = (environment.variable)(CREDENTIALS).filter(|folder| !folder.is_empty());
        let own = PathBuf::from(client.certs_dir.as_str());
        for folder in handed.map(PathBuf::from).into_iter().chain([own]) {
            match check_client(compiled, &folder, environment) {
                Ok(()) => return Ok(folder),
                Err(why) => looked.push(Miss::Unfit(folder, why)),
            }
        }
    }
    Err(looked)
}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nowhere(path) => {
                write!(f, "there is no out/manifest in {} or above it", path.display())
            }
            Self::Unfit(path, why) => write!(f, "{} {why}", path.display()),
            Self::Named(path, by, why) => write!(f, "{}, which {by} names, {why}", path.display()),
        }
    }
}

/// The reason for which a folder does not serve; reads on after the folder's name.
pub(crate) enum Unfit {
    NoManifest,
    NoClient,
    Unreadable(&'static str, io::Error),
    OtherCa,
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoManifest => f.write_str("holds no manifest of `cargo build`"),
            Self::NoClient => f.write_str("holds no client.crt"),
            Self::Unreadable(file, error) => write!(f, "has a {file} that cannot be read: {error}"),
            Self::OtherCa => {
                f.write_str("belongs to another cluster, or to another CA of this one")
            }
        }
    }
}

fn check(compiled: &Compiled<'_>, out: &Path, environment: &Environment<'_>) -> Result<(), Unfit> {
    match (environment.read)(&out.join("manifest")) {
        Ok(text) if is_generated(&text) => {}
        Ok(_) => return Err(Unfit::NoManifest),
        Err(error) if is_absent(&error) => return Err(Unfit::NoManifest),
        Err(error) => return Err(Unfit::Unreadable("manifest", error)),
    }
    // Without its CA's certificate, or without the right to read it, it is taken on trust.
    let number = compiled.cluster.tls.as_ref().map_or(1, |tls| tls.clients.issue);
    match (environment.read)(&out.join(format!("{}.crt", ca_place(number)))) {
        Ok(pem) if !is_ours(compiled, &pem) => Err(Unfit::OtherCa),
        _ => Ok(()),
    }
}

fn check_client(
    compiled: &Compiled<'_>,
    folder: &Path,
    environment: &Environment<'_>,
) -> Result<(), Unfit> {
    let read = |file: &'static str| match (environment.read)(&folder.join(file)) {
        Ok(content) => Ok(content),
        Err(error) if is_absent(&error) => Err(Unfit::NoClient),
        Err(error) => Err(Unfit::Unreadable(file, error)),
    };
    read("client.crt")?;
    if is_ours(compiled, &read("ca.crt")?) { Ok(()) } else { Err(Unfit::OtherCa) }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Tells whether the CA that was compiled in is among the certificates of a file.
fn is_ours(compiled: &Compiled<'_>, file: &[u8]) -> bool {
    let mut cas = compiled.certificates.iter().filter(|c| c.kind == Kind::Ca).peekable();
    if cas.peek().is_none() {
        return true;
    }
    let there = pem::certificates_among(file).unwrap_or_default();
    let there: Vec<[u8; 32]> = there.iter().map(|der| fingerprint(der)).collect();
    cas.any(|ca| there.contains(&ca.fingerprint))
}

/// Returns `true` where a manifest is one of ours; other programs have an `out/manifest` too.
fn is_generated(manifest: &[u8]) -> bool {
    manifest.strip_prefix(b"# ").is_some_and(|rest| rest.starts_with(GENERATED.as_bytes()))
}
