//! What is yet to be rolled out.

use super::markup::Text;
use super::view::View;
use crate::pki::Outcome;
use bouquet_model::change::{Change, Class, Subject, What};
use std::fmt::Write as _;

/// More names than these are counted.
const NAMES: usize = 5;

/// Changes of one kind, and whose they are.
struct Kind<'a> {
    what: &'a What,
    class: Class,
    whose: Vec<&'a str>,
}

pub(super) fn section(view: &View<'_>, html: &mut String) {
    let program = Text(&view.cluster.program);
    // Where nothing runs, all is new.
    let nothing_runs = view.recorded.members.is_empty();
    let kinds = if nothing_runs { Vec::new() } else { kinds(view.changes) };
    let unsigned = unsigned(view);
    html.push_str("<section id=\"pending\">\n<h2>Pending</h2>\n");
    if nothing_runs {
        let _ = writeln!(
            html,
            "<p>No member is recorded as running. Install the nodes, and record that they run: <code>{program} done</code>; \
             <code>{program} apply --bootstrap</code> does both.</p>"
        );
    } else if kinds.is_empty() && unsigned == 0 {
        html.push_str("<p>Nothing: what was built is what is recorded as running.</p>\n");
    }
    if !kinds.is_empty() || unsigned > 0 {
        html.push_str("<ul class=\"pending\">\n");
        for kind in &kinds {
            let (whose, what, asks) =
                (whose(&kind.whose), Text(kind.what), Text(kind.class.asks()));
            let _ = writeln!(html, "<li><b>{}</b>{what} <small>{asks}</small></li>", Text(whose));
        }
        if unsigned > 0 {
            let _ = writeln!(
                html,
                "<li>{} for a signature <small>the requests are in <code>out/pki/requests/</code>; put each answer beside its \
                 request, and build</small></li>",
                waiting(unsigned),
            );
        }
        html.push_str("</ul>\n");
    }
    if !kinds.is_empty() {
        let _ = writeln!(
            html,
            "<p><code>{program} plan</code> has the steps, and <code>{program} apply</code> does them.</p>"
        );
    }
    html.push_str("</section>\n");
}

fn waiting(unsigned: usize) -> String {
    match unsigned {
        1 => "1 certificate waits".to_owned(),
        more => format!("{more} certificates wait"),
    }
}

/// Returns how many certificates have to be signed where the CA's key is.
fn unsigned(view: &View<'_>) -> usize {
    let outcomes = view.pki.iter().flat_map(|pki| &pki.outcomes);
    outcomes.filter(|outcome| matches!(outcome, Outcome::Requested(_))).count()
}

/// Puts those together that say the same of several, in their order, without those that ask for nothing.
fn kinds(changes: &[Change]) -> Vec<Kind<'_>> {
    let mut all: Vec<Kind<'_>> = Vec::new();
    for Change { subject, what, class } in changes.iter().filter(|it| it.class != Class::Free) {
        let name = match subject {
            Subject::Cluster => None,
            Subject::Member(name) | Subject::Client(name) => Some(name.as_str()),
        };
        match all.iter_mut().find(|kind| kind.what == what && kind.class == *class) {
            Some(kind) => kind.whose.extend(name),
            None => all.push(Kind { what, class: *class, whose: name.into_iter().collect() }),
        }
    }
    all
}

fn whose(names: &[&str]) -> String {
    match names.len().checked_sub(NAMES).filter(|more| *more > 0) {
        _ if names.is_empty() => String::new(),
        None => format!("{}: ", names.join(", ")),
        Some(more) => format!("{} and {more} more: ", names[..NAMES].join(", ")),
    }
}
