//! `etcd.corefile`: the plugin `etcd` of `CoreDNS`.

use super::connection::{Files, urls};
use crate::artifact::header::header;
use crate::artifact::row::{ClientFile, Whom};
use crate::cluster::{Client, Cluster};
use std::fmt::Write as _;

pub(super) static ROW: ClientFile = ClientFile {
    file: "etcd.corefile",
    about: "CoreDNS's plugin `etcd`, for `import` in a block of its Corefile",
    whom: Whom::Programs(&["coredns"]),
    secures: false,
    leads: true,
    render: plugin,
};

/// Renders what `CoreDNS` reads in `etcdParse` of its `plugin/etcd/setup.go`, and in `NewTLSConfigFromArgs` of
/// `plugin/pkg/tls/tls.go`: certificate, key, CA.
fn plugin(cluster: &Cluster, client: &Client) -> String {
    let mut text = header(
        "in a block of the Corefile: import /etc/coredns/etcd.corefile\n\
         # CoreDNS answers for the names of that block with what lies below this path.",
    );
    let _ = writeln!(text, "etcd {{\n    path /skydns\n    endpoint {}", urls(cluster).join(" "));
    if let Some(Files { ca, certificate, key }) = Files::of(cluster, client) {
        let _ = writeln!(text, "    tls {} {} {}", quoted(&certificate), quoted(&key), quoted(&ca));
    }
    text + "}\n"
}

/// Returns a word of a Corefile in quotes, where a backslash stands for itself, but before a quote (coredns/caddy, `next` in
/// `caddyfile/lexer.go`). What cannot be written is refused by a build: `misreads` of the program.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backslash_stands_for_itself() {
        assert_eq!(quoted(r#"/a "b"\c #d"#), r#""/a \"b\"\c #d""#);
    }
}
