//! Configurations as other tools write them, with the values of a cluster of three.

use super::Folder;

/// Returns the manifest of `kubeadm`, from 1.31 on, for one of its machines.
fn kubeadm(name: &str, ip: &str, list: &str) -> String {
    format!(
        "apiVersion: v1
kind: Pod
metadata:
  annotations:
    kubeadm.kubernetes.io/etcd.advertise-client-urls: https://{ip}:2379
  labels:
    component: etcd
    tier: control-plane
  name: etcd
  namespace: kube-system
spec:
  containers:
  - command:
    - etcd
    - --advertise-client-urls=https://{ip}:2379
    - --cert-file=/etc/kubernetes/pki/etcd/server.crt
    - --client-cert-auth=true
    - --data-dir=/var/lib/etcd
    - --experimental-initial-corrupt-check=true
    - --experimental-watch-progress-notify-interval=5s
    - --initial-advertise-peer-urls=https://{ip}:2380
    - --initial-cluster={list}
    - --key-file=/etc/kubernetes/pki/etcd/server.key
    - --listen-client-urls=https://127.0.0.1:2379,https://{ip}:2379
    - --listen-metrics-urls=http://127.0.0.1:2381
    - --listen-peer-urls=https://{ip}:2380
    - --name={name}
    - --peer-cert-file=/etc/kubernetes/pki/etcd/peer.crt
    - --peer-client-cert-auth=true
    - --peer-key-file=/etc/kubernetes/pki/etcd/peer.key
    - --peer-trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt
    - --snapshot-count=10000
    - --trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt
    image: registry.k8s.io/etcd:3.5.15-0
    imagePullPolicy: IfNotPresent
    livenessProbe:
      failureThreshold: 8
      httpGet:
        host: 127.0.0.1
        path: /health?exclude=NOSPACE&serializable=true
        port: 2381
        scheme: HTTP
    name: etcd
    resources:
      requests:
        cpu: 100m
        memory: 100Mi
    volumeMounts:
    - mountPath: /var/lib/etcd
      name: etcd-data
    - mountPath: /etc/kubernetes/pki/etcd
      name: etcd-certs
  hostNetwork: true
  priority: 2000001000
  priorityClassName: system-node-critical
  volumes:
  - hostPath:
      path: /etc/kubernetes/pki/etcd
      type: DirectoryOrCreate
    name: etcd-certs
  - hostPath:
      path: /var/lib/etcd
      type: DirectoryOrCreate
    name: etcd-data
status: {{}}
"
    )
}

#[test]
fn the_pods_of_kubeadm_are_said_as_a_whole() {
    let one = "cp1=https://10.0.0.1:2380";
    let two = "cp2=https://10.0.0.2:2380,cp1=https://10.0.0.1:2380";
    let three = "cp3=https://10.0.0.3:2380,cp2=https://10.0.0.2:2380,cp1=https://10.0.0.1:2380";
    let folder = Folder::default()
        .and("cp1/etcd.yaml", kubeadm("cp1", "10.0.0.1", one))
        .and("cp2/etcd.yaml", kubeadm("cp2", "10.0.0.2", two))
        .and("cp3/etcd.yaml", kubeadm("cp3", "10.0.0.3", three));
    insta::assert_snapshot!(folder.shown());
    assert!(folder.adopt().expect("a spec").told.is_whole());
}

