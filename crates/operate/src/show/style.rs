//! Colours, by what they mean.

use anstyle::{AnsiColor, Style};
use std::fmt::Display;

/// Headings.
pub(crate) const HEAD: Style = Style::new().bold();
/// Details.
pub(crate) const DIM: Style = Style::new().dimmed();
/// Names of members and clients, and commands to type.
pub(crate) const NAME: Style = AnsiColor::Cyan.on_default();
/// All is well.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// Someone should look.
pub(crate) const WARN: Style = AnsiColor::Yellow.on_default().bold();
/// Something is wrong.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// Help.
pub(crate) const HINT: Style = AnsiColor::Cyan.on_default().bold();

/// Returns a text in a style; the edge takes the colours out where nobody would see them.
pub(crate) fn paint(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}
