//! The file that findings point into.

/// A file's name, as messages should give it, and its text.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The name, for example `cluster.toml`.
    pub name: &'a str,
    /// The text that the spans count in. For bytes that are not UTF-8 this is
    /// what [`String::from_utf8_lossy`] makes of them.
    pub text: &'a str,
}

impl<'a> Source<'a> {
    /// Makes a file called `name` that holds `text`.
    pub fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, text }
    }
}
