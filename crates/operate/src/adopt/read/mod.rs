//! A member's configuration, in each form that it has: text becomes what etcd is given.
//!
//! From the ground up: `given` · `lexer`, the words of commands · `shell`, those of a script · `flags` · `variables`, environment files · `exported`, those
//! of a script · `node`, YAML · `container`, what one is run with · `mounts`, its paths on the node · `command` ·
//! `systemd` · `yaml` · `pod`, a form each · `form`, which of them a text is.

mod command;
mod container;
mod exported;
mod flags;
mod form;
mod given;
mod lexer;
mod mounts;
mod node;
mod pod;
mod shell;
mod systemd;
mod variables;
mod yaml;

pub(crate) use command::words;
pub(crate) use form::Form;
pub(crate) use given::{Given, Key, Read, Said, Service, UNSUPPORTED_ARCH};

use bouquet_model::diagnostic::{Diagnostic, Severity, quoted};

/// Reads a configuration of that form, or else of the one that its content tells; `other` finds the files that it
/// names.
///
/// # Errors
/// If it is none.
pub(crate) fn read(
    text: &str,
    form: Option<Form>,
    other: &dyn Fn(&str) -> Option<String>,
) -> Result<(Form, Read), Diagnostic> {
    let form = form.map_or_else(|| form::form_of(text), Ok)?;
    let read = match form {
        Form::Env => {
            let mut read = Read::default();
            read.given = variables::options(text, &mut read.said);
            read
        }
        Form::Yaml => yaml::read(text)?,
        Form::Systemd => systemd::read(text, other)?,
        Form::StaticPod => pod::read(text)?,
        Form::Command => command::read(text, other)?,
    };
    let read = mounts::on_node(followed(read, other)?);
    if read.given.is_empty() {
        return Err(Diagnostic::error(format!("it gives etcd no option, read as {form}"))
            .help("give the file that says how the member runs")
            .help(
                "`--as FORM` says which form it has: env, yaml, systemd, static-pod or command",
            ));
    }
    Ok((form, read))
}

/// Reads the file that takes the place of all other options, where one is named.
fn followed(read: Read, other: &dyn Fn(&str) -> Option<String>) -> Result<Read, Diagnostic> {
    let is_it = |given: &&Given| match &given.key {
        Key::Flag(name) => name == "config-file",
        Key::Variable(name) => name == "ETCD_CONFIG_FILE",
        Key::Path(_) => false,
    };
    let Some(given) = read.given.iter().find(is_it).cloned() else { return Ok(read) };
    let mounts = read.mounts.clone();
    let named = mounts::on_node(Read { given: vec![given], mounts, ..Read::default() }).given;
    let [Given { said: Said::Text(path), .. }] = named.as_slice() else { return Ok(read) };
    let text = other(path).ok_or_else(|| {
        Diagnostic::error(format!("etcd reads {}, which is not here", quoted(path)))
            .note("that file takes the place of all other options")
            .help("copy it from the node, beside this file; or give it instead of this one")
    })?;
    let inner = yaml::read(&text)?;
    let said = read.said.into_iter().filter(|finding| finding.severity == Severity::Error);
    Ok(Read { given: inner.given, said: said.collect(), ..read })
}
