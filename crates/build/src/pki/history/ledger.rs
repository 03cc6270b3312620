//! `pki/issued`, which builds wrote before there was a `cluster.lock`: it is read once more.

use bouquet_lock::{Entry, Issued};
use bouquet_model::certificate::Kind;

/// Its place below `out/`.
pub const PLACE: &str = "pki/issued";

/// Reads its bytes. A line that is none is passed over: it may only be a remark.
pub fn read(file: &[u8]) -> Issued {
    let mut issued = Issued::default();
    for (serial, entry) in String::from_utf8_lossy(file).lines().filter_map(line) {
        issued.enter(serial, entry);
    }
    issued
}

/// Serial number, kind, owner or `-`, generation, valid from and until in seconds since 1970.
fn line(line: &str) -> Option<(&str, Entry)> {
    let mut fields = line.split('\t');
    let mut field = || fields.next();
    let is_serial = |text: &&str| {
        !text.is_empty() && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    let serial = field().filter(is_serial)?;
    let kind = Kind::from_word(field()?).filter(|kind| *kind != Kind::Ca)?;
    let owner = field().map(|owner| (owner != "-").then(|| owner.to_owned()))?;
    let generation = field()?.parse().ok().filter(|generation| *generation > 0)?;
    let (not_before, not_after) = (field()?.parse().ok()?, field()?.parse().ok()?);
    let (facts, removed) = (None, false);
    Some((serial, Entry { kind, owner, generation, not_before, not_after, facts, removed }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_lines_are_read_and_all_others_passed_over() {
        let text = "# a remark\n0a\tclient\talice\t2\t5\t10\nff\tserver+peer\t-\t1\t5\t10\n\
                    zz\tclient\ta\t1\t0\t0\n0b\tclient\talice\tx\t0\t0\n\n0c\n";
        let issued = read(text.as_bytes());
        let known: Vec<_> = issued
            .iter()
            .map(|(serial, entry)| (serial, entry.kind, entry.owner.as_deref(), entry.generation))
            .collect();
        let expected =
            [("0a", Kind::Client, Some("alice"), 2), ("ff", Kind::ServerAndPeer, None, 1)];
        assert_eq!(known, expected);
        assert!(read(b"\xff\xfe").is_empty());
    }
}
