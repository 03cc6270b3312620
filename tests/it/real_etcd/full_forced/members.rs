//! Names, addresses and the token.

use super::{Forced, Side, THREE, refused};

fn with_data(members: &str) -> String {
    format!("[etcd]\ndata-dir = 'FOLDER/data'\n{members}")
}

#[test]
fn another_token_makes_a_second_cluster_of_those_that_lost_their_data() {
    for release in ["3.4.23", "3.6.16"] {
        let forced = Forced::new();
        let rest = with_data(THREE);
        let before = forced.build(&Side { release, rest: &rest }, "forced");
        let after = forced.build(&Side { release, rest: &rest }, "another");
        assert!(!refused(&before, &after).is_empty());
        forced.script(
            &[release],
            &before,
            &after,
            &format!(
                "for member in a b c; do stop $member; run $member {release} \"$AFTER\"; done
                 healthy
                 [ \"$(ask get bouquet --print-value-only)\" = of-flowers ] || refuse no data
                 for member in a b; do stop $member; forget $member; rm -rf \"$FOLDER/data/$member\"; done
                 for member in a b; do run $member {release} \"$AFTER\"; done
                 within 20 answers
                 within 20 says a 'cluster ID mismatch'
                 [ -z \"$(ask get bouquet --print-value-only | grep of-flowers)\" ] || refuse one cluster"
            ),
        );
    }
}

#[test]
fn all_members_at_other_addresses_have_no_leader() {
    for release in ["3.4.23", "3.6.16"] {
        let forced = Forced::new();
        let moved = THREE.replace("10.0.0.", "10.0.1.");
        let [before, after] = forced.pair(release, [THREE, &moved].map(with_data));
        assert!(!refused(&before, &after).is_empty());
        let there: Vec<_> = after.cluster.endpoints().iter().map(ToString::to_string).collect();
        forced.script(
            &[release],
            &before,
            &after,
            &format!(
                "for member in a b c; do stop $member; forget $member; done
                 for member in a b c; do run $member {release} \"$AFTER\"; done
                 ENDPOINTS={}
                 sleep 8
                 for member in a b c; do lives $member || refuse $member lives; done
                 if answers; then refuse they serve; fi",
                there.join(",")
            ),
        );
    }
}

#[test]
fn a_member_that_comes_under_another_name_and_without_data_does_not_join() {
    for release in ["3.4.23", "3.6.16"] {
        let forced = Forced::new();
        let renamed = THREE.replace("'a'", "'tulip'");
        let [before, after] = forced.pair(release, [THREE, &renamed].map(with_data));
        assert!(!refused(&before, &after).is_empty());
        forced.script(
            &[release],
            &before,
            &after,
            &format!(
                "stop a; run tulip {release} \"$AFTER\"
                 within 20 says tulip 'has already been bootstrapped'
                 answers || refuse the others serve"
            ),
        );
    }
}

#[test]
fn two_members_that_exchange_their_addresses_cannot_tell_the_cluster() {
    for release in ["3.4.23", "3.6.16"] {
        let forced = Forced::new();
        let exchanged = THREE.replace("10.0.0.1", "10.0.0.9").replace("10.0.0.2", "10.0.0.1");
        let exchanged = exchanged.replace("10.0.0.9", "10.0.0.2");
        let [before, after] = forced.pair(release, [THREE, &exchanged].map(with_data));
        assert!(!refused(&before, &after).is_empty());
        let url = &after.cluster.members[0].initial_advertise_peer_urls[0];
        forced.script(
            &[release],
            &before,
            &after,
            &format!(
                "first=$(ask member list | grep ', a, ' | cut -d, -f1)
                 for member in a b; do stop $member; done
                 for member in a b; do run $member {release} \"$AFTER\"; done
                 within 20 answers
                 sleep 6
                 if ask member update \"$first\" --peer-urls={url} >\"$FOLDER/update\" 2>&1; then refuse it is updated; fi
                 grep -q 'Peer URLs already exists' \"$FOLDER/update\" || refuse \"$(cat \"$FOLDER/update\")\""
            ),
        );
    }
}
