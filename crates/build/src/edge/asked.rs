//! The variables by which a build is asked for less, or more, than it would do by itself.

use super::job::Asked;
use crate::diagnostic::Diagnostic;

/// Cargo is told of these, so that it runs the script again where one of them changes.
pub(super) const VARIABLES: [&str; 2] = [WRITE, LOCKED];

const WRITE: &str = "BOUQUET_WRITE";
const LOCKED: &str = "BOUQUET_LOCKED";

/// Reads them.
///
/// # Errors
/// Each that is neither `0` nor `1`.
pub(super) fn asked() -> Result<Asked, Vec<Diagnostic>> {
    let (write, locked) = (switch(WRITE), switch(LOCKED));
    match (write, locked) {
        (Ok(write), Ok(locked)) => Ok(Asked { write, locked: locked == Some(true) }),
        (write, locked) => Err([write.err(), locked.err()].into_iter().flatten().collect()),
    }
}

/// Reads a variable that is 0 or 1; one that is empty counts as not set.
#[expect(clippy::disallowed_methods, reason = "the environment is asked here")]
fn switch(name: &str) -> Result<Option<bool>, Diagnostic> {
    let value = std::env::var_os(name).unwrap_or_default();
    match value.to_str() {
        Some("") => Ok(None),
        Some("0") => Ok(Some(false)),
        Some("1") => Ok(Some(true)),
        _ => {
            let value = bouquet_model::diagnostic::quoted(&value.to_string_lossy());
            let error = Diagnostic::error(format!("the environment variable `{name}` is {value}"));
            Err(error.help("write `0` or `1`, or leave it unset"))
        }
    }
}
