//! `[systemd]`.

use super::text;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, quoted};
use crate::spec::{Spanned, SystemdSpec};
use bouquet_model::artifact::PROXY_VARIABLES;
use bouquet_model::option::{EtcdOption, OPTIONS, Origin};
use bouquet_model::suggest;
use bouquet_model::systemd::{Systemd, account_name};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The one variable of etcd's own that is no option (`checkSupportArch` in etcd's `etcdmain/etcd.go`).
const NO_OPTION: &str = "ETCD_UNSUPPORTED_ARCH";

/// Checks the section `[systemd]`; returns `None` where a value is wrong.
pub(super) fn check(spec: &SystemdSpec, found: &mut Diagnostics) -> Option<Systemd> {
    let binary = spec.binary.as_ref().map(|path| text::absolute_path(path, "binary", found));
    let user = account(spec.user.as_ref(), "user", found);
    let group = account(spec.group.as_ref(), "group", found);
    let environment = environment(spec, found);
    if let Some(root) = spec.user.as_ref().filter(|user| user.value == "root") {
        found.push(
            Diagnostic::warning("etcd runs as root, and needs nothing that only root may do")
                .at(root.span, "")
                .help("write another user: `install` makes one, and gives it the data"),
        );
    }
    let (user, group) = (user?, group?);
    let user = user.unwrap_or(Systemd::DEFAULT.user);
    Some(Systemd {
        binary: binary.map_or(Some(None), |path| path.map(Some))?,
        group: group.unwrap_or_else(|| user.clone()),
        user,
        environment: Cow::Owned(environment?),
    })
}

/// Checks the name of an account; returns `Some(None)` where none is written, and `None` where it is wrong.
#[expect(clippy::option_option, reason = "nothing and wrong are different things")]
fn account(
    written: Option<&Spanned<String>>,
    key: &str,
    found: &mut Diagnostics,
) -> Option<Option<Cow<'static, str>>> {
    let Some(written) = written else { return Some(None) };
    match account_name(key, &written.value) {
        Ok(()) => Some(Some(Cow::Owned(written.value.clone()))),
        Err(fault) => {
            found.push(fault.at(written.span, ""));
            None
        }
    }
}

fn environment(spec: &SystemdSpec, found: &mut Diagnostics) -> Option<Vec<Cow<'static, str>>> {
    let mut first: BTreeMap<String, Span> = BTreeMap::new();
    let written = spec.environment.iter().flat_map(|list| &list.value);
    text::all(written.map(|entry| {
        let text = text::printable(entry, "environment", found)?;
        if let Some(fault) = fault(&text) {
            found.push(fault.at(entry.span, ""));
            return None;
        }
        let name = text.split('=').next().unwrap_or_default().to_owned();
        if let Some(first) = first.get(&name) {
            found.push(
                Diagnostic::error(format!("{} is set twice", quoted(&name)))
                    .at(entry.span, "again here")
                    .also(*first, "first here")
                    .help("keep one of the two"),
            );
            return None;
        }
        first.insert(name, entry.span);
        Some(Cow::Owned(text))
    }))
}

/// Returns what is wrong with a `NAME=VALUE`.
fn fault(text: &str) -> Option<Diagnostic> {
    let form = "write `GOMAXPROCS=2`: a name, `=`, and the value, without quotes around it";
    let Some((name, _)) = text.split_once('=') else {
        return Some(Diagnostic::error(format!("{} is no `NAME=VALUE`", quoted(text))).help(form));
    };
    let is_inside = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_name = name.chars().all(is_inside) && name.starts_with(|c: char| !c.is_ascii_digit());
    if !is_name {
        return Some(
            Diagnostic::error(format!("{} is no name of a variable", quoted(name))).help(form),
        );
    }
    if PROXY_VARIABLES.contains(&name) {
        return Some(
            Diagnostic::error(format!("`{name}` would come between the members"))
                .note("the unit takes it from etcd: members reach one another, and not a proxy")
                .help("take it out"),
        );
    }
    of_etcd(name)
}

/// Refuses a variable of etcd's: it reads its options from variables, too, and ends if a flag has another value.
fn of_etcd(name: &str) -> Option<Diagnostic> {
    if !name.starts_with("ETCD_") || name == NO_OPTION {
        return None;
    }
    let names: Vec<(String, &EtcdOption)> =
        OPTIONS.iter().map(|option| (option.env_name(), option)).collect();
    let option = |name: &str| names.iter().find(|(own, _)| own == name).map(|(_, option)| *option);
    let Some(option) = option(name) else {
        let near = suggest::word(name, names.iter().map(|(own, _)| own.as_str()));
        let near = near
            .and_then(option)
            .map(|near| format!("did you mean `{}` under `[etcd]`?", near.name()));
        let error = Diagnostic::error(format!("etcd reads no variable `{name}`"))
            .note("what begins with `ETCD_` is an option to it");
        return Some(error.help(near.unwrap_or_else(|| "take it out".to_owned())));
    };
    let help = if option.origin() == Origin::User {
        format!("write it under `[etcd]`: `{} = …`", option.name())
    } else {
        "take it out: the option follows from the rest of this file".to_owned()
    };
    Some(
        Diagnostic::error(format!("`{name}` is etcd's option `{}`", option.name()))
            .note(
                "options are flags of the unit, and etcd ends where a variable is beside its flag",
            )
            .help(help),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> Option<String> {
        fault(text).map(|fault| fault.message)
    }

    #[test]
    fn variables_that_are_no_options_are_taken() {
        for fine in
            ["GOMAXPROCS=2", "GODEBUG=a=1,b=2", "_x=", "ETCD_UNSUPPORTED_ARCH=arm64", "A=b c"]
        {
            assert_eq!(message(fine), None);
        }
    }

    #[test]
    fn what_is_no_variable_or_an_option_is_refused() {
        for (wrong, told) in [
            ("", "`` is no `NAME=VALUE`"),
            ("GOGC", "`GOGC` is no `NAME=VALUE`"),
            ("=1", "`` is no name of a variable"),
            ("1A=1", "`1A` is no name of a variable"),
            ("A B=1", "`A B` is no name of a variable"),
            ("https_proxy=http://10.0.0.1", "`https_proxy` would come between the members"),
            ("ETCD_DATA_DIR=/data", "`ETCD_DATA_DIR` is etcd's option `data-dir`"),
            ("ETCD_NAME=pink", "`ETCD_NAME` is etcd's option `name`"),
            ("ETCD_DATADIR=/data", "etcd reads no variable `ETCD_DATADIR`"),
        ] {
            assert_eq!(message(wrong).as_deref(), Some(told));
        }
    }
}
