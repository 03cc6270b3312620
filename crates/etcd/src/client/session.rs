//! A connection, and the user whose calls are made over it: who logs in where the member asks for that.

use crate::deadline::Deadline;
use crate::denied::Denied;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::grpc::{Answers, Channel, Method};
use crate::messages::auth::{AuthenticateRequest, AuthenticateResponse};
use crate::user::User;
use hyper::header::HeaderValue;
use prost::Message;

/// A connection to a member.
pub(super) struct Session {
    channel: Channel,
    user: Option<User>,
}

impl Session {
    pub(super) async fn open(endpoint: Endpoint<'_>, deadline: Deadline) -> Result<Self, Error> {
        Ok(Self { channel: Channel::open(endpoint, deadline).await?, user: None })
    }

    pub(super) fn set_user(&mut self, user: Option<User>) {
        self.user = user;
    }

    /// Asks for one message.
    pub(super) async fn unary<Q: Message, A: Message + Default>(
        &mut self,
        method: Method,
        question: &Q,
        deadline: Deadline,
    ) -> Result<A, Error> {
        self.take_token();
        let answer = self.channel.unary(method, question, deadline).await;
        let again = self.logs_in(answer.as_ref().err(), deadline).await?;
        if again { self.channel.unary(method, question, deadline).await } else { answer }
    }

    /// Asks for any number of messages.
    pub(super) async fn stream<Q: Message>(
        &mut self,
        method: Method,
        question: &Q,
        deadline: Deadline,
    ) -> Result<Answers, Error> {
        self.take_token();
        let answer = self.channel.stream(method, question, deadline).await;
        let again = self.logs_in(answer.as_ref().err(), deadline).await?;
        if again { self.channel.stream(method, question, deadline).await } else { answer }
    }

    /// Takes the token that the user has by now: over another connection, too.
    fn take_token(&mut self) {
        self.channel.token = self.user.as_ref().and_then(User::token);
    }

    /// Logs the user in where a call was refused for want of that, and tells whether it did: nothing was done of such a
    /// call, and it may be made again.
    ///
    /// Not before: most calls need no user, a certificate may tell who asks, and logging in takes a quorum, which other
    /// calls do not.
    async fn logs_in(&mut self, error: Option<&Error>, deadline: Deadline) -> Result<bool, Error> {
        let Some(Error::Refused(words) | Error::NotNow(words)) = error else { return Ok(false) };
        let is_to = match Denied::of(words) {
            Some(Denied::NoUser) => true,
            // Those of who is on the certificate; with a token, those of the user.
            Some(Denied::NoRights) => self.channel.token.is_none(),
            Some(Denied::WrongPassword) | None => false,
        };
        let Some(user) = self.user.as_ref().filter(|_| is_to) else { return Ok(false) };
        self.channel.token = None;
        let request = AuthenticateRequest {
            name: user.name().to_owned(),
            password: user.password().to_owned(),
        };
        let method = Method::small("/etcdserverpb.Auth/Authenticate");
        let answer: AuthenticateResponse =
            self.channel.unary(method, &request, deadline).await.map_err(|error| match error {
                // The call was not made at all.
                Error::Unknown(why) | Error::NotNow(why) => Error::NoLogin(why),
                other => other,
            })?;
        let token = HeaderValue::try_from(answer.token);
        let mut token =
            token.map_err(|_| Error::NotEtcd("a token that is no header".to_owned()))?;
        token.set_sensitive(true);
        user.has(token.clone());
        self.channel.token = Some(token);
        Ok(true)
    }
}
