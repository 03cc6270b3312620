//! Certificates that are renewed, and one that was made by someone else.

use super::super::spec::{THREE, spec};
use super::{EACH, NAMES, founded};
use crate::support::writer::Record;
use std::thread::sleep;
use std::time::Duration;

/// By one copy and one command for each, while someone writes, and tries nothing again.
#[test]
fn certificates_are_renewed_by_install_and_no_write_fails() {
    for release in EACH {
        let mut journey = founded(release);
        let pids = |journey: &mut super::Journey| {
            NAMES.map(|name| journey.machine(name).sh("systemctl show --property=MainPID etcd"))
        };
        let before = pids(&mut journey);
        let writer = journey.writer("5s");
        journey.builds(&spec(release, &THREE, "generation = 2\n"));
        let said = journey.types("./bouquet status").stdout;
        assert_eq!(
            said.matches("was renewed, and the new one is not yet installed").count(),
            6,
            "{said}"
        );
        for name in NAMES {
            journey.brings(name);
            let said = journey.installed(name, "");
            assert!(said.starts_with("put the certificates into their place\n"), "{said}");
            assert!(!said.contains("restarted"), "{said}");
        }
        sleep(Duration::from_secs(2));
        let Record { writes, failures, longest_gap, .. } = writer.take();
        assert_eq!(failures, Vec::<String>::new());
        assert_eq!(pids(&mut journey), before, "one was restarted");
        let said = journey.typed("./bouquet status");
        assert!(!said.contains("not yet installed"), "{said}");
        println!(
            "etcd {release}: certificates renewed by install: {writes} writes, 0 failed, longest gap {} ms, 0 restarts",
            longest_gap.as_millis()
        );
    }
}

/// Made by hand, as many a tool makes it: it serves, and is refused where it calls.
#[test]
fn a_peer_certificate_that_is_for_servers_alone_is_told() {
    let mut journey = founded("3.6.16");
    journey.typed(
        "cp out/members/pink/certs/peer.key half.key
         printf 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:192.168.65.102\nextendedKeyUsage=serverAuth\n' >half.ext
         openssl req -new -key half.key -subj /CN=pink -out half.csr
         openssl x509 -req -in half.csr -CA out/pki/ca.crt -CAkey out/pki/ca.key -days 30 -extfile half.ext -out half.crt
         scp -q half.crt root@192.168.65.102:",
    );
    let pink = journey.machine("pink");
    pink.sh("cat /root/half.crt >/opt/etcd/certs/peer.crt; systemctl restart --no-block etcd");
    sleep(Duration::from_secs(8));
    println!("{}", journey.types("./bouquet status").stdout);
    println!("{}", journey.machine("pink").run("/root/bouquet doctor 2>&1").stdout);
    println!("{}", journey.machine("orange").run("/root/bouquet doctor 2>&1").stdout);
    println!("{}", journey.machine("pink").run("journalctl -u etcd -n 300 --output=cat | grep -v info | tail -3; journalctl -u etcd --output=cat | /root/bouquet doctor --log - 2>&1").stdout);
    println!(
        "{}",
        journey
            .machine("orange")
            .run("journalctl -u etcd --output=cat | /root/bouquet doctor --log - 2>&1")
            .stdout
    );
    println!("{:?}", journey.installs("pink", ""));
    sleep(Duration::from_secs(3));
    journey.is_healthy();
    println!("{}", journey.types("./bouquet status").stdout);
}