#[test]
fn a_unit_of_kubeasz_is_read_and_what_cannot_be_said_is_listed() {
    let unit = "[Unit]
Description=Etcd Server
After=network.target

[Service]
Type=notify
WorkingDirectory=/var/lib/etcd/
ExecStart=/opt/kube/bin/etcd \\
  --name=etcd-10.0.0.1 \\
  --cert-file=/etc/kubernetes/ssl/etcd.pem \\
  --key-file=/etc/kubernetes/ssl/etcd-key.pem \\
  --peer-cert-file=/etc/kubernetes/ssl/etcd.pem \\
  --peer-key-file=/etc/kubernetes/ssl/etcd-key.pem \\
  --trusted-ca-file=/etc/kubernetes/ssl/ca.pem \\
  --peer-trusted-ca-file=/etc/kubernetes/ssl/ca.pem \\
  --initial-advertise-peer-urls=https://10.0.0.1:2380 \\
  --listen-peer-urls=https://10.0.0.1:2380 \\
  --listen-client-urls=https://10.0.0.1:2379,http://127.0.0.1:2379 \\
  --advertise-client-urls=https://10.0.0.1:2379 \\
  --initial-cluster-token=etcd-cluster-0 \\
  --initial-cluster=etcd-10.0.0.1=https://10.0.0.1:2380,etcd-10.0.0.2=https://10.0.0.2:2380,etcd-10.0.0.3=https://10.0.0.3:2380 \\
  --initial-cluster-state=new \\
  --data-dir=/var/lib/etcd \\
  --wal-dir= \\
  --snapshot-count=50000 \\
  --auto-compaction-retention=1 \\
  --auto-compaction-mode=periodic \\
  --max-request-bytes=10485760 \\
  --quota-backend-bytes=8589934592
Restart=always
RestartSec=15
LimitNOFILE=65536
OOMScoreAdjust=-999

[Install]
WantedBy=multi-user.target
";
    insta::assert_snapshot!(Folder::of("etcd.service", unit, "3.5.12").shown());
}

#[test]
fn an_environment_file_of_kubespray_is_read_through_its_unit() {
    let unit = "[Unit]\nDescription=etcd\nAfter=network.target\n\n[Service]\nType=notify\nUser=root\n\
                EnvironmentFile=/etc/etcd.env\nExecStart=/usr/local/bin/etcd\nNotifyAccess=all\nRestart=always\n\
                RestartSec=10s\nLimitNOFILE=40000\n\n[Install]\nWantedBy=multi-user.target\n";
    let env = "# Environment file for etcd 3.5.16
ETCD_DATA_DIR=/var/lib/etcd
ETCD_ADVERTISE_CLIENT_URLS=https://10.0.0.1:2379
ETCD_INITIAL_ADVERTISE_PEER_URLS=https://10.0.0.1:2380
ETCD_INITIAL_CLUSTER_STATE=existing
ETCD_METRICS=basic
ETCD_LISTEN_CLIENT_URLS=https://10.0.0.1:2379,https://127.0.0.1:2379
ETCD_ELECTION_TIMEOUT=5000
ETCD_HEARTBEAT_INTERVAL=250
ETCD_INITIAL_CLUSTER_TOKEN=k8s_etcd
ETCD_LISTEN_PEER_URLS=https://10.0.0.1:2380
ETCD_NAME=etcd1
ETCD_PROXY=off
ETCD_INITIAL_CLUSTER=etcd1=https://10.0.0.1:2380
ETCD_AUTO_COMPACTION_RETENTION=8
ETCD_SNAPSHOT_COUNT=10000

# TLS settings
ETCD_TRUSTED_CA_FILE=/etc/ssl/etcd/ssl/ca.pem
ETCD_CERT_FILE=/etc/ssl/etcd/ssl/member-node1.pem
ETCD_KEY_FILE=/etc/ssl/etcd/ssl/member-node1-key.pem
ETCD_CLIENT_CERT_AUTH=true

ETCD_PEER_TRUSTED_CA_FILE=/etc/ssl/etcd/ssl/ca.pem
ETCD_PEER_CERT_FILE=/etc/ssl/etcd/ssl/member-node1.pem
ETCD_PEER_KEY_FILE=/etc/ssl/etcd/ssl/member-node1-key.pem
ETCD_PEER_CLIENT_CERT_AUTH=True

ETCD_UNSUPPORTED_ARCH=arm64
";
    let folder = Folder::of("node1/etcd.service", unit, "3.5.16").with("node1/etcd.env", env);
    insta::assert_snapshot!(folder.shown());
}

