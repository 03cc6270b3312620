//! A connection that breaks in the middle of a snapshot, and one at which nothing comes.

use super::ends;
use crate::real_etcd::site::{Site, Spec};
use crate::support::build::build_in;
use crate::support::releases::releases;
use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::path::PathBuf;
use std::thread;
use std::time::SystemTime;

/// The port of the proxies, where another program of the cluster finds the members. They listen for as long as all
/// tests run, and addresses are used again: each kind has its own.
const PORT: u16 = 2379 + 100;

/// More than a look at the members takes, and less than the snapshot.
const LIMIT: usize = 2 << 20;

#[test]
fn a_connection_that_is_cut_leaves_nothing() {
    let release = releases().pop().expect("a release");
    let mut site = Site::start(&Spec::of(&release));
    site.types("bouquet snapshot small.db; cp small.db kept.db");
    let large = "head -c 1000000 /dev/urandom | base64 -w 0 | head -c 1000000 >large";
    site.types(&format!(
        "{large}; for i in 1 2 3 4; do bouquet etcdctl -- put large/$i <large; done"
    ));
    behind_a_proxy(&mut site, &Proxy::Cuts);
    let through = "BOUQUET_PACKAGE=$SITE/proxied BOUQUET_OUT=$SITE/out program/bouquet snapshot";
    site.types("mkdir folder");
    for target in ["kept.db", "other.db", "folder"] {
        let said = ends(&mut site, &format!("{through} {target}"), 1);
        assert!(said.contains("sent no whole snapshot: "), "{said}");
        assert!(said.contains("nothing is left of it"), "{said}");
    }
    let left = site.types("cmp small.db kept.db; ls -A folder; find . -maxdepth 1 -name 'other*' -o -maxdepth 1 -name '.*partial'");
    assert_eq!(left, "");
    let said = ends(&mut site, &format!("{through} - 2>talk | cat >piped.db; cat talk"), 0);
    assert!(said.contains("sent no whole snapshot: "), "{said}");
    // The members themselves were well all the time.
    site.types("bouquet snapshot kept.db");
    site.tool("snapshot status kept.db -w json");
}

/// Its signals are heard while it waits for a member, as by any command.
#[test]
fn a_signal_ends_it_before_the_first_part_came() {
    let release = releases().pop().expect("a release");
    let mut site = Site::start(&Spec::of(&release));
    let hangs = site.path("hangs");
    behind_a_proxy(&mut site, &Proxy::Hangs(hangs));
    let said = site.types(&format!(
        "mkdir folder\n\
         BOUQUET_PACKAGE=$SITE/proxied program/bouquet snapshot folder --deadline 60s >talk & saver=$!\n\
         until [ -e hangs ]; do sleep 0.1; done; {}",
        signalled("TERM")
    ));
    assert_eq!(said, "ended with 143\n", "{}", site.types("cat talk"));
    assert_eq!(site.types("ls -A folder"), "");
}

/// A pipe that is full, and at its other end one who does not read on.
#[test]
fn a_signal_ends_it_while_a_pipe_is_stuck() {
    let release = releases().pop().expect("a release");
    let mut site = Site::start(&Spec::of(&release));
    let large = "head -c 1000000 /dev/urandom | base64 -w 0 | head -c 1000000 >large";
    let said = site.types(&format!(
        "{large}; bouquet etcdctl -- put large <large >/dev/null; mkfifo stuck\n\
         BOUQUET_PACKAGE=$SITE program/bouquet snapshot - >stuck 2>talk & saver=$!\n\
         exec 3<stuck; head -c 1 <&3 >first; sleep 2; {}",
        signalled("INT")
    ));
    assert_eq!(said, "ended with 130\n", "{}", site.types("cat talk"));
}

/// Sends a signal to the program, and tells what it ends with; where it does not end, that is 137.
fn signalled(signal: &str) -> String {
    format!(
        "kill -s {signal} $saver; (sleep 30; kill -s KILL $saver) >/dev/null 2>&1 & killer=$!\n\
         code=0; wait $saver || code=$?; kill $killer 2>/dev/null || true; echo \"ended with $code\""
    )
}

/// What a proxy does.
#[derive(Clone)]
enum Proxy {
    /// It cuts what is long.
    Cuts,
    /// Once the members were looked at, it takes connections and does nothing, and makes this file.
    Hangs(PathBuf),
}

impl Proxy {
    const fn port(&self) -> u16 {
        match self {
            Self::Cuts => PORT,
            Self::Hangs(_) => PORT + 1,
        }
    }
}

/// A look has three connections to each client port: for what the member tells, its metrics and its certificate.
const LOOK: usize = 3;

/// The package in another folder, whose program finds each member behind a proxy.
fn behind_a_proxy(site: &mut Site, kind: &Proxy) {
    site.types("mkdir proxied; cp -r cluster.lock out proxied");
    let spec = fs::read_to_string(site.path("cluster.toml")).expect("a file");
    let port = kind.port();
    let spec = spec.replace("\nip = ", &format!("\nclient-port = {port}\nip = "));
    let folder = site.path("proxied");
    let (ok, said) = build_in(&folder, &spec, SystemTime::now());
    assert!(ok, "{said}");
    for last in [1, 2, 3] {
        proxy(site.address(last), kind.clone());
    }
}

/// Hands connections on for as long as the test runs.
fn proxy(address: Ipv4Addr, kind: Proxy) {
    let listener = TcpListener::bind((address, kind.port())).expect("a port");
    thread::spawn(move || {
        let mut hanging = Vec::new();
        for (count, client) in listener.incoming().flatten().enumerate() {
            if let Proxy::Hangs(mark) = &kind
                && count >= LOOK
            {
                hanging.push(client);
                fs::write(mark, "").expect("a file");
                continue;
            }
            let Ok(server) = TcpStream::connect((address, 2379)) else { continue };
            let [from, to] = [&client, &server].map(|it| it.try_clone().expect("a socket"));
            thread::spawn(move || hand_on(from, to, usize::MAX));
            thread::spawn(move || hand_on(server, client, LIMIT));
        }
    });
}

/// Hands so much on, and ends both sides then.
fn hand_on(mut from: TcpStream, mut to: TcpStream, limit: usize) {
    let (mut part, mut handed) = ([0; 8192], 0);
    while handed < limit
        && let Ok(length @ 1..) = from.read(&mut part)
        && to.write_all(&part[..length]).is_ok()
    {
        handed += length;
    }
    for side in [from, to] {
        let _ = side.shutdown(Shutdown::Both);
    }
}
