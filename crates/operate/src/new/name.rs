//! The name of a package, and the token of its cluster.

use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::text;

/// The name of a package whose folder has no letter or digit in its name.
const USUAL: &str = "etcd-cluster";

/// The beginning that makes a package's name of a text that is none.
const PREFIX: &str = "etcd-";

/// crates.io's limit; a folder's name may be longer.
const LONGEST: usize = 64;

/// Rust's keywords, which cargo refuses for a package (`cargo::util::restricted_names`).
const KEYWORDS: &str = "abstract as async await become box break const continue crate do dyn else enum extern \
                        false final fn for gen if impl in let loop macro match mod move mut override priv pub \
                        ref return self static struct super trait true try type typeof unsafe unsized use \
                        virtual where while yield";

/// Other names that cargo refuses: of the crates that come with Rust, and of the folders in which it builds.
const ITS_OWN: &str = "alloc core proc-macro proc_macro std test build deps examples incremental";

/// Names that a package depends on: cargo tells two of one name and version apart by their source, which a path is none of.
const OURS: &str = "bouquet-build bouquet-etcd bouquet-lock bouquet-model bouquet-operate bouquet-outdir \
                    bouquet-x509";

/// Tells whether a name means something else to cargo.
fn is_taken(name: &str) -> bool {
    let taken = [KEYWORDS, ITS_OWN, OURS];
    taken.into_iter().flat_map(str::split_whitespace).any(|taken| taken == name)
}

/// Makes a name for a package of that of its folder.
pub(crate) fn package_name(folder: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let letters: String = folder.chars().map(|c| if c == '_' { c } else { plain(c) }).collect();
    let parts: Vec<&str> = letters.split('-').filter(|part| !part.is_empty()).collect();
    let mut name = parts.join("-");
    if !name.contains(|c: char| c.is_ascii_alphanumeric()) {
        USUAL.clone_into(&mut name);
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) || is_taken(&name) {
        name.insert_str(0, PREFIX);
    }
    name.truncate(LONGEST);
    name
}

/// Holds a name that was asked for to what cargo takes.
///
/// # Errors
/// If cargo would refuse it.
pub(crate) fn proven(name: &str) -> Result<String, Diagnostic> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let why = if is_taken(&name.to_lowercase()) {
        "it means something else to Rust or cargo"
    } else if name.len() > LONGEST || !name.contains(|c: char| c.is_ascii_alphanumeric()) {
        "it has letters or digits, and up to 64 of them"
    } else if !name.chars().all(is_plain) {
        "it is made of letters, digits, `-` and `_`"
    } else if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        "it begins with a letter"
    } else {
        return Ok(name.to_owned());
    };
    let message = format!("{} is no name of a package: {why}", quoted(name));
    Err(Diagnostic::error(message).help(format!("take another, such as `{}`", package_name(name))))
}

/// Decides on the token: the one that was asked for; else the folder's name, if it is one that is typed easily;
/// else the package's.
///
/// # Errors
/// If what was asked for is none.
pub(crate) fn token(
    asked: Option<&str>,
    folder: &str,
    package: &str,
) -> Result<String, Diagnostic> {
    if let Some(token) = asked {
        return text::token(token).map(|()| token.to_owned());
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let fits = !folder.is_empty() && folder.chars().all(is_plain) && text::token(folder).is_ok();
    Ok(if fits { folder } else { package }.to_owned())
}
