//! `target/tools/clients`: the programs of `tests/clients`, each of them a client of etcd, or the part of one that reads
//! its configuration and connects.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::go::{self, go};
use super::{pins, sources};
use crate::cmd::Cmd;

/// Builds a program in its folder into another one.
type Build = fn(&Path, &Path) -> Result<()>;

/// Every program, by the name of its folder.
const ALL: &[(&str, Build)] = &[
    ("kubeadm", kubeadm),
    ("coredns", in_go),
    ("traefik", in_go),
    ("vault", in_go),
    ("k3s", in_go),
    ("etcd3", in_javascript),
    ("jetcd", in_java),
];

/// Builds those that were not built from the sources as they are; what came of each.
pub(super) fn install(root: &Path, tools: &Path) -> Vec<Result<()>> {
    let one = |(name, build): &(&str, Build)| {
        let (from, to) = (root.join("tests/clients").join(name), tools.join("clients").join(name));
        let what = format!("clients: building {name} (up to some minutes)");
        sources::built(&from, &to, &what, || build(&from, &to))
            .with_context(|| format!("the client {name} is missing"))
    };
    ALL.iter().map(one).collect()
}

fn in_go(from: &Path, to: &Path) -> Result<()> {
    let name = from.file_name().context("a folder has a name")?;
    go::program(&go(pins::CLIENTS_GO)?, from, &to.join(name))
}

/// Builds the whole program, which learns its own version only from the linker, and accepts other versions by it.
fn kubeadm(from: &Path, to: &Path) -> Result<()> {
    let version = pins::KUBERNETES;
    let at = "-X k8s.io/component-base/version";
    let linker = format!(
        "{at}.gitVersion=v{version} {at}.gitMajor={} {at}.gitMinor={}",
        version.0, version.1
    );
    let package = "k8s.io/kubernetes/cmd/kubeadm";
    go::package(&go(pins::CLIENTS_GO)?, from, package, &linker, &to.join("kubeadm"))
}

/// Copies the JavaScript program beside its dependencies, since that is where it looks for them, and installs these.
fn in_javascript(from: &Path, to: &Path) -> Result<()> {
    for file in ["main.mjs", "package.json", "package-lock.json"] {
        fs::copy(from.join(file), to.join(file)).with_context(|| format!("cannot copy {file}"))?;
    }
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    Cmd::new("npm").args(arguments).dir(to).quiet()
}

fn in_java(from: &Path, to: &Path) -> Result<()> {
    let (pom, jars) = (from.join("pom.xml"), to.join("jars"));
    Cmd::new("mvn")
        .args(["--batch-mode", "--quiet", "--file"])
        .path(&pom)
        .arg(format!("{}:copy-dependencies", pins::MAVEN_DEPENDENCIES))
        .arg(format!("-DoutputDirectory={}", jars.display()))
        .quiet()?;
    Cmd::new("javac")
        .arg("-classpath")
        .arg(format!("{}/*", jars.display()))
        .arg("-d")
        .path(to)
        .path(&from.join("Main.java"))
        .quiet()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::version::Version;

    /// A row of the page for each, with the release that its program is built from.
    #[test]
    fn the_page_on_clients_names_the_releases() {
        let page = include_str!("../../../docs/clients.md");
        let python = pins::PYTHON.join("\n");
        for (row, text, before) in [
            ("kubeadm | ", include_str!("../../../tests/clients/kubeadm/go.mod"), "kubernetes v"),
            ("K3s | kine ", include_str!("../../../tests/clients/k3s/go.mod"), "k3s-io/kine v"),
            ("Patroni | ", &python, "patroni[etcd3,psycopg3]=="),
            ("CoreDNS | ", include_str!("../../../tests/clients/coredns/go.mod"), "/coredns v"),
            ("Traefik | ", include_str!("../../../tests/clients/traefik/go.mod"), "traefik/v3 v"),
            ("Vault | ", include_str!("../../../tests/clients/vault/go.mod"), "hashicorp/vault v"),
            (
                "jetcd, for Java | ",
                include_str!("../../../tests/clients/jetcd/pom.xml"),
                "<artifactId>jetcd-core</artifactId>\n      <version>",
            ),
            (
                "etcd3, for Node.js | ",
                include_str!("../../../tests/clients/etcd3/package.json"),
                "\"etcd3\": \"",
            ),
            ("grpcio, for Python | ", &python, "grpcio=="),
        ] {
            let (_, rest) = text.split_once(before).expect(row);
            let release = Version::find(rest).expect(row);
            assert!(page.contains(&format!("\n| {row}{release} | ")), "{row}{release}");
        }
    }

    /// Which is told to the linker.
    #[test]
    fn the_module_of_kubeadm_is_of_the_kubernetes_that_is_pinned() {
        let text = include_str!("../../../tests/clients/kubeadm/go.mod");
        let kubernetes = format!("k8s.io/kubernetes v{} ", pins::KUBERNETES);
        assert!(text.contains(&kubernetes), "{kubernetes}");
    }
}
