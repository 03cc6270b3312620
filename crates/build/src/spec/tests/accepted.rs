//! What is accepted, and as what: what `toml` and serde make of the whole file by themselves.

use proptest::prelude::*;
use serde::Deserialize;

use super::super::keys::Table;
use super::super::{
    AuthoritySpec, CaSpec, ClientSpec, ClusterSpec, MemberSpec, OptionsSpec, RevokedSpec, Spec,
    SystemdSpec, TlsSpec, parse,
};
use super::OPTIONS;
use crate::diagnostic::Span;

/// A spec as serde alone has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    cluster: ClusterSpec,
    #[serde(default)]
    etcd: OptionsSpec,
    systemd: Option<SystemdSpec>,
    tls: Option<TlsSpec>,
    ca: Option<CaSpec>,
    #[serde(default)]
    authority: Vec<AuthoritySpec>,
    member: Vec<MemberSpec>,
    #[serde(default)]
    client: Vec<ClientSpec>,
    #[serde(default)]
    revoked: Vec<RevokedSpec>,
}

impl From<Whole> for Spec {
    fn from(whole: Whole) -> Self {
        Self {
            whole: true,
            cluster: whole.cluster,
            etcd: whole.etcd,
            systemd: whole.systemd.unwrap_or_else(empty),
            tls: whole.tls.unwrap_or_else(empty),
            ca: whole.ca.unwrap_or_else(empty),
            authorities: whole.authority,
            members: whole.member,
            clients: whole.client,
            revoked: whole.revoked,
        }
    }
}

fn empty<T: Table>() -> T {
    toml::from_str("").expect("nothing is required of it")
}

/// Returns the spec without the places of headers, of which serde knows nothing.
fn without_headers(spec: Spec) -> Spec {
    fn one<T: Table>(table: T) -> T {
        table.beginning_at(Span::default())
    }
    fn all<T: Table>(tables: Vec<T>) -> Vec<T> {
        tables.into_iter().map(one).collect()
    }
    Spec {
        cluster: one(spec.cluster),
        systemd: one(spec.systemd),
        tls: one(spec.tls),
        ca: one(spec.ca),
        authorities: all(spec.authorities),
        members: all(spec.members),
        clients: all(spec.clients),
        revoked: all(spec.revoked),
        ..spec
    }
}

const GOOD: &str = "[cluster]\ntoken = 't'\netcd = '3.5'\n[[member]]\nname = 'a'\nip = 'b'\n";

/// Lines of files in which tables are written in all the ways there are, more or less rightly; but
/// for tables in tables of options, which no option is.
const LINES: &[&str] = &[
    "[cluster]",
    "[[cluster]]",
    "[etcd]",
    "[etcd]",
    "[tls]",
    "[tls]",
    "[ca]",
    "[[authority]]",
    "[[member]]",
    "[[member]]\nname = 'c'\nip = 'd'",
    "[[member]]\nname = 'c'\nip = 'd'",
    "[member]",
    "[member.etcd]",
    "[member.etcd]",
    "[[member.etcd]]",
    "[member.name]",
    "[[client]]",
    "[[client]]\nname = 'r'",
    "[client]",
    "[[revoked]]",
    "[\"tls\"]",
    "[ ca ] # well",
    "[tls.key]",
    "[other]",
    "token = 't'",
    "etcd = '3.5'",
    "etcd.data-dir = \"/x\"",
    "etcd = { data-dir = '/x', b = [1, 'a', { c = 1 }] }",
    "cluster = { token = 't', etcd = '3.5' }",
    "cluster.token = 't'",
    "member = []",
    "member = [{ name = 'a', ip = 'b', etcd.x = 1 }, { name = 'c', ip = 'd' }]",
    "client = [{ name = 'a' }, 1]",
    "tls = false",
    "tls.key = 'x'",
    "name = 'a'",
    "'name' = \"b\\u00e9\"",
    "name = 1",
    "ip = 'b'",
    "ip = '''b\n[tls]\n'''",
    "peer-port = 1",
    "peer-port = 0x10",
    "peer-port = 65536",
    "peer-port = 0",
    "generation = 4294967295",
    "generation = -1",
    "number = 2",
    "number = 99999999999999999999",
    "date = 'x'",
    "date = 2020-01-01",
    "issue = 1",
    "trust = [\n  1, # one\n  2,\n]",
    "trust = [0]",
    "trust = []",
    "extra-sans = ['a', 'b']",
    "extra-sans = ['a', 1]",
    "enabled = true",
    "x = 1.5",
    "x = 1e400",
    "x.y = 2020-01-01",
    "data-dir = inf",
    "bare",
    "# note",
    "",
    "]",
];

fn files() -> impl Strategy<Value = String> {
    let lines = prop::collection::vec(prop::sample::select(LINES), 1..7);
    let good = |weight| prop_oneof![weight => Just(GOOD), 1 => Just("")];
    (good(3), lines, good(1))
        .prop_map(|(before, lines, after)| format!("{before}{}\n{after}", lines.join("\n")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_accepted_is_what_serde_accepts(text in files()) {
        let (ours, found) = parse(&text, OPTIONS);
        let theirs = toml::from_str::<Whole>(&text).map(Spec::from);
        // serde does not know that a member has an address, or is known by its name.
        let is_somewhere = |member: &MemberSpec| {
            let advertise = member.advertise.as_ref().map(|word| word.value.as_str());
            member.ip.is_some() || advertise == Some("hostname")
        };
        let theirs = theirs.ok().filter(|spec| {
            !spec.members.is_empty() && spec.members.iter().all(is_somewhere)
        });
        prop_assert_eq!(theirs.is_some(), !found.has_errors(), "{:#?}", found);
        if let Some(theirs) = theirs {
            prop_assert_eq!(ours.map(without_headers), Some(theirs));
        }
    }
}
