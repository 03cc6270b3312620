//! What went wrong, by what the caller has to do.

use core::fmt;
use std::error::Error as StdError;
use std::io;
use tokio_rustls::rustls::{self, AlertDescription, CertificateError};

/// Why there is no answer, by what the caller has to do. Texts are etcd's own, or those of TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// There was no connection: nothing was asked, and nothing was done.
    Unreachable(Reach),
    /// etcd did nothing, and may do it later: try again.
    NotNow(String),
    /// It was asked, and there is no answer: it may have been done, or may be done yet. Look again.
    Unknown(String),
    /// etcd asks for a user, who cannot log in now, as that takes a quorum: nothing was done. Its words are of the login.
    NoLogin(String),
    /// etcd refuses.
    Refused(String),
    /// What came is not what etcd answers.
    NotEtcd(String),
}

/// Why there is no connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// The name of the host has no address.
    NoAddress(String),
    /// Nobody listens there.
    NoListener,
    /// The network does not lead there, or this machine lets nothing out to it.
    NoRoute(String),
    /// This machine cannot open a connection: it has no file, port or memory left for it.
    Local(String),
    /// The deadline passed before the connection was there: a packet filter, or a process that was stopped.
    Silent,
    /// It takes connections, and speaks no TLS.
    NotTls,
    /// The certificate that it shows is not to be trusted.
    Untrusted(String),
    /// It does not trust the certificate that it was shown, or was shown none. Of one that was revoked etcd gives no
    /// reason: it ends the connection.
    Rejected(String),
    /// Something else.
    Other(String),
}

/// What [`Error::NoLogin`] says before etcd's words.
pub const NO_LOGIN: &str = "the user cannot log in, which takes a quorum";

/// What is said where the deadline passed.
pub(crate) const LATE: &str = "no answer within the deadline";

impl Error {
    /// Tells whether the deadline passed: by this machine's clock, or by that of etcd, which is told of it and gives
    /// up by itself.
    pub fn is_late(&self) -> bool {
        match self {
            Self::Unreachable(reach) => *reach == Reach::Silent,
            Self::Unknown(text) => text == LATE || text.contains("deadline exceeded"),
            _ => false,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(reach) => reach.fmt(f),
            Self::NotNow(text) | Self::Refused(text) => f.write_str(text),
            Self::NoLogin(text) => write!(f, "{NO_LOGIN}: {text}"),
            Self::Unknown(text) => write!(f, "the outcome is not known: {text}"),
            Self::NotEtcd(text) => write!(f, "it does not answer as etcd: {text}"),
        }
    }
}

impl StdError for Error {}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAddress(text) => write!(f, "its name has no address: {text}"),
            Self::NoListener => f.write_str("nobody listens there"),
            Self::NoRoute(text) => write!(f, "the network does not lead there: {text}"),
            Self::Local(text) => write!(f, "this machine can open no connection: {text}"),
            Self::Silent => f.write_str(LATE),
            Self::NotTls => f.write_str("it speaks no TLS"),
            Self::Untrusted(text) => write!(f, "its certificate is not trusted: {text}"),
            Self::Rejected(text) => write!(f, "it does not trust this client: {text}"),
            Self::Other(text) => f.write_str(text),
        }
    }
}

/// Returns what came as text that a terminal takes no orders from.
pub(crate) fn printable(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace(char::is_control, "\u{fffd}")
}

/// Returns what etcd's words ask for. Codes are not looked at: they differ between releases.
///
/// The words are those of `api/v3rpc/rpctypes/error.go` in etcd.
pub(crate) fn of_words(text: &str) -> Error {
    const UNKNOWN: [&str; 5] = [
        "request timed out",
        "deadline exceeded",
        "context canceled",
        "request canceled",
        "server stopped",
    ];
    const NOT_NOW: [&str; 9] = [
        "unhealthy cluster",
        "no leader",
        "leader changed",
        "too many requests",
        "raft proposal dropped",
        "in sync with leader",
        "not enough started members",
        "not capable",
        "revision of auth store is old",
    ];
    let has = |words: &[&str]| words.iter().any(|words| text.contains(words));
    let kind = if has(&UNKNOWN) {
        Error::Unknown
    } else if has(&NOT_NOW) {
        Error::NotNow
    } else {
        Error::Refused
    };
    kind(text.to_owned())
}

/// Tells why a connection of TCP came to nothing. But for what comes of the other side's packets, it is this machine
/// that speaks: a packet filter's rule (`EPERM`, `EACCES`), no address of its own for that network (`EADDRNOTAVAIL`,
/// which also says that all ports are in use), a link that is down, no file left.
pub(crate) fn of_tcp(error: &io::Error) -> Reach {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Reach::NoListener,
        io::ErrorKind::TimedOut => Reach::Silent,
        io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::NetworkDown
        | io::ErrorKind::PermissionDenied
        | io::ErrorKind::AddrNotAvailable => Reach::NoRoute(error.to_string()),
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => {
            Reach::Other(error.to_string())
        }
        _ => Reach::Local(error.to_string()),
    }
}

