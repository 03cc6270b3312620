//! A generated module, read again: what the last build was for, in whatever layout of `out/` and with
//! whatever choice of formats. One of an earlier release lacks some fields, and is read too.

use super::tree::Tree;
use crate::digests;
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::cluster::{
    Client, Cluster, ClusterId, KeyKind, Layout, Member, MemberId, Renew, San, Setting, State, Tls,
};
use bouquet_model::digest::Digest;
use bouquet_model::name::{ClientName, HostName, MemberName};
use bouquet_model::node_path::NodePath;
use bouquet_model::option::{self, GoDuration, Kind as OptionKind, Value};
use bouquet_model::program::Program;
use bouquet_model::systemd::Systemd;
use bouquet_model::trust::Trust;
use bouquet_model::url::{Host, Scheme, Url, v4, v6};
use bouquet_model::version::{EtcdVersion, Minor};
use core::time::Duration;
use std::borrow::Cow;
use std::net::IpAddr;

const CLUSTER: &str = "pub static CLUSTER: Cluster = ";
const CERTIFICATES: &str = "pub static CERTIFICATES: &[Certificate] = ";

/// Returns the cluster of a module; `None` where it is no such module.
///
/// What no machine has is left out: the formats, and an option that this release does not know.
pub(crate) fn cluster_in(module: &str) -> Option<Cluster> {
    let mut cluster = cluster(&Tree::parse(value_of(module, CLUSTER)?)?)?;
    digests::assign(&mut cluster);
    Some(cluster)
}

/// Returns the certificates of a module; `None` where it is no such module.
pub(crate) fn certificates_in(module: &str) -> Option<Vec<Certificate>> {
    all(&Tree::parse(value_of(module, CERTIFICATES)?)?, certificate)
}

/// Tells whether two modules have the same cluster, whatever its certificates are.
pub(crate) fn is_same_cluster(one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(|module| value_of(module, CLUSTER));
    one.is_some() && one == other
}

/// Returns a value, which ends where its line does: no text in it holds the end of one.
fn value_of<'a>(module: &'a str, item: &str) -> Option<&'a str> {
    let (_, rest) = module.split_once(item)?;
    rest.split_once(";\n").map(|(value, _)| value)
}

fn cluster(tree: &Tree) -> Option<Cluster> {
    Some(Cluster {
        token: owned(tree.field("token")?)?,
        version: version(tree.field("version")?)?,
        id: tree.field("id").and_then(|id| id.inside("Some")?.number()).map(ClusterId),
        digest: Digest([0; 32]),
        revision: None,
        source: None,
        accept: Cow::Borrowed(""),
        program: tree.field("program").map_or(Some(Cow::Borrowed(Cluster::PROGRAM)), owned)?,
        crl: tree.field("crl").and_then(|crl| crl.inside("Some")?.number()),
        tls: optional(tree.field("tls")?, tls)?,
        formats: Cow::Owned(Vec::new()),
        systemd: tree.field("systemd").map_or(Some(Systemd::DEFAULT), systemd)?,
        members: Cow::Owned(all(tree.field("members")?, member)?),
        clients: Cow::Owned(all(tree.field("clients")?, client)?),
    })
}

fn systemd(tree: &Tree) -> Option<Systemd> {
    if tree.word() == Some("DEFAULT") {
        return Some(Systemd::DEFAULT);
    }
    Some(Systemd {
        binary: optional(tree.field("binary")?, path)?,
        user: owned(tree.field("user")?)?,
        group: owned(tree.field("group")?)?,
        environment: Cow::Owned(all(tree.field("environment")?, owned)?),
    })
}

fn member(tree: &Tree) -> Option<Member> {
    let urls = |name: &str| Some(Cow::Owned(all(tree.field(name)?, url)?));
    Some(Member {
        name: MemberName::parse(tree.field("name")?.text()?).ok()?,
        id: tree.field("id").and_then(|id| id.inside("Some")?.number()).map(MemberId),
        digest: Digest([0; 32]),
        state: variant(tree.field("state")?, State::ALL)?,
        // It was always there once.
        ip: tree
            .field("ip")
            .map(|tree| ip(tree).map_or_else(|| optional(tree, ip), |ip| Some(Some(ip))))??,
        listen_ip: ip(tree.field("listen_ip")?)?,
        hostname: optional(tree.field("hostname")?, host_name)?,
        client_ip: tree.field("client_ip").map_or(Some(None), |tree| optional(tree, ip))?,
        client_hostname: tree
            .field("client_hostname")
            .map_or(Some(None), |tree| optional(tree, host_name))?,
        ssh: None,
        initial_advertise_peer_urls: urls("initial_advertise_peer_urls")?,
        listen_peer_urls: urls("listen_peer_urls")?,
        advertise_client_urls: urls("advertise_client_urls")?,
        listen_client_urls: urls("listen_client_urls")?,
        generation: tree.field("generation")?.number()?,
        extra_sans: Cow::Owned(all(tree.field("extra_sans")?, san)?),
        options: Cow::Owned(all(tree.field("options")?, setting)?.into_iter().flatten().collect()),
    })
}

