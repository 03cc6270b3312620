//! The end of work with keys.

use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::Secret;

/// The outcome of work with keys.
pub(crate) struct Done {
    /// Data for stdout.
    pub(crate) stream: Option<Secret>,
    /// Facts for stderr.
    pub(crate) said: Vec<Diagnostic>,
    /// The last lines for stderr.
    pub(crate) summary: String,
}
