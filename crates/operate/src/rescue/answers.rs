//! The members that answer although the quorum is lost: they have their data, whatever ssh says of their nodes.

use crate::live::{Observed, Report, Role, State};
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::Diagnostic;
use std::collections::{BTreeMap, BTreeSet};

/// The members that answer, by name.
pub(super) type Answers = BTreeMap<String, Answer>;

/// How a member answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    /// Where.
    pub(super) url: String,
    /// It gives a snapshot: no learner does, nor one that tells this client nothing.
    pub(super) saves: bool,
}

/// Returns the members that answer as members of this cluster.
pub(super) fn answers(report: &Report, observed: &Observed) -> Answers {
    let answering = |state| matches!(state, State::Up | State::Refusing);
    let rows = report.rows.iter().filter(|row| answering(row.state));
    let answer = rows.filter_map(|row| {
        let its = observed.seen.iter().filter(|seen| seen.target.name == row.name);
        // It may be asked at several places, and answer at one.
        let seen = its.min_by_key(|seen| seen.status.is_err())?;
        let url = seen.target.client_urls.first()?.to_string();
        let saves = row.state == State::Up && row.role.is_some_and(|role| role != Role::Learner);
        Some((row.name.clone(), Answer { url, saves }))
    });
    answer.collect()
}

/// Says of each of them that answers how its data is saved.
pub(super) fn is_not_lost<'a>(
    names: impl IntoIterator<Item = &'a str>,
    answers: &Answers,
    program: &str,
) -> Vec<String> {
    let its = |name: &'a str| Some((name, answers.get(name)?));
    let told = names.into_iter().filter_map(its).map(|(name, Answer { url, saves })| {
        let way = if *saves {
            let file = format!("left-{name}.db");
            let (file, from) = (shell_word(&file), shell_word(name));
            format!("; `{program} snapshot {file} --from {from} --force` saves what it has")
        } else {
            String::new()
        };
        format!("{name} answers at {url}: it is not lost{way}")
    });
    told.collect()
}

/// Refuses to call one lost that answers.
///
/// # Errors
/// If one does.
pub(super) fn none_answers(
    lost: &BTreeSet<String>,
    answers: &Answers,
    program: &str,
) -> Result<(), Diagnostic> {
    let help = is_not_lost(lost.iter().map(String::as_str), answers, program);
    if help.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> =
        lost.iter().map(String::as_str).filter(|name| answers.contains_key(*name)).collect();
    let (verb, are) = if names.len() == 1 { ("answers", "is") } else { ("answer", "are") };
    let message = format!("{} {verb}, and {are} said to be lost", names.join(", "));
    let problem = Diagnostic::error(message).note("nothing was done");
    Err(help.into_iter().fold(problem, Diagnostic::help))
}
