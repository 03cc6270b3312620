//! What an edit of a spec means to what runs.

mod cases;
mod properties;

use bouquet_build::diagnostic::{Source, Style};
use bouquet_build::prove;
use bouquet_model::Cluster;
use bouquet_model::certificate::Certificate;
use bouquet_model::change::{Change, Class, Subject, changes};
use bouquet_model::cluster::State;
use bouquet_model::running::Running;

/// Three members of 3.5.33 with TLS, and a client.
const SPEC: &str = r#"[cluster]
token = "flowers"
etcd = "3.5.33"

[etcd]
data-dir = "/data/etcd"

[[member]]
name = "daffodil"
ip = "10.0.0.3"

[[member]]
name = "pink"
ip = "10.0.0.2"

[[member]]
name = "orange"
ip = "10.0.0.1"

[[client]]
name = "root"
"#;

/// Proves a spec that is right.
fn proven(spec: &str) -> Cluster {
    let (proven, found) = prove(spec.as_bytes());
    let said = found.render(Source::new("cluster.toml", spec), Style::Plain);
    proven.unwrap_or_else(|| panic!("{spec}\n{said}")).cluster
}

/// Returns the changes from a spec that is rolled out to another one.
fn between(before: &str, after: &str) -> Vec<Change> {
    let [before, after] = [before, after].map(|spec| running(proven(spec), &[]));
    changes(&before, &after)
}

/// Returns what runs of a cluster that exists: a build derives that from what is recorded.
fn running(mut cluster: Cluster, certificates: &[Certificate]) -> Running {
    cluster.members.to_mut().iter_mut().for_each(|member| member.state = State::Existing);
    Running::of(&cluster, certificates)
}

/// Returns [`SPEC`] with each text in the place of another.
fn edited(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(SPEC.to_owned(), |spec, (from, to)| {
        assert!(spec.contains(from), "{from}");
        spec.replacen(from, to, 1)
    })
}

/// Shows changes as an operator reads them, but for those that ask for nothing; what is the same for several
/// once.
fn told(changes: &[Change]) -> String {
    let mut told: Vec<(String, Vec<String>)> = Vec::new();
    for change in changes.iter().filter(|change| change.class != Class::Free) {
        let whose = match &change.subject {
            Subject::Cluster => "the cluster".to_owned(),
            Subject::Member(name) => name.clone(),
            Subject::Client(name) => format!("client {name}"),
        };
        let text =
            format!("{}\nnote: {}\nhelp: {}\n", change.what, change.consequence(), change.way());
        let text = format!("{}: {text}", change.class);
        let accept = change.accept().map_or(String::new(), |words| format!("; accept: {words}"));
        let whose = format!("{whose}{accept}");
        match told.iter_mut().find(|(other, _)| *other == text) {
            Some((_, of)) => of.push(whose),
            None => told.push((text, vec![whose])),
        }
    }
    let shown = told.iter().map(|(text, of)| format!("{text}of: {}\n", of.join("\nof: ")));
    shown.collect::<Vec<_>>().join("\n")
}
