//! Releases of etcd that its own authors, or its users, warn of.
//!
//! A line without a patch (`etcd = "3.5"`) means any of its releases, and says nothing of the bad ones.

use crate::check::relations::subject::Subject;
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::release::{Fault, INITIAL_CHECK, faults};

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    let version = subject.cluster.version;
    let are_checked = subject.members().all(|member| member.flag(INITIAL_CHECK) == Some(true));
    let count = subject.cluster.members.len();
    let fault = faults(version).find(|fault| fault.concerns.holds(count, are_checked));
    let Some(Fault { minor, fixed, what, source, instead, .. }) = fault else { return };
    let diagnostic = Diagnostic::warning(format!("etcd {version} {what}"))
        .at(subject.spec.cluster.etcd.span, "")
        .note(*source)
        .help(format!(
            "install {minor}.{fixed} or later, the latest patch at best, and write that here"
        ));
    found.push(instead.iter().fold(diagnostic, |diagnostic, help| diagnostic.help(*help)));
}
