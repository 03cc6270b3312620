//! The spec as written becomes the cluster as proven, value by value.
//!
//! What one value must be is checked here, where it is read; what values must be to each other is
//! checked in `relations`, once all of them are there.

mod accept;
mod ca;
mod files;
mod limits;
mod member;
mod options;
mod pki_text;
mod revoked;
mod ssh;
mod systemd;
mod text;
mod tls;

use crate::check::places::Places;
use crate::check::proven::Proven;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::digests;
use crate::spec::{ClientSpec, ClusterSpec, Spanned, Spec};
use bouquet_lock::ids;
use bouquet_model::artifact::{FORMATS, Format};
use bouquet_model::change::Accepted;
use bouquet_model::cluster::{Client, Cluster, Member, State, Tls};
use bouquet_model::digest::Digest;
use bouquet_model::name::ClientName;
use bouquet_model::node_path::NodePath;
use bouquet_model::option;
use bouquet_model::program::{Need, PROGRAMS, Program};
use bouquet_model::settings::CRL_FILES;
use bouquet_model::url::Scheme;
use bouquet_model::version::EtcdVersion;
use std::borrow::Cow;

/// Returns every value of the spec, or every reason why one of them is none.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) -> Option<Proven> {
    let version = version(&spec.cluster.etcd, found);
    let token = text::token(&spec.cluster.token, found);
    let state = spec.cluster.state.as_ref().map_or(Some(State::New), |s| text::state(s, found));
    let tls = tls::check(spec, version, found);
    let formats = formats(&spec.cluster, version, tls.as_ref().and_then(|l| l.tls.as_ref()), found);
    let clients = clients(spec, tls.as_ref().and_then(|checked| checked.tls.as_ref()), found);

    // Members are looked at even where something above is wrong, so that all errors show.
    let is_off = tls.as_ref().is_some_and(|checked| checked.tls.is_none());
    let scheme = if is_off { Scheme::Http } else { Scheme::Https };
    let members = member::members(spec, version, scheme, state.unwrap_or(State::New), found);

    let systemd = systemd::check(&spec.systemd, found);
    let accept = accept::accept(spec.cluster.accept.as_ref(), found);

    state?;
    let tls::Checked { tls, issuing } = tls?;
    let accept = accept?;
    let accepted: Accepted = accept.iter().map(|entry| &entry.value).collect();
    let mut cluster = Cluster {
        token: Cow::Owned(token?),
        version: version?,
        id: None,
        digest: Digest([0; 32]),
        revision: None,
        source: None,
        accept: Cow::Owned(accepted.text()),
        program: Cow::Borrowed(Cluster::PROGRAM),
        crl: None,
        tls,
        formats: Cow::Owned(formats?),
        systemd: systemd?,
        members: Cow::Owned(members?),
        clients: Cow::Owned(clients?),
    };
    assign_ids(&mut cluster);
    digests::assign(&mut cluster);
    Some(Proven { cluster, issuing, accept, places: Places::of(spec) })
}

fn version(written: &Spanned<String>, found: &mut Diagnostics) -> Option<EtcdVersion> {
    EtcdVersion::parse(&written.value)
        .map_err(|e| {
            found.push(Diagnostic::error(e.to_string()).at(written.span, "").help(e.help()));
        })
        .ok()
}

/// Returns the formats, in the order in which they are documented, each once. If none are named, these are all that
/// are written by default and can carry every option: no release of etcd reads the name of a revocation list from
/// its YAML file.
fn formats(
    cluster: &ClusterSpec,
    version: Option<EtcdVersion>,
    tls: Option<&Tls>,
    found: &mut Diagnostics,
) -> Option<Vec<&'static str>> {
    let Some(written) = &cluster.formats else {
        let lists = CRL_FILES.iter().filter(|_| tls.is_some_and(|tls| tls.crl));
        let lists: Vec<_> = lists.filter_map(|name| option::find(name)).collect();
        let version = version?;
        let fits = |format: &&Format| {
            format.by_default && lists.iter().all(|list| (format.carries)(list, version))
        };
        return Some(FORMATS.iter().copied().filter(fits).map(|format| format.name).collect());
    };
    if written.value.is_empty() {
        let message = "`formats` names none, so no member could be started";
        let help = "leave it out: a script, variables, YAML and a unit are written then";
        found.push(Diagnostic::error(message).at(written.span, "").help(help));
        return None;
    }
    let known: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    let words = written.value.iter().map(|word| text::word(word, "format", &known, found));
    let words = text::all(words)?;
    Some(known.into_iter().filter(|name| words.contains(name)).collect())
}

