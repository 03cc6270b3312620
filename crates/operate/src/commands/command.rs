//! `command`: a member's options in one of their forms.

use super::member;
use crate::Outcome;
use crate::cli::CommandArgs;
use crate::failure::Failure;
use bouquet_model::cluster::Format;
use bouquet_model::{Cluster, artifact};

pub(super) fn run(cluster: &Cluster, args: &CommandArgs) -> Result<Outcome, Failure> {
    let member = member(cluster, &args.member)?;
    if args.output == Format::Yaml {
        let gaps = artifact::yaml_gaps(cluster, member);
        if !gaps.is_empty() {
            let names: Vec<_> = gaps.iter().map(|gap| format!("`{}`", gap.name())).collect();
            return Err(Failure::new(format!(
                "the configuration file of etcd {} has no key for {}",
                cluster.version,
                names.join(", ")
            ))
            .help("take another form: `-o command`, `-o env` or `-o systemd`"));
        }
    }
    Ok(Outcome::data(artifact::member(cluster, member, args.output)))
}
