//! The edge: etcd ends on this node, and does not start again.

use super::look::look;
use super::replay::{is_behind, replay};
use crate::node::machine::{Unread, unit_name};
use crate::node::system::run;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::{Cluster, Member};
use std::time::SystemTime;

/// Ends it, and has its database take in what its log has.
///
/// # Errors
/// If it does not end.
pub(super) fn stop(
    cluster: &Cluster,
    member: &Member,
    clock: fn() -> SystemTime,
    say: &dyn Fn(&str),
) -> Result<(), Diagnostic> {
    let unit = unit_name(cluster, member);
    let looks = || look(cluster, member, clock()).map_err(unread);
    if !looks()?.is_ended() {
        run("systemctl", &["disable", "--quiet", "--now", &unit])?;
    }
    let ended = looks()?;
    if !ended.is_ended() {
        return Err(Diagnostic::error(format!(
            "{unit}.service does not end, or starts again by itself"
        ))
        .note("its data is as it was")
        .help(format!("see what starts it: `systemctl status {unit}`, and do this again")));
    }
    if ended.data.as_ref().is_some_and(is_behind) {
        say(&format!(
            "{} did not end by itself before: etcd takes in what its log has\n",
            member.name
        ));
        replay(cluster, member, &looks)?;
    }
    Ok(())
}

/// What was to be looked at cannot be.
pub(super) fn unread(Unread { path, error }: Unread) -> Diagnostic {
    Diagnostic::error(format!("{} cannot be read: {error}", path.display()))
        .help("see whether its disk is whole: `dmesg | tail`")
}
