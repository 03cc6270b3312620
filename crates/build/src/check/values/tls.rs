//! `[tls]`.

use super::{ca, files, text};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::issuing::Issuing;
use crate::spec::{Spanned, Spec, TlsSpec};
use bouquet_model::cluster::{KeyKind, Layout, Renew, Tls};
use bouquet_model::node_path::NodePath;
use bouquet_model::version::EtcdVersion;
use std::borrow::Cow;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const VALID_FOR: Duration = DAY.saturating_mul(365);
const CA_VALID_FOR: Duration = DAY.saturating_mul(3650);
const CERTS_DIR: NodePath = NodePath::from_static("/opt/etcd/certs");

/// Holds what follows from `[tls]` and `[ca]`.
pub(super) struct Checked {
    /// `None` where the spec turns TLS off.
    pub(super) tls: Option<Tls>,
    pub(super) issuing: Issuing,
}

/// Checks what is written about TLS; returns `None` where a section has an error.
pub(super) fn check(
    whole: &Spec,
    version: Option<EtcdVersion>,
    found: &mut Diagnostics,
) -> Option<Checked> {
    let spec = &whole.tls;
    let off = spec.enabled.as_ref().filter(|enabled| !enabled.value);
    if let Some(enabled) = off {
        found.push(
            Diagnostic::warning(
                "TLS is off: everybody on the network reads and writes this cluster",
            )
            .at(enabled.span, "")
            .help("remove `enabled = false` to encrypt and authenticate every connection"),
        );
    }
    let open = spec.client_auth.as_ref().filter(|asked| !asked.value && off.is_none());
    if let Some(open) = open {
        found.push(
            Diagnostic::warning(
                "clients need no certificate: everybody on the network reads and writes this cluster",
            )
            .at(open.span, "what they say is encrypted, and nobody asks who they are")
            .note("members still ask one another")
            .help("remove `client-auth = false` where clients have certificates, or can get them"),
        );
    }
    // The rest is read all the same: it is to be right when TLS comes back.
    let layout = choice(spec.layout.as_ref(), "layout", Layout::Separate, Layout::ALL, found);
    let key = key(spec.key.as_ref(), found);
    let certs_dir = match &spec.certs_dir {
        Some(dir) => text::absolute_path(dir, "certs-dir", found),
        None => Some(CERTS_DIR),
    };
    let common_name = common_name(spec, layout, found);
    let extra_sans = text::sans(spec.extra_sans.as_ref(), found);
    let renew = choice(spec.renew.as_ref(), "way to renew", Renew::NewKey, Renew::ALL, found);
    let sides = ca::sides(&whole.ca, layout, found);
    let trusts_apart = sides.as_ref().map(|sides| sides.clients.trust != sides.peers.trust);
    let file_names = files::names(whole, layout, trusts_apart, found);
    let issuing = ca::issuing(whole, version, sides.as_ref(), found);
    let times = times(spec, found);
    let (valid_for, ca_valid_for, renew_before) = times?;
    let sides = sides?;
    let tls = Tls {
        layout: layout?,
        certs_dir: certs_dir?,
        file_names: Cow::Owned(file_names?),
        key: key?,
        valid_for,
        ca_valid_for,
        renew_before,
        renew: renew?,
        generation: text::generation(spec.generation.as_ref()),
        clients: sides.clients,
        peers: sides.peers,
        client_auth: spec.client_auth.as_ref().is_none_or(|asked| asked.value),
        crl: whole.ca.crl.as_ref().map_or(!whole.revoked.is_empty(), |crl| crl.value),
        common_name: common_name?.map(Cow::Owned),
        extra_sans: Cow::Owned(extra_sans?),
    };
    Some(Checked { tls: off.is_none().then_some(tls), issuing: issuing? })
}

/// Returns the kind of key. Those who come from another tool have RSA, and are told why there is none.
fn key(written: Option<&Spanned<String>>, found: &mut Diagnostics) -> Option<KeyKind> {
    let is_rsa = |word: &&Spanned<String>| word.value.to_ascii_lowercase().starts_with("rsa");
    let Some(word) = written.filter(is_rsa) else {
        return choice(written, "kind of key", KeyKind::EcdsaP256, KeyKind::ALL, found);
    };
    found.push(
        Diagnostic::error("no member or client gets an RSA key")
            .at(word.span, "")
            .note("every client of etcd reads ECDSA, and each handshake costs a member far less than with RSA")
            .help("take `key` out: `ecdsa-p256` is the default; or write `ecdsa-p384` or `ed25519`")
            .help("a CA of your own may be RSA: `[[authority]]`"),
    );
    None
}

fn choice<T: Copy + std::fmt::Display>(
    written: Option<&Spanned<String>>,
    what: &str,
    default: T,
    choices: &[T],
    found: &mut Diagnostics,
) -> Option<T> {
    written.map_or(Some(default), |word| text::word(word, what, choices, found))
}

fn times(spec: &TlsSpec, found: &mut Diagnostics) -> Option<(Duration, Duration, Duration)> {
    let mut time = |written: &Option<Spanned<String>>, key, default| {
        written.as_ref().map_or(Some(default), |w| text::validity(w, key, found))
    };
    let valid_for = time(&spec.valid_for, "valid-for", VALID_FOR);
    let ca_valid_for = time(&spec.ca_valid_for, "ca-valid-for", CA_VALID_FOR);
    let third = valid_for.unwrap_or(VALID_FOR) / 3;
    let renew_before = time(&spec.renew_before, "renew-before", third);
    let (valid_for, ca_valid_for, renew_before) = (valid_for?, ca_valid_for?, renew_before?);

    let place = |a: &Option<Spanned<String>>, b: &Option<Spanned<String>>| {
        a.as_ref().or(b.as_ref()).map(|w| w.span)
    };
    if renew_before >= valid_for
        && let Some(span) = place(&spec.renew_before, &spec.valid_for)
    {
        found.push(
            Diagnostic::error("`renew-before` is not shorter than `valid-for`")
                .at(span, "every build would reissue every certificate")
                .help("leave `renew-before` out: it is a third of `valid-for` then"),
        );
        return None;
    }
    if ca_valid_for < valid_for
        && let Some(span) = place(&spec.ca_valid_for, &spec.valid_for)
    {
        found.push(
            Diagnostic::error("`ca-valid-for` is shorter than `valid-for`")
                .at(span, "a certificate is worth nothing once its CA has expired")
                .help("make `ca-valid-for` several times as long; its default is `3650d`"),
        );
        return None;
    }
    Some((valid_for, ca_valid_for, renew_before))
}

#[expect(clippy::option_option, reason = "absent and wrong are different things")]
fn common_name(
    spec: &TlsSpec,
    layout: Option<Layout>,
    found: &mut Diagnostics,
) -> Option<Option<String>> {
    let Some(written) = &spec.common_name else { return Some(None) };
    if layout.is_some_and(|layout| layout != Layout::Shared) {
        found.push(
            Diagnostic::error("`common-name` is for the shared certificate")
                .at(written.span, "here every member has a certificate in its own name")
                .help("remove it, or write `layout = \"shared\"`"),
        );
        return None;
    }
    let name = text::printable(written, "common-name", found)?;
    if name.is_empty() || name.chars().count() > 64 {
        found.push(
            Diagnostic::error("a common name has 1 to 64 characters")
                .at(written.span, format!("this one has {}", name.chars().count()))
                .note("RFC 5280, appendix A.1, ub-common-name")
                .help("shorten it: names that clients look for go into `extra-sans` in any case"),
        );
        return None;
    }
    Some(Some(name))
}
