//! The proven cluster as Rust: `OUT_DIR/cluster.rs`.
//!
//! Values only, of types that people wrote in `bouquet-model`; one function here per type. Nothing
//! in it says when or where it was made, so equal input makes an equal file.

mod named;
mod read;
mod tree;

pub(crate) use read::{certificates_in, cluster_in, is_same_cluster};

use crate::layout;
use bouquet_model::artifact::GENERATED;
use bouquet_model::certificate::Certificate;
use bouquet_model::cluster::{Client, Cluster, Member, San, Setting, Tls};
use bouquet_model::digest::Digest;
use bouquet_model::node_path::NodePath;
use bouquet_model::option::Value;
use bouquet_model::systemd::Systemd;
use bouquet_model::trust::Trust;
use bouquet_model::url::{Host, Url};
use bouquet_model::version::EtcdVersion;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use std::net::IpAddr;
use std::time::Duration;

/// Returns the module's text: `CLUSTER`, `CERTIFICATES`, and the module `named` of what programs
/// refer to by name.
///
/// The latter is a module of its own because a program may take the text in at its root, beside
/// items of its own. `ca_pem` is what clients trust, `None` without TLS.
pub fn module(cluster: &Cluster, certificates: &[Certificate], ca_pem: Option<&str>) -> String {
    let value = layout::value(self::cluster(cluster));
    let certificates = certificates.iter().map(certificate);
    let certificates = layout::value(quote!(&[#(#certificates),*]));
    let named = named::module(cluster, ca_pem);
    format!(
        "// {GENERATED}

use ::bouquet_model::prelude::*;

/// The cluster that `cluster.toml` describes.
pub static CLUSTER: Cluster = {value};

/// Its certificates, the CA's first.
pub static CERTIFICATES: &[Certificate] = {certificates};

{named}"
    )
}

fn cluster(cluster: &Cluster) -> TokenStream {
    let (token, program) = (text(&cluster.token), text(&cluster.program));
    let version = version(cluster.version);
    let id = option(cluster.id.map(|id| hex(id.0)).map(|id| quote!(ClusterId(#id))));
    let digest = digest(cluster.digest);
    let tls = option(cluster.tls.as_ref().map(tls));
    let crl = option(cluster.crl.map(Literal::u64_unsuffixed).map(|number| quote!(#number)));
    let formats = list(cluster.formats.iter().map(|name| quote!(#name)));
    let systemd = systemd(&cluster.systemd);
    let members = list(cluster.members.iter().enumerate().map(|(at, it)| member(at, it)));
    let clients = list(cluster.clients.iter().map(client));
    quote! {
        Cluster {
            token: #token, version: #version, id: #id, digest: #digest,
            // The module says nothing of a commit: it would change with each.
            revision: Cluster::revision_of(option_env!("BOUQUET_REVISION")),
            source: Cluster::source_of(option_env!("BOUQUET_SOURCE")),
            accept: Cluster::accept_of(option_env!("BOUQUET_ACCEPT")), program: #program, crl: #crl, tls: #tls, formats: #formats,
            systemd: #systemd, members: #members, clients: #clients,
        }
    }
}

/// Writes what a spec decides on, and nothing else: most have none of it.
fn systemd(systemd: &Systemd) -> TokenStream {
    if *systemd == Systemd::DEFAULT {
        return quote!(Systemd::DEFAULT);
    }
    let binary = option(systemd.binary.as_ref().map(path));
    let (user, group) = (text(&systemd.user), text(&systemd.group));
    let environment = list(systemd.environment.iter().map(|variable| text(variable)));
    quote!(Systemd { binary: #binary, user: #user, group: #group, environment: #environment })
}

fn member(at: usize, member: &Member) -> TokenStream {
    let ssh = ssh_variable(at);
    let name = member.name.as_str();
    let id = option(member.id.map(|id| hex(id.0)).map(|id| quote!(MemberId(#id))));
    let digest = digest(member.digest);
    let state = variant("State", member.state);
    let (ip, listen_ip) = (option(member.ip.map(self::ip)), self::ip(member.listen_ip));
    let [hostname, client_hostname] = [&member.hostname, &member.client_hostname].map(|name| {
        option(name.as_ref().map(|name| {
            let name = name.as_str();
            quote!(HostName::from_static(#name))
        }))
    });
    let client_ip = option(member.client_ip.map(self::ip));
    let initial_advertise_peer_urls = list(member.initial_advertise_peer_urls.iter().map(url));
    let listen_peer_urls = list(member.listen_peer_urls.iter().map(url));
    let advertise_client_urls = list(member.advertise_client_urls.iter().map(url));
    let listen_client_urls = list(member.listen_client_urls.iter().map(url));
    let generation = Literal::u32_unsuffixed(member.generation);
    let extra_sans = list(member.extra_sans.iter().map(san));
    let options = list(member.options.iter().map(setting));
    quote! {
        Member {
            name: MemberName::from_static(#name),
            id: #id,
            digest: #digest,
            state: #state,
            ip: #ip,
            listen_ip: #listen_ip,
            hostname: #hostname,
            client_ip: #client_ip,
            client_hostname: #client_hostname,
            // As with the commit: files are not other ones because a node is reached in another way.
            ssh: Member::ssh_of(option_env!(#ssh)),
            initial_advertise_peer_urls: #initial_advertise_peer_urls,
            listen_peer_urls: #listen_peer_urls,
            advertise_client_urls: #advertise_client_urls,
            listen_client_urls: #listen_client_urls,
            generation: #generation,
            extra_sans: #extra_sans,
            options: #options,
        }
    }
}

/// Returns the variable by which cargo hands a program where `ssh` reaches the node of a member, by its place in the
/// cluster.
pub(crate) fn ssh_variable(at: usize) -> String {
    format!("BOUQUET_SSH_{}", at + 1)
}

fn client(client: &Client) -> TokenStream {
    let (name, certs_dir) = (client.name.as_str(), path(&client.certs_dir));
    let (generation, common_name) =
        (Literal::u32_unsuffixed(client.generation), client.common_name);
    let program = option(client.program.map(|program| {
        let name = program.name;
        quote! { Program::from_static(#name) }
    }));
    quote! {
        Client {
            name: ClientName::from_static(#name), program: #program, common_name: #common_name,
            certs_dir: #certs_dir, generation: #generation,
        }
    }
}

fn tls(tls: &Tls) -> TokenStream {
    let (layout, key) = (variant("Layout", tls.layout), variant("KeyKind", tls.key));
    let certs_dir = path(&tls.certs_dir);
    let file_names = list(tls.file_names.iter().map(setting));
    let (valid_for, ca_valid_for) = (duration(tls.valid_for), duration(tls.ca_valid_for));
    let renew_before = duration(tls.renew_before);
    let renew = variant("Renew", tls.renew);
    let generation = Literal::u32_unsuffixed(tls.generation);
    let (clients, peers) = (trust(&tls.clients), trust(&tls.peers));
    let (client_auth, crl) = (tls.client_auth, tls.crl);
    let common_name = option(tls.common_name.as_deref().map(text));
    let extra_sans = list(tls.extra_sans.iter().map(san));
    quote! {
        Tls {
            layout: #layout, certs_dir: #certs_dir, file_names: #file_names, key: #key, valid_for: #valid_for,
            ca_valid_for: #ca_valid_for, renew_before: #renew_before,
            renew: #renew, generation: #generation, clients: #clients, peers: #peers,
            client_auth: #client_auth, crl: #crl,
            common_name: #common_name, extra_sans: #extra_sans,
        }
    }
}

fn trust(trust: &Trust) -> TokenStream {
    let issue = Literal::u32_unsuffixed(trust.issue);
    let numbers = trust.trust.iter().map(|n| Literal::u32_unsuffixed(*n)).map(|n| quote!(#n));
    let trust = list(numbers);
    quote!(Trust { issue: #issue, trust: #trust })
}

fn certificate(certificate: &Certificate) -> TokenStream {
    let kind = variant("Kind", certificate.kind);
    let owner = option(certificate.owner.as_deref().map(text));
    let common_name = text(&certificate.common_name);
    let sans = list(certificate.sans.iter().map(san));
    let serial = text(&certificate.serial);
    let limits_addresses = certificate.limits_addresses;
    let fingerprint = Literal::byte_string(&certificate.fingerprint);
    let not_before = number(certificate.not_before);
    let not_after = number(certificate.not_after);
    quote! {
        Certificate {
            kind: #kind, owner: #owner, common_name: #common_name, sans: #sans, serial: #serial,
            limits_addresses: #limits_addresses, fingerprint: *#fingerprint, not_before: #not_before, not_after: #not_after,
        }
    }
}

fn setting(setting: &Setting) -> TokenStream {
    let name = setting.name;
    let value = match &setting.value {
        Value::Bool(value) => quote!(Value::Bool(#value)),
        Value::Int(value) => {
            let value = number(*value);
            quote!(Value::Int(#value))
        }
        Value::Duration(value) => {
            let nanoseconds = number(value.nanos());
            quote!(Value::Duration(GoDuration::from_nanos(#nanoseconds)))
        }
        Value::Path(value) => {
            let value = path(value);
            quote!(Value::Path(#value))
        }
        Value::Text(value) => {
            let value = text(value);
            quote!(Value::Text(#value))
        }
        Value::List(values) => {
            let values = list(values.iter().map(|value| text(value)));
            quote!(Value::List(#values))
        }
    };
    quote!(Setting { name: #name, value: #value })
}

fn path(path: &NodePath) -> TokenStream {
    let path = path.as_str();
    quote!(NodePath::from_static(#path))
}

fn version(version: EtcdVersion) -> TokenStream {
    let minor = variant("Minor", version.minor());
    let patch = option(version.patch().map(Literal::u16_unsuffixed).map(|patch| quote!(#patch)));
    quote!(EtcdVersion::new(#minor, #patch))
}

fn url(url: &Url) -> TokenStream {
    let scheme = variant("Scheme", url.scheme);
    let host = match &url.host {
        Host::Ip(host) => {
            let ip = ip(*host);
            quote!(Host::Ip(#ip))
        }
        Host::Name(name) => {
            let name = name.as_str();
            quote!(Host::Name(HostName::from_static(#name)))
        }
    };
    let port = Literal::u16_unsuffixed(url.port);
    quote!(Url { scheme: #scheme, host: #host, port: #port })
}

fn san(san: &San) -> TokenStream {
    match san {
        San::Dns(name) => {
            let name = text(name);
            quote!(San::Dns(#name))
        }
        San::Ip(san) => {
            let ip = ip(*san);
            quote!(San::Ip(#ip))
        }
    }
}

fn ip(ip: IpAddr) -> TokenStream {
    match ip {
        IpAddr::V4(v4) => {
            let octets = v4.octets().map(Literal::u8_unsuffixed);
            quote!(v4(#(#octets),*))
        }
        IpAddr::V6(v6) => {
            let bits = grouped("0x", &format!("{:x}", v6.to_bits()), 4);
            quote!(v6(#bits))
        }
    }
}

fn duration(duration: Duration) -> TokenStream {
    let seconds = number(duration.as_secs().cast_signed());
    quote!(Duration::from_secs(#seconds))
}

fn digest(digest: Digest) -> TokenStream {
    let digits = digest.full();
    quote!(Digest::from_static(#digits))
}

fn hex(id: u64) -> Literal {
    grouped("0x", &format!("{id:x}"), 4)
}

fn number(number: i64) -> TokenStream {
    let digits = grouped("", &number.unsigned_abs().to_string(), 3);
    if number < 0 { quote!(-#digits) } else { quote!(#digits) }
}

/// Writes digits in groups, as people write them, and as clippy wants them in code that includes this.
fn grouped(prefix: &str, digits: &str, size: usize) -> Literal {
    let first = digits.len() % size;
    let mut text = format!("{prefix}{}", &digits[..first]);
    for (i, group) in digits.as_bytes()[first..].chunks(size).enumerate() {
        if first > 0 || i > 0 {
            text.push('_');
        }
        text.extend(group.iter().map(|digit| char::from(*digit)));
    }
    text.parse().expect("digits are a literal")
}

/// Returns a value of an enumeration whose variants hold nothing, by its name, which `Debug` has.
fn variant(of: &str, value: impl core::fmt::Debug) -> TokenStream {
    let [of, name] = [of, &format!("{value:?}")].map(|text| Ident::new(text, Span::call_site()));
    quote!(#of::#name)
}

fn text(text: &str) -> TokenStream {
    quote!(Borrowed(#text))
}

fn list(items: impl Iterator<Item = TokenStream>) -> TokenStream {
    quote!(Borrowed(&[#(#items),*]))
}

fn option(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
}
