//! Members that come, learn, and go.

use super::PLAIN;
use super::asked::{Asked, at_last, is_refused, key, number, put, shown};
use crate::support::build::Output;
use crate::support::live::Live;
use crate::support::place::Block;
use crate::support::releases::releases;
use crate::support::run::etcd;
use crate::support::side_by_side::with_each;
use bouquet_etcd::messages::cluster::Member;
use bouquet_etcd::messages::kv::RangeRequest;
use bouquet_etcd::{Client, Error};
use bouquet_model::url::Url;
use serde_json::Value;
use std::fs::File;
use std::net::Ipv4Addr;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

#[test]
fn a_learner_is_added_learns_votes_and_goes() {
    with_each(&releases(), |release| {
        let block = Block::claim();
        let output = Output::of(&block.relocate(PLAIN, release));
        let live = Live::start(&output, release, "command");
        let asked = Asked::of(&output);
        let at = |port: u16| {
            let url = format!("http://{}:{port}", block.address(Ipv4Addr::new(10, 0, 0, 2)));
            Url::parse(&url).expect("a URL")
        };
        let (client_url, peer_url) = (at(2379), at(2380));
        asked.put("bouquet", b"of flowers").expect("a key");

        let learner = added(&asked, &live, &peer_url, release);
        let running = Running::start(&output, release, &client_url, &peer_url);
        let status = until_it_has_learned(&asked, &client_url);
        assert!(status, "it votes already");
        what_a_learner_answers(&asked, &client_url, learner);

        let promote =
            async |client: &mut Client, deadline| client.member_promote(learner, deadline).await;
        let list = at_last(|| asked.with(0, promote)).expect("a list");
        same(&list.members, &live);
        assert!(list.members.iter().all(|member| !member.is_learner));
        is_refused(asked.with(0, promote), "can only promote a learner member");
        let remove =
            async |client: &mut Client, deadline| client.member_remove(learner, deadline).await;
        let list = at_last(|| asked.with(0, remove)).expect("a list");
        assert_eq!(list.members.len(), 1);
        is_refused(asked.with(0, remove), "member not found");
        drop(running);
    });
}

/// Adds a learner, and moves it away and back; the ID that it gets.
fn added(asked: &Asked, live: &Live<'_>, peer_url: &Url, release: &str) -> u64 {
    let add = |urls: Vec<String>, is_learner: bool| {
        asked.with(0, async |client: &mut Client, deadline| {
            client.member_add(urls, is_learner, deadline).await
        })
    };
    let there = asked.urls[0].to_string().replace("2379", "2380");
    is_refused(add(vec![there], true), "Peer URLs already exists");
    let urls = || vec![peer_url.to_string()];
    let answer = at_last(|| add(urls(), true)).expect("a member");
    let member = answer.member.expect("a member");
    assert!(member.is_learner && member.name.is_empty(), "{member:?}");
    assert_eq!((&member.peer_urls, answer.members.len()), (&urls(), 2));
    same(&answer.members, live);
    is_refused(add(vec!["http://127.0.0.1:1".to_owned()], true), "too many learner");
    let promote =
        async |client: &mut Client, deadline| client.member_promote(member.id, deadline).await;
    let early = asked.with(0, promote);
    assert!(matches!(&early, Err(Error::NotNow(text)) if text.contains("in sync")), "{early:?}");
    // An update takes the flag of a learner away on older releases: etcd#21694.
    if release.starts_with("3.4.") || release == "3.5.1" {
        return member.id;
    }
    let update = |url: String| {
        let update = async |client: &mut Client, deadline| {
            client.member_update(member.id, vec![url], deadline).await
        };
        asked.with(0, update).expect("a list").members
    };
    for url in ["http://127.0.0.1:1".to_owned(), peer_url.to_string()] {
        let list = update(url.clone());
        let updated = list.iter().find(|of| of.id == member.id).expect("the member");
        assert!(updated.is_learner && updated.peer_urls == [url], "{updated:?}");
        same(&list, live);
    }
    member.id
}

/// The list that a call returns is the one that etcdctl shows after it.
fn same(members: &[Member], live: &Live<'_>) {
    let shown = shown(live, "member list");
    let shown = shown["members"].as_array().expect("a list");
    assert_eq!(members.len(), shown.len());
    for member in members {
        let shown = shown.iter().find(|shown| number(&shown["ID"]) == member.id);
        let shown = shown.expect("the member");
        assert_eq!(shown["name"].as_str().unwrap_or_default(), member.name);
        assert_eq!(shown["peerURLs"], Value::from(member.peer_urls.clone()));
        assert_eq!(shown["isLearner"].as_bool().unwrap_or_default(), member.is_learner);
    }
}

/// Whether it is a learner, once it has what the others have.
fn until_it_has_learned(asked: &Asked, url: &Url) -> bool {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let status = asked
            .at(url, None, async |client: &mut Client, deadline| client.status(deadline).await);
        match status {
            Ok(status) if status.header.is_some_and(|header| header.revision > 1) => {
                return status.is_learner;
            }
            other => assert!(Instant::now() < end, "{other:?}"),
        }
        sleep(Duration::from_millis(100));
    }
}

/// Status and reads of its own data; nothing else.
fn what_a_learner_answers(asked: &Asked, url: &Url, learner: u64) {
    const NOT: &str = "rpc not supported for learner";
    let read = |serializable: bool| {
        let request = RangeRequest { serializable, ..key("bouquet") };
        asked.at(url, None, async |client: &mut Client, deadline| {
            client.range(&request, deadline).await.map(|answer| answer.count)
        })
    };
    assert_eq!(read(true), Ok(1));
    is_refused(read(false), NOT);
    let list = async |client: &mut Client, deadline| client.member_list(false, deadline).await;
    is_refused(asked.at(url, None, list), NOT);
    let hash = async |client: &mut Client, deadline| client.hash_kv(0, deadline).await;
    is_refused(asked.at(url, None, hash), NOT);
    let alarms = async |client: &mut Client, deadline| client.alarms(deadline).await;
    is_refused(asked.at(url, None, alarms), NOT);
    let write = async |client: &mut Client, deadline| put(client, "x", b"", deadline).await;
    is_refused(asked.at(url, None, write), NOT);
    let promote =
        async |client: &mut Client, deadline| client.member_promote(learner, deadline).await;
    is_refused(asked.at(url, None, promote), NOT);
}

/// The learner's process. It is throwaway, and is killed like that.
struct Running(Child);

impl Running {
    fn start(output: &Output, release: &str, client_url: &Url, peer_url: &Url) -> Self {
        let member = &output.cluster.members[0];
        let first = &member.initial_advertise_peer_urls[0];
        let log = File::create(output.beside("learner.log")).expect("a log");
        let child = Command::new(etcd(release).join("etcd"))
            .args(["--name", "learner", "--initial-cluster-state", "existing", "--data-dir"])
            .arg(output.beside("learner"))
            .arg(format!("--listen-client-urls={client_url}"))
            .arg(format!("--advertise-client-urls={client_url}"))
            .arg(format!("--listen-peer-urls={peer_url}"))
            .arg(format!("--initial-advertise-peer-urls={peer_url}"))
            .arg(format!("--initial-cluster={}={first},learner={peer_url}", member.name))
            .env_clear()
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a log"))
            .stderr(log)
            .spawn()
            .expect("etcd starts");
        Self(child)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
