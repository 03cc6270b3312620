//! A member ends: where its mark is, what gives way, and whose word is taken that it was removed.

use super::work::install;
use crate::compiled::Compiled;
use crate::live::tests::scene::flowers::CLUSTER;
use crate::node::install::deeds::Deed;
use crate::node::install::retire::{Former, gives_way, is_removed};
use crate::node::install::work::Install;
use bouquet_model::Cluster;
use bouquet_model::node_path::NodePath;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::thread;

fn former(options: &[&str]) -> Former {
    let arguments = options.iter().map(|it| (*it).to_owned()).collect();
    Former { unit: "etcd".to_owned(), arguments }
}

fn mark(options: &[&str], own: &[&str]) -> String {
    let own: Vec<NodePath> = own.iter().map(|it| NodePath::parse(it).expect(it)).collect();
    former(options).mark("a", &own).to_string()
}

#[test]
fn its_mark_is_where_its_unit_has_it() {
    let tls =
        ["--peer-cert-file=/opt/etcd/certs/peer.crt", "--listen-peer-urls=https://[::1]:2380"];
    let plain = ["--listen-peer-urls=http://10.0.0.1:2381,http://127.0.0.1:2380"];
    assert_eq!(mark(&tls, &["/data"]), "/opt/etcd/certs.a.started");
    assert_eq!(mark(&plain, &["/data"]), "/var/lib/etcd-2381.a.started");
    // A reboot removes the one with the other.
    assert_eq!(mark(&tls, &["/data", "/run/log"]), "/run/etcd-2380.a.started");
}

#[test]
fn a_mark_gives_way_with_its_data_and_goes_without() {
    let pair = |name: &str| (name.into(), format!("{name}.then").into());
    let (data, mark) = (pair("data"), pair("mark"));
    assert_eq!(gives_way(Vec::new(), None), None);
    let goes = Deed::Remove { place: "mark".into() };
    assert_eq!(gives_way(Vec::new(), Some(mark.clone())), Some(goes));
    let both = Deed::SetAside(vec![data.clone(), mark.clone()]);
    assert_eq!(gives_way(vec![data], Some(mark)), Some(both));
}

/// Answers requests for `/members` at an address of this machine's, as the one voter that there is.
fn voter() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let list = format!(r#"[{{"id":5,"name":"b","peerURLs":["{url}"],"clientURLs":["http://c"]}}]"#);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let reader = BufReader::new(stream.try_clone().expect("the same"));
            let head = reader.lines().map_while(Result::ok).take_while(|line| !line.is_empty());
            assert!(head.count() > 0);
            let head = "HTTP/1.1 200 OK\r\nX-Etcd-Cluster-ID: 7\r\nConnection: close\r\n";
            let length = list.len();
            write!(stream, "{head}Content-Length: {length}\r\n\r\n{list}").expect("it is read");
        }
    });
    url
}

#[test]
fn over_plain_http_anybody_may_say_that_it_was_removed() {
    let list = format!("--initial-cluster=a=http://127.0.0.1:1,b={}", voter());
    let former = former(&["--initial-advertise-peer-urls=http://127.0.0.1:1", &list]);
    let cluster = Cluster { members: Vec::new().into(), ..CLUSTER.clone() };
    let compiled = Compiled { cluster: &cluster, certificates: &[] };
    let work = Install { member: "a".to_owned(), retire: true, ..install(None) };
    let problem = is_removed(&compiled, &work, &former, Some(9)).expect_err("a refusal");
    assert!(problem.message.contains("plain HTTP: anybody may have sent it"), "{problem}");
    assert!(problem.help.iter().any(|help| help.contains("--trust-network")), "{problem}");
    let work = Install { trust_network: true, ..work };
    assert_eq!(is_removed(&compiled, &work, &former, Some(9)), Ok(()));
    let problem = is_removed(&compiled, &work, &former, Some(5)).expect_err("it is a member");
    assert!(problem.message.ends_with("is a member still"), "{problem}");
}
