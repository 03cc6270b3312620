//! Text becomes a lock, or the reasons why it is none.

use crate::document::{Authority as AuthorityTable, Document, Identity as IdentityTable, Line};
use crate::entry::{Entry, Facts};
use crate::form::{LARGEST, UNKNOWN, VERSION};
use crate::identity::{Authority, Identity, Restored};
use crate::issued::Issued;
use crate::lock::Lock;
use crate::read_running::{Mixed, checksums, mixed, recorded};
use crate::values::{self, Wrong, digest, hexadecimal, instant};
use bouquet_model::certificate::Kind;
use bouquet_model::cluster::{ClusterId, MemberId, San};
use bouquet_model::diagnostic::quoted;
use core::fmt;
use serde::Deserialize;
use std::net::IpAddr;
use toml::de::{DeTable, DeValue, Deserializer};

/// Why a file is no lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// A later version of Bouquet wrote it, in a form that this one does not know.
    Newer(i64),
    /// A merge was not resolved: there are conflict markers in it, from that line on.
    Conflict(usize),
    /// It ends too early, in that line.
    Cut(usize),
    /// A key has two values, as after a merge that kept both: the line of the second, and the key with its
    /// table.
    Twice(usize, String),
    /// What runs of a member is of two records, of which git merged the lines: where it begins, and the member.
    Mixed(usize, String),
    /// A member is recorded under other IDs than the file has: git merged a record with another list of members.
    /// Where the record begins, and the member.
    OtherIds(usize, String),
    /// It is not what Bouquet writes: the line, and what is wrong there.
    Wrong(usize, String),
}

/// Reads the bytes of a file.
///
/// # Errors
/// The first reason why it is none.
pub fn read(bytes: &[u8]) -> Result<Lock, Unreadable> {
    let whole = |what: &str| Err(Unreadable::Wrong(1, what.to_owned()));
    if bytes.len() as u64 > LARGEST {
        return whole("it is far larger than such a file can be");
    }
    let text = match core::str::from_utf8(bytes) {
        Ok(text) => text,
        // Within a letter.
        Err(error) if error.error_len().is_none() => {
            return Err(Unreadable::Cut(line_of(bytes, bytes.len())));
        }
        Err(_) => return whole("it is not text in UTF-8"),
    };
    // Git's own markers, which no line of ours begins with.
    if let Some(at) = text.lines().position(is_marker) {
        return Err(Unreadable::Conflict(at + 1));
    }
    if text.trim().is_empty() {
        return Err(Unreadable::Cut(1));
    }
    let table = DeTable::parse(text).map_err(|error| fault(text, &error))?;
    let version = table.get_ref().get("version").map(toml::Spanned::get_ref);
    if let Some(DeValue::Integer(version)) = version
        && let Ok(version) = i64::from_str_radix(version.as_str(), version.radix())
        && version > VERSION
    {
        return Err(Unreadable::Newer(version));
    }
    let document = Document::deserialize(Deserializer::from(table));
    let document = document.map_err(|error| fault(text, &error))?;
    if document.version != VERSION {
        return whole(&format!("there is no version {} of it", document.version));
    }
    let checksums = checksums(&document.running);
    let lock = lock(document)
        .map_err(|Wrong(span, what)| Unreadable::Wrong(line_of(bytes, span.start), what))?;
    let Some((what, name, span)) = mixed(checksums, &lock) else { return Ok(lock) };
    let line = line_of(bytes, span.start);
    Err(match what {
        Mixed::Record => Unreadable::Mixed(line, name),
        Mixed::Ids => Unreadable::OtherIds(line, name),
    })
}

fn is_marker(line: &str) -> bool {
    let is = |marker: &str| {
        line.strip_prefix(marker).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].into_iter().any(is)
}

/// Returns what is wrong with a file: one that was cut off is wrong at its end, or lacks its last part.
fn fault(text: &str, error: &toml::de::Error) -> Unreadable {
    let at = error.span().map_or(0, |span| span.start);
    // A file that a later release has written may end otherwise, and tells so by a key.
    let is_later = error.message().starts_with(UNKNOWN_KEY);
    let lacks_end =
        !is_later && (!text.contains("\ncertificates = [") || !text.trim_end().ends_with(']'));
    if at >= text.trim_end().len() || lacks_end {
        return Unreadable::Cut(text.lines().count());
    }
    let line = line_of(text.as_bytes(), at);
    match twice(text, line).filter(|_| error.message() == DUPLICATE) {
        Some(key) => Unreadable::Twice(line, key),
        None => Unreadable::Wrong(line, error.message().to_owned()),
    }
}

/// The words of `toml` for a key that has a value already.
const DUPLICATE: &str = "duplicate key";

/// How `toml` begins what it says of a key that is not known: a later release may know it.
pub(crate) const UNKNOWN_KEY: &str = "unknown field `";

/// Returns the key of a line, after the name of its table.
fn twice(text: &str, line: usize) -> Option<String> {
    let lines: Vec<&str> = text.lines().take(line).collect();
    let key = lines.last()?.split_once('=')?.0.trim();
    let is_head = |line: &&&str| line.starts_with('[');
    let table = lines.iter().rfind(is_head)?.trim_matches(['[', ']', ' ']);
    Some(format!("{table}.{key}"))
}

