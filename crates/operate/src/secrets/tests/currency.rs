//! A stream that is older than the lock.

use super::cluster::{BUILT, Cluster};
use crate::secrets::current::behind;
use crate::secrets::place::Place;

#[test]
fn a_stream_without_the_locks_current_pair_is_told_of() {
    let mut cluster = Cluster::flowers();
    assert!(behind(&cluster.files, &cluster.lock).is_none());
    let older = cluster.files.clone();
    cluster.issue(Place::Client("root".into()), BUILT + 5);
    assert!(behind(&cluster.files, &cluster.lock).is_none());
    let said = behind(&older, &cluster.lock).expect("a warning");
    assert_eq!(said.message, "of a certificate in the stream, cluster.lock has a later one");
    assert_eq!(said.notes, ["`clients/root/client`"]);
}
