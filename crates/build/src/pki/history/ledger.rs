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

/// Reads a line: serial number, kind, owner or `-`, generation, valid from and until in seconds since 1970.
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
    let (not_before, not_after) = (date(field()?)?, date(field()?)?);
    let (facts, removed) = (None, false);
    Some((serial, Entry { kind, owner, generation, not_before, not_after, facts, removed }))
}

/// Reads seconds since 1970, of the years 0 to 9999: no certificate has other dates (RFC 5280, section 4.1.2.5).
fn date(text: &str) -> Option<i64> {
    text.parse().ok().filter(|seconds| (-62_167_219_200..=253_402_300_799).contains(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bouquet_lock::Lock;
    use bouquet_model::time::Instant;

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

    #[test]
    fn a_date_that_no_certificate_can_have_makes_no_line() {
        let [first, last] = ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"];
        let seconds = |text| Instant::parse(text).map_or(0, |instant| instant.0);
        for (from, until, taken) in [
            (seconds(first), seconds(last), 1),
            (seconds(first) - 1, 10, 0),
            (5, seconds(last) + 1, 0),
            (i64::MIN, i64::MAX, 0),
        ] {
            let issued = read(format!("0a\tclient\talice\t1\t{from}\t{until}\n").as_bytes());
            assert_eq!(issued.len(), taken, "{from} {until}");
            // What is read once goes into the lock.
            let _ = Lock { issued, ..Lock::default() }.text();
        }
    }
}
