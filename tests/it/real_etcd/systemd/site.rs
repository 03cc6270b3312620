//! A cluster on machines, put there word by word as `docs/guide.md` tells.

use super::operator;
use crate::support::build::Output;
use crate::support::guide::{Way, commands};
use crate::support::log::rejections;
use crate::support::run::{Said, etcd, run, stdout};
use bouquet_rig::{Machine, Network, PATIENCE};
use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The machines of a cluster's members, in the order of the spec. Members on the loopback share one.
pub(super) struct Site {
    // Before their network, which goes when they are off.
    pub(super) machines: Vec<Machine>,
    /// The units of each machine.
    pub(super) units: Vec<Vec<String>>,
    /// The address of each machine.
    addresses: Vec<IpAddr>,
    network: Network,
    output: Output,
    version: &'static str,
}

impl Site {
    /// The machines of all members, switched on, with this release of etcd and nothing else.
    pub(super) fn new(spec: &str, version: &'static str) -> Self {
        Self::of(spec, version, usize::MAX)
    }

    /// The same for the first members alone.
    pub(super) fn of(spec: &str, version: &'static str, most: usize) -> Self {
        Self::with(Output::of(spec), version, most)
    }

    /// The same for what was built before.
    pub(super) fn with(output: Output, version: &'static str, most: usize) -> Self {
        Self::on(output, version, most, &etcd(version))
    }

    /// The same on machines that have no etcd yet; the release is that of this computer's etcdctl.
    pub(super) fn without_etcd(output: Output, version: &'static str, most: usize) -> Self {
        let none = output.beside("none");
        fs::create_dir_all(&none).expect("a folder");
        Self::on(output, version, most, &none)
    }

    fn on(output: Output, version: &'static str, most: usize, programs: &Path) -> Self {
        let mut network = Network::new();
        let hosts = hosts(&output);
        let (mut machines, mut units) = (Vec::new(), Vec::<Vec<String>>::new());
        let mut addresses = Vec::new();
        for (i, member) in output.cluster.members.iter().take(most).enumerate() {
            let (name, at) = (member.name.as_str(), address(&output, i));
            if member.listen_ip.is_loopback() && !machines.is_empty() {
                units[0].push(format!("etcd-{name}"));
                continue;
            }
            let namespace = network.join(name, at);
            if let Some(ip) = member.client_ip {
                network.also(name, ip);
            }
            machines.push(Machine::new(&output.beside(name), &hosts, programs, &namespace));
            units.push(vec!["etcd".to_owned()]);
            addresses.push(at);
        }
        machines.iter_mut().for_each(Machine::boot);
        Self { machines, units, addresses, network, output, version }
    }

    /// Switches on a machine besides, for the last member of what was built meanwhile.
    pub(super) fn grow(&mut self, output: &Output) {
        let last = output.cluster.members.len() - 1;
        let (name, at) = (output.cluster.members[last].name.as_str(), address(output, last));
        let namespace = self.network.join(name, at);
        let folder = self.output.beside(name);
        let mut machine = Machine::new(&folder, &hosts(output), &etcd(self.version), &namespace);
        machine.boot();
        self.machines.push(machine);
        self.addresses.push(at);
        self.units.push(vec!["etcd".to_owned()]);
    }

    /// The machine of a further member, which is off, in a folder that it is laid in.
    pub(super) fn further(&mut self, i: usize, folder: &Path) -> Machine {
        let name = self.output.cluster.members[i].name.as_str();
        let namespace = self.network.join(name, address(&self.output, i));
        Machine::new(folder, &hosts(&self.output), &etcd(self.version), &namespace)
    }

    /// Installs the members as the guide does, each unit under its own name where a machine has several.
    pub(super) fn install(&self) {
        let mut i = 0;
        for (machine, units) in self.machines.iter().zip(&self.units) {
            for unit in units {
                let [_, on_the_node] = &self.guide("4. Install the nodes", i)[..] else {
                    panic!("a block for here and one for the node")
                };
                self.copy(i, machine);
                let file = format!("system/{unit}.service");
                machine.sh(&on_the_node.replace("system/etcd.service", &file));
                i += 1;
            }
        }
    }

    /// The guide's `scp`.
    pub(super) fn copy(&self, i: usize, machine: &Machine) {
        let name = self.name(i);
        let to = machine.path(&format!("/root/etcd-{name}"));
        let from = self.output.path(&format!("members/{name}"));
        stdout(Command::new("cp").arg("-r").arg(from).arg(to));
    }

