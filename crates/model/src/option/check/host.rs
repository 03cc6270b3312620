//! Hosts: with a port to send to, in certificates, in requests.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::diagnostic::Diagnostic;
use crate::name::HostName;
use crate::option::etcd_option::EtcdOption;
use crate::option::value::Value;
use crate::url::Url;

impl EtcdOption {
    /// Returns the collector of traces, which gRPC dials (`newTracingExporter` in etcd's
    /// `embed/config_tracing.go`): what is behind the scheme of a URL.
    pub(super) fn host_port(&self, text: &str) -> Result<Value, Diagnostic> {
        self.printable(text)?;
        if let Some((_, rest)) = text.split_once("://") {
            let rest = rest.split('/').next().filter(|rest| !rest.is_empty());
            return Err(Diagnostic::error(format!("`{text}` is a URL")).help(format!(
                "`{}` takes a host and a port: write `{}`",
                self.name,
                rest.unwrap_or("localhost:4317")
            )));
        }
        // Names in a network of containers have `_` in them, too.
        match Url::parse(&format!("http://{}", text.replace('_', "-"))) {
            Ok(url) if url.port != 0 => Ok(Value::Text(text.to_owned().into())),
            _ => Err(Diagnostic::error(format!("`{text}` is not a host and a port"))
                .help("write `localhost:4317`, `10.0.0.1:4317` or `[fd00::12]:4317`")),
        }
    }
}

/// Checks a name that a certificate has to carry.
pub(super) fn certified(text: &str) -> Result<(), Diagnostic> {
    if text.parse::<IpAddr>().is_ok() {
        return Ok(());
    }
    HostName::parse(text).map(|_| ()).map_err(|why| {
        Diagnostic::error(format!("`{text}` is neither an IP address nor a host name"))
            .note(why.to_string())
            .help("write one whole name or address, such as `node.example` or `10.0.0.1`")
    })
}

/// Checks the host of a request, which etcd compares without the port and without brackets (`GetHostname` in etcd's
/// `pkg/httputil/httputil.go`).
pub(super) fn requested(text: &str) -> Result<(), Diagnostic> {
    let ip = text.parse::<Ipv4Addr>().is_ok() || text.parse::<Ipv6Addr>().is_ok();
    if ip || HostName::parse(&text.replace('_', "-")).is_ok() {
        return Ok(());
    }
    let host = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or_default();
    let bare = host.rsplit_once(':').map_or(host, |(bare, _)| bare);
    let bare = bare.trim_matches(['[', ']']);
    let fits = bare != text && (bare.parse::<IpAddr>().is_ok() || HostName::parse(bare).is_ok());
    let example = if fits { bare } else { "node.example" };
    Err(Diagnostic::error(format!("no request is made to the host `{text}`"))
        .note("etcd compares whole names, without scheme, port and brackets")
        .help(format!("write `{example}`, or `*` alone for all")))
}
