//! A machine whose disk is a copy of another's.

use super::super::founded;
use super::super::journey::Journey;
use super::super::spec::Member;
use bouquet_rig::Machine;

const PINK: Member = ("pink", 102);

/// That of `pink`, gone with all that was on it: someone put a copy of `orange` into its place.
#[test]
fn a_machine_that_is_a_copy_of_another_is_refused() {
    let mut journey = founded("3.6.16");
    journey.clones("orange", PINK);
    journey.are_healthy(&["orange", "daffodil"]);
    is_no_known_host(&journey);
    journey.copies("out/members/pink", "pink", "/root/pink");
    let copy = journey.machine("pink");
    copy.wait_for("journalctl --unit=etcd | grep -q 'bind: cannot assign requested address'");

    // Its unit is the first thing that tells whose machine it was.
    let before = files(copy);
    let said = copy.run("/root/bouquet install pink 2>&1");
    for words in [
        "etcd.service here is that of `orange`, and not of `pink`",
        "`systemctl disable --now etcd`",
    ] {
        assert!(!said.ok && said.stdout.contains(words), "{}", said.stdout);
    }
    assert_eq!(files(copy), before, "something was changed");
    copy.sh("systemctl disable --now etcd");
    let before = files(copy);
    let set_aside =
        "help: set it aside, if orange has its own: `bouquet install pink --set-aside`\n";
    for (command, words) in [
        ("install pink", "error: the data here is that of `orange`, "),
        ("install pink", set_aside),
        ("doctor pink", "error: the data here is that of `orange`, "),
        ("doctor pink", set_aside),
        // As what it was, it has the address of another.
        ("install orange", "192.168.65.101 is no address of this node\n"),
        // The one whose place it has lost its data.
        ("install pink --set-aside", "`pink` has run, and its data is gone"),
    ] {
        let said = copy.run(&format!("/root/bouquet {command} 2>&1"));
        assert!(!said.ok && said.stdout.contains(words), "{command}: {}", said.stdout);
        assert_eq!(files(copy), before, "something was changed by {command}");
    }
    journey.are_healthy(&["orange", "daffodil"]);

    // It is removed, and added again.
    journey.removes("pink");
    journey.adds(PINK);
    let said = journey.machine("pink").sh("/root/bouquet install pink --set-aside 2>&1");
    assert!(said.contains("set aside /data/etcd as /data/etcd.20"), "{said}");
    journey.promotes("pink");
    journey.is_healthy();
}

/// Nobody types a thing on it by mistake. That the address moved gets about within seconds.
fn is_no_known_host(journey: &Journey) {
    journey.until(|| {
        let said = journey.types("ssh root@192.168.65.102 true");
        let is_refused = said.stderr.contains("Host key verification failed");
        if !said.ok && is_refused { Ok(()) } else { Err(said.stderr) }
    });
}

/// All that an installation may change; etcd, which is started again and again, writes none of it.
fn files(machine: &Machine) -> String {
    machine.sh(super::super::journey::FILES)
}
