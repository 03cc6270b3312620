//! What the peer port answers to anyone with a certificate that peers trust, and what is answered over plain HTTP
//! requests on the client port.

use crate::deadline::{Deadline, Passed};
use crate::endpoint::Endpoint;
use crate::error::{Error, Reach, of_causes, printable, with_causes};
use crate::transport::{Protocol, connect};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::client::conn::http1::handshake;
use hyper::header::{DATE, HOST};
use hyper::{HeaderMap, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use std::time::{Instant, SystemTime};

/// The most bytes of an answer; a list of members has some hundred for each.
const SMALL: usize = 1 << 20;

/// The most bytes of metrics; they are some 200 KiB.
const LARGE: usize = 8 << 20;

/// A member as the peer port lists it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PeerMember {
    /// Its ID.
    pub id: u64,
    /// Its name; empty for one that was added and has never started.
    #[serde(default)]
    pub name: String,
    /// Where its peers find it.
    #[serde(default, rename = "peerURLs")]
    pub peer_urls: Vec<String>,
    /// Where clients find it; none for one that has never started.
    #[serde(default, rename = "clientURLs")]
    pub client_urls: Vec<String>,
    /// Whether it has no vote.
    #[serde(default)]
    pub is_learner: bool,
}

/// The list of members as one member has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Members {
    /// Its cluster's ID.
    pub cluster_id: u64,
    /// All that it knows.
    pub members: Vec<PeerMember>,
}

/// The versions that a member says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Version {
    /// The etcd that it runs.
    pub etcdserver: String,
    /// The version of its cluster.
    pub etcdcluster: String,
    /// The version of what it stores; from 3.6 on.
    #[serde(default)]
    pub storage: String,
}

/// Asks a peer port for the members that it knows. It answers without a quorum, too.
///
/// # Errors
/// As [`Error`] has them.
pub async fn members(endpoint: Endpoint<'_>, deadline: Deadline) -> Result<Members, Error> {
    let Answer { head, body, .. } = get(endpoint, "/members", SMALL, deadline).await?;
    let id = head.get("x-etcd-cluster-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    members_of(id, &body)
}

/// Reads a list of members by the header `X-Etcd-Cluster-ID` and the body of an answer.
///
/// # Errors
/// [`Error::NotEtcd`], if one of them is not what etcd writes.
#[doc(hidden)]
pub fn members_of(cluster_id: &str, body: &[u8]) -> Result<Members, Error> {
    let cluster_id = u64::from_str_radix(cluster_id, 16)
        .map_err(|_| Error::NotEtcd("no `X-Etcd-Cluster-ID`".to_owned()))?;
    Ok(Members { cluster_id, members: json(body)? })
}

/// Asks a port for its versions.
///
/// # Errors
/// As [`Error`] has them.
pub async fn version(endpoint: Endpoint<'_>, deadline: Deadline) -> Result<Version, Error> {
    json(&get(endpoint, "/version", SMALL, deadline).await?.body)
}

/// Asks a peer port for the time that it has, as it writes it: RFC 3339, with nanoseconds.
///
/// # Errors
/// As [`Error`] has them.
pub async fn time(endpoint: Endpoint<'_>, deadline: Deadline) -> Result<String, Error> {
    #[derive(Deserialize)]
    struct Health {
        #[serde(rename = "Now")]
        now: String,
    }
    let health: Health = json(&get(endpoint, "/raft/probing", SMALL, deadline).await?.body)?;
    Ok(health.now)
}

/// Holds what a port measures, and when it said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scrape {
    /// Its metrics, in the text format of Prometheus.
    pub text: String,
    /// The time that it has, to a second.
    pub date: Option<SystemTime>,
    /// When the head of the answer came, which has that time in it: its body may take long after it.
    pub came: Instant,
}

/// Asks a port for its metrics.
///
/// # Errors
/// As [`Error`] has them.
pub async fn metrics(endpoint: Endpoint<'_>, deadline: Deadline) -> Result<Scrape, Error> {
    let Answer { head, came, body } = get(endpoint, "/metrics", LARGE, deadline).await?;
    let date = head.get(DATE).and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
    Ok(Scrape { text: String::from_utf8_lossy(&body).into_owned(), date, came })
}

struct Answer {
    head: HeaderMap,
    /// When the head came.
    came: Instant,
    body: Bytes,
}

async fn get(
    endpoint: Endpoint<'_>,
    path: &str,
    largest: usize,
    deadline: Deadline,
) -> Result<Answer, Error> {
    let io = connect(endpoint, Protocol::Http, deadline).await?;
    let cause = io.cause();
    let other = |error: &hyper::Error| match cause.told() {
        Some(told) => told,
        None if error.is_parse() => Error::NotEtcd(with_causes(error)),
        None => Error::Unreachable(of_causes(error)),
    };
    let asking = async {
        let (mut sender, connection) =
            handshake(TokioIo::new(io)).await.map_err(|error| other(&error))?;
        tokio::spawn(async move {
            let _ = connection.await;
        });
        let url = endpoint.url.to_string();
        let host = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        let request = Request::get(path)
            .header(HOST, host)
            .body(Empty::<Bytes>::new())
            .map_err(|error| Error::Refused(error.to_string()))?;
        let response = sender.send_request(request).await.map_err(|error| other(&error))?;
        let came = Instant::now();
        let (head, body) = response.into_parts();
        let body = Limited::new(body, largest).collect().await;
        let body = body.map_err(|error| Error::NotEtcd(error.to_string()))?.to_bytes();
        if head.status != StatusCode::OK {
            let text = printable(body[..body.len().min(200)].trim_ascii());
            return Err(Error::Refused(format!("HTTP {}: {text}", head.status)));
        }
        Ok(Answer { head: head.headers, came, body })
    };
    // Nothing is changed by looking.
    deadline.wait(asking).await.unwrap_or_else(|Passed| Err(Error::Unreachable(Reach::Silent)))
}

fn json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|error| Error::NotEtcd(error.to_string()))
}
