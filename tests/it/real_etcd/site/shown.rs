//! What the members show of themselves: certificates, IDs, and who they are.

use super::Site;
use std::collections::BTreeSet;
use std::process::Command;

impl Site {
    /// The serial number of the certificate that a member shows at a port.
    pub(in crate::real_etcd) fn shows(&self, last: u8, port: u16) -> String {
        shown(&format!("{}:{port}", self.address(last)), "-serial")
    }

    /// The second member answers to one who shows no certificate.
    pub(in crate::real_etcd) fn lets_anybody_in(&self) -> bool {
        let ask = format!("curl -sk --max-time 5 https://{}:2379/version", self.address(2));
        let output = Command::new("sh").args(["-c", &ask]).output().expect("a shell");
        assert!(output.status.code() != Some(127), "this test needs the command curl");
        output.stdout.starts_with(b"{\"etcdserver\"")
    }

    /// The issuer of the certificate that a member shows at a port.
    pub(in crate::real_etcd) fn issuer(&self, last: u8, port: u16) -> String {
        shown(&format!("{}:{port}", self.address(last)), "-issuer_hash")
    }

    /// The serial number of a certificate in a file of the package, or of the clients' machine beside it.
    pub(in crate::real_etcd) fn serial_of(&self, file: &str) -> String {
        openssl(&format!("openssl x509 -noout -serial -in {}", self.path(file).display()))
    }

    /// The ID of the cluster, as each member has it.
    pub(in crate::real_etcd) fn cluster_ids(&self) -> Vec<u64> {
        let (ok, said) = self.client_says("root", &["endpoint", "status", "-w", "json"]);
        assert!(ok, "{said}");
        let all: Vec<serde_json::Value> = serde_json::from_str(&said).expect("JSON");
        let id = |one: &serde_json::Value| one["Status"]["header"]["cluster_id"].as_u64();
        all.iter().map(|one| id(one).expect("an ID")).collect()
    }

    /// The members are those of the spec, each with a vote.
    pub(in crate::real_etcd) fn has_its_members(&self) {
        let (_, table) = self.client_says("root", &["member", "list"]);
        let listed: BTreeSet<(String, String)> = table
            .lines()
            .map(|line| line.split(", ").collect::<Vec<_>>())
            .map(|words| {
                assert_eq!((words[1], words[5]), ("started", "false"), "{table}");
                (words[2].to_owned(), words[3].to_owned())
            })
            .collect();
        let scheme = if self.control.cluster().tls.is_some() { "https" } else { "http" };
        let expected = self.spec.members.iter().map(|(name, last)| {
            ((*name).to_owned(), format!("{scheme}://{}:2380", self.address(*last)))
        });
        assert_eq!(listed, expected.collect(), "etcd {}", self.spec.release);
    }
}

/// What is in the certificate that a listener shows.
fn shown(address: &str, what: &str) -> String {
    openssl(&format!(
        "openssl s_client -connect {address} </dev/null 2>/dev/null | openssl x509 -noout {what}"
    ))
}

fn openssl(script: &str) -> String {
    let output = Command::new("sh").args(["-c", script]).output().expect("a shell");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "this test needs the command openssl: {said}");
    said.trim().trim_start_matches("serial=").to_lowercase()
}
