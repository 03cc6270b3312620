//! The rows of `docs/changes.md` that ask for hands, carried out by the plan of each as it is printed, while
//! a client writes. `plans` has three of them.

mod addresses;
mod anew;
mod authorities;
mod certificates;
mod clients;
mod combined;
mod folders;
mod members;
mod options;
mod pasted;
mod tls;
mod versions;

use super::site::{Site, Spec};
use crate::support::side_by_side::on_each as on;

/// The releases on which a row is seen that does not depend on one.
const BOTH: [&str; 2] = ["3.4.23", "3.6.16"];

/// A cluster of the first spec that becomes one of the second, while a client writes; it took these steps.
fn becomes(before: &Spec, after: &Spec, steps: &[&str]) -> Site {
    let mut site = Site::start(before);
    site.write();
    site.build(after);
    assert_eq!(site.carry_out(), steps, "etcd {}", before.release);
    site.end();
    site
}

/// The same where a build refuses the second spec until it says so.
fn is_forced_to_be(before: &Spec, after: &Spec, accept: &[&str], steps: &[&str]) -> Site {
    forced(Site::start(before), after, accept, steps)
}

/// The same with a cluster that runs already.
fn forced(mut site: Site, after: &Spec, accept: &[&str], steps: &[&str]) -> Site {
    site.write();
    let said = site.refuses(after);
    for words in accept {
        assert!(said.contains(&format!("\"{words}\"")), "{words}: {said}");
    }
    site.build(&after.clone().accepting(accept));
    assert_eq!(site.carry_out(), steps, "to etcd {}", after.release);
    site.end();
    site
}

/// Looks who leads, restarts each of three members, and records it.
const ROLLED: [&str; 5] = ["look", "restart", "restart", "restart", "record"];
