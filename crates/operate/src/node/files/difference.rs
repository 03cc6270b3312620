//! The first line in which two texts differ.

use bouquet_model::diagnostic::visible;

/// The first line in which a file differs from what is compiled in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Difference<'a> {
    /// Its number, from 1 on.
    number: usize,
    /// `None` where the file ends before.
    there: Option<&'a str>,
    compiled: Option<&'a str>,
}

/// Returns the first difference, if there is one; of comments, or of the backslash that joins lines,
/// only where there is no other.
pub(super) fn difference<'a>(there: &'a str, compiled: &'a str) -> Option<Difference<'a>> {
    let (mut a, mut b) = (there.split('\n'), compiled.split('\n'));
    let mut minor = None;
    for number in 1.. {
        let (there, compiled) = (a.next(), b.next());
        if there.is_none() && compiled.is_none() {
            break;
        }
        if there != compiled {
            let difference = Difference { number, there, compiled };
            if !there.zip(compiled).is_some_and(|(there, compiled)| is_minor(there, compiled)) {
                return Some(difference);
            }
            minor = minor.or(Some(difference));
        }
    }
    minor
}

/// Returns `true` for two comments, and for two lines that differ by the backslash at their ends: the
/// last flag of a command has none.
fn is_minor(there: &str, compiled: &str) -> bool {
    fn flag(line: &str) -> &str {
        line.strip_suffix(" \\").unwrap_or(line)
    }
    [there, compiled].iter().all(|line| line.starts_with('#')) || flag(there) == flag(compiled)
}

/// Returns `true` where two texts differ in nothing but comments, the registry of an image, and the options of a first
/// start, which etcd ignores once it has data.
pub(super) fn is_free(there: &str, compiled: &str) -> bool {
    let (a, b): (Vec<_>, Vec<_>) = (there.split('\n').collect(), compiled.split('\n').collect());
    let free = |line: &str| line.starts_with('#') || is_initial(line) || is_image(line);
    a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a == b || free(a) && free(b))
}

/// Returns `true` for a line of `--initial-cluster` and its like, in any format.
fn is_initial(line: &str) -> bool {
    let line = line.trim_start();
    let line = line.strip_prefix("- ").unwrap_or(line);
    let line = line.trim_start_matches(['"', '\'']).to_lowercase().replace('_', "-");
    let name = line.strip_prefix("--").or_else(|| line.strip_prefix("etcd-")).unwrap_or(&line);
    name.starts_with("initial-")
}

/// Returns `true` for the line of a container that names its image: each network has registries of its own. Which etcd runs,
/// the member says.
fn is_image(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("image: ") || line.starts_with("Image=")
}

/// More of a line is not shown.
const LONGEST: usize = 120;

/// How many characters are shown before the difference, where a line is long.
const BEFORE: usize = 40;

/// Words beside which a line may hold a secret that an edit brought in.
const SECRETIVE: &[&str] = &[
    "access_key",
    "accesskey",
    "apikey",
    "api_key",
    "bearer",
    "credential",
    "etcdctl_user",
    "passphrase",
    "passw",
    "private key",
    "secret",
    "--user",
];

/// The options of etcd with a token in their names, which is none that opens anything.
const TOKENS: [&str; 2] = ["cluster-token", "auth-token"];

/// The length of the shortest key in base64.
const KEY: usize = 32;

impl Difference<'_> {
    /// Says what the line is in the file, and what it is as compiled.
    pub(super) fn notes(&self) -> [String; 2] {
        let [mut there, mut compiled] = [self.there, self.compiled];
        if there.map(str::trim) != compiled.map(str::trim) {
            [there, compiled] = [there, compiled].map(|line| line.map(str::trim));
        }
        let both = there.unwrap_or("").chars().zip(compiled.unwrap_or("").chars());
        let same = both.take_while(|(a, b)| a == b).count();
        let [there, compiled] =
            [there, compiled].map(|line| line.map_or("not there".to_owned(), |l| shown(l, same)));
        [format!("line {} is {there}", self.number), format!("as compiled it is {compiled}")]
    }
}

/// Returns a line around its character of that number, or that it is not shown.
fn shown(line: &str, from: usize) -> String {
    if is_secretive(line) {
        return "one that may hold a secret".to_owned();
    }
    if line.is_empty() {
        return "empty".to_owned();
    }
    let skipped = if line.chars().count() > LONGEST { from.saturating_sub(BEFORE) } else { 0 };
    let mut rest = line.chars().skip(skipped);
    let part: String = rest.by_ref().take(LONGEST).collect();
    let (before, after) = (if skipped > 0 { "…" } else { "" }, rest.next().map_or("", |_| "…"));
    format!("`{before}{}{after}`", visible(&part))
}

