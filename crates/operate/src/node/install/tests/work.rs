//! The command line of an installation, as its help prints it.

use crate::node::install::work::Install;

pub(super) fn install(from: Option<&str>) -> Install {
    Install {
        member: "orange".to_owned(),
        from: from.map(Into::into),
        beside: None,
        root: None,
        dry_run: false,
        starts: true,
        bootstrap: false,
        trust_network: false,
        accept_downtime: false,
        rollback: false,
        retire: false,
        set_aside: false,
        restore: None,
        token: None,
        json: false,
        program: "bouquet".to_owned(),
    }
}

#[test]
fn what_is_to_be_done_again_is_printed_as_it_is_typed() {
    assert_eq!(install(None).again("--bootstrap"), "bouquet install orange --bootstrap");
    let named = install(Some("/root/two words"));
    assert_eq!(named.again("--set-aside"), "bouquet install orange '/root/two words' --set-aside");
    let piped = install(Some("-"));
    assert_eq!(
        piped.again("--bootstrap"),
        "tar -c -C out/members orange | ssh root@NODE bouquet install orange - --bootstrap"
    );
}

#[test]
fn what_was_asked_for_is_asked_for_again() {
    let plain = Install { trust_network: true, set_aside: true, ..install(None) };
    let line = "bouquet install orange --set-aside --trust-network --bootstrap";
    assert_eq!(plain.again("--bootstrap"), line);
    assert_eq!(plain.again("--set-aside"), "bouquet install orange --trust-network --set-aside");
    // There is no way back with an option that begins with nothing.
    let back = Install { rollback: true, ..install(None) };
    assert_eq!(back.again(""), "bouquet install orange --rollback");
    assert_eq!(back.again("--set-aside"), "bouquet install orange --set-aside");
    let root = Install { root: Some("/image".into()), starts: false, ..install(None) };
    assert_eq!(root.again(""), "bouquet install orange --root /image");
    let restored = Install {
        restore: Some("/root/a.db".into()),
        token: Some("t.1".to_owned()),
        ..install(None)
    };
    assert_eq!(restored.again(""), "bouquet install orange --restore /root/a.db --token t.1");
}
