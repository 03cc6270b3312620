//! Options that name paths and addresses, in a trial.

use super::program::Place;
use crate::support::releases::releases;

/// All that is elsewhere in a trial, at once.
pub(super) fn spec(version: &str) -> String {
    format!(
        r#"
[cluster]
token = "everything"
etcd = "{version}"

[etcd]
data-dir = "/data/etcd"
wal-dir = "/wal/etcd/log"
cors = ["https://ui.zyxasr.io:443"]
auth-token = "jwt,sign-method=ES256,priv-key=/etc/etcd/jwt.key,pub-key=/etc/etcd/jwt.pub,ttl=5m"
logger = "zap"
log-outputs = ["stderr", "/var/log/etcd/etcd.log"]
peer-cert-allowed-hostname = ["one.zyxasr.io"]

[tls]
certs-dir = "/opt/etcd/certs"
key = "ecdsa-p384"

[ca]
issue = 2
trust = [1, 2]
peer-issue = 3
crl = true

[[member]]
name = "one"
ip = "192.168.65.101"
hostname = "one.zyxasr.io"
advertise = "hostname"
etcd = {{ listen-metrics-urls = ["http://192.168.65.101:2381", "https://127.0.0.1:2382"] }}

[[client]]
name = "root"
"#
    )
}

/// Serves metrics, has its log in a file, too, lets users log in, and keeps its log where the spec has it apart.
#[test]
fn options_that_name_paths_and_addresses_do_here_what_they_do_elsewhere() {
    let place = Place::of(&spec(&releases()[0]));
    let script = r#"
set -eu
folder=${ETCDCTL_CACERT%/clients/*}
test -d "$folder/members/one/wal"
test -d "$folder/members/one/data/member/snap"
grep -q 'ready to serve' "$folder/members/one/0.log"
grep -c BEGIN "$ETCDCTL_CACERT"
grep -c BEGIN "$folder/members/one/certs/peer-ca.crt"
etcdctl user add root:pw
etcdctl user grant-role root root
etcdctl auth enable
etcdctl --user root:pw put a b
words=$(tr '\0' '\n' <"/proc/$(pgrep -f "data-dir=$folder/members/one/data")/cmdline")
http=$(echo "$words" | sed -n 's/^--listen-metrics-urls=\(http:[^,]*\),.*/\1/p')
curl -fsS --noproxy '*' "$http/metrics" | grep -c '^etcd_server_has_leader 1'
"#;
    let (said, code) = place.tried(&["--", "sh", "-c", script]);
    assert_eq!(code, Some(0), "{}{}", said.stdout, said.stderr);
    assert_eq!(
        said.stdout.lines().map(str::trim).collect::<Vec<_>>(),
        [
            "2",
            "1",
            "User root created",
            "Role root is granted to user root",
            "Authentication Enabled",
            "OK",
            "1"
        ],
        "{}",
        said.stderr
    );
}

#[test]
fn where_no_key_of_that_kind_can_be_made_tokens_are_signed_otherwise_and_it_is_said() {
    let rsa = spec(&releases()[0]).replace("ES256", "RS256");
    let script = "etcdctl user add root:pw && etcdctl user grant-role root root && \
                  etcdctl auth enable && etcdctl --user root:pw put a b";
    let (said, code) = Place::of(&rsa).tried(&["--", "sh", "-c", script]);
    assert_eq!(code, Some(0), "{}{}", said.stdout, said.stderr);
    assert!(said.stderr.contains("this program makes no key for RS256"), "{}", said.stderr);
}

/// A listener for HTTP alone on a socket, which has to be short wherever temporary files are.
#[test]
fn a_socket_is_made_in_the_folder_of_the_trial() {
    let spec = spec(&releases()[0])
        .replace("crl = true\n", "")
        .replace("[tls]", "listen-client-http-urls = [\"unixs:///run/etcd/http.sock\"]\n\n[tls]");
    let script = "folder=${ETCDCTL_CACERT%/clients/*}; test -S $folder/1.sock && \
                  curl -fsS --unix-socket $folder/1.sock --cacert $ETCDCTL_CACERT --cert $ETCDCTL_CERT \
                  --key $ETCDCTL_KEY https://localhost/health";
    let (said, code) = Place::of(&spec).tried(&["--", "sh", "-c", script]);
    assert_eq!(code, Some(0), "{}{}", said.stdout, said.stderr);
    assert!(said.stdout.contains(r#""health":"true""#), "{}", said.stdout);
}
