//! Keys, leases and versions: what the client does etcdctl sees, and what etcdctl does the client sees.

use super::PLAIN;
use super::asked::{Asked, is_refused, key, number, shown};
use crate::support::build::Output;
use crate::support::live::Live;
use crate::support::place::Block;
use crate::support::releases::releases;
use crate::support::side_by_side::with_each;
use bouquet_etcd::messages::kv::{
    CompactionRequest, Compare, CompareResult, CompareTarget, DeleteRangeRequest, KeyValue,
    Operand, PutRequest, RangeRequest, RangeResponse, Request, RequestOp, Response, TxnRequest,
};
use bouquet_etcd::messages::maintenance::DowngradeAction;
use bouquet_etcd::{Client, Credentials, Endpoint, Error, peer, served};
use bouquet_model::url::{Scheme, Url};
use serde_json::Value;

#[test]
fn what_is_done_etcdctl_sees() {
    with_each(&releases(), |release| {
        let block = Block::claim();
        let output = Output::of(&block.relocate(PLAIN, release));
        let live = Live::start(&output, release, "command");
        let asked = Asked::of(&output);
        keys_are_written_and_read(&asked, &live);
        several_things_are_done_if_conditions_hold(&asked, &live);
        history_is_compacted(&asked, &live);
        leases_are_kept_and_end(&asked, &live);
        space_is_given_back(&asked);
        a_downgrade_is_judged(&asked, &live, release);
        a_port_without_tls_is_asked_for_it(&asked);
    });
}

fn range(asked: &Asked, request: &RangeRequest) -> Result<RangeResponse, Error> {
    asked.with(0, async |client: &mut Client, deadline| client.range(request, deadline).await)
}

fn keys_are_written_and_read(asked: &Asked, live: &Live<'_>) {
    for (key, value) in [("orange", "1"), ("pink", "2"), ("orange", "3"), ("p\u{e4}onie", "\0\x01")]
    {
        asked.put(&format!("flowers/{key}"), value.as_bytes()).expect("a key");
    }
    let all = RangeRequest { range_end: "flowers0".into(), ..key("flowers/") };
    let revision = range(asked, &all).expect("keys").header.expect("a header").revision;
    for (request, line) in [
        (all.clone(), ""),
        (RangeRequest { limit: 1, ..all.clone() }, "--limit=1"),
        (RangeRequest { keys_only: true, ..all.clone() }, "--keys-only"),
        (
            RangeRequest { revision: revision - 2, ..all.clone() },
            &format!("--rev={}", revision - 2),
        ),
        (RangeRequest { serializable: true, ..all.clone() }, "--consistency=s"),
    ] {
        let ours = range(asked, &request).expect("keys");
        let shown = shown(live, &format!("get --prefix flowers/ {line}"));
        assert_eq!(number(&shown["count"]), ours.count.unsigned_abs(), "{line}: {shown}");
        assert_eq!(shown["more"].as_bool().unwrap_or_default(), ours.more, "{line}");
        let pairs = shown["kvs"].as_array().expect("keys");
        assert_eq!(pairs.len(), ours.kvs.len(), "{line}: {shown}");
        for (ours, shown) in ours.kvs.iter().zip(pairs) {
            same_pair(ours, shown);
        }
    }
    let counted = range(asked, &RangeRequest { count_only: true, ..all }).expect("a count");
    assert_eq!((counted.count, counted.kvs.len()), (3, 0));
    is_refused(asked.put("", b"x"), "key is not provided");
    is_refused(asked.put("large", &vec![b'x'; 1_800_000]), "request is too large");
    let later = range(asked, &RangeRequest { revision: 1 << 40, ..key("x") });
    is_refused(later, "required revision is a future revision");
}

