//! Ports of a test's own, and ways to ask them.

use bouquet_etcd::{Client, Credentials, Deadline, Endpoint, Error, peer, served};
use bouquet_model::url::Url;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

/// How long a call may take that gets no answer.
pub(crate) const SHORT: Duration = Duration::from_millis(500);

/// How long a call may take that gets one, on a busy machine.
pub(crate) const LONG: Duration = Duration::from_secs(20);

/// What a busy machine may add to either.
const SLACK: Duration = Duration::from_secs(4);

/// A CA that signed nothing here.
const CA: &[u8] = include_bytes!("../ca.crt");

/// Returns a port where each connection is given to this.
pub(crate) fn port(answer: impl Fn(TcpStream) + Clone + Send + 'static) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = answer.clone();
            thread::spawn(move || answer(stream));
        }
    });
    port
}

/// Returns a port where these bytes come, once something was said, and nothing after them.
pub(crate) fn says(bytes: &'static [u8]) -> u16 {
    port(move |mut stream| {
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(bytes);
        // What is said meanwhile is read: closed before, the bytes would be lost.
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let _ = std::io::copy(&mut stream, &mut std::io::sink());
    })
}

pub(crate) fn http(port: u16) -> Url {
    Url::parse(&format!("http://127.0.0.1:{port}")).expect("a URL")
}

pub(crate) fn https(port: u16) -> Url {
    Url::parse(&format!("https://127.0.0.1:{port}")).expect("a URL")
}

/// Asks for something within some time, and fails where it takes longer.
pub(crate) fn ask<T>(time: Duration, asking: impl AsyncFnOnce(Deadline) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let begin = Instant::now();
    let answer = runtime.block_on(async { asking(Deadline::within(time)).await });
    assert!(begin.elapsed() < time + SLACK, "{:?}", begin.elapsed());
    answer
}

/// By gRPC.
pub(crate) fn status(time: Duration, url: &Url) -> Error {
    let credentials = Credentials::from_pem(CA, None).expect("a CA");
    let endpoint = Endpoint { url, credentials: Some(&credentials) };
    let answer = ask(time, async |deadline| {
        Client::connect(endpoint, deadline).await?.status(deadline).await
    });
    answer.expect_err("no status")
}

/// By HTTP.
pub(crate) fn version(time: Duration, url: &Url) -> Error {
    let credentials = Credentials::from_pem(CA, None).expect("a CA");
    let endpoint = Endpoint { url, credentials: Some(&credentials) };
    ask(time, async |deadline| peer::version(endpoint, deadline).await).expect_err("no version")
}

/// By TLS alone.
pub(crate) fn certificates(time: Duration, url: &Url) -> Error {
    ask(time, async |deadline| served::certificates(url, deadline).await)
        .expect_err("no certificate")
}
