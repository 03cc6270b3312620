//! What was seen earlier, or elsewhere: read from the JSON of a plan, which anyone may have written.

use super::at::At;
use super::seen::FORM;
use crate::compiled::Compiled;
use crate::exit::Exit;
use crate::failure::{Failure, shown};
use crate::live::{Planned, State};
use crate::package::BUILD_AGAIN;
use crate::show::{distance, instant};
use bouquet_model::cluster::MemberId;
use bouquet_model::diagnostic::{Diagnostic, visible_lines};
use bouquet_model::plan::next::{Alarm, Data, Life};
use bouquet_model::plan::{Seen, SeenMember};
use bouquet_model::time::Instant;
use bouquet_model::version::EtcdVersion;
use serde_json::Value;
use std::cell::OnceCell;

/// A plan is smaller.
const LARGEST: usize = 1 << 20;

/// What is older than that, in seconds, is warned of.
const FRESH: i64 = 5 * 60;

/// Reads what was seen of the cluster that is compiled. `file` and `program` are the names that messages have.
///
/// # Errors
/// If it is no plan of a form that is known, was made without asking members, or is of another cluster.
pub(crate) fn reread(
    compiled: &Compiled<'_>,
    bytes: &[u8],
    (file, program): (&str, &str),
) -> Result<Planned, Failure> {
    let refused = |message: &str, line: Option<usize>, note: &str| {
        let help = format!("where members can be asked: `{program} plan --json > seen.json`");
        let exit = Exit::Failed;
        Failure { problem: problem(message, (file, line), note).help(help), exit }
    };
    let other = |note: &str| refused("this is no plan from what members said", None, note);
    if bytes.len() > LARGEST {
        return Err(other("it is larger than 1 MiB"));
    }
    if bytes.trim_ascii().is_empty() {
        return Err(other("it is empty: the plan that was to write it failed"));
    }
    let plan: Value = serde_json::from_slice(bytes)
        .map_err(|error| refused("this is no JSON", Some(error.line()), &error.to_string()))?;
    let wrong = OnceCell::new();
    let at = At::whole(&plan, &wrong);
    let seen = at.get("seen");
    if seen.value().is_null() {
        return Err(other(if plan["steps"].is_array() {
            "it was made from what is recorded, as with `--offline`, or by an earlier Bouquet"
        } else {
            "it has no `seen`"
        }));
    }
    let form = seen.get("form");
    let number = form.value().as_u64().unwrap_or_default();
    if number > FORM {
        let note = format!("it is of form {number}, and this program reads {FORM}");
        let problem = problem("a later Bouquet made this plan", (file, None), &note);
        return Err(problem.help("plan with a program that is built with that Bouquet").into());
    }
    if number < FORM {
        form.is("no form that there was");
    }
    let planned = planned(&at, &seen, file);
    if let Some(wrong) = wrong.get() {
        return Err(other(wrong));
    }
    is_own(compiled, &planned, plan["token"].as_str().unwrap_or_default())?;
    Ok(planned)
}

/// Refuses the plan of another cluster, by the clusters' IDs, or by tokens where one ID is not known.
fn is_own(compiled: &Compiled<'_>, planned: &Planned, token: &str) -> Result<(), Failure> {
    let (own, its) = (compiled.cluster.id.map(|id| id.0), planned.cluster);
    let is_own = own.zip(its).map_or(token == compiled.cluster.token, |(own, its)| own == its);
    if is_own {
        return Ok(());
    }
    let named = |id: Option<u64>, token: &str| id.map_or(token.to_owned(), |id| format!("{id:x}"));
    let (own, its) = (named(own, &compiled.cluster.token), named(its, token));
    let problem = problem(
        &format!("this is a plan of another cluster, {its}"),
        (planned.file.as_deref().unwrap_or_default(), None),
        &format!("this program is of {own}: it may be of another package, or older than a restore"),
    );
    let help = format!("{BUILD_AGAIN}; or plan from what was seen of this cluster");
    Err(Failure { problem: problem.help(help), exit: Exit::Unknown })
}

/// Makes a problem with a file, and with a line of it where that is given.
fn problem(message: &str, (file, line): (&str, Option<usize>), note: &str) -> Diagnostic {
    Diagnostic::error(message).about(file, line).note(note)
}

/// Says how old it is.
pub(crate) fn age(planned: &Planned, now: i64, program: &str) -> String {
    let file = visible_lines(planned.file.as_deref().unwrap_or_default());
    let (at, ago) = (instant(planned.at), distance(planned.at, now));
    let age = now.saturating_sub(planned.at);
    let problem = if age < -FRESH {
        Diagnostic::warning(format!(
            "{file} is from the future, by the clock of this machine: {ago}"
        ))
        .note(format!("it was seen at {at}, by the clock of the machine that looked"))
        .help("compare the clocks of both")
    } else if age >= FRESH {
        Diagnostic::warning(format!("what members said is old: {file} was seen {ago}"))
            .note(format!("at {at}"))
            .help(format!(
                "`{program} plan` asks them again; so does `{program} apply`, before each step"
            ))
    } else {
        return format!("{file}: seen {}\n", if age > 0 { &ago } else { "just now" });
    };
    shown(&problem)
}

fn planned(plan: &At<'_>, seen: &At<'_>, file: &str) -> Planned {
    let mut members: Vec<SeenMember> = Vec::new();
    for at in plan.list("members") {
        let member = member(&at);
        if members.iter().any(|other| other.id == member.id) {
            at.get("id").is("that of another member, too");
        }
        // Of many that are none, one is enough.
        if at.is_wrong() {
            break;
        }
        members.push(member);
    }
    let mut silent = Vec::new();
    for at in seen.list("silent") {
        let state = at.word("state", State::from_word).unwrap_or(State::Silent);
        silent.push((at.text("name"), state, at.text_or_null("reason")));
    }
    Planned {
        at: seen.word("at", Instant::parse).map_or(0, |at| at.0),
        file: Some(file.to_owned()),
        silent,
        versions: seen.texts("versions").into_iter().collect(),
        cluster: seen.word_or_null("cluster_id", hexadecimal),
        seen: Seen {
            members,
            alarm: seen.word_or_null("alarm", Alarm::from_word),
            is_announced: seen.flag("announced"),
            lost: seen.texts("lost").into_iter().collect(),
            done: Vec::new(),
        },
    }
}

fn member(at: &At<'_>) -> SeenMember {
    SeenMember {
        id: MemberId(at.word("id", hexadecimal).unwrap_or_default()),
        name: at.text("name"),
        peer_urls: at.texts("peer_urls"),
        client_urls: at.texts("client_urls"),
        is_learner: at.flag("learner"),
        life: at.word("life", Life::from_word).unwrap_or_default(),
        data: at.word("data", Data::from_word).unwrap_or_default(),
        leads: at.flag("leads"),
        version: at.word_or_null("etcd", |text| EtcdVersion::parse(text).ok()),
        has_wrong_clock: at.flag("wrong_clock"),
        has_free_space: at.flag("free_space"),
    }
}

fn hexadecimal(text: &str) -> Option<u64> {
    u64::from_str_radix(text, 16).ok()
}