fn host_name(tree: &Tree) -> Option<HostName> {
    HostName::parse(tree.text()?).ok()
}

fn client(tree: &Tree) -> Option<Client> {
    Some(Client {
        name: ClientName::parse(tree.field("name")?.text()?).ok()?,
        program: tree.field("program").and_then(|tree| Program::find(tree.text()?)),
        common_name: tree.field("common_name").map_or(Some(true), Tree::flag)?,
        certs_dir: path(tree.field("certs_dir")?)?,
        generation: tree.field("generation")?.number()?,
    })
}

fn tls(tree: &Tree) -> Option<Tls> {
    let duration = |name: &str| tree.field(name)?.number().map(Duration::from_secs);
    Some(Tls {
        layout: variant(tree.field("layout")?, Layout::ALL)?,
        certs_dir: path(tree.field("certs_dir")?)?,
        file_names: match tree.field("file_names") {
            Some(tree) => Cow::Owned(all(tree, setting)?.into_iter().flatten().collect()),
            None => Cow::Borrowed(&[]),
        },
        key: variant(tree.field("key")?, KeyKind::ALL)?,
        valid_for: duration("valid_for")?,
        ca_valid_for: duration("ca_valid_for")?,
        renew_before: duration("renew_before")?,
        renew: variant(tree.field("renew")?, Renew::ALL)?,
        generation: tree.field("generation")?.number()?,
        clients: trust(tree.field("clients")?)?,
        peers: trust(tree.field("peers")?)?,
        client_auth: tree.field("client_auth").map_or(Some(true), Tree::flag)?,
        crl: tree.field("crl")?.flag()?,
        common_name: optional(tree.field("common_name")?, owned)?,
        extra_sans: Cow::Owned(all(tree.field("extra_sans")?, san)?),
    })
}

fn trust(tree: &Tree) -> Option<Trust> {
    let trust = all(tree.field("trust")?, Tree::number)?;
    Some(Trust { issue: tree.field("issue")?.number()?, trust: Cow::Owned(trust) })
}

fn certificate(tree: &Tree) -> Option<Certificate> {
    let Tree::Bytes(fingerprint) = tree.field("fingerprint")? else { return None };
    Some(Certificate {
        kind: variant(tree.field("kind")?, Kind::ALL)?,
        owner: optional(tree.field("owner")?, owned)?,
        common_name: owned(tree.field("common_name")?)?,
        sans: Cow::Owned(all(tree.field("sans")?, san)?),
        serial: owned(tree.field("serial")?)?,
        limits_addresses: tree.field("limits_addresses").map_or(Some(false), Tree::flag)?,
        fingerprint: fingerprint.as_slice().try_into().ok()?,
        not_before: tree.field("not_before")?.number()?,
        not_after: tree.field("not_after")?.number()?,
    })
}

/// Reads a setting; `Some(None)` is an option that this release does not know.
#[expect(clippy::option_option, reason = "unknown and malformed are different things")]
fn setting(tree: &Tree) -> Option<Option<Setting>> {
    let value = value(tree.field("value")?)?;
    let known = option::find(tree.field("name")?.text()?);
    Some(known.map(|option| {
        let value = match value {
            // Paths were texts once, with two slashes where there were two.
            Value::Text(text) if matches!(option.kind(), OptionKind::Path) => {
                NodePath::parse(&text).map_or(Value::Text(text), Value::Path)
            }
            value => value,
        };
        Setting { name: option.name(), value }
    }))
}

fn value(tree: &Tree) -> Option<Value> {
    let Tree::Call(name, arguments) = tree else { return None };
    let inner = arguments.first()?;
    Some(match name.rsplit("::").next()? {
        "Bool" => Value::Bool(inner.flag()?),
        "Int" => Value::Int(inner.number()?),
        "Duration" => Value::Duration(GoDuration::from_nanos(inner.number()?)),
        "Path" => Value::Path(path(inner)?),
        "Text" => Value::Text(owned(inner)?),
        "List" => Value::List(Cow::Owned(all(inner, owned)?)),
        _ => return None,
    })
}

fn version(tree: &Tree) -> Option<EtcdVersion> {
    let Tree::Call(_, arguments) = tree else { return None };
    let [minor, patch] = arguments.as_slice() else { return None };
    Some(EtcdVersion::new(variant(minor, &Minor::ALL)?, optional(patch, Tree::number)?))
}