/// Tells why a handshake came to nothing.
pub(crate) fn of_handshake(error: &io::Error) -> Reach {
    if let Some(error) = in_chain::<rustls::Error>(error) {
        return of_tls(error);
    }
    match error.kind() {
        io::ErrorKind::UnexpectedEof
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::BrokenPipe => {
            let text = "it ends the connection in the handshake, as a port without TLS does";
            Reach::Other(text.to_owned())
        }
        io::ErrorKind::TimedOut => Reach::Silent,
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            Reach::NoRoute(error.to_string())
        }
        _ => Reach::Other(error.to_string()),
    }
}

/// Returns what TLS says, on either side.
pub(crate) fn of_tls(error: &rustls::Error) -> Reach {
    match error {
        rustls::Error::InvalidCertificate(certificate) => {
            let text = match certificate {
                CertificateError::UnknownIssuer => "it is from a CA that is not trusted".to_owned(),
                other => other.to_string(),
            };
            Reach::Untrusted(text)
        }
        rustls::Error::AlertReceived(alert) => match alert {
            AlertDescription::HandshakeFailure | AlertDescription::ProtocolVersion => {
                Reach::Other(format!("no version of TLS, or no cipher suite, in common: {alert:?}"))
            }
            _ => Reach::Rejected(format!("{alert:?}")),
        },
        rustls::Error::InvalidMessage(_) => Reach::NotTls,
        other => Reach::Other(other.to_string()),
    }
}

/// Tells why something above TLS came to nothing, before anything was asked.
pub(crate) fn of_causes(error: &(dyn StdError + 'static)) -> Reach {
    match in_chain::<rustls::Error>(error) {
        Some(error) => of_tls(error),
        None => Reach::Other(with_causes(error)),
    }
}

/// Returns an error with all its causes.
pub(crate) fn with_causes(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

/// Returns the error of that type in a chain of causes.
pub(crate) fn in_chain<'a, T: StdError + 'static>(
    error: &'a (dyn StdError + 'static),
) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        // An io::Error shows what is in it by `get_ref`, and the cause of that by `source`.
        next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By their numbers on Linux.
    #[test]
    fn what_this_machine_says_is_no_word_of_the_member() {
        let reach = |number: i32| of_tcp(&io::Error::from_raw_os_error(number));
        // EPERM, EACCES, EADDRNOTAVAIL, ENETDOWN, EHOSTUNREACH.
        for number in [1, 13, 99, 100, 113] {
            assert!(matches!(reach(number), Reach::NoRoute(_)), "{:?}", reach(number));
        }
        // EMFILE, ENFILE, ENOMEM, ENOBUFS.
        for number in [24, 23, 12, 105] {
            assert!(matches!(reach(number), Reach::Local(_)), "{:?}", reach(number));
        }
        // ECONNREFUSED, ETIMEDOUT, ECONNRESET.
        assert_eq!((reach(111), reach(110)), (Reach::NoListener, Reach::Silent));
        assert!(matches!(reach(104), Reach::Other(_)), "{:?}", reach(104));
    }

    #[test]
    fn a_deadline_that_passed_is_told_from_a_connection_that_was_lost() {
        assert!(Error::Unreachable(Reach::Silent).is_late());
        assert!(Error::Unknown(LATE.to_owned()).is_late());
        assert!(of_words("context deadline exceeded").is_late());
        for error in [
            of_words("etcdserver: server stopped"),
            Error::Unknown("the connection was closed".to_owned()),
            Error::Unreachable(Reach::NoListener),
            Error::Refused(LATE.to_owned()),
        ] {
            assert!(!error.is_late(), "{error:?}");
        }
    }

    /// All that etcd 3.7.3 has words for and that is not a refusal, and refusals that are alike.
    #[test]
    fn words_tell_whether_to_try_again_to_look_or_to_stop() {
        for text in [
            "request canceled",
            "context deadline exceeded",
            "request timed out",
            "request timed out, possibly due to connection lost",
            "request timed out, possibly due to previous leader failure",
            "request timed out, waiting for the applied index took too long",
            "server stopped",
        ] {
            let text = format!("etcdserver: {text}");
            assert_eq!(of_words(&text), Error::Unknown(text));
        }
        for text in [
            "can only promote a learner member which is in sync with leader",
            "leader changed",
            "no leader",
            "not capable",
            "re-configuration failed due to not enough started members",
            "revision of auth store is old",
            "too many requests",
            "unhealthy cluster",
        ] {
            let text = format!("etcdserver: {text}");
            assert_eq!(of_words(&text), Error::NotNow(text));
        }
        for text in [
            "can only promote a learner member",
            "not leader",
            "too many learner members in cluster",
            "too many operations in txn request",
            "rpc not supported for learner",
            "mvcc: database space exceeded",
            "permission denied",
        ] {
            let text = format!("etcdserver: {text}");
            assert_eq!(of_words(&text), Error::Refused(text));
        }
    }
}
