//! Calls of gRPC, as etcd needs them: one message there, one or many back.

use crate::deadline::{Deadline, Passed};
use crate::endpoint::Endpoint;
use crate::error::{Error, LATE, Reach, of_causes, with_causes};
use crate::frames::{Frames, framed, outcome};
use crate::transport::{Cause, Protocol, connect};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue, TE};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use prost::Message;
use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::task::Poll;

/// The most bytes of an answer about members, alarms or leases: a thousand times what it has.
const SMALL: usize = 1 << 20;

/// The most bytes of an answer with keys, or with a part of a snapshot. etcd takes 1.5 MiB in a request unless its
/// `max-request-bytes` says otherwise, and sends snapshots in parts of 32 KiB to 1 MiB.
const LARGE: usize = 16 << 20;

/// A method of etcd's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Method {
    path: &'static str,
    /// What one message of its answer may have, in bytes.
    largest: usize,
}

impl Method {
    /// Describes a call whose answers are short.
    pub(crate) const fn small(path: &'static str) -> Self {
        Self { path, largest: SMALL }
    }

    /// Describes a call whose answers hold data.
    pub(crate) const fn large(path: &'static str) -> Self {
        Self { path, largest: LARGE }
    }
}

/// A connection to a client port.
pub(crate) struct Channel {
    sender: SendRequest<Full<Bytes>>,
    authority: String,
    /// The token of the user whose calls are made.
    pub(crate) token: Option<HeaderValue>,
}

impl Channel {
    pub(crate) async fn open(endpoint: Endpoint<'_>, deadline: Deadline) -> Result<Self, Error> {
        let io = connect(endpoint, Protocol::Grpc, deadline).await?;
        let cause = io.cause();
        let opening = async {
            let opened = handshake(TokioExecutor::new(), TokioIo::new(io)).await;
            let (sender, connection) = opened.map_err(|error| broken(&cause, &error))?;
            let mut connection = Box::pin(connection);
            // With TLS 1.3 etcd refuses a client's certificate after the handshake, and before it says anything else.
            let mut begun = pin!(cause.begun());
            poll_fn(|context| match connection.as_mut().poll(context) {
                Poll::Pending => begun.as_mut().poll(context).map(Ok),
                Poll::Ready(Err(error)) => Poll::Ready(Err(broken(&cause, &error))),
                Poll::Ready(Ok(())) => {
                    let closed = || Error::Unreachable(Reach::Other("it was closed".to_owned()));
                    Poll::Ready(Err(cause.told().unwrap_or_else(closed)))
                }
            })
            .await?;
            Ok((sender, connection))
        };
        let opened = deadline.wait(opening).await;
        let (sender, connection) =
            opened.map_err(|Passed| Error::Unreachable(Reach::Silent)).flatten()?;
        // It ends with the sender; what breaks it is told by the call that it breaks.
        tokio::spawn(connection);
        let url = endpoint.url.to_string();
        let authority = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest).to_owned();
        Ok(Self { sender, authority, token: None })
    }

    /// Asks for one message.
    pub(crate) async fn unary<Q: Message, A: Message + Default>(
        &mut self,
        method: Method,
        question: &Q,
        deadline: Deadline,
    ) -> Result<A, Error> {
        let mut answers = self.stream(method, question, deadline).await?;
        let answer = answers.next(deadline).await?;
        let Some(answer) = answer else {
            return Err(Error::NotEtcd(format!("{} ended without a message", method.path)));
        };
        if answers.next::<A>(deadline).await?.is_some() {
            return Err(Error::NotEtcd(format!("{} sent more than one message", method.path)));
        }
        Ok(answer)
    }

    /// Asks for any number of messages, and waits for the first: etcd may refuse only behind the head of its answer, as a
    /// snapshot on 3.4.23 and 3.5.1.
    pub(crate) async fn stream<Q: Message>(
        &mut self,
        method: Method,
        question: &Q,
        deadline: Deadline,
    ) -> Result<Answers, Error> {
        let request = self.request(method.path, question, deadline)?;
        let sending = async {
            self.sender.ready().await?;
            self.sender.send_request(request).await
        };
        match deadline.wait(sending).await.map_err(passed)? {
            Ok(response) => Answers::of(response, method.largest)?.begun(deadline).await,
            Err(error) => Err(lost(&error)),
        }
    }

    fn request<Q: Message>(
        &self,
        path: &str,
        question: &Q,
        deadline: Deadline,
    ) -> Result<Request<Full<Bytes>>, Error> {
        let body = framed(question).map_err(|error| Error::Refused(error.to_string()))?;
        let mut request = Request::post(format!("http://{}{path}", self.authority))
            .header(CONTENT_TYPE, "application/grpc")
            .header(TE, "trailers")
            // etcd then gives up as well.
            .header("grpc-timeout", format!("{}m", deadline.left().as_millis().min(99_999_999)));
        if let Some(token) = &self.token {
            request = request.header("token", token);
        }
        request.body(Full::new(body)).map_err(|error| Error::Refused(error.to_string()))
    }
}

