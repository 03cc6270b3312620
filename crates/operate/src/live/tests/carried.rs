//! The file of metrics, which outlives a look that came to nothing.

#![expect(clippy::disallowed_methods, reason = "a test reads what was written")]

use super::scene::flowers::CLUSTER;
use crate::client::Speaker;
use crate::compiled::Compiled;
use crate::live::{Beside, Form, Look, Ways, carry};
use crate::patience::Patience;
use bouquet_model::Cluster;
use bouquet_model::url::Url;
use std::cell::RefCell;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

/// Returns the members at ports where nobody listens.
fn nowhere() -> Cluster {
    let mut cluster = Cluster { tls: None, ..CLUSTER.clone() };
    for member in cluster.members.to_mut() {
        let url = || vec![Url::parse("http://127.0.0.1:1").unwrap()].into();
        (member.advertise_client_urls, member.initial_advertise_peer_urls) = (url(), url());
    }
    cluster
}

fn work(textfile: &Path, files: Option<PathBuf>) -> Look {
    Look {
        client: Speaker { files, ..Speaker::default() },
        deadline: Duration::from_secs(20),
        form: Form::Table,
        watch: None,
        textfile: Some(textfile.to_path_buf()),
        beside: Beside::new("bouquet"),
    }
}

#[test]
fn metrics_are_written_also_where_nobody_answers_and_kept_where_nobody_could_be_asked() {
    let folder = tempfile::tempdir().unwrap();
    let textfile = folder.path().join("bouquet.prom");
    let (cluster, printed) = (nowhere(), RefCell::new(String::new()));
    let compiled = Compiled { cluster: &cluster, certificates: &[] };
    let ways = Ways {
        print: &|text| printed.borrow_mut().push_str(text),
        columns: None,
        read: &|_| Err(io::ErrorKind::NotFound.into()),
        clock: || UNIX_EPOCH + Duration::from_secs(77),
        patience: Patience::default(),
    };
    let exit = carry(&compiled, &work(&textfile, None), &ways).unwrap();
    assert_eq!(exit.code(), 3);
    assert!(printed.borrow().contains("no member says who the members are"), "the table, besides");
    let written = fs::read_to_string(&textfile).unwrap();
    let token = &cluster.token;
    for line in [
        format!("bouquet_cluster_exit_code{{cluster=\"{token}\"}} 3\n"),
        format!("bouquet_status_timestamp_seconds{{cluster=\"{token}\"}} 77\n"),
    ] {
        assert!(written.contains(&line), "{written}");
    }
    // The client's files are gone.
    let failed = carry(&compiled, &work(&textfile, Some("nowhere".into())), &ways);
    assert!(failed.is_err());
    assert_eq!(fs::read_to_string(&textfile).unwrap(), written);
    let unwritable = folder.path().join("none/bouquet.prom");
    assert!(carry(&compiled, &work(&unwritable, None), &ways).is_err());
}
