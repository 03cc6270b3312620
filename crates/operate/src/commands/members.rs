//! `members`: who is in the cluster, and where.

use crate::cli::MembersArgs;
use crate::outcome::Outcome;
use crate::show::{Cell, DIM, NAME, Row, json, table};
use bouquet_model::url::Url;
use bouquet_model::{Cluster, Member};
use serde::Serialize;

pub(super) fn run(cluster: &Cluster, args: &MembersArgs) -> Outcome {
    Outcome::data(if args.json { json(&view(cluster)) } else { text(cluster) })
}

/// A member in JSON. The fields are etcd's options in snake case.
#[derive(Serialize)]
pub(super) struct MemberView<'a> {
    name: &'a str,
    /// In hexadecimal, as etcdctl prints it; null for a member that joins a running cluster.
    id: Option<String>,
    /// SHA-256 of the options that count at each of its starts.
    digest: String,
    initial_cluster_state: &'static str,
    initial_advertise_peer_urls: Vec<String>,
    listen_peer_urls: Vec<String>,
    advertise_client_urls: Vec<String>,
    listen_client_urls: Vec<String>,
}

pub(super) fn view(cluster: &Cluster) -> Vec<MemberView<'_>> {
    cluster.members.iter().map(member_view).collect()
}

fn member_view(member: &Member) -> MemberView<'_> {
    MemberView {
        name: member.name.as_str(),
        id: member.id.map(|id| id.to_string()),
        digest: member.digest.full(),
        initial_cluster_state: member.state.as_str(),
        initial_advertise_peer_urls: texts(&member.initial_advertise_peer_urls),
        listen_peer_urls: texts(&member.listen_peer_urls),
        advertise_client_urls: texts(&member.advertise_client_urls),
        listen_client_urls: texts(&member.listen_client_urls),
    }
}

/// Returns a table whose lines fit into 80 columns, which two URLs side by side do not.
pub(super) fn text(cluster: &Cluster) -> String {
    let rows: Vec<Row> = cluster.members.iter().map(row).collect();
    table(&["NAME", "ID", "", "URL"], &rows)
}

fn row(member: &Member) -> Row {
    let id = member.id.map(|id| id.to_string());
    let (peer, client) = (&member.initial_advertise_peer_urls, &member.advertise_client_urls);
    let kinds = [vec!["peer".into(); peer.len()], vec!["client".into(); client.len()]].concat();
    let urls = [texts(peer), texts(client)].concat();
    let cells = vec![
        Cell::new(member.name.as_str()).style(NAME),
        Cell::new(id.unwrap_or_else(|| "–".to_owned())),
        Cell::lines(kinds).style(DIM),
        Cell::lines(urls),
    ];
    Row { cells, below: Vec::new() }
}

fn texts(urls: &[Url]) -> Vec<String> {
    urls.iter().map(ToString::to_string).collect()
}
