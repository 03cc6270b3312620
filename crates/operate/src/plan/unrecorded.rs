//! What is said where no member is recorded as running.

use super::told::Basis;
use crate::compiled::Compiled;
use bouquet_model::artifact::shell_word;
use bouquet_model::cluster::State;
use bouquet_model::diagnostic::Diagnostic;

/// Says that there is nothing to compare, and what to record first: `running` are the members that were seen to run.
pub(crate) fn unrecorded(compiled: &Compiled<'_>, basis: &Basis, running: &[&str]) -> Diagnostic {
    let (name, program) = (&basis.recorded.name, &basis.program);
    let problem = Diagnostic::warning(format!(
        "{name} records no member as running: there is nothing to compare"
    ));
    let problem = if running.is_empty() {
        let first = if founds(compiled) {
            format!(
                "where no member was ever started: `{program} apply --bootstrap` does it by ssh; or `{program} install NAME` \
                 on each node, the first with `--bootstrap`"
            )
        } else {
            format!("where another tool has set the cluster up: `{program} done --adopted`")
        };
        problem
            .help(first)
            .help(format!("once what is compiled is on the machines: `{program} done`"))
    } else {
        let names: Vec<_> = running.iter().map(|name| shell_word(name)).collect();
        let (verb, names) = (if running.len() == 1 { "runs" } else { "run" }, names.join(" "));
        problem
            .note(format!("{} {verb}, as members of this cluster", running.join(", ")))
            .help(format!("record what runs first: `{program} done {names}`; then do this again"))
    };
    problem.help(
        "if cluster.toml was edited since: take the edit back, build, record, and then edit again",
    )
}

/// Tells whether a member founds the cluster, by what is compiled: no other tool has set it up then.
fn founds(compiled: &Compiled<'_>) -> bool {
    compiled.cluster.members.iter().any(|member| member.state == State::New)
}
