//! Programs that connect to a cluster that runs, by the certificates that a build made for them.

use crate::support::build::Output;
use crate::support::live::Live;
use crate::support::place::Block;
use crate::support::releases::releases;
use crate::support::run::{Said, run, tools};
use crate::support::side_by_side::with_each;
use bouquet_model::Cluster;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One member and two clients.
const SPEC: &str = r#"
[cluster]
token = "clients"
etcd = "3.6"

[etcd]
data-dir = "/data/etcd"

[[member]]
name = "orange"
ip = "10.0.0.1"

[[client]]
name = "root"

[[client]]
name = "patroni"
for = "patroni"
"#;

/// grpcio, as gRPC for C++, Ruby and PHP, verifies by BoringSSL.
#[test]
fn boringssl_refuses_a_ca_that_limits_addresses_and_no_other() {
    let release = releases().pop().expect("a release");
    let limits = [
        ("", true),
        ("[ca]\nname-constraints = \"dns\"\n", true),
        ("[ca]\nname-constraints = \"dns+ip\"\n", false),
    ];
    with_each(&limits, |(ca, accepted)| {
        let block = Block::claim();
        let output = Output::of(&block.relocate(&format!("{SPEC}{ca}"), &release));
        let _live = Live::start(&output, &release, "command");
        let said =
            run(python("by_grpcio.py").arg(client(&output, "root")).arg(endpoint(&output.cluster)));
        let text = format!("{}{}", said.stdout, said.stderr);
        assert_eq!(said.stdout == "flowers\n", *accepted, "{ca}: {text}");
        let is_refused = said.stderr.contains("refused: ");
        assert_eq!(is_refused, !accepted, "{ca}: {text}");
    });
}

/// etcdctl, by the certificate of client `root`.
const USERS: &str = "
    etcdctl user add root:secret
    etcdctl role add root 2>&1 || true
    etcdctl user grant-role root root
    etcdctl user add patroni:secret
    etcdctl role add patroni
    etcdctl role grant-permission patroni --prefix=true readwrite /service/
    etcdctl user grant-role patroni patroni
    exec etcdctl auth enable";

#[test]
fn the_gateway_serves_clients_without_a_common_name_where_authentication_is_on() {
    let releases = releases();
    with_each(&releases, |release| {
        let block = Block::claim();
        let output = Output::of(&block.relocate(SPEC, release));
        let live = Live::start(&output, release, "command");
        let users = live.client(USERS);
        assert!(users.stdout.ends_with("Authentication Enabled\n"), "{users:?}");

        // The certificate is nobody's in etcd; the password tells who asks.
        let gateway = Gateway { output: &output };
        let (code, answer) = gateway.ask("patroni", "kv/put", PUT, None);
        assert_ne!(code, 200, "{answer}");
        let password = r#"{"name": "patroni", "password": "secret"}"#;
        let (code, answer) = gateway.ask("patroni", "auth/authenticate", password, None);
        let token = answer["token"].as_str().expect("a token").to_owned();
        assert_eq!(code, 200, "{answer}");
        let (code, answer) = gateway.ask("patroni", "kv/put", PUT, Some(&token));
        assert_eq!(code, 200, "{answer}");

        // With a common name, none is served, whatever else it shows.
        for (call, body, token) in
            [("auth/authenticate", password, None), ("kv/put", PUT, Some(token.as_str()))]
        {
            let (code, answer) = gateway.ask("root", call, body, token);
            assert_eq!(code, 400, "{answer}");
            let answer = answer.as_str().expect("text");
            assert!(answer.contains("CommonName of client sending a request against gateway"));
        }
        // By gRPC it is a user.
        assert_eq!(
            live.client("exec etcdctl get /service/pg --print-value-only").stdout,
            "flowers\n"
        );

        let mut patroni = python("by_patroni.py");
        patroni.arg(client(&output, "patroni")).args(["/opt/etcd/certs/patroni", "secret"]);
        let said = run(&mut patroni);
        assert_eq!(said.stdout, "{\"ttl\": 20}\n", "{}", said.stderr);
    });
}

/// `/service/pg` and `flowers`.
const PUT: &str = r#"{"key": "L3NlcnZpY2UvcGc=", "value": "Zmxvd2Vycw=="}"#;

/// The JSON gateway of the first member.
struct Gateway<'a> {
    output: &'a Output,
}

impl Gateway<'_> {
    /// Asks with a client's certificate; the code of the answer, and the answer, as JSON or as text.
    fn ask(&self, name: &str, call: &str, body: &str, token: Option<&str>) -> (u16, Value) {
        let folder = client(self.output, name);
        let mut curl = Command::new("curl");
        curl.args([
            "--silent",
            "--show-error",
            "--max-time",
            "20",
            "--write-out",
            "\n%{http_code}",
        ]);
        for (option, file) in
            [("--cacert", "ca.crt"), ("--cert", "client.crt"), ("--key", "client.key")]
        {
            curl.arg(option).arg(folder.join(file));
        }
        if let Some(token) = token {
            curl.arg("--header").arg(format!("Authorization: {token}"));
        }
        let url = format!("https://{}/v3/{call}", endpoint(&self.output.cluster));
        let Said { stdout, stderr, .. } = run(curl.args(["--data", body, &url]));
        let (answer, code) = stdout.rsplit_once('\n').expect(&stderr);
        let answer = serde_json::from_str(answer).unwrap_or_else(|_| answer.into());
        (code.parse().expect("a number"), answer)
    }
}

/// Where the first member serves clients, without the scheme.
fn endpoint(cluster: &Cluster) -> String {
    let url = cluster.endpoints()[0].to_string();
    url.trim_start_matches("https://").to_owned()
}

/// The folder that a build made for a client.
fn client(output: &Output, name: &str) -> PathBuf {
    output.path(&format!("clients/{name}"))
}

/// A script of this folder, with the packages that `xtask` pins.
pub(super) fn python(script: &str) -> Command {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/real_etcd/clients");
    let mut python = Command::new(tools().join("venv/bin/python"));
    python.arg(folder.join(script));
    python
}
