//! Every example on every etcd that has its options.

use super::options;
use super::program::Place;
use crate::support::build::{EXAMPLES, example};
use crate::support::run::etcd;
use crate::support::scope::RELEASES;
use std::fs;
use std::path::Path;

#[test]
fn every_example_is_tried_on_every_etcd() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| fs::read_to_string(here.join(path)).expect(path);
    let mut specs: Vec<String> = EXAMPLES.iter().map(|name| example(name)).collect();
    specs.extend([read("cluster.toml"), read("examples/embed/cluster.toml")]);
    for spec in &specs {
        let members = spec.matches("[[member]]").count();
        for release in RELEASES {
            let place = Place::of(spec);
            let words = ["--", "etcdctl", "endpoint", "health"];
            let (said, code) =
                place.ended(place.try_with(&etcd(release), &words).env("ETCDCTL_API", "3"));
            let all = format!("{}{}", said.stdout, said.stderr);
            assert_eq!(code, Some(0), "{release}\n{spec}\n{all}");
            let healthy = all.lines().filter(|line| line.contains(" is healthy: succ")).count();
            assert_eq!(healthy, members, "{release}\n{spec}\n{all}");
        }
    }
}

/// Each release by the spec of its own version, in which all is elsewhere that can be.
#[test]
fn options_that_name_paths_and_addresses_are_moved_on_every_etcd() {
    for release in RELEASES {
        let place = Place::of(&options::spec(release));
        let script = "etcdctl user add root:pw && etcdctl role add root; etcdctl user grant-role root root && \
                      etcdctl auth enable && etcdctl --user root:pw put a b";
        let (said, code) =
            place.ended(&mut place.try_with(&etcd(release), &["--", "sh", "-c", script]));
        assert_eq!(code, Some(0), "{release}\n{}{}", said.stdout, said.stderr);
        assert!(said.stdout.ends_with("OK\n"), "{release}\n{}{}", said.stdout, said.stderr);
    }
}
