//! A plan, told to people or programs.

use super::recorded::Recorded;
use super::{files, text, view};
use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::failure::shown;
use crate::live::Planned;
use crate::show::json;
use crate::typed::on_node;
use bouquet_model::artifact;
use bouquet_model::change::Accepted;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::plan::next::Life;
use bouquet_model::plan::{
    Known, Plan, Seen, SeenMember, Wishes, last_way, live as plan_live, offline as plan_offline,
};
use bouquet_model::quorum::quorum;
use bouquet_model::running::Running;
use std::path::{Path, PathBuf};

/// What a plan is made from, besides what is compiled, and how it is told.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Basis {
    pub(crate) recorded: Recorded,
    /// The program as it is typed.
    pub(crate) program: String,
    /// The `out/` that was named.
    pub(crate) named: Option<PathBuf>,
    pub(crate) form: Form,
}

/// How a plan is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Json,
    /// With the commands of all steps.
    Commands,
    /// The steps alone.
    Table,
}

/// A plan as it is printed.
#[derive(Debug)]
pub(crate) struct Told {
    /// The plan.
    pub(crate) stdout: String,
    /// What is to be said besides.
    pub(crate) stderr: String,
    pub(crate) exit: Exit,
}

/// Plans from what is recorded alone.
pub(crate) fn offline(
    compiled: &Compiled<'_>,
    basis: &Basis,
    environment: &Environment<'_>,
) -> Told {
    let plan = with_known(compiled, basis, |after, known| {
        plan_offline(&basis.recorded.running, after, known)
    });
    told(compiled, basis, (&plan, None), environment)
}

/// Plans from what was seen.
pub(crate) fn made(
    compiled: &Compiled<'_>,
    basis: &Basis,
    (planned, wishes): (&Planned, &Wishes),
) -> Plan {
    with_known(compiled, basis, |after, known| {
        plan_live(&basis.recorded.running, after, known, &planned.seen, wishes)
    })
}

fn with_known(
    compiled: &Compiled<'_>,
    basis: &Basis,
    plan: impl FnOnce(&Running, &Known<'_>) -> Plan,
) -> Plan {
    let cluster = compiled.cluster;
    let files: Vec<&str> = artifact::formats(cluster).map(|format| format.file).collect();
    let known = Known {
        program: &basis.program,
        on_node: on_node(&basis.program, cluster),
        ids: &basis.recorded.ids,
        token: basis.recorded.token.as_deref(),
        files: &files,
        secrets: &cluster.secrets(),
        accepted: &Accepted::handed(&cluster.accept),
    };
    plan(&Running::of(cluster, compiled.certificates), &known)
}

/// Tells a plan; `planned` is what was seen, where members were asked.
pub(crate) fn told(
    compiled: &Compiled<'_>,
    basis: &Basis,
    (plan, planned): (&Plan, Option<&Planned>),
    environment: &Environment<'_>,
) -> Told {
    let Basis { recorded, program, named, form } = basis;
    let stdout = if *form == Form::Json {
        json(&view::view(compiled.cluster, &recorded.name, plan, planned))
    } else {
        let has_commands = *form == Form::Commands;
        text::text(compiled.cluster, (plan, has_commands), (&recorded.name, program), planned)
    };
    let named = named.as_deref().map(Path::new);
    let mut stderr = files::warnings(compiled, plan, named, program, environment);
    // What withholds all steps says it by itself.
    let lost = planned.filter(|_| plan.withheld.is_empty()).and_then(|it| lost(&it.seen, program));
    stderr.extend(lost.as_ref().map(shown));
    Told { stdout, stderr, exit: exit(plan) }
}

/// Warns where too few members answer for a quorum: what is down is started first, and what else there is comes last.
fn lost(seen: &Seen, program: &str) -> Option<Diagnostic> {
    let voters = || seen.members.iter().filter(|member| !member.is_learner);
    let answers = |member: &&SeenMember| matches!(member.life, Life::Up | Life::Behind);
    let (all, up) = (voters().count(), voters().filter(answers).count());
    let message = format!("no quorum: {up} of {all} voters answer, and it takes {}", quorum(all));
    let problem = Diagnostic::warning(message).help("start those that are down, with their data");
    (up < quorum(all)).then(|| problem.help(last_way(program)))
}

fn exit(plan: &Plan) -> Exit {
    match (plan.refused.is_empty() && plan.withheld.is_empty(), plan.steps.is_empty()) {
        (false, _) => Exit::Failed,
        (true, false) => Exit::Pending,
        (true, true) => Exit::Done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::planned;
    use crate::live::tests::scene::Scene;
    use bouquet_etcd::Reach;

    #[test]
    fn with_too_few_that_answer_the_last_way_is_named_behind_the_first() {
        let said = |scene: &Scene| {
            let compiled = Compiled { cluster: &scene.cluster, certificates: &scene.certificates };
            let planned = planned(&compiled, &Running::default(), &scene.observed, "flowers");
            let Ok(planned) = planned else { panic!("a quorum tells who the members are") };
            lost(&planned.seen, "./flowers").map(|problem| shown(&problem))
        };
        assert_eq!(said(&Scene::healthy()), None);
        assert_eq!(said(&Scene::healthy().gone("orange", Reach::Silent)), None);
        let two = Scene::healthy().gone("orange", Reach::NoListener).gone("pink", Reach::Silent);
        let text = said(&two).expect("one of three");
        let first = text.find("start those that are down").expect("the first way");
        assert!(text.contains("no quorum: 1 of 3 voters answer, and it takes 2"), "{text}");
        assert!(text[first..].contains("never come back: `./flowers rescue` goes on"), "{text}");
    }
}