fn line_of(text: &[u8], at: usize) -> usize {
    text.iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

fn lock(document: Document) -> Result<Lock, Wrong> {
    let identity = identity(document.identity)?;
    let recorded = recorded(document.running)?;
    let mut issued = Issued::default();
    for line in document.issued.certificates {
        let span = line.span();
        let (serial, entry) =
            entry(line.into_inner(), &identity).map_err(|what| Wrong(span.clone(), what))?;
        // Both sides of a merge may have had it, and one of them may know more of it.
        match issued.get(&serial) {
            Some(other) if other.contradicts(&entry) => {
                let what = format!("two lines tell different things of the serial number {serial}");
                return Err(Wrong(span, what));
            }
            Some(other) if other.facts.is_some() && entry.facts.is_none() => {}
            _ => issued.enter(&serial, entry),
        }
    }
    Ok(Lock { identity, issued, recorded })
}

fn identity(table: IdentityTable) -> Result<Identity, Wrong> {
    let IdentityTable { token, cluster_id, restored, crl, members, authority } = table;
    let id = |text: toml::Spanned<String>| {
        let parsed = hexadecimal(text.get_ref());
        parsed.ok_or_else(|| Wrong(text.span(), "an ID is hexadecimal digits".to_owned()))
    };
    let cluster_id = cluster_id.map(id).transpose()?.map(ClusterId);
    let restored = restored.map(|line| {
        let (span, line) = (line.span(), line.into_inner());
        let sha256 = digest("sha256", &line.sha256).map_err(|what| Wrong(span, what))?;
        Ok(Restored { token: line.token, sha256, revision: line.revision })
    });
    let restored = restored.transpose()?;
    let mut identity = Identity { token, cluster_id, restored, crl, ..Identity::default() };
    for (name, text) in members {
        let known = if text.get_ref() == UNKNOWN { None } else { Some(MemberId(id(text)?)) };
        identity.members.insert(name, known);
    }
    for table in authority {
        let (span, table) = (table.span(), table.into_inner());
        let number = table.number;
        let ca = self::authority(table).map_err(|what| Wrong(span.clone(), what))?;
        if identity.authorities.insert(number, ca).is_some() {
            return Err(Wrong(span, format!("CA {number} is there twice")));
        }
    }
    Ok(identity)
}

/// Reads a CA: nothing in its table stands but what follows from the certificate, or is wrong.
fn authority(table: AuthorityTable) -> Result<Authority, String> {
    let AuthorityTable { number, removed, not_before, not_after, sha256, certificate } = table;
    let certificate = certificate.replace("\r\n", "\n");
    let Some(ca) = Authority::of(&certificate) else {
        return Err(format!("`certificate` of CA {number} is damaged"));
    };
    let written = (digest("sha256", &sha256)?, instant(not_before)?, instant(not_after)?);
    if number == 0 {
        return Err("CAs are numbered from 1 on".to_owned());
    }
    if written != (ca.sha256, ca.not_before, ca.not_after) {
        return Err(format!("`sha256` or the dates of CA {number} are not its certificate's"));
    }
    Ok(Authority { removed, ..ca })
}

fn entry(line: Line, identity: &Identity) -> Result<(String, Entry), String> {
    let Line { kind, owner, removed, generation, not_before, not_after, serial, .. } = &line;
    let known = Kind::from_word(kind).filter(|kind| *kind != Kind::Ca);
    let kind = known.ok_or_else(|| format!("there is no kind `{kind}` of certificate"))?;
    values::serial(serial)?;
    if *generation == 0 {
        return Err("generations are numbered from 1 on".to_owned());
    }
    let (not_before, not_after) = (instant(*not_before)?, instant(*not_after)?);
    let facts = match (&line.ca, &line.common_name, &line.sans, &line.sha256) {
        (None, None, None, None) => None,
        (Some(ca), Some(common_name), Some(sans), Some(sha256)) => {
            if !identity.authorities.contains_key(ca) {
                return Err(format!("it was issued by CA {ca}, of which the file tells nothing"));
            }
            let sans = sans.iter().map(|san| self::san(san)).collect();
            let common_name = common_name.clone();
            Some(Facts { common_name, sans, ca: *ca, sha256: digest("sha256", sha256)? })
        }
        _ => {
            return Err(
                "`ca`, `common-name`, `sans` and `sha256` are all there, or none".to_owned()
            );
        }
    };
    let entry = Entry {
        kind,
        owner: owner.clone(),
        generation: *generation,
        not_before,
        not_after,
        facts,
        removed: *removed,
    };
    Ok((line.serial, entry))
}

fn san(text: &str) -> San {
    text.parse::<IpAddr>().map_or_else(|_| San::Dns(text.to_owned().into()), San::Ip)
}

/// Continues the name of the file, which comes with the line.
impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newer(version) => write!(
                f,
                "was written by a later version of Bouquet: its form is {version}, and this one knows {VERSION}"
            ),
            Self::Conflict(_) => f.write_str("holds the conflict markers of a merge"),
            Self::Cut(_) => f.write_str("is cut off: its end is missing"),
            Self::Twice(_, key) => write!(f, "has `{key}` twice"),
            Self::Mixed(_, name) => {
                write!(f, "has lines of two records of the member {}", quoted(name))
            }
            Self::OtherIds(_, name) => write!(
                f,
                "has another `cluster-id`, or another ID of the member {}, than it was recorded with",
                quoted(name)
            ),
            Self::Wrong(_, what) => write!(f, "is not as a build wrote it: {what}"),
        }
    }
}
