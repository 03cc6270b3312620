//! An end in the middle, a connection that breaks, a machine that is lost, and one that lets nobody in.

use super::super::super::journey::Journey;
use super::super::super::spec::THREE;
use super::load::Load;
use super::typed::{
    CAMELLIA, LATER, LONGEST, PINK, applied, applies, asked, by_ssh, has_succeeded, is_recorded,
    run_with,
};
use std::time::{Duration, Instant};

/// For how long the lock of one that was killed stays, and as long again.
const HELD: Duration = Duration::from_secs(120);

/// Its own end is no end of what it has begun on a node. The next one waits for its lock, and does the rest.
pub(super) fn one_that_was_killed_is_gone_on_with(journey: &Journey, load: &Load) {
    journey.builds(&by_ssh(&LATER, "snapshot-count = 6000\n"));
    journey.typed(KILLED);
    let what = "one that was killed is gone on with";
    let began = Instant::now();
    let said = loop {
        let said = applies(journey, "");
        let is_held = said.stderr.contains("another `apply` changes this cluster");
        if !is_held || began.elapsed() > HELD {
            break said;
        }
    };
    has_succeeded(what, began, &said);
    load.is_whole(journey, what, LONGEST);
    run_with(journey, "--snapshot-count=6000");
    is_recorded(journey);
}

/// While it restarts the second member.
const KILLED: &str = "\
export HOME=$PWD
./bouquet apply --yes >killed.out 2>killed.err &
until grep -q '^2/.* restart ' killed.err; do kill -0 $!; sleep 0.02; done
sleep 0.3
kill -KILL $!
";

/// A signal waits for the node that is at work, and nothing has to be waited for before the next run.
pub(super) fn one_that_is_asked_to_end_ends_its_step(journey: &Journey, load: &Load) {
    journey.builds(&by_ssh(&LATER, "snapshot-count = 6500\n"));
    let said = journey.types(ASKED);
    for words in ["\nstops after this step; if you ask again", "\nstopped, as asked; "] {
        assert!(said.stderr.contains(words), "{words} in {}", said.stderr);
    }
    assert!(said.stdout.ends_with("ends with 143\n"), "{}{}", said.stdout, said.stderr);
    let what = "one that is asked to end ends its step";
    let said = applied(journey, what, "");
    assert_eq!(said.stderr.matches(": restarted etcd, ").count(), 2, "{}", said.stderr);
    load.is_whole(journey, what, LONGEST);
    run_with(journey, "--snapshot-count=6500");
    is_recorded(journey);
}

/// While the first member is restarted.
const ASKED: &str = "\
export HOME=$PWD
./bouquet apply --yes >asked.out 2>asked.err &
until grep -q ': wrote /etc/systemd/system/etcd.service$' asked.err; do kill -0 $!; sleep 0.01; done
kill -TERM $!
wait $! || echo \"ends with $?\"
cat asked.err >&2
";

/// What was begun on the node goes on; the same again finds that it is done.
pub(super) fn a_connection_that_breaks_is_made_again(journey: &Journey, load: &Load) {
    journey.builds(&by_ssh(&LATER, "snapshot-count = 7000\n"));
    let what = "a connection that breaks is made again";
    let began = Instant::now();
    let said = journey.types(BROKEN);
    has_succeeded(what, began, &said);
    assert!(said.stderr.contains("ssh was ended by signal 9"), "{}", said.stderr);
    load.is_whole(journey, what, LONGEST);
    run_with(journey, "--snapshot-count=7000");
    is_recorded(journey);
}

/// While the first member is restarted.
const BROKEN: &str = "\
export HOME=$PWD
./bouquet apply --yes 2>broken.err &
until grep -q ': wrote /etc/systemd/system/etcd.service$' broken.err; do kill -0 $!; sleep 0.01; done
kill -KILL $(pgrep -P $! -x ssh)
code=0
wait $! || code=$?
cat broken.err >&2
exit $code
";