fn url(tree: &Tree) -> Option<Url> {
    let host = match tree.field("host")? {
        Tree::Call(name, arguments) if name == "Host::Ip" => Host::Ip(ip(arguments.first()?)?),
        name => Host::Name(HostName::parse(name.text()?).ok()?),
    };
    let scheme = variant(tree.field("scheme")?, Scheme::ALL)?;
    Some(Url { scheme, host, port: tree.field("port")?.number()? })
}

fn san(tree: &Tree) -> Option<San> {
    match tree.inside("San::Ip") {
        Some(address) => ip(address).map(San::Ip),
        None => owned(tree.inside("San::Dns")?).map(San::Dns),
    }
}

fn ip(tree: &Tree) -> Option<IpAddr> {
    let Tree::Call(name, arguments) = tree else { return None };
    match (name.as_str(), arguments.as_slice()) {
        ("v4", [a, b, c, d]) => Some(v4(a.number()?, b.number()?, c.number()?, d.number()?)),
        ("v6", [Tree::Number(bits)]) => Some(v6(bits.cast_unsigned())),
        _ => None,
    }
}

/// Returns the value whose name it is, which `Debug` has.
fn variant<T: Copy + core::fmt::Debug>(tree: &Tree, all: &[T]) -> Option<T> {
    let word = tree.word()?;
    all.iter().copied().find(|value| format!("{value:?}") == word)
}

fn path(tree: &Tree) -> Option<NodePath> {
    NodePath::parse(tree.text()?).ok()
}

fn owned(tree: &Tree) -> Option<Cow<'static, str>> {
    Some(Cow::Owned(tree.text()?.to_owned()))
}

fn all<T>(tree: &Tree, read: impl Fn(&Tree) -> Option<T>) -> Option<Vec<T>> {
    tree.items()?.iter().map(read).collect()
}

