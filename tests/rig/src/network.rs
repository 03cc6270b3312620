//! A switch with machines on it, all of it in network namespaces: this machine has none of their
//! addresses.

use crate::obstacle::obstacle;
use crate::run::stdout;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::sync::atomic::{AtomicU32, Ordering};

/// How many networks this process made.
static COUNT: AtomicU32 = AtomicU32::new(0);

/// The switch's own address, where anyone who operates the cluster sits.
const OPERATOR: &str = "192.168.65.1/8";

/// Namespaces with names of this process's own, until this is dropped.
pub struct Network {
    name: String,
    namespaces: Vec<String>,
}

impl Drop for Network {
    fn drop(&mut self) {
        for namespace in &self.namespaces {
            let _ = Command::new("ip").args(["netns", "delete", namespace]).status();
        }
    }
}

impl Network {
    /// A network in which nobody is yet.
    ///
    /// # Panics
    /// Where no machine can be booted.
    #[expect(clippy::new_without_default, reason = "it makes a namespace")]
    pub fn new() -> Self {
        if let Some(obstacle) = obstacle() {
            panic!("{obstacle}");
        }
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("bouquet-{}-{count}", process::id());
        let mut network = Self { name, namespaces: Vec::new() };
        let switch = network.add("switch");
        ip(&["-n", &switch, "link", "add", "bridge", "type", "bridge"]);
        ip(&["-n", &switch, "address", "add", OPERATOR, "dev", "bridge"]);
        ip(&["-n", &switch, "link", "set", "bridge", "up"]);
        network
    }

    /// Makes the network of a machine with one address, besides those of its loopback; the path of its
    /// namespace. All addresses of a site are in one network, as long as they begin with the same byte.
    pub fn join(&mut self, machine: &str, address: IpAddr) -> PathBuf {
        let (switch, node) = (self.namespace("switch"), self.add(machine));
        // Made in the switch's namespace, so that neither end is ever on this machine.
        let cable = [
            "link", "add", "name", machine, "type", "veth", "peer", "name", "eth0", "netns", &node,
        ];
        ip(&[&["-n", &switch], &cable[..]].concat());
        ip(&["-n", &switch, "link", "set", "dev", machine, "master", "bridge", "up"]);
        // It says whose an address is, which another machine may have had.
        // A second address outlives the first one.
        let notify =
            "cd /proc/sys/net/ipv4/conf/eth0; echo 1 >arp_notify; echo 1 >promote_secondaries";
        ip(&["netns", "exec", &node, "sh", "-c", notify]);
        if !address.is_loopback() {
            ip(&["-n", &node, "address", "add", &format!("{address}/8"), "dev", "eth0"]);
        }
        ip(&["-n", &node, "link", "set", "eth0", "up"]);
        Path::new("/run/netns").join(node)
    }

    /// Gives a machine a further address.
    pub fn also(&self, machine: &str, address: IpAddr) {
        let node = self.namespace(machine);
        ip(&["-n", &node, "address", "add", &format!("{address}/8"), "dev", "eth0"]);
    }

    /// A program that runs beside the switch.
    pub fn beside(&self, program: &Path) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.namespace("switch")]).arg(program);
        command
    }

    /// Pulls the cable of a machine out of the switch.
    pub fn cut(&self, machine: &str) {
        ip(&["-n", &self.namespace("switch"), "link", "set", "dev", machine, "down"]);
    }

    /// Plugs it in again.
    pub fn mend(&self, machine: &str) {
        ip(&["-n", &self.namespace("switch"), "link", "set", "dev", machine, "up"]);
    }

    /// Cuts off the host that sits at the switch; machines hear each other as before.
    pub fn cut_operator(&self) {
        self.nft(
            "add table inet operator\n\
             add chain inet operator hears { type filter hook input priority 0; policy drop; }\n\
             add chain inet operator says { type filter hook output priority 0; policy drop; }\n",
        );
    }

    /// Ends that.
    pub fn mend_operator(&self) {
        self.nft("delete table inet operator\n");
    }

    /// Drops all that one machine sends to another, and nothing of what comes back.
    pub fn deafen(&self, to: &str, from: &str) {
        self.nft(&format!(
            "add table bridge rig\n\
             add chain bridge rig drops {{ type filter hook forward priority 0; }}\n\
             add rule bridge rig drops iifname {from} oifname {to} drop\n"
        ));
    }

    /// Ends all of that.
    pub fn undeafen(&self) {
        self.nft("delete table bridge rig\n");
    }

    fn nft(&self, rules: &str) {
        stdout(self.beside(Path::new("nft")).arg(rules));
    }

    fn add(&mut self, name: &str) -> String {
        let namespace = self.namespace(name);
        ip(&["netns", "add", &namespace]);
        self.namespaces.push(namespace.clone());
        ip(&["-n", &namespace, "link", "set", "lo", "up"]);
        namespace
    }

    fn namespace(&self, name: &str) -> String {
        format!("{}-{name}", self.name)
    }
}

fn ip(args: &[&str]) {
    stdout(Command::new("ip").args(args));
}
