//! Members under a systemd that runs: each on a machine of its own, installed by the guide.

#![expect(clippy::print_stdout, reason = "what was measured is shown by `--nocapture`")]

mod checked;
mod faults;
mod folders;
mod full_by_install;
mod full_restored;
mod full_systemd;
mod guard;
mod install;
mod operator;
mod site;
mod snapshots;

use crate::support::scope::release;
use bouquet_rig::Machine;
use site::Site;
use std::fs;
use std::time::Instant;

const IS_ACTIVE: &str = "systemctl is-active etcd";
const UNIT: &str = "/etc/systemd/system/etcd.service";
const PUT: [&str; 3] = ["put", "bouquet", "of-flowers"];
const GET: [&str; 3] = ["get", "bouquet", "--print-value-only"];

/// The cluster of the guide, installed by hand, from the first start to a power cut.
#[test]
fn three_machines_installed_by_hand_as_the_guide_has_it() {
    let release = release("3.5.33");
    let spec = include_str!("../../../../cluster.toml");
    let spec = spec.replace("etcd = \"3.5\"", &format!("etcd = \"{}\"", line(release)));
    let mut site = Site::new(&spec, release);
    runs_an_etcd_of_the_distribution(&site.machines[0]);
    site.install();
    has_the_unit_of_the_release_before(&site.machines[2]);
    starts_when_more_than_half_are_there(&mut site);
    works_in_its_sandbox(&site);
    replaces_certificates_without_a_restart(&site);
    restarts_and_stops(&site.machines[1]);
    comes_back_after_a_kill(&mut site.machines[2]);
    site.all(&["endpoint", "health"]);
    gets_the_unit_of_today(&site.machines[2]);
    comes_back_after_a_reboot(&mut site.machines[0]);
    site.all(&["endpoint", "health"]);
    comes_back_after_a_power_cut(&mut site.machines);
    assert_eq!(site.all(&GET), "of-flowers\n");
    stays_down_when_it_was_removed(&mut site);
}

/// It ran an `install -d` for each folder, left a folder for a default `data-dir` to systemd, and had no
/// guard.
fn has_the_unit_of_the_release_before(machine: &Machine) {
    let unit = fs::read_to_string(machine.path(UNIT)).expect("a unit");
    let (head, rest) = unit.split_once("# Not where it has run").expect("a guard");
    let (_, rest) = rest.split_once("# Made where").expect("folders");
    let (script, tail) = rest.split_once("' sh ").expect("a script");
    assert!(script.contains("install -d -m 0700"), "{unit}");
    let (folder, tail) = tail.split_once('\n').expect("a line");
    let (tail, mark) = tail.split_once("ExecStartPost=").expect("a mark");
    let (_, end) = mark.split_once("TimeoutStartSec=").expect("what follows");
    let tail = format!("{tail}TimeoutStartSec={end}");
    let before = match tail.split_once("WorkingDirectory=-/var/lib/etcd\n") {
        None => format!("{head}ExecStartPre=+install -d -m 0700 -o etcd -g etcd {folder}\n{tail}"),
        Some((_, tail)) => format!(
            "{head}StateDirectory=etcd\nStateDirectoryMode=0700\nWorkingDirectory=%S/etcd\n{tail}"
        ),
    };
    fs::write(machine.path(UNIT).with_extension("today"), unit).expect("a unit");
    fs::write(machine.path(UNIT), before).expect("a unit");
    machine.sh("systemctl daemon-reload");
}

/// What it made is taken as it is.
fn gets_the_unit_of_today(machine: &Machine) {
    machine.sh("cd /etc/systemd/system; mv etcd.today etcd.service; systemctl daemon-reload");
    machine.sh("systemctl restart etcd");
}

/// As Debian's package does: a unit of the same name, below the administrator's, that runs.
fn runs_an_etcd_of_the_distribution(machine: &Machine) {
    let folder = machine.path("/etc/systemd/system.attached");
    fs::create_dir_all(&folder).expect("a folder");
    let unit = "[Service]\nType=notify\nDynamicUser=yes\nStateDirectory=etcd\n\
                ExecStart=etcd --data-dir=/var/lib/etcd/default\n\
                [Install]\nWantedBy=multi-user.target\n";
    fs::write(folder.join("etcd.service"), unit).expect("a unit");
    machine.sh("systemctl daemon-reload; systemctl enable --now etcd");
}

fn starts_when_more_than_half_are_there(site: &mut Site) {
    start(site, 0);
    let runs = "journalctl --unit=etcd | grep -q 'starting an etcd server.*etcd-cluster-1'";
    site.machines[0].wait_for(runs);
    let state = |site: &Site| site.machines[0].run(IS_ACTIVE).stdout;
    assert_eq!(state(site), "activating\n");
    site.machines[0].sh("systemctl stop etcd");
    assert_eq!(state(site), "inactive\n");
    let started = Instant::now();
    for i in 0..3 {
        start(site, i);
    }
    for machine in &mut site.machines {
        machine.wait_for(IS_ACTIVE);
        let warnings = machine.sh("journalctl --priority=warning _PID=1 --output=cat");
        let of_etcd = warnings.lines().find(|line| line.contains("etcd"));
        assert_eq!(of_etcd, None, "systemd complains");
    }
    println!("all active {} ms after the first start", started.elapsed().as_millis());
}

