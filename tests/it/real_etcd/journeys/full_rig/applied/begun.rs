//! A cluster that is made of bare machines, in more than one go.

use super::super::super::journey::{FILES, Journey};
use super::super::super::spec::THREE;
use super::super::NAMES;
use super::typed::{RELEASE, applied, applies, by_ssh, is_recorded};
use crate::support::package::Package;
use crate::support::scope::release;

/// Nothing is begun while one machine is off; and what was begun is gone on with.
#[test]
fn a_cluster_is_made_in_more_than_one_go() {
    let package = Package::for_any_machine(&by_ssh(&THREE, ""));
    let mut journey = Journey::at(package, &THREE, release(RELEASE));
    journey.machine("daffodil").cut_power();
    let before = journey.machine("orange").sh(FILES);
    let said = applies(&journey, "--bootstrap");
    assert!(said.stdout.ends_with("ends with 1\n"), "{}{}", said.stdout, said.stderr);
    let words = "error: daffodil: root@192.168.65.103 cannot be reached\n";
    assert!(said.stderr.contains(words), "{}", said.stderr);
    assert_eq!(journey.machine("orange").sh(FILES), before, "something was changed");

    let daffodil = journey.machine("daffodil");
    daffodil.boot();
    daffodil.wait_for("systemctl is-active sshd");
    journey.typed(KILLED);
    let said = applied(&journey, "a cluster that was begun", "--bootstrap");
    assert!(said.stderr.contains("orange: nothing to do; orange "), "{}", said.stderr);
    journey.are_healthy(&NAMES);
    is_recorded(&journey);
}

/// While the second member is installed; until it has ended, it holds what keeps a second one away.
const KILLED: &str = "\
export HOME=$PWD
./bouquet apply --bootstrap --yes >killed.out 2>killed.err &
until grep -q '^2/3 ' killed.err; do kill -0 $!; sleep 0.02; done
kill -KILL $!
wait $! || :
";