fn same_pair(ours: &KeyValue, shown: &Value) {
    assert_eq!(shown["key"].as_str(), Some(base64(&ours.key).as_str()), "{shown}");
    assert_eq!(shown["value"].as_str().unwrap_or_default(), base64(&ours.value), "{shown}");
    for (ours, name) in [
        (ours.create_revision, "create_revision"),
        (ours.mod_revision, "mod_revision"),
        (ours.version, "version"),
        (ours.lease, "lease"),
    ] {
        assert_eq!(number(&shown[name]), ours.unsigned_abs(), "{name}: {shown}");
    }
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let of_three = |three: &[u8]| {
        let bits = three.iter().fold(0, |bits, byte| bits << 8 | usize::from(*byte));
        let bits = bits << (8 * (3 - three.len()));
        let digit = |at: usize| {
            if at <= three.len() { char::from(DIGITS[bits >> (18 - 6 * at) & 63]) } else { '=' }
        };
        [0, 1, 2, 3].map(digit)
    };
    bytes.chunks(3).flat_map(of_three).collect()
}

fn several_things_are_done_if_conditions_hold(asked: &Asked, live: &Live<'_>) {
    let write = |value: &'static str| {
        let put = PutRequest { key: "rose".into(), value: value.into(), lease: 0 };
        RequestOp { request: Some(Request::Put(put)) }
    };
    let read = RequestOp { request: Some(Request::Range(key("rose"))) };
    let delete = DeleteRangeRequest { key: "rose".into(), range_end: "".into() };
    let delete = RequestOp { request: Some(Request::DeleteRange(delete)) };
    let compare = |target: CompareTarget, operand: Operand| Compare {
        result: CompareResult::Equal.into(),
        target: target.into(),
        key: "rose".into(),
        operand: Some(operand),
    };
    let is_new = compare(CompareTarget::Create, Operand::CreateRevision(0));
    let is_red = compare(CompareTarget::Value, Operand::Value("red".into()));
    let txn = |compare: Compare, success: RequestOp, failure: RequestOp| {
        let request =
            TxnRequest { compare: vec![compare], success: vec![success], failure: vec![failure] };
        let asking = async |client: &mut Client, deadline| client.txn(&request, deadline).await;
        let answer = asked.with(0, asking).expect("an answer");
        let response = answer.responses.into_iter().next().and_then(|op| op.response);
        (answer.succeeded, response.expect("a response"))
    };
    let first = txn(is_new.clone(), write("red"), read.clone());
    assert!(matches!(first, (true, Response::Put(_))), "{first:?}");
    let (again, read) = txn(is_new, write("white"), read);
    let Response::Range(read) = read else { panic!("{read:?}") };
    let shown = shown(live, "get rose");
    assert!(!again);
    same_pair(&read.kvs[0], &shown["kvs"][0]);
    assert_eq!(read.kvs[0].value, "red");
    let (is_red, deleted) = txn(is_red, delete, write("never"));
    assert!(matches!((is_red, &deleted), (true, Response::DeleteRange(it)) if it.deleted == 1));
    assert_eq!(range(asked, &key("rose")).expect("an answer").count, 0);
}

fn history_is_compacted(asked: &Asked, live: &Live<'_>) {
    let revision = range(asked, &key("x")).expect("an answer").header.expect("a header").revision;
    let compact = |revision: i64| {
        let request = CompactionRequest { revision, physical: true };
        let asking = async |client: &mut Client, deadline| client.compact(&request, deadline).await;
        asked.with(0, asking)
    };
    compact(revision).expect("a compaction");
    is_refused(compact(revision), "required revision has been compacted");
    is_refused(compact(revision + 9), "required revision is a future revision");
    let before = range(asked, &RangeRequest { revision: 2, ..key("flowers/orange") });
    is_refused(before, "required revision has been compacted");
    let said = live.client("export ETCDCTL_API=3; etcdctl get --rev=2 flowers/orange");
    assert!(!said.ok && said.stderr.contains("required revision has been compacted"), "{said:?}");
}

