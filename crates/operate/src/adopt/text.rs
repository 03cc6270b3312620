//! The text of `cluster.toml`.

use super::spec::{AuthoritySpec, CERTS_DIR, MemberSpec, Spec, TlsSpec};
use bouquet_lock::literal::{list, quoted};
use bouquet_model::addresses::{Advertise, CLIENT_PORT, Loopback, PEER_PORT};
use bouquet_model::certificate::fingerprint_text;
use bouquet_model::cluster::{Layout, San, Setting};
use bouquet_model::option::{Kind, Value};
use bouquet_model::systemd::Systemd;
use std::fmt::Write as _;

const HEAD: &str = "\
#:schema ./out/cluster.schema.json
# Written by `adopt` from what the members of a running cluster have. Every key is explained in docs/spec.md.
";

/// Returns the whole file.
pub(super) fn text(spec: &Spec) -> String {
    let mut text = HEAD.to_owned();
    let _ = write!(
        text,
        "\n[cluster]\ntoken = {}\netcd = {}\n\
         state = \"existing\" # it ran before it was described; take it out once `done` has recorded it\n",
        quoted(&spec.token),
        quoted(&spec.version.to_string()),
    );
    if !spec.common.is_empty() {
        text.push_str("\n[etcd]\n");
        text.push_str(&options(&spec.common));
    }
    text.push_str(&of_units(&spec.systemd));
    match &spec.tls {
        None => text.push_str("\n[tls]\nenabled = false\n"),
        Some(tls) => text.push_str(&of_tls(tls)),
    }
    for member in &spec.members {
        text.push_str(&of_member(member));
    }
    if spec.tls.is_some() {
        text.push_str("\n[[client]]\nname = \"root\" # what etcdctl and the binary itself use\n");
    }
    text
}

fn of_units(systemd: &Systemd) -> String {
    let mut lines = Vec::new();
    lines.extend(systemd.binary.as_ref().map(|path| format!("binary = {}", quoted(path.as_str()))));
    if systemd.user != Systemd::DEFAULT.user {
        lines.push(format!("user = {}", quoted(&systemd.user)));
    }
    if systemd.group != systemd.user {
        lines.push(format!("group = {}", quoted(&systemd.group)));
    }
    if !systemd.environment.is_empty() {
        lines.push(format!("environment = {}", list(&systemd.environment)));
    }
    section("[systemd]", &lines)
}

fn of_tls(tls: &TlsSpec) -> String {
    let mut lines = Vec::new();
    if !tls.client_auth {
        lines.push("client-auth = false".to_owned());
    }
    if tls.layout != Layout::Separate {
        lines.push(format!("layout = {}", quoted(tls.layout.as_str())));
    }
    if tls.certs_dir != CERTS_DIR {
        lines.push(format!("certs-dir = {}", quoted(tls.certs_dir.as_str())));
    }
    let named = tls.file_names.iter();
    lines.extend(named.map(|it| format!("{} = {}", it.name, quoted(&it.value.flag_text()))));
    if let Some(key) = tls.key.filter(|key| key.as_str() != "ecdsa-p256") {
        lines.push(format!("key = {}", quoted(key.as_str())));
    }
    if let Some(name) = &tls.common_name {
        lines.push(format!("common-name = {}", quoted(name)));
    }
    lines.extend(extra_sans(&tls.extra_sans));
    let mut text = section("[tls]", &lines);
    let mut lines = Vec::new();
    if tls.authorities.len() > 1 {
        lines.push("peer-issue = 2".to_owned());
    }
    if tls.crl {
        lines.push("crl = true".to_owned());
    }
    text.push_str(&section("[ca]", &lines));
    for (authority, number) in tls.authorities.iter().zip(1..) {
        text.push_str(&of_authority(authority, number));
    }
    text
}

fn of_authority(authority: &AuthoritySpec, number: u32) -> String {
    let mut lines = vec![format!("number = {number}")];
    let file = format!("certificate = {}", quoted(&authority.file));
    match &authority.known {
        Some((name, sha256)) => {
            lines.push(format!("{file} # {}", name.replace(char::is_control, " ")));
            lines.push(format!("fingerprint = {}", quoted(&fingerprint_text(sha256))));
        }
        None => lines.push(file),
    }
    lines.push(
        "# key = \"…\" # without its key, a build writes requests that are signed where that is"
            .to_owned(),
    );
    section("[[authority]]", &lines)
}

fn of_member(member: &MemberSpec) -> String {
    let at = &member.addresses;
    let mut lines = vec![format!("name = {}", quoted(member.name.as_str()))];
    let mut add = |key: &str, value: Option<String>| {
        lines.extend(value.map(|value| format!("{key} = {value}")));
    };
    add("ip", at.ip.map(|ip| quoted(&ip.to_string())));
    add("hostname", at.hostname.as_ref().map(|name| quoted(name.as_str())));
    add("listen-ip", at.listen_ip.map(|ip| quoted(&ip.to_string())));
    add("client-ip", at.client_ip.map(|ip| quoted(&ip.to_string())));
    add("client-hostname", at.client_hostname.as_ref().map(|name| quoted(name.as_str())));
    add(
        "loopback",
        match at.loopback {
            Loopback::Same => None,
            Loopback::None => Some("false".to_owned()),
            Loopback::Port(port) => Some(port.to_string()),
        },
    );
    let by_name = at.advertise == Advertise::Hostname;
    add("advertise", by_name.then(|| quoted(at.advertise.as_str())));
    add("peer-port", (at.peer_port != PEER_PORT).then(|| at.peer_port.to_string()));
    add("client-port", (at.client_port != CLIENT_PORT).then(|| at.client_port.to_string()));
    lines.extend(extra_sans(&member.extra_sans));
    let mut text = String::new();
    if !member.seen {
        text.push_str("\n# Its own configuration was not read: this is what the others tell.");
    }
    text.push_str(&section("[[member]]", &lines));
    if !member.own.is_empty() {
        text.push_str("\n[member.etcd]\n");
        text.push_str(&options(&member.own));
    }
    text
}

fn section(header: &str, lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    format!("\n{header}\n{}\n", lines.join("\n"))
}

fn extra_sans(sans: &[San]) -> Option<String> {
    let texts: Vec<String> = sans.iter().map(ToString::to_string).collect();
    (!texts.is_empty()).then(|| format!("extra-sans = {}", list(&texts)))
}

fn options(settings: &[Setting]) -> String {
    let line = |setting: &Setting| format!("{} = {}\n", setting.name, value(setting));
    settings.iter().map(line).collect()
}

/// Returns a value of an option, as a person writes it.
fn value(setting: &Setting) -> String {
    let option = setting.option();
    match &setting.value {
        Value::Bool(value) => value.to_string(),
        Value::Int(number) => {
            let text = number.to_string();
            let written = option.as_written(&text);
            let in_units = matches!(option.kind(), Kind::Size(_)) && *written != text;
            if in_units { quoted(&written) } else { text }
        }
        Value::List(entries) => list(entries),
        other => quoted(&option.as_written(&other.flag_text())),
    }
}
