//! Where an etcd comes from.

use bouquet_model::version::EtcdVersion;

/// This machine, as far as it matters here.
#[derive(Debug, Clone, Copy)]
pub(super) struct Machine<'a> {
    /// The text of `/etc/os-release`, where there is one.
    pub(super) release: Option<&'a str>,
    /// `std::env::consts::OS`: `linux`, `macos`, …
    pub(super) system: &'a str,
    /// `std::env::consts::ARCH`: `x86_64`, `aarch64`, …
    pub(super) processor: &'a str,
}

/// A family of distributions, as `ID` and `ID_LIKE` of os-release(5) name it; the package there, and the command
/// that installs it.
struct Family {
    ids: &'static [&'static str],
    package: &'static str,
    command: &'static str,
}

const FAMILIES: &[Family] = &[
    Family { ids: &["debian", "ubuntu"], package: "etcd-server", command: "apt install" },
    Family { ids: &["fedora", "rhel", "centos"], package: "etcd", command: "dnf install" },
    Family { ids: &["arch"], package: "etcd", command: "pacman -S" },
    Family { ids: &["alpine"], package: "etcd", command: "apk add" },
    Family { ids: &["suse", "opensuse"], package: "etcd", command: "zypper install" },
    Family { ids: &["macos"], package: "etcd", command: "brew install" },
];

const PAGE: &str = "https://github.com/etcd-io/etcd/releases";

/// Returns how an etcd gets here, in sentences: by the package of this system where it is known, then by the
/// archive of a release, which need not be installed.
pub(super) fn ways(machine: &Machine<'_>, version: EtcdVersion) -> Vec<String> {
    let package = family(machine).map(|Family { package, command, .. }| {
        let service = if *package == "etcd-server" {
            "; it starts an etcd of its own as well, at 127.0.0.1:2379, which does no harm"
        } else {
            ""
        };
        format!("the package `{package}` brings it: `{command} {package}`{service}")
    });
    package.into_iter().chain([archive(machine, version)]).collect()
}

/// Returns how a release of etcd is had without installing it.
pub(super) fn archive(machine: &Machine<'_>, version: EtcdVersion) -> String {
    let (system, end) = match machine.system {
        "macos" => ("darwin", "zip"),
        other => (other, "tar.gz"),
    };
    let processor = match machine.processor {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "powerpc64" => "ppc64le",
        other => other,
    };
    let patch = if version.patch().is_some() { "" } else { ".…" };
    format!(
        "unpack etcd-v{version}{patch}-{system}-{processor}.{end} of {PAGE} anywhere, and name its `etcd` by \
         `--etcd FILE`"
    )
}

fn family(machine: &Machine<'_>) -> Option<&'static Family> {
    if machine.system == "macos" {
        return of("macos");
    }
    let release = machine.release?;
    let value = |key: &str| {
        let line =
            release.lines().find_map(|line| line.trim().strip_prefix(key)?.strip_prefix('='));
        line.unwrap_or_default().trim_matches(['"', '\'']).to_lowercase()
    };
    let (id, like) = (value("ID"), value("ID_LIKE"));
    id.split_whitespace().chain(like.split_whitespace()).find_map(of)
}

fn of(id: &str) -> Option<&'static Family> {
    FAMILIES.iter().find(|family| family.ids.contains(&id))
}
