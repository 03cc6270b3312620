//! The client of `crates/etcd`, against etcdctl and etcd itself.

mod asked;

use crate::support::build::Output;
use crate::support::live::Live;
use crate::support::place::Block;
use crate::support::releases::releases;
use crate::support::side_by_side::with_each;
use asked::Asked;
use bouquet_etcd::database::content;
use bouquet_etcd::messages::kv::{PutRequest, RangeRequest};
use bouquet_etcd::{Client, Credentials, Endpoint, Error, Reach, peer, served, wal};
use serde_json::Value;
use std::fs;

const SPEC: &str = r#"
[cluster]
token = "asked"
etcd = "3.6"

[etcd]
data-dir = "/root/etcd/data"

[[member]]
name = "orange"
ip = "10.0.0.1"

[[member]]
name = "pink"
ip = "10.0.0.2"

[[member]]
name = "daffodil"
ip = "10.0.0.3"

[[client]]
name = "root"
"#;

#[test]
fn answers_are_those_that_etcdctl_shows() {
    with_each(&releases(), |release| {
        let block = Block::claim();
        let output = Output::of(&block.relocate(SPEC, release));
        let live = Live::start(&output, release, "command");
        let asked = Asked::of(&output);
        let shown = |line: &str| {
            let said = live.client(&format!("etcdctl {line} -w json"));
            assert!(said.ok, "etcd {release}, {line}: {}", said.stderr);
            serde_json::from_str::<Value>(&said.stdout)
                .unwrap_or_else(|_| panic!("{}", said.stdout))
        };
        shown("put bouquet of-flowers");
        same_status(&asked, &shown("endpoint status"), release);
        same_members(&asked, &shown("member list"), release);
        same_hashes(&asked, &shown("endpoint hashkv"), release);
        same_ports(&asked, &output, release);
        same_snapshot(&asked, &live, &output, release);
        refusals(&asked, release);
        let identity = fs::read_dir(output.path("members/orange/data/member/wal")).expect("a log");
        let mut logs: Vec<_> = identity.map(|entry| entry.expect("a file").path()).collect();
        logs.retain(|path| path.extension().is_some_and(|end| end == "wal"));
        logs.sort();
        let head = fs::read(&logs[0]).expect("a log");
        let identity = wal::identity(&head[..wal::HEAD]).expect("whose it is");
        let (_, status) = asked.status(0);
        let header = status.header.expect("a header");
        assert_eq!(
            (identity.member_id, identity.cluster_id),
            (header.member_id, header.cluster_id)
        );
        for cut in 0..wal::HEAD {
            // What is cut off says nothing, or the same.
            assert!(wal::identity(&head[..cut]).is_none_or(|other| other == identity), "{cut}");
        }
    });
}

fn same_status(asked: &Asked, shown: &Value, release: &str) {
    for (at, shown) in shown.as_array().expect("a list").iter().enumerate() {
        let (_, status) = asked.status(at);
        let (header, of) = (status.header.expect("a header"), &shown["Status"]);
        let number = |value: &Value| value.as_u64().unwrap_or_default();
        assert_eq!(header.cluster_id, number(&of["header"]["cluster_id"]), "etcd {release}");
        assert_eq!(header.member_id, number(&of["header"]["member_id"]), "etcd {release}");
        assert_eq!(header.revision.unsigned_abs(), number(&of["header"]["revision"]));
        assert_eq!(status.version, of["version"].as_str().expect("a version"), "etcd {release}");
        assert_eq!(status.leader, number(&of["leader"]), "etcd {release}");
        assert_eq!(status.raft_term, number(&of["raftTerm"]), "etcd {release}");
        assert_eq!(status.db_size.unsigned_abs(), number(&of["dbSize"]), "etcd {release}");
        assert_eq!(status.db_size_quota.unsigned_abs(), number(&of["dbSizeQuota"]));
        assert_eq!(status.storage_version, of["storageVersion"].as_str().unwrap_or_default());
        // It goes on while they are asked.
        assert!(status.raft_applied_index >= number(&of["raftAppliedIndex"]), "etcd {release}");
    }
}

fn same_members(asked: &Asked, shown: &Value, release: &str) {
    for linearizable in [false, true] {
        let list = asked.with(0, async |client: &mut Client, deadline| {
            client.member_list(linearizable, deadline).await
        });
        let members = list.expect("a list").members;
        let shown = shown["members"].as_array().expect("a list");
        assert_eq!(members.len(), shown.len(), "etcd {release}");
        for (member, shown) in members.iter().zip(shown) {
            assert_eq!(Some(member.id), shown["ID"].as_u64(), "etcd {release}");
            assert_eq!(Some(member.name.as_str()), shown["name"].as_str(), "etcd {release}");
            assert_eq!(shown["peerURLs"], Value::from(member.peer_urls.clone()));
            assert_eq!(shown["clientURLs"], Value::from(member.client_urls.clone()));
            assert!(!member.is_learner);
        }
    }
}

fn same_hashes(asked: &Asked, shown: &Value, release: &str) {
    for (at, shown) in shown.as_array().expect("a list").iter().enumerate() {
        let hash =
            asked.with(at, async |client: &mut Client, deadline| client.hash_kv(0, deadline).await);
        let hash = hash.expect("a hash");
        let of = shown.get("HashKV").unwrap_or(&shown["Hash"]);
        assert_eq!(Some(u64::from(hash.hash)), of["hash"].as_u64(), "etcd {release}: {shown}");
        assert_eq!(Some(hash.compact_revision), of["compact_revision"].as_i64().or(Some(0)));
    }
}

