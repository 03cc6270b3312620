//! Values that etcd takes, and that were probably not meant.

use super::check::no_browser_sends;
use super::duration::GoDuration;
use super::etcd_option::EtcdOption;
use super::kind::{Item, Kind};
use super::limits::Limits;
use super::value::Value;
use crate::diagnostic::Diagnostic;

impl EtcdOption {
    /// Returns the warnings for a value in what is probably another unit, or that is regretted, each
    /// with the place in its list; 0 where it is none.
    pub fn doubts(&self, value: &Value) -> Vec<(usize, Diagnostic)> {
        let number = match (self.kind, value) {
            (Kind::List { item: Item::Origin, .. }, Value::List(origins)) => {
                let all = origins.iter().enumerate();
                return all.filter_map(|(at, origin)| Some((at, never_sent(origin)?))).collect();
            }
            (Kind::TokenProvider, Value::Text(provider)) => {
                return short_lived(provider).map(|doubt| (0, doubt)).into_iter().collect();
            }
            (_, Value::Int(number)) => *number,
            (_, Value::Duration(time)) => time.nanos(),
            _ => return Vec::new(),
        };
        match self.kind {
            Kind::Int(limits) | Kind::Size(limits) | Kind::Duration(limits)
                if !limits.beside.contains(&number) =>
            {
                self.unusual(number, limits).map(|doubt| (0, doubt)).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    fn unusual(&self, number: i64, limits: Limits) -> Option<Diagnostic> {
        let usual = self.usual;
        let (bound, side, why) = if number < usual.least {
            (usual.least, "less", usual.less)
        } else if number > usual.most {
            (usual.most, "more", usual.more)
        } else {
            return None;
        };
        let name = self.name;
        let message = format!(
            "`{name}` is rarely {side} than {}, and this is {}",
            self.amount(bound),
            self.amount(number)
        );
        let help = self.instead_of(number, limits);
        Some(Diagnostic::warning(message).note(why).help(help))
    }
}

/// Warns of an origin at the port of its scheme.
fn never_sent(origin: &str) -> Option<Diagnostic> {
    let port = match origin.split_once("://")? {
        ("http", rest) => rest.strip_suffix(":80"),
        (_, rest) => rest.strip_suffix(":443"),
    };
    port.map(|_| {
        no_browser_sends(Diagnostic::warning(format!("no browser sends `{origin}` as its origin")))
    })
}

/// Warns of tokens of `jwt` that are hardly valid long enough to be used.
fn short_lived(provider: &str) -> Option<Diagnostic> {
    let written = provider.split(',').find_map(|part| part.strip_prefix("ttl="))?;
    let ttl = GoDuration::parse(written).ok()?;
    (ttl < GoDuration::from_secs(10)).then(|| {
        Diagnostic::warning(format!("`ttl` is rarely less than 10s, and this is {ttl}"))
            .note("clients have to log in again all the time")
            .help("write `ttl=5m`, for example")
    })
}
