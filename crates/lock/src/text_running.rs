//! What runs becomes text: a line for each key of a member, and for each client.
//!
//! Each line of a member has its name. Git then takes no line of one member for one of another, and any
//! order of the lines of both sides of a merge is right.

use crate::form::UNKNOWN;
use crate::literal::{key, list, quoted};
use crate::lock::Lock;
use crate::recorded::{Record, Recorded};
use crate::values::{Inline, fits};
use bouquet_model::cluster::MemberId;
use bouquet_model::running::{RunningClient, RunningMember};
use bouquet_model::time::Instant;
use bouquet_model::trust::Trust;
use bouquet_x509::fingerprint;
use core::fmt::{self, Write as _};
use data_encoding::HEXLOWER;

/// The lines before the members: more than three, so that git never takes what differs above and below them for one
/// conflict.
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
pub(crate) fn running(lock: &Lock) -> String {
    let Recorded { members, clients } = &lock.recorded;
    let mut text = "\n[running]\nclients = [\n".to_owned();
    for (name, record) in clients {
        let _ = writeln!(text, "  {},", client_line(name, record));
    }
    text.push_str(MEMBERS);
    for (at, (name, record)) in members.iter().enumerate() {
        // The empty line keeps what two people changed of two members apart.
        text.push_str(if at == 0 { "" } else { "\n" });
        let written = key(name);
        lines(&written, record, &mut text);
        let _ = writeln!(
            text,
            "{written}.checksum = {}",
            quoted(&checksum(lock, name, record).to_string())
        );
    }
    text
}

/// Tells whether all that belongs to the record of a member is of one side of a merge: git merges the lines that one
/// side alone has changed, without a conflict.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Checksum {
    /// Of the member's lines.
    pub(crate) record: String,
    /// Of the IDs of the cluster and of the member, under which it was recorded.
    pub(crate) ids: String,
}

impl Checksum {
    /// Takes the parts out of the text.
    pub(crate) fn parse(text: &str) -> Self {
        let (record, ids) = text.split_once('-').unwrap_or((text, ""));
        Self { record: record.to_owned(), ids: ids.to_owned() }
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.record, self.ids)
    }
}

/// Returns the checksum of a record.
pub(crate) fn checksum(lock: &Lock, name: &str, record: &Record<RunningMember>) -> Checksum {
    /// How many of the digest's 32 bytes are kept: the checksum is to find mistakes, not attacks.
    const BYTES: usize = 8;
    let digest = |text: &str| HEXLOWER.encode(&fingerprint(text.as_bytes())[..BYTES]);
    let mut text = String::new();
    lines("", record, &mut text);
    let mut ids = String::new();
    // Until it is recorded, they follow from the spec.
    if record.what.is_some() {
        let cluster = lock.identity.cluster_id.map(|id| id.to_string());
        let member = lock.id(name).map(|id| id.to_string());
        for id in [cluster, member] {
            let _ = writeln!(ids, "{}", id.as_deref().unwrap_or(UNKNOWN));
        }
    }
    Checksum { record: digest(&text), ids: digest(&ids) }
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
    let RunningMember { version, options, clients, peers, certificates, crl, unit, digest } = what;
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
    for (said, value) in unit {
        line(&format!("unit.{}", key(said)), &quoted(value));
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
