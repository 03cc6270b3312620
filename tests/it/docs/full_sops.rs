//! The recipe of docs/team.md by sops, which takes a minute to build.

use super::clones::Clones;
use super::transcripts::check_in;
use crate::support::run::tools;

#[test]
fn two_clones_have_the_same_out_by_sops() {
    let sops = tools().join("bin/sops");
    assert!(sops.is_file(), "no {}: run `cargo xtask tools --full`", sops.display());
    let clones = Clones::new();
    clones.provide(&sops);
    check_in("docs/team.md", "sops", &|who, command| clones.run(who, command));
    clones.assert_same_out();
}
