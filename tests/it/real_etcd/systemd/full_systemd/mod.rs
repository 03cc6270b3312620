//! What takes minutes: what `examples` and `folders` try, on further releases of etcd; what `install` and
//! `doctor` do and say.

mod doctor;
mod install;

use super::examples::boots_twice;
use super::folders::every_arrangement;
use crate::support::build::{EXAMPLES, example};

#[test]
fn every_example_boots_twice_on_one_line_of_releases_or_another() {
    let own = include_str!("../../../../../cluster.toml").to_owned();
    let examples = EXAMPLES.into_iter().chain(["embed"]).map(example).chain([own]);
    for (spec, release) in examples.zip(["3.4.23", "3.5.33", "3.6.16"].into_iter().cycle()) {
        boots_twice(&spec, release);
    }
}

#[test]
fn a_log_of_its_own_boots_twice_on_each_line_of_releases() {
    for release in ["3.4.23", "3.6.16"] {
        boots_twice(&example("kubernetes"), release);
    }
}

#[test]
fn every_arrangement_of_folders_starts_on_each_line_of_releases() {
    for release in ["3.4.23", "3.6.16"] {
        every_arrangement(release);
    }
}
