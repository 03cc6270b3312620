//! What comes along with a snapshot, tried on every etcd.

use super::drill::{FULL_OF_HISTORY, Saved, small};
use super::program::Place;
use crate::support::scope::RELEASES;

#[test]
fn users_and_alarms_are_not_in_its_way() {
    for release in RELEASES {
        let users = "etcdctl put a 1; etcdctl user add root:secret; etcdctl user grant-role root root; etcdctl auth enable";
        let saved = Saved::new(Place::new(), release);
        assert_eq!(saved.save("users.db", users), 1);
        let (said, code) = saved.drill("users.db", &[]);
        assert_eq!(code, Some(0), "{release}: {}{}", said.stdout, said.stderr);
        assert!(said.stderr.contains("authentication is on in it"), "{}", said.stderr);

        let saved = Saved::new(Place::of(&small()), release);
        saved.save("history.db", FULL_OF_HISTORY);
        let (said, code) = saved.drill("history.db", &[]);
        assert_eq!(code, Some(0), "{release}: {}{}", said.stdout, said.stderr);
        assert!(said.stderr.contains("taken under the alarm NOSPACE"), "{}", said.stderr);

        let saved = Saved::new(Place::of(&small()), release);
        let full = "etcdctl put a 1
big=$(head -c 100000 /dev/zero | tr '\\0' x)
for i in $(seq 1 60); do etcdctl put big$i \"$big\" >/dev/null 2>&1 || break; done
etcdctl alarm list | grep NOSPACE >&2";
        saved.save("full.db", full);
        let (said, code) = saved.drill("full.db", &[]);
        // Of keys that are there nothing goes; some releases need less space for the same once it is restored.
        let is_full =
            said.stderr.contains("no write goes through: etcdserver: mvcc: database space");
        assert_eq!(code, Some(i32::from(is_full)), "{release}: {}{}", said.stdout, said.stderr);
        assert!(said.stderr.contains("taken under the alarm NOSPACE"), "{}", said.stderr);

        // There is space again, and the alarm stayed.
        let again = format!(
            "{full}
etcdctl del big --prefix
etcdctl compact $(etcdctl endpoint status -w fields | sed -n 's/.*Revision. : //p' | head -1)
etcdctl defrag"
        );
        saved.save("alarm.db", &again);
        let (said, code) = saved.drill("alarm.db", &[]);
        assert_eq!(code, Some(0), "{release}: {}{}", said.stdout, said.stderr);
        assert!(said.stderr.contains("taken under the alarm NOSPACE"), "{}", said.stderr);
    }
}
