//! Who trusts which CA.

use super::markup::Text;
use super::view::View;
use bouquet_model::cluster::Tls;
use bouquet_model::time::Date;
use bouquet_model::trust::Trust;
use std::fmt::Write as _;

pub(super) fn section(view: &View<'_>, html: &mut String) {
    let (Some(tls), Some(pki)) = (&view.cluster.tls, view.pki) else { return };
    html.push_str(
        "<section id=\"trust\">\n<h2>Who trusts which CA</h2>\n<div class=\"wide\"><table>\n<thead><tr><th></th>",
    );
    for ca in &pki.authorities {
        let _ = write!(html, "<th scope=\"col\">CA {}</th>", ca.number);
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for (who, trust) in rows(tls) {
        let _ = write!(html, "<tr><th scope=\"row\">{who}</th>");
        for ca in &pki.authorities {
            let _ = write!(html, "<td>{}</td>", relation(trust, ca.number));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table></div>\n<dl class=\"cas\">\n");
    for ca in &pki.authorities {
        let facts = &ca.facts;
        let until = Date(facts.not_after);
        let limits = if facts.limits_addresses { ", for certain addresses alone" } else { "" };
        let _ = writeln!(
            html,
            "<div><dt>CA {}</dt><dd>{}, until <time>{until}</time>{limits}<br/><code>{}</code></dd></div>",
            ca.number,
            Text(&facts.common_name),
            Text(facts.fingerprint_text()),
        );
    }
    html.push_str("</dl>\n</section>\n");
}

/// Returns those who verify certificates, with the CAs that they trust.
fn rows(tls: &Tls) -> Vec<(&'static str, &Trust)> {
    let of_clients =
        if tls.client_auth { "members, of clients" } else { "members, of their own gateway" };
    vec![
        ("clients, of members", &tls.clients),
        (of_clients, &tls.clients),
        ("members, of each other", &tls.peers),
    ]
}

fn relation(trust: &Trust, ca: u32) -> &'static str {
    match (trust.trust.contains(&ca), trust.issue == ca) {
        (true, true) => "● trusted, issues",
        (true, false) => "○ trusted",
        (false, true) => "issues",
        (false, false) => "–",
    }
}
