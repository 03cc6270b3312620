//! Users and roles, which come along.

use super::{Site, Spec, ends, have_the_same, json, on_each, restore, status};

/// The lines that are printed work as the client root, by its certificate; others are asked for passwords.
#[test]
fn users_come_along_and_the_restored_cluster_asks_for_them() {
    on_each(users);
}

fn users(release: &str) {
    let spec = Spec::of(release).with("[[client]]\nname = \"reader\"\n");
    let mut site = Site::start(&spec);
    site.types(
        "put() { bouquet etcdctl -- put \"$@\"; }; as() { bouquet etcdctl -- \"$@\"; }\n\
         as user add root:secret; as role add root || true; as user grant-role root root\n\
         as role add looks; as role grant-permission looks read shown; as user add visitor:open; as user grant-role visitor looks\n\
         as auth enable\n\
         put shown 1; put hidden 1\nbouquet snapshot users.db\nput shown 2",
    );
    // Some releases tell such a client nothing, not even how they are: nothing is lost for that.
    let said = ends(&mut site, "bouquet snapshot refused.db --client reader", 1);
    assert!(said.contains("`--client NAME`"), "{said}");
    assert!(!said.contains("member/snap/db"), "{said}");
    // By its certificate it is nobody who may; a user that may has a password.
    let said =
        site.types("ETCDCTL_USER=root:secret bouquet snapshot by.db --client reader && rm by.db");
    assert!(!said.contains("secret"), "{said}");
    let printed = json(&mut site, "bouquet restore users.db");
    assert_eq!(printed["auth"], true);
    assert!(printed["warnings"][0].as_str().is_some_and(|it| it.contains("authentication is on")));
    let said = site.types("bouquet restore users.db");
    assert!(said.contains("users: root, visitor"), "{said}");
    restore(&mut site, "users.db");
    // By a certificate that is nobody's name in etcd, and by passwords.
    let says = |site: &Site, words: &[&str]| site.client_says("reader", words);
    let visitor = ["--user=visitor:open", "get"];
    assert!(!says(&site, &["get", "shown"]).0);
    assert!(!says(&site, &["--user=visitor:other", "get", "shown"]).0);
    assert_eq!(says(&site, &[&visitor[..], &["shown"]].concat()), (true, "shown\n1\n".to_owned()));
    assert!(!says(&site, &[&visitor[..], &["hidden"]].concat()).0);
    assert!(!says(&site, &["--user=visitor:open", "put", "shown", "3"]).0);
    assert!(says(&site, &["--user=root:secret", "put", "shown", "3"]).0);
    have_the_same(&site);
    site.build(&spec);
    assert_eq!(status(&mut site)["exit"], 0);
}
