//! Certificates and versions of TLS, on both sides.

use super::asked::{Asked, credentials};
use crate::support::build::Output;
use crate::support::live::Live;
use crate::support::place::Block;
use crate::support::releases::releases;
use crate::support::side_by_side::with_each;
use bouquet_etcd::{Client, Credentials, CredentialsError, Error, Reach, served};
use bouquet_model::time::Date;
use bouquet_model::url::{Scheme, Url};
use std::fs;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A member and two clients.
const ONE: &str = r#"
[cluster]
token = "tls"
etcd = "3.6"

[etcd]
data-dir = "/data/etcd"

[[member]]
name = "orange"
ip = "10.0.0.1"

[[client]]
name = "root"
"#;

/// Tries as many as it takes to meet each order of a handshake's end and a call's begin.
const TRIES: usize = 20;

/// Whether a member turns someone away, each time, for a reason that TLS names.
#[track_caller]
fn rejects(asked: &Asked, credentials: &Credentials) -> String {
    let mut reason = String::new();
    for _ in 0..TRIES {
        match asked.lets_in(Some(credentials)) {
            Err(Error::Unreachable(Reach::Rejected(text))) => reason = text,
            other => panic!("{other:?}"),
        }
    }
    reason
}

/// Whether a member's certificate is not taken, and why.
#[track_caller]
fn distrusts(asked: &Asked, credentials: &Credentials) -> String {
    match asked.lets_in(Some(credentials)) {
        Err(Error::Unreachable(Reach::Untrusted(text))) => text,
        other => panic!("{other:?}"),
    }
}

fn read(output: &Output, file: &str) -> Vec<u8> {
    fs::read(output.path(file)).expect(file)
}

/// With each version of TLS that the release can be told to speak, and with its own choice.
#[test]
fn certificates_of_others_are_not_taken_on_either_side() {
    with_each(&releases(), |release| {
        let other = Output::of(&ONE.replace("10.0.0.1", "127.0.0.99"));
        let old = release.starts_with("3.4.") || *release == "3.5.1";
        let versions: &[&str] = if old { &[""] } else { &["", "TLS1.2", "TLS1.3"] };
        for version in versions {
            let block = Block::claim();
            let range = match *version {
                "" => String::new(),
                version => {
                    format!("tls-min-version = \"{version}\"\ntls-max-version = \"{version}\"\n")
                }
            };
            let spec = ONE.replace("[etcd]\n", &format!("[etcd]\n{range}"));
            let output = Output::of(&block.relocate(&spec, release));
            let _live = Live::start(&output, release, "command");
            let asked = Asked::of(&output);
            assert_eq!(asked.lets_in(asked.root.as_ref()), Ok(()), "{version}");

            let ca = read(&output, "clients/root/ca.crt");
            let chain = read(&other, "clients/root/client.crt");
            let key = read(&other, "clients/root/client.key");
            let nobody = Credentials::from_pem(&ca, None).expect("a CA");
            let foreign = Credentials::from_pem(&ca, Some((&chain, &key))).expect("a pair");
            rejects(&asked, &nobody);
            rejects(&asked, &foreign);
            let trusts_others = credentials(&other.path("clients/root"), "client");
            let why = distrusts(&asked, &trusts_others);
            assert_eq!(why, "it is from a CA that is not trusted", "{version}");
            // What it shows is seen all the same, without a certificate.
            let url = &asked.urls[0];
            let chain = asked.run(async |deadline| served::certificates(url, deadline).await);
            assert_eq!(chain.map(|chain| chain.len()), Ok(1), "{version}");
            by_another_name_or_in_plain(&asked);
        }
    });
}

/// The certificate is for `localhost` too, and for no other host; and a URL that says http by mistake.
fn by_another_name_or_in_plain(asked: &Asked) {
    let plain = Url { scheme: Scheme::Http, ..asked.urls[0].clone() };
    let status = async |client: &mut Client, deadline| client.status(deadline).await;
    let said = asked.at(&plain, None, status);
    let is_it = matches!(&said, Err(Error::NotEtcd(_) | Error::Unreachable(Reach::Other(_))));
    assert!(is_it, "{said:?}");
}

