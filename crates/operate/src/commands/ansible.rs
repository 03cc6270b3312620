//! `ansible`: the cluster as an inventory, in the words that Ansible asks a script for it (its documentation, "Developing
//! dynamic inventory").

use super::member::member;
use crate::cli::AnsibleArgs;
use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::out;
use crate::outcome::Outcome;
use crate::show::json;
use bouquet_model::url::{Host, Url};
use bouquet_model::{Cluster, Member};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

pub(super) fn run(
    compiled: &Compiled<'_>,
    args: &AnsibleArgs,
    named: Option<&Path>,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let cluster = compiled.cluster;
    let out = out::find(compiled, named, environment).ok();
    let out = out.as_deref();
    Ok(Outcome::data(match &args.host {
        Some(name) => json(&variables(cluster, member(cluster, name)?, out)),
        None => json(&inventory(cluster, out)),
    }))
}

/// What `--list` asks for. With `_meta`, Ansible asks for no host alone.
#[derive(Serialize)]
struct Inventory<'a> {
    #[serde(rename = "_meta")]
    meta: Meta<'a>,
    etcd: Group<'a>,
}

#[derive(Serialize)]
struct Meta<'a> {
    hostvars: BTreeMap<&'a str, Variables<'a>>,
}

#[derive(Serialize)]
struct Group<'a> {
    hosts: Vec<&'a str>,
}

/// All of a member, so that groups of two clusters do not mix. What does not apply is left out: Ansible takes null for a value.
#[derive(Serialize)]
struct Variables<'a> {
    ansible_host: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ansible_user: Option<&'a str>,
    etcd_member: &'a str,
    /// Where it lies on this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    etcd_folder: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    etcd_certs_dir: Option<&'a str>,
    etcd_version: String,
    etcd_peer_urls: Vec<String>,
    etcd_client_urls: Vec<String>,
    etcd_digest: String,
}

fn inventory<'a>(cluster: &'a Cluster, out: Option<&Path>) -> Inventory<'a> {
    let hosts = cluster.members.iter().map(|member| member.name.as_str()).collect();
    let of = |member: &'a Member| (member.name.as_str(), variables(cluster, member, out));
    let hostvars = cluster.members.iter().map(of).collect();
    Inventory { meta: Meta { hostvars }, etcd: Group { hosts } }
}

fn variables<'a>(cluster: &'a Cluster, member: &'a Member, out: Option<&Path>) -> Variables<'a> {
    let name = member.name.as_str();
    let (user, host) = reached(member);
    let folder = out.map(|out| out.join("members").join(name).display().to_string());
    Variables {
        ansible_host: host,
        ansible_user: user,
        etcd_member: name,
        etcd_folder: folder,
        etcd_certs_dir: cluster.tls.as_ref().map(|tls| tls.certs_dir.as_str()),
        etcd_version: cluster.version.to_string(),
        etcd_peer_urls: texts(&member.initial_advertise_peer_urls),
        etcd_client_urls: texts(&member.advertise_client_urls),
        etcd_digest: member.digest.full(),
    }
}

/// Returns the login and the host of its `ssh`; without one, the host that other members dial. Brackets are ssh's
/// alone: Ansible has other programs dial the address, too.
fn reached(member: &Member) -> (Option<&str>, String) {
    let Some(destination) = member.ssh.as_deref() else {
        let host = member.initial_advertise_peer_urls.first().map(|url| match &url.host {
            Host::Ip(ip) => ip.to_string(),
            Host::Name(name) => name.to_string(),
        });
        return (None, host.unwrap_or_else(|| member.node()));
    };
    let (user, host) = match destination.rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, destination),
    };
    let inside = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    (user, inside.unwrap_or(host).to_owned())
}

fn texts(urls: &[Url]) -> Vec<String> {
    urls.iter().map(ToString::to_string).collect()
}
