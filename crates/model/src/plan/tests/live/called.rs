//! What the program is called on nodes, which need not be what it is called here.

use super::super::cluster::{flowers, of_version};
use super::{plan, seen};
use crate::plan::next::Life;

#[test]
fn advice_for_a_node_calls_the_program_as_it_is_called_there() {
    let mut down = seen(&flowers());
    down.of("daffodil").life = Life::Down;
    let started = plan(&flowers(), &flowers(), &down);
    let notes = started.steps[0].notes.join("\n");
    assert!(notes.contains("`flowers doctor` on its node says why"), "{notes}");
    let later = of_version(flowers(), "3.7.3");
    let at_once = plan(&of_version(flowers(), "3.5.33"), &later, &down);
    let [withheld] = at_once.withheld.as_slice() else { panic!("{at_once:?}") };
    assert_eq!(
        withheld.way,
        "start those that are down first: `flowers doctor` on their nodes says why they are"
    );
}
