//! What `secrets` takes.

#![expect(clippy::doc_markdown, reason = "help pages are not Markdown")]

use clap::{Args, Subcommand, ValueHint};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(disable_help_subcommand = true)]
pub(crate) struct SecretsArgs {
    #[command(subcommand)]
    pub(crate) command: SecretsVerb,
}

impl SecretsArgs {
    /// Tells whether it writes into an `out/`, which need not be there yet.
    pub(crate) const fn brings_keys(&self) -> bool {
        matches!(self.command, SecretsVerb::Import(_))
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum SecretsVerb {
    /// Write all keys, with their certificates, to stdout as a tar
    ///
    /// They are those of the out/ that --out or BOUQUET_OUT names; else of the package
    /// that `cargo run` runs; else of an out/ here or above; else of one above this
    /// program. What is left out is named on stderr.
    #[command(verbatim_doc_comment)]
    Export,
    /// Put the keys of such a stream into out/
    ///
    /// All of it is verified against cluster.lock before anything is written, and
    /// then written all or nothing. A file here that differs is named, and stays; but
    /// an earlier certificate is replaced by the current one of cluster.lock.
    #[command(verbatim_doc_comment)]
    Import(ImportArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The stream, decrypted; stdin by default, and for `-`
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: Option<PathBuf>,

    /// Replace files here that differ from the stream's
    ///
    /// Except those that are newer here, by cluster.lock.
    #[arg(long)]
    pub(crate) replace: bool,
}
