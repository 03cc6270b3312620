//! A connection, with TLS or without.

use crate::deadline::{Deadline, Passed};
use crate::endpoint::Endpoint;
use crate::error::{Error, Reach, of_connecting};
use bouquet_model::url::{Host, Scheme, Url};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

/// Bytes to a member and back.
pub(crate) trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// What is spoken in TLS, above it.
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
) -> Result<Box<dyn Io>, Error> {
    let Endpoint { url, credentials } = endpoint;
    let config = match (url.scheme, protocol) {
        (Scheme::Http, _) => None,
        (Scheme::Https, Protocol::Grpc) => Some(Arc::clone(&credentials.grpc)),
        (Scheme::Https, Protocol::Http) => Some(Arc::clone(&credentials.http)),
    };
    let connecting = async {
        let stream = tcp(url).await?;
        match config {
            None => Ok(Box::new(stream) as Box<dyn Io>),
            Some(config) => Ok(Box::new(tls(url, stream, config).await?) as Box<dyn Io>),
        }
    };
    match deadline.wait(connecting).await {
        Ok(connected) => connected.map_err(Error::Unreachable),
        Err(Passed) => Err(Error::Unreachable(Reach::Silent)),
    }
}

/// Connects to the first of a host's addresses that takes a connection.
pub(crate) async fn tcp(url: &Url) -> Result<TcpStream, Reach> {
    let addresses: Vec<SocketAddr> = match &url.host {
        Host::Ip(ip) => vec![(*ip, url.port).into()],
        Host::Name(name) => lookup_host((name.as_str(), url.port))
            .await
            .map_err(|error| Reach::NoAddress(error.to_string()))?
            .collect(),
    };
    let mut last = Reach::NoAddress(url.to_string());
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => {
                // A call is a packet or two: none of them is to wait for more.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Err(error) => last = of_connecting(&error),
        }
    }
    Err(last)
}

/// The name by which TLS asks for a host.
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
    TlsConnector::from(config).connect(name, stream).await.map_err(|error| of_connecting(&error))
}
