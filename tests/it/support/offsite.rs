//! Clusters whose CA has its key elsewhere.

use super::cluster::Cluster;
use super::programs::shell;
use super::snapshot::{difference, snapshot};
use std::fs;

/// A CA, and the folder `offsite` that holds its key.
pub(crate) const OFFSITE: &str = r#"
mkdir offsite && cd offsite
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout ca.key -out ca.crt -days 3650 \
    -subj "/O=Corp/CN=Corp CA" -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
cp ca.crt ../ca.crt
"#;

pub(crate) const CA: &str = "\n[[authority]]\nnumber = 1\ncertificate = \"ca.crt\"\n";

/// Signs every request as the warning says.
pub(crate) const SIGN: &str = "
cd out/pki/requests
for csr in *.csr; do
    openssl x509 -req -in $csr -copy_extensions copyall -days 365 \
        -CA ../../../offsite/ca.crt -CAkey ../../../offsite/ca.key -out ${csr%csr}crt
done
";

/// One request signed by other rules.
pub(crate) fn sign(cluster: &Cluster, name: &str, options: &str) {
    let script = format!(
        "cd out/pki/requests; openssl x509 -req -in {name}.csr -CA ../../../offsite/ca.crt \
         -CAkey ../../../offsite/ca.key -out {name}.crt {options}"
    );
    shell(&script, cluster.folder.path());
}

pub(crate) fn offsite(spec: &str) -> Cluster {
    let cluster = Cluster::new(format!("{spec}{CA}"));
    shell(OFFSITE, cluster.folder.path());
    cluster
}

/// One whose certificates have all been signed.
pub(crate) fn signed(spec: &str) -> Cluster {
    let cluster = offsite(spec);
    cluster.succeeds();
    shell(SIGN, cluster.folder.path());
    cluster.succeeds();
    cluster
}

pub(crate) fn requests(cluster: &Cluster) -> Vec<String> {
    let Ok(entries) = fs::read_dir(cluster.path("out/pki/requests")) else { return Vec::new() };
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
    let mut all: Vec<_> = entries.map(|e| name(e).into_string().unwrap()).collect();
    all.sort();
    all
}

pub(crate) fn read(cluster: &Cluster, path: &str) -> String {
    fs::read_to_string(cluster.path("out").join(path)).unwrap()
}

/// A build that must find everything as it should be.
pub(crate) fn writes_nothing(cluster: &Cluster) {
    let before = snapshot(&cluster.path("out"));
    cluster.succeeds();
    let changed = difference(&before, &snapshot(&cluster.path("out")));
    assert!(changed.is_empty(), "{changed:?}");
}
