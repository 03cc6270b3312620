//! The cluster of the guide, installed and kept by `bouquet install`: its commands are typed as they are printed.

use super::site::Site;
use super::{line, runs_an_etcd_of_the_distribution};
use crate::support::build::Output;
use crate::support::guide::{headings, installs, printed};
use crate::support::package::Package;
use crate::support::run::Said;
use crate::support::scope::release;
use bouquet_rig::{Machine, PATIENCE};
use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The sections with commands by `install`, and how many: each is typed by the test below, and those of a cluster that
/// runs already by `journeys::full_rig::adopted`.
const TYPED: &[(&str, usize)] = &[
    ("4. Install the nodes", 4),
    ("A cluster that runs already", 1),
    (ANY_CHANGE, 2),
    ("Replacing a dead member", 1),
    ("Removing a member", 1),
];

/// Where the commands are that go with each change.
const ANY_CHANGE: &str = "Changing a cluster that runs";

const ORANGE: usize = 2;

/// Where the guide has the program that is copied.
const PROGRAM: &str = "target/x86_64-unknown-linux-musl/release/bouquet";

#[test]
fn every_command_of_the_guide_that_installs_is_typed() {
    let counted = headings().into_iter().map(|heading| (installs(&heading).len(), heading));
    let found: Vec<_> =
        counted.filter(|(count, _)| *count > 0).map(|(count, heading)| (heading, count)).collect();
    assert_eq!(
        found,
        TYPED.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect::<Vec<_>>()
    );
}

struct Guide {
    site: Site,
    package: Package,
    spec: String,
}

impl Guide {
    /// The machines of the guide, with nothing but etcd, and the package beside them.
    fn new(release: &'static str) -> Self {
        let spec = include_str!("../../../../cluster.toml");
        let spec = spec.replace("etcd = \"3.5\"", &format!("etcd = \"{}\"", line(release)));
        let package = Package::for_machines(&spec);
        package.build();
        let site = Site::with(Output::of_package(package.folder.path()), release, 3);
        let guide = Self { site, package, spec };
        guide.has_the_program();
        guide
    }

    /// Builds an edit of the spec.
    fn builds(&mut self, from: &str, to: &str) {
        assert!(self.spec.contains(from), "{}", self.spec);
        self.spec = self.spec.replacen(from, to, 1);
        self.package.write(&self.spec);
        self.package.build();
        self.has_the_program();
    }

    /// The program of cargo's usual build, which runs on these machines too, is in the place of the one for any node.
    fn has_the_program(&self) {
        let place = self.package.path(PROGRAM);
        fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
        fs::copy(self.package.program(), place).expect("a program");
    }

    fn types(&self, script: &str) -> Said {
        self.site.types(self.package.folder.path(), &self.package.program(), script)
    }

    /// Types what has to succeed; what it printed.
    #[track_caller]
    fn does(&self, script: &str) -> String {
        let Said { ok, stdout, stderr } = self.types(script);
        let journals = self.site.machines.iter().map(Machine::journal).collect::<String>();
        assert!(ok, "{script}\n{stdout}{stderr}\n{journals}");
        stdout
    }

    /// Types what is refused; what it said.
    #[track_caller]
    fn is_refused(&self, script: &str, why: &str) {
        let Said { ok, stdout, stderr } = self.types(script);
        assert!(!ok && stderr.contains(why), "{script}\n{stdout}{stderr}");
    }

    /// Types it until it succeeds: for some seconds after a change etcd takes no other change of members.
    fn gets_done(&self, script: &str) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let Said { ok, stdout, stderr } = self.types(script);
            if ok {
                return;
            }
            assert!(Instant::now() < deadline, "{script}\n{stdout}{stderr}");
            sleep(Duration::from_millis(500));
        }
    }

    fn pid(&self, i: usize) -> String {
        self.site.machines[i].sh("systemctl show --property=MainPID --value etcd")
    }

    /// The ID of a member, as etcd lists it now.
    fn id(&self, name: &str) -> String {
        let list = self.does("bouquet etcdctl -- member list");
        let line = list.lines().find(|line| line.contains(&format!(", {name}, ")));
        line.and_then(|line| line.split_once(',')).expect("an ID").0.to_owned()
    }
}

