//! `[tls]`, `[ca]` and `[[authority]]`, by the files that options name and what is in them.

use super::certificates::{Ca, Certificates};
use super::observed::Observed;
use super::spec::{AuthoritySpec, CERTS_DIR, TlsSpec};
use bouquet_model::cluster::{KeyKind, Layout, Setting};
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::node_path::NodePath;
use bouquet_model::option::Value;
use bouquet_model::settings::{CERTIFICATE_FILES, CRL_FILES, MEMBER_NAME, NAMED_FILES};
use bouquet_model::trust::Side;
use bouquet_x509::Algorithm;
use std::collections::BTreeSet;

/// Decides what the members' TLS is.
pub(super) fn tls(
    seen: &[Observed],
    certificates: &[Certificates],
    said: &mut Vec<Diagnostic>,
) -> TlsSpec {
    let layout = layout(seen, certificates);
    let authorities = authorities(seen, certificates, layout, said);
    let has_two = authorities.len() > 1;
    let crl = seen.iter().any(|it| CRL_FILES.iter().any(|option| it.texts.contains_key(*option)));
    let (certs_dir, file_names) = files(seen, layout, has_two).unwrap_or((CERTS_DIR, Vec::new()));
    TlsSpec {
        layout,
        certs_dir,
        file_names,
        key: key(certificates, said),
        // Either of the two has etcd ask every client for a certificate (`ServerConfig` in its
        // `client/pkg/transport/listener.go`).
        client_auth: seen.iter().any(|it| {
            it.texts.contains_key("trusted-ca-file")
                || it.texts.get("client-cert-auth").is_some_and(|text| text == "true")
        }),
        crl,
        common_name: common_name(layout, certificates),
        extra_sans: Vec::new(),
        authorities,
    }
}

/// Tells which certificates members have, by whether one file is for both sides, and the same on all.
fn layout(seen: &[Observed], certificates: &[Certificates]) -> Layout {
    let is_one = |it: &Observed| {
        let server = it.texts.get("cert-file");
        server.is_some() && server == it.texts.get("peer-cert-file")
    };
    if !seen.iter().all(is_one) {
        return Layout::Separate;
    }
    let shown: BTreeSet<[u8; 32]> =
        certificates.iter().filter_map(|it| it.server.as_ref()).map(|leaf| leaf.sha256).collect();
    let were_read = certificates.iter().filter(|it| it.server.is_some()).count();
    if were_read > 1 && shown.len() == 1 { Layout::Shared } else { Layout::Combined }
}

/// Returns the folder of all the files and their names in it, where one folder and one set of names is for all members.
fn files(seen: &[Observed], layout: Layout, has_two: bool) -> Option<(NodePath, Vec<Setting>)> {
    let path = |it: &Observed, option| NodePath::parse(it.texts.get(option)?).ok();
    let folder = seen.iter().find_map(|it| path(it, "cert-file"))?.parent();
    // `--peer-trusted-ca-file` names the same file as `--trusted-ca-file`, and one certificate has one file.
    let is_another = |option: &str| match option {
        "peer-trusted-ca-file" => has_two,
        "peer-cert-file" | "peer-key-file" => layout == Layout::Separate,
        _ => true,
    };
    let mut names = Vec::new();
    for (option, usual) in NAMED_FILES {
        let (mut all, mut patterns) = (BTreeSet::new(), BTreeSet::new());
        for it in seen {
            let Some(path) = path(it, option) else { continue };
            if path.parent() != folder {
                return None;
            }
            all.insert(path.name().to_owned());
            patterns.insert(without_member(path.name(), &it.name));
        }
        // One name of all stands for no member, whatever those are called.
        let all = if all.len() > 1 { patterns } else { all };
        if all.len() > 1 {
            return None;
        }
        let name = all.into_iter().next().filter(|name| *name != usual && is_another(option));
        names.extend(name.map(|name| Setting { name: option, value: Value::Text(name.into()) }));
    }
    // A name that a build gives another file cannot be given.
    let is_free = |it: &Setting| !CERTIFICATE_FILES.contains(&&*it.value.flag_text());
    let all: BTreeSet<_> = names.iter().map(|it| it.value.flag_text()).collect();
    // Nor can one file be two, as a certificate with its key is in some clusters.
    (names.iter().all(is_free) && all.len() == names.len()).then_some((folder, names))
}

