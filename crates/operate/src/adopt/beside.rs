//! `[systemd]`: what units say of etcd's process.

use super::observed::Observed;
use super::read::Service;
use bouquet_model::artifact::PROXY_VARIABLES;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::node_path::NodePath;
use bouquet_model::systemd::{SEARCHED, Systemd, account_name};
use std::borrow::Cow;

/// Where systemd looks for programs besides, on a system where these are no links to folders in `/usr` (systemd.exec(5)).
const OF_ROOT: [&str; 2] = ["/sbin", "/bin"];

/// The parts of a variable's name that say that its value is secret.
const SECRET: [&str; 4] = ["PASSWORD", "SECRET", "TOKEN", "KEY"];

/// Begins the names of variables that a person's etcdctl finds beside etcd's own, such as Kubespray's: etcd reads none.
const ETCDCTL: &str = "ETCDCTL_";

/// Returns how units start etcd, where all that were read do it alike; else what cannot be said is added.
pub(super) fn systemd(seen: &[Observed], unsaid: &mut Vec<Diagnostic>) -> Systemd {
    let mut all = seen.iter().filter_map(|it| Some((it, it.service.as_ref()?)));
    let Some((first, service)) = all.next() else { return Systemd::DEFAULT };
    let made = of(service, unsaid);
    if let Some((other, _)) = all.find(|(_, other)| of(other, &mut Vec::new()) != made) {
        unsaid.push(
            Diagnostic::error(
                "units start etcd in different ways, which cluster.toml cannot express",
            )
            .note(format!("of {}, and otherwise of {}", quoted(&first.name), quoted(&other.name)))
            .help(
                "compare `User=`, `Group=`, `Environment=` and the program of both: what is under \
                 [systemd] is for all",
            ),
        );
    }
    made
}

fn of(service: &Service, unsaid: &mut Vec<Diagnostic>) -> Systemd {
    let mut account = |key: &str, name: &str| -> Cow<'static, str> {
        match account_name(key, name) {
            Ok(()) => Cow::Owned(name.to_owned()),
            Err(fault) => {
                unsaid.push(fault);
                Systemd::DEFAULT.user
            }
        }
    };
    let user = account("user", service.user.as_deref().unwrap_or("root"));
    let group = service.group.as_deref().map(|group| account("group", group));
    let is_searched = |folder: &str| SEARCHED.contains(&folder) || OF_ROOT.contains(&folder);
    let is_found = |(folder, name): (&str, &str)| is_searched(folder) && name == "etcd";
    let program = service.program.as_deref();
    if program.is_none() {
        unsaid.push(
            Diagnostic::error("a container starts etcd, and the unit that is built starts it without one")
                .help("put etcd on each node before its unit is replaced: `check-node` tells where it is looked for"),
        );
    }
    let elsewhere =
        program.filter(|program| program.rsplit_once('/').is_some_and(|it| !is_found(it)));
    let of_etcd = service.variables.iter().filter(|(name, _)| !name.starts_with(ETCDCTL));
    let (proxies, of_etcd): (Vec<_>, Vec<_>) =
        of_etcd.partition(|(name, _)| PROXY_VARIABLES.contains(&name.as_str()));
    unsaid.extend(proxies.into_iter().map(|(name, _)| {
        Diagnostic::error(format!("the variable {} is left out", quoted(name)))
            .note("the unit that is built takes it from etcd: members reach one another, and not a proxy")
            .help("if members reach one another only by a proxy, they cannot be taken over")
    }));
    let (secret, said): (Vec<_>, Vec<_>) = of_etcd
        .into_iter()
        .partition(|(name, _)| SECRET.iter().any(|word| name.to_ascii_uppercase().contains(word)));
    unsaid.extend(secret.into_iter().map(|(name, _)| {
        Diagnostic::error(format!("the variable {} is left out", quoted(name)))
            .note("cluster.toml is for git, and its value looks like a secret")
            .help("a drop-in for the unit can set it: `systemctl edit etcd`")
    }));
    let environment = said.into_iter().map(|(name, value)| Cow::Owned(format!("{name}={value}")));
    Systemd {
        binary: elsewhere.and_then(|program| NodePath::parse(program).ok()),
        group: group.unwrap_or_else(|| user.clone()),
        user,
        environment: environment.collect(),
    }
}
