//! Calls of gRPC, as etcd needs them: one message there, one or many back.
//!
//! The protocol is gRPC's `doc/PROTOCOL-HTTP2.md`: a message is a byte that says whether it is compressed, its
//! length in 4 bytes, and itself; the outcome is in the trailers.

use crate::deadline::{Deadline, Passed};
use crate::endpoint::Endpoint;
use crate::error::{Error, Reach, of_causes, of_words, with_causes};
use crate::transport::{Cause, Protocol, connect};
use bytes::{Buf, Bytes, BytesMut};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue, TE};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use prost::Message;
use std::error::Error as StdError;

/// The byte and the length before each message.
const PREFIX: usize = 5;

/// What one message may have, in bytes. etcd sends snapshots in parts of 32 KiB to 1 MiB, and no answer that is
/// asked for here is longer than its `max-request-bytes`, but for a list of keys.
const LARGEST: usize = 16 << 20;

/// A connection to a client port.
pub(crate) struct Channel {
    sender: SendRequest<Full<Bytes>>,
    cause: Cause,
    authority: String,
    /// By [`crate::Client::authenticate`].
    pub(crate) token: Option<HeaderValue>,
}

impl Channel {
    pub(crate) async fn open(endpoint: Endpoint<'_>, deadline: Deadline) -> Result<Self, Error> {
        let io = connect(endpoint, Protocol::Grpc, deadline).await?;
        let cause = io.cause();
        let opening = handshake(TokioExecutor::new(), TokioIo::new(io));
        let (sender, connection) = deadline
            .wait(opening)
            .await
            .map_err(|Passed| Error::Unreachable(Reach::Silent))?
            .map_err(|error| Error::Unreachable(of_causes(&error)))?;
        // It ends with the sender; what breaks it is told by the call that it breaks.
        tokio::spawn(async move {
            let _ = connection.await;
        });
        let url = endpoint.url.to_string();
        let authority = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest).to_owned();
        Ok(Self { sender, cause, authority, token: None })
    }

    /// Asks for one message.
    pub(crate) async fn unary<Q: Message, A: Message + Default>(
        &mut self,
        method: &str,
        question: &Q,
        deadline: Deadline,
    ) -> Result<A, Error> {
        let mut answers = self.stream(method, question, deadline).await?;
        let answer = answers.next(deadline).await?;
        let Some(answer) = answer else {
            return Err(Error::NotEtcd(format!("{method} ended without a message")));
        };
        if answers.next::<A>(deadline).await?.is_some() {
            return Err(Error::NotEtcd(format!("{method} sent more than one message")));
        }
        Ok(answer)
    }

    /// Asks for any number of messages.
    pub(crate) async fn stream<Q: Message>(
        &mut self,
        method: &str,
        question: &Q,
        deadline: Deadline,
    ) -> Result<Answers, Error> {
        let request = self.request(method, question, deadline)?;
        // With TLS 1.3 etcd refuses a client's certificate after the handshake, and before it reads any call.
        let sending = async {
            self.sender.ready().await?;
            self.sender.send_request(request).await
        };
        match deadline.wait(sending).await.map_err(passed)? {
            Ok(response) => Answers::of(response),
            Err(error) => Err(self.cause.reach().map_or_else(|| lost(&error), Error::Unreachable)),
        }
    }

    fn request<Q: Message>(
        &self,
        method: &str,
        question: &Q,
        deadline: Deadline,
    ) -> Result<Request<Full<Bytes>>, Error> {
        let length = question.encoded_len();
        let wrong = |error: &dyn StdError| Error::Refused(error.to_string());
        let mut body = BytesMut::with_capacity(PREFIX + length);
        body.extend_from_slice(&[0]);
        let prefix = u32::try_from(length).map_err(|error| wrong(&error))?;
        body.extend_from_slice(&prefix.to_be_bytes());
        question.encode(&mut body).map_err(|error| wrong(&error))?;
        let mut request = Request::post(format!("http://{}{method}", self.authority))
            .header(CONTENT_TYPE, "application/grpc")
            .header(TE, "trailers")
            // etcd then gives up as well.
            .header("grpc-timeout", format!("{}m", deadline.left().as_millis().min(99_999_999)));
        if let Some(token) = &self.token {
            request = request.header("token", token);
        }
        request.body(Full::new(body.freeze())).map_err(|error| wrong(&error))
    }
}

