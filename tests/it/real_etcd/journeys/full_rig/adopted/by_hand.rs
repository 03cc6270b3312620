//! A cluster as someone sets it up by hand: a configuration file, a unit and an account with names of their own, data elsewhere, and
//! a CA whose key nobody has here. In the folder of certificates another program has files, too.

use super::super::super::journey::Journey;
use super::super::super::spec::{Member, THREE, address};
use super::super::NAMES;
use std::fs;

/// Where certificates are on a node.
pub(super) const CERTS: &str = "/etc/etcd/pki";

/// The unit, which is not called as that of a build.
pub(super) const UNIT: &str = "etcd-member.service";

/// Makes the CA, whose key stays in `elsewhere`, and what members and an administrator have.
const ISSUED: &str = r#"
umask 077
mkdir elsewhere admin
key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out $1; }
key elsewhere/ca-key.pem
openssl req -x509 -new -key elsewhere/ca-key.pem -days 3650 -out elsewhere/ca.pem -subj '/O=Flowers/CN=Flowers etcd CA' \
    -addext keyUsage=critical,keyCertSign,cRLSign
issue() {
    key $1-key.pem
    printf '%s\n' '[it]' 'extendedKeyUsage = serverAuth, clientAuth' 'keyUsage = critical, digitalSignature' "$3" >it.conf
    openssl req -new -key $1-key.pem -subj "/O=Flowers/CN=$2" -out it.csr
    openssl x509 -req -in it.csr -CA elsewhere/ca.pem -CAkey elsewhere/ca-key.pem -CAcreateserial -days 365 \
        -extensions it -extfile it.conf -out $1.pem
    rm it.csr it.conf
}
for node in orange=101 pink=102 daffodil=103; do
    name=${node%=*}
    mkdir -p made/$name
    sans="subjectAltName = DNS:$name.flowers.example, DNS:localhost, IP:192.168.65.${node#*=}, IP:127.0.0.1"
    cp elsewhere/ca.pem made/$name
    issue made/$name/server $name "$sans"
    issue made/$name/peer $name "$sans"
    issue made/$name/backup backup ''
done
issue admin/client admin ''
cp elsewhere/ca.pem admin/ca.crt
mv admin/client.pem admin/client.crt
mv admin/client-key.pem admin/client.key
"#;

/// Signs what a build has asked for, where the key is.
pub(super) const SIGNED: &str = "\
for request in out/pki/requests/*.csr; do
    openssl x509 -req -in $request -CA elsewhere/ca.pem -CAkey elsewhere/ca-key.pem -days 365 \\
        -copy_extensions copyall -out ${request%.csr}.crt
done
";

const SERVICE: &str = "\
[Unit]
Description=etcd, by hand

[Service]
Type=notify
User=etcd-data
Group=etcd-data
ExecStart=/usr/local/bin/etcd --config-file /etc/etcd/etcd.conf.yml
Restart=on-failure

[Install]
WantedBy=multi-user.target
";

/// What `/etc/etcd/etcd.conf.yml` says.
fn configuration(member: Member) -> String {
    let (name, ip) = (member.0, address(member));
    let list = THREE.map(|it| format!("{}=https://{}:2380", it.0, address(it))).join(",");
    let tls = |file: &str| {
        format!(
            "  cert-file: {CERTS}/{file}.pem\n  key-file: {CERTS}/{file}-key.pem\n  client-cert-auth: true\n  \
             trusted-ca-file: {CERTS}/ca.pem\n"
        )
    };
    format!(
        "name: {name}\ndata-dir: /srv/etcd/data\nquota-backend-bytes: 4294967296\n\
         listen-peer-urls: https://{ip}:2380\nlisten-client-urls: https://{ip}:2379,https://127.0.0.1:2379\n\
         initial-advertise-peer-urls: https://{ip}:2380\nadvertise-client-urls: https://{ip}:2379\n\
         initial-cluster: {list}\ninitial-cluster-token: flowers\ninitial-cluster-state: new\n\
         client-transport-security:\n{}peer-transport-security:\n{}",
        tls("server"),
        tls("peer")
    )
}

/// Has it run on machines that have nothing but an etcd.
pub(super) fn runs(journey: &mut Journey) {
    journey.typed(ISSUED);
    for member in THREE {
        let name = member.0;
        journey.machine(name).sh("mkdir -p /etc/etcd /srv/etcd");
        journey.copies(&format!("made/{name}"), name, CERTS);
        let machine = journey.machine(name);
        fs::write(machine.path("/etc/etcd/etcd.conf.yml"), configuration(member)).expect("a file");
        fs::write(machine.path(&format!("/etc/systemd/system/{UNIT}")), SERVICE).expect("a file");
        machine.sh(&format!(
            "useradd --system --user-group --home-dir /nonexistent --shell /usr/sbin/nologin etcd-data
             useradd --system --user-group --home-dir /nonexistent --shell /usr/sbin/nologin backup-etcd
             install -d -o etcd-data -g etcd-data -m 0700 /srv/etcd/data
             chown -R etcd-data: {CERTS}; chmod 0711 {CERTS}; chmod 0644 {CERTS}/ca.pem
             chown backup-etcd: {CERTS}/backup*
             systemctl daemon-reload; systemctl enable -q {UNIT}; systemctl start --no-block {UNIT}"
        ));
    }
    for name in NAMES {
        journey.machine(name).wait_for(&format!("systemctl is-active {UNIT}"));
    }
}

/// The other program, which has an account of its own, reads what it needs.
pub(super) fn another_program_goes_on(journey: &mut Journey) {
    for name in NAMES {
        let reads = format!("cd {CERTS} && cat ca.pem backup.pem backup-key.pem");
        journey.machine(name).sh(&format!(
            "setpriv --reuid=backup-etcd --regid=backup-etcd --clear-groups sh -c '{reads}'"
        ));
    }
}
