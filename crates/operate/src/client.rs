//! The client that speaks to the cluster, and where its certificate is.

use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::issued::{SIGNED, unissued};
use crate::login::{in_clear, login};
use crate::{names, out};
use bouquet_etcd::User;
use bouquet_model::change::Subject;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::{Client, Cluster};
use std::path::{Path, PathBuf};

/// The client whose certificate is used where none is named, if there is one of that name.
const ROOT: &str = "root";

/// Names the client that asks the members.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Speaker {
    /// The folder with the files of the client; `None` for a cluster without TLS.
    pub(crate) files: Option<PathBuf>,
    /// The user who logs in where etcd asks for one.
    pub(crate) user: Option<User>,
    /// What is to be said of that before.
    pub(crate) warning: Option<Diagnostic>,
}

/// Returns the client that speaks: the one named, else `root`, else the first. `None` where none is needed.
///
/// # Errors
/// If there is none of that name, or none at all where TLS is on.
pub(crate) fn find<'a>(
    cluster: &'a Cluster,
    name: Option<&str>,
) -> Result<Option<&'a Client>, Failure> {
    let names = || cluster.clients.iter().map(|c| c.name.as_str()).collect::<Vec<_>>();
    if let Some(name) = name {
        let missing = || names::unknown(name, "client", &names());
        return cluster.client(name).map(Some).ok_or_else(missing);
    }
    let client = cluster.client(ROOT).or_else(|| cluster.clients.first());
    if client.is_none() && cluster.tls.is_some() {
        let add = "add `[[client]]` with `name = \"root\"` to it and run `cargo build`";
        let message = "cluster.toml describes no client, so none has a certificate";
        return Err(Diagnostic::error(message).help(add).into());
    }
    Ok(client)
}

/// Returns who asks the members: a client by its certificate, or a user of the environment's by its password.
///
/// # Errors
/// As of [`find`] and [`folder`].
pub(crate) fn speaker(
    compiled: &Compiled<'_>,
    name: Option<&str>,
    named: Option<&Path>,
    environment: &Environment<'_>,
) -> Result<Speaker, Failure> {
    let files = match find(compiled.cluster, name)? {
        Some(client) if compiled.cluster.tls.is_some() => {
            Some(PathBuf::from(folder(compiled, client, named, environment)?))
        }
        _ => None,
    };
    let (user, warning) = match login(environment.variable) {
        Ok(user) => {
            let is_clear = user.is_some() && compiled.cluster.tls.is_none();
            (user, is_clear.then(in_clear))
        }
        Err(half) => (None, Some(half)),
    };
    Ok(Speaker { files, user, warning })
}

/// Returns the absolute folder of its files, as text.
///
/// # Errors
/// If it is not to be found; every place that was looked at is told.
pub(crate) fn folder(
    compiled: &Compiled<'_>,
    client: &Client,
    named: Option<&Path>,
    environment: &Environment<'_>,
) -> Result<String, Failure> {
    let found = out::client_folder(compiled, client, named, environment);
    let folder = found.map_err(|looked| {
        let what = format!("the certificates of client `{}` are not to be found", client.name);
        let mut problem = Diagnostic::error(what);
        problem.notes.extend(looked.iter().map(ToString::to_string));
        problem.notes.extend(members_own(compiled.cluster, environment).map(|file| {
            format!(
                "{file} is a member's: anyone who uses it speaks as that member, so it is left alone"
            )
        }));
        let problem = problem.help(format!(
            "name the folder that `cargo build` wrote with `--out`, or copy its clients/{} to {}",
            client.name, client.certs_dir
        ));
        if unissued(compiled).contains(&Subject::Client(client.name.to_string())) {
            return problem.note("none was issued for it").help(SIGNED);
        }
        problem.help(format!(
            "in a clone without keys, bring them first: `{} secrets import`",
            compiled.cluster.program
        ))
    })?;
    let not_text = |path| {
        let path = PathBuf::from(path);
        Diagnostic::error(format!("{} cannot be passed on: it is not UTF-8", path.display()))
    };
    Ok(folder.into_os_string().into_string().map_err(not_text)?)
}

/// Returns, on a node, the path of its member's certificate, which is there and does not serve a client.
fn members_own(cluster: &Cluster, environment: &Environment<'_>) -> Option<String> {
    let file = cluster.tls.as_ref()?.certs_dir.join("server.crt").to_string();
    (environment.read)(file.as_ref()).is_ok().then_some(file)
}
