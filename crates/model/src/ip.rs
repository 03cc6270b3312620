//! The addresses of nodes: what etcd, Go and certificates take.

use crate::diagnostic::{Diagnostic, quoted};
use crate::name::HostName;
use std::net::IpAddr;

/// Reads the address of a node.
///
/// # Errors
/// If it is none, or one that a certificate cannot have.
pub fn parse(text: &str) -> Result<IpAddr, Diagnostic> {
    let shown = quoted(text);
    match text.parse::<IpAddr>() {
        Ok(IpAddr::V6(v6)) if v6.to_ipv4_mapped().is_some() => {
            Err(Diagnostic::error(format!("{shown} is an IPv4 address in IPv6 form"))
                .help("etcd and Go compare it as IPv4; write it as such"))
        }
        Ok(IpAddr::V6(v6)) if v6.is_unicast_link_local() => {
            Err(Diagnostic::error(format!("{shown} is a link-local address")).help(
                "it means nothing without an interface, which a certificate cannot name; \
                 use a global or unique local address",
            ))
        }
        Ok(ip) => Ok(ip),
        Err(_) => Err(Diagnostic::error(format!("{shown} is not an IP address")).help(meant(text))),
    }
}

fn meant(text: &str) -> &'static str {
    if text.starts_with('[') {
        "leave the brackets out; they are added where a URL needs them"
    } else if text.contains("://") || text.rsplit_once(':').is_some_and(|(a, _)| a.contains('.')) {
        "write the address alone; ports go into `peer-port` and `client-port`"
    } else if text.contains('/') {
        "write the address without the length of its network"
    } else if text.contains('%') {
        "leave the zone out; an address with one is link-local and cannot be certified"
    } else if HostName::parse(text).is_ok() {
        "a name goes into `hostname`; `ip` takes an address such as `192.168.65.101`"
    } else {
        "write it as `192.168.65.101` or `fd00::12`"
    }
}

/// Holds an address to what others can dial: etcd advertises 0.0.0.0 without a word, and then nobody finds
/// the member.
///
/// # Errors
/// If it leads to no machine, or to many.
pub fn dialled(ip: IpAddr) -> Result<(), Diagnostic> {
    if !ip.is_unspecified() {
        return of_one_machine(ip);
    }
    Err(Diagnostic::error(format!(
        "`{ip}` stands for every address of a machine and leads to none"
    ))
    .help(format!(
        "write the address at which others reach the member; to listen on every address, add \
             `listen-ip = \"{ip}\"`"
    )))
}

/// Holds an address to what one machine alone can have: neither dialled nor listened on can be what stands for
/// many.
///
/// # Errors
/// If it is multicast or broadcast.
pub fn of_one_machine(ip: IpAddr) -> Result<(), Diagnostic> {
    let broadcast = matches!(ip, IpAddr::V4(v4) if v4.is_broadcast());
    if !ip.is_multicast() && !broadcast {
        return Ok(());
    }
    Err(Diagnostic::error(format!("`{ip}` is an address of many machines"))
        .help("write an address that this member's machine alone has"))
}
