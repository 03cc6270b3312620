//! Nothing goes wrong.

use super::all;

#[test]
fn changes_are_carried_out_on_3_4() {
    all("3.4.23", None);
}

#[test]
fn changes_are_carried_out_on_3_5() {
    all("3.5.33", None);
}

#[test]
fn changes_are_carried_out_on_3_6() {
    all("3.6.16", None);
}

#[test]
fn changes_are_carried_out_on_3_7() {
    all("3.7.3", None);
}
