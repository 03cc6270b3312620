//! A plan that is pasted whole.

use super::{Site, Spec, on};

#[test]
fn a_plan_that_is_pasted_whole_goes_no_further_than_a_member_that_does_not_come_back() {
    let last_of_each_line = ["3.4.23", "3.5.33", "3.6.16", "3.7.3"];
    on(&last_of_each_line, &[with_a_member_that_does_not_come_back]);
}

/// Into a shell that goes on after a command that fails.
fn with_a_member_that_does_not_come_back(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.write();
    site.build(&spec.clone().option("snapshot-count = 5000"));
    let is_new = |site: &Site, member: &str| site.runs_with(member, "--snapshot-count=5000");

    // camellia is the first.
    site.edit_unit("camellia", "--snapshot-count=", "--no-such-option=");
    assert!(!site.paste(0, 15), "the shell waits for camellia");
    assert!(!site.is_running("camellia"), "it runs with an option that there is not");
    for member in ["orange", "pink"] {
        assert!(!is_new(&site, member), "{member} was restarted while camellia is down");
    }

    // One that is down is begun with, without the look at who leads and the wait for all.
    site.edit_unit("camellia", "--no-such-option=", "--snapshot-count=");
    assert!(site.paste(2, 120), "all of it is done");
    for (member, _) in spec.members {
        assert!(is_new(&site, member), "{member}");
    }
    site.end();
}
