//! The example program that embeds its cluster, beside that very cluster.

use crate::support::build::Output;
use crate::support::live::Live;
use crate::support::programs::embed;
use crate::support::run::stdout;
use crate::support::scope::release;
use std::path::Path;
use std::process::Command;

#[test]
fn a_program_finds_the_cluster_that_it_was_built_with() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/embed");
    let program = embed();
    let output = Output::of_package(&package);
    let _live = Live::start(&output, release("3.5.33"), "command");
    let id = output.cluster.id.expect("a new cluster has an ID");
    let expected = format!(
        "embed {id} has 3 members
bouquet = of flowers
"
    );
    assert_eq!(stdout(&mut Command::new(program)), expected);
}
