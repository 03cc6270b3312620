//! The members, where they are, and who reaches whom.

use super::markup::Text;
use super::view::View;
use bouquet_model::cluster::{Cluster, Member, State};
use bouquet_model::quorum::quorum;
use bouquet_model::url::{Url, joined};
use std::f64::consts::TAU;
use std::fmt::Write as _;

/// More members than these are not drawn: lines between all of them would be a blot.
const DRAWN: usize = 9;

/// The drawing, in its own units; a phone shows about one for a pixel.
const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 300.0;
const CENTRE: (f64, f64) = (WIDTH / 2.0, 182.0);
const RADIUS: f64 = 84.0;
const DOT: f64 = 9.0;

pub(super) fn section(view: &View<'_>, html: &mut String) {
    let cluster = view.cluster;
    let members = &cluster.members;
    let _ = writeln!(
        html,
        "<section id=\"members\">\n<h2>Members</h2>\n<p>{}</p>",
        votes(members.len())
    );
    if members.len() <= DRAWN {
        drawing(cluster, html);
    }
    html.push_str("<div class=\"cards\">\n");
    for member in members.iter() {
        card(view, member, html);
    }
    html.push_str("</div>\n");
    if !cluster.clients.is_empty() {
        let names: Vec<&str> = cluster.clients.iter().map(|client| client.name.as_str()).collect();
        let _ = writeln!(html, "<p><b>Clients:</b> {}</p>", Text(names.join(", ")));
    }
    html.push_str("</section>\n");
}

fn votes(members: usize) -> String {
    let spare = members - quorum(members);
    let down = match spare {
        0 => "none may be down".to_owned(),
        1 => "1 may be down".to_owned(),
        more => format!("{more} may be down"),
    };
    format!("A write takes {} of {members}: {down}.", quorum(members))
}

/// Draws members in a circle, each beside its neighbours and joined to all others, and clients above them.
fn drawing(cluster: &Cluster, html: &mut String) {
    let members = &cluster.members;
    let secured = if cluster.tls.is_some() { "by TLS" } else { "in plain text" };
    let _ = writeln!(
        html,
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{} joined to each other, {secured}; {} \
         connecting to all of them\">",
        counted(members.len(), "member"),
        counted(cluster.clients.len(), "client"),
    );
    let places: Vec<(f64, f64)> = (0..members.len()).map(|at| place(at, members.len())).collect();
    for (at, from) in places.iter().enumerate() {
        for to in &places[at + 1..] {
            line("peer", *from, *to, html);
        }
    }
    if !cluster.clients.is_empty() {
        for to in &places {
            line("client", (CENTRE.0, 34.0), *to, html);
        }
        let _ = writeln!(
            html,
            "<rect class=\"clients\" x=\"60\" y=\"6\" width=\"240\" height=\"28\" rx=\"6\"/>\n\
             <text class=\"name\" x=\"{}\" y=\"25\">{}</text>",
            CENTRE.0,
            counted(cluster.clients.len(), "client"),
        );
    }
    for (member, (x, y)) in members.iter().zip(places) {
        // Below the dot, but above that of the topmost, where lines of clients come from.
        let below = y + DOT + 16.0;
        let _ = writeln!(
            html,
            "<circle class=\"member\" cx=\"{x:.0}\" cy=\"{y:.0}\" r=\"{DOT}\"/>\n\
             <text class=\"name\" x=\"{x:.0}\" y=\"{below:.0}\">{}</text>",
            Text(&member.name),
        );
    }
    html.push_str("</svg>\n");
}

/// Returns where a member is drawn; with two or more the first is at the upper left.
fn place(at: usize, all: usize) -> (f64, f64) {
    if all == 1 {
        return CENTRE;
    }
    #[expect(clippy::cast_precision_loss, reason = "a handful of members")]
    let turn = (at as f64 + 0.5) / all as f64 * TAU - TAU / 4.0;
    (CENTRE.0 + 1.4 * RADIUS * turn.cos(), CENTRE.1 + RADIUS * turn.sin())
}

fn line(class: &str, from: (f64, f64), to: (f64, f64), html: &mut String) {
    let _ = writeln!(
        html,
        "<line class=\"{class}\" x1=\"{:.0}\" y1=\"{:.0}\" x2=\"{:.0}\" y2=\"{:.0}\"/>",
        from.0, from.1, to.0, to.1
    );
}

fn counted(count: usize, of: &str) -> String {
    format!("{count} {of}{}", if count == 1 { "" } else { "s" })
}

/// Writes all that is said of a member.
fn card(view: &View<'_>, member: &Member, html: &mut String) {
    let _ = writeln!(html, "<article>\n<h3>{}</h3>\n<dl>", Text(&member.name));
    let mut fact = |name: &str, value: &str| {
        let _ = writeln!(html, "<dt>{name}</dt><dd>{}</dd>", Text(value));
    };
    let id = || "etcd gives it one when it is added".to_owned();
    fact("ID", &member.id.map_or_else(id, |id| id.to_string()));
    fact("machine", &member.node());
    fact("members dial", &urls(&member.initial_advertise_peer_urls));
    fact("clients dial", &urls(&member.advertise_client_urls));
    fact("listens", &listens(member));
    fact("recorded", recorded(view, member));
    html.push_str("</dl>\n</article>\n");
}

fn urls(urls: &[Url]) -> String {
    joined(&urls.iter().collect::<Vec<_>>()).replace(',', ", ")
}

fn listens(member: &Member) -> String {
    let all = member.listen_peer_urls.iter().chain(member.listen_client_urls.iter());
    joined(&all.collect::<Vec<_>>()).replace(',', ", ")
}

fn recorded(view: &View<'_>, member: &Member) -> &'static str {
    match (view.recorded.members.contains_key(member.name.as_str()), member.state) {
        (true, _) => "as running",
        (false, State::New) => "no: it founds the cluster",
        (false, State::Existing) => "no: it joins a cluster that runs",
    }
}
