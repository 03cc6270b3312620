//! `etcd.yaml`: a member as a static Pod, which a kubelet runs, laid out as kubeadm lays out its own
//! (kubernetes, `GetEtcdPodSpec` in `cmd/kubeadm/app/phases/etcd/local.go`).
//!
//! Two things are otherwise. kubeadm has the kubelet make the folder of the data where there is none; here it has to be
//! there, so that etcd does not begin with nothing beside a disk that is not mounted. And kubeadm has a member count as
//! started once there is a quorum, and be started again after four minutes without one; those that found a cluster wait for
//! one another, and where a quorum is lost, a restart brings none back.

use super::command::flags;
use super::container::{Mount, mounts};
use crate::artifact::header::member_header;
use crate::artifact::row::Format;
use crate::artifact::yaml::Yaml;
use crate::cluster::{Cluster, Member};
use crate::listener::{Listener, Socket};
use crate::option::Value;
use crate::places::{Usage, WORKING_FOLDER};
use crate::url::{Host, Scheme, Url, joined};
use crate::version::{EtcdVersion, Minor};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub(super) static ROW: Format = Format {
    name: "static-pod",
    file: "etcd.yaml",
    executable: false,
    by_default: false,
    names_release: true,
    about: "the same options in a static Pod, for a kubelet",
    start: "a kubelet runs it from `/etc/kubernetes/manifests/`: [as a static Pod](#as-a-static-pod)",
    carries: |_, _| true,
    render: manifest,
};

/// Returns the whole manifest. `$` stands twice, because the kubelet takes `$(NAME)` for a variable, and two of them
/// for one.
fn manifest(cluster: &Cluster, member: &Member) -> String {
    let volumes = volumes(cluster, member);
    let command = flags(cluster, member).into_iter().map(|flag| flag.replace('$', "$$"));
    let command: Vec<String> = std::iter::once("etcd".to_owned()).chain(command).collect();
    let probed = probed(member);
    let mut head = member_header(member, "a static Pod, for /etc/kubernetes/manifests");
    if probed.is_none() {
        head.push_str(NOT_PROBED);
    }
    let urls: Vec<&Url> = member.advertise_client_urls.iter().collect();
    let pod = Yaml::below(head)
        .text("apiVersion", "v1")
        .text("kind", "Pod")
        .block("metadata")
        .text("name", "etcd")
        .text("namespace", "kube-system")
        .block("labels")
        .text("component", "etcd")
        .text("tier", "control-plane")
        .out()
        .block("annotations")
        .text("kubeadm.kubernetes.io/etcd.advertise-client-urls", &joined(&urls))
        .top()
        .block("spec")
        .word("hostNetwork", "true")
        .text("priorityClassName", "system-node-critical")
        .word("priority", "2000001000")
        .block("securityContext")
        .block("seccompProfile")
        .text("type", "RuntimeDefault")
        .out()
        .out()
        .block("containers")
        .item()
        .text("name", "etcd")
        .text("image", &image(cluster.version))
        .text("imagePullPolicy", "IfNotPresent")
        .list("command", &command);
    // etcd makes its folder there, as under the unit.
    let is_given = member.option("data-dir").is_some();
    let pod = if is_given { pod } else { pod.text("workingDir", WORKING_FOLDER) };
    let pod = pod
        .block("resources")
        .block("requests")
        .text("cpu", "100m")
        .text("memory", "100Mi")
        .out()
        .out();
    let pod = with_probes(pod, cluster.version, probed);
    let pod = volumes.iter().fold(pod.block("volumeMounts"), |pod, volume| {
        let Volume { name, mount } = volume;
        let pod = pod.item().text("name", name).text("mountPath", mount.path.as_str());
        pod.word("readOnly", if mount.is_written { "false" } else { "true" }).out()
    });
    let pod = volumes.iter().fold(pod.out().out().out().block("volumes"), |pod, volume| {
        let pod = pod.item().text("name", &volume.name).block("hostPath");
        pod.text("path", volume.mount.path.as_str()).text("type", kind(&volume.mount)).out().out()
    });
    pod.end()
}

/// What the head says where the kubelet has no way to ask.
const NOT_PROBED: &str = "\
# It has no probes: the kubelet has no certificate for etcd. With `listen-metrics-urls = [\"http://127.0.0.1:2381\"]` in
# cluster.toml it asks there whether etcd is alive and ready.
";

/// Returns the image of kubeadm's own registry, which has those releases that Kubernetes comes with.
fn image(version: EtcdVersion) -> String {
    format!("registry.k8s.io/etcd:{}.{}-0", version.minor(), version.floor())
}

/// A folder of the node that the container has at the same path, or a file.
struct Volume {
    name: String,
    mount: Mount,
}

