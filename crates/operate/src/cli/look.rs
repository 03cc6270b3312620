//! What commands take that show something, `ansible` and `etcdctl`.

#![expect(clippy::doc_markdown, reason = "help pages are not Markdown")]

use bouquet_model::artifact::{self, FORMATS, Format};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueHint};
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, Args)]
pub(crate) struct OverviewArgs {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct MembersArgs {
    /// Print JSON, with the listening URLs too
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct AnsibleArgs {
    /// All members, with the variables of each
    #[arg(long)]
    pub(crate) list: bool,

    /// The variables of one member
    #[arg(long, value_name = "MEMBER")]
    pub(crate) host: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct CommandArgs {
    /// The member's name
    pub(crate) member: String,

    /// The form
    #[arg(
        short,
        long,
        value_name = "FORM",
        default_value = "command",
        value_parser = forms(),
        hide_possible_values = true
    )]
    pub(crate) output: &'static Format,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct CertsArgs {
    /// Only the certificates of this member or client
    ///
    /// With --dir: the folder must have all of them, and no others.
    #[arg(value_name = "NAME")]
    pub(crate) owner: Option<String>,

    /// Print one line for monitoring, and exit with its state
    ///
    /// 0 OK, 1 WARNING for what expires soon, differs from the build or is
    /// missing, 2 CRITICAL for what is not valid, 3 UNKNOWN.
    #[arg(long, verbatim_doc_comment)]
    pub(crate) check: bool,

    /// Warn of what expires within this time, such as 30d
    ///
    /// In h, d, w or y. By default renew-before of cluster.toml.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) within: Option<Duration>,

    /// With --check: what expires within this time is CRITICAL
    ///
    /// By default only what has expired is.
    #[arg(long, value_name = "TIME", value_parser = time, requires = "check")]
    pub(crate) critical: Option<Duration>,

    /// Check the .crt files in this folder
    ///
    /// They are compared with the build's. May be repeated.
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Vec<PathBuf>,

    /// Print everything, one certificate a line
    #[arg(long, conflicts_with_all = ["json", "prometheus"])]
    pub(crate) wide: bool,

    /// Print JSON
    #[arg(long, conflicts_with = "prometheus")]
    pub(crate) json: bool,

    /// Print metrics for Prometheus
    ///
    /// They are for the textfile collector of its node_exporter.
    #[arg(long)]
    pub(crate) prometheus: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CheckNodeArgs {
    /// The member whose node it is; by default as the files say
    #[arg(index = 1, value_name = "MEMBER")]
    pub(crate) member: Option<String>,

    /// A file of options, a certificate, or a folder of certificates
    ///
    /// By default those in the places that the guide uses.
    #[arg(index = 2, value_name = "FILE", value_hint = ValueHint::AnyPath)]
    pub(crate) files: Vec<PathBuf>,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// The member whose node it is; by default as the files say
    #[arg(index = 1, value_name = "MEMBER")]
    pub(crate) member: Option<String>,

    /// Explain etcd's messages in this log; - is standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) log: Option<PathBuf>,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct EtcdctlArgs {
    /// Ask only this member
    #[arg(index = 1)]
    pub(crate) member: Option<String>,

    /// Whose certificate to use
    #[arg(long, value_name = "NAME")]
    pub(crate) client: Option<String>,

    /// The arguments of etcdctl; without any, its environment is printed
    // They are no files and no commands: zsh would offer those beside the members.
    #[arg(index = 2, last = true, value_name = "ARGS", value_hint = ValueHint::Other)]
    pub(crate) arguments: Vec<OsString>,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The folder, which is created if it does not exist
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) folder: PathBuf,
}

fn forms() -> impl TypedValueParser<Value = &'static Format> {
    let value = |form: &&Format| PossibleValue::new(form.name).help(form.file);
    PossibleValuesParser::new(FORMATS.iter().map(value))
        .map(|word| artifact::format(&word).expect("clap accepts the words of a form alone"))
}

/// Reads a length of time as cluster.toml has them.
fn time(text: &str) -> Result<Duration, String> {
    let help = || "write a whole number and `h`, `d`, `w` or `y`, such as `30d`".to_owned();
    bouquet_model::time::length(text).ok_or_else(help)
}
