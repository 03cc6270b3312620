//! The README and docs/ say what is true: transcripts are run, specs compiled, tables generated.
//!
//! `BOUQUET_DOCS=write cargo test --test it docs:: -- --test-threads=1` writes the tables and the output
//! of the transcripts again; read the difference before you keep it.

mod artifacts;
mod changes;
mod clones;
pub(crate) mod compare;
mod full_sops;
pub(crate) mod page;
mod plans;
mod programs;
mod session;
mod specs;
mod tables;
mod team;
mod terminal;
mod transcripts;
mod translation;
mod waits;
mod words;

use std::path::{Path, PathBuf};

/// Every document that is held to the program.
const PAGES: &[&str] = &[
    "CONTRIBUTING.md",
    "README.md",
    "README.zh.md",
    "SECURITY.md",
    "docs/ansible.md",
    "docs/certificates.md",
    "docs/changes.md",
    "docs/clients.md",
    "docs/commands.md",
    "docs/guide.md",
    "docs/lock.md",
    "docs/on-fire.md",
    "docs/options.md",
    "docs/other-tools.md",
    "docs/reliability.md",
    "docs/spec.md",
    "docs/status.md",
    "docs/team.md",
    "docs/terms.md",
    "docs/upgrading.md",
    "out/README.md",
];

/// The root of the repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether documents are to be rewritten instead of compared.
pub(crate) fn writes() -> bool {
    std::env::var_os("BOUQUET_DOCS").is_some_and(|how| how == "write")
}

/// An empty folder of a test's own.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("docs").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the test's own folder can be created");
    folder
}
