//! The CA that this package had when it was last built here, as `OUT_DIR` tells: where `out/` is gone as
//! a whole, nothing else does.
//!
//! `OUT_DIR` proves nothing to a fresh clone, and clones in other places may share it: so each folder has
//! a record of its own.

use crate::issuing::Issuing;
use crate::pki::{ExistingCa, Origin, Pki};
use bouquet_model::artifact::shell_word;
use bouquet_model::certificate::fingerprint_text;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_outdir::{here, write_if_changed};
use core::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The place of the folder's record, beside the constants.
///
/// # Errors
/// If it cannot be found out where the folder is.
fn place(constants: &Path, out: &Path) -> Result<PathBuf, Diagnostic> {
    Ok(constants.with_file_name(format!("authorities-{}", here::hash(out)?)))
}

/// The text of the record: the CAs that the build makes.
pub(in crate::edge) fn record(pki: &Pki, issuing: &Issuing) -> String {
    let sources = &issuing.sources;
    let is_own = |number| sources.iter().any(|s| s.number == number && s.certificate.is_some());
    let mut text = String::new();
    for ca in pki.authorities.iter().filter(|ca| !is_own(ca.number)) {
        let (facts, number) = (&ca.facts, ca.number);
        let fingerprint = fingerprint_text(&facts.fingerprint);
        let _ = writeln!(text, "{number} {fingerprint} {}", facts.common_name);
    }
    text
}

/// Leaves the record for the next build, once `out/` holds what it tells of.
///
/// # Errors
/// Where it cannot be written.
pub(in crate::edge) fn leave(constants: &Path, out: &Path, record: &str) -> Result<(), Diagnostic> {
    write_if_changed(&place(constants, out)?, record).map(|_| ())
}

/// Refuses to make a CA in the place of one that this package had, and of which nothing is left.
///
/// # Errors
/// A CA that is to be made, and was there at the last build.
pub(in crate::edge) fn check(
    constants: &Path,
    out: &Path,
    shown: &Path,
    cas: &[ExistingCa],
) -> Result<(), Diagnostic> {
    let record = place(constants, out)?;
    let Some(text) = read(&record) else { return Ok(()) };
    let is_gone = |number: &str| {
        cas.iter().any(|ca| {
            let nothing = ca.pair.certificate.is_none() && ca.pair.key.is_none();
            ca.number.to_string() == number
                && ca.origin == Origin::Minted
                && nothing
                && !ca.expected
        })
    };
    let former = text.lines().find_map(|line| {
        let (number, rest) = line.split_once(' ')?;
        let (fingerprint, name) = rest.split_once(' ')?;
        is_gone(number).then_some((fingerprint, name))
    });
    let Some((fingerprint, name)) = former else { return Ok(()) };
    let shown = shown.display();
    Err(Diagnostic::error(format!(
        "`{shown}/pki/` is gone: this package was built here before, with the CA `{name}`"
    ))
    .note(format!("its fingerprint was {fingerprint}"))
    .help(format!(
        "put `{shown}/`, or `{shown}/pki/` at the least, back from a backup: members and clients trust \
         that CA and no other"
    ))
    .help(format!(
        "if nobody uses that CA, begin again with another one: `rm {}`, and build",
        shell_word(&record.display().to_string())
    )))
}

/// A record that cannot be read tells nothing.
#[expect(clippy::disallowed_methods, reason = "the record is made and read here alone")]
fn read(record: &Path) -> Option<String> {
    std::fs::read_to_string(record).ok()
}
