//! Unit, certificates, account.

use super::scene::{but, well};
use crate::node::checks::{Judged, State};
use bouquet_model::diagnostic::Diagnostic;

#[test]
fn a_missing_unit_is_told_with_the_command_that_puts_it_there() {
    let mut scene = well();
    scene.options = Judged::default();
    assert_eq!(
        scene.found("unit"),
        "error: there is no unit of `orange`: /etc/systemd/system/etcd.service is missing\n\
         help: as root, with out/members/orange beside the program: `bouquet install orange`\n"
    );
}

#[test]
fn what_check_node_says_of_files_is_said() {
    let problem = Diagnostic::warning("etcd.service was edited by hand").help("copy it again");
    let mut scene = well();
    scene.options.problems.push(problem.clone());
    assert_eq!(
        scene.found("unit"),
        "warning: etcd.service was edited by hand\nhelp: copy it again\n"
    );
    let mut scene = well();
    scene.certificates = Ok(Judged { count: 5, problems: vec![problem] });
    assert_eq!(
        scene.found("certificates"),
        "warning: etcd.service was edited by hand\nhelp: copy it again\n"
    );
}

#[test]
fn certificates_that_cannot_be_read_leave_it_open_whether_all_is_well() {
    let mut scene = well();
    scene.certificates = Err("they are for root".to_owned());
    assert_eq!(scene.found("certificates"), "");
    assert!(scene.checks().iter().any(|check| check.state() == State::Unseen));
}

#[test]
fn an_account_that_is_missing_is_told_with_what_makes_it() {
    let found = but(|facts| facts.account = Ok(None)).found("account");
    assert!(found.starts_with("error: there is no account `etcd`, "), "{found}");
    assert!(found.contains("useradd --system"), "{found}");
}
