//! A build that writes nothing but the constants: it proves, and the program prints and watches as that of
//! the machine where the secrets are.

use super::held::Held;
use super::job::{Job, seconds};
use super::writes::Reason;
use crate::constants;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lock::{Observed, observe};
use bouquet_lock::Lock;
use bouquet_model::time::Date;
use bouquet_outdir::inspect::MOUNT;
use bouquet_outdir::write_if_changed;
use std::collections::BTreeSet;
use std::path::Path;

/// Writes the constants as the lock has them, and says why that is all.
pub(super) fn observed(
    held: &Held<'_>,
    lock: Option<&Lock>,
    revoked: &BTreeSet<String>,
    why: &Reason,
    job: Job<'_>,
    found: &mut Diagnostics,
) -> Result<(), Diagnostic> {
    let (cluster, now) = (held.cluster(), seconds(job.started));
    let Observed { facts, ca_pem, said } = observe(cluster, lock, revoked, now);
    let constants = constants::module(cluster, &facts, ca_pem.as_deref());
    write_if_changed(job.constants, &constants)?;
    found.extend(words(why, job));
    found.extend(said);
    // What the last build of the machine with the keys was for is not here.
    found.extend(held.said(None, &facts, revoked, Date(now)));
    Ok(())
}

fn words(why: &Reason, job: Job<'_>) -> Option<Diagnostic> {
    let out = job.out.display();
    match why {
        // Who packs it knows, and who depends on it never asked for files.
        Reason::Asked | Reason::Packed => None,
        Reason::Folder(folder) => {
            let folder = if folder == Path::new("") { Path::new(".") } else { folder };
            Some(
                Diagnostic::warning(format!(
                    "`{}` cannot be written: this build proves and prints, and writes no files",
                    folder.display()
                ))
                .help(format!(
                    "for `{out}/`, it must belong to the account that runs the build; `BOUQUET_WRITE=0` \
                     says that none is wanted"
                )),
            )
        }
        Reason::Away(target) => Some(
            Diagnostic::warning(format!(
                "`{out}` is a link to `{}`, where nothing is: this build proves and prints, and writes no files",
                target.display()
            ))
            .help(MOUNT),
        ),
        // Anyone who holds the build to the lock, as in CI, has no use for keys.
        Reason::NoSecrets { .. } if job.asked.locked => {
            Some(Diagnostic::warning(format!("`{out}/` holds no key: this build writes no files")))
        }
        Reason::NoSecrets { is_ca_elsewhere } => {
            let said = Diagnostic::warning(format!(
                "`{out}/` holds no key: this build proves and prints, and writes no files"
            ))
            .help(format!(
                "bring the keys here: `cargo run -- secrets import < FILE`, or `{out}/` from a backup and \
                 `touch cluster.lock`"
            ));
            let said = if *is_ca_elsewhere {
                said.help(
                    "if they are lost: `BOUQUET_WRITE=1 cargo build` has a CA of `[[authority]]` issue again \
                     what is not here",
                )
            } else {
                said
            };
            Some(said.help("Bouquet's page on cluster.lock has the other ways"))
        }
    }
}
