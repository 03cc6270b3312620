//! A lock becomes text: sorted, one line for each certificate, the same for the same.

use crate::entry::{Entry, Facts};
use crate::form::{UNKNOWN, VERSION};
use crate::identity::{Authority, Restored};
use crate::literal::{key, list, quoted};
use crate::lock::Lock;
use crate::text_running::running;
use crate::values::{Inline, fits};
use bouquet_model::artifact::GENERATED;
use bouquet_model::cluster::{MemberId, San};
use bouquet_model::time::Instant;
use core::fmt::Write as _;
use data_encoding::HEXLOWER;
use std::collections::BTreeMap;

const HEAD: &str = "\
# Commit it with cluster.toml: it is what makes this cluster this one. It holds no secret.
# After a merge, keep every line of `certificates` and `[identity.members]` of both sides, and of each member and
# client in `running` the side with the later `since`. Bouquet's docs/lock.md tells more.
";

/// The lines before the issued certificates: as with [`running`], more than three.
const ISSUED: &str = "
# Keep every line of both sides, in any order.
[issued]
certificates = [
";

impl Lock {
    /// Returns the text of the file.
    ///
    /// A date that is not between the years 0 and 9999 is written, and cannot be read again. X.509 carries no
    /// other either (RFC 5280, section 4.1.2.5); of a record, its maker has to look.
    pub fn text(&self) -> String {
        let mut text = format!("# {GENERATED}\n{HEAD}version = {VERSION}\n\n[identity]\n");
        let identity = &self.identity;
        let mut pair = |key: &str, value: &str| {
            let _ = writeln!(text, "{key} = {}", quoted(value));
        };
        pair("token", &identity.token);
        if let Some(id) = identity.cluster_id {
            pair("cluster-id", &id.to_string());
        }
        if let Some(Restored { token, sha256, revision }) = &identity.restored {
            let mut line = Inline::default();
            line.add("token", quoted(token));
            line.add("revision", revision);
            line.add("sha256", quoted(&HEXLOWER.encode(sha256)));
            let _ = writeln!(text, "restored = {}", line.end());
        }
        if let Some(crl) = identity.crl.and_then(fits) {
            let _ = writeln!(text, "crl = {crl}");
        }
        text.push_str("\n[identity.members]\n");
        let id = |id: &Option<MemberId>| id.map_or_else(|| UNKNOWN.to_owned(), |id| id.to_string());
        let members: BTreeMap<_, _> =
            identity.members.iter().map(|(name, known)| (name, id(known))).collect();
        for (name, id) in members {
            let _ = writeln!(text, "{} = {}", key(name), quoted(&id));
        }
        for (number, ca) in &identity.authorities {
            authority(*number, ca, &mut text);
        }
        text.push_str(&running(self));
        text.push_str(ISSUED);
        let mut entries: Vec<_> = self.issued.iter().collect();
        entries.sort_by_cached_key(|(serial, entry)| {
            (entry.kind, entry.owner.clone(), entry.not_before, (*serial).to_owned())
        });
        for (serial, entry) in entries {
            let _ = writeln!(text, "  {},", line(serial, entry));
        }
        text.push_str("]\n");
        text
    }
}

fn authority(number: u32, ca: &Authority, text: &mut String) {
    let Authority { sha256, not_before, not_after, certificate, removed } = ca;
    let _ = writeln!(text, "\n[[identity.authority]]\nnumber = {number}");
    if *removed {
        text.push_str("removed = true\n");
    }
    let _ = writeln!(
        text,
        "not-before = {}\nnot-after = {}\nsha256 = \"{}\"\ncertificate = \"\"\"\n{certificate}\"\"\"",
        Instant(*not_before),
        Instant(*not_after),
        HEXLOWER.encode(sha256),
    );
}

/// Returns the inline table of a certificate.
fn line(serial: &str, entry: &Entry) -> String {
    let Entry { kind, owner, generation, not_before, not_after, facts, removed } = entry;
    let mut line = Inline::default();
    line.add("kind", quoted(kind.as_str()));
    if let Some(owner) = owner {
        line.add("owner", quoted(owner));
    }
    if *removed {
        line.add("removed", true);
    }
    line.add("generation", generation);
    line.add("not-before", Instant(*not_before));
    line.add("not-after", Instant(*not_after));
    line.add("serial", quoted(serial));
    if let Some(Facts { common_name, sans, ca, sha256 }) = facts {
        line.add("sha256", quoted(&HEXLOWER.encode(sha256)));
        line.add("ca", ca);
        line.add("common-name", quoted(common_name));
        let sans: Vec<_> = sans.iter().map(San::to_string).collect();
        line.add("sans", list(&sans));
    }
    line.end()
}
