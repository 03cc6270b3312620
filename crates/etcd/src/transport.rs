//! A connection, with TLS or without.

use crate::deadline::{Deadline, Passed};
use crate::dial::tcp;
use crate::endpoint::Endpoint;
use crate::error::{Error, Reach, in_chain, of_handshake, of_tls};
use crate::shown::Shown;
use bouquet_model::url::{Host, Scheme, Url};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{self, ClientConfig};

/// The head of a frame of HTTP/2, in bytes.
const HEAD: usize = 9;

/// Bytes to a member and back.
trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// A connection that keeps why it broke: HTTP/2 above it forgets what TLS said, and takes any bytes for frames;
/// and where a write finds the connection closed, the alert that tells why is not read yet.
pub(crate) struct Wire {
    io: Box<dyn Io>,
    /// A write that failed, while what was said before is read.
    failed: Option<io::Error>,
    cause: Cause,
}

/// Why a connection broke, shared with those who are asked why.
#[derive(Debug, Clone)]
pub(crate) struct Cause {
    kept: Arc<Kept>,
    protocol: Protocol,
    is_tls: bool,
}

#[derive(Debug, Default)]
struct Kept {
    /// What TLS said.
    tls: OnceLock<rustls::Error>,
    /// The first bytes that came: [`HEAD`] at most.
    first: Mutex<Vec<u8>>,
    /// Told of each byte of them.
    came: Notify,
}

impl Cause {
    /// Waits until the other side begins to speak HTTP/2: with settings, before it takes any call.
    pub(crate) async fn begun(&self) {
        while !is_settings(&self.first()) {
            self.kept.came.notified().await;
        }
    }

    /// Returns why nothing was asked, for a connection that ended.
    pub(crate) fn told(&self) -> Option<Error> {
        if let Some(error) = self.kept.tls.get() {
            return Some(Error::Unreachable(of_tls(error)));
        }
        let first = self.first();
        if first.is_empty() {
            // etcd looks at lists of revoked certificates and, on its peer port, at addresses after the handshake.
            return Some(Error::Unreachable(if self.is_tls {
                let text = "it ends the connection after the handshake, and says nothing";
                Reach::Rejected(text.to_owned())
            } else {
                let text = "it ends the connection, as a port with TLS does that is asked without";
                Reach::Other(text.to_owned())
            }));
        }
        if matches!(self.protocol, Protocol::Http) || is_settings(&first) {
            return None;
        }
        let what = match first.as_slice() {
            [b'H', b'T', b'T', b'P', b'/', b'1', ..] => "HTTP/1",
            // An alert.
            [0x15, 3, ..] => "TLS",
            _ => "something else",
        };
        Some(Error::NotEtcd(format!("it speaks no HTTP/2, but {what}")))
    }

    fn first(&self) -> MutexGuard<'_, Vec<u8>> {
        self.kept.first.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells whether a frame has settings: a length in 3 bytes, their type 4, flags, and 0 for the whole connection.
const fn is_settings(head: &[u8]) -> bool {
    matches!(head, [_, _, _, 4, _, 0, 0, 0, 0])
}

impl Wire {
    fn new(io: Box<dyn Io>, protocol: Protocol, is_tls: bool) -> Self {
        let cause = Cause { kept: Arc::default(), protocol, is_tls };
        Self { io, failed: None, cause }
    }

    pub(crate) fn cause(&self) -> Cause {
        self.cause.clone()
    }

    fn keep(&self, error: &io::Error) {
        if let Some(error) = in_chain::<rustls::Error>(error) {
            let _ = self.cause.kept.tls.set(error.clone());
        }
    }

    /// Returns what a write came to. Where it failed, what the other side had to say is read before.
    fn written<T>(
        &mut self,
        outcome: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        let error = match outcome {
            Poll::Ready(Err(error)) => self.failed.take().unwrap_or(error),
            other => return other,
        };
        let mut rest = [0; 512];
        loop {
            let mut rest = ReadBuf::new(&mut rest);
            match Pin::new(&mut self.io).poll_read(context, &mut rest) {
                Poll::Ready(Ok(())) if !rest.filled().is_empty() => {}
                Poll::Ready(Ok(())) => return Poll::Ready(Err(error)),
                Poll::Ready(Err(said)) => {
                    self.keep(&said);
                    return Poll::Ready(Err(error));
                }
                Poll::Pending => {
                    self.failed = Some(error);
                    return Poll::Pending;
                }
            }
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut self.io).poll_read(context, buffer);
        match &outcome {
            Poll::Ready(Err(error)) => self.keep(error),
            Poll::Ready(Ok(())) => {
                let mut first = self.cause.first();
                let lacks = HEAD - first.len();
                if lacks > 0 {
                    first.extend(buffer.filled()[before..].iter().take(lacks));
                    self.cause.kept.came.notify_one();
                }
            }
            Poll::Pending => {}
        }
        outcome
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.io).poll_write(context, bytes);
        self.written(outcome, context)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.io).poll_flush(context);
        self.written(outcome, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(context)
    }
}

/// Names the protocol above TLS.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Protocol {
    Grpc,
    Http,
}

/// Connects, the handshake included.
pub(crate) async fn connect(
    endpoint: Endpoint<'_>,
    protocol: Protocol,
    deadline: Deadline,
) -> Result<Wire, Error> {
    let Endpoint { url, credentials } = endpoint;
    let config = match (url.scheme, credentials) {
        (Scheme::Http, _) => None,
        (Scheme::Https, Some(credentials)) => Some(match protocol {
            Protocol::Grpc => Arc::clone(&credentials.grpc),
            Protocol::Http => Arc::clone(&credentials.http),
        }),
        (Scheme::Https, None) => {
            let text = "no CA is given to verify it by".to_owned();
            return Err(Error::Unreachable(Reach::Untrusted(text)));
        }
    };
    let connecting = async {
        let stream = tcp(url).await?;
        match config {
            None => Ok(Wire::new(Box::new(stream), protocol, false)),
            Some(config) => {
                let stream = tls(url, stream, config).await?;
                Ok(Wire::new(Box::new(stream), protocol, true))
            }
        }
    };
    match deadline.wait(connecting).await {
        Ok(connected) => connected.map_err(Error::Unreachable),
        Err(Passed) => Err(Error::Unreachable(Reach::Silent)),
    }
}

/// Returns the name by which TLS asks for a host.
pub(crate) fn server_name(url: &Url) -> Result<ServerName<'static>, Reach> {
    match &url.host {
        Host::Ip(ip) => Ok(ServerName::IpAddress((*ip).into())),
        Host::Name(name) => ServerName::try_from(name.to_string())
            .map_err(|_| Reach::Other(format!("`{name}` is no name for TLS"))),
    }
}

async fn tls(
    url: &Url,
    stream: TcpStream,
    config: Arc<ClientConfig>,
) -> Result<tokio_rustls::client::TlsStream<TcpStream>, Reach> {
    let name = server_name(url)?;
    let (shown, config) = Shown::once(&config);
    let outcome = TlsConnector::from(config).connect(name, stream).await;
    outcome.map_err(|error| match in_chain::<rustls::Error>(&error) {
        Some(rustls::Error::AlertReceived(alert)) if shown.was_asked() => {
            Reach::Rejected(format!("{alert:?}"))
        }
        _ => of_handshake(&error),
    })
}
