//! What members tell, by gRPC, by HTTP, in TLS and in their files.

use super::THREE;
use super::asked::{Asked, at_last, credentials, is_refused, number, shown};
use crate::support::build::Output;
use crate::support::live::Live;
use crate::support::place::Block;
use crate::support::releases::releases;
use crate::support::run::Said;
use crate::support::side_by_side::with_each;
use bouquet_etcd::database::{Content, content};
use bouquet_etcd::messages::maintenance::StatusResponse;
use bouquet_etcd::{Client, Endpoint, Error, Reach, peer, served, wal};
use serde_json::Value;
use std::fs;
use std::time::{Duration, Instant};

#[test]
fn answers_are_those_that_etcdctl_shows() {
    with_each(&releases(), |release| {
        let block = Block::claim();
        let output = Output::of(&block.relocate(THREE, release));
        let live = Live::start(&output, release, "command");
        let asked = Asked::of(&output);
        at_last(|| asked.put("bouquet", b"of flowers")).expect("a key");
        same_status(&asked, &live);
        same_members(&asked, &shown(&live, "member list"));
        same_hashes(&asked, &shown(&live, "endpoint hashkv"));
        same_ports(&asked, &output);
        same_identities(&asked, &live);
        same_snapshot(&asked, &live, &output);
        leadership_moves(&asked, &live);
        a_stopped_member_is_given_up_in_time(&asked, &live, &output);
    });
}

fn status(asked: &Asked, member: usize) -> StatusResponse {
    let asking = async |client: &mut Client, deadline| client.status(deadline).await;
    asked.with(member, asking).expect("a status")
}

/// What does not change meanwhile is the same, and what grows is in between.
fn same_status(asked: &Asked, live: &Live<'_>) {
    let before = shown(live, "endpoint status");
    let ours: Vec<_> = (0..3).map(|member| status(asked, member)).collect();
    let after = shown(live, "endpoint status");
    for (at, ours) in ours.iter().enumerate() {
        let (before, after) = (&before[at]["Status"], &after[at]["Status"]);
        let header = ours.header.expect("a header");
        for (ours, name) in [
            (header.cluster_id, "/header/cluster_id"),
            (header.member_id, "/header/member_id"),
            (header.revision.unsigned_abs(), "/header/revision"),
            (header.raft_term, "/header/raft_term"),
            (ours.db_size.unsigned_abs(), "/dbSize"),
            (ours.db_size_in_use.unsigned_abs(), "/dbSizeInUse"),
            (ours.db_size_quota.unsigned_abs(), "/dbSizeQuota"),
            (ours.leader, "/leader"),
            (ours.raft_term, "/raftTerm"),
            (ours.raft_index, "/raftIndex"),
            (ours.raft_applied_index, "/raftAppliedIndex"),
        ] {
            let of = |value: &Value| value.pointer(name).map_or(0, number);
            let (least, most) = (of(before).min(of(after)), of(before).max(of(after)));
            assert!((least..=most).contains(&ours), "{name}: {ours}, {before}, {after}");
        }
        let text = |name: &str| after[name].as_str().unwrap_or_default();
        assert_eq!(ours.version, text("version"));
        assert_eq!(ours.storage_version, text("storageVersion"));
        assert!(!ours.is_learner && ours.errors.is_empty(), "{ours:?}");
    }
}

fn same_members(asked: &Asked, shown: &Value) {
    for linearizable in [false, true] {
        let asking =
            async |client: &mut Client, deadline| client.member_list(linearizable, deadline).await;
        let members = asked.with(0, asking).expect("a list").members;
        let shown = shown["members"].as_array().expect("a list");
        assert_eq!(members.len(), shown.len());
        for (member, shown) in members.iter().zip(shown) {
            assert_eq!(member.id, number(&shown["ID"]));
            assert_eq!(Some(member.name.as_str()), shown["name"].as_str());
            assert_eq!(shown["peerURLs"], Value::from(member.peer_urls.clone()));
            assert_eq!(shown["clientURLs"], Value::from(member.client_urls.clone()));
            assert!(!member.is_learner);
        }
    }
}

