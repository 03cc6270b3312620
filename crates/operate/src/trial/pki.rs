//! The throw-away CAs of a trial, with all that they issue.

use super::option::Needed;
use super::there::Layout;
use super::token::TokenKey;
use bouquet_model::artifact::CLIENT_FILES;
use bouquet_model::certificate::wanted;
use bouquet_model::cluster::Tls;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::node_path::NodePath;
use bouquet_model::settings::CRL;
use bouquet_model::trust::Side;
use bouquet_x509::{
    Error, Issuer, Leaf, NewKey, ParsedCertificate, Secret, Validity, crl, pem, random_digits,
    self_signed,
};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// A file of a trial.
#[derive(Debug)]
pub(super) struct File {
    pub(super) path: NodePath,
    pub(super) content: Secret,
    /// Nobody but its owner may read it.
    pub(super) secret: bool,
}

/// From how many seconds ago certificates are valid, and for how many.
const BACKDATED: i64 = 5 * 60;
const VALID: i64 = 30 * 86_400;

/// A CA, and its certificate in PEM.
struct Authority {
    issuer: Issuer,
    certificate: String,
}

/// Makes every file that members and clients find: keys, certificates, CAs, lists, and what clients are configured
/// with.
///
/// # Errors
/// If the system has no random numbers, or X.509 cannot carry what is wanted.
pub(super) fn files(layout: &Layout, now: i64) -> Result<Vec<File>, Diagnostic> {
    let mut files = Vec::new();
    let tls = layout.cluster.tls.as_ref();
    let cas = tls.map(|tls| authorities(tls, now)).transpose().map_err(refused)?;
    if let (Some(tls), Some(cas)) = (tls, &cas) {
        leaves(layout, cas, now, &mut files).map_err(refused)?;
        trusted(layout, tls, cas, now, &mut files).map_err(refused)?;
    }
    for needed in &layout.needed {
        match needed {
            Needed::Token(path, key) => files.push(token(path, *key).map_err(refused)?),
            Needed::Crl(path) => {
                let ca = tls.zip(cas.as_ref()).and_then(|(tls, cas)| cas.get(&tls.clients.issue));
                files.extend(ca.map(|ca| list(path, ca, now)).transpose().map_err(refused)?);
            }
        }
    }
    for client in layout.cluster.clients.iter() {
        for row in
            CLIENT_FILES.iter().filter(|row| row.leads && row.is_for(&layout.cluster, client))
        {
            let text = (row.render)(&layout.cluster, client);
            files.push(public(client.certs_dir.join(row.file), text));
        }
    }
    Ok(files)
}

fn authorities(tls: &Tls, now: i64) -> Result<BTreeMap<u32, Authority>, Error> {
    let mut all = BTreeMap::new();
    for number in tls.authorities().into_iter().chain([tls.clients.issue, tls.peers.issue]) {
        if let Entry::Vacant(place) = all.entry(number) {
            place.insert(authority(tls, number, now)?);
        }
    }
    Ok(all)
}

fn authority(tls: &Tls, number: u32, now: i64) -> Result<Authority, Error> {
    let key = NewKey::generate(tls.key)?;
    let der = self_signed(&format!("etcd trial CA {number}"), &key, None, validity(now))?;
    let unusable = |why: String| Error::Refused("a CA", why);
    let pair = key.pair().map_err(|fault| unusable(fault.to_string()))?;
    let issuer = ParsedCertificate::parse(&der)
        .and_then(|certificate| Issuer::new(&certificate, pair))
        .ok_or_else(|| unusable("it cannot be read again".to_owned()))?;
    Ok(Authority { issuer, certificate: pem::certificate(&der) })
}

fn validity(now: i64) -> Validity {
    Validity { not_before: now - BACKDATED, not_after: now + VALID }
}

/// Adds the pairs of members and clients below the folder as they are below `out/`.
fn leaves(
    layout: &Layout,
    cas: &BTreeMap<u32, Authority>,
    now: i64,
    files: &mut Vec<File>,
) -> Result<(), Error> {
    for wanted in wanted(&layout.cluster) {
        let Some(ca) = cas.get(&wanted.issuer) else { continue };
        let key = NewKey::generate(wanted.key)?;
        let leaf = Leaf { kind: wanted.kind, subject: &wanted.subject, sans: &wanted.sans };
        let certificate = pem::certificate(&ca.issuer.issue(&leaf, &key, validity(now))?.der);
        for place in &wanted.places {
            let file = |end: &str| layout.folder.join(&format!("{place}{end}"));
            files.push(public(file(".crt"), certificate.clone()));
            files.push(File { path: file(".key"), content: key.secret.clone(), secret: true });
        }
    }
    Ok(())
}

/// Adds the CAs that members and clients trust, and the lists of those that are revoked, which are empty here.
fn trusted(
    layout: &Layout,
    tls: &Tls,
    cas: &BTreeMap<u32, Authority>,
    now: i64,
    files: &mut Vec<File>,
) -> Result<(), Error> {
    let of = |side: Side| -> String {
        let trusted = tls.side(side).trust.iter().filter_map(|number| cas.get(number));
        trusted.map(|ca| ca.certificate.as_str()).collect()
    };
    for member in &layout.members {
        let certs = member.folder.join("certs");
        files.push(public(certs.join(tls.trust_file(Side::Clients)), of(Side::Clients)));
        if tls.has_peer_trust() {
            files.push(public(certs.join(tls.trust_file(Side::Peers)), of(Side::Peers)));
        }
        if let (true, Some(ca)) = (tls.crl, cas.get(&tls.clients.issue)) {
            files.push(list(&certs.join(CRL), ca, now)?);
        }
    }
    for client in layout.cluster.clients.iter() {
        files.push(public(client.certs_dir.join("ca.crt"), of(Side::Clients)));
    }
    Ok(())
}

fn list(path: &NodePath, ca: &Authority, now: i64) -> Result<File, Error> {
    let der = crl::issue(&[], &ca.issuer, now - BACKDATED, now + VALID)?;
    Ok(File { path: path.clone(), content: der.into(), secret: false })
}

fn token(path: &NodePath, key: TokenKey) -> Result<File, Error> {
    let content = match key {
        TokenKey::Private(kind) => NewKey::generate(kind)?.secret,
        // 256 bits.
        TokenKey::Secret => {
            let digits = (0..8).map(|_| random_digits()).collect::<Result<String, Error>>()?;
            digits.into()
        }
    };
    Ok(File { path: path.clone(), content, secret: true })
}

fn public(path: NodePath, text: String) -> File {
    File { path, content: text.into(), secret: false }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that `map_err` wants")]
fn refused(error: Error) -> Diagnostic {
    Diagnostic::error(format!("the certificates of a trial cannot be made: {error}"))
}
