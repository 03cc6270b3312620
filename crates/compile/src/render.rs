//! The cluster and its certificates become the complete content of `out/`.

use crate::output::Output;
use crate::pki::Pki;
use bouquet_model::artifact;
use bouquet_model::cluster::{Cluster, Format};

/// What `out/` is, for whoever opens it.
const README: &str = include_str!("out-readme.md");

/// Every file of `out/` but its manifest.
pub fn render(cluster: &Cluster, pki: Option<Pki>, constants: &str) -> Output {
    let mut output = Output::new();
    output.file("README.md", README);
    output.file("cluster.rs", constants);
    for member in cluster.members.iter() {
        for format in cluster.formats.iter() {
            let path = format!("members/{}/{}", member.name, format.file_name());
            let text = artifact::member(cluster, member, *format);
            match format {
                Format::Command => output.script(&path, text),
                Format::Env | Format::Yaml | Format::Systemd => output.file(&path, text),
            }
        }
    }
    for client in cluster.clients.iter() {
        let folder = format!("clients/{}", client.name);
        output.file(&format!("{folder}/etcdctl.env"), artifact::etcdctl_env(cluster, client));
        if artifact::needs_kube_apiserver_flags(client) {
            let text = artifact::kube_apiserver_flags(cluster, client);
            output.file(&format!("{folder}/kube-apiserver.flags"), text);
        }
    }
    if let Some(pki) = pki {
        certificates(cluster, pki, &mut output);
    }
    output
}