/// The member's, then the client's.
#[test]
fn expired_certificates_are_not_taken_on_either_side() {
    with_each(&releases(), |release| {
        let block = Block::claim();
        let spec = block.relocate(&format!("{ONE}[tls]\nvalid-for = \"2h\"\n"), release);
        let yesterday = SystemTime::now() - Duration::from_secs(20 * 3600);
        let output = Output::begun(&spec, yesterday);
        let expired = credentials(&output.path("clients/root"), "client");
        {
            let _live = Live::start(&output, release, "command");
            let asked = Asked::of(&output);
            let why = distrusts(&asked, &expired);
            assert!(why.contains("expired"), "{why}");
            let url = &asked.urls[0];
            let chain = asked.run(async |deadline| served::certificates(url, deadline).await);
            assert!(chain.is_ok(), "{chain:?}");
        }
        output.rebuild(&spec);
        let _live = Live::start(&output, release, "command");
        let asked = Asked::of(&output);
        assert_eq!(asked.lets_in(asked.root.as_ref()), Ok(()));
        let why = rejects(&asked, &expired);
        assert!(why.contains("Expired") || why.contains("BadCertificate"), "{why}");
    });
}

#[test]
fn a_client_that_was_revoked_is_told_so_by_tls() {
    with_each(&releases(), |release| {
        let block = Block::claim();
        let spec = block
            .relocate(&format!("{ONE}[[client]]\nname = \"alice\"\n[ca]\ncrl = true\n"), release);
        let output = Output::of(&spec);
        let stolen = credentials(&output.path("clients/alice"), "client");
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs();
        let today = Date(i64::try_from(now).expect("a time"));
        let again = spec.replace("name = \"alice\"", "name = \"alice\"\ngeneration = 2");
        output.rebuild(&format!("{again}\n[[revoked]]\nname = \"alice\"\ndate = \"{today}\"\n"));
        let _live = Live::start(&output, release, "command");
        let asked = Asked::of(&output);
        assert_eq!(asked.lets_in(asked.root.as_ref()), Ok(()));
        let alice = credentials(&output.path("clients/alice"), "client");
        assert_eq!(asked.lets_in(Some(&alice)), Ok(()));
        rejects(&asked, &stolen);
    });
}

#[test]
fn files_that_are_no_credentials_are_refused_without_a_word_of_the_key() {
    let output = Output::of(&ONE.replace("10.0.0.1", "127.0.0.99"));
    let ca = read(&output, "clients/root/ca.crt");
    let chain = read(&output, "clients/root/client.crt");
    let key = read(&output, "clients/root/client.key");
    let other = read(&output, "members/orange/certs/server.key");
    let of = |ca: &[u8], chain: &[u8], key: &[u8]| {
        Credentials::from_pem(ca, Some((chain, key))).map(drop).expect_err("no credentials")
    };
    let garbage = &key[..key.len() / 2];
    assert!(matches!(of(b"", &chain, &key), CredentialsError::Ca(_)));
    assert!(matches!(of(garbage, &chain, &key), CredentialsError::Ca(_)));
    assert!(matches!(of(&ca, b"", &key), CredentialsError::Certificate(_)));
    assert!(matches!(of(&ca, &key, &key), CredentialsError::Certificate(_)));
    for broken in [&b""[..], garbage, &other, &chain] {
        let error = of(&ca, &chain, broken);
        assert!(matches!(error, CredentialsError::Key(_)), "{error:?}");
        let line = String::from_utf8_lossy(broken).lines().nth(1).unwrap_or("-").to_owned();
        assert!(!format!("{error} {error:?}").contains(&line), "{error:?}");
    }
}
