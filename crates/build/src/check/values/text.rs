//! What a single text of the spec may be.

use crate::diagnostic::{Diagnostic, Diagnostics, quoted};
use crate::spec::Spanned;
use bouquet_model::cluster::{San, State};
use bouquet_model::ip;
use bouquet_model::name::{HostName, NameError};
use bouquet_model::node_path::NodePath;
use bouquet_model::suggest;
use bouquet_model::text::{self, carried};
use bouquet_model::time::length;
use std::borrow::Cow;
use std::fmt::Display;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

/// The longest time that is taken, a hundred years: beyond it a certificate's dates stop being plausible, and below it
/// they fit RFC 5280's four-digit years.
const LONGEST: Duration = Duration::from_secs(36_500 * 24 * 60 * 60);

/// Returns the values if every one of them is there; all of them are looked at, so that all errors show.
pub(super) fn all<T>(values: impl IntoIterator<Item = Option<T>>) -> Option<Vec<T>> {
    let mut complete = true;
    let values: Vec<T> =
        values.into_iter().inspect(|value| complete &= value.is_some()).flatten().collect();
    complete.then_some(values)
}

pub(super) fn name<T>(
    written: &Spanned<String>,
    parse: impl Fn(&str) -> Result<T, NameError>,
    found: &mut Diagnostics,
) -> Option<T> {
    parse(&written.value)
        .map_err(|e| {
            found.push(
                Diagnostic::error(e.to_string()).at(written.span, "").help(e.help().to_owned()),
            );
        })
        .ok()
}

pub(super) fn word<T: Copy + Display>(
    written: &Spanned<String>,
    what: &str,
    choices: &[T],
    found: &mut Diagnostics,
) -> Option<T> {
    let words: Vec<String> = choices.iter().map(ToString::to_string).collect();
    if let Some(position) = words.iter().position(|word| *word == written.value) {
        return Some(choices[position]);
    }
    let named = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let near = suggest::word(&written.value, words.iter().map(String::as_str));
    let help = near.map_or_else(
        || format!("it is one of {named}"),
        |near| format!("did you mean `{near}`? it is one of {named}"),
    );
    let message = format!("{} is not a {what}", quoted(&written.value));
    found.push(Diagnostic::error(message).at(written.span, "").help(help));
    None
}

pub(super) fn state(written: &Spanned<String>, found: &mut Diagnostics) -> Option<State> {
    word(written, "state of a cluster", State::ALL, found)
}

pub(super) fn token(written: &Spanned<String>, found: &mut Diagnostics) -> Option<String> {
    text::token(&written.value)
        .map_err(|finding| found.push(finding.at(written.span, "")))
        .ok()
        .map(|()| written.value.clone())
}

/// Returns a text that every format carries.
pub(super) fn printable(
    written: &Spanned<String>,
    key: &str,
    found: &mut Diagnostics,
) -> Option<String> {
    carried(key, &written.value)
        .map_err(|finding| found.push(finding.at(written.span, "")))
        .ok()
        .map(|()| written.value.clone())
}

pub(super) fn absolute_path(
    written: &Spanned<String>,
    key: &str,
    found: &mut Diagnostics,
) -> Option<NodePath> {
    let text = printable(written, key, found)?;
    NodePath::parse(&text).map_err(|finding| found.push(finding.at(written.span, ""))).ok()
}

pub(super) fn ip(written: &Spanned<String>, found: &mut Diagnostics) -> Option<IpAddr> {
    ip::parse(&written.value).map_err(|finding| found.push(finding.at(written.span, ""))).ok()
}

pub(super) fn sans(
    written: Option<&Spanned<Vec<Spanned<String>>>>,
    found: &mut Diagnostics,
) -> Option<Vec<San>> {
    all(listed(written).map(|san| self::san(san, found)))
}

fn san(written: &Spanned<String>, found: &mut Diagnostics) -> Option<San> {
    let text = &written.value;
    if text.parse::<IpAddr>().is_ok() {
        return ip(written, found).map(San::Ip);
    }
    let name = text.strip_prefix("*.").unwrap_or(text);
    let parsed = HostName::parse(name);
    let advice = parsed.as_ref().err().map(|e| e.help().to_owned());
    let why = match parsed {
        Ok(_) => return Some(San::Dns(Cow::Owned(text.clone()))),
        Err(_) if name.contains('*') => "a `*` stands for the whole first part alone".to_owned(),
        Err(_) if name.contains([':', '/']) => {
            "a certificate vouches for hosts, not for ports, paths or networks".to_owned()
        }
        Err(e) => e.to_string(),
    };
    let message = format!("{} is neither an address nor a DNS name", quoted(text));
    let usual = || "write `10.0.0.1`, `fd00::12`, `name.example` or `*.example`".to_owned();
    // A name that is nearly one is answered with the one that was meant.
    let is_near = !name.is_ascii() || name.contains('_');
    let wild = if name.len() < text.len() { "write `*." } else { "write `" };
    let help = advice.filter(|_| is_near).map(|help| help.replacen("write `", wild, 1));
    let help = help.unwrap_or_else(usual);
    found.push(Diagnostic::error(message).at(written.span, why).help(help));
    None
}

/// Returns the generation; one that is not written is the first.
pub(super) fn generation(written: Option<&Spanned<NonZeroU32>>) -> u32 {
    written.map_or(1, |written| written.value.get())
}

/// Returns the texts of a list, if it is written.
pub(super) fn listed(
    written: Option<&Spanned<Vec<Spanned<String>>>>,
) -> impl Iterator<Item = &Spanned<String>> {
    written.into_iter().flat_map(|list| &list.value)
}

fn length_help(text: &str) -> String {
    let form = "write a whole number and `h`, `d`, `w` or `y`";
    let days = format!("{text}d");
    let example = if length(&days).is_some() { days.as_str() } else { "365d" };
    format!("{form}, such as `{example}`")
}

/// Returns a length of time in whole hours, days, weeks or years of 365 days.
pub(super) fn validity(
    written: &Spanned<String>,
    key: &str,
    found: &mut Diagnostics,
) -> Option<Duration> {
    let text = written.value.as_str();
    let error = |message: String, help: String| {
        Some(Diagnostic::error(message).at(written.span, "").help(help))
    };
    let shown = quoted(text);
    let problem = match length(text) {
        None => error(format!("{shown} is not a length of time"), length_help(text)),
        Some(Duration::ZERO) => {
            error(format!("`{key}` must not be zero"), "write `365d`, for example".into())
        }
        Some(time) if time > LONGEST => error(
            format!("`{key}` must not be longer than 100 years"),
            "shorter certificates are safer; the CA's default is `3650d`".into(),
        ),
        Some(time) => return Some(time),
    };
    found.extend(problem);
    None
}
