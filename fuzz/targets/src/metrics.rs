//! Any text is metrics, of which no line is more than one peer.

use bouquet_operate::read_metrics;

pub(crate) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let peers = read_metrics(&text);
    assert!(peers <= text.matches("Remote=").count());
}
