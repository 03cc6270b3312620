//! What `[systemd]` says, beside the files that are written.

use super::subject::Subject;
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::systemd::Systemd;

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    let Subject { spec, cluster, .. } = subject;
    let Some(formats) = &spec.cluster.formats else { return };
    if cluster.systemd != Systemd::DEFAULT && !cluster.formats.contains(&"systemd") {
        found.push(
            Diagnostic::warning("`[systemd]` is about a unit, and none is written")
                .at(spec.systemd.span, "")
                .also(formats.span, "without `systemd`")
                .help("add `\"systemd\"` to `formats`, or take `[systemd]` out"),
        );
    }
}
