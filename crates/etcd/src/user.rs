//! A user of etcd's, who logs in by a password.

use core::fmt;
use hyper::header::HeaderValue;
use std::sync::{Arc, Mutex, PoisonError};
use zeroize::Zeroizing;

/// A user with its password, which is wiped when the last clone is dropped. Clones share the token that the user has
/// once it has logged in: every member of a cluster takes it.
#[derive(Clone)]
pub struct User(Arc<Inner>);

struct Inner {
    name: String,
    password: Zeroizing<String>,
    token: Mutex<Option<HeaderValue>>,
}

impl User {
    /// Makes a user who has not logged in yet.
    pub fn new(name: String, password: impl Into<Zeroizing<String>>) -> Self {
        let password = password.into();
        Self(Arc::new(Inner { name, password, token: Mutex::default() }))
    }

    pub(crate) fn name(&self) -> &str {
        &self.0.name
    }

    pub(crate) fn password(&self) -> &str {
        &self.0.password
    }

    pub(crate) fn token(&self) -> Option<HeaderValue> {
        self.0.token.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn has(&self, token: HeaderValue) {
        *self.0.token.lock().unwrap_or_else(PoisonError::into_inner) = Some(token);
    }
}

/// Whether it is the same user with the same password; a token comes and goes.
impl PartialEq for User {
    fn eq(&self, other: &Self) -> bool {
        self.0.name == other.0.name && self.0.password == other.0.password
    }
}

impl Eq for User {}

/// Says nothing of who it is: where a password has a colon, a part of it can stand in the name.
impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(name: &str, password: &str) -> User {
        User::new(name.to_owned(), password.to_owned())
    }

    #[test]
    fn a_user_does_not_print() {
        let user = user("root", "hush");
        user.has(HeaderValue::from_static("token.1"));
        assert_eq!(format!("{user:?}"), "User { .. }");
    }

    #[test]
    fn clones_share_the_token_and_others_have_none() {
        let (one, other) = (user("root", "hush"), user("root", "hush"));
        one.clone().has(HeaderValue::from_static("token.1"));
        assert_eq!(one.token(), Some(HeaderValue::from_static("token.1")));
        assert_eq!((other.token(), &one), (None, &other));
        assert_ne!(one, user("root", "other"));
        assert_ne!(one, user("reader", "hush"));
    }
}
