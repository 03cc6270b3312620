//! Authentication that is on.

use super::PLAIN;
use super::asked::{Asked, is_refused, key, put};
use crate::support::build::Output;
use crate::support::live::Live;
use crate::support::place::Block;
use crate::support::releases::releases;
use crate::support::side_by_side::with_each;
use bouquet_etcd::{Client, Error, User};

const USERS: &str = "
    export ETCDCTL_API=3
    etcdctl user add root:secret
    etcdctl role add root 2>&1 || true
    etcdctl user grant-role root root
    etcdctl user add reader:secret
    etcdctl role add reader
    etcdctl role grant-permission reader --prefix=true read flowers/
    etcdctl user grant-role reader reader
    exec etcdctl auth enable";

/// A user who logs in where it is asked to.
fn user(name: &str, password: &str) -> User {
    User::new(name.to_owned(), password.to_owned())
}

#[test]
fn users_may_what_they_may_and_no_more() {
    with_each(&releases(), |release| {
        let block = Block::claim();
        let output = Output::of(&block.relocate(PLAIN, release));
        let live = Live::start(&output, release, "command");
        let asked = Asked::of(&output);
        // 3.4 has no such question.
        let is_on = || {
            let asking = async |client: &mut Client, deadline| client.auth_status(deadline).await;
            asked.with(0, asking).map(|status| status.enabled)
        };
        let has_status = !release.starts_with("3.4.");
        assert!(!has_status || is_on() == Ok(false));
        let said = live.client(USERS);
        assert!(said.stdout.ends_with("Authentication Enabled\n"), "{said:?}");
        // Some releases tell that to nobody without a token, which tells it as well.
        match is_on() {
            _ if !has_status => {}
            Err(Error::Refused(text)) => assert!(text.ends_with("user name is empty"), "{text}"),
            other => assert_eq!(other, Ok(true)),
        }

        is_refused(asked.put("flowers/orange", b""), "user name is empty");
        for (name, password) in [("root", "wrong"), ("nobody", "secret"), ("root", "")] {
            let said = asked.with(0, async |client: &mut Client, deadline| {
                client.set_user(Some(user(name, password)));
                put(client, "flowers/orange", b"1", deadline).await
            });
            is_refused(said, "authentication failed, invalid user ID or password");
        }
        let root = asked.with(0, async |client: &mut Client, deadline| {
            client.set_user(Some(user("root", "secret")));
            put(client, "flowers/orange", b"1", deadline).await?;
            client.hash_kv(0, deadline).await.map(drop)
        });
        assert_eq!(root, Ok(()));
        let reader = asked.with(0, async |client: &mut Client, deadline| {
            client.set_user(Some(user("reader", "secret")));
            let read = client.range(&key("flowers/orange"), deadline).await?.count;
            let elsewhere = client.range(&key("bouquet"), deadline).await.map(drop);
            let written = put(client, "flowers/orange", b"2", deadline).await;
            let hash = client.hash_kv(0, deadline).await.map(drop);
            let snapshot = client.snapshot(deadline).await.map(drop);
            Ok((read, [elsewhere, written, hash, snapshot]))
        });
        let (read, refused) = reader.expect("a user");
        assert_eq!(read, 1);
        for said in refused {
            is_refused(said, "permission denied");
        }
    });
}
