//! What gRPC puts around messages, and how it says how a call ended.
//!
//! The protocol is gRPC's `doc/PROTOCOL-HTTP2.md`: a message is a byte that says whether it is compressed, its
//! length in 4 bytes, and itself; the outcome is in the trailers, with a text that is percent-encoded.

use crate::error::{Error, of_words, printable};
use bytes::{Buf, BufMut, Bytes, BytesMut};
use hyper::header::{HeaderMap, HeaderValue};
use prost::{EncodeError, Message};

/// The byte and the length before each message.
const PREFIX: usize = 5;

/// Returns a message with what comes before it.
pub(crate) fn framed(message: &impl Message) -> Result<Bytes, EncodeError> {
    let length = message.encoded_len();
    let mut framed = BytesMut::with_capacity(PREFIX + length);
    framed.put_u8(0);
    // One that is longer than 4 bytes can say is far beyond what etcd takes.
    framed.put_u32(u32::try_from(length).unwrap_or(u32::MAX));
    message.encode(&mut framed)?;
    Ok(framed.freeze())
}

/// Messages as they come, in pieces that begin and end anywhere.
#[derive(Debug)]
pub struct Frames {
    received: BytesMut,
    /// What one message may have, in bytes.
    largest: usize,
}

impl Frames {
    /// Returns a beginning, with nothing received. No message may have more bytes than that.
    pub fn new(largest: usize) -> Self {
        Self { received: BytesMut::new(), largest }
    }

    /// Adds what was received. All messages before have to be taken first: then no more than one is kept.
    pub fn add(&mut self, bytes: &[u8]) {
        self.received.extend_from_slice(bytes);
    }

    /// Takes a whole message; `None` where more of it has to be received.
    ///
    /// # Errors
    /// If it is no message, or too long a one.
    pub fn take(&mut self) -> Result<Option<Bytes>, Error> {
        let Some((&[compressed, a, b, c, d], _)) = self.received.split_first_chunk::<PREFIX>()
        else {
            return Ok(None);
        };
        if compressed != 0 {
            return Err(Error::NotEtcd("a message is compressed".to_owned()));
        }
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        if length > self.largest {
            let largest = self.largest;
            let text = format!("a message of {length} bytes, where {largest} are the most");
            return Err(Error::NotEtcd(text));
        }
        if self.received.len() - PREFIX < length {
            return Ok(None);
        }
        self.received.advance(PREFIX);
        Ok(Some(self.received.split_to(length).freeze()))
    }

    /// Tells whether nothing is left of what was received.
    pub fn is_empty(&self) -> bool {
        self.received.is_empty()
    }
}

/// Reads the outcome of a call from its trailers.
pub(crate) fn outcome(trailers: &HeaderMap) -> Result<(), Error> {
    let of = |name: &str| trailers.get(name).map(HeaderValue::as_bytes);
    outcome_of(of("grpc-status"), of("grpc-message"))
}

/// Reads the outcome of a call from `grpc-status` and `grpc-message`.
///
/// # Errors
/// What etcd says, or that it says nothing.
pub fn outcome_of(status: Option<&[u8]>, message: Option<&[u8]>) -> Result<(), Error> {
    let Some(status) = status else {
        return Err(Error::NotEtcd("an answer without a status".to_owned()));
    };
    let message = message.map(unescaped).filter(|text| !text.is_empty());
    match message {
        _ if status == b"0" => Ok(()),
        Some(text) => Err(of_words(&text)),
        None => Err(Error::NotEtcd(format!("status {}", printable(status)))),
    }
}

/// Undoes the percent-encoding of what is no printable ASCII.
fn unescaped(text: &[u8]) -> String {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        let escaped = after.split_first_chunk::<2>().filter(|_| byte == b'%').and_then(
            |([high, low], after)| {
                let digit = |digit: u8| char::from(digit).to_digit(16);
                let byte = digit(*high)? << 4 | digit(*low)?;
                Some((u8::try_from(byte).ok()?, after))
            },
        );
        let (byte, after) = escaped.unwrap_or((byte, after));
        plain.push(byte);
        rest = after;
    }
    printable(&plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_taken_from_pieces_of_any_length() {
        let stream = b"\0\0\0\0\x03one\0\0\0\0\0\0\0\0\0\x05three";
        for piece in 1..=stream.len() {
            let mut frames = Frames::new(5);
            let mut taken = Vec::new();
            for bytes in stream.chunks(piece) {
                frames.add(bytes);
                while let Some(message) = frames.take().expect("messages") {
                    taken.push(message);
                }
            }
            assert_eq!(taken, ["one", "", "three"], "{piece}");
            assert!(frames.is_empty());
        }
    }

    #[test]
    fn what_is_too_long_or_compressed_is_refused_by_its_first_bytes() {
        for (bytes, said) in [
            (b"\0\0\0\0\x06", "a message of 6 bytes, where 5 are the most"),
            (b"\0\xff\xff\xff\xff", "a message of 4294967295 bytes, where 5 are the most"),
            (b"\x01\0\0\0\0", "a message is compressed"),
        ] {
            let mut frames = Frames::new(5);
            frames.add(bytes);
            assert_eq!(frames.take(), Err(Error::NotEtcd(said.to_owned())));
        }
    }

    #[test]
    fn the_words_of_an_outcome_are_unescaped() {
        for (escaped, plain) in [
            ("etcdserver: no leader", "etcdserver: no leader"),
            ("100%25 %e2%9c%BF", "100% ✿"),
            ("%", "%"),
            ("%2", "%2"),
            ("%+1%zz", "%+1%zz"),
            ("%ff", "\u{fffd}"),
        ] {
            assert_eq!(unescaped(escaped.as_bytes()), plain);
        }
    }

    #[test]
    fn an_outcome_is_what_etcd_says_or_that_it_says_nothing() {
        let of = |status: Option<&str>, message: Option<&str>| {
            outcome_of(status.map(str::as_bytes), message.map(str::as_bytes))
        };
        assert_eq!(of(Some("0"), None), Ok(()));
        assert_eq!(of(Some("0"), Some("fine")), Ok(()));
        let refused = of(Some("3"), Some("etcdserver: x%3Ay%0a"));
        assert_eq!(refused, Err(Error::Refused("etcdserver: x:y\u{fffd}".to_owned())));
        assert_eq!(of(Some("12"), None), Err(Error::NotEtcd("status 12".to_owned())));
        let nothing = Err(Error::NotEtcd("an answer without a status".to_owned()));
        assert_eq!(of(None, Some("etcdserver: no leader")), nothing);
    }
}
