//! Drop-ins of a unit, which may say other than the unit does.

use super::checked::{Checked, State};
use crate::unit;
use bouquet_model::artifact::{JOIN, PROXY_VARIABLES, shell_word};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::settings::OF_OTHERS;
use std::path::Path;

/// The keys that say how etcd runs, and as whom.
const DECISIVE: &[&str] = &[
    "DynamicUser",
    "EnvironmentFile",
    "ExecStart",
    "ExecStartPre",
    "Group",
    "Type",
    "UnsetEnvironment",
    "User",
    "WorkingDirectory",
];

/// Judges a drop-in of a unit: limits and the like are the operator's to add. The one with which a member joins says
/// who the members were then, which is read at the first start alone, and nothing else.
pub(crate) fn drop_in(file: &Path, text: &str, (unit, again): (&str, &str)) -> Checked {
    let joins = unit::service(text).iter().all(|it| it.key == "ExecStart")
        && !unit::arguments(text).is_empty()
        && counting(text) == counting(unit);
    if joins {
        return Checked::new(file, State::DROP_IN);
    }
    if file.ends_with(JOIN) {
        let problem = Diagnostic::warning(format!(
            "{} has other options than the compiled unit, and those count",
            file.display()
        ))
        .note("the member joined by it; with data of its own it needs it no more")
        .help(format!("on its node, `{again}` puts that right"))
        .help(format!(
            "or, where it has joined, by hand: `rm {}`, `systemctl daemon-reload`, and restart etcd",
            shell_word(&file.to_string_lossy())
        ));
        return Checked::new(file, State::wrong("overrides")).because(problem);
    }
    let mut keys: Vec<String> = Vec::new();
    for assignment in unit::service(text) {
        let key = assignment.key;
        if is_decisive(&key, &assignment.value) && !keys.contains(&key) {
            keys.push(key);
        }
    }
    if keys.is_empty() {
        return Checked::new(file, State::DROP_IN);
    }
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    let problem = Diagnostic::warning(format!(
        "{} overrides {} of the compiled unit",
        file.display(),
        keys.join(", ")
    ))
    .note("an option that is both a flag and a variable stops etcd")
    .help("make the change in cluster.toml, and build")
    .help("keep it, knowing that no build sees it");
    Checked::new(file, State::wrong("overrides")).because(problem)
}

/// Returns the arguments that count at each start.
fn counting(text: &str) -> Vec<String> {
    let of_others = |word: &String| {
        let name = word.trim_start_matches("--").split('=').next().unwrap_or_default();
        OF_OTHERS.contains(&name)
    };
    unit::arguments(text).into_iter().filter(|word| !of_others(word)).collect()
}

fn is_decisive(key: &str, value: &str) -> bool {
    // Go's own variables, such as GOMAXPROCS, are none of etcd's options.
    let is_of_etcd = || {
        let names = PROXY_VARIABLES.iter().copied().chain(["ETCD_"]);
        names.into_iter().any(|name| value.contains(name))
    };
    DECISIVE.contains(&key) || key == "Environment" && is_of_etcd()
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: &str = "[Service]\nExecStart=etcd --name=a --initial-cluster=a=x\n";
    const JOINED: &str =
        "[Service]\nExecStart=\nExecStart=etcd --name=a --initial-cluster=a=x,b=y\n";

    /// Its options are those of the day on which the member joined.
    #[test]
    fn a_drop_in_of_joining_with_other_options_is_no_edit_of_an_operators() {
        let place = Path::new("/etc/systemd/system/etcd.service.d").join(JOIN);
        let of = |unit: &str| drop_in(&place, JOINED, (unit, "flowers install orange")).problems;
        assert_eq!(of(UNIT), []);
        let later = &of(&UNIT.replace("--name=a", "--name=a --snapshot-count=7"))[0];
        assert!(
            later.message.ends_with(
                "10-join.conf has other options than the compiled unit, and those count"
            )
        );
        assert!(
            later.help[1].contains("by hand: `rm /etc/systemd/system/etcd.service.d/10-join.conf`")
        );
    }
}
