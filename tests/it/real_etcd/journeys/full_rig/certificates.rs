//! Certificates that are renewed, and one that was made by someone else.

use super::super::founded;
use super::super::journey::Journey;
use super::super::spec::{THREE, spec};
use super::NAMES;
use crate::support::scope::LINES;
use crate::support::writer::Record;

/// By one copy and one command for each, while someone writes, and tries nothing again.
#[test]
fn certificates_are_renewed_by_install_and_no_write_fails() {
    for release in LINES {
        let mut journey = founded(release);
        let pids = |journey: &mut Journey| {
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
        writer.goes_on();
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
    for release in LINES {
        let mut journey = founded(release);
        journey.typed(HALF);
        let put = "cat /root/half.crt >/opt/etcd/certs/peer.crt; systemctl restart etcd";
        journey.machine("pink").sh(put);
        // etcd calls itself healthy.
        journey.is_healthy();
        let no_mesh = "error: pink has no connection to orange, and both are up\n\
                       note: etcd answers as healthy all the same\n";
        journey.until(|| {
            let said = journey.types("./bouquet status").stdout;
            if said.contains(no_mesh) { Ok(()) } else { Err(said) }
        });
        let said = journey.machine("pink").run("/root/bouquet doctor 2>&1").stdout;
        for words in [
            "error: `orange`, at https://192.168.65.101:2380, does not trust this node's certificate: ",
            "or for `serverAuth` alone\n",
        ] {
            assert!(said.contains(words), "{words} in {said}");
        }
        let log = "journalctl --unit=etcd --output=cat | /root/bouquet doctor --log -";
        let said = journey.machine("orange").run(log).stdout;
        assert!(said.contains("incompatible key usage"), "{said}");
        assert!(
            said.contains("is for `serverAuth` alone, and a peer calls the others too"),
            "{said}"
        );

        let said = journey.installed("pink", "");
        assert_eq!(said, "put the certificates into their place\npink runs, and is ready\n");
        journey.is_well();
    }
}

/// Signs another certificate for the key of `pink`, and carries it there.
const HALF: &str = "\
printf 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:192.168.65.102\nextendedKeyUsage=serverAuth\n' >half.ext
openssl req -new -key out/members/pink/certs/peer.key -subj /CN=pink -out half.csr
openssl x509 -req -in half.csr -CA out/pki/ca.crt -CAkey out/pki/ca.key -days 300 -extfile half.ext -out half.crt
scp -q half.crt root@192.168.65.102:
";
