//! A plan that is pasted whole into a shell, which goes on after a command that fails.

use super::THREE;
use super::site::Site;
use crate::support::releases::releases;

#[test]
fn a_plan_that_is_pasted_whole_goes_no_further_than_a_member_that_does_not_come_back() {
    let release = releases().pop().expect("a release");
    let mut site = Site::start(&release, THREE, "");
    site.write();
    site.build(THREE, "snapshot-count = 5000\n");
    let is_new = |site: &Site, member: &str| site.runs_with(member, "--snapshot-count=5000");

    // camellia is the first.
    site.edit_unit("camellia", "--snapshot-count=", "--no-such-option=");
    assert!(!site.paste(0, 15), "the shell waits for camellia");
    assert!(!site.is_running(1), "camellia runs with an option that there is not");
    for member in ["orange", "pink"] {
        assert!(!is_new(&site, member), "{member} was restarted while camellia is down");
    }

    // One that is down is begun with, without the look at who leads and the wait for all.
    site.edit_unit("camellia", "--no-such-option=", "--snapshot-count=");
    assert!(site.paste(2, 120), "all of it is done");
    for (member, _) in THREE {
        assert!(is_new(&site, member), "{member}");
    }
    site.end(THREE);
}
