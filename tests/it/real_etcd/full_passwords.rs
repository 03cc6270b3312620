//! A cluster whose members ask for no certificate, and whose users log in by their passwords.

use super::site::{Site, Spec};
use crate::support::scope::RELEASES;
use crate::support::side_by_side::with_each;
use serde_json::Value;

/// Nothing but etcd's data has it.
const PASSWORD: &str = "hu5h-7f3a";

/// A token ends a second after it was used last.
const OPTIONS: &str = "auth-token-ttl = 1";

const USERS: &str = "as() { bouquet etcdctl -- \"$@\"; }\n\
    as user add root:hu5h-7f3a; as role add root || true; as user grant-role root root\n\
    as user add visitor:op3n-9c1d; as auth enable";

#[test]
fn the_program_logs_in_by_the_password_of_the_environment() {
    with_each(&RELEASES, |release| {
        let spec = Spec::of(release).option(OPTIONS).with("[tls]\nclient-auth = false\n");
        let mut site = Site::start(&spec);
        site.types(USERS);
        site.build(&spec.option("snapshot-count = 5000"));
        nobody(&mut site, tells_nobody(release));
        half_of_a_user(&mut site);
        those_who_may_not(&mut site);
        root(&mut site);
        without_a_quorum(&mut site, tells_nobody(release));
        site.types(
            "for secret in hu5h-7f3a wr0ng-5e2b op3n-9c1d; do\n\
             ! grep -r --exclude-dir=machines --exclude-dir=roots -e $secret . || exit 1\ndone",
        );
    });
}

/// Later releases tell how a member is to users alone.
fn tells_nobody(release: &str) -> bool {
    !release.starts_with("3.4.") && release != "3.5.1"
}

/// What a line says, and how it ends.
fn says(site: &mut Site, line: &str) -> (String, u8) {
    let said = site.types(&format!("code=0; {{ {line}; }} || code=$?; echo \"ended with $code\""));
    let (said, code) = said.rsplit_once("ended with ").expect("an end");
    assert!(!said.contains(PASSWORD) && !said.contains("wr0ng"), "{said}");
    (said.to_owned(), code.trim().parse().expect("a code"))
}

/// Without a user each command says what it takes.
fn nobody(site: &mut Site, tells_nobody: bool) {
    let mut lines = vec!["bouquet snapshot refused.db"];
    if tells_nobody {
        lines.extend(["bouquet status", "bouquet plan", "$SITE/program/bouquet done"]);
    }
    for line in lines {
        let (said, code) =
            says(site, &format!("BOUQUET_PACKAGE=$SITE; export BOUQUET_PACKAGE; {line}"));
        assert!(said.contains("user name is empty"), "{line}: {said}");
        assert!(said.contains("`ETCDCTL_USER` and `ETCDCTL_PASSWORD`"), "{line}: {said}");
        assert!([1, 3].contains(&code), "{line}: {code}: {said}");
    }
    if !tells_nobody {
        let status = status(site);
        assert!(["up", "up", "up"] == states(&status)[..], "{status:#}");
    }
}

fn half_of_a_user(site: &mut Site) {
    site.export(&[("ETCDCTL_PASSWORD", PASSWORD)]);
    let (said, _) = says(site, "bouquet status");
    assert!(said.contains("ETCDCTL_PASSWORD is set, and ETCDCTL_USER is not"), "{said}");
    site.export(&[("ETCDCTL_USER", "root")]);
    let (said, _) = says(site, "bouquet status");
    assert!(said.contains("ETCDCTL_USER has a name, and no password"), "{said}");
}

fn those_who_may_not(site: &mut Site) {
    site.export(&[("ETCDCTL_USER", "root"), ("ETCDCTL_PASSWORD", "wr0ng-5e2b")]);
    let (said, code) = says(site, "bouquet snapshot refused.db");
    assert!(said.contains("authentication failed, invalid user ID or password"), "{said}");
    assert!(said.contains("look at `ETCDCTL_USER` and `ETCDCTL_PASSWORD`"), "{said}");
    assert_eq!(code, 1, "{said}");
    // A user without a role is told how members are, and no more.
    site.export(&[("ETCDCTL_USER", "visitor:op3n-9c1d")]);
    let status = status(site);
    assert!(["up", "up", "up"] == states(&status)[..], "{status:#}");
    for line in ["bouquet snapshot refused.db", "bouquet apply --yes --only pink"] {
        let (said, code) = says(site, line);
        assert!(said.contains("permission denied"), "{said}");
        assert!(said.contains("it takes a user with the role root"), "{said}");
        assert_eq!(code, 1, "{said}");
    }
}

/// All commands work. A member that was started again knows no token of before.
fn root(site: &mut Site) {
    site.export(&[("ETCDCTL_USER", "root"), ("ETCDCTL_PASSWORD", PASSWORD)]);
    let status = status(site);
    assert!(["up", "up", "up"] == states(&status)[..], "{status:#}");
    assert_eq!(status["unasked"], Value::Array(Vec::new()), "{status:#}");
    let (said, code) = says(site, "bouquet snapshot root.db");
    assert_eq!(code, 0, "{said}");
    let (said, code) = says(site, "bouquet rescue --yes");
    assert!(code == 1 && said.contains("nothing is to be rescued"), "{said}");
    let applied = site.applies("--only pink");
    assert_eq!(
        (applied.code, &applied.asked[..]),
        (2, &["restart".to_owned()][..]),
        "{}",
        applied.stderr
    );
    assert!(!(applied.stdout + &applied.stderr).contains(PASSWORD));
    assert!(site.runs_with("pink", "--snapshot-count=5000"));
}

/// Nobody can log in then, and that is told.
fn without_a_quorum(site: &mut Site, tells_nobody: bool) {
    site.kill("pink");
    site.kill("camellia");
    if !tells_nobody {
        let status = status(site);
        assert!(["down", "up", "down"] == states(&status)[..], "{status:#}");
        return;
    }
    let (said, code) = says(site, "bouquet status");
    assert!(
        said.contains("orange refuses to tell this client anything: the user cannot log in"),
        "{said}"
    );
    assert!(said.contains("without a quorum nobody logs in by a password"), "{said}");
    assert!([1, 3].contains(&code), "{said}");
    let (said, code) = says(site, "bouquet snapshot left.db --from orange --force");
    assert!(said.contains("without a quorum nobody logs in by a password"), "{said}");
    assert!(!said.contains("leave out `--from`"), "{said}");
    assert_eq!(code, 1, "{said}");
}

fn status(site: &mut Site) -> Value {
    let (said, _) = says(site, "bouquet status --json 2>talk");
    serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}"))
}

fn states(status: &Value) -> Vec<&str> {
    let members = status["members"].as_array().expect("a list").iter();
    members.map(|member| member["state"].as_str().expect("text")).collect()
}
