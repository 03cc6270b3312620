//! Lists, and what their entries have to be.

use std::borrow::Cow;

use super::text::{normal_path, one_of};
use super::{host, url};
use crate::diagnostic::Diagnostic;
use crate::option::etcd_option::EtcdOption;
use crate::option::kind::{GATES, Item, Kind, Word};
use crate::option::log_path::misread_log_path;
use crate::option::lookup::find;
use crate::option::value::Value;
use crate::option::versions::Versions;
use crate::version::{EtcdVersion, Minor};

impl EtcdOption {
    pub(super) fn list(
        &self,
        entries: &[&str],
        many: Versions,
        version: EtcdVersion,
    ) -> Result<Value, Diagnostic> {
        let name = self.name;
        if entries.is_empty() {
            return Err(Diagnostic::error(format!("`{name}` is empty"))
                .help("leave it out to have etcd's default"));
        }
        if entries.len() > 1 && !many.contains(version) {
            let finding = Diagnostic::error(format!(
                "etcd {version} takes one entry for `{name}`, not {}",
                entries.len()
            ));
            return Err(match many.next(version) {
                Some(since) => finding.help(format!("several can be given since etcd {since}")),
                None => finding,
            });
        }
        if let Some((_, finding)) = self.wrong_entries(entries, version).into_iter().next() {
            return Err(finding);
        }
        let owned: Vec<Cow<'static, str>> =
            entries.iter().map(|entry| Cow::Owned((*entry).to_owned())).collect();
        Ok(Value::List(owned.into()))
    }

    /// Returns what is wrong with single entries of a list, each with its place in it. Nothing, if it
    /// is no option that takes a list.
    pub fn wrong_entries(
        &self,
        entries: &[&str],
        version: EtcdVersion,
    ) -> Vec<(usize, Diagnostic)> {
        let Kind::List { item, .. } = self.kind else { return Vec::new() };
        let wrong = |(at, entry): (usize, &&str)| {
            if entries[..at].contains(entry) {
                let message = format!("`{}` has `{entry}` twice", self.name);
                return Some((at, Diagnostic::error(message)));
            }
            self.entry(entry, item, entries.len(), version).err().map(|finding| (at, finding))
        };
        entries.iter().enumerate().filter_map(wrong).collect()
    }

    fn entry(
        &self,
        entry: &str,
        item: Item,
        count: usize,
        version: EtcdVersion,
    ) -> Result<(), Diagnostic> {
        self.printable(entry)?;
        if entry.contains(',') {
            return Err(Diagnostic::error(format!(
                "`{entry}` holds a comma, at which etcd would split it"
            ))
            .help("write it as several entries"));
        }
        if entry.trim() != entry {
            return Err(Diagnostic::error(format!("`{entry}` begins or ends with a space")));
        }
        match item {
            Item::Text => Ok(()),
            Item::ListenUrl => url::to_listen_on(entry, version),
            Item::MetricsUrl => url::to_serve_metrics_on(entry, version),
            Item::CertifiedHost => host::certified(entry),
            Item::RequestHost | Item::Origin if entry == "*" => alone(entry, count),
            Item::RequestHost => host::requested(entry),
            Item::Origin => url::origin(entry),
            Item::LogOutput => log_output(entry, count, version),
            Item::Gate => gate(entry, version),
        }
    }
}

fn alone(entry: &str, count: usize) -> Result<(), Diagnostic> {
    if count == 1 {
        return Ok(());
    }
    Err(Diagnostic::error(format!("`{entry}` stands for itself and cannot have others beside it")))
}

/// Checks an output as `setupLogging` in etcd's `embed/config_logging.go` does.
fn log_output(entry: &str, count: usize, version: EtcdVersion) -> Result<(), Diagnostic> {
    match entry {
        "default" | "systemd/journal" => alone(entry, count),
        "stderr" | "stdout" => Ok(()),
        path if path.ends_with('/') && path.starts_with('/') => {
            Err(Diagnostic::error(format!("`{path}` is a folder, and etcd logs to a file"))
                .help(format!("write `{path}etcd.log`, for example")))
        }
        path if path.starts_with('/') => {
            let misread = misread_log_path(path).filter(|_| version.minor() < Minor::V3_6);
            normal_path(path).and(misread.map_or(Ok(()), Err))
        }
        _ => Err(Diagnostic::error(format!("`{entry}` is nothing etcd can log to"))
            .help("write `stderr`, `stdout`, `systemd/journal`, `default` or an absolute path")),
    }
}

fn gate(entry: &str, version: EtcdVersion) -> Result<(), Diagnostic> {
    let Some((name, switch)) = entry.split_once('=') else {
        return Err(Diagnostic::error(format!("`{entry}` does not say whether it is on"))
            .help(format!("write `{entry}=true`")));
    };
    match GATES.iter().find(|gate| gate.text == name) {
        Some(gate) if gate.versions.contains(version) => {}
        Some(gate) => {
            let finding = Diagnostic::error(format!("etcd {version} has no feature gate `{name}`"));
            return Err(match gate.versions.next(version) {
                Some(since) => finding.help(format!("it came with {since}")),
                None => finding,
            });
        }
        None => {
            let known: Vec<&str> = Word::of(GATES, version).collect();
            let finding = Diagnostic::error(format!("`{name}` is no feature gate of etcd"));
            // Someone may well write an option's name here.
            return Err(match find(name) {
                Some(_) => finding.help(format!("`{name}` is an option by itself")),
                None => finding.help(format!("write {}", one_of(&known))),
            });
        }
    }
    if matches!(switch, "true" | "false") {
        return Ok(());
    }
    Err(Diagnostic::error(format!("`{switch}` does not say whether `{name}` is on"))
        .help(format!("write `{name}=true` or `{name}=false`")))
}