/// What is answered over HTTP, and the certificates of both ports.
fn same_ports(asked: &Asked, output: &Output, release: &str) {
    let (_, status) = asked.status(1);
    let member = &output.cluster.members[1];
    let client = Endpoint { url: &member.advertise_client_urls[0], credentials: &asked.root };
    let version = asked.run(async |deadline| peer::version(client, deadline).await);
    assert_eq!(version.expect("a version").etcdserver, status.version, "etcd {release}");
    let scrape =
        asked.run(async |deadline| peer::metrics(client, deadline).await).expect("metrics");
    assert!(scrape.text.contains("\netcd_server_has_leader 1\n"), "etcd {release}");
    assert!(scrape.date.is_some(), "etcd {release}");
    let own = asked.credentials("members/orange/certs", "peer");
    let peer_url = Endpoint { url: &member.initial_advertise_peer_urls[0], credentials: &own };
    let members =
        asked.run(async |deadline| peer::members(peer_url, deadline).await).expect("a list");
    assert_eq!(Some(members.cluster_id), status.header.map(|header| header.cluster_id));
    assert_eq!(members.members.len(), 3, "etcd {release}");
    let time = asked.run(async |deadline| peer::time(peer_url, deadline).await).expect("a time");
    assert!(time.starts_with("20") && time.contains('T'), "{time}");
    for (url, file) in [(client.url, "server.crt"), (peer_url.url, "peer.crt")] {
        let chain = asked.run(async |deadline| served::certificates(url, deadline).await);
        let pem = output.read(&format!("members/pink/certs/{file}"));
        let built =
            bouquet_x509::pem::certificates(pem.as_bytes()).expect("a certificate").remove(0);
        assert_eq!(chain.expect("a chain")[0], *built, "etcd {release}, {file}");
    }
}

/// A snapshot is what etcdctl saves, and its content what etcd's own tool tells of it.
fn same_snapshot(asked: &Asked, live: &Live<'_>, output: &Output, release: &str) {
    let mut bytes = Vec::new();
    let end = asked.with(0, async |client: &mut Client, deadline| {
        let mut snapshot = client.snapshot(deadline).await?;
        while let Some(part) = snapshot.next(deadline).await? {
            bytes.extend_from_slice(&part.blob);
        }
        Ok(())
    });
    assert_eq!(end, Ok(()), "etcd {release}");
    let content = content(&bytes[..]).unwrap_or_else(|error| panic!("etcd {release}: {error}"));
    fs::write(output.path("clients/root/ours.db"), &bytes).expect("a file");
    let tool = "$(command -v etcdutl || command -v etcdctl)";
    let said = live.client(&format!("ETCDCTL_API=3 {tool} snapshot status ours.db -w json"));
    let shown: Value = serde_json::from_str(said.stdout.trim()).expect("JSON");
    assert_eq!(shown["hash"].as_u64(), Some(content.hash.into()), "etcd {release}: {shown}");
    assert_eq!(shown["revision"].as_i64(), Some(content.revision), "etcd {release}: {shown}");
    assert_eq!(shown["totalSize"].as_u64(), Some(content.size), "etcd {release}: {shown}");
    assert_eq!(content.size + 32, bytes.len() as u64, "the hash is behind it");
    assert_eq!((content.keys, content.members.len()), (1, 3), "etcd {release}");
    // Cut or flipped, it is told, or what is told is what can be read; nothing is waited for, or ends.
    for place in (0..bytes.len()).step_by(509) {
        let mut broken = bytes.clone();
        broken[place] ^= 0x55;
        let _ = bouquet_etcd::database::content(&broken[..]);
        let _ = bouquet_etcd::database::content(&bytes[..place]);
    }
}

/// Errors, by what there is to do about them.
fn refusals(asked: &Asked, release: &str) {
    let gone = asked
        .with(0, async |client: &mut Client, deadline| client.member_remove(1, deadline).await);
    assert_eq!(
        gone,
        Err(Error::Refused("etcdserver: member not found".to_owned())),
        "etcd {release}"
    );
    let put = PutRequest { key: "".into(), value: "x".into(), lease: 0 };
    let empty =
        asked.with(0, async |client: &mut Client, deadline| client.put(&put, deadline).await);
    assert!(
        matches!(&empty, Err(Error::Refused(text)) if text.contains("key is not provided")),
        "{empty:?}"
    );
    let range = RangeRequest { key: "bouquet".into(), ..RangeRequest::default() };
    let range =
        asked.with(0, async |client: &mut Client, deadline| client.range(&range, deadline).await);
    assert_eq!(range.expect("a key").kvs[0].value, "of-flowers", "etcd {release}");
    let nobody = Credentials::from_pem(&asked.ca, None).expect("a CA");
    let unknown = Credentials::from_pem(asked.other_ca().as_bytes(), None).expect("a CA");
    for (credentials, is_it) in [
        (&nobody, (|reach: &Reach| matches!(reach, Reach::Rejected(_))) as fn(&Reach) -> bool),
        (&unknown, |reach| matches!(reach, Reach::Untrusted(_))),
    ] {
        for _ in 0..20 {
            let said = asked.status_by(0, credentials);
            assert!(
                matches!(&said, Err(Error::Unreachable(reach)) if is_it(reach)),
                "etcd {release}: {said:?}"
            );
        }
    }
}
