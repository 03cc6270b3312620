//! Where an etcd comes from.

use crate::trial::install::{Machine, ways};
use bouquet_model::version::EtcdVersion;

fn said(release: Option<&str>, system: &str, processor: &str, version: &str) -> Vec<String> {
    ways(&Machine { release, system, processor }, EtcdVersion::parse(version).unwrap())
}

#[test]
fn the_package_is_that_of_this_system() {
    for (release, command) in [
        ("PRETTY_NAME=\"Debian\"\nID=debian\n", "apt install etcd-server"),
        ("ID=ubuntu\nID_LIKE=debian\n", "apt install etcd-server"),
        ("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", "apt install etcd-server"),
        ("ID=fedora\n", "dnf install etcd"),
        ("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", "dnf install etcd"),
        ("ID=arch\n", "pacman -S etcd"),
        ("ID='alpine'\n", "apk add etcd"),
        ("ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\n", "zypper install etcd"),
    ] {
        let ways = said(Some(release), "linux", "x86_64", "3.5");
        assert!(ways[0].contains(&format!("`{command}`")), "{ways:?}");
    }
    let ways = said(None, "macos", "aarch64", "3.5.33");
    assert!(ways[0].contains("`brew install etcd`"), "{ways:?}");
    assert!(ways[1].contains("etcd-v3.5.33-darwin-arm64.zip"), "{ways:?}");
}

#[test]
fn an_archive_is_the_last_word_and_the_only_one_where_nothing_else_is_known() {
    for release in [None, Some(""), Some("ID=plan9\n"), Some("VERSION_ID=debian")] {
        let ways = said(release, "linux", "aarch64", "3.6");
        assert_eq!(ways.len(), 1);
        assert!(ways[0].contains("etcd-v3.6.…-linux-arm64.tar.gz"), "{ways:?}");
        assert!(ways[0].contains("--etcd FILE"));
    }
}
