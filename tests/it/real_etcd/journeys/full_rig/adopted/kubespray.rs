//! A cluster as Kubespray sets it up: its CA and certificates by openssl, an environment file and a unit, and in the folder of
//! certificates those of other programs too.

use super::super::super::journey::Journey;
use super::super::super::spec::{Member, THREE, address};
use super::super::NAMES;
use std::fs;

/// Where certificates are on a node.
pub(super) const CERTS: &str = "/etc/ssl/etcd/ssl";

/// What other programs have there.
pub(super) const OTHERS: &str = "admin-* node-*";

/// Makes the CA and a certificate for each member, and for an administrator and a program on each node (Kubespray's
/// `make-ssl-etcd.sh`).
const ISSUED: &str = r"
umask 077
mkdir pki
cd pki
openssl genrsa -out ca-key.pem 2048
openssl req -x509 -new -nodes -key ca-key.pem -days 36500 -out ca.pem -subj /CN=etcd-ca
cat >openssl.conf <<'END'
[ssl_client]
extendedKeyUsage = clientAuth, serverAuth
basicConstraints = CA:FALSE
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid,issuer
subjectAltName = DNS:localhost,DNS:orange,DNS:pink,DNS:daffodil,DNS:lb-apiserver.kubernetes.local,DNS:etcd.kube-system.svc.cluster.local,DNS:etcd.kube-system.svc,DNS:etcd.kube-system,DNS:etcd,IP:192.168.65.101,IP:192.168.65.102,IP:192.168.65.103,IP:127.0.0.1
END
for node in orange pink daffodil; do
    for kind in member admin node; do
        it=$kind-$node
        openssl genrsa -out $it-key.pem 2048
        openssl req -new -key $it-key.pem -out $it.csr -subj /CN=etcd-$it
        openssl x509 -req -in $it.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -out $it.pem \
            -days 36500 -extensions ssl_client -extfile openssl.conf
        rm $it.csr
    done
done
mkdir ../admin
cp ca.pem ../admin/ca.crt
cp admin-orange.pem ../admin/client.crt
cp admin-orange-key.pem ../admin/client.key
";

/// What Kubespray writes to `/etc/etcd.env`.
fn environment(member: Member) -> String {
    let (name, ip) = (member.0, address(member));
    let list = THREE.map(|it| format!("{}=https://{}:2380", it.0, address(it))).join(",");
    format!(
        "# Environment file for etcd
ETCD_DATA_DIR=/var/lib/etcd
ETCD_ADVERTISE_CLIENT_URLS=https://{ip}:2379
ETCD_INITIAL_ADVERTISE_PEER_URLS=https://{ip}:2380
ETCD_INITIAL_CLUSTER_STATE=new
ETCD_METRICS=basic
ETCD_LISTEN_CLIENT_URLS=https://{ip}:2379,https://127.0.0.1:2379
ETCD_ELECTION_TIMEOUT=5000
ETCD_HEARTBEAT_INTERVAL=250
ETCD_INITIAL_CLUSTER_TOKEN=k8s_etcd
ETCD_LISTEN_PEER_URLS=https://{ip}:2380
ETCD_NAME={name}
ETCD_INITIAL_CLUSTER={list}
ETCD_AUTO_COMPACTION_RETENTION=8
ETCD_SNAPSHOT_COUNT=10000

# TLS settings
ETCD_TRUSTED_CA_FILE={CERTS}/ca.pem
ETCD_CERT_FILE={CERTS}/member-{name}.pem
ETCD_KEY_FILE={CERTS}/member-{name}-key.pem
ETCD_CLIENT_CERT_AUTH=true

ETCD_PEER_TRUSTED_CA_FILE={CERTS}/ca.pem
ETCD_PEER_CERT_FILE={CERTS}/member-{name}.pem
ETCD_PEER_KEY_FILE={CERTS}/member-{name}-key.pem
ETCD_PEER_CLIENT_CERT_AUTH=True

# CLI settings
ETCDCTL_ENDPOINTS=https://127.0.0.1:2379
ETCDCTL_CACERT={CERTS}/ca.pem
ETCDCTL_KEY={CERTS}/admin-{name}-key.pem
ETCDCTL_CERT={CERTS}/admin-{name}.pem
"
    )
}

const UNIT: &str = "\
[Unit]
Description=etcd
After=network.target

[Service]
Type=notify
User=root
EnvironmentFile=/etc/etcd.env
ExecStart=/usr/local/bin/etcd
NotifyAccess=all
Restart=always
RestartSec=10s
LimitNOFILE=40000

[Install]
WantedBy=multi-user.target
";

/// Has it run on machines that have nothing but an etcd.
pub(super) fn runs(journey: &mut Journey) {
    journey.typed(ISSUED);
    for member in THREE {
        let name = member.0;
        journey.machine(name).sh(&format!("mkdir -p -m 700 {CERTS}"));
        journey.copies("pki/ca.pem", name, CERTS);
        for kind in ["member", "admin", "node"] {
            for end in ["", "-key"] {
                journey.copies(&format!("pki/{kind}-{name}{end}.pem"), name, CERTS);
            }
        }
        let machine = journey.machine(name);
        fs::write(machine.path("/etc/etcd.env"), environment(member)).expect("a file");
        fs::write(machine.path("/etc/systemd/system/etcd.service"), UNIT).expect("a file");
        machine.sh(
            "systemctl daemon-reload; systemctl enable -q etcd; systemctl start --no-block etcd",
        );
    }
    for name in NAMES {
        journey.machine(name).wait_for("systemctl is-active etcd");
    }
}
