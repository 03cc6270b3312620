//! `apisix.yaml`: where APISIX finds etcd.

use super::connection::{Files, urls};
use crate::artifact::header::header;
use crate::artifact::row::{ClientFile, Whom};
use crate::artifact::yaml::Yaml;
use crate::cluster::{Client, Cluster};
use crate::url::Host;

pub(super) static ROW: ClientFile = ClientFile {
    file: "apisix.yaml",
    about: "the parts of APISIX's `config.yaml` that name etcd",
    whom: Whom::Programs(&["apisix"]),
    secures: false,
    leads: true,
    render: parts,
};

/// Renders APISIX's `conf/config.yaml.example`.
///
/// `OpenResty` looks for the name that it sends (`sni`) in the server's certificate, and sends `localhost` where the
/// endpoint is an address and no name is given: every member's certificate has it.
fn parts(cluster: &Cluster, client: &Client) -> String {
    let head = header(
        "parts of APISIX's conf/config.yaml\n\
         # The account of its workers reads these files. Where authentication is on, add `user` and `password` to `etcd`.\n\
         # `ssl_trusted_certificate` counts for all that APISIX connects to: where it needs other CAs, name a file of your\n\
         # own that has those and what is in ca.crt.",
    );
    let mut yaml = Yaml::below(head);
    let files = Files::of(cluster, client);
    if let Some(files) = &files {
        yaml = yaml.block("apisix").block("ssl").text("ssl_trusted_certificate", &files.ca).top();
    }
    yaml = yaml
        .block("deployment")
        .word("role", "traditional")
        .word("role_traditional", "{ config_provider: etcd }")
        .block("etcd")
        .list("host", &urls(cluster))
        .text("prefix", "/apisix")
        .word("timeout", "30");
    if let Some(files) = &files {
        yaml = yaml
            .block("tls")
            .text("cert", &files.certificate)
            .text("key", &files.key)
            .word("verify", "true");
        if cluster.endpoints().iter().any(|url| matches!(url.host, Host::Ip(_))) {
            yaml = yaml.text("sni", "localhost");
        }
    }
    yaml.end()
}
