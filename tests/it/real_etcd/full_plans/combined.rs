//! Several changes at once.

use super::{BOTH, Site, Spec, on};

#[test]
fn changes_of_several_kinds_go_in_one_plan() {
    on(&BOTH, &[an_option_a_member_and_a_client, a_member_for_one_that_moves]);
}

fn an_option_a_member_and_a_client(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.write();
    let more = [("camellia", 1), ("daffodil", 4), ("orange", 2), ("pink", 3)];
    site.build(
        &spec
            .members(&more)
            .option("snapshot-count = 5000")
            .with("[tls]\ngeneration = 2\n[[client]]\nname = \"alice\"\n"),
    );
    let words = site.carry_out();
    for (word, times) in [("copy", 3), ("add", 1), ("promote", 1), ("restart", 3), ("record", 1)] {
        assert_eq!(words.iter().filter(|other| *other == word).count(), times, "{word}: {words:?}");
    }
    for (member, _) in more {
        assert!(site.runs_with(member, "--snapshot-count=5000"), "{member}");
    }
    assert!(site.client_of("alice").is_let_in());
    site.end();
}

/// One comes, one is at another address, one goes.
fn a_member_for_one_that_moves(release: &str) {
    let five = [("camellia", 1), ("daffodil", 4), ("elder", 5), ("orange", 2), ("pink", 3)];
    let spec = Spec::of(release).members(&five);
    let mut site = Site::start(&spec);
    site.write();
    site.build(&spec.members(&[
        ("camellia", 1),
        ("elder", 5),
        ("freesia", 6),
        ("orange", 12),
        ("pink", 3),
    ]));
    let words = site.carry_out();
    for word in ["add", "promote", "remove", "retire", "readdress"] {
        assert_eq!(words.iter().filter(|other| *other == word).count(), 1, "{word}: {words:?}");
    }
    assert!(!site.is_running("daffodil"), "the member that is gone still runs");
    site.end();
}
