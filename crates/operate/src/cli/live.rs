//! What commands take that look at the cluster that runs.

#![expect(clippy::doc_markdown, reason = "help pages are not Markdown")]

use bouquet_model::option::GoDuration;
use clap::{Args, ValueHint};
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// Whose certificate to use
    ///
    /// By default that of the client `root`, or else of the first client.
    #[arg(long, value_name = "NAME")]
    pub(crate) client: Option<String>,

    /// How long members have to answer
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = deadline)]
    pub(crate) deadline: Duration,

    /// Look again every two seconds, until it is interrupted
    #[arg(long, conflicts_with_all = ["json", "prometheus"])]
    pub(crate) watch: bool,

    /// Print JSON
    #[arg(long, conflicts_with = "prometheus")]
    pub(crate) json: bool,

    /// Print metrics for Prometheus
    ///
    /// They are for the textfile collector of its node_exporter.
    #[arg(long)]
    pub(crate) prometheus: bool,

    /// Also write those metrics to a file
    ///
    /// It is replaced in one step. If status itself fails, as without a key,
    /// it stays as it was.
    #[arg(long, verbatim_doc_comment, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) textfile: Option<PathBuf>,
}

/// Tells how long to wait, in the form of etcdctl's own `--command-timeout`.
pub(super) fn deadline(text: &str) -> Result<Duration, String> {
    let help = || "write a number and `ms`, `s` or `m`, such as `5s`".to_owned();
    let duration = GoDuration::parse(text).map_err(|_| help())?;
    let nanoseconds = u64::try_from(duration.nanos()).map_err(|_| help())?;
    if nanoseconds == 0 { Err(help()) } else { Ok(Duration::from_nanos(nanoseconds)) }
}
