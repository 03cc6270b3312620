//! Folders that name the data.

use super::{Forced, THREE, refused};

const HERE: &str = "[etcd]\ndata-dir = 'FOLDER/here'\n";
const THERE: &str = "[etcd]\ndata-dir = 'FOLDER/there'\n";

fn with_members(options: &str) -> String {
    format!("{options}{THREE}")
}

#[test]
fn another_data_dir_and_a_restart_of_all_is_an_empty_cluster_that_is_healthy() {
    for release in ["3.4.23", "3.6.16"] {
        let forced = Forced::new();
        let [before, after] = forced.pair(release, [HERE, THERE].map(with_members));
        assert_eq!(refused(&before, &after).len(), 3);
        forced.script(
            &[release],
            &before,
            &after,
            &format!(
                "for member in a b c; do stop $member; done
                 for member in a b c; do run $member {release} \"$AFTER\"; done
                 healthy
                 [ -z \"$(ask get bouquet)\" ] || refuse the data is there"
            ),
        );
    }
}

#[test]
fn another_data_dir_of_one_member_keeps_it_from_its_cluster() {
    for release in ["3.4.23", "3.6.16"] {
        let forced = Forced::new();
        let there = format!("{THERE}snapshot-count = 5000\n");
        let [before, after] = forced.pair(release, [HERE, &there].map(with_members));
        forced.script(
            &[release],
            &before,
            &after,
            &format!(
                "stop a; forget a; run a {release} \"$AFTER\"
                 within 20 says a 'has already been bootstrapped'
                 stop a
                 sed 's/^ETCD_INITIAL_CLUSTER_STATE=.*/ETCD_INITIAL_CLUSTER_STATE=existing/' \\
                     \"$AFTER/members/a/etcd.env\" >\"$FOLDER/joins.env\"
                 mkdir -p \"$FOLDER/joins/members/a\"
                 mv \"$FOLDER/joins.env\" \"$FOLDER/joins/members/a/etcd.env\"
                 rm -rf \"$FOLDER/there/a\"
                 run a {release} \"$FOLDER/joins\"
                 within 20 says a 'is out of range [lastIndex(0)]'
                 answers || refuse the others serve"
            ),
        );
    }
}

#[test]
fn a_wal_dir_that_was_none_leaves_a_member_without_its_log() {
    for (release, serves) in [("3.4.23", true), ("3.6.16", false)] {
        let forced = Forced::new();
        let wal = format!("{HERE}wal-dir = 'FOLDER/wal'\n");
        let [before, after] = forced.pair(release, [HERE, &wal].map(with_members));
        assert_eq!(refused(&before, &after).len(), 3);
        let all = if serves { "healthy" } else { "sleep 8; if answers; then refuse it writes; fi" };
        forced.script(
            &[release],
            &before,
            &after,
            &format!(
                "stop a; forget a; run a {release} \"$AFTER\"
                 within 20 says a 'has already been bootstrapped'
                 for member in a b c; do stop $member; done
                 rm -rf \"$FOLDER/wal\"
                 for member in a b c; do run $member {release} \"$AFTER\"; done
                 {all}"
            ),
        );
    }
}
