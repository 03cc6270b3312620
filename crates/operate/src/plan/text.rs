//! A plan as a person reads it: what changes, and then the steps.

use crate::live::Planned;
use crate::show::{BAD, HEAD, HINT, WARN, instant, paint};
use crate::steps::{INDENT, remark, table as steps_table, text as steps_text};
use bouquet_model::Cluster;
use bouquet_model::change::{Change, Class, Subject, What, accept_line};
use bouquet_model::diagnostic::visible_lines;
use bouquet_model::plan::{Plan, Withheld};
use bouquet_model::settings::OF_OTHERS;
use std::fmt::Write as _;

/// Renders a plan for a person; `names` are that of what was compared with, and of the program.
pub(super) fn text(
    cluster: &Cluster,
    (plan, has_commands): (&Plan, bool),
    names: (&str, &str),
    planned: Option<&Planned>,
) -> String {
    let (from, program) = names;
    let mut text = head(cluster, plan, planned);
    if plan.steps.is_empty() && plan.refused.is_empty() && plan.withheld.is_empty() {
        let _ = writeln!(text, "nothing to do: what is compiled runs, by {from}");
        let free = plan.changes.iter().filter(|change| is_recorded(change)).count();
        if free > 0 {
            let _ = writeln!(
                text,
                "{} that no machine needs: `{program} done` records {}",
                if free == 1 { "1 change".to_owned() } else { format!("{free} changes") },
                if free == 1 { "it" } else { "them" }
            );
        }
        return text;
    }
    text += &refused(plan, cluster.accept.is_empty());
    text += &changes(plan);
    let (word, steps) = if plan.steps.is_empty() {
        ("no steps:", String::new())
    } else {
        let text = if has_commands { steps_text } else { steps_table };
        ("no further steps:", text(&plan.steps))
    };
    text += &steps;
    for Withheld { why, way } in &plan.withheld {
        let _ = writeln!(text, "{} {}", paint(BAD, word), visible_lines(why));
        text += &remark("help: ", way);
    }
    text
}

fn head(cluster: &Cluster, plan: &Plan, planned: Option<&Planned>) -> String {
    let counts = plan.counts;
    let id = cluster.id.map(|id| format!(" {id}")).unwrap_or_default();
    let voters = counts.voters;
    let tolerates = counts.tolerates().unwrap_or_default();
    let git = cluster.revision.as_ref().map(|it| format!(" (git {it})")).unwrap_or_default();
    let mut text = format!(
        "{}{id} · {voters} {}, quorum {}, tolerates {tolerates}{}\ndefinition {}{git} · etcd {}\n",
        paint(HEAD, &cluster.token),
        if voters == 1 { "voter" } else { "voters" },
        counts.quorum(),
        planned.map(|planned| runs(plan, planned)).unwrap_or_default(),
        cluster.digest,
        cluster.version,
    );
    if let Some((planned, file)) = planned.and_then(|it| Some((it, it.file.as_ref()?))) {
        let _ = writeln!(text, "seen {} · {}", instant(planned.at), visible_lines(file));
    }
    for (name, state, why) in planned.iter().flat_map(|planned| &planned.silent) {
        let why = why.as_ref().map(|why| format!(": {}", visible_lines(why))).unwrap_or_default();
        let _ = writeln!(text, "{} {}{why}", visible_lines(name), paint(BAD, state.as_str()));
    }
    text
}

/// Says who leads, and which etcd runs.
fn runs(plan: &Plan, planned: &Planned) -> String {
    let leader = plan.leader.as_ref().map_or("no leader".to_owned(), |it| format!("leader {it}"));
    let versions: Vec<_> = planned.versions.iter().map(|it| visible_lines(it)).collect();
    format!(" · {leader} · runs {}", versions.join(", "))
}

