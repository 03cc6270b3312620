//! From the tree to the [`Spec`].

mod fields;
mod tables;
mod wrong;

use std::cell::{Cell, RefCell};

use super::keys::{AUTHORITY, CA, CLIENT, CLUSTER, ETCD, MEMBER, MEMBER_ETCD, REVOKED, TLS};
use super::tree::Table;
use super::types::{
    AuthoritySpec, CaSpec, ClientSpec, ClusterSpec, MemberSpec, RevokedSpec, Spec, TlsSpec,
};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, Span};

use fields::Fields;
use tables::Tables;

/// What every part of the decoding needs.
struct Context<'c> {
    text: &'c str,
    /// What is wrong with the TOML. Where something is, nothing is missing: it
    /// may well be there and only unreadable.
    syntax: &'c Diagnostics,
    options: &'c [&'c str],
    found: RefCell<Diagnostics>,
    /// Whether the value of a known key was lost.
    lost: Cell<bool>,
}

/// Reads the tree, and reports all that is wrong with it.
pub(super) fn decode(
    text: &str,
    root: &Table<'_>,
    syntax: &Diagnostics,
    options: &[&str],
) -> (Option<Spec>, Diagnostics) {
    let found = RefCell::default();
    let context = Context { text, syntax, options, found, lost: Cell::new(false) };
    let tables = tables::sort(&context, root);
    let spec = spec(&context, &tables);
    let spec = spec.map(|spec| Spec { whole: !context.lost.get(), ..spec });
    (spec, context.found.into_inner())
}

/// Every table is read before any is found wanting, so that one missing key
/// hides nothing.
fn spec(context: &Context<'_>, tables: &Tables<'_, '_>) -> Option<Spec> {
    let open = |section, (span, table)| Fields::new(context, section, table, span);
    let cluster = tables.first(&CLUSTER).map(|at| cluster(open(&CLUSTER, at)));
    let etcd = tables.first(&ETCD).map(|at| open(&ETCD, at).options());
    let tls = tables.first(&TLS).map(|at| tls(open(&TLS, at)));
    let members: Vec<_> =
        tables.all(&MEMBER).map(|at| member(context, open(&MEMBER, at))).collect();
    let clients: Vec<_> = tables.all(&CLIENT).map(|at| client(open(&CLIENT, at))).collect();
    let ca = tables.first(&CA).map(|at| ca(open(&CA, at)));
    let authorities: Vec<_> =
        tables.all(&AUTHORITY).map(|at| authority(open(&AUTHORITY, at))).collect();
    let revoked: Vec<_> = tables.all(&REVOKED).map(|at| revoked(open(&REVOKED, at))).collect();
    Some(Spec {
        whole: true,
        cluster: cluster??,
        etcd: etcd.unwrap_or_default(),
        tls: tls.unwrap_or_default(),
        members: members.into_iter().collect::<Option<_>>()?,
        ca: ca.unwrap_or_default(),
        authorities: authorities.into_iter().collect::<Option<_>>()?,
        clients: clients.into_iter().collect::<Option<_>>()?,
        revoked: revoked.into_iter().collect::<Option<_>>()?,
    })
}

fn cluster(mut fields: Fields<'_, '_, '_>) -> Option<ClusterSpec> {
    let span = fields.header;
    let (token, etcd) = (fields.text("token"), fields.text("etcd"));
    let (state, formats) = (fields.text("state"), fields.texts("formats"));
    fields.close();
    Some(ClusterSpec { span, token: token?, etcd: etcd?, state, formats })
}

fn client(mut fields: Fields<'_, '_, '_>) -> Option<ClientSpec> {
    let span = fields.header;
    let (name, certs_dir) = (fields.text("name"), fields.text("certs-dir"));
    let generation = fields.number("generation");
    fields.close();
    Some(ClientSpec { span, name: name?, certs_dir, generation })
}