/// A block of the guide for `orange`, for another member.
fn of(block: &str, name: &str, address: u8) -> String {
    block.replace("orange", name).replace("192.168.65.101", &format!("192.168.65.{address}"))
}

#[test]
fn three_machines_installed_and_kept_by_the_commands_of_the_guide() {
    let mut guide = Guide::new(release("3.5.33"));
    is_installed(&guide);
    replaces_certificates(&mut guide);
    changes_an_option(&mut guide);
    adds_a_member(&mut guide);
    replaces_a_member(&guide);
    removes_a_member(&guide);
}

fn is_installed(guide: &Guide) {
    let heading = "4. Install the nodes";
    let [first, second, third, beside] = &installs(heading)[..] else { panic!("four blocks") };
    // Debian's package has started its own etcd.
    runs_an_etcd_of_the_distribution(&guide.site.machines[0]);
    guide.is_refused(first, "an etcd of the distribution runs here");
    guide.does("ssh root@192.168.65.103 systemctl disable --now etcd");

    assert_eq!(guide.does(first), printed(heading));
    // A node without etcd is told before anything is changed there.
    let pink = &guide.site.machines[1];
    pink.sh("mount --bind /dev/null /usr/local/bin/etcd");
    guide.is_refused(second, "there is no etcd here");
    pink.sh("umount /usr/local/bin/etcd");
    let said = guide.does(second);
    assert!(said.starts_with("made the account etcd\n"), "{said}");
    assert!(guide.does(third).ends_with("\norange runs, and is ready\n"));
    assert_eq!(guide.does(third), "nothing to do; orange runs, and is ready\n");
    let healthy = guide.does("bouquet etcdctl -- endpoint health 2>&1");
    assert_eq!(healthy.matches(" is healthy").count(), 3, "{healthy}");
    is_as_shown(&guide.does("bouquet status"));
    guide.does("bouquet done --yes");

    // The program and the folder, brought in another way.
    guide.does(&format!("scp -r out/members/orange {PROGRAM} root@192.168.65.101:"));
    let said = guide.site.machines[ORANGE].sh(&format!("cd /root\n{beside}rm -r orange bouquet"));
    assert_eq!(said, "nothing to do; orange runs, and is ready");
    assert_eq!(guide.site.machines[ORANGE].sh("ls /root"), "", "keys are left");
}

/// The guide shows the same members in the same state; which one leads, and how much they have, is another time's.
fn is_as_shown(said: &str) {
    let shown = printed("6. Look");
    let plain = |text: &str| {
        let lines = text.lines().filter(|line| !line.starts_with('$'));
        let words = lines.map(|line| {
            let words = line.split_whitespace().filter(|word| {
                !["leader", "voter"].contains(word)
                    && !word.starts_with(|it: char| it.is_ascii_digit())
            });
            words.collect::<Vec<_>>().join(" ")
        });
        words.collect::<Vec<_>>()
    };
    assert_eq!(plain(said), plain(&shown), "{said}");
}

fn replaces_certificates(guide: &mut Guide) {
    guide.builds("[tls]\n", "[tls]\ngeneration = 2\n");
    let [block, _] = &installs(ANY_CHANGE)[..] else { panic!("two blocks") };
    for (i, (name, address)) in
        [("daffodil", 103), ("pink", 102), ("orange", 101)].into_iter().enumerate()
    {
        let before = guide.pid(i);
        let said = guide.does(&of(block, name, address));
        assert!(said.starts_with("put the certificates into their place\n"), "{said}");
        assert_eq!(guide.pid(i), before, "it was restarted: {said}");
    }
    let check = "bouquet certs orange --check --dir /opt/etcd/certs";
    guide.does(&format!("ssh root@192.168.65.101 {check}"));
}

