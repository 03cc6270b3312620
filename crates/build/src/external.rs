//! External files: those of a CA that the operator has, `[[authority]]`.
#![expect(clippy::disallowed_methods, reason = "these files and variables are read here alone")]

use crate::issuing::{self, Issuing, Place, Source};
use crate::pki::{self, ExistingCa, Origin, Pair};
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::Secret;
use std::io::{ErrorKind, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// More than any chain of certificates or any key takes.
const LIMIT: u64 = 1 << 20;

/// Reads them; `None` where the build makes that CA itself.
///
/// # Errors
/// A variable that is not set, and a file that cannot be read. A certificate that is simply not
/// there is for the caller to judge.
pub(crate) fn read(source: &Source, spec: &Path) -> Result<Option<ExistingCa>, Vec<Diagnostic>> {
    let Some(certificate) = &source.certificate else { return Ok(None) };
    let at = |span| move |error: Diagnostic| vec![error.at_if(span, "named here")];
    let (of_certificate, of_key) = (at(source.spans.certificate), at(source.spans.key));
    let certificate = path(certificate, spec).map_err(of_certificate)?;
    let key = source.key.as_ref().map(|key| path(key, spec)).transpose().map_err(of_key)?;
    let bytes = content(&certificate).map_err(of_certificate)?;
    let secret = |path: &PathBuf| content(path)?.ok_or_else(|| key_missing(path, source.number));
    let secret = key.as_ref().map(secret).transpose().map_err(of_key)?;
    let shown = |path: &Path| path.display().to_string();
    let origin = Origin::Files { certificate: shown(&certificate), key: key.as_deref().map(shown) };
    let pair = Pair { certificate: bytes, key: secret.map(Secret::from) };
    Ok(Some(ExistingCa { pair, origin, ..ExistingCa::none(source.number, "") }))
}

/// Reads the passphrase of the CAs' keys. One that is not there is only missed where it is needed.
///
/// # Errors
/// A file that is there and cannot be read, or holds none.
pub(crate) fn passphrase(
    issuing: &Issuing,
    spec: &Path,
) -> Result<pki::Passphrase, Vec<Diagnostic>> {
    let at = |error: Diagnostic| vec![error.at_if(issuing.spans.passphrase, "named here")];
    let (bytes, shown) = match &issuing.passphrase {
        None => return Ok(pki::Passphrase::None),
        Some(issuing::Passphrase::Variable(name)) => {
            let Some(value) = env::var_os(name) else {
                let what = format!("the environment variable `{name}` is not set");
                return Ok(pki::Passphrase::Missing(what));
            };
            (Secret::from(value.into_encoded_bytes()), format!("the environment variable `{name}`"))
        }
        Some(issuing::Passphrase::File(file)) => {
            let path = beside(spec, file);
            let shown = format!("`{}`", path.display());
            match content(&path).map_err(at)? {
                Some(bytes) => (Secret::from(bytes), shown),
                None => return Ok(pki::Passphrase::Missing(format!("{shown} is missing"))),
            }
        }
    };
    let line = bytes.expose().split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if line.is_empty() {
        let error = Diagnostic::error(format!("{shown} holds no passphrase"));
        return Err(at(error.help("it encrypts the CA's key; its first line counts")));
    }
    Ok(pki::Passphrase::Given(Secret::from(line.to_vec())))
}

/// Tells which keys and passphrases others can read. They are the operator's files: no build closes
/// them.
pub(crate) fn exposed(issuing: &Issuing, spec: &Path) -> Vec<Diagnostic> {
    let keys = issuing.sources.iter().filter_map(|source| path(source.key.as_ref()?, spec).ok());
    let passphrase = match &issuing.passphrase {
        Some(issuing::Passphrase::File(file)) => Some(beside(spec, file)),
        _ => None,
    };
    let warning = |file: PathBuf| {
        let facts = fs::metadata(&file).ok()?;
        let (shown, mode) = (file.display(), facts.mode() & 0o777);
        (facts.is_file() && mode & 0o077 != 0).then(|| {
            Diagnostic::warning(format!("`{shown}` can be read by others (mode {mode:04o})"))
                .help(format!("`chmod 600 {}`", shell_word(&file.display().to_string())))
        })
    };
    keys.chain(passphrase).filter_map(warning).collect()
}

/// Returns what cargo has to watch besides the spec and `out/`, as its own instructions.
pub(crate) fn instructions(issuing: &Issuing, spec: &Path) -> Vec<String> {
    let file = |path: &str| format!("cargo::rerun-if-changed={}", beside(spec, path).display());
    let variable = |name: &str| {
        let set = env::var_os(name).map(PathBuf::from);
        let path = set.map(|path| format!("cargo::rerun-if-changed={}", path.display()));
        [Some(format!("cargo::rerun-if-env-changed={name}")), path]
    };
    let places = issuing.sources.iter().flat_map(|source| [&source.certificate, &source.key]);
    let mut all = Vec::new();
    for place in places.flatten() {
        match place {
            Place::File(path) => all.push(file(path)),
            Place::Variable(name) => all.extend(variable(name).into_iter().flatten()),
        }
    }
    match &issuing.passphrase {
        Some(issuing::Passphrase::File(path)) => all.push(file(path)),
        // Its value is the passphrase, and no path.
        Some(issuing::Passphrase::Variable(name)) => {
            all.push(format!("cargo::rerun-if-env-changed={name}"));
        }
        None => {}
    }
    all
}

fn path(place: &Place, spec: &Path) -> Result<PathBuf, Diagnostic> {
    match place {
        Place::File(path) => Ok(beside(spec, path)),
        Place::Variable(name) => match env::var_os(name).filter(|value| !value.is_empty()) {
            Some(value) => Ok(beside(spec, value)),
            None => Err(Diagnostic::error(format!("the environment variable `{name}` is not set"))
                .help("cluster.toml takes the path of a CA's file from it")
                .help(format!("for example `{name}=/run/secrets/etcd-ca.pem cargo build`"))),
        },
    }
}

fn beside(spec: &Path, path: impl AsRef<Path>) -> PathBuf {
    spec.parent().map_or_else(|| path.as_ref().to_owned(), |folder| folder.join(&path))
}

fn content(path: &Path) -> Result<Option<Vec<u8>>, Diagnostic> {
    let read = || {
        let file = fs::File::open(path)?;
        // Reserved at once: a buffer that grows leaves copies of a key behind.
        let length = file.metadata()?.len().min(LIMIT);
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0) + 1);
        file.take(LIMIT).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    match read() {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if ErrorKind::NotFound == std::io::Error::kind(&error) => Ok(None),
        Err(error) => Err(Diagnostic::error(format!("cannot read {}: {error}", path.display()))
            .help("it is the file of a CA that cluster.toml names under `[[authority]]`")),
    }
}

fn key_missing(path: &Path, number: u32) -> Diagnostic {
    Diagnostic::error(format!("`{}`, the key of CA {number}, is missing", path.display()))
        .help("put it there; paths in cluster.toml start in its own folder")
        .help("or leave `key` out: the build then writes requests, to be signed elsewhere")
}
