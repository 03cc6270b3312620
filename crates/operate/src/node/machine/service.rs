//! The member's unit, and what systemd says of it.

use bouquet_model::artifact::format;
use bouquet_model::{Cluster, Member};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Where the guide has units.
const UNITS: &str = "/etc/systemd/system";

/// Returns the place of a member's unit.
pub(crate) fn unit_place(cluster: &Cluster, member: &Member) -> PathBuf {
    Path::new(UNITS).join(format!("{}.service", cluster.unit_name(member)))
}

/// Returns the text of a member's unit, as it is compiled.
pub(crate) fn unit_text(cluster: &Cluster, member: &Member) -> String {
    format("systemd").map(|form| (form.render)(cluster, member)).unwrap_or_default()
}

/// A unit, as `systemctl show` has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Service {
    /// `active`, `activating`, `inactive`, `failed`, …; empty where no systemd answers.
    pub(crate) active: String,
    /// It starts with the machine.
    pub(crate) is_enabled: bool,
    /// The file that it is from; empty where there is none.
    pub(crate) fragment: String,
    /// A file of it was changed since systemd read it.
    pub(crate) is_stale: bool,
    /// A drop-in, other than the one of a join, says how it is started.
    pub(crate) is_overridden: bool,
    /// It is masked: nothing starts it.
    pub(crate) mask: Option<Mask>,
    /// Its main process, where it has one.
    pub(crate) process: Option<Process>,
}

/// For how long a unit is masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mask {
    /// Until that is undone.
    Lasting,
    /// Until the next boot.
    Runtime,
}

impl Mask {
    /// Returns the command that undoes it.
    pub(crate) fn undo(self, unit: &str) -> String {
        let runtime = if self == Self::Runtime { " --runtime" } else { "" };
        format!("systemctl unmask{runtime} {unit}")
    }
}

/// A process of etcd's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Process {
    pub(crate) id: u32,
    /// Its arguments.
    pub(crate) arguments: Vec<String>,
    /// When it was started, in milliseconds since 1970.
    pub(crate) since: i64,
}

/// The properties that are asked for.
pub(crate) const PROPERTIES: &str =
    "ActiveState,UnitFileState,FragmentPath,NeedDaemonReload,MainPID,DropInPaths";

impl Service {
    /// Reads what `systemctl show` prints, the ID of its process, and its drop-ins.
    pub(crate) fn parse(text: &str) -> (Self, Option<u32>, Vec<PathBuf>) {
        let of = |key: &str| {
            let mut lines = text.lines().filter_map(|line| line.split_once('='));
            lines.find(|(name, _)| *name == key).map_or("", |(_, value)| value).to_owned()
        };
        let service = Self {
            active: of("ActiveState"),
            is_enabled: of("UnitFileState") == "enabled",
            fragment: of("FragmentPath"),
            is_stale: of("NeedDaemonReload") == "yes",
            is_overridden: false,
            mask: match of("UnitFileState").as_str() {
                "masked" => Some(Mask::Lasting),
                "masked-runtime" => Some(Mask::Runtime),
                _ => None,
            },
            process: None,
        };
        let drop_ins = of("DropInPaths").split_whitespace().map(PathBuf::from).collect();
        (service, of("MainPID").parse().ok().filter(|id| *id != 0), drop_ins)
    }

    /// Tells whether it runs, or is about to.
    pub(crate) fn is_up(&self) -> bool {
        matches!(self.active.as_str(), "active" | "activating" | "reloading")
    }

    /// Tells whether an attempt has failed, and systemd waits before the next one.
    pub(crate) fn is_failing(&self) -> bool {
        self.active == "activating" && self.process.is_none()
    }
}

/// Options that count on an empty folder alone.
const AT_FIRST: [&str; 4] = [
    "--initial-cluster=",
    "--initial-cluster-state=",
    "--initial-cluster-token=",
    "--initial-advertise-peer-urls=",
];

/// Returns the options that count at each start, and in which a process runs otherwise than it is to.
pub(crate) fn other_options(runs: &[String], wants: &[String]) -> Vec<String> {
    let counts = |flag: &&str| {
        flag.starts_with("--") && !AT_FIRST.iter().any(|first| flag.starts_with(first))
    };
    let runs: BTreeSet<&str> = runs.iter().map(String::as_str).filter(counts).collect();
    let wants: BTreeSet<&str> = wants.iter().map(String::as_str).filter(counts).collect();
    let name =
        |flag: &str| flag.trim_start_matches("--").split('=').next().unwrap_or_default().to_owned();
    let names: BTreeSet<String> =
        runs.symmetric_difference(&wants).map(|flag| name(flag)).collect();
    names.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_that_is_masked_is_known_with_the_command_that_undoes_it() {
        let mask = |state: &str| {
            Service::parse(&format!("ActiveState=inactive\nUnitFileState={state}\n")).0.mask
        };
        assert_eq!((mask("enabled"), mask("")), (None, None));
        let undo = |state: &str| mask(state).map(|mask| mask.undo("etcd"));
        assert_eq!(undo("masked").as_deref(), Some("systemctl unmask etcd"));
        let runtime = undo("masked-runtime");
        assert_eq!(runtime.as_deref(), Some("systemctl unmask --runtime etcd"));
    }
}