/// Renders what is refused, which comes first: its consequence, what to do instead, and the words that accept it.
/// Members of whom the same is said are named together. `is_first` tells that `cluster.toml` has no `accept` yet.
fn refused(plan: &Plan, is_first: bool) -> String {
    let mut said: Vec<(Told, Vec<&Subject>)> = Vec::new();
    for (at, change) in plan.changes.iter().enumerate() {
        if change.class != Class::Refused {
            continue;
        }
        let told = Told::of(change, plan.refused.contains(&at));
        match said.iter_mut().find(|(other, _)| *other == told) {
            Some((_, subjects)) => subjects.push(&change.subject),
            None => said.push((told, vec![&change.subject])),
        }
    }
    let is_alone = is_first && plan.refused.len() == 1;
    said.iter().map(|(told, subjects)| told.text(&who(subjects), is_alone)).collect()
}

/// What is said of one that is refused, or was accepted.
#[derive(PartialEq, Eq)]
struct Told {
    what: String,
    consequence: String,
    /// The ways around it, and the words that accept it, where it is refused.
    instead: Option<(Vec<String>, String)>,
    is_refused: bool,
}

impl Told {
    fn of(change: &Change, is_refused: bool) -> Self {
        let accept = change.accept().filter(|_| is_refused);
        Self {
            what: change.what.to_string(),
            consequence: change.consequence(),
            instead: accept.map(|accept| (change.ways(), accept)),
            is_refused,
        }
    }

    /// Renders a refusal; `is_alone` tells that there is nothing else to accept: a file of TOML has each key once.
    fn text(&self, whose: &str, is_alone: bool) -> String {
        let word = if self.is_refused { paint(BAD, "refused:") } else { paint(WARN, "accepted:") };
        let mut text = format!("{word} {whose}{}\n", visible_lines(&self.what));
        text += &remark("note: ", &self.consequence);
        if let Some((ways, accept)) = &self.instead {
            text.extend(ways.iter().map(|way| remark("help: ", way)));
            let how = if is_alone {
                format!("write under `[cluster]`: {}", accept_line(&[accept]))
            } else {
                format!("add to the list `accept` under `[cluster]`: \"{accept}\"")
            };
            let _ = writeln!(text, "{INDENT}{}to accept it, {how}", paint(HINT, "help: "));
        }
        text
    }
}

/// Tells whether `done` records a change; it has nothing to record of options that follow from who else is in the
/// cluster.
fn is_recorded(change: &Change) -> bool {
    !matches!(&change.what, What::Option { name, .. } if OF_OTHERS.contains(&name.as_str()))
}

fn subject(subject: &Subject) -> String {
    match subject {
        Subject::Cluster => String::new(),
        Subject::Member(name) => format!("{name}: "),
        Subject::Client(name) => format!("client {name}: "),
    }
}

/// Writes one line for what is the same of several.
fn changes(plan: &Plan) -> String {
    let mut lines: Vec<(String, Vec<&Subject>)> = Vec::new();
    let is_shown = |change: &&Change| match change.class {
        Class::Refused => false,
        // A founder that is not up yet, or a new client.
        Class::Free => change.what == What::Added,
        _ => true,
    };
    for change in plan.changes.iter().filter(is_shown) {
        let what = visible_lines(&change.what.to_string()).into_owned();
        match lines.iter_mut().find(|(other, _)| *other == what) {
            Some((_, subjects)) => subjects.push(&change.subject),
            None => lines.push((what, vec![&change.subject])),
        }
    }
    let mut text = String::new();
    for (what, subjects) in lines {
        let _ = writeln!(text, "{}{what}", who(&subjects));
    }
    text
}

fn who(subjects: &[&Subject]) -> String {
    match subjects {
        [one] => subject(one),
        [one, two] => format!("{}, {}", subject(one).trim_end_matches(": "), subject(two)),
        _ => {
            let clients = subjects.iter().filter(|s| matches!(s, Subject::Client(_))).count();
            match (subjects.len() - clients, clients) {
                (members, 0) => format!("{members} members: "),
                (0, clients) => format!("{clients} clients: "),
                (members, clients) => format!("{members} members, {clients} clients: "),
            }
        }
    }
}
