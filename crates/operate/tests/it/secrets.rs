//! Where keys are looked for, and where they come to.

use crate::common::{OTHER_CA_PEM, World};
use bouquet_operate::{Exit, Keys, Work};

/// The work with keys that a command line leads to, as a text.
fn work(world: &World, line: &[&str]) -> String {
    let outcome = world.flowers(line);
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("", ""));
    match outcome.work {
        Some(Work::Keys(Keys::Export(work))) => format!("{work:?}"),
        Some(Work::Keys(Keys::Import(work))) => format!("{work:?}"),
        other => panic!("no work with keys: {other:?}"),
    }
}

fn package(world: World, folder: &str) -> World {
    world.with_file(&format!("{folder}/cluster.toml"), b"")
}

fn comes_to(world: &World, line: &[&str], folder: &str, out: &str) {
    let work = work(world, line);
    let expected = format!("package: Package {{ folder: {folder:?}, out: {out:?} }}");
    assert!(work.contains(&expected), "{work}");
}

#[test]
fn keys_go_from_the_out_that_every_command_finds() {
    let found = work(&World::built(), &["secrets", "export"]);
    assert!(found.starts_with("Export { out: \"/home/me/flowers/out\""), "{found}");
    let named = World::new().with_out("/built");
    let found = work(&named, &["secrets", "export", "--out", "/built"]);
    assert!(found.starts_with("Export { out: \"/built\""), "{found}");
}

#[test]
fn without_an_out_there_is_nothing_to_export() {
    for world in
        [World::new(), World::built().with_file("/home/me/flowers/out/pki/ca.crt", OTHER_CA_PEM)]
    {
        let outcome = world.flowers(&["secrets", "export"]);
        assert_eq!((outcome.exit, outcome.work), (Exit::Failed, None));
        assert!(outcome.stderr.contains("the `out/` of this cluster was not found"));
        assert!(outcome.stderr.contains("--out"), "{}", outcome.stderr);
    }
}

#[test]
fn keys_come_to_the_nearest_package_whose_out_need_not_be_there() {
    let import = &["secrets", "import"];
    let here = package(World::new(), "/home/me/flowers");
    comes_to(&here, import, "/home/me/flowers", "/home/me/flowers/out");
    let above = package(World::new(), "/home/me");
    comes_to(&above, import, "/home/me", "/home/me/out");
    // The package that cargo runs comes first.
    let both = package(package(World::new(), "/home/me/flowers"), "/srv/tulips");
    let both = both.with_variable("CARGO_MANIFEST_DIR", "/srv/tulips");
    comes_to(&both, import, "/srv/tulips", "/srv/tulips/out");
    let named = package(package(World::new(), "/home/me/flowers"), "/srv/tulips");
    let line = &["secrets", "import", "--out", "/srv/tulips/keys"];
    comes_to(&named, line, "/srv/tulips", "/srv/tulips/keys");
    let variable = package(World::new(), "/srv/tulips");
    let variable = variable.with_variable("BOUQUET_OUT", "/srv/tulips/out");
    comes_to(&variable, import, "/srv/tulips", "/srv/tulips/out");
    let mut beside = package(World::new(), "/opt/tulips");
    beside.executable = Some("/opt/tulips/target/debug/tulips".into());
    comes_to(&beside, import, "/opt/tulips", "/opt/tulips/out");
}

#[test]
fn without_a_package_nothing_can_be_imported() {
    let outcome = World::new().flowers(&["secrets", "import"]);
    assert_eq!((outcome.exit, outcome.work), (Exit::Failed, None));
    assert!(
        outcome.stderr.contains("there is no `cluster.toml` in `/home/me/flowers` or above it")
    );
    let outcome = World::new().flowers(&["secrets", "import", "--out", "/srv/out"]);
    assert!(outcome.stderr.contains("there is no `cluster.toml` beside `/srv/out`"));
}

#[test]
fn a_file_is_named_from_here_and_replacing_has_to_be_asked_for() {
    let import = |line: &[&str]| work(&package(World::new(), "/home/me/flowers"), line);
    let found = import(&["secrets", "import", "--replace", "keys.tar"]);
    assert!(found.contains("file: Some(\"/home/me/flowers/keys.tar\"), replace: true"), "{found}");
    for line in [&["secrets", "import"][..], &["secrets", "import", "-"]] {
        let found = import(line);
        assert!(found.contains("file: None, replace: false"), "{found}");
    }
    let outcome = World::new().flowers(&["secrets"]);
    assert_eq!(outcome.exit, Exit::Misused);
}
