//! A second phase of a change of CA, before the first is on the machines.

use super::Secured;

#[test]
fn a_ca_that_members_do_not_trust_yet_cuts_off_the_one_that_shows_its_certificate() {
    for release in ["3.4.23", "3.6.16"] {
        let secured = Secured::new(release);
        secured.build("", "", "first");
        secured.build("", "[ca]\ntrust = [1, 2]\n", "second");
        secured.build("", "[ca]\nissue = 2\ntrust = [1, 2]\n", "third");
        let words = "certificate signed by unknown authority";
        secured.restarts_one_from("third", &[("b", words), ("c", words)]);
    }
}