fn start(site: &Site, i: usize) {
    let [block] = &site.guide("5. Start", i)[..] else { panic!("one block") };
    site.machines[i].sh(block);
}

fn works_in_its_sandbox(site: &Site) {
    let healthy = site.all(&["endpoint", "health"]);
    assert_eq!(healthy.matches("is healthy").count(), 3, "{healthy}");
    for _ in 0..3 {
        site.all(&PUT);
    }
    let snapshot = site.scratch("snapshot.db");
    let saved = site.etcdctl(&[0], &["snapshot", "save", &snapshot]);
    assert!(saved.ok, "{}", saved.stderr);
    site.all(&["compact", "3"]);
    site.all(&["defrag"]);
    assert_eq!(site.all(&GET), "of-flowers\n");
    for machine in &site.machines {
        assert_eq!(machine.sh("stat -c '%U %a' /data/etcd /opt/etcd/certs"), "etcd 700\netcd 700");
        let status = "cat /proc/$(systemctl show --property=MainPID --value etcd)/status";
        let status = machine.sh(status);
        for line in ["CapEff:\t0000000000000000", "NoNewPrivs:\t1", "Seccomp:\t2"] {
            assert!(status.contains(line), "{line} in\n{status}");
        }
    }
}

/// By the same ones: what is proven is the way.
fn replaces_certificates_without_a_restart(site: &Site) {
    for (i, machine) in site.machines.iter().enumerate() {
        let [block] = &site.guide("Replacing certificates", i)[..] else { panic!("one block") };
        site.copy(i, machine);
        machine.sh(block);
        machine.sh(
            "rm -r /root/etcd-*; cd /opt/etcd; rm certs.2*/*.crt certs.2*/*.key; rmdir certs.2*",
        );
    }
    site.all(&["endpoint", "health"]);
}

fn restarts_and_stops(machine: &Machine) {
    let started = Instant::now();
    machine.sh("systemctl restart etcd");
    println!("restarted in {} ms", started.elapsed().as_millis());
    machine.sh("systemctl stop etcd");
    let state = machine.sh("systemctl show --property=ActiveState,Result,NRestarts etcd | sort");
    assert_eq!(state, "ActiveState=inactive\nNRestarts=0\nResult=success");
    machine.sh("systemctl start etcd");
}

fn comes_back_after_a_kill(machine: &mut Machine) {
    machine.sh("systemctl kill --signal=KILL etcd");
    let restarted = "systemctl show --property=NRestarts etcd | grep -qx NRestarts=1";
    let took = machine.wait_for(&format!("{restarted} && {IS_ACTIVE}"));
    println!("active {} ms after a kill", took.as_millis());
}

fn comes_back_after_a_reboot(machine: &mut Machine) {
    let started = Instant::now();
    machine.reboot();
    machine.wait_for(IS_ACTIVE);
    println!("active {} ms after the order to reboot", started.elapsed().as_millis());
}

fn comes_back_after_a_power_cut(machines: &mut [Machine]) {
    machines.iter_mut().for_each(Machine::cut_power);
    let started = Instant::now();
    machines.iter_mut().for_each(Machine::boot);
    for machine in machines {
        machine.wait_for(IS_ACTIVE);
    }
    println!("all active {} ms after the power came back", started.elapsed().as_millis());
}

/// etcd then ends without a failure.
fn stays_down_when_it_was_removed(site: &mut Site) {
    site.changes(&["remove", &site.id(2)]);
    let machine = &mut site.machines[2];
    is_at_rest(machine);
    // It ends again whenever it is started, with 1 in about one start of three.
    let quicker = "[Service]\nRestartSec=1s\n";
    let drop_in = machine.path("/etc/systemd/system/etcd.service.d");
    fs::create_dir_all(&drop_in).expect("a folder");
    fs::write(drop_in.join("quicker.conf"), quicker).expect("a drop-in");
    machine.reboot();
    machine.wait_for("journalctl --boot --unit=etcd | grep -q 'permanently removed'");
    is_at_rest(machine);
    for _ in 0..4 {
        let _ = machine.run("systemctl start etcd");
        is_at_rest(machine);
    }
}

fn is_at_rest(machine: &mut Machine) {
    machine.wait_for("systemctl show --property=ActiveState etcd | grep -qx ActiveState=inactive");
    let state = machine.sh("systemctl show --property=ExecMainStatus,Result etcd | sort");
    assert_eq!(state, "ExecMainStatus=0\nResult=success");
}

/// The line that a release belongs to: `3.5` of `3.5.33`.
fn line(release: &str) -> &str {
    release.rsplit_once('.').expect("a patch").0
}

fn alone(version: &str, options: &str, certs: &str) -> String {
    format!(
        "[cluster]\ntoken = \"alone\"\netcd = \"{version}\"\n[etcd]\n{options}\n\
         [tls]\ncerts-dir = \"{certs}\"\n\
         [[member]]\nname = \"one\"\nip = \"192.168.65.101\"\n\
         [[client]]\nname = \"root\"\n"
    )
}
