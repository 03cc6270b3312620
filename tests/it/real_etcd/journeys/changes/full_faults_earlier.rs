//! Something goes wrong, on 3.4 and 3.5.

use super::all;

#[test]
fn something_goes_wrong_with_each_change_on_3_4() {
    all("3.4.23", Some(0));
}

#[test]
fn something_goes_wrong_with_each_change_on_3_5() {
    all("3.5.33", Some(1));
}
