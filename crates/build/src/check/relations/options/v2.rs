//! etcd's second API, and how far its store is on its way out.

use crate::check::relations::subject::Subject;
use crate::diagnostic::{Diagnostic, Diagnostics};

const SERVE: &str = "enable-v2";
const STAGE: &str = "v2-deprecation";
const EMULATE: &str = "experimental-enable-v2v3";

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    for placed in subject.distinct() {
        let served = placed.flag(SERVE) == Some(true);
        // `serveClients` in 3.5's `embed/etcd.go`; later versions serve no second API.
        let stage = placed.text(STAGE).filter(|stage| stage != "not-yet");
        if let Some(stage) = stage.filter(|_| served) {
            found.push(
                Diagnostic::error(format!(
                    "`{SERVE}` and `{STAGE} = \"{stage}\"` exclude each other"
                ))
                .at(
                    subject.option_span(placed, STAGE),
                    "the second API is not served from this stage on",
                )
                .also(subject.option_span(placed, SERVE), "")
                .note(format!(
                    "etcd: --enable-v2 and --v2-deprecation={stage} are mutually exclusive"
                ))
                .help(format!(
                    "remove `{SERVE}`, or write `{STAGE} = \"not-yet\"` as long as someone needs it"
                )),
            );
        }
        if placed.text(EMULATE).is_some() && !served {
            found.push(
                Diagnostic::warning(format!("`{EMULATE}` without `{SERVE}`"))
                    .at(subject.option_span(placed, EMULATE), "etcd would not look at it")
                    .help(format!("remove it, or add `{SERVE} = true`")),
            );
        }
    }
}
