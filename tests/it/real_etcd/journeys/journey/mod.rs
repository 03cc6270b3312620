//! Machines, and the control host at which someone sits who makes a cluster of them.

mod client;

pub(super) use client::ROOT;

use super::spec::{Member, address};
use crate::support::package::Package;
use crate::support::run::{Said, etcd, stdout, tools};
use bouquet_rig::{Control, Machine, Network};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

/// All that an installation may change, and the data. A folder's time is that of a look at how fast the disk is.
pub(super) const FILES: &str = "\
find /opt /data /etc/systemd/system /etc/passwd /etc/group -type d -printf '%p %m %u\\n' -o -printf '%p %m %u %s %T@ %l\\n' \
    2>/dev/null | sort";

pub(super) struct Journey {
    // Before their network, which goes when they are off.
    machines: BTreeMap<&'static str, Machine>,
    pub(super) network: Network,
    control: Control,
    pub(super) package: Package,
    release: &'static str,
    /// What machines have to begin with.
    programs: PathBuf,
    /// How many commands were typed for each machine.
    commands: RefCell<BTreeMap<&'static str, usize>>,
    folder: TempDir,
    members: Vec<Member>,
}

impl Journey {
    /// Machines that have nothing but an etcd, and a package that is built.
    pub(super) fn begin(spec: &str, members: &[Member], release: &'static str) -> Self {
        Self::at(Package::for_machines(spec), members, release)
    }

    /// The same with that package.
    pub(super) fn at(package: Package, members: &[Member], release: &'static str) -> Self {
        let mut journey = Self::before_builds(package, release);
        journey.built();
        journey.all_join(members);
        journey
    }

    /// The same before the package is built, or any machine is there.
    pub(super) fn before_builds(package: Package, release: &'static str) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        Self::on(package, release, (folder, etcd(release)))
    }