fn clients(spec: &Spec, tls: Option<&Tls>, found: &mut Diagnostics) -> Option<Vec<Client>> {
    text::all(spec.clients.iter().map(|written| {
        let name = text::name(&written.name, ClientName::parse, found);
        let program = match &written.r#for {
            Some(word) => program(word, found).map(Some),
            None => Some(None),
        };
        let by_convention = program.flatten().and_then(|program| program.certs_dir);
        let certs_dir = match (&written.certs_dir, by_convention, &name) {
            (Some(dir), ..) => text::absolute_path(dir, "certs-dir", found),
            (None, Some(folder), _) => Some(NodePath::from_static(folder)),
            (None, None, Some(name)) => {
                let root = NodePath::from_static("/");
                Some(tls.map_or(&root, |tls| &tls.certs_dir).join(name.as_str()))
            }
            (None, None, None) => None,
        };
        let generation = text::generation(written.generation.as_ref());
        let common_name = program.and_then(|program| common_name(written, program, found));
        Some(Client {
            name: name?,
            program: program?,
            common_name: common_name?,
            certs_dir: certs_dir?,
            generation,
        })
    }))
}

fn program(word: &Spanned<String>, found: &mut Diagnostics) -> Option<&'static Program> {
    let known: Vec<&str> = PROGRAMS.iter().map(|program| program.name).collect();
    text::word(word, "program that is known", &known, found).and_then(Program::find)
}

/// Tells whether a client's certificate has a common name.
fn common_name(
    written: &ClientSpec,
    program: Option<&'static Program>,
    found: &mut Diagnostics,
) -> Option<bool> {
    let by_gateway = program.filter(|program| program.needs(Need::Gateway));
    let by_gateway = by_gateway.zip(written.r#for.as_ref().map(|word| word.span));
    match (&written.common_name, by_gateway) {
        (Some(flag), Some((program, span))) if flag.value => {
            let name = program.name;
            found.push(
                Diagnostic::error(format!(
                    "`{name}` uses etcd's JSON gateway, which refuses certificates with a common name"
                ))
                .at(flag.span, "")
                .also(span, "uses the gateway")
                .note(
                    "etcd, where authentication is on: CommonName of client sending a request \
                     against gateway will be ignored and not used as expected",
                )
                .help(format!("take `common-name` out: with `for = \"{name}\"` there is none"))
                .help("give others, who speak gRPC, a `[[client]]` of their own"),
            );
            None
        }
        (Some(flag), _) => Some(flag.value),
        (None, by_gateway) => Some(by_gateway.is_none()),
    }
}

/// Assigns IDs. They follow from the members that take part in the bootstrap; one that joins later gets an ID from
/// the second in which it is added.
fn assign_ids(cluster: &mut Cluster) {
    let token = cluster.token.clone();
    let assign = |member: &mut Member| {
        let takes_part = member.state == State::New;
        member.id = takes_part.then(|| ids::member_id(&member.initial_advertise_peer_urls, &token));
        member.id
    };
    let members = cluster.members.to_mut();
    // Who joins may be in the place of one who took part, and the spec no longer says who did.
    let all_take_part = members.iter().all(|member| member.state == State::New);
    let first: Vec<_> = members.iter_mut().filter_map(assign).collect();
    cluster.id = all_take_part.then(|| ids::cluster_id(&first));
}
