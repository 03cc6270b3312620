//! kubeadm, which makes the manifest of an API server, and asks etcd for its version before.

use super::{MEMBERS, client, program};
use crate::support::build::Output;
use crate::support::live::Live;
use crate::support::place::Block;
use crate::support::releases::releases;
use crate::support::run::{Said, run};
use crate::support::side_by_side::with_each;
use serde_json::Value;

/// Certificates in a folder that kubeadm mounts anyway, in one of their own, and in one whose name only begins like
/// one that is mounted.
const CLIENTS: &str = r#"
[[client]]
name = "below"
for = "kubeadm"

[[client]]
name = "elsewhere"
for = "kubeadm"
certs-dir = "/srv/é b"

[[client]]
name = "beside"
for = "kubeadm"
certs-dir = "/etc/kubernetes/pki-etcd"

[[client]]
name = "flags"
for = "kubernetes"
"#;

/// What an operator has besides: a version, so that kubeadm looks for none on the net, and a node that is not this one.
const MORE: &str = "
kubernetesVersion: VERSION
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
localAPIEndpoint: { advertiseAddress: 192.0.2.1 }
nodeRegistration: { name: one, criSocket: \"unix:///run/none.sock\", imagePullPolicy: Never }
";

#[test]
fn the_api_server_gets_the_flags_and_the_folder() {
    let block = Block::claim();
    let release = releases().pop().expect("a release");
    let output = Output::of(&block.relocate(&format!("{MEMBERS}{CLIENTS}"), &release));
    let live = Live::start(&output, &release, "command");
    let kubeadm = |name| Kubeadm { live: &live, output: &output, name };

    let below = kubeadm("below").manifest();
    assert!(below.mounts("/etc/kubernetes/pki/etcd"));
    for flag in output.read("clients/flags/kube-apiserver.flags").lines() {
        assert!(below.flags().contains(&flag), "{flag}: {:?}", below.flags());
    }
    assert_eq!(output.read("clients/flags/kube-apiserver.flags").lines().count(), 4);
    assert!(kubeadm("elsewhere").manifest().mounts("/srv/é b"));
    // What the page on clients warns of.
    assert!(!kubeadm("beside").manifest().mounts("/etc/kubernetes/pki-etcd"));
}

/// Releases of etcd that this kubeadm does not take.
const TOO_OLD: [&str; 2] = ["3.4.23", "3.5.1"];

#[test]
fn etcd_is_asked_for_its_version_by_the_certificate() {
    with_each(&releases(), |release| {
        let block = Block::claim();
        let output = Output::of(&block.relocate(&format!("{MEMBERS}{CLIENTS}"), release));
        let live = Live::start(&output, release, "command");
        let kubeadm = Kubeadm { live: &live, output: &output, name: "elsewhere" };
        let said = kubeadm.preflight("true");
        assert!(said.contains("[preflight]"), "{said}");
        let is_too_old = said.contains("only supports external etcd version >= 3.5.24-0");
        assert_eq!(is_too_old, TOO_OLD.contains(&release.as_str()), "{said}");
        assert_eq!(said.contains("ExternalEtcd"), is_too_old, "etcd {release}: {said}");
        // A certificate that is no CA's.
        let said = kubeadm.preflight("cp '/srv/é b/client.crt' '/srv/é b/ca.crt'");
        assert!(said.contains("[WARNING ExternalEtcdVersion]"), "etcd {release}: {said}");
    });
}

/// kubeadm on the machine of a client.
struct Kubeadm<'a> {
    live: &'a Live<'a>,
    output: &'a Output,
    name: &'a str,
}

impl Kubeadm<'_> {
    /// The manifest of the API server that it makes of the file, which it finds nothing wrong with.
    fn manifest(&self) -> Manifest {
        let said = self.run(
            "kubeadm config validate --config all.yaml
            kubeadm init phase control-plane apiserver --config all.yaml >&2
            exec cat /etc/kubernetes/manifests/kube-apiserver.yaml",
        );
        let manifest = said.stdout.strip_prefix("ok\n").expect(&said.stderr);
        Manifest(serde_saphyr::from_str(manifest).expect("YAML"))
    }

    /// What its checks say after a change of the machine. There is no Kubernetes to be: all that is wrong is a warning.
    fn preflight(&self, change: &str) -> String {
        let said = self.run(&format!(
            "{change}
            exec timeout 120 kubeadm init phase preflight --config all.yaml --ignore-preflight-errors all 2>&1"
        ));
        said.stdout
    }

    fn run(&self, script: &str) -> Said {
        let client = client(&self.output.cluster, self.name);
        let machine = self.live.machine_of(client, &program("kubeadm"));
        let script = format!(
            "cd /root
            {{ cat '{}/kubeadm.yaml'; cat <<'END'\n{MORE}END\n}} >all.yaml
            sed -i \"s/VERSION/$(kubeadm version --output short)/\" all.yaml
            {script}",
            client.certs_dir
        );
        run(&mut machine.sh(&script))
    }
}

/// A pod that is started by its file.
struct Manifest(Value);

impl Manifest {
    fn flags(&self) -> Vec<&str> {
        let command = self.0["spec"]["containers"][0]["command"].as_array().expect("a command");
        command.iter().map(|word| word.as_str().expect("a word")).collect()
    }

    /// Tells whether a folder of the machine is seen by the pod at the same place, by itself or with one over it.
    fn mounts(&self, folder: &str) -> bool {
        let spec = &self.0["spec"];
        let volumes = spec["volumes"].as_array().expect("volumes");
        let mounts = spec["containers"][0]["volumeMounts"].as_array().expect("mounts");
        volumes.iter().any(|volume| {
            let path = volume["hostPath"]["path"].as_str().expect("a path");
            let is_over = folder == path || folder.starts_with(&format!("{path}/"));
            let is_mounted = mounts
                .iter()
                .any(|mount| mount["name"] == volume["name"] && mount["mountPath"] == path);
            is_over && is_mounted
        })
    }
}