/// Puts what stands for the member's name in its place in the name of a file.
fn without_member(file: &str, member: &str) -> String {
    let is_part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut text = String::new();
    let mut rest = file;
    while let Some((before, after)) = rest.split_once(member) {
        text.push_str(before);
        let is_word = !is_part(text.chars().last()) && !is_part(after.chars().next());
        text.push_str(if is_word { MEMBER_NAME } else { member });
        rest = after;
    }
    text + rest
}

/// Returns CA 1, and CA 2 where peers have another.
fn authorities(
    seen: &[Observed],
    certificates: &[Certificates],
    layout: Layout,
    said: &mut Vec<Diagnostic>,
) -> Vec<AuthoritySpec> {
    let clients = authority(certificates, Side::Clients, said);
    let peers = authority(certificates, Side::Peers, said);
    let is_one_file = seen.iter().all(|it| {
        let peers = it.texts.get("peer-trusted-ca-file");
        peers.is_none() || peers == it.texts.get("trusted-ca-file")
    });
    let spec = |ca: Option<Ca>, usual: &str| match ca {
        Some(ca) => AuthoritySpec { file: ca.file, known: Some((ca.name, ca.sha256)) },
        None => AuthoritySpec { file: usual.to_owned(), known: None },
    };
    let is_one = match (&clients, &peers) {
        (Some(clients), Some(peers)) => clients.sha256 == peers.sha256,
        _ => is_one_file,
    };
    let first = clients.or_else(|| peers.clone().filter(|_| is_one));
    let mut all = vec![spec(first, "ca.crt")];
    // Where one certificate is for both sides, one CA is.
    if !is_one && layout == Layout::Separate {
        all.push(spec(peers, "peer-ca.crt"));
    }
    if all.iter().any(|ca| ca.known.is_none()) {
        said.push(
            Diagnostic::warning("the CA of the members was not read")
                .note("a build that made another CA would issue what no member trusts: it stops \
                       until the file is there")
                .help("copy `trusted-ca-file` from a node to the place that `certificate` names, or `--certs DIR`"),
        );
    }
    all
}

/// Returns the CA that issues on a side.
fn authority(certificates: &[Certificates], side: Side, said: &mut Vec<Diagnostic>) -> Option<Ca> {
    let cas = certificates.iter().map(|it| it.cas(side)).find(|cas| !cas.is_empty())?;
    let first = (*cas.first()?).clone();
    let further: Vec<String> = cas[1..].iter().map(|ca| quoted(&ca.name)).collect();
    if !further.is_empty() {
        let finding = Diagnostic::warning(format!(
            "members trust more than one CA: {} besides {}",
            further.join(", "),
            quoted(&first.name)
        ))
        .note(format!("only {} is in what was written", quoted(&first.name)))
        .help(
            "for each that is still in use: its certificate in a file of its own, `[[authority]]` with another \
             `number`, and that number in `trust` under [ca]",
        );
        // Both sides may have one file.
        if !said.contains(&finding) {
            said.push(finding);
        }
    }
    Some(first)
}

/// Returns the kind of the keys that are there.
fn key(certificates: &[Certificates], said: &mut Vec<Diagnostic>) -> Option<KeyKind> {
    let algorithm = certificates.iter().flat_map(Certificates::leaves).next()?.algorithm;
    if let Algorithm::Ours(kind) = algorithm {
        return Some(kind);
    }
    let what = if algorithm == Algorithm::Rsa { "RSA" } else { "a kind that is not made here" };
    said.push(
        Diagnostic::warning(format!("keys of members are {what}; new ones are ECDSA P-256"))
            .note("every client of etcd reads ECDSA; both work beside each other"),
    );
    None
}

/// Returns the common name of a certificate that all members share.
fn common_name(layout: Layout, certificates: &[Certificates]) -> Option<String> {
    let mut leaves = certificates.iter().flat_map(Certificates::leaves);
    leaves.next().filter(|_| layout == Layout::Shared)?.common_name.clone()
}
