//! Flags of an API server that a client no longer gets.

use crate::diagnostic::Diagnostic;
use bouquet_model::cluster::{Client, Cluster};
use bouquet_outdir::OutPath;

/// Warns of clients that lose the flags of an API server: earlier releases took a client with `apiserver` in its name
/// for one. Said once: the file is gone with the build that says it.
pub(in crate::edge) fn flags(cluster: &Cluster, pruned: &[OutPath]) -> Vec<Diagnostic> {
    let lost = |client: &&Client| {
        let flags = format!("clients/{}/kube-apiserver.flags", client.name);
        client.program.is_none() && pruned.iter().any(|path| path.as_str() == flags)
    };
    let said = |Client { name, certs_dir, .. }: &Client| {
        Diagnostic::warning(format!(
            "client `{name}` gets no `kube-apiserver.flags` any more: a name does not tell what a client is"
        ))
        .help(format!(
            "write `for = \"kubernetes\"` and `certs-dir = \"{certs_dir}\"` in its section, and build again"
        ))
    };
    cluster.clients.iter().filter(lost).map(said).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: &str = "[cluster]\ntoken = 'berlin'\netcd = '3.5'\n[[member]]\nname = 'pink'\nip = '10.0.0.1'\n\
                        [[client]]\nname = 'my-apiserver'\n";

    fn said(spec: &str, pruned: &str) -> Vec<Diagnostic> {
        let (proven, _) = crate::prove(spec.as_bytes());
        let pruned = OutPath::parse(pruned).expect("a path");
        flags(&proven.expect("a cluster").cluster, &[pruned])
    }

    #[test]
    fn a_client_that_had_flags_by_its_name_is_told_how_to_have_them() {
        let gone = "clients/my-apiserver/kube-apiserver.flags";
        let all = said(SPEC, gone);
        let help = "write `for = \"kubernetes\"` and `certs-dir = \"/opt/etcd/certs/my-apiserver\"` in its section, and \
                    build again";
        assert_eq!((all.len(), &all[0].help), (1, &vec![help.to_owned()]));
        assert_eq!(said(&format!("{SPEC}for = 'kubeadm'\n"), gone), [], "its flags are elsewhere");
        assert_eq!(said(SPEC, "clients/my-apiserver/etcdctl.env"), []);
        assert_eq!(said(SPEC, "clients/other-apiserver/kube-apiserver.flags"), []);
    }
}
