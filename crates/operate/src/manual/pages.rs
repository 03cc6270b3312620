//! The manual: the help page of each command, as `man` reads it.

use bouquet_model::time::Date;
use clap::{Arg, Command};
use roff::{Roff, bold, italic, roman};

/// The section of the manual that programs are in.
const SECTION: &str = "1";

/// Returns the page of a program and those of its commands, each with its file: `bouquet-plan.1`.
///
/// At the foot of a page stand the release, and the day; at its head the cluster.
pub(crate) fn pages(program: &mut Command, cluster: &str, day: Date) -> Vec<(String, String)> {
    program.build();
    let top = title(program).to_owned();
    let all = std::iter::once(&*program).chain(below(program));
    let page = |command: &Command| {
        let see = (title(command) != top).then_some(top.as_str());
        (format!("{}.{SECTION}", title(command)), page(command, see, cluster, day))
    };
    all.map(page).collect()
}

/// Returns the commands of a command, and theirs.
fn below(command: &Command) -> Vec<&Command> {
    let own = command.get_subcommands();
    own.flat_map(|sub| std::iter::once(sub).chain(below(sub))).collect()
}

/// Returns the words of a command in one: `bouquet-secrets-export`.
fn title(command: &Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

fn page(command: &Command, see: Option<&str>, cluster: &str, day: Date) -> String {
    let mut page = Roff::new();
    let (title, release) = (title(command), concat!("Bouquet ", env!("CARGO_PKG_VERSION")));
    page.control("TH", [&*title.to_uppercase(), SECTION, &day.to_string(), release, cluster]);
    section(&mut page, "NAME");
    page.text([roman(format!("{title} - {}", about(command)))]);
    section(&mut page, "SYNOPSIS");
    let usage = command.clone().render_usage().to_string();
    page.text([bold(usage.trim_start_matches("Usage:").trim())]);
    section(&mut page, "DESCRIPTION");
    let long = command.get_long_about().map(ToString::to_string);
    paragraphs(&mut page, &long.unwrap_or_else(|| about(command)), "PP");
    arguments(&mut page, "ARGUMENTS", command.get_positionals());
    arguments(&mut page, "OPTIONS", command.get_arguments().filter(|arg| !arg.is_positional()));
    let commands: Vec<&Command> = command.get_subcommands().collect();
    if !commands.is_empty() {
        section(&mut page, "COMMANDS");
    }
    for command in commands {
        entry(&mut page, &format!("{}({SECTION})", self::title(command)), &about(command));
    }
    let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    after.split("\n\n").filter(|block| !block.is_empty()).for_each(|it| lines(&mut page, it));
    if let Some(see) = see {
        section(&mut page, "SEE ALSO");
        page.text([bold(see), roman(format!("({SECTION})"))]);
    }
    page.render()
}

fn about(command: &Command) -> String {
    command.get_about().map(ToString::to_string).unwrap_or_default()
}

fn section(page: &mut Roff, title: &str) {
    page.control("SH", [title]);
}

fn arguments<'a>(page: &mut Roff, title: &str, all: impl Iterator<Item = &'a Arg>) {
    let shown: Vec<&Arg> = all.filter(|arg| !arg.is_hide_set()).collect();
    if !shown.is_empty() {
        section(page, title);
    }
    for arg in shown {
        let short = arg.get_short().map(|short| format!("-{short}, ")).unwrap_or_default();
        let help = arg.get_long_help().or_else(|| arg.get_help());
        let help = help.map(ToString::to_string).unwrap_or_default();
        entry(page, &format!("{short}{arg}"), &help);
        for (what, values) in [("By default", defaults(arg)), ("One of", values(arg))] {
            if !values.is_empty() {
                page.control("IP", []);
                page.text([roman(format!("{what}: ")), italic(values.join(", "))]);
            }
        }
    }
}

/// Returns what an option is where it is left away; of a flag that goes without saying.
fn defaults(arg: &Arg) -> Vec<String> {
    let takes_values = arg.get_action().takes_values();
    let values = arg.get_default_values().iter().filter(|_| takes_values);
    values.map(|value| value.to_string_lossy().into_owned()).collect()
}

/// Returns what it may be, where that stands nowhere else on the page.
fn values(arg: &Arg) -> Vec<String> {
    let is_shown = arg.get_action().takes_values() && !arg.is_hide_possible_values_set();
    let values = arg.get_possible_values().into_iter().filter(|_| is_shown);
    values.map(|value| value.get_name().to_owned()).collect()
}

/// Writes a word, and what it means.
fn entry(page: &mut Roff, word: &str, meaning: &str) {
    page.control("TP", []);
    page.text([bold(word)]);
    paragraphs(page, meaning, "IP");
}

/// Writes paragraphs of several lines each, with a request between them.
fn paragraphs(page: &mut Roff, text: &str, between: &str) {
    for (at, paragraph) in text.split("\n\n").enumerate() {
        if at > 0 {
            page.control(between, []);
        }
        page.text([roman(paragraph)]);
    }
}

/// Writes what is below a help page: a title and its lines, which stay as they are. Exit codes have no title.
fn lines(page: &mut Roff, block: &str) {
    let titled = block.split_once(":\n").filter(|(title, _)| !title.contains('\n'));
    let (title, lines) = titled.unwrap_or(("Exit status", block));
    section(page, &title.to_uppercase());
    page.control("EX", []);
    for line in lines.lines() {
        page.text([roman(line.strip_prefix("  ").unwrap_or(line))]);
    }
    page.control("EE", []);
}
