//! Lays out a generated value for people: what fits into a line stands in one, of what does not each
//! element has its own.
//!
//! Values are constructors, calls (of a macro too), lists and literals, and no more; for those it is
//! what rustfmt makes of them, nearly. `syn` and `prettyplease` can do all of Rust and parse it first,
//! with which constants take twice as long.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use std::fmt::Write as _;

/// The longest line, in bytes, but for what cannot be broken.
const WIDTH: usize = 100;

/// Room for what follows a group in its line: `)],`.
const ROOM: usize = 3;

/// Returns the text of a value that stands at the left margin.
pub(crate) fn value(tokens: TokenStream) -> String {
    let mut out = String::new();
    broken(&mut out, tokens, 0);
    out
}

/// Writes tokens; of a group that does not fit into the line, each element on a line of its own.
fn broken(out: &mut String, tokens: impl IntoIterator<Item = TokenTree>, indent: usize) {
    let mut before = Before::Nothing;
    for token in tokens {
        before.space(out, &token);
        let start = out.len();
        match &token {
            TokenTree::Group(group) if !inline_group(out, group) => {
                out.truncate(start);
                broken_group(out, group, indent);
            }
            TokenTree::Group(_) => {}
            token => write!(out, "{token}").expect("text is written into memory"),
        }
        before.step(&token);
    }
}

fn broken_group(out: &mut String, group: &Group, indent: usize) {
    let (open, close) = brackets(group);
    out.push_str(open);
    let elements = elements(group);
    // `Borrowed(&[…])`: both end where the list does.
    let is_group = |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Group(_)));
    if let [only] = elements.as_slice()
        && is_group(only.last())
    {
        broken(out, only.iter().cloned(), indent);
    } else {
        for element in elements {
            line(out, indent + 4);
            broken(out, element, indent + 4);
            out.push(',');
        }
        line(out, indent);
    }
    out.push_str(close);
}

/// Writes a group into the line, unless that becomes too long; then only part of it is there.
fn inline_group(out: &mut String, group: &Group) -> bool {
    let (open, close) = brackets(group);
    let elements = elements(group);
    let space =
        if group.delimiter() == Delimiter::Brace && !elements.is_empty() { " " } else { "" };
    out.push_str(open);
    out.push_str(space);
    for (nth, element) in elements.into_iter().enumerate() {
        if nth > 0 {
            out.push_str(", ");
        }
        if !inline(out, element) {
            return false;
        }
    }
    out.push_str(space);
    out.push_str(close);
    fits(out)
}

fn inline(out: &mut String, tokens: Vec<TokenTree>) -> bool {
    let mut before = Before::Nothing;
    for token in tokens {
        before.space(out, &token);
        let there = match &token {
            TokenTree::Group(group) => inline_group(out, group),
            token => {
                write!(out, "{token}").expect("text is written into memory");
                fits(out)
            }
        };
        if !there {
            return false;
        }
        before.step(&token);
    }
    true
}

fn fits(out: &str) -> bool {
    let line = out.rfind('\n').map_or(0, |end| end + 1);
    out.len() - line + ROOM <= WIDTH
}

fn line(out: &mut String, indent: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', indent));
}

fn brackets(group: &Group) -> (&'static str, &'static str) {
    match group.delimiter() {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}

/// Splits a group at its commas.
fn elements(group: &Group) -> Vec<Vec<TokenTree>> {
    let mut elements = vec![Vec::new()];
    for token in group.stream() {
        match (&token, elements.last_mut()) {
            (TokenTree::Punct(punct), _) if punct.as_char() == ',' => elements.push(Vec::new()),
            (_, Some(last)) => last.push(token),
            (_, None) => {}
        }
    }
    elements.retain(|element| !element.is_empty());
    elements
}

/// The last token, as far as the space behind it goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Word,
    /// Of a path, or an operator before its operand.
    Tight,
    /// The first colon of a path's two.
    HalfPath,
    /// Whatever follows, a space comes first.
    Loose,
}

impl Before {
    fn space(self, out: &mut String, token: &TokenTree) {
        let wants = match (self, token) {
            (Self::Word, TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
            (Self::Word, TokenTree::Punct(punct)) => !matches!(punct.as_char(), ':' | '!'),
            (Self::Word | Self::Loose, _) => true,
            (Self::Nothing | Self::Tight | Self::HalfPath, _) => false,
        };
        if wants {
            out.push(' ');
        }
    }

    fn step(&mut self, token: &TokenTree) {
        *self = match token {
            TokenTree::Punct(punct) if punct.as_char() == ':' => match (*self, punct.spacing()) {
                (Self::HalfPath, _) => Self::Tight,
                (_, proc_macro2::Spacing::Joint) => Self::HalfPath,
                _ => Self::Loose,
            },
            TokenTree::Punct(_) => Self::Tight,
            _ => Self::Word,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    #[test]
    fn what_fits_stands_in_one_line() {
        let tokens =
            quote!(Url { scheme: Scheme::Https, host: Host::Ip(v4(10, 0, 0, 1)), port: 2379 });
        let text = "Url { scheme: Scheme::Https, host: Host::Ip(v4(10, 0, 0, 1)), port: 2379 }";
        assert_eq!(value(tokens), text);
        assert_eq!(value(quote!(Borrowed(&[]))), "Borrowed(&[])");
        assert_eq!(value(quote!(of(option_env!("A")))), "of(option_env!(\"A\"))");
        let tokens = quote!(Certificate { fingerprint: *b"\x00\"", not_before: -1 });
        assert_eq!(value(tokens), r#"Certificate { fingerprint: *b"\x00\"", not_before: -1 }"#);
    }

    #[test]
    fn of_what_does_not_fit_each_element_has_a_line() {
        let long = "a text that is so long that no two of them fit into one and the same line";
        let tokens = quote! {
            Client { name: Borrowed(#long), list: Borrowed(&[Borrowed(#long), Borrowed("b")]), none: None }
        };
        let text = format!(
            r#"Client {{
    name: Borrowed("{long}"),
    list: Borrowed(&[
        Borrowed("{long}"),
        Borrowed("b"),
    ]),
    none: None,
}}"#
        );
        assert_eq!(value(tokens), text);
    }

    #[test]
    fn text_that_cannot_be_broken_may_be_longer_than_a_line() {
        let long = "x".repeat(2 * WIDTH);
        assert_eq!(value(quote!(Some(#long))), format!("Some(\n    \"{long}\",\n)"));
    }
}
