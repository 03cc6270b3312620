//! What `adopt` takes.

#![expect(clippy::doc_markdown, reason = "help pages are not Markdown")]

use crate::adopt::Form;
use bouquet_model::version::EtcdVersion;
use clap::{Args, ValueHint};
use std::net::IpAddr;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct AdoptArgs {
    /// A member's configuration, one file for each member
    ///
    /// An environment file, etcd.conf.yml, a unit, a static pod, or a
    /// script with its command line. Files that it names are looked for
    /// beside it, then at their paths.
    #[arg(
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        required_unless_present = "command",
        verbatim_doc_comment
    )]
    pub(crate) configurations: Vec<PathBuf>,

    /// The form of the files, if it does not follow from their content
    ///
    /// env (lines ETCD_NAME=…), yaml (etcd.conf.yml), systemd (a unit),
    /// static-pod (a manifest) or command (a command line, or a script).
    #[arg(
        long = "as",
        value_name = "FORM",
        value_enum,
        hide_possible_values = true,
        verbatim_doc_comment
    )]
    pub(crate) form: Option<Form>,

    /// The release of etcd that runs, such as 3.5.33
    ///
    /// Not needed with a pod's image. `etcd --version` on a node prints it.
    #[arg(long, value_name = "VERSION", value_parser = version, verbatim_doc_comment)]
    pub(crate) etcd: Option<EtcdVersion>,

    /// A folder with copies of the members' certificates
    ///
    /// If they have the same names, with a subfolder for each member.
    /// Keys are not needed, and not read.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, verbatim_doc_comment)]
    pub(crate) certs: Vec<PathBuf>,

    /// The address of a member that is known only by name
    #[arg(long, value_name = "NAME=IP", value_parser = address)]
    pub(crate) ip: Vec<(String, IpAddr)>,

    /// Write to this new file, instead of stdout
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,

    /// A member's command line, instead of a file
    #[arg(last = true, value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
}

fn version(text: &str) -> Result<EtcdVersion, String> {
    EtcdVersion::parse(text).map_err(|error| format!("{error}: {}", error.help()))
}

fn address(text: &str) -> Result<(String, IpAddr), String> {
    let help = || "write a member's name and its address, such as `orange=10.0.0.1`".to_owned();
    let (name, ip) = text.split_once('=').ok_or_else(help)?;
    Ok((name.to_owned(), ip.parse().map_err(|_| help())?))
}