fn changes_an_option(guide: &mut Guide) {
    guide.builds("[etcd]", "[etcd]\nsnapshot-count = 5000\n#");
    let [change, back] = &installs(ANY_CHANGE)[..] else { panic!("two blocks") };
    let dry = change.replace("orange -", "orange - --dry-run || [ $? = 2 ]");
    let shown = guide.does(&dry);
    assert!(shown.contains("+    --snapshot-count=5000"), "{shown}");
    assert_eq!(guide.does(change), printed(ANY_CHANGE));
    let said = guide.does(back);
    assert!(said.contains("restarted etcd, for snapshot-count\n"), "{said}");
    for (name, address) in [("orange", 101), ("pink", 102), ("daffodil", 103)] {
        assert_eq!(
            guide.does(&of(change, name, address)),
            printed(ANY_CHANGE).replace("orange", name)
        );
        guide.does("bouquet etcdctl -- endpoint health");
    }
    guide.does("bouquet done --yes");
}

fn adds_a_member(guide: &mut Guide) {
    let camellia = "\n[[member]]\nname = \"camellia\"\nip = \"192.168.65.100\"\n";
    guide.builds("\n[[client]]", &format!("{camellia}\n[[client]]"));
    guide.site.grow(&Output::of_package(guide.package.folder.path()));
    let [block, _] = &installs(ANY_CHANGE)[..] else { panic!("two blocks") };
    let block = &of(block, "camellia", 100);
    guide.is_refused(block, "is no member of the cluster that runs");
    let url = "https://192.168.65.100:2380";
    guide.gets_done(&format!("bouquet etcdctl -- member add camellia --learner --peer-urls={url}"));
    let said = guide.does(block);
    assert!(said.contains("wrote /etc/systemd/system/etcd.service.d/10-join.conf\n"), "{said}");
    assert!(said.ends_with("camellia runs, and is ready\n"), "{said}");
    guide.gets_done(&format!("bouquet etcdctl -- member promote {}", guide.id("camellia")));
    let said = guide.does(block);
    assert!(said.contains("removed /etc/systemd/system/etcd.service.d/10-join.conf\n"), "{said}");
}

/// It is removed first, and added again, with its old data on its node.
fn replaces_a_member(guide: &Guide) {
    let [block] = &installs("Replacing a dead member")[..] else { panic!("a block") };
    let again = block.lines().last().expect("a line").replace(" --set-aside", "");
    // The program that the last build made.
    guide.does(&format!("scp {PROGRAM} root@192.168.65.101:/usr/local/bin/"));
    guide.gets_done(&format!("bouquet etcdctl -- member remove {}", guide.id("orange")));
    let url = "https://192.168.65.101:2380";
    guide.gets_done(&format!("bouquet etcdctl -- member add orange --learner --peer-urls={url}"));
    guide.does("ssh root@192.168.65.101 systemctl stop etcd");
    guide.is_refused(&again, "--set-aside");
    let said = guide.does(block);
    assert!(said.contains("set aside /data/etcd as /data/etcd.20"), "{said}");
    assert!(said.ends_with("orange runs, and is ready\n"), "{said}");
    guide.gets_done(&format!("bouquet etcdctl -- member promote {}", guide.id("orange")));
}

fn removes_a_member(guide: &Guide) {
    let [block] = &installs("Removing a member")[..] else { panic!("a block") };
    guide.is_refused(block, "`orange` is a member still");
    guide.gets_done(&format!("bouquet etcdctl -- member remove {}", guide.id("orange")));
    let said = guide.does(block);
    assert!(said.contains("set aside /data/etcd as /data/etcd.retired-20"), "{said}");
    assert_eq!(guide.site.machines[ORANGE].sh("systemctl is-enabled etcd || true"), "disabled");
}
