//! A snapshot that is taken while several clients write, restored on the same machines and on others.

use super::{Site, Spec, have_the_same, json, on_each, restore, status};
use bouquet_etcd::messages::kv::PutRequest;
use bouquet_etcd::{Client, Credentials, Deadline, Endpoint};
use bouquet_model::url::Url;
use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

/// How many keys each writer writes at most, and for how long.
const KEYS: usize = 20_000;
const TIME: Duration = Duration::from_secs(40);

#[test]
fn what_was_acknowledged_up_to_the_snapshot_is_there_and_nothing_from_after_it() {
    on_each(under_load);
}

fn under_load(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    let load = Load::start(&site);
    load.has_written(300);
    let saved = json(&mut site, "bouquet snapshot loaded.db");
    load.has_written(load.written() + 300);
    let written = load.end();
    let revision = saved["revision"].as_i64().expect("a revision");

    elsewhere(release, &site, &written, revision);
    restore(&mut site, "loaded.db");
    written.are_on(&site, revision);
    have_the_same(&site);
    site.build(&spec);
    assert_eq!(status(&mut site)["exit"], 0);
}

/// On the machines of another cluster, which runs, has other names, addresses and data, and loses them.
fn elsewhere(release: &str, from: &Site, written: &Written, revision: i64) {
    let spec = Spec { token: "garden", ..Spec::of(release) };
    let spec = spec.members(&[("lily", 21), ("rose", 22), ("tulip", 23)]);
    let mut site = Site::start(&spec);
    site.types("bouquet etcdctl -- put own 1");
    fs::copy(from.path("loaded.db"), site.path("loaded.db")).expect("a copy");
    let said = site.types("bouquet restore loaded.db");
    let theirs = [("camellia", 1), ("orange", 2), ("pink", 3)];
    let theirs =
        theirs.map(|(name, last)| format!("{name} at https://{}:2380", from.address(last)));
    for words in ["it is of a cluster at other addresses", &theirs[0], &theirs[1], &theirs[2]] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let printed = json(&mut site, "bouquet restore loaded.db");
    let members = printed["members"].as_array().expect("a list").len();
    assert_eq!(members, 3);
    assert!(printed["token"].as_str().is_some_and(|token| token.starts_with("garden.")));
    restore(&mut site, "loaded.db");
    written.are_on(&site, revision);
    have_the_same(&site);
    site.has_its_members();
    let (_, own) = site.client_says("root", &["get", "own"]);
    assert_eq!(own, "", "it had to be without its own data");
    site.build(&spec);
    assert_eq!(status(&mut site)["exit"], 0);
    // The cluster that it came from knows nothing of it.
    from.has_its_members();
}

/// What etcd acknowledged, in the order of one writer.
struct Acknowledged {
    key: String,
    value: String,
    revision: i64,
}

/// Clients that write, each through a member of its own.
struct Load {
    left: Arc<AtomicUsize>,
    written: Arc<AtomicUsize>,
    writers: Vec<JoinHandle<Vec<Acknowledged>>>,
}

impl Drop for Load {
    fn drop(&mut self) {
        self.left.store(0, Ordering::Relaxed);
    }
}

impl Load {
    fn start(site: &Site) -> Self {
        let folder = site.client_of("root").folder;
        let read = |file: &str| fs::read(folder.join(file)).expect("a file");
        let (ca, chain, key) = (read("ca.crt"), read("client.crt"), read("client.key"));
        let credentials = Credentials::from_pem(&ca, Some((&chain, &key))).expect("credentials");
        let left = Arc::new(AtomicUsize::new(3 * KEYS));
        let written = Arc::new(AtomicUsize::new(0));
        let writer = |last: u8| {
            let url = Url::parse(&format!("https://{}:2379", site.address(last))).expect("a URL");
            let (left, written) = (Arc::clone(&left), Arc::clone(&written));
            let credentials = credentials.clone();
            spawn(move || writes(last, &url, &credentials, (&left, &written)))
        };
        let writers = [1, 2, 3].map(writer).into();
        Self { left, written, writers }
    }

    fn written(&self) -> usize {
        self.written.load(Ordering::Relaxed)
    }

    /// Waits until so many were acknowledged.
    fn has_written(&self, count: usize) {
        let end = Instant::now() + TIME;
        while self.written() < count {
            assert!(Instant::now() < end, "{} of {count} are written", self.written());
            sleep(Duration::from_millis(5));
        }
    }

    fn end(mut self) -> Written {
        self.left.store(0, Ordering::Relaxed);
        let writers = self.writers.drain(..);
        Written(writers.flat_map(|writer| writer.join().expect("no panic")).collect())
    }
}

/// Writes one key after another, every third of them once more, until that is to end or is not acknowledged.
fn writes(
    writer: u8,
    url: &Url,
    credentials: &Credentials,
    (left, written): (&AtomicUsize, &AtomicUsize),
) -> Vec<Acknowledged> {
    let begin = Instant::now();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let endpoint = Endpoint { url, credentials: Some(credentials) };
        let deadline = || Deadline::within(Duration::from_secs(10));
        let mut client = Client::connect(endpoint, deadline()).await.expect("a connection");
        let mut acknowledged = Vec::new();
        for number in 0_usize.. {
            let goes_on = left.load(Ordering::Relaxed) > 0 && begin.elapsed() < TIME;
            if !goes_on {
                break;
            }
            let key = format!("load/{writer}/{}", number - usize::from(number % 3 == 2));
            let value = format!("{writer}.{number}");
            let put = PutRequest { key: key.clone().into(), value: value.clone().into(), lease: 0 };
            let Ok(answer) = client.put(&put, deadline()).await else { break };
            let revision = answer.header.expect("a header").revision;
            acknowledged.push(Acknowledged { key, value, revision });
            written.fetch_add(1, Ordering::Relaxed);
            let _ =
                left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        }
        acknowledged
    })
}

/// All that was acknowledged.
struct Written(Vec<Acknowledged>);

impl Written {
    /// The site has each key up to that revision with the value that it had then, and none from after it.
    fn are_on(&self, site: &Site, revision: i64) {
        let Self(all) = self;
        let (before, after): (Vec<_>, Vec<_>) = all.iter().partition(|it| it.revision <= revision);
        assert!(before.len() > 100 && after.len() > 100, "{} and {}", before.len(), after.len());
        let mut expected = BTreeMap::new();
        for it in before {
            let (_, at) =
                expected.entry(it.key.as_str()).or_insert((it.value.as_str(), it.revision));
            if *at <= it.revision {
                expected.insert(it.key.as_str(), (it.value.as_str(), it.revision));
            }
        }
        let expected: BTreeMap<_, _> =
            expected.into_iter().map(|(key, (value, _))| (key, value)).collect();
        let (ok, said) = site.client_says("root", &["get", "load/", "--prefix"]);
        assert!(ok, "{said}");
        let lines: Vec<_> = said.lines().collect();
        let there: BTreeMap<_, _> = lines.chunks(2).map(|pair| (pair[0], pair[1])).collect();
        let lost: Vec<_> =
            expected.iter().filter(|(key, value)| there.get(*key) != Some(value)).collect();
        assert!(lost.is_empty(), "at revision {revision}: {lost:?}");
        let more: Vec<_> = there.iter().filter(|(key, _)| !expected.contains_key(*key)).collect();
        // One for each writer may have been written, and its answer be lost.
        let is_known = |key: &str| all.iter().any(|it| it.key == key);
        assert!(more.iter().all(|(key, _)| !is_known(key)) && more.len() <= 3, "{more:?}");
    }
}