/// Its disk is gone, too; the new one has its address. Nothing is begun before it is there.
pub(super) fn a_lost_machine_is_replaced(journey: &mut Journey, load: &Load) {
    journey.machine(PINK.0).cut_power();
    journey.network.cut(PINK.0);
    let members = |journey: &Journey| journey.etcdctl(&["orange"], "member list").stdout;
    let before = members(journey);
    let said = applies(journey, "--replace pink");
    assert!(said.stdout.ends_with("ends with 1\n"), "{}{}", said.stdout, said.stderr);
    for words in
        ["error: pink: root@192.168.65.102 cannot be reached\n", "note: nothing was begun\n"]
    {
        assert!(said.stderr.contains(words), "{words} in {}", said.stderr);
    }
    assert_eq!(members(journey), before);
    let machine = journey.machine_at("pink-2", PINK);
    journey.replaces(PINK, machine);
    // That the address moved gets about within seconds.
    journey.until(|| {
        let said = journey.types("ssh root@192.168.65.102 true");
        if said.ok { Ok(()) } else { Err(said.stderr) }
    });
    let what = "a lost machine is replaced";
    applied(journey, what, "--replace pink");
    load.is_whole(journey, what, LONGEST);
    run_with(journey, "--snapshot-count=7000");
    is_recorded(journey);
}

/// Another comes for it, on a machine that has data of an earlier one, set aside. Somebody else has to end its etcd.
pub(super) fn one_that_lets_nobody_in_leaves(journey: &mut Journey, load: &Load) {
    journey.machine(PINK.0).sh("systemctl stop sshd");
    let members = [CAMELLIA, THREE[0], THREE[2]];
    journey.builds(&by_ssh(&members, "snapshot-count = 7000\n"));
    what_its_node_does_not_take_is_told_before_it_is_added(journey, "daffodil");
    let what = "one that lets nobody in leaves";
    let said = applied(journey, what, "--hook ./hook");
    for words in [
        "error: pink: root@192.168.65.102 cannot be reached\n",
        "daffodil: set aside /data/etcd as /data/etcd.20",
    ] {
        assert!(said.stderr.contains(words), "{words} in {}", said.stderr);
    }
    load.is_whole(journey, what, LONGEST);
    assert_eq!(asked(journey), ["clients", "retire"]);
    journey.leaves(PINK.0);
    is_recorded(journey);
}

/// A learner that cannot start would stay in the list. At last the node has the data with which that member was removed.
fn what_its_node_does_not_take_is_told_before_it_is_added(
    journey: &mut Journey,
    name: &'static str,
) {
    journey.machine(name).sh(OTHER);
    nothing_is_begun(journey, "2379 is taken, by etcd, process ");
    journey.machine(name).sh("systemctl stop other");
    nothing_is_begun(journey, "--set-aside --no-start");
    journey.machine(name).sh("rm -r /data/etcd && mv /data/etcd.retired-* /data/etcd");
}

#[track_caller]
fn nothing_is_begun(journey: &Journey, why: &str) {
    let members = || journey.etcdctl(&["orange"], "member list").stdout;
    let before = members();
    let said = applies(journey, "--hook ./hook");
    assert!(said.stdout.ends_with("ends with 1\n"), "{}{}", said.stdout, said.stderr);
    for words in [
        why,
        "the data here is of another cluster, ",
        "its node cannot take it, and has said why\n",
        "note: nothing was begun\n",
    ] {
        assert!(said.stderr.contains(words), "{words} in {}", said.stderr);
    }
    assert_eq!(members(), before, "a member was added or removed");
}

/// As another tool has set it up.
const OTHER: &str = "\
systemd-run --quiet --unit=other etcd --data-dir=/data/etcd --listen-client-urls=http://0.0.0.0:2379 \
    --advertise-client-urls=http://127.0.0.1:2379
until ETCDCTL_API=3 etcdctl --endpoints=http://127.0.0.1:2379 endpoint health; do sleep 0.2; done
";
