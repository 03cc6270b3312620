//! The edge: etcd ends on this node, and does not start again.

use super::look::look;
use super::replay::{is_behind, replay};
use crate::failure::shown;
use crate::node::machine::Unread;
use crate::node::system::run;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::version::Minor;
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
    let unit = cluster.unit_name(member);
    let looks = || look(cluster, member, clock()).map_err(unread);
    let before = looks()?;
    if before.up || before.enabled {
        run("systemctl", &["disable", "--quiet", "--now", &unit])?;
    }
    let ended = looks()?;
    if ended.up || ended.enabled {
        return Err(Diagnostic::error(format!(
            "{unit}.service does not end, or starts again by itself"
        ))
        .note("its data is as it was")
        .help(format!("see what starts it: `systemctl status {unit}`, and do this again")));
    }
    if ended.open {
        return Err(Diagnostic::error("another process than the unit's has its database open")
            .note("its data is as it was")
            .help("end it, as another unit or a container: `lslocks` shows which it is; then do this again"));
    }
    if ended.data.as_ref().is_some_and(is_behind) {
        let name = &member.name;
        say(&format!("{name} did not end by itself before: etcd takes in what its log has\n"));
        replay(cluster, member)?;
        if looks()?.data.as_ref().is_some_and(is_behind) && cluster.version.minor() >= Minor::V3_5 {
            let warning = Diagnostic::warning("not all that its log has was taken in")
                .note("what was left out is said before its data is restored")
                .help("`journalctl -u bouquet-rescue` on the node may say why; the same again tries it again");
            say(&shown(&warning));
        }
    }
    Ok(())
}

/// Reports that a file that was to be looked at cannot be read.
pub(super) fn unread(Unread { path, error }: Unread) -> Diagnostic {
    Diagnostic::error(format!("{} cannot be read: {error}", path.display()))
        .help("see whether its disk is whole: `dmesg | tail`")
}
