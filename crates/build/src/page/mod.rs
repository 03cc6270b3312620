//! `index.html`: the cluster as a page to look at, which needs nothing but itself and has no secret.
//!
//! Who the members are and how they reach each other, who trusts which CA, until when certificates are valid, and what is
//! yet to be rolled out. A view of what is in other files: nothing reads it but a person.

mod map;
mod markup;
mod pending;
mod times;
mod trust;
mod view;

use self::markup::Text;
use bouquet_model::cluster::{Cluster, Layout};
use std::fmt::Write as _;

pub(crate) use self::view::View;

/// The file in `out/`.
pub(crate) const FILE: &str = "index.html";

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// Returns the whole page.
///
/// It is well-formed as XML, too. What it says is there without the script, which only moves the line of today to the day
/// on which the page is read. It loads nothing, and its policy forbids it to.
pub(crate) fn page(view: &View<'_>) -> String {
    let cluster = view.cluster;
    let mut html = String::with_capacity(16 * 1024);
    let _ = write!(
        html,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta name=\"color-scheme\" content=\"light dark\"/>\n\
         <meta name=\"referrer\" content=\"no-referrer\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         script-src 'unsafe-inline'\"/>\n\
         <title>{token}: etcd</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{token}</h1>\n",
        token = Text(&cluster.token),
    );
    facts(view, &mut html);
    html.push_str("</header>\n<main>\n");
    pending::section(view, &mut html);
    map::section(view, &mut html);
    trust::section(view, &mut html);
    times::section(view, &mut html);
    let _ = write!(
        html,
        "</main>\n<footer>\n<p>Written by <code>cargo build</code> on <time>{}</time>. It shows what was built and what is \
         recorded in <code>cluster.lock</code>; what runs is shown by <code>{} status</code>.</p>\n</footer>\n\
         <script>\n{SCRIPT}</script>\n</body>\n</html>\n",
        view.today,
        Text(&cluster.program),
    );
    html
}

/// Writes what holds for the whole cluster.
fn facts(view: &View<'_>, html: &mut String) {
    let cluster = view.cluster;
    html.push_str("<dl class=\"facts\">\n");
    let mut fact = |name: &str, value: &str| {
        let _ = writeln!(html, "<div><dt>{name}</dt><dd>{}</dd></div>", Text(value));
    };
    fact("etcd", &cluster.version.to_string());
    fact(
        "cluster ID",
        &cluster.id.map_or_else(
            || "not known: it was there before cluster.toml".into(),
            |id| id.to_string(),
        ),
    );
    fact("definition", &cluster.digest.to_string());
    fact("TLS", tls(cluster));
    html.push_str("</dl>\n");
}

fn tls(cluster: &Cluster) -> &'static str {
    match cluster.tls.as_ref().map(|tls| (tls.client_auth, tls.layout)) {
        None => "off: anyone who reaches a member reads and writes everything",
        Some((false, _)) => "members show certificates, clients none",
        Some((true, Layout::Separate)) => {
            "mutual; each member has a certificate for clients and one for members"
        }
        Some((true, Layout::Combined)) => "mutual; each member has one certificate",
        Some((true, Layout::Shared)) => "mutual; all members share one certificate",
    }
}