/// The messages that etcd sends back, one at a time.
pub(crate) struct Answers {
    body: Incoming,
    /// The first message, until it is taken.
    first: Option<Bytes>,
    frames: Frames,
    /// The outcome, where it came.
    outcome: Option<HeaderMap>,
}

impl Answers {
    fn of(response: Response<Incoming>, largest: usize) -> Result<Self, Error> {
        let (head, body) = response.into_parts();
        if head.status != StatusCode::OK {
            return Err(Error::NotEtcd(format!("HTTP {}", head.status)));
        }
        let is_grpc = head
            .headers
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc"));
        if !is_grpc {
            return Err(Error::NotEtcd("no gRPC comes back".to_owned()));
        }
        // What ends at once has its outcome in the head.
        let ended = head.headers.contains_key("grpc-status").then_some(head.headers);
        ended.as_ref().map_or(Ok(()), outcome)?;
        Ok(Self { body, first: None, frames: Frames::new(largest), outcome: ended })
    }

    async fn begun(mut self, deadline: Deadline) -> Result<Self, Error> {
        self.first = self.message(deadline).await?;
        Ok(self)
    }

    /// Returns the next message; `None` at an end that etcd says is one.
    pub(crate) async fn next<A: Message + Default>(
        &mut self,
        deadline: Deadline,
    ) -> Result<Option<A>, Error> {
        let message = match self.first.take() {
            Some(first) => Some(first),
            None => self.message(deadline).await?,
        };
        message.map(A::decode).transpose().map_err(|error| Error::NotEtcd(error.to_string()))
    }

    async fn message(&mut self, deadline: Deadline) -> Result<Option<Bytes>, Error> {
        loop {
            if let Some(message) = self.frames.take()? {
                return Ok(Some(message));
            }
            if let Some(trailers) = &self.outcome {
                outcome(trailers)?;
                if self.frames.is_empty() {
                    return Ok(None);
                }
                return Err(Error::NotEtcd("a message ends in the middle".to_owned()));
            }
            let frame = deadline.wait(self.body.frame()).await.map_err(passed)?;
            match frame {
                None => return Err(Error::Unknown("the connection was closed".to_owned())),
                Some(Err(error)) => return Err(lost(&error)),
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.frames.add(&data),
                    Err(frame) => self.outcome = frame.into_trailers().ok(),
                },
            }
        }
    }
}

/// Returns the error of a connection that broke before a call was sent.
fn broken(cause: &Cause, error: &hyper::Error) -> Error {
    cause.told().unwrap_or_else(|| Error::Unreachable(of_causes(error)))
}

/// Returns the error of a connection that was lost after a call was sent.
fn lost(error: &hyper::Error) -> Error {
    Error::Unknown(with_causes(error))
}

fn passed(Passed: Passed) -> Error {
    Error::Unknown(LATE.to_owned())
}
