//! A quorum that may not be lost.

use crate::live::tests::scene::Scene;
use crate::live::tests::scene::flowers::CLUSTER;
use crate::login::AS_ROOT;
use crate::rescue::answers::{Answer, answers};
use crate::rescue::lost::tells;
use crate::rescue::ports::{are_gone, are_silent};
use bouquet_etcd::{Error, Reach};
use bouquet_model::running::Running;
use bouquet_model::url::Url;
use bouquet_model::{Cluster, Member};
use std::net::TcpListener;

#[test]
fn members_that_ask_for_a_user_may_have_a_quorum() {
    let refusing = |words: &str| {
        let mut scene = Scene::healthy();
        for name in ["daffodil", "orange", "pink"] {
            let seen = scene.member(name);
            seen.status = Err(Error::Refused(words.to_owned()));
            seen.list = Err(Error::Refused(words.to_owned()));
        }
        tells(&scene.report()).expect_err("a refusal")
    };
    let nobody = refusing("etcdserver: user name is empty");
    let message = "daffodil refuses to tell this client anything: etcdserver: user name is empty";
    assert_eq!((nobody.message.as_str(), nobody.help[0].as_str()), (message, AS_ROOT));
    assert!(nobody.notes.contains(&"nothing was done".to_owned()), "{nobody:?}");
    let wrong = refusing("etcdserver: authentication failed, invalid user ID or password");
    assert!(wrong.help[0].contains("it has another password"), "{wrong:?}");
}

/// Logging in takes a quorum: with a password, no member of a cluster without one tells more.
#[test]
fn one_at_which_nobody_can_log_in_without_a_quorum_is_no_reason_not_to_rescue() {
    for words in ["etcdserver: request timed out", "etcdserver: no leader"] {
        let mut scene = Scene::healthy().without_leader();
        scene.member("pink").status = Err(Error::NoLogin(words.to_owned()));
        tells(&scene.report()).unwrap_or_else(|refused| panic!("{words}: {refused:?}"));
    }
}

#[test]
fn who_answers_without_a_quorum_is_known_with_where_that_was() {
    let of = |mut scene: Scene| {
        scene.member("pink").status = Err(Error::NoLogin("etcdserver: no leader".to_owned()));
        answers(&scene.report(), &scene.observed)
    };
    let scene = Scene::healthy().gone("daffodil", Reach::NoListener).without_leader();
    let at = |name: &str, saves| {
        let member = CLUSTER.members.iter().find(|it| it.name.as_str() == name).unwrap();
        (name.to_owned(), Answer { url: member.advertise_client_urls[0].to_string(), saves })
    };
    // Who lets nobody log in gives no snapshot either.
    assert_eq!(of(scene), [at("orange", true), at("pink", false)].into());
}

#[test]
fn one_that_listens_is_not_lost_where_it_is_compiled_and_where_it_is_recorded() {
    let pink = TcpListener::bind("127.0.0.1:0").unwrap();
    let up = place(&pink);
    let down = place(&TcpListener::bind("127.0.0.1:0").unwrap());
    let (runs, is_off) = (cluster(&up, &down), cluster(&down, &down));
    let lost = |name: &str| [name.to_owned()].into();

    are_gone(&runs, &Running::default(), &lost("orange"), "flowers").unwrap();
    are_silent(&runs, &Running::default(), "pink").unwrap();
    for (cluster, running) in [
        (&runs, Running::default()),
        (&runs, Running::of(&runs, &[])),
        (&is_off, Running::of(&runs, &[])),
    ] {
        let refused = are_gone(cluster, &running, &lost("pink"), "flowers").expect_err("a refusal");
        assert_eq!(refused.message, "pink takes connections, and is said to be lost");
        assert_eq!(refused.notes, [format!("pink: {up}")]);
        assert!(refused.help[0].ends_with("see `flowers status`"), "{refused}");
        assert!(are_silent(cluster, &running, "orange").is_err());
    }
}

fn place(listener: &TcpListener) -> Url {
    let address = listener.local_addr().unwrap();
    Url::parse(&format!("https://{address}")).unwrap()
}

/// Returns a cluster of which pink is at one place, and the others are at another.
fn cluster(pink: &Url, others: &Url) -> Cluster {
    let at = |member: &Member| {
        let url = if member.name.as_str() == "pink" { pink } else { others };
        Member {
            initial_advertise_peer_urls: vec![url.clone()].into(),
            advertise_client_urls: vec![url.clone()].into(),
            ..member.clone()
        }
    };
    let members: Vec<Member> = CLUSTER.members.iter().map(at).collect();
    Cluster { members: members.into(), ..CLUSTER.clone() }
}
