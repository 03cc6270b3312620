//! Members that exchange their places while others go.

use super::cluster::{cluster, planned_by_ids as planned, settle};
use super::followed::follow;

#[test]
fn two_that_exchange_their_places_while_others_go_leave_no_client_without_an_endpoint() {
    let names =
        [("aster", 1), ("daffodil", 4), ("elder", 5), ("freesia", 6), ("heather", 8), ("iris", 9)];
    let mut before = cluster(&names, &["alice"]);
    for name in ["freesia", "elder", "heather"] {
        for text in before.members.get_mut(name).expect("it is there").options.values_mut() {
            *text = text.replace(":2379", ":4379");
        }
    }
    settle(&mut before);
    let after = cluster(&[("daffodil", 6), ("freesia", 4)], &["alice"]);
    let plan = planned(&before, &after, false);
    assert_eq!(plan.withheld, []);
    follow(&before, &after, &plan, false);
}
