//! The edge: the other members, asked at their peer ports with this member's own certificate.

use crate::at_once::at_once;
use crate::node::Bundle;
use bouquet_etcd::peer::{self, Members};
use bouquet_etcd::{Credentials, Deadline, Endpoint, Error};
use bouquet_model::Cluster;
use bouquet_model::cluster::Tls;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::settings::peer_files;
use bouquet_model::trust::Side;
use bouquet_model::url::Url;
use std::path::Path;
use std::time::Duration;

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

/// Asks members at once, then those that they list besides; but for one that is known by these URLs.
///
/// # Errors
/// If this machine can open no connections at all.
pub(crate) fn ask(
    others: Vec<(String, Url)>,
    own: &[Url],
    credentials: Option<&Credentials>,
) -> Result<Vec<Answer>, Diagnostic> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| {
        Diagnostic::error(format!("no connection can be opened from here: {error}"))
    })?;
    let answers = runtime.block_on(async {
        let mut answers = all(others, credentials).await;
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
        answers.extend(all(listed, credentials).await);
        answers
    });
    // A name that is being looked up is not waited for.
    runtime.shutdown_background();
    Ok(answers)
}

/// Returns the other members, and where each is found.
pub(crate) fn others(cluster: &Cluster, name: &str) -> Vec<(String, Url)> {
    let others = cluster.members.iter().filter(|other| other.name.as_str() != name);
    let urls = others.flat_map(|other| {
        other.initial_advertise_peer_urls.iter().map(|url| (other.name.to_string(), url.clone()))
    });
    urls.collect()
}

async fn all(targets: Vec<(String, Url)>, credentials: Option<&Credentials>) -> Vec<Answer> {
    let one = |(name, url): (String, Url)| {
        let credentials = credentials.cloned();
        async move {
            let endpoint = Endpoint { url: &url, credentials: credentials.as_ref() };
            let members = peer::members(endpoint, Deadline::within(ANSWER)).await;
            Answer { name, url, members }
        }
    };
    at_once(targets.into_iter().map(one)).await
}

/// Returns the member's own, among peers, as they were brought.
///
/// # Errors
/// If one is missing, or is not what it should be.
pub(crate) fn credentials(tls: &Tls, bundle: &Bundle) -> Result<Credentials, Diagnostic> {
    let [certificate, key] = peer_files(tls.layout);
    let file = |name: &str| {
        let mut certs = bundle.certs();
        let found = certs.find(|(path, _)| *path == Path::new(name));
        found.map(|(_, content)| content).ok_or_else(|| {
            Diagnostic::error(format!("`{}` has no certs/{name}", bundle.from.display()))
                .help("copy the member's whole folder of out/members here")
        })
    };
    let ca = file(tls.trust_file(Side::Peers))?;
    let (chain, key) = (file(certificate)?, file(key)?);
    Credentials::from_pem(ca, Some((chain, key))).map_err(|error| {
        Diagnostic::error(format!("in `{}`: {error}", bundle.from.display()))
            .help("copy the member's whole folder of out/members here")
    })
}
