//! Findings as text: rustc's snippets for people, one line each for cargo.

use super::list::Diagnostics;
use super::place::{Lines, Position, View, views};
use super::source::Source;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Padding, Renderer, Snippet};
use bouquet_model::diagnostic::{Diagnostic, Severity, visible, visible_lines};

/// More findings than this are counted and not shown: nobody reads them, and a
/// file that is no TOML at all has one per line.
const MOST_SHOWN: usize = 100;

/// Says whether text carries the colours of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// No escape sequence at all.
    Plain,
    /// ANSI colours.
    Coloured,
}

impl Diagnostics {
    /// Renders every finding with the lines it points at, then a summary such as
    /// `error: cluster.toml: 3 errors, 1 warning`. Empty when nothing was found.
    pub fn render(&self, source: Source<'_>, style: Style) -> String {
        let Some((severity, summary)) = self.summary(source.name) else {
            return String::new();
        };
        let renderer = match style {
            Style::Plain => Renderer::plain(),
            Style::Coloured => Renderer::styled(),
        };
        let lines = Lines::new(source.text);
        let mut out = String::new();
        for diagnostic in shown(self.sorted()) {
            push_trimmed(&mut out, &snippet(diagnostic, source.name, &lines, &renderer));
            out.push('\n');
        }
        let summary = [Group::with_title(level(severity).primary_title(summary))];
        push_trimmed(&mut out, &renderer.render(&summary));
        out
    }

    /// Renders each finding in one line, for `cargo::warning=`:
    /// `cluster.toml:12:8: message (help: …)`. No line holds a line break.
    pub fn one_lines(&self, source: Source<'_>) -> Vec<(Severity, String)> {
        let Some((severity, summary)) = self.summary(source.name) else {
            return Vec::new();
        };
        let lines = Lines::new(source.text);
        let sorted = self.sorted();
        let too_many = sorted.len() > MOST_SHOWN;
        let mut out: Vec<_> = shown(sorted)
            .into_iter()
            .map(|diagnostic| (diagnostic.severity, one_line(diagnostic, source.name, &lines)))
            .collect();
        if too_many {
            out.push((severity, summary));
        }
        out
    }

    /// Counts in one line, `cluster.toml: 3 errors, 1 warning`, and tells whether that refuses the
    /// file.
    fn summary(&self, name: &str) -> Option<(Severity, String)> {
        let errors = self.count(Severity::Error);
        let warnings = self.count(Severity::Warning);
        let counts: Vec<_> = [(errors, "error"), (warnings, "warning")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}{}", if count == 1 { "" } else { "s" }))
            .collect();
        let severity = if errors > 0 { Severity::Error } else { Severity::Warning };
        let mut summary = format!("{}: {}", visible(name), counts.join(", "));
        if errors + warnings > MOST_SHOWN {
            summary = format!("{summary} ({MOST_SHOWN} shown)");
        }
        (!counts.is_empty()).then_some((severity, summary))
    }
}

/// Chooses what to show of too many findings: errors before warnings.
fn shown(mut sorted: Vec<&Diagnostic>) -> Vec<&Diagnostic> {
    if sorted.len() > MOST_SHOWN {
        sorted.sort_by_key(|diagnostic| diagnostic.severity);
        sorted.truncate(MOST_SHOWN);
    }
    sorted
}

fn one_line(diagnostic: &Diagnostic, name: &str, lines: &Lines<'_>) -> String {
    let place = match (&diagnostic.primary, &diagnostic.file) {
        (Some(label), _) => {
            let Position { line, column } = lines.position(label.span);
            format!("{}:{line}:{column}", visible(name))
        }
        (None, Some(file)) => file.to_string(),
        (None, None) => visible(name).into_owned(),
    };
    let helps: Vec<_> = diagnostic
        .help
        .iter()
        .filter_map(|help| help.lines().next())
        .map(|first| visible(first.trim_end_matches(':')))
        .collect();
    let help = match helps.join("; ") {
        none if none.is_empty() => none,
        some => format!(" (help: {some})"),
    };
    format!("{place}: {}{help}", visible(&diagnostic.message))
}

fn snippet(diagnostic: &Diagnostic, name: &str, lines: &Lines<'_>, renderer: &Renderer) -> String {
    let labels: Vec<_> = diagnostic.primary.iter().chain(&diagnostic.secondary).collect();
    let spans: Vec<_> = labels.iter().map(|label| label.span).collect();
    let views = views(lines, &spans);
    let name = visible(name);

    let title = level(diagnostic.severity).primary_title(visible(&diagnostic.message));
    let mut group = Group::with_title(title);
    for view in &views {
        let mut shown = Snippet::source(&view.text).line_start(view.first_line).path(&name);
        for (nth, mark) in &view.marks {
            let primary = *nth == 0 && diagnostic.primary.is_some();
            let kind = if primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            let text = Some(visible(&labels[*nth].text)).filter(|text| !text.is_empty());
            shown = shown.annotation(kind.span(mark.clone()).label(text));
        }
        group = group.element(shown);
    }
    if views.is_empty() {
        let origin = match &diagnostic.file {
            Some(file) => Origin::path(file.to_string()),
            None => Origin::path(&*name),
        };
        group = group.element(origin).element(Padding);
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(visible_lines(note)));
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(visible_lines(help)));
    }
    let text = renderer.render(&[group]);
    views.iter().fold(text, |text, view| with_real_column(text, &name, view))
}

/// Puts right the column in the heading: the renderer counts columns in what it was given, which is a part of a
/// long line.
fn with_real_column(text: String, name: &str, view: &View) -> String {
    if view.real == view.shown {
        return text;
    }
    let heading = |at: Position| format!("{name}:{}:{}", at.line, at.column);
    text.replacen(&heading(view.shown), &heading(view.real), 1)
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    }
}

/// Appends lines without the blanks that the renderer leaves at their ends.
fn push_trimmed(out: &mut String, text: &str) {
    for line in text.lines() {
        out.push_str(line.trim_end());
        out.push('\n');
    }
}
