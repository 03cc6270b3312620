//! `cluster.toml` of a new package.

use super::manifest::quoted;
use super::member::{Member, ROOT};
use bouquet_model::name::{ClientName, HostName, MemberName};
use bouquet_model::version::EtcdVersion;
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr};

/// The schema is there after the first build.
const HEAD: &str = "\
#:schema ./out/cluster.schema.json
# One TLS etcd cluster. `cargo run` proves it, issues its certificates, writes out/ and shows it.
# Bouquet's docs/spec.md has every key; an editor completes them by the first line, once it was built.
";

const OPTIONS: &str = r#"
[etcd] # any option of etcd, by its own name
data-dir = "/data/etcd"
auto-compaction-mode = "periodic"
auto-compaction-retention = "10h"

[tls]
certs-dir = "/opt/etcd/certs"

# Easy before the first start, and more work later: certificates that can be revoked, and a CA that
# vouches for no other domains than those of the members.
# [ca]
# crl = true
# name-constraints = "dns"
"#;

const EXAMPLE: &str = "
# An example: put your own machines here. Others reach a member at `ip`; `hostname` may be left out.
# Three members go on when one fails, five when two do.
";

const MEMBERS: &str = "
# Others reach a member at `ip`; its certificates hold `hostname` as well, if there is one.
";

const USED: &str = " # what etcdctl and the program itself use";

const MORE: &str = r#"
# Anyone else who connects; docs/clients.md has what `for` knows.
# [[client]]
# name = "kube-apiserver"
# for = "kubernetes"
"#;

/// Returns the text of a cluster's `cluster.toml`. Without members, it has an example of three.
pub(super) fn spec(
    token: &str,
    etcd: EtcdVersion,
    members: &[Member],
    clients: &[ClientName],
) -> String {
    let mut text = format!(
        "{HEAD}\n[cluster]\n\
         # Tells this cluster from every other one of yours, and stays for good once the cluster runs.\n\
         token = {}\n\
         # What the nodes run, as `etcd --version` has it there.\n\
         etcd = \"{etcd}\"\n{OPTIONS}",
        quoted(token),
    );
    if members.is_empty() {
        text.push_str(EXAMPLE);
        text.push_str(example().map(|member| table(&member)).join("\n").as_str());
    } else {
        text.push_str(MEMBERS);
        text.push_str(members.iter().map(table).collect::<Vec<_>>().join("\n").as_str());
    }
    let _ = write!(text, "\n[[client]]\nname = \"{ROOT}\"{USED}\n");
    for client in clients {
        let _ = write!(text, "\n[[client]]\nname = \"{client}\"\n");
    }
    text + MORE
}

fn table(Member { name, ip, hostname }: &Member) -> String {
    let mut text = format!("[[member]]\nname = \"{name}\"\nip = \"{ip}\"\n");
    if let Some(hostname) = hostname {
        let _ = writeln!(text, "hostname = \"{hostname}\"");
    }
    text
}

/// Returns members at addresses that no machine has (RFC 5737).
fn example() -> [Member; 3] {
    let of = |name, number, hostname| Member {
        name: MemberName::from_static(name),
        ip: IpAddr::V4(Ipv4Addr::new(192, 0, 2, number)),
        hostname: Some(HostName::from_static(hostname)),
    };
    [
        of("daffodil", 13, "daffodil.example.org"),
        of("pink", 12, "pink.example.org"),
        of("orange", 11, "orange.example.org"),
    ]
}
