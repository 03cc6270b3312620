//! The job that every tool is given.

use std::fmt::{self, Write};

/// A cluster of three members and some clients, and the certificates it takes.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) certs: Vec<Cert>,
    pub(super) clients: u32,
}

/// One certificate to issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cert {
    /// Names its files.
    pub(super) file: String,
    pub(super) common_name: String,
    pub(super) dns: Vec<String>,
    pub(super) ips: Vec<String>,
    /// serverAuth besides clientAuth.
    pub(super) server: bool,
}

const MEMBERS: [(&str, &str); 3] =
    [("orange", "192.168.65.101"), ("pink", "192.168.65.102"), ("daffodil", "192.168.65.103")];

impl Job {
    /// Makes the job that this project does by default: a server and a peer certificate for each
    /// member, which carry its addresses and loopback's, and one for each client, which carry no
    /// address.
    pub(super) fn new(clients: u32) -> Self {
        let members = MEMBERS.iter().flat_map(|&(name, ip)| {
            ["server", "peer"].map(|kind| Cert {
                file: format!("{name}-{kind}"),
                common_name: name.to_owned(),
                dns: vec![hostname(name), "localhost".to_owned()],
                ips: vec![ip.to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()],
                server: true,
            })
        });
        let certs = members
            .chain((1..=clients).map(|n| Cert {
                file: client(n),
                common_name: client(n),
                dns: Vec::new(),
                ips: Vec::new(),
                server: false,
            }))
            .collect();
        Self { certs, clients }
    }

    /// Writes the same job as a `cluster.toml` of this project.
    pub(super) fn cluster_toml(&self) -> String {
        let mut text = String::from(
            "[cluster]\ntoken = \"etcd-cluster-1\"\netcd = \"3.5\"\n\n\
             [etcd]\ndata-dir = \"/data/etcd\"\n\n\
             [tls]\nkey = \"ecdsa-p256\"\n",
        );
        for (name, ip) in MEMBERS {
            let hostname = hostname(name);
            let _ = write!(
                text,
                "\n[[member]]\nname = \"{name}\"\nip = \"{ip}\"\nhostname = \"{hostname}\"\n"
            );
        }
        for n in 1..=self.clients {
            let _ = write!(text, "\n[[client]]\nname = \"{}\"\n", client(n));
        }
        text
    }
}

impl fmt::Display for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { certs, clients } = self;
        write!(
            f,
            "{} members, {clients} clients: a CA and {} certificates",
            MEMBERS.len(),
            certs.len()
        )
    }
}

fn hostname(member: &str) -> String {
    format!("{member}.zyxasr.io")
}

fn client(n: u32) -> String {
    format!("client-{n:05}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_have_two_certificates_and_clients_one() {
        let job = Job::new(2);
        let files: Vec<_> = job.certs.iter().map(|cert| cert.file.as_str()).collect();
        assert_eq!(files.len(), 8);
        assert_eq!(files[..2], ["orange-server", "orange-peer"]);
        assert_eq!(files[6..], ["client-00001", "client-00002"]);
        assert_eq!(job.to_string(), "3 members, 2 clients: a CA and 8 certificates");
    }

    #[test]
    fn the_spec_names_the_same_members_and_clients() {
        let text = Job::new(2).cluster_toml();
        assert_eq!(text.matches("[[member]]").count(), 3);
        assert_eq!(text.matches("[[client]]").count(), 2);
        assert!(text.ends_with("name = \"client-00002\"\n"));
    }
}
