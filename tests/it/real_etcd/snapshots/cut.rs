//! A connection that breaks in the middle of a snapshot.

use super::ends;
use crate::real_etcd::site::{Site, Spec};
use crate::support::build::build_in;
use crate::support::releases::releases;
use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::SystemTime;

/// The port of the proxy, where another program of the cluster finds the members.
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
    behind_a_proxy(&mut site);
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

/// The package in another folder, whose program finds each member behind a proxy, which cuts what is long.
fn behind_a_proxy(site: &mut Site) {
    site.types("mkdir proxied; cp -r cluster.lock out proxied");
    let spec = fs::read_to_string(site.path("cluster.toml")).expect("a file");
    let spec = spec.replace("\nip = ", &format!("\nclient-port = {PORT}\nip = "));
    let folder = site.path("proxied");
    let (ok, said) = build_in(&folder, &spec, SystemTime::now());
    assert!(ok, "{said}");
    for last in [1, 2, 3] {
        proxy(site.address(last));
    }
}

/// Hands connections on for as long as the test runs.
fn proxy(address: Ipv4Addr) {
    let listener = TcpListener::bind((address, PORT)).expect("a port");
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
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
