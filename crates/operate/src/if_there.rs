//! What is there, and what is not.

use std::io::{self, ErrorKind};

/// Returns what was found, and `None` where nothing is. Any other error, such as that of a folder that may not be entered,
/// does not tell which of the two it is.
///
/// # Errors
/// If that is not known.
pub(crate) fn if_there<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
