//! Until when certificates are valid, beside today.

use super::markup::Text;
use super::view::View;
use crate::pki::{Outcome, Pki};
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::time::Date;
use std::fmt::Write as _;

/// More certificates than these are counted; those that end first are shown.
const SHOWN: usize = 100;

/// The most days of which a line of time is marked.
const MARKS: i64 = 5;

/// How many seconds a day has.
const DAY: i64 = 86_400;

/// What is shown of a certificate.
struct Span {
    name: String,
    from: i64,
    /// From when on a build issues it again; `None` for a CA, which a person replaces.
    due: Option<i64>,
    until: i64,
}

pub(super) fn section(view: &View<'_>, html: &mut String) {
    let Some(pki) = view.pki else { return };
    html.push_str("<section id=\"certificates\">\n<h2>Certificates</h2>\n");
    let mut leaves: Vec<Span> = pki.outcomes.iter().filter_map(leaf).collect();
    leaves.sort_by(|one, other| (one.until, &one.name).cmp(&(other.until, &other.name)));
    if !leaves.is_empty() {
        html.push_str(
            "<p>A build issues a certificate again from the hatched part on. Each is copied to its machine then, and needs no \
             restart.</p>\n",
        );
    }
    let more = leaves.len().saturating_sub(SHOWN);
    let last = leaves.last().map(|span| span.until);
    leaves.truncate(SHOWN);
    chart(view.today, &leaves, html);
    if let Some(last) = last.filter(|_| more > 0) {
        let _ = writeln!(
            html,
            "<p>And {more} more, of which the last ends on <time>{}</time>.</p>",
            Date(last)
        );
    }
    html.push_str("<h3>CAs</h3>\n");
    chart(view.today, &authorities(pki), html);
    html.push_str("</section>\n");
}

fn leaf(outcome: &Outcome) -> Option<Span> {
    let (wanted, facts) = (outcome.wanted(), outcome.facts()?);
    let before = i64::try_from(wanted.renew_before.as_secs()).unwrap_or(i64::MAX);
    Some(Span { due: Some(facts.not_after.saturating_sub(before)), ..span(facts, whose(facts)) })
}

fn authorities(pki: &Pki) -> Vec<Span> {
    pki.authorities.iter().map(|ca| span(&ca.facts, format!("CA {}", ca.number))).collect()
}

fn span(facts: &Certificate, name: String) -> Span {
    Span { name, from: facts.not_before, due: None, until: facts.not_after }
}

/// Says whose certificate it is, and for what.
fn whose(facts: &Certificate) -> String {
    let owner = facts.owner.as_deref().unwrap_or("all members");
    match facts.kind {
        Kind::Client => format!("client {owner}"),
        Kind::Server => format!("{owner}, for clients"),
        Kind::Peer => format!("{owner}, for members"),
        Kind::ServerAndPeer | Kind::Ca => owner.to_owned(),
    }
}

/// Draws a bar for each, on one line of time, with today's day across.
fn chart(today: Date, spans: &[Span], html: &mut String) {
    let Some(start) = spans.iter().map(|span| span.from).min() else { return };
    let end = spans.iter().map(|span| span.until).max().unwrap_or(start);
    // Today is on it, though all have ended or none has begun.
    let line = Line { start: start.min(today.0), end: end.max(today.0).max(start + DAY) };
    let _ = writeln!(
        html,
        "<div class=\"times\" data-start=\"{}\" data-end=\"{}\" style=\"--today: {}\">\n<div class=\"axis\">",
        line.start,
        line.end,
        line.at(today.0)
    );
    for mark in line.marks() {
        let _ = writeln!(html, "<time style=\"left: {}\">{mark}</time>", line.at(mark.0));
    }
    let _ = writeln!(html, "</div>\n<p class=\"today\">today, <time>{today}</time></p>");
    for span in spans {
        row(&line, span, html);
    }
    html.push_str("</div>\n");
}

fn row(line: &Line, span: &Span, html: &mut String) {
    let (left, right) = (line.at(span.from), line.before(span.until));
    let until = Date(span.until);
    let ends = match span.due {
        None => format!("until <time>{until}</time>"),
        Some(due) => format!("until <time>{until}</time>, renewed from <time>{}</time>", Date(due)),
    };
    let _ = write!(
        html,
        "<div class=\"row\"><p><b>{}</b> <small>{ends}</small></p><div class=\"track\"><i class=\"valid\" style=\"left: \
         {left}; right: {right}\"></i>",
        Text(&span.name),
    );
    if let Some(due) = span.due.map(|due| due.max(span.from)) {
        let _ =
            write!(html, "<i class=\"due\" style=\"left: {}; right: {right}\"></i>", line.at(due));
    }
    html.push_str("</div></div>\n");
}

/// A line of time, in seconds since 1970.
struct Line {
    start: i64,
    end: i64,
}

impl Line {
    /// Returns where a second is, from the left.
    fn at(&self, second: i64) -> String {
        self.part(second.saturating_sub(self.start))
    }

    /// Returns the same from the right.
    fn before(&self, second: i64) -> String {
        self.part(self.end.saturating_sub(second))
    }

    fn part(&self, seconds: i64) -> String {
        let whole = i128::from(self.end) - i128::from(self.start);
        let tenths = (i128::from(seconds) * 1000 / whole.max(1)).clamp(0, 1000);
        format!("{}.{}%", tenths / 10, tenths % 10)
    }

    /// Returns first days of months or years on it, a few in equal steps.
    fn marks(&self) -> Vec<Date> {
        let month = |second: i64| {
            let text = Date(second).to_string();
            let mut parts = text.splitn(3, '-').map(|part| part.parse::<i64>().unwrap_or_default());
            parts.next().unwrap_or_default() * 12 + parts.next().unwrap_or_default() - 1
        };
        let (first, last) = (month(self.start) + 1, month(self.end));
        let steps = [1, 2, 3, 6, 12, 24, 60, 120];
        let step = steps.into_iter().find(|step| (last - first) / step < MARKS).unwrap_or(1200);
        let first = first + (step - first.rem_euclid(step)) % step;
        let day = |at: i64| {
            let (year, month) = (at.div_euclid(12), at.rem_euclid(12) + 1);
            Date::parse(&format!("{year:04}-{month:02}-01"))
        };
        let step_by = usize::try_from(step).unwrap_or(1);
        (first..=last).step_by(step_by).filter_map(day).filter(|mark| mark.0 < self.end).collect()
    }
}
