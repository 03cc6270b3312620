//! Options that name a path or an address, moved to where a trial has its own.

use super::token::{self, TokenKey};
use bouquet_model::cluster::Setting;
use bouquet_model::listener::{Listener, Socket};
use bouquet_model::node_path::NodePath;
use bouquet_model::option::{Item, Kind, Value};
use std::borrow::Cow;

/// The address of everything.
pub(super) const HERE: &str = "127.0.0.1";

/// A file that an option names, and etcd does not make.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Needed {
    /// A list of revoked certificates.
    Crl(NodePath),
    /// A key for tokens.
    Token(NodePath, TokenKey),
}

/// What moving options takes from, and adds to.
pub(super) struct Moving<'a> {
    /// The folder of all of it.
    pub(super) folder: &'a NodePath,
    /// Gives a port that nobody else has.
    pub(super) port: &'a mut dyn FnMut() -> u16,
    /// How many sockets there are.
    pub(super) sockets: usize,
    /// Files to make.
    pub(super) needed: Vec<Needed>,
    /// What is other than in the spec, besides places.
    pub(super) notes: Vec<String>,
}

impl Moving<'_> {
    /// Returns an option of a member whose folder that is, as it is here: the same, unless it names a path or an
    /// address.
    pub(super) fn option(&mut self, setting: &Setting, member: &NodePath) -> Setting {
        let value = match (setting.option().kind(), &setting.value) {
            (Kind::Path, _) if setting.name == "data-dir" => Value::Path(data(member)),
            (Kind::Path, _) if setting.name == "wal-dir" => Value::Path(member.join("wal")),
            // Those that a spec may write are lists of revoked certificates.
            (Kind::Path, _) => {
                let path = member.join(setting.name);
                self.need(Needed::Crl(path.clone()));
                Value::Path(path)
            }
            (Kind::TokenProvider, Value::Text(text)) => token::moved(text, self.folder)
                .map_or_else(
                    || setting.value.clone(),
                    |token| {
                        self.need(Needed::Token(token.path, token.key));
                        self.note(token.note);
                        Value::Text(token.text.into())
                    },
                ),
            (Kind::HostPort, Value::Text(text)) => {
                let port = text.rsplit_once(':').map_or(text.as_ref(), |(_, port)| port);
                Value::Text(format!("{HERE}:{port}").into())
            }
            (Kind::List { item: Item::ListenUrl | Item::MetricsUrl, .. }, Value::List(urls)) => {
                Value::List(urls.iter().map(|url| self.listener(url).into()).collect())
            }
            (Kind::List { item: Item::LogOutput, .. }, Value::List(outputs)) => {
                Value::List(log_outputs(outputs, member))
            }
            (Kind::List { item: Item::RequestHost, .. }, Value::List(hosts)) => {
                Value::List(request_hosts(hosts))
            }
            _ => setting.value.clone(),
        };
        Setting { name: setting.name, value }
    }

    /// Returns where a member listens in place of that.
    fn listener(&mut self, text: &str) -> String {
        let scheme = text.split_once(':').map_or("http", |(scheme, _)| scheme);
        match Listener::parse(text).map(|listener| listener.socket) {
            // The path of a socket has to be short.
            Ok(Socket::Unix(_)) => {
                self.sockets += 1;
                format!("{scheme}://{}", self.folder.join(&format!("{}.sock", self.sockets)))
            }
            _ => format!("{scheme}://{HERE}:{}", (self.port)()),
        }
    }

    fn need(&mut self, needed: Needed) {
        if !self.needed.contains(&needed) {
            self.needed.push(needed);
        }
    }

    fn note(&mut self, note: Option<String>) {
        self.notes.extend(note.filter(|note| !self.notes.contains(note)));
    }
}

/// Returns the folder of a member's data.
pub(super) fn data(member: &NodePath) -> NodePath {
    member.join("data")
}

/// Returns where the log goes: to stderr, because it is read here, in place of a journal or stdout; and to files as
/// well, of which a spec may have rotated ones.
fn log_outputs(
    outputs: &[Cow<'static, str>],
    member: &NodePath,
) -> Cow<'static, [Cow<'static, str>]> {
    let files = outputs.iter().filter(|output| output.starts_with('/')).enumerate();
    let files = files.map(|(at, _)| member.join(&format!("{at}.log")).to_string().into());
    [STDERR.into()].into_iter().chain(files).collect()
}

/// Adds this machine to the list of hosts that requests may be made to, where it does not have all hosts.
fn request_hosts(hosts: &[Cow<'static, str>]) -> Cow<'static, [Cow<'static, str>]> {
    let all = hosts.is_empty() || hosts.iter().any(|host| host == "*");
    hosts.iter().cloned().chain((!all).then(|| HERE.into())).collect()
}

/// The one place where a log is read.
pub(super) const STDERR: &str = "stderr";
