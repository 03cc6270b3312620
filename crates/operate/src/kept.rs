//! What a command leaves in `out/` as it is, where it writes no more than a few files.

use bouquet_model::diagnostic::Diagnostic;
use bouquet_outdir::{Out, OutPath, Output, inspect};

/// Wants all that builds have written as it is, but for what is to be written there.
///
/// # Errors
/// If a file cannot be looked at.
pub(crate) fn keep_all(output: &mut Output, out: &Out) -> Result<(), Diagnostic> {
    output.file(OutPath::GITIGNORE, OutPath::IGNORED);
    if let Some(definition) = &out.manifest().definition {
        output.defined_by(definition);
    }
    for path in &out.manifest().paths {
        let place = out.path().join(path.as_str());
        if inspect::look(&place)?.is_some_and(|facts| facts.is_file()) {
            output.keep_if_absent(path.as_str());
        }
    }
    Ok(())
}