fn same_hashes(asked: &Asked, shown: &Value) {
    for (at, shown) in shown.as_array().expect("a list").iter().enumerate() {
        let asking = async |client: &mut Client, deadline| client.hash_kv(0, deadline).await;
        let ours = asked.with(at, asking).expect("a hash");
        let of = shown.get("HashKV").unwrap_or(&shown["Hash"]);
        assert_eq!(u64::from(ours.hash), number(&of["hash"]), "{shown}");
        // -1 where nothing was compacted.
        assert_eq!(Some(ours.compact_revision), of["compact_revision"].as_i64().or(Some(0)));
        assert_eq!(ours.hash_revision.unsigned_abs(), number(&of["hash_revision"]), "{shown}");
    }
}

/// What is answered over HTTP, and the certificates of both ports.
fn same_ports(asked: &Asked, output: &Output) {
    let status = status(asked, 1);
    let member = &output.cluster.members[1];
    let client = &member.advertise_client_urls[0];
    let credentials_of_peers = credentials(&output.path("members/orange/certs"), "peer");
    let at_client = Endpoint { url: client, credentials: asked.root.as_ref() };
    let peer_url = &member.initial_advertise_peer_urls[0];
    let at_peer = Endpoint { url: peer_url, credentials: Some(&credentials_of_peers) };
    for endpoint in [at_client, at_peer] {
        let version = asked.run(async |deadline| peer::version(endpoint, deadline).await);
        let version = version.expect("a version");
        assert_eq!(version.etcdserver, status.version);
        assert_eq!(version.storage, status.storage_version);
        assert!(version.etcdcluster.ends_with(".0"), "{version:?}");
    }
    let scrape = asked.run(async |deadline| peer::metrics(at_client, deadline).await);
    let scrape = scrape.expect("metrics");
    assert!(scrape.text.contains("\netcd_server_has_leader 1\n"));
    assert!(scrape.date.is_some());
    let members = asked.run(async |deadline| peer::members(at_peer, deadline).await);
    let members = members.expect("a list");
    assert_eq!(Some(members.cluster_id), status.header.map(|header| header.cluster_id));
    assert_eq!(members.members.len(), 3);
    let time = asked.run(async |deadline| peer::time(at_peer, deadline).await).expect("a time");
    assert!(time.starts_with("20") && time.contains('T'), "{time}");
    for (url, file) in [(client, "server.crt"), (peer_url, "peer.crt")] {
        let chain = asked.run(async |deadline| served::certificates(url, deadline).await);
        let pem = output.read(&format!("members/pink/certs/{file}"));
        let built =
            bouquet_x509::pem::certificates(pem.as_bytes()).expect("a certificate").remove(0);
        assert_eq!(chain.expect("a chain")[0], *built, "{file}");
    }
    // The peer port has no gRPC.
    let asking = async |client: &mut Client, deadline| client.status(deadline).await;
    let said = asked.at(peer_url, Some(&credentials_of_peers), asking);
    assert!(matches!(said, Err(Error::NotEtcd(_) | Error::Unreachable(_))), "{said:?}");
}

/// Each log tells whose it is, in its first bytes and in no fewer.
fn same_identities(asked: &Asked, live: &Live<'_>) {
    for (at, name) in ["orange", "pink", "daffodil"].into_iter().enumerate() {
        let folder = live.inside(at, &format!("/data/etcd/{name}/member/wal"));
        let files = fs::read_dir(folder).expect("a log").map(|entry| entry.expect("a file").path());
        let log = files.filter(|path| path.extension().is_some_and(|end| end == "wal")).min();
        let head = fs::read(log.expect("a log")).expect("a log");
        let identity = wal::identity(&head[..wal::HEAD]).expect("whose it is");
        let header = status(asked, at).header.expect("a header");
        let told = (identity.member_id, identity.cluster_id);
        assert_eq!(told, (header.member_id, header.cluster_id));
        for cut in 0..wal::HEAD {
            assert!(wal::identity(&head[..cut]).is_none_or(|other| other == identity), "{cut}");
        }
    }
}