#[test]
fn a_unit_of_githubixx_is_read() {
    let unit = "[Unit]\nDescription=etcd\n\n[Service]\nUser=etcd\nGroup=etcd\nExecStart=/usr/local/bin/etcd \\
  --name \"k8s-1\" \\
  --cert-file \"/etc/etcd/cert-etcd-server.pem\" \\
  --key-file \"/etc/etcd/cert-etcd-server-key.pem\" \\
  --trusted-ca-file \"/etc/etcd/ca-etcd.pem\" \\
  --peer-cert-file \"/etc/etcd/cert-etcd-peer.pem\" \\
  --peer-key-file \"/etc/etcd/cert-etcd-peer-key.pem\" \\
  --peer-trusted-ca-file \"/etc/etcd/ca-etcd.pem\" \\
  --advertise-client-urls \"https://10.8.0.101:2379\" \\
  --initial-advertise-peer-urls \"https://10.8.0.101:2380\" \\
  --listen-peer-urls \"https://10.8.0.101:2380\" \\
  --listen-client-urls \"https://10.8.0.101:2379,https://127.0.0.1:2379\" \\
  --peer-client-cert-auth \\
  --client-cert-auth \\
  --initial-cluster-token \"etcd-cluster-0\" \\
  --initial-cluster-state \"new\" \\
  --initial-cluster \"k8s-1=https://10.8.0.101:2380\" \\
  --data-dir \"/var/lib/etcd\" \\
  --wal-dir \"\" \\
  --auto-compaction-retention \"0\" \\
  --snapshot-count \"100000\" \\
  --quota-backend-bytes \"0\" \\
  --logger \"zap\" \\
  --log-outputs \"systemd/journal\" \\
  --enable-v2=\"true\" \\
  --discovery-srv \"\"
Restart=on-failure\nRestartSec=5\nType=notify\n\n[Install]\nWantedBy=multi-user.target\n";
    insta::assert_snapshot!(Folder::of("etcd.service", unit, "3.5.9").shown());
}

#[test]
fn a_file_of_debian_has_plain_http() {
    let text = "## etcd(1) daemon options\n# ETCD_WAL_DIR\nETCD_NAME=\"orange\"\n\
                ETCD_DATA_DIR=\"/var/lib/etcd/orange\"\n\
                ETCD_LISTEN_PEER_URLS=\"http://10.0.0.1:2380\"\n\
                ETCD_LISTEN_CLIENT_URLS=\"http://10.0.0.1:2379,http://localhost:2379\"\n\
                ETCD_INITIAL_ADVERTISE_PEER_URLS=\"http://10.0.0.1:2380\"\n\
                ETCD_ADVERTISE_CLIENT_URLS=\"http://10.0.0.1:2379\"\n\
                ETCD_INITIAL_CLUSTER=\"orange=http://10.0.0.1:2380,pink=http://10.0.0.2:2380\"\n\
                ETCD_INITIAL_CLUSTER_TOKEN=\"flowers\"\n";
    insta::assert_snapshot!(Folder::of("default", text, "3.5.16").shown());
}

#[test]
fn the_sample_of_etcds_configuration_file_is_read() {
    let text = "name: 'orange'
data-dir: /var/lib/etcd/data
wal-dir:
snapshot-count: 10000
heartbeat-interval: 100
election-timeout: 1000
quota-backend-bytes: 4294967296
listen-peer-urls: https://10.0.0.1:2380
listen-client-urls: https://10.0.0.1:2379,https://127.0.0.1:2379
max-snapshots: 5
max-wals: 5
cors:
initial-advertise-peer-urls: https://orange.zyxasr.io:2380
advertise-client-urls: https://orange.zyxasr.io:2379
discovery:
discovery-fallback: 'proxy'
initial-cluster: orange=https://orange.zyxasr.io:2380
initial-cluster-token: 'etcd-cluster'
initial-cluster-state: 'new'
strict-reconfig-check: false
enable-pprof: true
proxy: 'off'
proxy-failure-wait: 5000
client-transport-security:
  cert-file: /opt/etcd/certs/server.crt
  key-file: /opt/etcd/certs/server.key
  client-cert-auth: true
  trusted-ca-file: /opt/etcd/certs/ca.crt
  auto-tls: false
peer-transport-security:
  cert-file: /opt/etcd/certs/peer.crt
  key-file: /opt/etcd/certs/peer.key
  client-cert-auth: true
  trusted-ca-file: /opt/etcd/certs/ca.crt
  auto-tls: false
self-signed-cert-validity: 1
log-level: debug
logger: zap
log-outputs: [stderr]
force-new-cluster: false
auto-compaction-mode: periodic
auto-compaction-retention: \"1\"
grpc-keepalive-interval: 7200000000000
cipher-suites: [
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
]
tls-min-version: 'TLS1.2'
";
    insta::assert_snapshot!(Folder::of("etcd.conf.yml", text, "3.5.21").shown());
}
