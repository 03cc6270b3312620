//! Clients.

use super::{Change, RunningClient, changes, client, clients, lines, member, running, trust};

fn of(change: impl FnOnce(&mut RunningClient)) -> Vec<Change> {
    let mut after = client();
    change(&mut after);
    changes(&clients(&[("root", client())]), &clients(&[("root", after)]))
}

#[test]
fn a_client_comes_freely_and_its_certificate_outlives_it() {
    let both = clients(&[("alice", client()), ("root", client())]);
    let one = clients(&[("root", client())]);
    assert_eq!(lines(&changes(&one, &both)), ["free: client alice: added"]);
    let all = changes(&both, &one);
    assert_eq!(lines(&all), ["pending: client alice: removed"]);
    assert_eq!(all[0].accept().as_deref(), Some("remove client/alice"));
    assert!(all[0].is_accepted(&["remove client/alice"].into_iter().collect()));
}

#[test]
fn another_subject_leaves_the_former_one_valid() {
    let all = of(|client| client.common_name = false);
    assert_eq!(lines(&all), ["pending: client root: loses its common name"]);
    assert_eq!(all[0].accept().as_deref(), Some("client/root.common-name = false"));
}

#[test]
fn in_plain_text_a_client_leaves_nothing_that_is_valid() {
    let plain = RunningClient { trust: None, certificate: None, ..client() };
    let gone = changes(&clients(&[("root", plain.clone())]), &clients(&[]));
    assert_eq!(lines(&gone), ["free: client root: removed"]);
    assert_eq!((gone[0].way().as_str(), gone[0].accept()), ("nothing", None));
    let named = RunningClient { common_name: false, ..plain.clone() };
    let all = changes(&clients(&[("root", plain)]), &clients(&[("root", named)]));
    assert_eq!(lines(&all), ["free: client root: loses its common name"]);
}

#[test]
fn endpoints_are_copied_and_their_order_is_nobodys_business() {
    let urls = |ports: &[u16]| -> Vec<String> {
        ports.iter().map(|port| format!("https://10.0.0.1:{port}")).collect()
    };
    for (ports, class) in
        [(&[2, 1][..], "free"), (&[1, 2, 3], "copy"), (&[2], "copy"), (&[3, 4], "ask etcd first")]
    {
        let all = of(|client| client.endpoints = urls(ports));
        assert!(lines(&all)[0].starts_with(&format!("{class}: client root: endpoints")), "{all:?}");
    }
    let all = of(|client| client.endpoints = urls(&[2, 3]));
    assert!(all[0].way().contains("after a member was promoted"), "{}", all[0].way());
    assert!(all[0].way().contains("before one is removed or moves"), "{}", all[0].way());
}

#[test]
fn endpoints_that_are_called_otherwise_go_on_working() {
    let of = |host: &str, listens: &str| {
        let mut client = client();
        client.endpoints = vec![format!("https://{host}:1")];
        let mut all = clients(&[("root", client)]);
        let listens = format!("https://{listens}:1");
        all.members = running([("a", member(&[("listen-client-urls", &listens)]))]).members;
        all
    };
    let (ip, name) = (of("10.0.0.1", "10.0.0.1"), of("node.example", "10.0.0.1"));
    for (before, after) in [(&ip, &name), (&name, &ip)] {
        assert!(lines(&changes(before, after))[0].starts_with("copy: client root: endpoints"));
    }
    let all = changes(&of("10.0.0.1", "0.0.0.0"), &of("10.0.9.1", "0.0.0.0"));
    assert!(lines(&all)[0].starts_with("ask etcd first"), "{all:?}");
}

#[test]
fn files_of_a_client_are_copied() {
    let all = of(|client| {
        client.certificate = Some("02".into());
        client.certs_dir = "/srv/certs".into();
        client.trust = Some(trust(1, &[1, 2]));
    });
    assert_eq!(
        lines(&all),
        [
            "copy: client root: certs-dir /certs → /srv/certs",
            "copy: client root: client certificate",
            "copy: client root: CAs 1 (certificates by CA 1) → 1, 2 (certificates by CA 1)",
        ]
    );
}

#[test]
fn tls_is_one_change_of_a_client() {
    let mut plain = client();
    plain.endpoints = ["1", "2"].map(|port| format!("http://10.0.0.1:{port}")).to_vec();
    (plain.trust, plain.certificate, plain.certs_dir) = (None, None, "/root".into());
    let [plain, tls] = [plain, client()].map(|client| clients(&[("root", client)]));
    assert_eq!(
        lines(&changes(&plain, &tls)),
        ["copy: client root: client URLs http → https", "copy: client root: client certificate"]
    );
    assert_eq!(lines(&changes(&tls, &plain)), ["copy: client root: client URLs https → http"]);
}

#[test]
fn a_certificate_that_is_not_known_here_is_no_change() {
    assert_eq!(of(|client| client.certificate = None), []);
}