fn leases_are_kept_and_end(asked: &Asked, live: &Live<'_>) {
    let grant = async |client: &mut Client, deadline| client.lease_grant(1000, deadline).await;
    let id = asked.with(0, grant).expect("a lease");
    let request = PutRequest { key: "leased".into(), value: "x".into(), lease: id };
    let write = async |client: &mut Client, deadline| client.put(&request, deadline).await;
    asked.with(0, write).expect("a key");
    let shown = shown(live, &format!("lease timetolive {id:x}"));
    assert_eq!(number(&shown["id"]), id.unsigned_abs(), "{shown}");
    assert_eq!(number(&shown["granted-ttl"]), 1000, "{shown}");
    let keep = || {
        let keep =
            async |client: &mut Client, deadline| client.lease_keep_alive(id, deadline).await;
        asked.with(0, keep)
    };
    assert_eq!(keep(), Ok(1000));
    let revoke = || {
        let revoke = async |client: &mut Client, deadline| client.lease_revoke(id, deadline).await;
        asked.with(0, revoke)
    };
    assert_eq!(revoke(), Ok(()));
    assert_eq!(range(asked, &key("leased")).expect("an answer").count, 0);
    assert_eq!(keep(), Ok(0));
    is_refused(revoke(), "requested lease not found");
    let endless = async |client: &mut Client, deadline| client.lease_grant(1 << 40, deadline).await;
    is_refused(asked.with(0, endless), "too large lease TTL");
}

fn space_is_given_back(asked: &Asked) {
    let size = || {
        let asking = async |client: &mut Client, deadline| client.status(deadline).await;
        let status = asked.with(0, asking).expect("a status");
        (status.db_size, status.db_size_in_use)
    };
    for _ in 0..3 {
        asked.put("large", &vec![b'x'; 1 << 20]).expect("a key");
    }
    let header = range(asked, &key("x")).expect("an answer").header.expect("a header");
    asked.put("large", b"").expect("a key");
    let request = CompactionRequest { revision: header.revision + 1, physical: true };
    let compact = async |client: &mut Client, deadline| client.compact(&request, deadline).await;
    asked.with(0, compact).expect("a compaction");
    let (before, _) = size();
    let defragment = async |client: &mut Client, deadline| client.defragment(deadline).await;
    assert_eq!(asked.with(0, defragment), Ok(()));
    let (after, in_use) = size();
    assert!(after < before - (2 << 20) && in_use <= after, "{before}, {after}, {in_use}");
}

/// etcdctl is told the same; before 3.6 it has no word for it, and etcd goes to no older minor.
fn a_downgrade_is_judged(asked: &Asked, live: &Live<'_>, release: &str) {
    for target in ["3.5.0", "3.6.0", "3.1.0", "none"] {
        let validate = async |client: &mut Client, deadline| {
            client.downgrade(DowngradeAction::Validate, target, deadline).await
        };
        let ours = asked.with(0, validate);
        if release.starts_with("3.4.") || release.starts_with("3.5.") {
            let words = if release.starts_with("3.4.") { "unknown method" } else { "downgrade" };
            is_refused(ours, words);
            continue;
        }
        let said = live.client(&format!("etcdctl downgrade validate {target}"));
        match ours {
            Ok(_) => assert!(said.ok, "{target}: {said:?}"),
            Err(Error::Refused(text)) => {
                assert!(!said.ok && said.stderr.contains(&text), "{target}: {text}: {said:?}");
            }
            Err(other) => panic!("{target}: {other:?}"),
        }
    }
}

/// A URL that says https by mistake.
fn a_port_without_tls_is_asked_for_it(asked: &Asked) {
    let url = Url { scheme: Scheme::Https, ..asked.urls[0].clone() };
    let ca = include_bytes!("../../../../crates/etcd/tests/it/ca.crt");
    let credentials = Credentials::from_pem(ca, None).expect("a CA");
    let endpoint = Endpoint { url: &url, credentials: Some(&credentials) };
    let by_grpc = asked.run(async |deadline| Client::connect(endpoint, deadline).await.map(drop));
    let by_http = asked.run(async |deadline| peer::version(endpoint, deadline).await.map(drop));
    let by_tls = asked.run(async |deadline| served::certificates(&url, deadline).await.map(drop));
    for said in [by_grpc, by_http, by_tls] {
        let is_it =
            matches!(&said, Err(Error::Unreachable(reach)) if reach.to_string().contains("TLS"));
        assert!(is_it, "{said:?}");
    }
}
