//! The members and clients of a command line: `--member NAME=IP[,HOSTNAME]`, `--client NAME`.

use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::ip;
use bouquet_model::name::{ClientName, HostName, MemberName, NameError};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// A member as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) name: MemberName,
    pub(crate) ip: IpAddr,
    pub(crate) hostname: Option<HostName>,
}

/// The most members that a build takes.
const MOST: usize = 64;

/// Reads members, and says all that is wrong with them.
pub(crate) fn members(words: &[String], found: &mut Vec<Diagnostic>) -> Vec<Member> {
    let before = found.len();
    let read = words.iter().filter_map(|word| Some((word, member(word, found)?)));
    let read: Vec<(&String, Member)> = read.collect();
    twice("member", &read, |member| Some(member.name.to_string()), found);
    twice("address", &read, |member| Some(member.ip.to_string()), found);
    twice("host name", &read, |member| member.hostname.as_ref().map(HostName::to_string), found);
    let members: Vec<Member> = read.into_iter().map(|(_, member)| member).collect();
    if found.len() == before {
        together(&members, found);
    }
    members
}

/// Checks what members must be to each other, besides having different names and addresses.
fn together(members: &[Member], found: &mut Vec<Diagnostic>) {
    if members.len() > MOST {
        let message = format!("{} members are more than a cluster can have", members.len());
        found.push(Diagnostic::error(message).help("etcd advises 3, 5 or 7 members"));
    }
    let is_mixed = members.iter().any(|m| m.ip.is_ipv4()) && members.iter().any(|m| m.ip.is_ipv6());
    let nameless = members.iter().filter(|member| member.hostname.is_none());
    let nameless: Vec<String> = nameless.map(|member| format!("`{}`", member.name)).collect();
    if is_mixed && !nameless.is_empty() {
        found.push(
            Diagnostic::error(format!(
                "some addresses are IPv4 and some IPv6, and there is no host name of {}",
                nameless.join(", ")
            ))
            .note("etcd compares a member's certificate with where its connection comes from")
            .help("give all members addresses of one kind, or each its host name, which leads to both of its own"),
        );
    }
    let loopback = members.iter().find(|member| member.ip.is_loopback());
    if let Some(Member { name, ip, .. }) = loopback
        && members.len() > 1
    {
        found.push(
            Diagnostic::error(format!(
                "`{ip}` is the loopback address, and the others cannot reach `{name}` there"
            ))
            .help("write the member's address on the network")
            .help("to play with a cluster on this machine: `cargo run -- try`, in the package that this makes"),
        );
    }
}

fn member(word: &str, found: &mut Vec<Diagnostic>) -> Option<Member> {
    let before = found.len();
    let mut refuse = |finding: Diagnostic| found.push(finding.note(of(word)));
    let Some((name, place)) = word.split_once('=') else {
        refuse(nameless(word));
        return None;
    };
    let (ip, hostname) = match place.split_once(',') {
        Some((ip, hostname)) => (ip, Some(hostname)),
        None => (place, None),
    };
    let name = MemberName::parse(name).map_err(|error| refuse(of_name(&error))).ok();
    let ip = ip::parse(ip).and_then(|ip| ip::dialled(ip).map(|()| ip));
    let ip = ip.map_err(&mut refuse).ok();
    let hostname = match hostname {
        Some("") => {
            refuse(Diagnostic::error("no host name follows the comma").help("leave it out"));
            None
        }
        Some(text) => HostName::parse(text).map_err(|error| refuse(of_name(&error))).ok(),
        None => None,
    };
    (found.len() == before).then(|| Some(Member { name: name?, ip: ip?, hostname }))?
}

fn nameless(word: &str) -> Diagnostic {
    let form = "write `--member NAME=IP`, or `--member NAME=IP,HOSTNAME`";
    if word.parse::<IpAddr>().is_ok() {
        let example = format!("such as `--member orange={word}`");
        return Diagnostic::error(format!("the member at `{word}` has no name"))
            .help(format!("{form}: {example}"));
    }
    Diagnostic::error(format!("the member {} has no address", quoted(word)))
        .help(format!("{form}: such as `--member orange=192.168.65.101`"))
}

fn of_name(error: &NameError) -> Diagnostic {
    Diagnostic::error(error.to_string()).help(error.help())
}

fn of(word: &str) -> String {
    format!("in `--member {word}`")
}

/// Says of what has to be one member's alone that it is several members'. Case tells no two names apart.
fn twice(
    what: &str,
    members: &[(&String, Member)],
    value: impl Fn(&Member) -> Option<String>,
    found: &mut Vec<Diagnostic>,
) {
    let mut words: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (word, member) in members {
        if let Some(value) = value(member) {
            words.entry(value.to_lowercase()).or_default().push(word);
        }
    }
    for (value, words) in words.into_iter().filter(|(_, words)| words.len() > 1) {
        let finding = Diagnostic::error(format!("the {what} `{value}` is there more than once"));
        let finding = words.into_iter().fold(finding, |finding, word| finding.note(of(word)));
        found.push(finding.help("give each member its own"));
    }
}

/// Reads the names of clients. The program itself uses `root`, which is there in any case.
pub(crate) fn clients(words: &[String], found: &mut Vec<Diagnostic>) -> Vec<ClientName> {
    let mut clients: Vec<ClientName> = Vec::new();
    for word in words {
        match ClientName::parse(word) {
            Ok(name) if name.as_str() == ROOT => {}
            Ok(name) if name.as_str().eq_ignore_ascii_case(ROOT) => {
                let message = format!("the clients `{ROOT}` and `{name}` differ in case alone");
                found.push(Diagnostic::error(message).help("leave it out: `root` is there anyway"));
            }
            Ok(name) if clients.iter().any(|c| c.as_str().eq_ignore_ascii_case(word)) => {
                let message = format!("the client `{name}` is there more than once");
                found.push(Diagnostic::error(message).help("write it once"));
            }
            Ok(name) => clients.push(name),
            Err(error) => found.push(of_name(&error).note(format!("in `--client {word}`"))),
        }
    }
    clients
}

/// The client that is there in any case.
pub(crate) const ROOT: &str = "root";