    /// The same on machines that have not even an etcd; the release is that of the control host's etcdctl.
    pub(super) fn without_etcd(
        package: Package,
        members: &[Member],
        release: &'static str,
    ) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let none = folder.path().join("none");
        fs::create_dir(&none).expect("a folder");
        let mut journey = Self::on(package, release, (folder, none));
        journey.built();
        journey.all_join(members);
        journey
    }

    fn on(package: Package, release: &'static str, (folder, programs): (TempDir, PathBuf)) -> Self {
        let control =
            Control::new(&folder.path().join("control"), &hosts(), &tools().join("openssh"));
        Self {
            machines: BTreeMap::new(),
            network: Network::new(),
            control,
            package,
            release,
            programs,
            commands: RefCell::default(),
            folder,
            members: Vec::new(),
        }
    }

    /// Machines at the switch, which are switched on.
    pub(super) fn all_join(&mut self, members: &[Member]) {
        for member in members {
            self.joins(*member);
        }
    }

    /// Another machine at the switch, which is switched on.
    pub(super) fn joins(&mut self, member: Member) {
        let machine = self.machine_at(member.0, member);
        self.replaces(member, machine);
    }

    /// One that is off, under a name of its own.
    pub(super) fn machine_at(&mut self, name: &str, member: Member) -> Machine {
        let ip = address(member).parse().expect("an address");
        let namespace = self.network.join(name, ip);
        let folder = self.folder.path().join(name);
        let mut machine = Machine::new(&folder, &hosts(), &self.programs, &namespace);
        self.control.is_let_in(&mut machine, &[], ip);
        machine
    }

    /// Puts one into the place of another, which loses its power, and switches it on.
    pub(super) fn replaces(&mut self, member: Member, mut machine: Machine) {
        machine.boot();
        machine.wait_for("systemctl is-active sshd");
        self.machines.insert(member.0, machine);
        self.members.retain(|(name, _)| *name != member.0);
        self.members.push(member);
    }

    /// Puts a machine with a copy of another's disk into the place of a member's.
    pub(super) fn clones(&mut self, from: &'static str, member: Member) {
        self.machines.remove(member.0);
        self.network.cut(member.0);
        let name = "clone";
        let namespace = self.network.join(name, address(member).parse().expect("an address"));
        let machine = self.machine(from);
        machine.cut_power();
        let clone = machine.copy(&namespace);
        machine.boot();
        self.replaces(member, clone);
    }

    /// Brings a machine to another address, with its disk.
    pub(super) fn moves(&mut self, member: Member, to: u8) {
        let moved = (member.0, to);
        let address: IpAddr = address(moved).parse().expect("an address");
        let namespace = self.network.join(&format!("{}-moved", member.0), address);
        let machine = self.machine(member.0);
        machine.cut_power();
        let machine = machine.copy(&namespace);
        self.control.knows(&machine, address);
        self.network.cut(member.0);
        self.replaces(moved, machine);
    }

    /// One is no member any more; its machine stays on.
    pub(super) fn leaves(&mut self, name: &str) {
        self.members.retain(|(its, _)| *its != name);
    }

    /// Gives a machine a further address, at which its member is from now on.
    pub(super) fn is_also_at(&mut self, member: Member, to: u8) {
        let moved = (member.0, to);
        let ip = address(moved);
        self.machine(member.0).sh(&format!("ip address add {ip}/8 dev eth0"));
        self.control.knows(&self.machines[member.0], ip.parse().expect("an address"));
        self.members.retain(|(name, _)| *name != member.0);
        self.members.push(moved);
    }

    pub(super) fn machine(&mut self, name: &str) -> &mut Machine {
        self.machines.get_mut(name).expect("a machine")
    }

    pub(super) fn all(&mut self) -> impl Iterator<Item = &mut Machine> {
        self.machines.values_mut()
    }

    /// Builds the package with this spec, and puts the program at hand.
    pub(super) fn builds(&self, spec: &str) {
        self.package.write(spec);
        self.built();
    }

    fn built(&self) {
        self.package.build();
        fs::copy(self.package.program(), self.package.path("bouquet")).expect("a program");
    }

    /// Types a script in the package's folder.
    pub(super) fn types(&self, script: &str) -> Said {
        let etcd = etcd(self.release).display().to_string();
        // What cargo tells a test would lead the program to another package.
        let here = format!("unset CARGO_MANIFEST_DIR BOUQUET_OUT\nPATH={etcd}:$PATH\n{script}");
        self.control.run(&self.network, self.package.folder.path(), &here)
    }

    /// The same for one that has to succeed.
    #[track_caller]
    pub(super) fn typed(&self, script: &str) -> String {
        let Said { ok, stdout, stderr } = self.types(script);
        assert!(ok, "{script}\n{stdout}\n{stderr}");
        stdout
    }

    /// The same for the machine of a member, whose `HOST` is its address: counted as one command.
    pub(super) fn types_for(&self, name: &'static str, command: &str) -> Said {
        *self.commands.borrow_mut().entry(name).or_default() += 1;
        self.types(&command.replace("HOST", &format!("root@{}", self.host(name))))
    }

    /// How many commands each machine took.
    pub(super) fn commands(&self) -> BTreeMap<&'static str, usize> {
        self.commands.borrow().clone()
    }

    /// Copies the program, and the folder of the member beside it.
    #[track_caller]
    pub(super) fn brings(&self, name: &'static str) {
        let copy = format!("scp -qr bouquet out/members/{name} HOST:");
        let said = self.types_for(name, &copy);
        assert!(said.ok, "{}", said.stderr);
    }

    /// Carries a folder to a machine by hand.
    pub(super) fn copies(&self, from: &str, name: &str, to: &str) {
        let (from, to) = (self.package.path(from), self.machines[name].path(to));
        stdout(Command::new("cp").arg("-r").arg(from).arg(to));
    }

    /// The one command that installs it, with what it says.
    pub(super) fn installs(&self, name: &'static str, flags: &str) -> Said {
        self.types_for(name, &format!("ssh HOST ./bouquet install {name} {flags} 2>&1"))
    }

    #[track_caller]
    pub(super) fn installed(&self, name: &'static str, flags: &str) -> String {
        let Said { ok, stdout, .. } = self.installs(name, flags);
        assert!(ok, "{name}: {stdout}\n{}", self.machines[name].journal());
        stdout
    }

    /// It refuses with these words, and the node is as it was.
    #[track_caller]
    pub(super) fn refuses(&self, name: &'static str, flags: &str, words: &str) {
        let before = self.machines[name].sh(FILES);
        let said = self.installs(name, flags);
        assert!(!said.ok && said.stdout.contains(words), "{name}: {}", said.stdout);
        assert_eq!(self.machines[name].sh(FILES), before, "something was changed");
    }

    /// Founds the cluster on bare machines.
    pub(super) fn founds(&self) {
        for (i, (name, _)) in self.members.iter().enumerate() {
            self.brings(name);
            self.installed(name, if i == 0 { "--bootstrap" } else { "" });
        }
        self.is_healthy();
    }

    /// Where a member's machine is.
    pub(super) fn host(&self, name: &str) -> String {
        let member = self.members.iter().find(|(its, _)| *its == name);
        address(*member.expect("a member"))
    }
}

fn hosts() -> String {
    "127.0.0.1 localhost\n".to_owned()
}
