//! What runs becomes text: a line for each key of a member, and for each client.
//!
//! Each line of a member has its name. Git then takes no line of one member for one of another, and any
//! order of the lines of both sides of a merge is right.

use crate::recorded::{Record, Recorded};
use crate::values::{Inline, fits, key, list, quoted};
use bouquet_model::cluster::MemberId;
use bouquet_model::running::{RunningClient, RunningMember};
use bouquet_model::time::Instant;
use bouquet_model::trust::Trust;
use bouquet_x509::fingerprint;
use core::fmt::{self, Write as _};
use data_encoding::HEXLOWER;

/// More than three lines, so that git never takes what differs above and below them for one conflict.
const MEMBERS: &str = "\
]

# Of a member that two sides have recorded, keep the lines of the one with the later `since`; of others
# keep all, in any order.
[running.members]
";

/// Returns the table `running`. Its heads are there where nothing is recorded too: what two people record
/// first is then lines alone, which git can put one below the other.
///
/// A date that is not between the years 0 and 9999 is written, and cannot be read again: who records has to look.
pub(crate) fn running(recorded: &Recorded) -> String {
    let Recorded { members, clients } = recorded;
    let mut text = "\n[running]\nclients = [\n".to_owned();
    for (name, record) in clients {
        let _ = writeln!(text, "  {},", client_line(name, record));
    }
    text.push_str(MEMBERS);
    for (at, (name, record)) in members.iter().enumerate() {
        // The empty line keeps what two people changed of two members apart.
        text.push_str(if at == 0 { "" } else { "\n" });
        let name = key(name);
        lines(&name, record, &mut text);
        let _ = writeln!(text, "{name}.checksum = {}", quoted(&checksum(record)));
    }
    text
}

/// Returns what tells whether all lines of a member are of one record: of two records, git merges the lines
/// that one side alone has changed.
pub(crate) fn checksum(record: &Record<RunningMember>) -> String {
    /// Of 32: it is to tell mistakes, and nobody's attack.
    const BYTES: usize = 8;
    let mut text = String::new();
    lines("", record, &mut text);
    HEXLOWER.encode(&fingerprint(text.as_bytes())[..BYTES])
}

fn lines(name: &str, record: &Record<RunningMember>, text: &mut String) {
    let Record { since, what, before, id } = record;
    member(name, *since, id.and_then(|id| id.to), what.as_ref(), text);
    if let Some((since, what)) = before {
        let id = id.and_then(|id| id.from);
        member(&format!("{name}.before"), *since, id, what.as_ref(), text);
    }
}

fn member(
    name: &str,
    since: i64,
    id: Option<MemberId>,
    what: Option<&RunningMember>,
    text: &mut String,
) {
    let mut line = |key: &str, value: &dyn fmt::Display| {
        let _ = writeln!(text, "{name}.{key} = {value}");
    };
    line("since", &Instant(since));
    if let Some(id) = id {
        line("id", &quoted(&id.to_string()));
    }
    let Some(what) = what else { return line("unrecorded", &true) };
    let RunningMember { version, options, clients, peers, certificates, crl, digest } = what;
    line("version", &quoted(&version.to_string()));
    line("digest", &quoted(&digest.full()));
    for (prefix, trust) in [("", clients), ("peer-", peers)] {
        if let Some(trust) = trust {
            line(&format!("{prefix}trust"), &numbers(trust));
            line(&format!("{prefix}issue"), &trust.issue);
        }
    }
    for (kind, serial) in certificates {
        line(&format!("certificates.{}", key(kind.as_str())), &quoted(serial));
    }
    if let Some(crl) = crl.and_then(fits) {
        line("crl", &crl);
    }
    for (option, value) in options {
        line(&format!("options.{}", key(option)), &quoted(value));
    }
}

fn client_line(name: &str, record: &Record<RunningClient>) -> String {
    let Record { since, what, before, id: _ } = record;
    let mut line = Inline::default();
    line.add("name", quoted(name));
    client(*since, what.as_ref(), &mut line);
    if let Some((since, what)) = before {
        let mut inner = Inline::default();
        client(*since, what.as_ref(), &mut inner);
        line.add("before", inner.end());
    }
    line.end()
}

fn client(since: i64, what: Option<&RunningClient>, line: &mut Inline) {
    line.add("since", Instant(since));
    let Some(what) = what else { return line.add("unrecorded", true) };
    let RunningClient { endpoints, common_name, certs_dir, trust, certificate } = what;
    line.add("endpoints", list(endpoints));
    line.add("common-name", common_name);
    line.add("certs-dir", quoted(certs_dir));
    if let Some(trust) = trust {
        line.add("trust", numbers(trust));
        line.add("issue", trust.issue);
    }
    if let Some(serial) = certificate {
        line.add("serial", quoted(serial));
    }
}

fn numbers(trust: &Trust) -> String {
    let numbers: Vec<_> = trust.trust.iter().map(u32::to_string).collect();
    format!("[{}]", numbers.join(", "))
}
