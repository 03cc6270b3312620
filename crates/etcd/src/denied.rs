//! What etcd says where its authentication is on, and a call is not that of a user who may do it.

/// Why a call is denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// It is the call of no user, or of one that has to log in again.
    NoUser,
    /// It is the call of a user who may not do this, or whom etcd does not know.
    NoRights,
    /// There is no such user, or it has another password.
    WrongPassword,
}

impl Denied {
    /// Reads it from etcd's words, which are those of `api/v3rpc/rpctypes/error.go`; `None` where they are about something
    /// else.
    pub fn of(words: &str) -> Option<Self> {
        const ALL: [(&str, Denied); 7] = [
            ("user name is empty", Denied::NoUser),
            ("invalid auth token", Denied::NoUser),
            ("revision of auth store is old", Denied::NoUser),
            ("permission denied", Denied::NoRights),
            ("user name not found", Denied::NoRights),
            ("user not found", Denied::NoRights),
            ("authentication failed", Denied::WrongPassword),
        ];
        ALL.iter().find(|(part, _)| words.contains(part)).map(|(_, denied)| *denied)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As 3.4 to 3.7 say it, at either side of gRPC.
    #[test]
    fn words_tell_whether_a_user_is_lacking_or_rights_or_the_right_password() {
        for (words, denied) in [
            ("etcdserver: user name is empty", Some(Denied::NoUser)),
            ("auth: user name is empty", Some(Denied::NoUser)),
            ("etcdserver: invalid auth token", Some(Denied::NoUser)),
            ("etcdserver: revision of auth store is old", Some(Denied::NoUser)),
            ("auth: permission denied", Some(Denied::NoRights)),
            ("etcdserver: user name not found", Some(Denied::NoRights)),
            (
                "etcdserver: authentication failed, invalid user ID or password",
                Some(Denied::WrongPassword),
            ),
            ("etcdserver: request timed out", None),
            ("etcdserver: rpc not supported for learner", None),
        ] {
            assert_eq!(Denied::of(words), denied, "{words}");
        }
    }
}
