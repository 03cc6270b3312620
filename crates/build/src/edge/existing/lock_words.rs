//! What a build says of a `cluster.lock` that is not as the last build left it.

use crate::pki::LEDGER;
use bouquet_lock::{COPY, Later, Taken, git};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::time::{Date, Instant};
use std::path::Path;

/// The paths and words of messages about a lock.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    /// Its path, as it is in commands.
    pub(super) place: &'a Path,
    /// The path of `out/`, as it is in commands.
    pub(super) out: &'a Path,
    /// The day on which it is put right, which is there because cargo repeats the words of a build until the
    /// next one; `None` of a build that does not write it.
    pub(super) day: Option<Date>,
}

/// What is to be done with a lock that was put right.
const COMMIT: &str = "it was older than `out/`, or lost lines in a merge; commit it as it is now";

/// What becomes of a lock that was not put right.
const LATER: &str = "a build that writes puts it back";

impl Words<'_> {
    /// Says what was taken from the copy.
    pub(super) fn taken(&self, taken: &Taken) -> Vec<Diagnostic> {
        self.older(taken).into_iter().chain(self.older_records(&taken.records)).collect()
    }

    fn older_records(&self, records: &[Later]) -> Option<Diagnostic> {
        let (place, out) = (self.place.display(), self.out.display());
        let first = records.first()?;
        let (whose, Later { ours, theirs, .. }) = (first.whose(), first);
        let ours = match ours {
            Some(ours) => format!("a record of {whose} of {}", Instant(*ours)),
            None => format!("no record of {whose}"),
        };
        let theirs = Instant(*theirs);
        let more = match records.len() {
            1 => String::new(),
            count => format!(", and so of {} more", count - 1),
        };
        Some(match self.day {
            Some(day) => Diagnostic::warning(format!(
                "`{place}` had {ours}, and `{out}/{COPY}` has one of {theirs}: put back from there on \
                 {day}{more}"
            ))
            .help(COMMIT)
            .help(format!(
                "if the machines went back to what the older one tells: `{}`, then `BOUQUET_WRITE=0 cargo \
                 run -- done --from-lock`",
                git("checkout", self.place)
            )),
            None => Diagnostic::warning(format!(
                "`{place}` has {ours}, and `{out}/{COPY}` one of {theirs}, which counts{more}"
            ))
            .help(LATER)
            .help(
                "if the machines went back to what the older one tells: `BOUQUET_WRITE=0 cargo run -- done \
                 --from-lock`",
            ),
        })
    }

    fn older(&self, taken: &Taken) -> Option<Diagnostic> {
        let (place, out) = (self.place.display(), self.out.display());
        let mut what: Vec<String> =
            taken.authorities.iter().map(|number| format!("CA {number}")).collect();
        match taken.certificates {
            0 => {}
            1 => what.push("a certificate".to_owned()),
            count => what.push(format!("{count} certificates")),
        }
        let what = (!what.is_empty()).then(|| what.join(", "))?;
        Some(match self.day {
            Some(day) => Diagnostic::warning(format!(
                "`{place}` lacked {what}: put back on {day} from `{out}/{COPY}`"
            ))
            .help(COMMIT),
            None => Diagnostic::warning(format!(
                "`{place}` lacks {what} of `{out}/{COPY}`, which counts"
            ))
            .help(LATER),
        })
    }

    /// Says that it contradicts its copy.
    pub(super) fn edited(&self, serial: &str) -> Diagnostic {
        let (place, out) = (self.place.display(), self.out.display());
        Diagnostic::error(format!(
            "`{place}` and its copy, `{out}/{COPY}`, tell different things of the serial number {serial}"
        ))
        .about(place.to_string(), None)
        .note("a certificate never changes, so that line was edited, or lost a part in a merge")
        .help(format!(
            "`diff {place} {out}/{COPY}` shows it: make both lines what the committed one is"
        ))
        .help(format!(
            "`{}` brings back the committed one; what was issued here since then is put back from the copy",
            git("checkout", self.place)
        ))
    }

    /// Says that it is not there, while its copy is.
    pub(super) fn gone(&self) -> Diagnostic {
        let (place, out) = (self.place.display(), self.out.display());
        match self.day {
            Some(day) => Diagnostic::warning(format!(
                "`{place}` was gone: put back from `{out}/{COPY}` on {day}"
            ))
            .help("commit it: it is what makes this cluster this one"),
            None => Diagnostic::warning(format!("`{place}` is gone, and `{out}/{COPY}` counts"))
                .help(LATER),
        }
    }

    /// Says that an earlier release did not write one; nothing, if that changes nothing of a build that fails.
    pub(super) fn migrated(&self, has_ledger: bool, is_running: bool) -> Option<Diagnostic> {
        let (place, out) = (self.place.display(), self.out.display());
        let ledger = if has_ledger {
            format!(", and takes the place of `{out}/{LEDGER}`")
        } else {
            String::new()
        };
        let Some(day) = self.day else {
            return is_running.then(|| {
                Diagnostic::warning(format!("what `{out}/` was built for is taken as running"))
                    .help("it is of a release that could not record anything")
            });
        };
        let said = Diagnostic::warning(format!("`{place}` is new{ledger} ({day})"))
            .help("commit it with cluster.toml: no certificate was reissued for it");
        if !is_running {
            return Some(said);
        }
        Some(said.help(format!(
            "what `{out}/` was built for is recorded as running: where it does not run yet, \
             `cargo run -- done --undo`"
        )))
    }

    /// Says that it is gone together with its copy.
    pub(super) fn lost(&self, has_certificates: bool) -> Diagnostic {
        let (place, out) = (self.place.display(), self.out.display());
        let from = if has_certificates {
            format!(" from the certificates in `{out}/`")
        } else {
            String::new()
        };
        let message = match self.day {
            Some(day) => format!(
                "`{place}` was not there: begun again on {day}{from}: what runs, and the IDs of its members, \
                 are unknown now"
            ),
            None => format!(
                "`{place}` is not there, and nor is its copy: what runs, and the IDs of its members, are \
                 unknown"
            ),
        };
        let said = Diagnostic::warning(message)
            .note(
                "IDs and `initial-cluster-state` are as if cluster.toml were to found a cluster, unless it has \
                 `state`: where members run, they may be wrong",
            )
            .help(format!(
                "if it is in git, take it from there first: `{}`, then build; copy nothing to the machines \
                 before: it alone tells what runs, the IDs, and which certificates were replaced",
                git("checkout", self.place)
            ));
        if self.day.is_none() {
            return said;
        }
        let said = said.help(
            "without it: where the members run what cluster.toml says, `cargo run -- done` records them; hold \
             their IDs against `etcdctl member list`",
        );
        if !has_certificates {
            return said;
        }
        said.help(
            "a `[[revoked]]` name misses certificates that were replaced; write their `serial` instead",
        )
    }
}
