//! The edge: systemd's variables, the packet filter, `SELinux`.

#![expect(clippy::disallowed_methods, reason = "the edge that looks at a system")]

use super::process;
use crate::node::machine::facts::{Firewall, Seen};
use crate::sbin::sbin;
use std::fs;
use std::process::Command;

/// Returns the proxy variables that systemd hands to every service.
pub(super) fn proxies() -> Vec<String> {
    let said = Command::new("systemctl").arg("show-environment").output();
    let text = said.map(|said| String::from_utf8_lossy(&said.stdout).into_owned());
    process::proxies(text.unwrap_or_default().lines())
}

/// Returns the rules of the packet filter, by the first of its programs that is here.
pub(super) fn firewall(is_root: bool) -> Seen<Firewall> {
    for (tool, words) in [("nft", "list ruleset"), ("iptables", "-S")] {
        let Ok(said) = sbin(tool).args(words.split(' ')).output() else { continue };
        if said.status.success() {
            let rules = String::from_utf8_lossy(&said.stdout).into_owned();
            return Ok(if tool == "nft" {
                Firewall::Nft(rules)
            } else {
                Firewall::Iptables(rules)
            });
        }
        let why = String::from_utf8_lossy(&said.stderr).into_owned();
        return Err(if is_root {
            format!("{tool} says: {}", why.lines().next().unwrap_or_default())
        } else {
            "its rules are for root to see".to_owned()
        });
    }
    Ok(Firewall::Unknown)
}

pub(super) fn is_enforcing() -> bool {
    fs::read("/sys/fs/selinux/enforce").is_ok_and(|text| text.first() == Some(&b'1'))
}
