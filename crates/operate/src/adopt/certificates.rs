//! The certificates that members have, as far as they can be read here. No key is looked at.

use super::observed::Observed;
use bouquet_model::cluster::San;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::trust::Side;
use bouquet_x509::{Algorithm, ParsedCertificate, fingerprint, pem};

/// Finds a file that an option of a member names: the path by which it was found, as `cluster.toml` would name it, and
/// its content.
pub(super) type Find<'a> = dyn Fn(&Observed, &str) -> Option<(String, Vec<u8>)> + 'a;

/// A certificate of a member.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Leaf {
    pub(super) sans: Vec<San>,
    /// Names of kinds that no spec has.
    pub(super) other_names: Vec<String>,
    pub(super) common_name: Option<String>,
    pub(super) algorithm: Algorithm,
    pub(super) sha256: [u8; 32],
    issuer: Vec<u8>,
}

/// A CA that members trust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ca {
    /// Where it was found.
    pub(super) file: String,
    /// Its subject, as a person reads it.
    pub(super) name: String,
    pub(super) sha256: [u8; 32],
    subject: Vec<u8>,
}

/// The certificates of one member.
#[derive(Debug, Default)]
pub(super) struct Certificates {
    pub(super) server: Option<Leaf>,
    pub(super) peer: Option<Leaf>,
    /// Those that it trusts as clients', and as members'.
    pub(super) clients_cas: Vec<Ca>,
    pub(super) peers_cas: Vec<Ca>,
}

impl Certificates {
    /// Reads what the options of a member name.
    pub(super) fn of(observed: &Observed, find: &Find<'_>, said: &mut Vec<Diagnostic>) -> Self {
        let mut read = |option: &str| {
            let path = observed.texts.get(option)?;
            let (file, content) = find(observed, path)?;
            let blocks = pem::certificates_among(&content).filter(|blocks| !blocks.is_empty());
            if blocks.is_none() {
                said.push(
                    Diagnostic::warning(format!("{} holds no certificate", quoted(&file)))
                        .note(format!("`{option}` of {} names it", quoted(&observed.name))),
                );
            }
            Some((file, blocks?))
        };
        let server = read("cert-file").and_then(|(_, blocks)| leaf(blocks.first()?));
        let peer = read("peer-cert-file").and_then(|(_, blocks)| leaf(blocks.first()?));
        let mut cas = |option| {
            let (file, blocks) = read(option).unwrap_or_default();
            blocks.iter().filter_map(|der| ca(&file, der)).collect()
        };
        Self {
            server,
            peer,
            clients_cas: cas("trusted-ca-file"),
            peers_cas: cas("peer-trusted-ca-file"),
        }
    }

    /// Returns both that it shows.
    pub(super) fn leaves(&self) -> impl Iterator<Item = &Leaf> {
        [&self.server, &self.peer].into_iter().flatten()
    }

    /// Returns the CAs of a side, the one that issued what the member shows there first.
    pub(super) fn cas(&self, side: Side) -> Vec<&Ca> {
        let (cas, leaf) = match side {
            Side::Clients => (&self.clients_cas, &self.server),
            Side::Peers => (&self.peers_cas, &self.peer),
        };
        let issued = |ca: &Ca| leaf.as_ref().is_some_and(|leaf| leaf.issuer == ca.subject);
        let (first, rest): (Vec<&Ca>, Vec<&Ca>) = cas.iter().partition(|ca| issued(ca));
        first.into_iter().chain(rest).collect()
    }
}

fn leaf(der: &[u8]) -> Option<Leaf> {
    let parsed = ParsedCertificate::parse(der)?;
    Some(Leaf {
        sans: parsed.extensions.sans.clone(),
        other_names: parsed.extensions.other_names.clone(),
        common_name: parsed.common_name().map(str::to_owned),
        algorithm: parsed.public_key().algorithm,
        sha256: fingerprint(der),
        issuer: parsed.issuer().to_vec(),
    })
}

fn ca(file: &str, der: &[u8]) -> Option<Ca> {
    let parsed = ParsedCertificate::parse(der)?;
    Some(Ca {
        file: file.to_owned(),
        name: parsed.subject_text(),
        sha256: fingerprint(der),
        subject: parsed.subject().to_vec(),
    })
}
