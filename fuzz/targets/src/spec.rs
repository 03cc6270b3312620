//! Any bytes are a spec or get a reason why not, shown without harm.

use bouquet_build::diagnostic::{Source, Style};
use bouquet_build::spec::parse_bytes;

const OPTIONS: &[&str] = &["data-dir", "heartbeat-interval", "snapshot-count"];

pub(crate) fn run(bytes: &[u8]) {
    let (spec, found) = parse_bytes(bytes, OPTIONS);
    assert!(spec.is_some() || found.has_errors(), "refused without a reason");
    let text = String::from_utf8_lossy(bytes);
    let source = Source::new("cluster.toml", &text);
    let shown = found.render(source, Style::Plain);
    assert!(!shown.contains(|c: char| c.is_control() && c != '\n'), "{shown:?}");
    let _ = found.render(source, Style::Coloured);
    for (_, line) in found.one_lines(source) {
        assert!(!line.contains(char::is_control), "{line:?}");
    }
}
