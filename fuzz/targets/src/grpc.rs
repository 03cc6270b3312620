//! Any bytes are messages of gRPC, in pieces of any length, and an outcome, or get a reason why not.

use bouquet_etcd::Error;
use bouquet_etcd::frames::{Frames, outcome_of};
use bouquet_etcd::messages::cluster::MemberListResponse;
use bouquet_etcd::messages::kv::TxnResponse;
use bouquet_etcd::messages::maintenance::{AlarmResponse, SnapshotResponse, StatusResponse};
use prost::Message;

/// No message may have more bytes.
const LARGEST: usize = 1 << 16;

/// The first byte tells how long the pieces are. The rest is a stream, and a status with a message behind it.
pub(crate) fn run(bytes: &[u8]) {
    let Some((piece, stream)) = bytes.split_first() else {
        return;
    };
    let (whole, end) = taken(stream, stream.len());
    assert_eq!((whole.clone(), end), taken(stream, usize::from(*piece)));
    let length: usize = whole.iter().map(Vec::len).sum();
    assert!(length + 5 * whole.len() <= stream.len(), "more came out than in");
    for message in &whole {
        let _ = StatusResponse::decode(&message[..]);
        let _ = MemberListResponse::decode(&message[..]);
        let _ = AlarmResponse::decode(&message[..]);
        let _ = SnapshotResponse::decode(&message[..]);
        let _ = TxnResponse::decode(&message[..]);
    }
    let mut lines = stream.splitn(2, |byte| *byte == b'\n');
    if let Err(error) = outcome_of(lines.next(), lines.next()) {
        let shown = error.to_string();
        assert!(!shown.contains(char::is_control), "{shown:?}");
        assert!(shown.len() <= 100 + 3 * stream.len());
    }
}

/// The messages of a stream that comes in pieces, and how it ends.
fn taken(stream: &[u8], piece: usize) -> (Vec<Vec<u8>>, Result<bool, Error>) {
    let mut frames = Frames::new(LARGEST);
    let mut messages = Vec::new();
    for bytes in stream.chunks(piece.max(1)) {
        frames.add(bytes);
        loop {
            match frames.take() {
                Ok(Some(message)) => messages.push(message.to_vec()),
                Ok(None) => break,
                Err(error) => return (messages, Err(error)),
            }
        }
    }
    (messages, Ok(frames.is_empty()))
}
