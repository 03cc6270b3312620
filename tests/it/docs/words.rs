//! What the prose names is there: options, files, pages.

use super::page::Page;
use super::{PAGES, root};
use bouquet_model::option;

/// Options of other programs that the pages name.
const OTHERS: &[&str] = &[
    // This one.
    "as",
    "adopted",
    "certs",
    "ip",
    "bin",
    "workspace",
    "check",
    "client",
    "member",
    "name",
    "format",
    "git",
    "rev",
    "tag",
    "branch",
    "target",
    "critical",
    "deadline",
    "dir",
    "prometheus",
    "watch",
    "help",
    "json",
    "offline",
    "seen",
    "from",
    "out",
    "path",
    "quiet",
    "release",
    "version",
    "wide",
    "replace",
    "replaced",
    "until",
    "only",
    "pause",
    "alone",
    "hook",
    "node-program",
    "wait",
    "within",
    "etcd",
    "log",
    "from-lock",
    "restored",
    "token",
    "drill",
    "accept-downtime",
    "bootstrap",
    "downgrade",
    "dry-run",
    "joining",
    "no-restart",
    "no-start",
    "retire",
    "rollback",
    "root",
    "set-aside",
    "restore",
    "sole",
    "stop",
    "save",
    "lost",
    "moved",
    "trust-network",
    "force",
    "keep",
    "textfile",
    "undo",
    "yes",
    "full",
    "quick",
    "test",
    "nocapture",
    "test-threads",
    "without-rig",
    // kube-apiserver
    "etcd-cafile",
    "etcd-certfile",
    "etcd-keyfile",
    "etcd-servers",
    // etcd and etcdctl where they are called by hand
    "cacert",
    "cert",
    "config-file",
    "endpoints",
    "key",
    "keys-only",
    "learner",
    "no-password",
    "peer-urls",
    "prefix",
    "user",
    "cluster",
    // git
    "ours",
    "theirs",
    // gpg
    "decrypt",
    "lsign-key",
    // systemctl, curl, docker
    "env-file",
    "mount",
    "volume",
    "no-block",
    "now",
    "data",
    // patronictl
    "wait",
    // ansible
    "list",
    "host",
    "limit",
    // kubectl, helm
    "server-side",
    "install",
    "namespace",
    "values",
];

#[test]
fn every_option_that_a_page_names_exists() {
    for page in PAGES.iter().copied().map(Page::read) {
        for span in page.prose().split('`').skip(1).step_by(2) {
            for word in span.split([' ', '=', '\n']) {
                let Some(name) = word.strip_prefix("--") else { continue };
                let named = option::find(name).is_some() || OTHERS.contains(&name);
                assert!(named || name.is_empty(), "{}: --{name} is no option", page.path);
            }
        }
    }
}

#[test]
fn every_link_leads_somewhere() {
    for page in PAGES.iter().copied().map(Page::read) {
        let folder = root().join(page.path);
        let folder = folder.parent().unwrap();
        for link in page.prose().split("](").skip(1) {
            let target = link.split(')').next().unwrap_or_default();
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            if target.contains("://") {
                continue;
            }
            let path = if file.is_empty() { root().join(page.path) } else { folder.join(file) };
            assert!(path.exists(), "{}: {target} is not there", page.path);
            if !anchor.is_empty() {
                let text = std::fs::read_to_string(&path).unwrap();
                let found =
                    text.lines().filter(|line| line.starts_with('#')).any(|l| slug(l) == anchor);
                assert!(found, "{}: {target} has no such heading", page.path);
            }
        }
    }
}

/// The anchor of a heading.
fn slug(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}
