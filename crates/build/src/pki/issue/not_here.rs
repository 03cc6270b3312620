//! Certificates that the lock has, and `out/` has not; and those that stay although they are due.

use super::outcome::Outcome;
use crate::diagnostic::first_and_more;
use crate::pki::context::Context;
use bouquet_model::certificate::Wanted;
use bouquet_model::diagnostic::Diagnostic;

/// Says which certificates are older here than in the lock, and which are not here at all.
pub(in crate::pki) fn not_here(outcomes: &[Outcome], context: &Context<'_>) -> Vec<Diagnostic> {
    let Context { out, locked, .. } = *context;
    let leaves = outcomes.iter().filter_map(Outcome::leaf);
    let older: Vec<_> =
        leaves.filter(|leaf| leaf.later.is_some()).filter_map(|leaf| place(&leaf.wanted)).collect();
    let elsewhere = outcomes.iter().filter_map(Outcome::elsewhere);
    let elsewhere: Vec<_> = elsewhere.filter_map(|elsewhere| place(&elsewhere.wanted)).collect();
    let mut said = Vec::new();
    if let Some(which) = first_and_more(&older) {
        said.push(
            Diagnostic::warning(format!(
                "`{out}/` is older than cluster.lock: of {which} there is a later certificate elsewhere"
            ))
            .help("bring it here: `cargo run -- secrets import < FILE`")
            .help("until then the one that is here stays, and nothing is reissued"),
        );
    }
    if let Some(which) = first_and_more(&elsewhere) {
        let (are, they) = if elsewhere.len() == 1 { ("is", "it") } else { ("are", "them") };
        let why = if locked { "`BOUQUET_LOCKED=1` is set" } else { "neither is the CA's key" };
        said.push(
            Diagnostic::warning(format!(
                "{which} {are} not here, and {why}: compiled in as cluster.lock has {they}"
            ))
            .help("bring the keys here: `cargo run -- secrets import < FILE`"),
        );
    }
    said
}

/// Says which certificates are to be issued again, where nothing may be issued.
pub(in crate::pki) fn due(outcomes: &[Outcome]) -> Option<Diagnostic> {
    let leaves = outcomes.iter().filter_map(Outcome::leaf);
    let due: Vec<_> = leaves.filter(|leaf| leaf.due.is_some()).collect();
    let reason = due.first()?.due.as_ref()?;
    let which =
        first_and_more(&due.iter().filter_map(|leaf| place(&leaf.wanted)).collect::<Vec<_>>())?;
    let are = if due.len() == 1 { "is" } else { "are" };
    Some(
        Diagnostic::warning(format!(
            "{which} {are} to be issued again ({reason}), and `BOUQUET_LOCKED=1` is set"
        ))
        .help("build without `BOUQUET_LOCKED` where the secrets are, and commit cluster.lock"),
    )
}

/// Returns the first place of a certificate.
fn place(wanted: &Wanted) -> Option<String> {
    wanted.places.first().map(|place| format!("`{place}`"))
}