    /// The commands that a section of the guide has without `install`, for one member.
    pub(super) fn guide(&self, heading: &str, i: usize) -> Vec<String> {
        let certs = |block: &str| match &self.output.cluster.tls {
            Some(tls) => block.replace("/opt/etcd/certs", tls.certs_dir.as_str()),
            None => {
                block.lines().filter(|line| !line.contains("/certs")).collect::<Vec<_>>().join("\n")
            }
        };
        let blocks = commands(heading, Way::WithoutInstall).into_iter();
        blocks.map(|block| certs(&block.replace("orange", self.name(i)))).collect()
    }

    /// A program that runs where whoever operates the cluster sits.
    pub(super) fn beside(&self, program: &Path) -> Command {
        self.network.beside(program)
    }

    /// Types a script beside the switch, in the folder of a package, with its program as `bouquet`.
    pub(super) fn types(&self, package: &Path, program: &Path, script: &str) -> Said {
        let folder = self.output.beside("operator");
        operator::put(&folder, self.addresses.iter().zip(&self.machines));
        symlink(program, folder.join("bouquet")).expect("a link");
        symlink(etcd(self.version).join("etcdctl"), folder.join("etcdctl")).expect("a link");
        let path = std::env::var("PATH").expect("a path");
        let mut shell = self.network.beside(Path::new("sh"));
        shell.args(["-euc", script]).current_dir(package);
        shell.env("PATH", format!("{}:{path}", folder.display()));
        run(shell.env_remove("CARGO_MANIFEST_DIR").env_remove("BOUQUET_OUT"))
    }

    /// Runs etcdctl as the client `root`, beside the switch, on some of the members.
    pub(super) fn etcdctl(&self, members: &[usize], args: &[&str]) -> Said {
        let urls = members.iter().flat_map(|i| {
            self.output.cluster.members[*i].advertise_client_urls.iter().map(ToString::to_string)
        });
        let file = |name: &str| self.output.path("clients/root").join(name);
        let mut command = self.network.beside(&etcd(self.version).join("etcdctl"));
        command.env("ETCDCTL_API", "3").arg("--endpoints").arg(urls.collect::<Vec<_>>().join(","));
        command.arg("--cacert").arg(file("ca.crt")).arg("--cert").arg(file("client.crt"));
        run(command.arg("--key").arg(file("client.key")).args(args))
    }

    /// A change of members by the first, which etcd takes some seconds after the last change or start.
    #[track_caller]
    pub(super) fn changes(&self, args: &[&str]) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let said = self.etcdctl(&[0], &[&["member"], args].concat());
            if said.ok {
                return;
            }
            assert!(Instant::now() < deadline, "{args:?}: {}{}", said.stdout, said.stderr);
            sleep(Duration::from_millis(200));
        }
    }

    /// etcdctl on all of them; it has to succeed, and nobody may have been refused meanwhile.
    pub(super) fn all(&self, args: &[&str]) -> String {
        let all: Vec<usize> = (0..self.machines.len()).collect();
        let said = self.etcdctl(&all, args);
        let journals = self.machines.iter().map(Machine::journal).collect::<String>();
        assert!(said.ok, "{args:?}: {}{}\n{journals}", said.stdout, said.stderr);
        assert_eq!(rejections(&journals), Vec::<&str>::new());
        said.stdout
    }

    /// Where a test may put what it makes.
    pub(super) fn scratch(&self, name: &str) -> String {
        self.output.beside(name).display().to_string()
    }

    /// A member's ID, as etcdctl wants it.
    pub(super) fn id(&self, i: usize) -> String {
        let id = self.output.cluster.members[i].id.expect("the member of a new cluster");
        format!("{:x}", id.0)
    }

    fn name(&self, i: usize) -> &str {
        self.output.cluster.members[i].name.as_str()
    }
}

/// The address of a member's machine; one that is known by its name alone has any.
fn address(output: &Output, i: usize) -> IpAddr {
    let ip = output.cluster.members[i].listen_ip;
    let any = u8::try_from(101 + i).expect("few members");
    if ip.is_unspecified() { Ipv4Addr::new(192, 168, 65, any).into() } else { ip }
}

fn hosts(output: &Output) -> String {
    let members = output.cluster.members.iter().enumerate().filter_map(|(i, member)| {
        let name = member.hostname.as_ref()?;
        Some(format!("{} {}\n", address(output, i), name.as_str()))
    });
    ["127.0.0.1 localhost\n".to_owned()].into_iter().chain(members).collect()
}
