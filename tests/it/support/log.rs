//! What members say in their logs.

/// What a log holds where TLS was refused, in either direction.
const REJECTIONS: [&str; 6] = [
    "rejected connection",
    "tls:",
    // A pointer may end in this without its colon.
    "x509:",
    "remote error",
    "first record does not look",
    "handshake",
];

/// How a refused connection ends that nobody refused: etcdctl dials all members at once and leaves
/// when it has its answer. Anyone who does not like a certificate says so first.
const HUNG_UP: [&str; 4] =
    ["EOF", "connection reset by peer", "broken pipe", "use of closed network connection"];

/// The lines of a log that tell of a TLS connection which was refused.
pub(crate) fn rejections(log: &str) -> Vec<&str> {
    let refused = |line: &&str| {
        let mut found = REJECTIONS.iter().filter(|words| line.contains(**words));
        let hung_up = HUNG_UP.iter().any(|words| line.contains(words));
        found.any(|words| *words != REJECTIONS[0] || !hung_up)
    };
    log.lines().filter(refused).collect()
}

/// Prints the end of a log, where etcd says why it stopped; the tests' runner shows it of a test that
/// failed.
#[expect(clippy::print_stderr, reason = "it belongs to a failure")]
pub(crate) fn show(whose: &str, log: &str) {
    const LINES: usize = 40;
    let lines: Vec<&str> = log.lines().collect();
    let end = &lines[lines.len().saturating_sub(LINES)..];
    eprintln!("--- the last {} lines of {whose}\n{}\n---", end.len(), end.join("\n"));
}
