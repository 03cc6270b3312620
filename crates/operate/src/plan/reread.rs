//! What was seen earlier, or elsewhere: read from the JSON of a plan, which anyone may have written.

use super::seen::FORM;
use crate::compiled::Compiled;
use crate::exit::Exit;
use crate::failure::{Failure, shown};
use crate::live::{Planned, State};
use crate::show::{distance, instant};
use bouquet_model::cluster::MemberId;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::plan::next::{Alarm, Data, Life};
use bouquet_model::plan::{Seen, SeenMember};
use bouquet_model::time::Instant;
use bouquet_model::version::EtcdVersion;
use serde_json::Value;
use std::collections::BTreeSet;

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
    let refused = |message: &str, line: Option<usize>, note: String| {
        let problem = Diagnostic::error(message).about(file, line).note(note);
        problem.help(format!("where members can be asked: `{program} plan --json > seen.json`"))
    };
    let other = |note| refused("this is no plan from what members said", None, note);
    if bytes.len() > LARGEST {
        return Err(other("it is larger than 1 MiB".to_owned()).into());
    }
    let plan: Value = serde_json::from_slice(bytes).map_err(|error| {
        if bytes.trim_ascii().is_empty() {
            return other("it is empty: the plan that was to write it failed".to_owned());
        }
        refused("this is no JSON", Some(error.line()), error.to_string())
    })?;
    let plan = At { value: &plan, place: String::new() };
    let seen = plan.get("seen");
    if seen.value.is_null() {
        let has_steps = plan.get("steps").value.is_array();
        let by_record =
            "it was made from what is recorded, as with `--offline`, or by an earlier Bouquet";
        return Err(other(if has_steps { by_record } else { "it has no `seen`" }.to_owned()).into());
    }
    if let Some(form) = seen.get("form").value.as_u64().filter(|form| *form > FORM) {
        let problem = Diagnostic::error("a later Bouquet made this plan").about(file, None);
        let problem = problem.note(format!("it is of form {form}, and this program reads {FORM}"));
        return Err(problem.help("plan with a program that is built with that Bouquet").into());
    }
    let planned = planned(&plan, &seen, file).map_err(other)?;
    let own = compiled.cluster.id.map(|id| id.0);
    let is_own = match (own, planned.cluster) {
        (Some(own), Some(its)) => own == its,
        _ => plan.get("token").value.as_str() == Some(&compiled.cluster.token),
    };
    if is_own {
        return Ok(planned);
    }
    let named = |id: Option<u64>, token: &str| id.map_or(token.to_owned(), |id| format!("{id:x}"));
    let its = named(planned.cluster, plan.get("token").value.as_str().unwrap_or_default());
    let own = named(own, &compiled.cluster.token);
    let problem = Diagnostic::error(format!("this is a plan of another cluster, {its}"))
        .about(file, None)
        .note(format!(
            "this program is of {own}: it may be of another package, or older than a restore"
        ))
        .help(
            "fetch what others have changed, and build; or plan from what was seen of this cluster",
        );
    Err(Failure { problem, exit: Exit::Unknown })
}

/// Says how old it is.
pub(crate) fn age(planned: &Planned, now: i64, program: &str) -> String {
    let file = planned.file.as_deref().unwrap_or_default();
    let (at, ago) = (instant(planned.at), distance(planned.at, now));
    let age = now.saturating_sub(planned.at);
    let problem = if age < -FRESH {
        Diagnostic::warning(format!("{file} is of the future, by the clock of this machine: {ago}"))
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

fn planned(plan: &At<'_>, seen: &At<'_>, file: &str) -> Result<Planned, String> {
    let members = plan.get("members");
    let mut ids = BTreeSet::new();
    let one = |at: At<'_>| {
        let member = member(&at)?;
        let is_first = ids.insert(member.id);
        if is_first { Ok(member) } else { Err(at.get("id").is("that of another member, too")) }
    };
    let silent = |at: At<'_>| {
        let reason = at.get("reason").unless_null(At::text)?.map(str::to_owned);
        Ok((at.get("name").text()?.to_owned(), at.get("state").word(State::from_word)?, reason))
    };
    let at = seen.get("at");
    Ok(Planned {
        at: at.word(Instant::parse)?.0,
        file: Some(file.to_owned()),
        silent: seen.get("silent").each(silent)?,
        versions: seen.get("versions").texts()?,
        cluster: seen.get("cluster_id").unless_null(|id| id.word(hexadecimal))?,
        seen: Seen {
            members: members.each(one)?,
            alarm: seen.get("alarm").unless_null(|alarm| alarm.word(Alarm::from_word))?,
            is_announced: seen.get("announced").flag()?,
            lost: seen.get("lost").texts()?,
            done: Vec::new(),
        },
    })
}

fn member(at: &At<'_>) -> Result<SeenMember, String> {
    Ok(SeenMember {
        id: MemberId(at.get("id").word(hexadecimal)?),
        name: at.get("name").text()?.to_owned(),
        peer_urls: at.get("peer_urls").texts()?,
        client_urls: at.get("client_urls").texts()?,
        is_learner: at.get("learner").flag()?,
        life: at.get("life").word(Life::from_word)?,
        data: at.get("data").word(Data::from_word)?,
        leads: at.get("leads").flag()?,
        version: at.get("etcd").unless_null(|it| it.word(|text| EtcdVersion::parse(text).ok()))?,
        has_wrong_clock: at.get("wrong_clock").flag()?,
        has_free_space: at.get("free_space").flag()?,
    })
}

fn hexadecimal(text: &str) -> Option<u64> {
    u64::from_str_radix(text, 16).ok()
}

/// A value, and its place in the file. What is not there is null.
struct At<'a> {
    value: &'a Value,
    place: String,
}

impl<'a> At<'a> {
    fn get(&self, key: &str) -> Self {
        let dot = if self.place.is_empty() { "" } else { "." };
        At { value: &self.value[key], place: format!("{}{dot}{key}", self.place) }
    }

    fn is(&self, what: &str) -> String {
        format!("`{}` is {what}", self.place)
    }

    fn text(&self) -> Result<&'a str, String> {
        self.value.as_str().ok_or_else(|| self.is("no text"))
    }

    fn flag(&self) -> Result<bool, String> {
        self.value.as_bool().ok_or_else(|| self.is("neither true nor false"))
    }

    /// What a text stands for.
    fn word<T>(&self, read: impl FnOnce(&str) -> Option<T>) -> Result<T, String> {
        read(self.text()?).ok_or_else(|| self.is("none of its words, or of another form"))
    }

    fn unless_null<T>(
        &self,
        read: impl FnOnce(&Self) -> Result<T, String>,
    ) -> Result<Option<T>, String> {
        if self.value.is_null() { Ok(None) } else { read(self).map(Some) }
    }

    fn each<T, All: FromIterator<T>>(
        &self,
        read: impl FnMut(Self) -> Result<T, String>,
    ) -> Result<All, String> {
        let list = self.value.as_array().ok_or_else(|| self.is("no list"))?;
        let at = |(at, value)| At { value, place: format!("{}[{at}]", self.place) };
        list.iter().enumerate().map(at).map(read).collect()
    }

    fn texts<All: FromIterator<String>>(&self) -> Result<All, String> {
        self.each(|at| at.text().map(str::to_owned))
    }
}