/// What etcd sends back, message by message.
pub(crate) struct Answers {
    body: Incoming,
    received: BytesMut,
    /// The outcome, where it came.
    outcome: Option<HeaderMap>,
}

impl Answers {
    fn of(response: Response<Incoming>) -> Result<Self, Error> {
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
        // What fails at once has its outcome in the head.
        let outcome = head.headers.contains_key("grpc-status").then_some(head.headers);
        Ok(Self { body, received: BytesMut::new(), outcome })
    }

    /// Returns the next message; `None` at an end that etcd says is one.
    pub(crate) async fn next<A: Message + Default>(
        &mut self,
        deadline: Deadline,
    ) -> Result<Option<A>, Error> {
        loop {
            if let Some(message) = self.message()? {
                return match A::decode(message) {
                    Ok(message) => Ok(Some(message)),
                    Err(error) => Err(Error::NotEtcd(error.to_string())),
                };
            }
            if let Some(outcome) = &self.outcome {
                outcome_of(outcome)?;
                if self.received.is_empty() {
                    return Ok(None);
                }
                return Err(Error::NotEtcd("a message ends in the middle".to_owned()));
            }
            let frame = deadline.wait(self.body.frame()).await.map_err(passed)?;
            match frame {
                None => return Err(Error::Unknown("the connection was closed".to_owned())),
                Some(Err(error)) => return Err(lost(&error)),
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.received.extend_from_slice(&data),
                    Err(frame) => self.outcome = frame.into_trailers().ok(),
                },
            }
        }
    }

    /// Takes a whole message out of what was received.
    fn message(&mut self) -> Result<Option<Bytes>, Error> {
        let Some((&[compressed, a, b, c, d], _)) = self.received.split_first_chunk::<PREFIX>()
        else {
            return Ok(None);
        };
        if compressed != 0 {
            return Err(Error::NotEtcd("a message is compressed".to_owned()));
        }
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        if length > LARGEST {
            return Err(Error::NotEtcd(format!("a message of {length} bytes")));
        }
        if self.received.len() < PREFIX + length {
            return Ok(None);
        }
        self.received.advance(PREFIX);
        Ok(Some(self.received.split_to(length).freeze()))
    }
}

/// The status and the message of a trailer.
fn outcome_of(trailers: &HeaderMap) -> Result<(), Error> {
    let status = trailers.get("grpc-status").map(HeaderValue::as_bytes);
    if status == Some(b"0") {
        return Ok(());
    }
    let message = trailers.get("grpc-message").map(|text| unescaped(text.as_bytes()));
    match (status, message) {
        (_, Some(text)) if !text.is_empty() => Err(of_words(&text)),
        (Some(status), _) => {
            Err(Error::NotEtcd(format!("status {}", String::from_utf8_lossy(status))))
        }
        (None, _) => Err(Error::NotEtcd("an answer without a status".to_owned())),
    }
}

/// gRPC percent-encodes what is no printable ASCII in its messages.
fn unescaped(text: &[u8]) -> String {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        let escaped = after
            .get(..2)
            .filter(|_| byte == b'%')
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        plain.push(escaped.unwrap_or(byte));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// After a call was sent.
fn lost(error: &hyper::Error) -> Error {
    Error::Unknown(with_causes(error))
}

fn passed(Passed: Passed) -> Error {
    Error::Unknown("no answer within the deadline".to_owned())
}
