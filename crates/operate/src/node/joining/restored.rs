//! Data that was restored, and that this program does not know of.

use super::Known;
use crate::node::peers::answering;
use bouquet_etcd::wal::Identity;
use bouquet_lock::Restored;
use bouquet_lock::ids::cluster_id;
use bouquet_model::artifact::shell_word;
use bouquet_model::cluster::{ClusterId, MemberId};
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::running::Running;

impl Known<'_> {
    /// Reports data that was restored, with all members or as all of a new cluster, after the program was built.
    pub(super) fn unrecorded_restore(&self, identity: Identity) -> Option<Diagnostic> {
        let token = self.restored?;
        let is_of =
            |running: &Running| Restored::cluster_id(running, token).0 == identity.cluster_id;
        let mut running = Running::of(self.cluster, &[]);
        if is_of(&running) {
            return Some(self.unrecorded(token, ""));
        }
        running.members.retain(|name, _| name == self.name());
        is_of(&running).then(|| self.unrecorded(token, &format!(" --sole {}", self.name())))
    }

    /// Reports that all who answer run as another cluster than that of the data here, as while members are restored: with
    /// others that start on former data it would be the former cluster again, beside the restored one.
    pub(super) fn others_are_elsewhere(&self, identity: Identity) -> Option<Diagnostic> {
        let others = answering(self.answers);
        if others.iter().any(|(_, list)| list.cluster_id == identity.cluster_id) {
            return None;
        }
        let (_, list) = others.first()?;
        let names: Vec<String> = others.iter().map(|(answer, _)| quoted(&answer.name)).collect();
        let (verb, they) = if names.len() == 1 { ("runs", "it") } else { ("run", "they") };
        Some(
            Diagnostic::error(format!(
                "{} {verb} as another cluster, {}, and the data here is of {}",
                names.join(", "),
                ClusterId(list.cluster_id),
                ClusterId(identity.cluster_id)
            ))
            .note("where members are restored, one that starts on former data is no part of that")
            .help(format!(
                "where {they} {} restored: restore this one from the same file, with the same token: {}",
                if names.len() == 1 { "was" } else { "were" },
                (self.install)("--restore FILE --token TOKEN")
            ))
            .help(format!("where what is here is to go on: stop {} first, then do this again", names.join(", "))),
        )
    }

    /// Reports that the data is as a restore with that token left it; `sole` is what `done` is told besides.
    fn unrecorded(&self, token: &str, sole: &str) -> Diagnostic {
        let before = answering(self.answers)
            .into_iter()
            .filter(|(_, list)| self.cluster.id.map(|id| id.0) == Some(list.cluster_id));
        let before: Vec<String> = before.map(|(answer, _)| quoted(&answer.name)).collect();
        if !before.is_empty() && self.is_compiled_as_restored() {
            return self.other_token(token, &before);
        }
        if !before.is_empty() {
            return Diagnostic::error(format!(
                "{} was restored, and {} run with the former data",
                quoted(self.name()),
                before.join(", ")
            ))
            .note("no member of the one takes part in the other; nothing was changed")
            .help(if sole.is_empty() {
                format!(
                    "where all are to be restored: stop those, and restore them from the same file with `--token {}`",
                    shell_word(token)
                )
            } else {
                "where this one is to be all of a new cluster: those have a quorum, or may get one; end them first, or go on with theirs"
                    .to_owned()
            })
            .help(format!(
                "where their cluster is to go on: {}; its restored data is to be set aside then",
                self.replaced()
            ));
        }
        Diagnostic::error("the data here was restored, and this program does not know of that yet")
            .note(format!("the restore had the token {token}"))
            .note("the restored data is as it was; nothing was changed")
            .help(format!(
                "on the machine with `out/`: `{} done --restored FILE --token {}{sole}`, with the file that was restored; build, and bring the new program here",
                self.program,
                shell_word(token)
            ))
    }

    /// Tells whether the cluster that is compiled came of a restore of all its members: they founded it, and by another
    /// token than that of cluster.toml.
    fn is_compiled_as_restored(&self) -> bool {
        let ids: Option<Vec<MemberId>> = self.cluster.members.iter().map(|it| it.id).collect();
        let founded = Restored::cluster_id(&Running::of(self.cluster, &[]), &self.cluster.token);
        let founders = ids.map(|ids| cluster_id(&ids));
        self.cluster.id.is_some_and(|id| founders == Some(id) && id != founded)
    }

    /// Reports that the others are the restored cluster that is recorded, and this one is of another restore: to stop
    /// them would end the cluster for the sake of one.
    fn other_token(&self, token: &str, others: &[String]) -> Diagnostic {
        let (run, are) = if others.len() == 1 { ("runs", "is") } else { ("run", "are") };
        let name = quoted(self.name());
        Diagnostic::error(format!(
            "{name} was restored with another token than the cluster that cluster.lock records"
        ))
        .note(format!("the token here is {token}; {} {run} as that cluster, and {are} not to be stopped", others.join(", ")))
        .note("no member of the one takes part in the other; nothing was changed")
        .help(self.replaced())
        .help(format!(
            "or, where it has not run here since it was restored: restore it again from the same file, with the token that \
             cluster.lock has as `restored`: {}",
            (self.install)("--restore FILE --token TOKEN")
        ))
    }
}