fn ca(mut fields: Fields<'_, '_, '_>) -> CaSpec {
    let ca = CaSpec {
        span: Some(fields.header),
        issue: fields.number("issue"),
        trust: fields.numbers("trust"),
        peer_issue: fields.number("peer-issue"),
        peer_trust: fields.numbers("peer-trust"),
        fingerprint: fields.text("fingerprint"),
        name_constraints: fields.flag("name-constraints"),
        permit: fields.texts("permit").unwrap_or_default(),
        passphrase_file: fields.text("passphrase-file"),
        passphrase_env: fields.text("passphrase-env"),
        crl: fields.flag("crl"),
    };
    fields.close();
    ca
}

fn authority(mut fields: Fields<'_, '_, '_>) -> Option<AuthoritySpec> {
    let span = fields.header;
    let number = fields.number("number");
    let (certificate, certificate_env) =
        (fields.text("certificate"), fields.text("certificate-env"));
    let (key, key_env) = (fields.text("key"), fields.text("key-env"));
    let fingerprint = fields.text("fingerprint");
    fields.close();
    let number = number?;
    Some(AuthoritySpec { span, number, certificate, certificate_env, key, key_env, fingerprint })
}

fn revoked(mut fields: Fields<'_, '_, '_>) -> Option<RevokedSpec> {
    let span = fields.header;
    let (name, serial) = (fields.text("name"), fields.text("serial"));
    let (date, reason) = (fields.text("date"), fields.text("reason"));
    fields.close();
    Some(RevokedSpec { span, name, serial, date: date?, reason })
}

fn tls(mut fields: Fields<'_, '_, '_>) -> TlsSpec {
    let tls = TlsSpec {
        span: Some(fields.header),
        enabled: fields.flag("enabled"),
        layout: fields.text("layout"),
        certs_dir: fields.text("certs-dir"),
        key: fields.text("key"),
        valid_for: fields.text("valid-for"),
        ca_valid_for: fields.text("ca-valid-for"),
        renew_before: fields.text("renew-before"),
        renew: fields.text("renew"),
        generation: fields.number("generation"),
        common_name: fields.text("common-name"),
        extra_sans: fields.texts("extra-sans").unwrap_or_default(),
    };
    fields.close();
    tls
}

fn member(context: &Context<'_>, mut fields: Fields<'_, '_, '_>) -> Option<MemberSpec> {
    let span = fields.header;
    let (name, ip) = (fields.text("name"), fields.text("ip"));
    let hostname = fields.text("hostname");
    let listen_ip = fields.text("listen-ip");
    let advertise = fields.text("advertise");
    let state = fields.text("state");
    let (peer_port, client_port) = (fields.port("peer-port"), fields.port("client-port"));
    let generation = fields.number("generation");
    let extra_sans = fields.texts("extra-sans").unwrap_or_default();
    let inner = fields.inner(&MEMBER_ETCD);
    fields.close();
    let etcd = inner.map(|(span, table)| Fields::new(context, &MEMBER_ETCD, table, span).options());
    Some(MemberSpec {
        span,
        name: name?,
        ip: ip?,
        hostname,
        listen_ip,
        advertise,
        state,
        peer_port,
        client_port,
        generation,
        extra_sans,
        etcd: etcd.unwrap_or_default(),
    })
}

impl Context<'_> {
    /// Reports an error, put into words only if there is room for it.
    fn report(&self, make: impl FnOnce() -> Diagnostic) {
        self.found.borrow_mut().push_with(Severity::Error, make);
    }

    /// Reports that the value of a known key is lost.
    fn lose<T>(&self, make: impl FnOnce() -> Diagnostic) -> Option<T> {
        self.lost.set(true);
        self.report(make);
        None
    }

    /// Whether the TOML is broken between this header and the next.
    fn is_broken_below(&self, header: Span) -> bool {
        let rest = self.text.get(header.end..).unwrap_or_default();
        let length = rest.find("\n[").unwrap_or(rest.len());
        self.is_broken_at(Span::new(header.start, header.end + length))
    }

    /// Whether the TOML is broken before this place.
    fn is_broken_above(&self, place: Span) -> bool {
        self.is_broken_at(Span::new(0, place.start))
    }

    fn is_broken_at(&self, place: Span) -> bool {
        let place = place.start..=place.end;
        let mut labels = self.syntax.iter().filter_map(|found| found.primary.as_ref());
        labels.any(|label| place.contains(&label.span.start))
    }
}