/// Returns what the container has of the node, each with a name.
fn volumes(cluster: &Cluster, member: &Member) -> Vec<Volume> {
    let mut further = 0;
    let volume = |mount: Mount| {
        let has = |usage| mount.usages.contains(&usage);
        let name = if has(Usage::Data) {
            "etcd-data".to_owned()
        } else if has(Usage::Certificates) {
            "etcd-certs".to_owned()
        } else if has(Usage::Wal) {
            "etcd-wal".to_owned()
        } else {
            further += 1;
            format!("etcd-files-{further}")
        };
        Volume { name, mount }
    };
    mounts(cluster, member).into_iter().map(volume).collect()
}

/// Returns what `hostPath` says of it: what etcd has to find is there, or the Pod waits; what it writes logs and sockets
/// into is made.
const fn kind(mount: &Mount) -> &'static str {
    match (mount.is_file, mount.is_made) {
        (false, false) => "Directory",
        (false, true) => "DirectoryOrCreate",
        (true, false) => "File",
        (true, true) => "FileOrCreate",
    }
}

/// Returns where the kubelet, which is on the node and has no certificate, is answered: where metrics are, or clients
/// without TLS.
fn probed(member: &Member) -> Option<(IpAddr, u16)> {
    let metrics = match member.option("listen-metrics-urls") {
        Some(Value::List(urls)) => urls.iter().find_map(|url| plain(url)),
        _ => None,
    };
    metrics.or_else(|| {
        let mut clients = member.listen_client_urls.iter().filter(|url| url.scheme == Scheme::Http);
        clients.find_map(|url| Some((ip(&url.host)?, url.port)))
    })
}

/// Returns an address that is listened on in plain text. One that is every address is the loopback.
fn plain(url: &str) -> Option<(IpAddr, u16)> {
    match Listener::parse(url).ok()? {
        Listener { tls: false, socket: Socket::Tcp(address) } => {
            Some((reached(address.ip()), address.port()))
        }
        _ => None,
    }
}

fn ip(host: &Host) -> Option<IpAddr> {
    match host {
        Host::Ip(ip) => Some(reached(*ip)),
        Host::Name(_) => None,
    }
}

fn reached(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        other => other,
    }
}

/// Returns the paths at which a release says that it is alive, and that it is ready.
///
/// Before 3.5.3 none tells of the member alone: it would be started again because others are down.
fn health(version: EtcdVersion) -> (Option<&'static str>, Option<&'static str>) {
    match (version.minor(), version.floor()) {
        (Minor::V3_4, 29..) | (Minor::V3_5, 11..) | (Minor::V3_6 | Minor::V3_7, _) => {
            (Some("/livez"), Some("/readyz"))
        }
        (Minor::V3_5, 3..) => {
            (Some("/health?exclude=NOSPACE&serializable=true"), Some("/health?exclude=NOSPACE"))
        }
        (Minor::V3_4 | Minor::V3_5, _) => (None, Some("/health")),
    }
}

/// Writes kubeadm's probes, with its times.
fn with_probes(pod: Yaml, version: EtcdVersion, asked: Option<(IpAddr, u16)>) -> Yaml {
    let Some((ip, port)) = asked else { return pod };
    let (alive, ready) = health(version);
    let probes = [
        ("livenessProbe", alive, 10, 10, 8),
        ("readinessProbe", ready, 0, 1, 3),
        ("startupProbe", alive, 10, 10, 24),
    ];
    probes.into_iter().fold(pod, |pod, (name, path, delay, period, failures)| {
        let Some(path) = path else { return pod };
        pod.block(name)
            .block("httpGet")
            .text("host", &ip.to_string())
            .text("path", path)
            .word("port", &port.to_string())
            .text("scheme", "HTTP")
            .out()
            .word("initialDelaySeconds", &delay.to_string())
            .word("periodSeconds", &period.to_string())
            .word("timeoutSeconds", "15")
            .word("failureThreshold", &failures.to_string())
            .out()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Those before cannot tell of the member alone (etcd's `CHANGELOG-3.5.md` and `CHANGELOG-3.4.md`).
    #[test]
    fn each_release_is_asked_at_paths_that_it_has() {
        let of = |text: &str| health(EtcdVersion::parse(text).expect("a version"));
        for version in ["3.4.29", "3.5.11", "3.5.33", "3.6.0", "3.7.3"] {
            assert_eq!(of(version), (Some("/livez"), Some("/readyz")), "{version}");
        }
        let alone = "/health?exclude=NOSPACE&serializable=true";
        for version in ["3.5.3", "3.5.10"] {
            assert_eq!(of(version), (Some(alone), Some("/health?exclude=NOSPACE")), "{version}");
        }
        for version in ["3.4.0", "3.4.28", "3.5.0", "3.5.2"] {
            assert_eq!(of(version), (None, Some("/health")), "{version}");
        }
    }
}
