//! Ports where something else is than etcd, or nothing.

use crate::support::port::{
    LONG, SHORT, ask, certificates, http, https, port, says, status, version,
};
use bouquet_etcd::{Client, Endpoint, Error, Reach, peer};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Duration;

/// What each of the ways of asking meets at a port: gRPC and HTTP, each plain and in TLS, and TLS alone.
fn met(time: Duration, port: u16) -> [Error; 5] {
    let (http, https) = (http(port), https(port));
    [
        status(time, &http),
        version(time, &http),
        status(time, &https),
        version(time, &https),
        certificates(time, &https),
    ]
}

#[test]
fn nobody_listens() {
    let free = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let all = [const { Error::Unreachable(Reach::NoListener) }; 5];
    assert_eq!(met(LONG, port), all);
}

/// As a process does that was stopped.
#[test]
fn it_takes_connections_and_says_nothing() {
    let silent = port(|stream| {
        std::thread::sleep(Duration::from_secs(60));
        drop(stream);
    });
    assert_eq!(met(SHORT, silent), [const { Error::Unreachable(Reach::Silent) }; 5]);
}

/// As a queue of connections is that nobody takes.
#[test]
fn it_takes_no_connections() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = listener.local_addr().expect("an address").port();
    assert_eq!(met(SHORT, port), [const { Error::Unreachable(Reach::Silent) }; 5]);
}

#[test]
fn it_closes_each_connection() {
    for error in met(LONG, port(drop)) {
        assert!(matches!(error, Error::Unreachable(Reach::Other(_))), "{error:?}");
    }
}

#[test]
fn it_speaks_http_1_and_is_not_etcd() {
    let answer = b"HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\n\x1b[2J\n";
    let [by_grpc, by_http, tls @ ..] = met(LONG, says(answer));
    assert_eq!(by_grpc, Error::NotEtcd("it speaks no HTTP/2, but HTTP/1".to_owned()));
    assert_eq!(by_http, Error::Refused("HTTP 404 Not Found: \u{fffd}[2J".to_owned()));
    assert_eq!(tls, [const { Error::Unreachable(Reach::NotTls) }; 3]);
}

#[test]
fn it_answers_with_json_of_another_program() {
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n{\"version\": \"1\"}\n";
    let error = version(LONG, &http(says(answer)));
    assert!(matches!(&error, Error::NotEtcd(text) if text.contains("etcdserver")), "{error:?}");
    let port = http(says(answer));
    let endpoint = Endpoint { url: &port, credentials: None };
    let error = ask(LONG, async |deadline| peer::members(endpoint, deadline).await);
    assert_eq!(error, Err(Error::NotEtcd("no `X-Etcd-Cluster-ID`".to_owned())));
}

/// Its head is not as late as its body: the time of the other side is in the head.
#[test]
fn metrics_come_with_the_moment_of_their_head() {
    const PAUSE: Duration = Duration::from_millis(200);
    let slow = port(|mut stream| {
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
        std::thread::sleep(PAUSE);
        let _ = stream.write_all(b"a 1\n");
    });
    let url = http(slow);
    let is_early = || {
        let endpoint = Endpoint { url: &url, credentials: None };
        let scrape = ask(LONG, async |deadline| peer::metrics(endpoint, deadline).await);
        scrape.expect("metrics").came.elapsed() > PAUSE / 2
    };
    // On a busy machine both may be read at once.
    assert!((0..20).any(|_| is_early()));
}

#[test]
fn it_speaks_something_else() {
    let [by_grpc, by_http, tls @ ..] = met(LONG, says(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"));
    assert_eq!(by_grpc, Error::NotEtcd("it speaks no HTTP/2, but something else".to_owned()));
    assert!(matches!(by_http, Error::NotEtcd(_)), "{by_http:?}");
    assert_eq!(tls, [const { Error::Unreachable(Reach::NotTls) }; 3]);
}

/// As a port with TLS does that is asked in plain.
#[test]
fn it_answers_with_an_alert() {
    let [by_grpc, by_http, ..] = met(LONG, says(b"\x15\x03\x01\0\x02\x02\x46"));
    assert_eq!(by_grpc, Error::NotEtcd("it speaks no HTTP/2, but TLS".to_owned()));
    assert!(matches!(by_http, Error::NotEtcd(_)), "{by_http:?}");
}

#[test]
fn a_port_with_tls_is_not_asked_without_a_ca() {
    let url = https(says(b""));
    let endpoint = Endpoint { url: &url, credentials: None };
    let said = ask(LONG, async |deadline| Client::connect(endpoint, deadline).await.map(drop));
    let text = "no CA is given to verify it by".to_owned();
    assert_eq!(said, Err(Error::Unreachable(Reach::Untrusted(text))));
}

#[test]
fn a_name_that_has_no_address_is_told() {
    let url = bouquet_model::url::Url::parse("http://nowhere.invalid:2379").expect("a URL");
    let error = version(LONG, &url);
    let is_it = matches!(error, Error::Unreachable(Reach::NoAddress(_) | Reach::Silent));
    assert!(is_it, "{error:?}");
}