/// A snapshot is what etcdctl saves, and its content what etcd's own tool tells of it.
fn same_snapshot(asked: &Asked, live: &Live<'_>, output: &Output) {
    let mut bytes = Vec::new();
    let end = asked.with(0, async |client: &mut Client, deadline| {
        let mut snapshot = client.snapshot(deadline).await?;
        while let Some(part) = snapshot.next(deadline).await? {
            bytes.extend_from_slice(&part.blob);
        }
        Ok(())
    });
    assert_eq!(end, Ok(()));
    let Content { hash, revision, size, keys, pairs, members, .. } =
        content(&bytes[..]).unwrap_or_else(|error| panic!("{error}"));
    fs::write(output.path("clients/root/ours.db"), &bytes).expect("a file");
    let tool = "$(command -v etcdutl || command -v etcdctl)";
    let Said { stdout, .. } =
        live.client(&format!("ETCDCTL_API=3 {tool} snapshot status ours.db -w json"));
    let shown: Value = serde_json::from_str(stdout.trim()).expect("JSON");
    assert_eq!(number(&shown["hash"]), u64::from(hash), "{shown}");
    assert_eq!(number(&shown["revision"]), revision.unsigned_abs(), "{shown}");
    assert_eq!(number(&shown["totalSize"]), size, "{shown}");
    // From 3.6 on keys are counted, and pairs before.
    assert!([keys, pairs].contains(&number(&shown["totalKey"])), "{shown}: {keys}, {pairs}");
    assert_eq!((keys, members.len()), (1, 3));
    assert_eq!(size + 32, bytes.len() as u64, "the hash is behind it");
}

fn leadership_moves(asked: &Asked, live: &Live<'_>) {
    let ids: Vec<u64> =
        (0..3).map(|at| status(asked, at).header.expect("a header").member_id).collect();
    let leader = status(asked, 0).leader;
    let at = ids.iter().position(|id| *id == leader).expect("a leader");
    let other = (at + 1) % 3;
    let to = |target: u64| {
        async move |client: &mut Client, deadline| client.move_leader(target, deadline).await
    };
    is_refused(asked.with(other, to(ids[other])), "not leader");
    is_refused(asked.with(at, to(1)), "bad leader transferee");
    assert_eq!(asked.with(at, to(ids[other])), Ok(()));
    let shown = shown(live, "endpoint status");
    assert_eq!(number(&shown[other]["Status"]["leader"]), ids[other], "{shown}");
}

/// It takes connections, and says nothing; one that was there before the stop is not told of it either.
fn a_stopped_member_is_given_up_in_time(asked: &Asked, live: &Live<'_>, output: &Output) {
    const TIME: Duration = Duration::from_millis(800);
    let member = &output.cluster.members[2];
    let endpoint =
        Endpoint { url: &member.advertise_client_urls[0], credentials: asked.root.as_ref() };
    let client = asked.run(async |deadline| Client::connect(endpoint, deadline).await);
    let mut client = client.expect("a connection");
    live.signal(2, "STOP");
    let begin = Instant::now();
    let of_old = asked.within(TIME, async |deadline| client.status(deadline).await.map(drop));
    let of_new =
        asked.within(TIME, async |deadline| Client::connect(endpoint, deadline).await.map(drop));
    let by_http =
        asked.within(TIME, async |deadline| peer::version(endpoint, deadline).await.map(drop));
    let by_tls = asked.within(TIME, async |deadline| {
        served::certificates(endpoint.url, deadline).await.map(drop)
    });
    let took = begin.elapsed();
    live.signal(2, "CONT");
    let silent = Err(Error::Unreachable(Reach::Silent));
    assert_eq!([&of_new, &by_http, &by_tls], [&silent; 3]);
    assert_eq!(of_old, Err(Error::Unknown("no answer within the deadline".to_owned())));
    assert!(took < TIME * 4 + Duration::from_secs(4), "{took:?}");
    // It goes on, and so does the connection.
    let again = asked.run(async |deadline| client.status(deadline).await.map(drop));
    assert_eq!(again, Ok(()));
}
