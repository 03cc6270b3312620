//! External files: those of a CA that the operator has, `[[authority]]`.
#![expect(clippy::disallowed_methods, reason = "these files and variables are read here alone")]

use crate::issuing::{self, Issuing, Place, Source};
use crate::pki::{ExistingCa, Origin, Pair};
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::Secret;
use std::io::{ErrorKind, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The most bytes that are read: more than any chain of certificates or any key takes.
const LARGEST: u64 = 1 << 20;

/// Reads them; `None` where the build makes that CA itself.
///
/// A variable for the key that is not set is missed only where something has to be signed.
///
/// # Errors
/// Another variable that is not set, and a file that cannot be read. A certificate that is simply not
/// there is for the caller to judge.
pub(in crate::edge) fn read(
    source: &Source,
    spec: &Path,
) -> Result<Option<ExistingCa>, Vec<Diagnostic>> {
    let Some(certificate) = &source.certificate else { return Ok(None) };
    let at = |span| move |error: Diagnostic| vec![error.at_if(span, "named here")];
    let (of_certificate, of_key) = (at(source.spans.certificate), at(source.spans.key));
    let certificate = match path(certificate, spec) {
        Ok(path) => path,
        Err(name) => return Err(of_certificate(unset(name))),
    };
    let bytes = content(&certificate, LARGEST).map_err(of_certificate)?;
    let shown = |path: &Path| path.display().to_string();
    let found = ExistingCa::none(source.number, "");
    let (key, pair_key, no_key) = match source.key.as_ref().map(|key| path(key, spec)) {
        None => (None, None, None),
        Some(Ok(path)) => {
            let bytes = content(&path, LARGEST).map_err(of_key)?;
            let bytes = bytes.ok_or_else(|| of_key(key_missing(&path, source.number)))?;
            (Some(shown(&path)), Some(Secret::from(bytes)), None)
        }
        Some(Err(name)) => (Some(format!("${name}")), None, Some(name.to_owned())),
    };
    let pair = Pair { certificate: bytes.map(without_mark), key: pair_key };
    let origin = Origin::Files { certificate: shown(&certificate), key };
    Ok(Some(ExistingCa { pair, origin, no_key, ..found }))
}

/// Removes a byte order mark, which editors of Windows put before text.
fn without_mark(bytes: Vec<u8>) -> Vec<u8> {
    bytes.strip_prefix(b"\xef\xbb\xbf").map(<[u8]>::to_vec).unwrap_or(bytes)
}

/// Tells which keys and passphrases others can read. They are the operator's files: no build closes
/// them.
pub(in crate::edge) fn exposed(issuing: &Issuing, spec: &Path) -> Vec<Diagnostic> {
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
pub(in crate::edge) fn instructions(issuing: &Issuing, spec: &Path) -> Vec<String> {
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

/// Returns the path of a file, or the name of the variable that should have it and is not set.
fn path<'a>(place: &'a Place, spec: &Path) -> Result<PathBuf, &'a str> {
    match place {
        Place::File(path) => Ok(beside(spec, path)),
        Place::Variable(name) => match env::var_os(name).filter(|value| !value.is_empty()) {
            Some(value) => Ok(beside(spec, value)),
            None => Err(name),
        },
    }
}

fn unset(name: &str) -> Diagnostic {
    Diagnostic::error(format!("the environment variable `{name}` is not set"))
        .help("cluster.toml takes the path of a CA's file from it")
        .help(format!("for example `{name}=/run/secrets/etcd-ca.pem cargo build`"))
}

pub(super) fn beside(spec: &Path, path: impl AsRef<Path>) -> PathBuf {
    spec.parent().map_or_else(|| path.as_ref().to_owned(), |folder| folder.join(&path))
}

/// Reads a regular file of at most `limit` bytes; `None` for nothing. A pipe could be waited for
/// without end, and a device never comes to its own.
pub(super) fn content(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, Diagnostic> {
    let shown = path.display();
    let failed =
        |error: std::io::Error| Diagnostic::error(format!("cannot read `{shown}`: {error}"));
    let facts = match fs::metadata(path) {
        Ok(facts) => facts,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    if !facts.is_file() {
        let what = if facts.is_dir() { "a folder" } else { "no regular file" };
        return Err(Diagnostic::error(format!("`{shown}` is {what}")).help("name a file"));
    }
    let read = || {
        let file = fs::File::open(path)?;
        // Reserved at once: a buffer that grows leaves copies of a key behind.
        let length = facts.len().min(limit);
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0) + 2);
        file.take(limit + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read().map_err(failed)?;
    if bytes.len() as u64 > limit {
        let error = Diagnostic::error(format!("`{shown}` has more than {limit} bytes"));
        return Err(error.help("it is the wrong file: none of its kind is so large"));
    }
    Ok(Some(bytes))
}

fn key_missing(path: &Path, number: u32) -> Diagnostic {
    Diagnostic::error(format!("`{}`, the key of CA {number}, is missing", path.display()))
        .help("put it there; paths in cluster.toml start in its own folder")
        .help("or leave `key` out: the build then writes requests, to be signed elsewhere")
}
