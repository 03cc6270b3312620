//! Lays out a generated value for people: what fits into a line stands in one, of what does not each
//! element has its own.
//!
//! Values are constructors, calls (of a macro too), lists and literals, and no more; for those it is
//! what rustfmt makes of them, nearly. `syn` and `prettyplease` can do all of Rust and parse it first,
//! with which constants take twice as long.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use std::fmt::Write as _;
use std::ops::Range;

/// The longest line, in bytes, but for what cannot be broken.
const WIDTH: usize = 100;

/// Room for what follows a group in its line: `)],`.
const ROOM: usize = 3;

/// Returns the text of a value that stands at the left margin.
pub(crate) fn value(tokens: TokenStream) -> String {
    let mut flat = Flat::default();
    flat.take(tokens);
    let mut out = String::with_capacity(flat.text.len() * 3 / 2);
    flat.broken(&mut out, &Element { text: 0..flat.text.len(), marks: 0..flat.marks.len() }, 0);
    out
}

/// A value in one line, as if there was room: tokens are taken apart once, which costs more than all that is done with
/// the text.
#[derive(Default)]
struct Flat {
    text: String,
    /// Brackets and commas, in order.
    marks: Vec<Mark>,
}

#[derive(Clone, Copy)]
struct Mark {
    at: usize,
    kind: MarkKind,
}

#[derive(Clone, Copy)]
enum MarkKind {
    /// With the place of its end among the marks.
    Open(usize),
    Close,
    Comma,
}

/// A text between two commas: its bytes, and the marks in it.
struct Element {
    text: Range<usize>,
    marks: Range<usize>,
}

impl Flat {
    fn take(&mut self, tokens: TokenStream) {
        let mut before = Before::Nothing;
        for token in tokens {
            before.space(&mut self.text, &token);
            before.step(&token);
            match token {
                TokenTree::Group(group) => self.take_group(&group),
                TokenTree::Punct(punct) if punct.as_char() == ',' => {
                    self.mark(MarkKind::Comma);
                    self.text.push(',');
                }
                token => write!(self.text, "{token}").expect("text is written into memory"),
            }
        }
    }

    fn take_group(&mut self, group: &Group) {
        let (open, close, pad) = match group.delimiter() {
            Delimiter::Parenthesis => ('(', ')', ""),
            Delimiter::Brace => ('{', '}', " "),
            Delimiter::Bracket => ('[', ']', ""),
            Delimiter::None => return self.take(group.stream()),
        };
        let first = self.marks.len();
        self.mark(MarkKind::Open(first));
        self.text.push(open);
        if !group.stream().is_empty() {
            self.text.push_str(pad);
            self.take(group.stream());
            if self.text.ends_with(',') {
                self.text.pop();
                self.marks.pop();
            }
            self.text.push_str(pad);
        }
        self.marks[first].kind = MarkKind::Open(self.marks.len());
        self.mark(MarkKind::Close);
        self.text.push(close);
    }

    fn mark(&mut self, kind: MarkKind) {
        self.marks.push(Mark { at: self.text.len(), kind });
    }

    /// Writes an element; of a group that does not fit into the line, each element on a line of its own.
    fn broken(&self, out: &mut String, element: &Element, indent: usize) {
        let mut at = element.text.start;
        let mut first = element.marks.start;
        while let Some(Mark { at: open, kind: MarkKind::Open(last) }) =
            self.marks[..element.marks.end].get(first)
        {
            out.push_str(&self.text[at..*open]);
            at = self.marks[*last].at + 1;
            if column(out) + (at - open) + ROOM <= WIDTH {
                out.push_str(&self.text[*open..at]);
            } else {
                self.broken_group(out, first..*last, indent);
            }
            first = last + 1;
        }
        out.push_str(&self.text[at..element.text.end]);
    }

    /// Writes the group whose brackets are the first of these marks and the one behind them, broken into lines.
    fn broken_group(&self, out: &mut String, marks: Range<usize>, indent: usize) {
        let [open, close] = [marks.start, marks.end].map(|mark| self.marks[mark].at);
        out.push_str(&self.text[open..=open]);
        let elements = self.elements(marks);
        // `Borrowed(&[…])`: both end where the list does.
        if let [only] = elements.as_slice()
            && self.text[only.text.clone()].ends_with([')', '}', ']'])
        {
            self.broken(out, only, indent);
        } else {
            for element in elements {
                line(out, indent + 4);
                self.broken(out, &element, indent + 4);
                out.push(',');
            }
            line(out, indent);
        }
        out.push_str(&self.text[close..=close]);
    }

    /// Splits a group at its commas.
    fn elements(&self, marks: Range<usize>) -> Vec<Element> {
        let mut elements = Vec::new();
        let (mut start, mut first) = (self.marks[marks.start].at + 1, marks.start + 1);
        let mut next = first;
        while next <= marks.end {
            let Mark { at, kind } = self.marks[next];
            if let MarkKind::Open(last) = kind {
                next = last + 1;
                continue;
            }
            let text = &self.text[start..at];
            let from = at - text.trim_start().len();
            let to = from + text.trim().len();
            if from < to {
                elements.push(Element { text: from..to, marks: first..next });
            }
            (start, first) = (at + 1, next + 1);
            next = first;
        }
        elements
    }
}

/// Returns the number of bytes of the last line.
fn column(out: &str) -> usize {
    out.len() - out.rfind('\n').map_or(0, |end| end + 1)
}

fn line(out: &mut String, indent: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', indent));
}

/// The last token, as far as the space behind it goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Word,
    /// The end of a path's colons, or an operator before its operand: no space follows.
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
            (Self::Word, TokenTree::Punct(punct)) => !matches!(punct.as_char(), ':' | '!' | ','),
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
            TokenTree::Punct(punct) if punct.as_char() == ',' => Self::Loose,
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
    fn brackets_and_commas_in_text_break_nothing() {
        let text = format!("{}, \"( {}\\", "x".repeat(60), "y".repeat(30));
        let tokens = quote!(Two { one: #text, two: [#text, b"\\\"],"] });
        let shown = proc_macro2::Literal::string(&text);
        let wanted = [
            "Two {",
            &format!("    one: {shown},"),
            "    two: [",
            &format!("        {shown},"),
            r#"        b"\\\"],","#,
            "    ],",
            "}",
        ];
        assert_eq!(value(tokens), wanted.join("\n"));
    }

    #[test]
    fn text_that_cannot_be_broken_may_be_longer_than_a_line() {
        let long = "x".repeat(2 * WIDTH);
        assert_eq!(value(quote!(Some(#long))), format!("Some(\n    \"{long}\",\n)"));
    }
}
