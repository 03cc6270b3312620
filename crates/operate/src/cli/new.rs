//! What `new` takes.

use clap::{Args, ValueHint};
use std::path::PathBuf;

/// The etcd of a new cluster: the line whose latest release every test runs on.
pub(crate) const ETCD: &str = "3.6";

#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// The package's folder, empty or new
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) folder: PathBuf,

    /// A member, as NAME=IP or NAME=IP,HOSTNAME
    ///
    /// Repeat it for each. Without it there are three examples, to edit.
    #[arg(long = "member", value_name = "MEMBER")]
    pub(crate) members: Vec<String>,

    /// A client besides `root`, which the program itself uses
    #[arg(long = "client", value_name = "NAME")]
    pub(crate) clients: Vec<String>,

    /// The etcd that the nodes run
    #[arg(long, value_name = "VERSION", default_value = ETCD)]
    pub(crate) etcd: String,

    /// The cluster's token; by default the folder's name
    #[arg(long, value_name = "TOKEN")]
    pub(crate) token: Option<String>,

    /// The package's name; by default made of the folder's
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,

    #[command(flatten)]
    pub(crate) crates: CratesArgs,
}

/// Where Bouquet's crates come from.
#[derive(Debug, Args)]
#[command(
    next_help_heading = "Where Bouquet's crates come from; by default as in the package at hand"
)]
pub(crate) struct CratesArgs {
    /// A clone of its repository
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, conflicts_with_all = ["git", "version"])]
    pub(crate) path: Option<PathBuf>,

    /// The address of its repository, for cargo to clone
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url, conflicts_with = "version")]
    pub(crate) git: Option<String>,

    /// A commit of that repository
    #[arg(long, value_name = "REV", requires = "git", conflicts_with_all = ["tag", "branch"])]
    pub(crate) rev: Option<String>,

    /// A tag of that repository
    #[arg(long, value_name = "TAG", requires = "git", conflicts_with = "branch")]
    pub(crate) tag: Option<String>,

    /// A branch of that repository
    #[arg(long, value_name = "BRANCH", requires = "git")]
    pub(crate) branch: Option<String>,

    /// A release in crates.io
    #[arg(long, value_name = "X.Y")]
    pub(crate) version: Option<String>,
}