/// Reads an option; `Some(None)` is a `None` that is written.
#[expect(clippy::option_option, reason = "nothing and malformed are different things")]
fn optional<T>(tree: &Tree, read: impl Fn(&Tree) -> Option<T>) -> Option<Option<T>> {
    match tree.inside("Some") {
        Some(inner) => read(inner).map(Some),
        None => (tree.word()? == "None").then_some(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constants::module;
    use bouquet_model::cluster::Setting;

    const SPECS: [&str; 8] = [
        include_str!("../../../../cluster.toml"),
        include_str!("../../../../examples/behind-nat/cluster.toml"),
        include_str!("../../../../examples/two-networks/cluster.toml"),
        include_str!("../../../../examples/kubernetes/cluster.toml"),
        include_str!("../../../../examples/one-machine/cluster.toml"),
        include_str!("../../../../examples/plain/cluster.toml"),
        include_str!("../../../../examples/shared/cluster.toml"),
        include_str!("../../../../examples/stateful-set/cluster.toml"),
    ];

    /// Returns the cluster of a spec without its formats, which no machine has.
    fn proven(spec: &str) -> Cluster {
        let (proven, _) = crate::prove(spec.as_bytes());
        let cluster = proven.unwrap_or_else(|| panic!("{spec}")).cluster;
        Cluster { formats: Cow::Owned(Vec::new()), ..cluster }
    }

    #[test]
    fn every_module_reads_back() {
        let odd = "[cluster]\ntoken = \"t \\\" \\\\ é \u{1f33c}\"\netcd = \"3.7.3\"\nstate = \"existing\"\n\
            [etcd]\nquota-backend-bytes = -1\nlog-outputs = [\"stderr\", \"/var/log/e\"]\n\
            grpc-keepalive-interval = \"1500ms\"\npre-vote = false\n\
            [systemd]\nbinary = \"/o/etcd\"\nuser = \"kube\"\nenvironment = [\"A=\\\"b c\"]\n\
            [tls]\nlayout = \"combined\"\ncert-file = \"m-{name}.pem\"\nkey = \"ed25519\"\nrenew = \"keep-key\"\nextra-sans = [\"a.b\", \"::1\"]\n\
            [ca]\ntrust = [1, 3]\ncrl = true\n\
            [[member]]\nname = \"a\"\nip = \"fd00::ffff\"\nlisten-ip = \"::\"\n\
            client-ip = \"10.1.0.1\"\nclient-hostname = \"a.example\"\nloopback = 2399\n\
            [[client]]\nname = \"x\"\nfor = \"patroni\"\ncerts-dir = \"/x y\"\n";
        for spec in SPECS.into_iter().chain([odd]) {
            let mut cluster = proven(spec);
            cluster.crl = Some(u64::MAX);
            cluster.program = "flowers".into();
            let sans = [San::Dns("a".into()), San::Ip(v6(u128::MAX - 1))];
            let certificate = Certificate {
                kind: Kind::ServerAndPeer,
                owner: Some("a".into()),
                common_name: "O=a".into(),
                sans: Cow::Owned(sans.to_vec()),
                serial: "0aff".into(),
                limits_addresses: true,
                fingerprint: std::array::from_fn(|at| u8::try_from(at * 8).unwrap_or(b'\\')),
                not_before: -1,
                not_after: 253_402_300_799,
            };
            let nobodys = Certificate { owner: None, kind: Kind::Ca, ..certificate.clone() };
            let certificates = vec![certificate, nobodys];
            let text = module(&cluster, &certificates, Some("-----BEGIN"));
            assert_eq!(certificates_in(&text), Some(certificates), "{text}");
            assert_eq!(cluster_in(&text), Some(cluster), "{text}");
        }
    }

    #[test]
    fn every_value_of_every_enumeration_reads_back() {
        let reads = |mut cluster: Cluster, certificates: Vec<Certificate>| {
            digests::assign(&mut cluster);
            let text = module(&cluster, &certificates, None);
            assert_eq!(cluster_in(&text), Some(cluster), "{text}");
            assert_eq!(certificates_in(&text), Some(certificates), "{text}");
        };
        let with = |change: &dyn Fn(&mut Tls)| {
            let mut cluster = proven(SPECS[0]);
            change(cluster.tls.as_mut().expect("it has TLS"));
            reads(cluster, Vec::new());
        };
        for layout in Layout::ALL {
            with(&|tls| tls.layout = *layout);
        }
        for key in KeyKind::ALL {
            with(&|tls| tls.key = *key);
        }
        for renew in Renew::ALL {
            with(&|tls| tls.renew = *renew);
        }
        for state in State::ALL {
            let mut cluster = proven(SPECS[0]);
            cluster.members.to_mut().iter_mut().for_each(|member| member.state = *state);
            reads(cluster, Vec::new());
        }
        for minor in Minor::ALL {
            let mut cluster = proven(SPECS[0]);
            cluster.version = EtcdVersion::new(minor, Some(9));
            reads(cluster, Vec::new());
        }
        let certificate = |kind: &Kind| Certificate {
            kind: *kind,
            owner: None,
            common_name: "a".into(),
            sans: Vec::new().into(),
            serial: "01".into(),
            limits_addresses: false,
            fingerprint: [0; 32],
            not_before: 0,
            not_after: 1,
        };
        reads(proven(SPECS[0]), Kind::ALL.iter().map(certificate).collect());
    }

    #[test]
    fn a_module_of_the_release_before_is_read() {
        let cluster = proven(SPECS[0]);
        let mut text = module(&cluster, &[], None);
        let new = [
            ("digest: Digest", "),"),
            ("revision: ", "),"),
            ("source: ", "),"),
            ("ssh: ", "),"),
            ("systemd: Systemd", ","),
            ("crl: None", ","),
            ("file_names: ", "]),"),
            ("client_auth: true", ","),
            ("program: None", ","),
            ("client_ip: None", ","),
            ("client_hostname: None", ","),
            ("common_name: true", ","),
        ];
        for (begin, end) in new {
            assert!(text.contains(begin), "{begin}");
            while let Some(at) = text.find(begin) {
                let length = text[at..].find(end).expect(end) + end.len();
                text.replace_range(at..at + length, "");
            }
        }
        let paths =
            text.replace("NodePath::from_static(\"/data/etcd\")", "Borrowed(\"/data//etcd\")");
        let paths = paths.replace("Value::Path", "Value::Text");
        let read = cluster_in(&paths).unwrap_or_else(|| panic!("{paths}"));
        assert_eq!(read.members, cluster.members);
        assert_eq!(read.digest, cluster.digest);
    }

    #[test]
    fn an_option_that_is_not_known_is_left_out() {
        let cluster = proven(SPECS[0]);
        let text =
            module(&cluster, &[], None).replace("\"auto-compaction-mode\"", "\"of-tomorrow\"");
        let names = |cluster: &Cluster| -> Vec<&str> {
            cluster.members[0].options.iter().map(|Setting { name, .. }| *name).collect()
        };
        let read = cluster_in(&text).expect("a module");
        assert!(!names(&read).contains(&"auto-compaction-mode"), "{:?}", names(&read));
        assert_eq!(names(&read).len() + 1, names(&cluster).len());
    }

    #[test]
    fn another_file_is_none() {
        let text = module(&proven(SPECS[0]), &[], None);
        for other in
            ["", "// another file", "pub static CLUSTER: Cluster = 1;\n", &text[..text.len() / 4]]
        {
            assert_eq!(cluster_in(other), None, "{other}");
        }
    }
}
