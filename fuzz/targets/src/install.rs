//! Any bytes are a member's folder and the programs of an etcd, in a tar, or get a reason why not.

use crate::parts::is_harmless;
use crate::stream::mended;
use bouquet_operate::install_any;

pub(crate) fn run(bytes: &[u8]) {
    judge(bytes);
    judge(&mended(bytes));
}

fn judge(stream: &[u8]) {
    match install_any(stream) {
        Ok(files) => assert!(files * 512 <= stream.len(), "more came out than in"),
        Err(refusal) => is_harmless(&refusal.to_string()),
    }
}
