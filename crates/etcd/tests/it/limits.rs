//! Answers without an end, and others that would take more memory than there is.

use crate::support::port::{LONG, SHORT, ask, http, port, status, version};
use bouquet_etcd::{Client, Endpoint, Error};
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

/// What HTTP/2 begins with: from a client, and from a server.
const PREFACE: usize = 24;
const SETTINGS: &[u8] = b"\0\0\0\x04\0\0\0\0\0";

/// The head of an answer on the first stream: status 200 and `application/grpc`.
const HEAD: &[u8] = b"\0\0\x13\x01\x04\0\0\0\x01\x88\x5f\x10application/grpc";

/// A frame of data on the first stream.
fn data(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).expect("a short frame").to_be_bytes();
    [&length[1..], b"\0\0\0\0\0\x01", bytes].concat()
}

/// Returns a port that answers by HTTP/1 with a head, and then with the same as long as it is taken.
fn endless(head: &[u8], again: &[u8]) -> u16 {
    let (head, again) = (head.to_vec(), again.to_vec());
    port(move |mut stream| {
        let _ = stream.read(&mut [0; 1024]);
        answer(stream, &head, &again);
    })
}

/// The same by gRPC, once a call came.
fn endless_grpc(head: &[u8], again: &[u8]) -> u16 {
    let (head, again) = (head.to_vec(), again.to_vec());
    port(move |stream| {
        answer(called(stream), &head, &again);
    })
}

/// Begins to speak HTTP/2, and waits for a call.
fn called(mut stream: TcpStream) -> TcpStream {
    let _ = stream.write_all(SETTINGS);
    let _ = stream.read_exact(&mut [0; PREFACE]);
    let mut frame = [0; 9];
    // Until the head of a call.
    while stream.read_exact(&mut frame).is_ok() && frame[3] != 1 {
        let length = u64::from(u32::from_be_bytes([0, frame[0], frame[1], frame[2]]));
        let _ = std::io::copy(&mut (&mut stream).take(length), &mut std::io::sink());
    }
    stream
}

fn answer(mut stream: TcpStream, head: &[u8], again: &[u8]) {
    let mut reading = stream.try_clone().expect("a stream");
    std::thread::spawn(move || std::io::copy(&mut reading, &mut std::io::sink()));
    let mut taken = stream.write_all(head);
    while taken.is_ok() {
        taken = stream.write_all(again);
    }
}

fn said_by_grpc(time: Duration, port: u16) -> String {
    match status(time, &http(port)) {
        Error::NotEtcd(text) | Error::Unknown(text) => text,
        other => panic!("{other:?}"),
    }
}

/// HTTP/2 begins late, and an answer comes byte by byte; then the same without the outcome behind it.
#[test]
fn an_answer_is_whole_once_its_outcome_came() {
    const MESSAGE: &[u8] = b"\0\0\0\0\x08\x12\x063.6.16";
    const OUTCOME: &[u8] = b"\0\0\x0f\x01\x05\0\0\0\x01\0\x0bgrpc-status\x010";
    let answers = |outcome: &'static [u8]| {
        let port = port(move |stream| {
            std::thread::sleep(SHORT);
            let mut stream = called(stream);
            let _ = stream.write_all(HEAD);
            for byte in MESSAGE {
                let _ = stream.write_all(&data(&[*byte]));
            }
            let _ = stream.write_all(outcome);
            let _ = stream.shutdown(Shutdown::Write);
            let _ = std::io::copy(&mut stream, &mut std::io::sink());
        });
        let url = http(port);
        let endpoint = Endpoint { url: &url, credentials: None };
        ask(LONG, async |deadline| {
            Client::connect(endpoint, deadline).await?.status(deadline).await
        })
    };
    assert_eq!(answers(OUTCOME).expect("an answer").version, "3.6.16");
    assert!(matches!(answers(b""), Err(Error::Unknown(_))));
}

#[test]
fn a_message_is_refused_by_its_length() {
    let said = said_by_grpc(
        LONG,
        endless_grpc(&[HEAD, &data(b"\0\xff\xff\xff\xff")].concat(), &data(&[0; 9000])),
    );
    assert_eq!(said, "a message of 4294967295 bytes, where 1048576 are the most");
}

#[test]
fn one_answer_is_one_message() {
    let said = said_by_grpc(LONG, endless_grpc(HEAD, &data(b"\0\0\0\0\0")));
    assert_eq!(said, "/etcdserverpb.Maintenance/Status sent more than one message");
}

#[test]
fn heads_trailers_and_frames_without_an_end_are_given_up() {
    // A header of 16,000 bytes, continued for ever; pings; settings; no bytes at all.
    let header =
        [b"\0\x3e\x86\x09\0\0\0\0\x01\0\x01x\x7f\x81\x7c".as_slice(), &[b'a'; 16_000]].concat();
    let begin = b"\0\0\x01\x01\0\0\0\0\x01\x88";
    for (head, again) in [
        (begin.as_slice(), header.as_slice()),
        (HEAD, b"\0\0\x08\x06\0\0\0\0\0abcdefgh"),
        (HEAD, b"\0\0\0\x04\0\0\0\0\0"),
        (HEAD, &data(b"")),
    ] {
        let _ = said_by_grpc(SHORT, endless_grpc(head, again));
    }
}

#[test]
fn a_body_without_an_end_is_given_up() {
    let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunk = [b"fff\r\n".as_slice(), &[b' '; 0xfff], b"\r\n"].concat();
    let error = version(LONG, &http(endless(head, &chunk)));
    assert_eq!(error, Error::NotEtcd("length limit exceeded".to_owned()));
}

#[test]
fn a_head_without_an_end_is_given_up() {
    let lines = b"X-Flowers: daffodil, orange, pink, and all others in alphabetical order\r\n";
    let error = version(LONG, &http(endless(b"HTTP/1.1 200 OK\r\n", lines)));
    assert!(matches!(error, Error::NotEtcd(_)), "{error:?}");
    let error = version(LONG, &http(endless(b"HTTP/1.1 200 OK\r\nX-Flowers: ", b"daffodil")));
    assert!(matches!(error, Error::NotEtcd(_)), "{error:?}");
}
