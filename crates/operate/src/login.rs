//! The user who logs in by a password: `ETCDCTL_USER` and `ETCDCTL_PASSWORD`, as etcdctl has them.

use bouquet_etcd::{Denied, NO_LOGIN, User};
use bouquet_model::diagnostic::Diagnostic;
use std::ffi::OsString;
use zeroize::Zeroizing;

const USER: &str = "ETCDCTL_USER";
const PASSWORD: &str = "ETCDCTL_PASSWORD";

/// Reads the user from the variables of the environment; one that is empty is not set.
///
/// # Errors
/// If there is half of a user. That is no reason not to ask: where a certificate tells who asks, none is needed.
pub(crate) fn login(
    variable: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Option<User>, Diagnostic> {
    let text = |name: &str| {
        let Some(value) = variable(name).filter(|value| !value.is_empty()) else { return Ok(None) };
        // It keeps the allocation, so that no copy is left behind.
        match value.into_string() {
            Ok(text) => Ok(Some(Zeroizing::new(text))),
            Err(_) => Err(Diagnostic::warning(format!("nobody logs in: {name} is not UTF-8"))),
        }
    };
    match (text(USER)?, text(PASSWORD)?) {
        (None, None) => Ok(None),
        (Some(user), Some(password)) => Ok(Some(User::new(user.to_string(), password))),
        (Some(both), None) => match both.split_once(':') {
            Some((name, password)) => Ok(Some(User::new(name.to_owned(), password.to_owned()))),
            None => Err(Diagnostic::warning(format!(
                "nobody logs in: {USER} has a name, and no password, which only etcdctl asks for"
            ))
            .help(format!("set {PASSWORD}, or {USER} to `NAME:PASSWORD`"))),
        },
        (None, Some(_)) => Err(Diagnostic::warning(format!(
            "nobody logs in: {PASSWORD} is set, and {USER} is not"
        ))
        .help(format!("set {USER} to the name of the user: `root`"))),
    }
}

/// Warns that a password goes over the network as it is.
pub(crate) fn in_clear() -> Diagnostic {
    Diagnostic::warning(format!(
        "this cluster is without TLS: where it asks for the password of {USER}, anybody on the network can read it"
    ))
    .help(
        "`enabled = true` under `[tls]`; look at the plan before anything is installed, because clients are cut off until they \
         have certificates",
    )
}

/// What helps where etcd takes nothing from who asks.
pub(crate) const AS_ROOT: &str = "where authentication is on, it takes a user with the role root: by the \
    certificate of a client of that name, `--client NAME`, or by its password, `ETCDCTL_USER` and `ETCDCTL_PASSWORD` in \
    the environment; with `client-auth = false` by its password alone";

const OTHER: &str = "etcd has no such user, or it has another password: look at `ETCDCTL_USER` and `ETCDCTL_PASSWORD` in \
    the environment; one that was made with `--no-password` logs in by its certificate alone";

const QUORUM: &str = "start the members that are down, with their data: without a quorum nobody logs in by a password. A \
    certificate logs in without one, and `rescue` on the nodes asks for neither";

/// Returns what helps where etcd's words, or those of a login, say that it denies something; nothing for other words.
pub(crate) fn help(words: &str) -> Option<&'static str> {
    if words.contains(NO_LOGIN) {
        return Some(QUORUM);
    }
    Denied::of(words).map(|denied| match denied {
        Denied::NoUser | Denied::NoRights => AS_ROOT,
        Denied::WrongPassword => OTHER,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::ffi::OsStringExt as _;

    fn said(set: &[(&str, &str)]) -> Result<Option<User>, Diagnostic> {
        login(&|name| set.iter().find(|(other, _)| *other == name).map(|(_, value)| value.into()))
    }

    fn user(name: &str, password: &str) -> User {
        User::new(name.to_owned(), password.to_owned())
    }

    #[test]
    fn a_user_is_read_as_etcdctl_reads_it() {
        assert_eq!(said(&[]), Ok(None));
        assert_eq!(said(&[(USER, ""), (PASSWORD, "")]), Ok(None));
        assert_eq!(said(&[(USER, "root"), (PASSWORD, "hush")]), Ok(Some(user("root", "hush"))));
        assert_eq!(said(&[(USER, "root:hu:sh")]), Ok(Some(user("root", "hu:sh"))));
        assert_eq!(said(&[(USER, "root:hu:sh"), (PASSWORD, "")]), Ok(Some(user("root", "hu:sh"))));
        // The variable is all of the password, and the other one all of the name.
        assert_eq!(said(&[(USER, "a:b"), (PASSWORD, "hush")]), Ok(Some(user("a:b", "hush"))));
    }

    #[test]
    fn half_of_a_user_is_said_and_the_password_is_not() {
        let lacks = |set: &[(&str, &str)]| format!("{:?}", said(set).unwrap_err());
        let without = lacks(&[(USER, "root")]);
        assert!(without.contains("ETCDCTL_USER has a name, and no password"), "{without}");
        let nobody = lacks(&[(PASSWORD, "hush")]);
        assert!(nobody.contains("ETCDCTL_PASSWORD is set, and ETCDCTL_USER is not"), "{nobody}");
        assert!(!nobody.contains("hush"), "{nobody}");
        let odd = |name: &str| (name == PASSWORD).then(|| OsString::from_vec(b"hush\xff".to_vec()));
        let odd = format!("{:?}", login(&odd).unwrap_err());
        assert!(odd.contains("ETCDCTL_PASSWORD is not UTF-8") && !odd.contains("hush"), "{odd}");
    }

    #[test]
    fn what_etcd_denies_has_a_help_and_other_words_have_none() {
        assert_eq!(help("etcdserver: user name is empty"), Some(AS_ROOT));
        assert_eq!(help("auth: permission denied"), Some(AS_ROOT));
        let wrong = "etcdserver: authentication failed, invalid user ID or password";
        assert_eq!(help(wrong), Some(OTHER));
        assert_eq!(help("etcdserver: no leader"), None);
    }
}
