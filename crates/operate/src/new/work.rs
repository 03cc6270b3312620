//! What `new` is to write.

use std::path::PathBuf;

/// A package that is to be made.
#[derive(Debug, PartialEq, Eq)]
pub struct New {
    /// Its folder, which is not there yet or empty.
    pub folder: PathBuf,
    /// Its files, the one that makes it a package last.
    pub files: Vec<File>,
    /// What is said once they are there.
    pub told: String,
}

/// A file of a package.
#[derive(Debug, PartialEq, Eq)]
pub struct File {
    /// Its path in the package.
    pub path: &'static str,
    /// What is in it.
    pub text: String,
}
