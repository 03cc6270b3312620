//! Versions of TLS that a member of before and one of after do not have in common.

use super::Secured;
use bouquet_model::change::{Class, changes};

#[test]
fn members_without_a_version_of_tls_in_common_refuse_each_other() {
    for release in ["3.5.33", "3.6.16"] {
        let secured = Secured::new(release);
        let before = secured.build("tls-max-version = 'TLS1.2'", "", "first");
        let after = secured.build("tls-min-version = 'TLS1.3'", "", "second");
        let all = changes(&before, &after);
        assert!(all.iter().all(|change| change.class == Class::Refused), "{all:?}");
        let words = "tls: client offered only unsupported versions";
        secured.restarts_one_from("second", &[("a", words)]);
    }
}
