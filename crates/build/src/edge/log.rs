//! `out/log/build.jsonl`: a line for each certificate that was issued, and why. It holds no key.

use crate::diagnostic::{Diagnostic, Severity};
use crate::json::Json;
use crate::pki::{Ca, Leaf, Pki, Reason};
use bouquet_model::certificate::Certificate;
use bouquet_model::time::Instant;
use bouquet_outdir::{Out, log};
use core::fmt::Write as _;

/// The file, below `out/log/`.
const FILE: &str = "build.jsonl";

/// The file, as it is named in messages.
pub(super) const SHOWN: &str = "log/build.jsonl";

/// Adds what was issued. The files are in place by then: where that fails, it is a warning.
pub(super) fn enter(pki: &Entered, out: &Out) -> Option<Diagnostic> {
    if pki.0.is_empty() {
        return None;
    }
    let error = log::append(out, FILE, &pki.0).err()?;
    let help = "what was issued is in cluster.lock all the same; put that right before the next \
                build";
    Some(Diagnostic { severity: Severity::Warning, ..error.help(help) })
}

/// Lines to be added.
pub(super) struct Entered(String);

impl Entered {
    /// Takes what was issued in that second.
    pub(super) fn of(pki: Option<&Pki>, now: i64) -> Self {
        let Some(pki) = pki else { return Self(String::new()) };
        let mut lines = String::new();
        for Ca { facts, .. } in pki.authorities.iter().filter(|ca| ca.is_new) {
            line(&mut lines, facts, "new", now);
        }
        for Leaf { facts, reason, .. } in pki.leaves() {
            match reason {
                None => {}
                Some(Reason::Missing) => line(&mut lines, facts, "new", now),
                Some(reason) => line(&mut lines, facts, &reason.to_string(), now),
            }
        }
        Self(lines)
    }
}

fn line(lines: &mut String, facts: &Certificate, reason: &str, now: i64) {
    let Certificate { kind, owner, common_name, serial, not_after, .. } = facts;
    let owner = owner.as_deref().map_or_else(|| "null".to_owned(), text);
    let _ = writeln!(
        lines,
        "{{\"date\":\"{}\",\"event\":\"issued\",\"kind\":\"{kind}\",\"owner\":{owner},\"common-name\":{},\
         \"serial\":{},\"not-after\":\"{}\",\"reason\":{}}}",
        Instant(now),
        text(common_name),
        text(serial),
        Instant(*not_after),
        text(reason),
    );
}

fn text(text: &str) -> String {
    Json::text(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bouquet_model::certificate::Kind;

    #[test]
    fn a_line_is_json_whatever_is_in_it() {
        let facts = Certificate {
            kind: Kind::Client,
            owner: Some("a\"b".into()),
            common_name: "c\\d\n\u{2028}é".into(),
            sans: Vec::new().into(),
            serial: "0aff".into(),
            limits_addresses: false,
            fingerprint: [0; 32],
            not_before: 0,
            not_after: 1_796_083_200,
        };
        let mut lines = String::new();
        line(&mut lines, &facts, "generation changed from 1 to 2", 1_796_083_200);
        line(&mut lines, &Certificate { owner: None, ..facts }, "new", 0);
        let first =
            r#"{"date":"2026-12-01T00:00:00Z","event":"issued","kind":"client","owner":"a\"b","#
                .to_owned()
                + r#""common-name":"c\\d\u000a\u2028é","serial":"0aff","not-after":"2026-12-01T00:00:00Z","#
                + r#""reason":"generation changed from 1 to 2"}"#;
        let mut lines = lines.lines();
        assert_eq!(lines.next(), Some(first.as_str()));
        assert!(lines.next().is_some_and(|line| line.contains(r#","owner":null,"#)));
    }
}
