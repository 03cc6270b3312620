//! Something goes wrong, on 3.6 and 3.7.

use super::all;

#[test]
fn something_goes_wrong_with_each_change_on_3_6() {
    all("3.6.16", Some(2));
}

#[test]
fn something_goes_wrong_with_each_change_on_3_7() {
    all("3.7.3", Some(3));
}
