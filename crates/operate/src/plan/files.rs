//! Whether the files that a plan's commands copy are here.

use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::failure::shown;
use crate::issued::{lack, unissued};
use crate::out;
use crate::package::find as find_package;
use bouquet_model::artifact::definition_in;
use bouquet_model::change::Subject;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::plan::{Place, Plan, Step};
use std::collections::BTreeSet;
use std::path::Path;

/// Returns what is to be said before such commands are pasted here; nothing, where all is here, or where
/// nothing is copied.
pub(super) fn warnings(
    compiled: &Compiled<'_>,
    plan: &Plan,
    named: Option<&Path>,
    program: &str,
    environment: &Environment<'_>,
) -> String {
    let copied: BTreeSet<Subject> = plan.steps.iter().flat_map(copied_by).collect();
    let Ok(package) = find_package(named, environment) else { return String::new() };
    if copied.is_empty() {
        return String::new();
    }
    let unissued = unissued(compiled);
    let unissued: BTreeSet<&Subject> = unissued.intersection(&copied).collect();
    let lacks = (!unissued.is_empty()).then(|| lack(unissued.iter().copied(), Diagnostic::warning));
    let absent = absent(compiled, plan, &package.out, &unissued, environment);
    let absent = absent.map(|problem| {
        problem
            .help("paste the commands where the keys are, in the package that was built there")
            .help(format!("bring the keys here: `{program} secrets import < FILE`, then build"))
    });
    let other =
        absent.is_none().then(|| other_build(compiled, &package.out, environment)).flatten();
    [absent, other, lacks].iter().flatten().map(shown).collect()
}

/// Says that files are not here, or keys of those to whom certificates were issued.
fn absent(
    compiled: &Compiled<'_>,
    plan: &Plan,
    out: &Path,
    unissued: &BTreeSet<&Subject>,
    environment: &Environment<'_>,
) -> Option<Diagnostic> {
    if let Some(miss) = out::unfit(compiled, out, environment) {
        let problem = Diagnostic::warning("the files that these steps copy are not here");
        return Some(problem.note(miss.to_string()));
    }
    let with_keys = plan.steps.iter().filter(|step| has_keys(step)).flat_map(copied_by);
    let mut issued = with_keys.filter(|subject| !unissued.contains(subject));
    let folder = issued.find_map(|it| keyless(compiled, &it, out, environment))?;
    let problem = Diagnostic::warning("the keys that these steps copy are not here");
    Some(problem.note(format!("there is none in `{folder}`")))
}

/// Returns whose files the commands of a step copy.
fn copied_by(step: &Step) -> Vec<Subject> {
    if !step.commands.iter().any(|command| command.contains(" out/")) {
        return Vec::new();
    }
    match &step.place {
        Place::Node(name) => vec![Subject::Member(name.clone())],
        _ => step.action.clients().iter().cloned().map(Subject::Client).collect(),
    }
}

/// Tells whether keys are laid with what is copied: all of it, but where the unit alone is installed.
fn has_keys(step: &Step) -> bool {
    let has = |word: &str| step.commands.iter().any(|command| command.contains(word));
    !has("/etcd.service /etc/") || has("/certs/*")
}

/// Returns the folder of someone's certificates, below `out/`, if no key is in it.
fn keyless(
    compiled: &Compiled<'_>,
    subject: &Subject,
    out: &Path,
    environment: &Environment<'_>,
) -> Option<String> {
    compiled.cluster.tls.as_ref()?;
    let folder = match subject {
        Subject::Cluster => return None,
        Subject::Member(name) => format!("members/{name}/certs"),
        Subject::Client(name) => format!("clients/{name}"),
    };
    let files = (environment.list)(&out.join(&folder)).unwrap_or_default();
    let is_key = |path: &std::path::PathBuf| path.extension().is_some_and(|it| it == "key");
    (!files.iter().any(is_key)).then(|| format!("out/{folder}"))
}

/// Says that `out/` is of another build than this program, as after one that was to write nothing.
fn other_build(
    compiled: &Compiled<'_>,
    out: &Path,
    environment: &Environment<'_>,
) -> Option<Diagnostic> {
    let manifest = (environment.read)(&out.join("manifest")).ok()?;
    let manifest = String::from_utf8_lossy(&manifest).into_owned();
    let there = definition_in(&manifest)?;
    let digest = compiled.cluster.digest.to_string();
    (there != digest).then(|| {
        Diagnostic::warning(
            "the files that these steps copy are of another build than this program",
        )
        .note(format!("`out/` is of the definition {there}, and this program of {digest}"))
        .help("build first, without `BOUQUET_WRITE=0`")
    })
}
