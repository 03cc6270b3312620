//! A machine whose disk is a copy of another's.

use super::founded;

#[test]
fn a_cloned_machine_is_refused() {
    let mut journey = founded("3.6.16");
    journey.machine("pink").cut_power();
    journey.clones("orange", ("pink", 102));
    journey.are_healthy(&["orange", "daffodil"]);
    let clone = journey.machine("pink");
    println!("{}", clone.run("systemctl status etcd; /root/bouquet doctor 2>&1").stdout);
    println!("{}", clone.run("/root/bouquet install orange 2>&1").stdout);
    println!("{}", clone.run("systemctl status etcd").stdout);
    let pink = journey.package.path("out/members/pink");
    let to = journey.machine("pink").path("/root/pink");
    super::super::journey::copies(&pink, &to);
    println!("{}", journey.machine("pink").run("/root/bouquet install pink 2>&1").stdout);
    println!("{}", journey.machine("pink").run("/root/bouquet doctor pink 2>&1").stdout);
    println!("{}", journey.types("./bouquet status").stdout);
    println!("{}", journey.types("ssh root@192.168.65.102 true").stderr);
}
