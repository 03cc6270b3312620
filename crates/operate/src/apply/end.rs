//! How a step ended, for the run.

use super::journal::Outcome;
use bouquet_etcd::Error;

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// It was done.
    Done,
    /// Who does such things says that it was done; members may show it later.
    Said,
    /// It was begun, and members show when it is done.
    Begun,
    /// etcd, a node or a person did not do it, for that reason, where there is one.
    Refused(Option<String>),
    /// etcd did not do it, and may do it later.
    NotNow(String),
    /// It may have been done.
    Unknown(String),
}

impl End {
    /// Returns the same of a call.
    pub(super) fn of(error: &Error) -> Self {
        let words = error.to_string();
        match error {
            Error::Refused(_) => Self::Refused(Some(words)),
            // Nothing was asked, or nothing was done.
            Error::NotNow(_) | Error::NoLogin(_) | Error::Unreachable(_) => Self::NotNow(words),
            Error::Unknown(_) | Error::NotEtcd(_) => Self::Unknown(words),
        }
    }

    /// Returns how it is noted, and why it ended so; `None` while it is not known.
    pub(super) fn noted(&self) -> Option<(Outcome, Option<&str>)> {
        match self {
            Self::Done | Self::Said => Some((Outcome::Done, None)),
            Self::Begun => None,
            Self::Refused(why) => Some((Outcome::Refused, why.as_deref())),
            Self::NotNow(why) => Some((Outcome::Refused, Some(why))),
            Self::Unknown(why) => Some((Outcome::Unknown, Some(why))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bouquet_etcd::Reach;

    #[test]
    fn what_etcd_did_not_do_is_told_from_what_nobody_knows() {
        let late = || "etcdserver: request timed out".to_owned();
        assert_eq!(End::of(&Error::Unknown(late())).noted().map(|it| it.0), Some(Outcome::Unknown));
        let unhealthy = "etcdserver: unhealthy cluster";
        for error in [
            Error::NotNow(unhealthy.to_owned()),
            Error::NoLogin(late()),
            Error::Unreachable(Reach::NoListener),
        ] {
            let end = End::of(&error);
            assert!(matches!(end, End::NotNow(_)), "{error:?}");
            assert_eq!(end.noted().map(|it| it.0), Some(Outcome::Refused));
        }
        let refused = End::of(&Error::Refused("etcdserver: permission denied".to_owned()));
        assert!(matches!(refused, End::Refused(Some(_))));
    }
}
