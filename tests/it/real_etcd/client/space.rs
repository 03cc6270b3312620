//! A database that is as large as it may be.

use super::PLAIN;
use super::asked::{Asked, is_refused, key, number, shown};
use crate::support::build::Output;
use crate::support::live::Live;
use crate::support::place::Block;
use crate::support::releases::releases;
use crate::support::side_by_side::with_each;
use bouquet_etcd::Client;
use bouquet_etcd::messages::kv::CompactionRequest;
use bouquet_etcd::messages::maintenance::{AlarmMember, AlarmType};

#[test]
fn a_full_database_is_told_and_freed() {
    with_each(&releases(), |release| {
        let block = Block::claim();
        let full = PLAIN.replace("[etcd]", "[etcd]\nquota-backend-bytes = 4194304");
        let output = Output::of(&block.relocate(&full, release));
        let live = Live::start(&output, release, "command");
        let asked = Asked::of(&output);
        let alarms = || {
            let asking = async |client: &mut Client, deadline| client.alarms(deadline).await;
            asked.with(0, asking).expect("alarms")
        };
        assert_eq!(alarms(), []);
        let refused = (0..20).find_map(|_| asked.put("large", &vec![b'x'; 1 << 20]).err());
        is_refused(Err::<(), _>(refused.expect("a quota")), "database space exceeded");

        let status = async |client: &mut Client, deadline| client.status(deadline).await;
        let of_status = asked.with(0, status).expect("a status");
        let member_id = of_status.header.expect("a header").member_id;
        let alarm = AlarmMember { member_id, alarm: AlarmType::Nospace.into() };
        assert_eq!(alarms(), [alarm]);
        let shown = shown(&live, "alarm list");
        assert_eq!(number(&shown["alarms"][0]["memberID"]), member_id, "{shown}");
        assert_eq!(number(&shown["alarms"][0]["alarm"]), 1, "{shown}");
        assert!(of_status.errors.iter().any(|error| error.contains("NOSPACE")), "{of_status:?}");
        let grant = async |client: &mut Client, deadline| client.lease_grant(9, deadline).await;
        is_refused(asked.with(0, grant), "database space exceeded");

        let read =
            async |client: &mut Client, deadline| client.range(&key("large"), deadline).await;
        let revision = asked.with(0, read).expect("keys").header.expect("a header").revision;
        let request = CompactionRequest { revision, physical: true };
        let compact =
            async |client: &mut Client, deadline| client.compact(&request, deadline).await;
        asked.with(0, compact).expect("a compaction");
        let defragment = async |client: &mut Client, deadline| client.defragment(deadline).await;
        assert_eq!(asked.with(0, defragment), Ok(()));
        is_refused(asked.put("small", b""), "database space exceeded");
        let disarm = async |client: &mut Client, deadline| client.disarm(alarm, deadline).await;
        assert_eq!(asked.with(0, disarm), Ok(vec![alarm]));
        assert_eq!(alarms(), []);
        assert_eq!(asked.put("small", b""), Ok(()));
    });
}
