//! What was brought to the node for a member, before any of it is used: it is the compiled member's, whole and sound.

use super::work::Install;
use crate::compiled::Compiled;
use crate::deployed::Difference::{Foreign, Newer, Older};
use crate::environment::{Environment, Status};
use crate::node::bundle::{Bundle, CERTS};
use crate::node::checks::dates;
use crate::node::files::{Checked, State, artifact, certificates};
use bouquet_model::Member;
use bouquet_model::diagnostic::{Diagnostic, Severity};
use bouquet_model::time::Instant;
use bouquet_x509::{ParsedCertificate, pem};
use std::io;
use std::path::{Path, PathBuf};

impl Bundle {
    /// Returns all that keeps it from being put onto the node.
    pub(crate) fn faults(
        &self,
        compiled: &Compiled<'_>,
        member: &Member,
        work: &Install,
        now: i64,
    ) -> Vec<Diagnostic> {
        let place = |path: &Path| path.strip_prefix(&self.from).unwrap_or(path).to_owned();
        let missing = || io::Error::from(io::ErrorKind::NotFound);
        let read = |path: &Path| {
            let content = self.files.get(&place(path)).ok_or_else(missing)?;
            Ok(content.expose().to_vec())
        };
        let list = |path: &Path| {
            let folder = place(path);
            let inside = self.files.keys().filter(|file| file.parent() == Some(&folder));
            let files: Vec<PathBuf> = inside.map(|file| self.from.join(file)).collect();
            if files.is_empty() { Err(missing()) } else { Ok(files) }
        };
        // Who may read it here is no matter: it is copied for etcd's account.
        let stat = |path: &Path| {
            let is_folder = !self.files.contains_key(&place(path));
            Ok(Status { is_folder, uid: 0, gid: 0, mode: if is_folder { 0o700 } else { 0o600 } })
        };
        let environment = Environment {
            now,
            current_dir: PathBuf::new(),
            executable: None,
            variable: &|_| None,
            read: &read,
            list: &list,
            stat: &stat,
            real: &|_| Err(missing()),
            committed: &|_, _| Err(missing()),
        };
        let mut checked = Vec::new();
        if compiled.cluster.tls.is_some() {
            checked.extend(certificates(compiled, member, &self.from.join(CERTS), &environment));
        }
        for (path, content) in &self.files {
            if path.parent() == Some(Path::new("")) {
                let text = String::from_utf8_lossy(content.expose());
                let file = self.from.join(path);
                checked.push(artifact(compiled.cluster, member, &work.program, &file, &text));
            }
        }
        let mut all = causes(checked, work);
        all.extend(dates(compiled, member, now, &|| work.again("")));
        all
    }
}

/// The states that a whole folder has, and the files in it alike: it is another's, or not of this program's build.
const OF_THE_FOLDER: [&str; 5] = [
    State::ANOTHERS.word,
    State::OTHER_BUILD.word,
    Older.as_str(),
    Newer.as_str(),
    Foreign.as_str(),
];

/// Returns what is wrong with what was brought, one cause once.
fn causes(checked: Vec<Checked>, work: &Install) -> Vec<Diagnostic> {
    let mut causes: Vec<(Option<Cause>, Diagnostic)> = Vec::new();
    for Checked { file, state, owner, problems, .. } in checked {
        if state.is_fine {
            continue;
        }
        let is_alike = OF_THE_FOLDER.contains(&state.word) && problems.len() == 1;
        let owner = owner.filter(|_| state == State::ANOTHERS);
        let alike = |(cause, _): &&mut (Option<Cause>, Diagnostic)| {
            cause.as_ref().is_some_and(|it| it.word == state.word && it.owner == owner)
        };
        if is_alike && let Some((Some(cause), _)) = causes.iter_mut().find(alike) {
            cause.others.push(file.display().to_string());
            continue;
        }
        let cause = is_alike.then(|| Cause { word: state.word, owner, others: Vec::new() });
        let problems = problems.into_iter();
        causes.extend(problems.map(|it| (cause.clone(), refusal(it, state, work))));
    }
    let told = |(cause, problem): (Option<Cause>, Diagnostic)| match cause {
        Some(cause) if !cause.others.is_empty() => {
            problem.note(format!("the same of {}", cause.others.join(", ")))
        }
        _ => problem,
    };
    causes.into_iter().map(told).collect()
}

/// What several files have in common.
#[derive(Clone)]
struct Cause {
    word: &'static str,
    owner: Option<String>,
    others: Vec<String>,
}

/// Makes a warning of `check-node` an error with its remedy: what it warns of is not put onto a node. Program or folder
/// may be the older one, so both are copied again.
fn refusal(problem: Diagnostic, state: State, work: &Install) -> Diagnostic {
    let name = &work.member;
    let help = if state == State::ANOTHERS {
        vec![format!(
            "where this node is `{name}`, bring out/members/{name}, then: {}",
            work.again("")
        )]
    } else if problem.severity == Severity::Error {
        return problem;
    } else {
        vec![
            "the folder and the program on this node have to be of one build".to_owned(),
            format!(
                "copy that build's program here, then its out/members/{name}: {}",
                work.again("")
            ),
        ]
    };
    Diagnostic { severity: Severity::Error, help, ..problem }
}

impl Bundle {
    /// Returns what of a version that was installed before is not valid any more.
    pub(crate) fn expired(&self, now: i64) -> Vec<Diagnostic> {
        let leaves = self.certs().filter(|(name, _)| {
            name.extension().is_some_and(|it| it == "crt") && !name.to_string_lossy().contains("ca")
        });
        let fault = |(name, content): (&Path, &[u8])| {
            let ders = pem::certificates(content).ok()?;
            let not_after = ParsedCertificate::parse(ders.first()?)?.not_after();
            (not_after <= now).then(|| {
                let name = name.display();
                Diagnostic::error(format!("{name} of then expired on {}", Instant(not_after)))
                    .help("build, and install what is new: there is no way back behind that")
            })
        };
        leaves.filter_map(fault).collect()
    }
}