fn is_secretive(line: &str) -> bool {
    let lower = line.to_lowercase();
    let mut runs = line.split(|c: char| !(c.is_ascii_alphanumeric() || "+/".contains(c)));
    let is_key = runs.any(|run| {
        let has = |is: fn(&u8) -> bool| run.bytes().any(|byte| is(&byte));
        let mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
        run.len() >= KEY && mixed && has(u8::is_ascii_digit)
    });
    // `https://user:password@host`
    let has_user = line
        .split("://")
        .skip(1)
        .any(|rest| rest.split(['/', ',', ' ']).next().is_some_and(|host| host.contains('@')));
    let without = TOKENS.iter().fold(lower.replace('_', "-"), |rest, name| rest.replace(name, ""));
    is_key
        || has_user
        || without.contains("token")
        || SECRETIVE.iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(there: &str, compiled: &str) -> String {
        difference(there, compiled).expect("a difference").notes().join("; ")
    }

    #[test]
    fn the_first_line_that_differs_is_shown_as_it_is_on_both_sides() {
        assert_eq!(text("a\nb\nd", "a\nc\ne"), "line 2 is `b`; as compiled it is `c`");
        assert_eq!(text("a\r\nb", "a\nb"), "line 1 is `a\\r`; as compiled it is `a`");
        assert_eq!(text("a", "a\n--b=c \\"), "line 2 is not there; as compiled it is `--b=c \\`");
        assert_eq!(text("# a\nb", "# b\nc"), "line 2 is `b`; as compiled it is `c`");
        assert_eq!(text("a\nb", "a \\\nc\nb"), "line 2 is `b`; as compiled it is `c`");
        assert_eq!(text("a\n\nb", "a\nb"), "line 2 is empty; as compiled it is `b`");
        assert_eq!(text("# a\nb", "# b\nb"), "line 1 is `# a`; as compiled it is `# b`");
        assert_eq!(difference("a\n", "a\n"), None);
    }

    #[test]
    fn of_a_long_line_the_part_that_differs_is_shown() {
        let long = "x-".repeat(150);
        let said = text(&(long.clone() + "1" + &long), &(long.clone() + "2" + &long));
        let side = |digit| format!("`…{}{digit}{}x…`", "x-".repeat(20), "x-".repeat(39));
        assert_eq!(said, format!("line 1 is {}; as compiled it is {}", side(1), side(2)));
    }

    #[test]
    fn a_line_that_may_hold_a_secret_is_not_shown() {
        for line in [
            "ETCD_ROOT_PASSWORD=hush",
            "-----BEGIN PRIVATE KEY-----",
            "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg",
            "KEY=MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg==",
            "ETCDCTL_USER=root:hush",
            "--discovery-proxy=http://me:hush@10.0.0.1",
            "Environment=CONSUL_HTTP_TOKEN=6f1ed002-ab5e-5359-a5c6-1b9e1a4d2b3c",
        ] {
            let said = text(line, "a");
            assert_eq!(said, "line 1 is one that may hold a secret; as compiled it is `a`");
        }
    }

    #[test]
    fn a_line_of_options_is_shown() {
        for line in [
            "--data-dir=/var/lib/etcd/a-long-name/of-a-folder/member1",
            "ETCD_INITIAL_CLUSTER=Pink=https://192.168.65.102:2380,Orange=https://192.168.65.101:2380",
            "--initial-cluster-token=flowers \\",
            "ETCD_INITIAL_CLUSTER_TOKEN=flowers",
            "ETCD_AUTH_TOKEN=jwt,pub-key=/etc/jwt.pub,priv-key=/etc/jwt.pem,sign-method=RS256",
        ] {
            assert_eq!(text(line, "a"), format!("line 1 is `{line}`; as compiled it is `a`"));
        }
    }

    #[test]
    fn what_a_member_that_runs_ignores_is_free() {
        for (there, compiled, free) in [
            ("    --initial-cluster=a \\\nx", "    --initial-cluster=b \\\nx", true),
            ("ETCD_INITIAL_CLUSTER_STATE=new", "ETCD_INITIAL_CLUSTER_STATE=existing", true),
            ("initial-cluster: \"a\"", "initial-cluster: \"b\"", true),
            ("    - \"--initial-cluster=a\"", "    - \"--initial-cluster=b\"", true),
            ("      image: \"a/etcd:1\"", "      image: \"b/etcd:1\"", true),
            ("Image=a/etcd:1", "Image=b/etcd:1", true),
            ("# a", "# b", true),
            ("# a", "--name=b", false),
            ("--name=a", "--name=b", false),
            ("a\n", "a", false),
        ] {
            assert_eq!(is_free(there, compiled), free, "{there}");
        }
    }
}
