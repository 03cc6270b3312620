//! A connection of TCP, to whichever of a host's addresses takes it.

use crate::error::{Reach, of_tcp};
use bouquet_model::url::{Host, Url};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpStream, lookup_host};
use tokio::task::JoinSet;
use tokio::time::timeout;

/// The time after which the next address is tried (RFC 8305, section 5).
const NEXT_ADDRESS: Duration = Duration::from_millis(250);

/// Connects to the first of a host's addresses that takes a connection.
pub(crate) async fn tcp(url: &Url) -> Result<TcpStream, Reach> {
    let addresses: Vec<SocketAddr> = match &url.host {
        Host::Ip(ip) => vec![(*ip, url.port).into()],
        Host::Name(name) => lookup_host((name.as_str(), url.port))
            .await
            .map_err(|error| Reach::NoAddress(error.to_string()))?
            .collect(),
    };
    let stream = first(addresses, TcpStream::connect).await;
    let stream = stream.map_err(|error| {
        error.map_or_else(|| Reach::NoAddress(url.to_string()), |error| of_tcp(&error))
    })?;
    // A call is a packet or two: none of them is to wait for more.
    let _ = stream.set_nodelay(true);
    Ok(stream)
}

/// Returns the first connection that comes about. Each address is tried once the one before it failed, or has said
/// nothing for a while: one that drops packets would use up the whole deadline.
///
/// # Errors
/// What the last one of them failed with; nothing, where there is no address.
async fn first<T: Send + 'static, F: Future<Output = io::Result<T>> + Send + 'static>(
    addresses: Vec<SocketAddr>,
    connect: impl Fn(SocketAddr) -> F,
) -> Result<T, Option<io::Error>> {
    let mut addresses = addresses.into_iter();
    // Those that are still tried end with it.
    let mut tried = JoinSet::new();
    let mut last = None;
    loop {
        if let Some(address) = addresses.next() {
            tried.spawn(connect(address));
        }
        let next = tried.join_next();
        let done = if addresses.len() == 0 {
            next.await
        } else {
            match timeout(NEXT_ADDRESS, next).await {
                Ok(done) => done,
                Err(_) => continue,
            }
        };
        match done {
            None => return Err(last),
            Some(Ok(Ok(connection))) => return Ok(connection),
            Some(Ok(Err(error))) => last = Some(error),
            Some(Err(error)) => last = Some(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};

    fn address(port: u16) -> SocketAddr {
        ([127, 0, 0, 1], port).into()
    }

    /// Connects: the first drops packets, the second refuses, the third takes the connection.
    async fn connect(address: SocketAddr) -> io::Result<u16> {
        match address.port() {
            1 => pending().await,
            2 => Err(io::ErrorKind::ConnectionRefused.into()),
            port => ready(Ok(port)).await,
        }
    }

    fn tried(ports: &[u16]) -> Option<Result<u16, Option<io::ErrorKind>>> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let addresses = ports.iter().map(|port| address(*port)).collect();
        runtime.expect("a runtime").block_on(async {
            let limit = Duration::from_secs(if ports.contains(&3) { 60 } else { 1 });
            let tried = timeout(limit, first(addresses, connect)).await.ok()?;
            Some(tried.map_err(|error| error.map(|error| error.kind())))
        })
    }

    #[test]
    fn an_address_that_drops_packets_is_not_waited_for_where_there_is_another() {
        assert_eq!(tried(&[1, 3]), Some(Ok(3)));
        assert_eq!(tried(&[1, 1, 2, 3]), Some(Ok(3)));
        assert_eq!(tried(&[2, 3, 1]), Some(Ok(3)));
        assert_eq!(tried(&[2, 2]), Some(Err(Some(io::ErrorKind::ConnectionRefused))));
        assert_eq!(tried(&[]), Some(Err(None)));
        // One that says nothing may say something yet.
        assert_eq!(tried(&[1, 2]), None);
    }
}
