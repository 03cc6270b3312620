//! The edge: the other members, asked at their peer ports with this member's own certificate.

use super::bundle::Bundle;
use bouquet_etcd::peer::{self, Members};
use bouquet_etcd::{Credentials, Deadline, Endpoint, Error};
use bouquet_model::cluster::Tls;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::settings::peer_certificate;
use bouquet_model::trust::Side;
use bouquet_model::url::Url;
use bouquet_model::{Cluster, Member};
use std::path::Path;
use std::time::Duration;
use tokio::task::JoinSet;

/// How long they have.
const ANSWER: Duration = Duration::from_secs(2);

/// What a member answered, or why it did not.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// Its name, as compiled or as another lists it.
    pub(crate) name: String,
    /// Where it was asked.
    pub(crate) url: Url,
    /// The members that it knows.
    pub(crate) members: Result<Members, Error>,
}

/// Asks all other members at once, then those that they list besides.
///
/// # Errors
/// If the member's certificate cannot be used, or this machine can open no connections at all.
pub(crate) fn ask(
    cluster: &Cluster,
    member: &Member,
    bundle: &Bundle,
) -> Result<Vec<Answer>, Diagnostic> {
    let credentials = cluster.tls.as_ref().map(|tls| credentials(tls, bundle)).transpose()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| {
        Diagnostic::error(format!("no connection can be opened from here: {error}"))
    })?;
    let others = cluster.members.iter().filter(|other| other.name != member.name);
    let compiled = others.flat_map(|other| {
        other.initial_advertise_peer_urls.iter().map(|url| (other.name.to_string(), url.clone()))
    });
    let compiled: Vec<(String, Url)> = compiled.collect();
    let own = &member.initial_advertise_peer_urls;
    let answers = runtime.block_on(async {
        let mut answers = all(compiled, credentials.as_ref()).await;
        let mut listed: Vec<(String, Url)> = Vec::new();
        for list in answers.iter().filter_map(|answer| answer.members.as_ref().ok()) {
            for entry in &list.members {
                let urls = entry.peer_urls.iter().filter_map(|url| Url::parse(url).ok());
                let news = urls.filter(|url| {
                    !own.contains(url)
                        && !answers.iter().any(|answer| answer.url == *url)
                        && !listed.iter().any(|(_, known)| known == url)
                });
                let news: Vec<_> = news.map(|url| (entry.name.clone(), url)).collect();
                listed.extend(news);
            }
        }
        answers.extend(all(listed, credentials.as_ref()).await);
        answers
    });
    // A name that is being looked up is not waited for.
    runtime.shutdown_background();
    Ok(answers)
}

async fn all(targets: Vec<(String, Url)>, credentials: Option<&Credentials>) -> Vec<Answer> {
    let mut tasks = JoinSet::new();
    for (place, (name, url)) in targets.into_iter().enumerate() {
        let credentials = credentials.cloned();
        tasks.spawn(async move {
            let endpoint = Endpoint { url: &url, credentials: credentials.as_ref() };
            let members = peer::members(endpoint, Deadline::within(ANSWER)).await;
            (place, Answer { name, url, members })
        });
    }
    let mut answers = Vec::new();
    while let Some(done) = tasks.join_next().await {
        answers.extend(done.ok());
    }
    answers.sort_by_key(|(place, _)| *place);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// The member's own, among peers.
///
/// # Errors
/// If one of its files is missing, or cannot be used.
pub(crate) fn credentials(tls: &Tls, bundle: &Bundle) -> Result<Credentials, Diagnostic> {
    let peer = peer_certificate(tls.layout);
    let file = |name: &str| {
        let mut certs = bundle.certs();
        let found = certs.find(|(path, _)| *path == Path::new(name));
        found.map(|(_, content)| content).ok_or_else(|| {
            Diagnostic::error(format!("`{}` has no certs/{name}", bundle.from.display()))
                .help("copy the member's whole folder of out/members here")
        })
    };
    let ca = file(tls.trust_file(Side::Peers))?;
    let (chain, key) = (file(&format!("{peer}.crt"))?, file(&format!("{peer}.key"))?);
    Credentials::from_pem(ca, Some((chain, key))).map_err(|error| {
        Diagnostic::error(format!("in `{}`: {error}", bundle.from.display()))
            .help("copy the member's whole folder of out/members here")
    })
}
