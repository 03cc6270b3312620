//! The bounds of numbers: at a bound etcd starts and takes a put, and what is told of the values
//! beyond is what happens.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use bouquet_model::option::Raw::{self, Int, Str};

use super::at_hand::{Etcd, with_each};
use super::releases::{DEFAULT, releases};

/// How long an etcd has to start and answer on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(60);

struct Bound {
    option: &'static str,
    /// The last value that the table takes.
    at: Raw<'static>,
    /// One that it refuses, and what etcd says of it, to its log or to the client.
    beyond: Option<(Raw<'static>, &'static [&'static str])>,
    /// What else makes etcd look at it.
    beside: &'static [(&'static str, &'static str)],
}

const fn bound(option: &'static str, at: Raw<'static>) -> Bound {
    Bound { option, at, beyond: None, beside: &[] }
}

impl Bound {
    const fn beyond(mut self, value: Raw<'static>, words: &'static [&'static str]) -> Self {
        self.beyond = Some((value, words));
        self
    }

    const fn beside(mut self, options: &'static [(&'static str, &'static str)]) -> Self {
        self.beside = options;
        self
    }
}

const MIB: i64 = 1 << 20;
const TIB: i64 = 1 << 40;
const PERIODIC: &[(&str, &str)] = &[("auto-compaction-mode", "periodic")];
const ROTATED: &[(&str, &str)] =
    &[("enable-log-rotation", "true"), ("log-outputs", "DIR/etcd.log")];

/// The first of them are enough for a run on the one release of every day.
const FEW: usize = 4;
const BOUNDS: &[Bound] = &[
    bound("quota-backend-bytes", Int(64 << 10)).beyond(Int(8), &["database space exceeded"]),
    bound("max-request-bytes", Int(1 << 10)).beyond(Int(1), &["request is too large"]),
    bound("auto-compaction-retention", Str("1s"))
        .beyond(Str("9ns"), &["integer divide by zero"])
        .beside(PERIODIC),
    bound("log-rotation-config-json", Str(r#"{"maxsize": 8796093022207}"#))
        .beyond(Str("{}"), &["nil pointer dereference"])
        .beside(ROTATED),
    bound("quota-backend-bytes", Int(57 * TIB))
        .beyond(Int(200 * TIB), &["failed to open database"]),
    bound("max-request-bytes", Int(10 * MIB))
        .beyond(Int(i64::MAX), &["received message larger than max"]),
    bound("auto-compaction-retention", Str("2562047h47m16s")).beside(PERIODIC),
    bound("max-concurrent-streams", Int(0xffff_ffff)).beyond(Int(1 << 32), &["invalid value"]),
    bound("auth-token-ttl", Int(9_223_372_036)),
    bound("snapshot-count", Int(i64::MAX)),
    bound("max-wals", Int(i64::MAX)),
    bound("max-txn-ops", Int(i64::MAX)),
    bound("backend-batch-limit", Int(i64::MAX)),
    bound("grpc-keepalive-interval", Str("1s")),
    bound("grpc-keepalive-min-time", Str("1ns")),
    bound("backend-batch-interval", Str("1ns")),
    bound("corrupt-check-time", Str("1ns")),
    bound("bootstrap-defrag-threshold-megabytes", Int((1 << 44) - 1)),
    bound("snapshot-catchup-entries", Int(1 << 53)),
    bound("watch-progress-notify-interval", Str("100ms")),
    bound("experimental-bootstrap-defrag-threshold-megabytes", Int((1 << 44) - 1)),
];

#[test]
fn etcd_takes_a_put_at_each_bound_and_fails_beyond_as_it_is_told() {
    let few = releases() == [DEFAULT];
    with_each(|etcd| {
        for bound in if few { &BOUNDS[..FEW] } else { BOUNDS } {
            let Some(option) = etcd.options().find(|option| option.name() == bound.option) else {
                continue;
            };
            let name = bound.option;
            assert!(option.check(bound.at, etcd.version).is_ok(), "{name} = {:?}", bound.at);
            let said = puts(etcd, bound, bound.at, &[DONE]);
            assert!(said.is_ok(), "etcd {}, {name} = {:?}: {said:?}", etcd.version, bound.at);
            let Some((value, words)) = bound.beyond else { continue };
            assert!(option.check(value, etcd.version).is_err(), "{name} = {value:?}");
            let said = puts(etcd, bound, value, words);
            assert!(said.is_ok(), "etcd {}, {name} = {value:?}: {said:?}", etcd.version);
        }
    });
}

/// A log with an entry of 10 MiB is read again by the releases of which the table says so.
#[test]
fn etcd_starts_again_after_the_largest_request_that_the_table_takes() {
    let large = 11 * MIB;
    with_each(|etcd| {
        let option = etcd.options().find(|option| option.name() == "max-request-bytes");
        let taken = option.expect("an option").check(Int(large), etcd.version).is_ok();
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let flags = [format!("--max-request-bytes={}", 2 * large)];
        // Three bytes are four letters in base 64.
        let value = "AAAA".repeat(usize::try_from(large / 3).expect("a length"));
        // Before 3.4.21 and 3.5.5 a member alone answers before the entry is in its log: one that is
        // killed then has it not (etcd's issue 14370).
        let said = start(etcd, folder.path(), &flags, &value, &[DONE]).map(Running::stop);
        assert_eq!(said, Ok(()), "etcd {}", etcd.version);
        let expected = if taken { DONE } else { "max entry size limit exceeded" };
        let said = start(etcd, folder.path(), &flags, "Yg==", &[expected]).map(drop);
        assert_eq!(said, Ok(()), "etcd {}", etcd.version);
    });
}

/// What the gateway answers to a put.
const DONE: &str = "HTTP/1.1 200";

/// Starts an etcd with this value and puts a key, until one of these words is said. Or else returns
/// all that was.
fn puts(etcd: &Etcd, bound: &Bound, value: Raw<'_>, words: &[&str]) -> Result<(), String> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let value = match value {
        Int(number) => number.to_string(),
        Str(text) => text.to_owned(),
        other => panic!("no flag is written as {other:?}"),
    };
    let flags: Vec<String> = [(bound.option, value.as_str())]
        .iter()
        .chain(bound.beside)
        .map(|(name, value)| format!("--{name}={value}"))
        .collect();
    start(etcd, folder.path(), &flags, "Yg==", words).map(drop)
}

/// The same with these flags, in which `DIR` is the folder, and this value in base 64.
#[expect(clippy::disallowed_methods, reason = "etcd's words are in a file")]
fn start(
    etcd: &Etcd,
    folder: &Path,
    flags: &[String],
    value: &str,
    words: &[&str],
) -> Result<Running, String> {
    // Both are held at once, so that they are two.
    let [peers, clients] = [(); 2]
        .map(|()| TcpListener::bind("127.0.0.1:0").expect("a free port"))
        .map(|free| free.local_addr().expect("an address").to_string());
    let own = [
        "--name=one".to_owned(),
        "--logger=zap".to_owned(),
        "--data-dir=DIR/data".to_owned(),
        format!("--listen-peer-urls=http://{peers}"),
        format!("--initial-advertise-peer-urls=http://{peers}"),
        format!("--initial-cluster=one=http://{peers}"),
        format!("--listen-client-urls=http://{clients}"),
        format!("--advertise-client-urls=http://{clients}"),
    ];
    let dir = folder.to_str().expect("a path in UTF-8");
    let log = folder.join("said");
    let said = File::create(&log).expect("a file");
    let mut running = Running(
        Command::new(&etcd.path)
            .args(own.iter().chain(flags).map(|flag| flag.replace("DIR", dir)))
            .env_clear()
            .current_dir(dir)
            .stdin(Stdio::null())
            .stdout(said.try_clone().expect("the same file"))
            .stderr(said)
            .spawn()
            .expect("etcd runs"),
    );
    let until = Instant::now() + PATIENCE;
    loop {
        let ended = running.0.try_wait().expect("a child").is_some();
        let said = read(&log) + &put(&clients, value);
        if words.iter().any(|word| said.contains(word)) {
            return Ok(running);
        }
        if ended || Instant::now() > until {
            return Err(said);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// An etcd that ends with the test.
struct Running(Child);

impl Running {
    /// Has it end as a service manager would, and waits for that.
    fn stop(mut self) {
        let id = self.0.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().expect("kill runs");
        assert!(asked.success(), "etcd had ended");
        self.0.wait().expect("a child");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[expect(clippy::disallowed_methods, reason = "etcd's words are in a file")]
fn read(log: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(log).unwrap_or_default()).into_owned()
}

/// What the JSON gateway answers; nothing as long as nobody listens.
fn put(address: &str, value: &str) -> String {
    let body = format!(r#"{{"key": "YQ==", "value": "{value}"}}"#);
    let request = format!(
        "POST /v3/kv/put HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut answer = Vec::new();
    let Ok(mut stream) = TcpStream::connect(address) else { return String::new() };
    let asked = stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .and_then(|()| stream.write_all(request.as_bytes()))
        .and_then(|()| stream.read_to_end(&mut answer).map(|_| ()));
    match asked {
        Ok(()) => String::from_utf8_lossy(&answer).into_owned(),
        Err(_) => String::new(),
    }
}
